"""Dispositions as the vault keeps them: entered with a signature, and read back where they count."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

import msgspec

from estelik.ids import new_ids, new_places
from estelik.records import disposition
from estelik.records.disposition import DISPOSITION, Acknowledgement, Erasure, Hold, Lift, Restriction, Signed
from estelik.vault import tables
from estelik.vault.inserts import Inserts
from estelik.vault.signed import sign, verified
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from estelik.records.disposition import Disposition
    from estelik.vault.connection import Connection
    from estelik.vault.device import Signer
    from estelik.vault.standing import Member, Standing
    from estelik.vault.store import Store

_D = TypeVar("_D", Restriction, Hold)
#: The number of an epoch that no office comes to.
_HIGHEST: Final = 1 << 40
#: What a signature under a disposition is for.
_DOMAIN: Final = b"estelik disposition 1"


class Decided(NamedTuple):
    """A disposition that was read: the id of its record, its compartment, what it says, and who signed it."""

    record: str
    compartment: str
    says: Disposition
    member: Member


def now() -> str:
    """The time in ISO, UTC."""
    return at(time.time())


def at(seconds: float) -> str:
    """A time, in seconds since 1970, in ISO, UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def enter(
    store: Store, connection: Connection, signer: Signer, said: Mapping[str, Collection[Disposition]]
) -> None:
    """Enters dispositions into these compartments, signed by this device."""
    with Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        for compartment, ones in said.items():
            bodies = [_body(one, compartment, signer) for one in ones]
            batch.append(compartment, DISPOSITION, new_ids(len(bodies)), new_places(len(bodies)), bodies)


def _body(one: Disposition, compartment: str, signer: Signer) -> str:
    said = disposition.encode(one).decode()
    return disposition.encode(Signed(said, sign(_DOMAIN, said, compartment, signer))).decode()


def read(
    connection: Connection, schema: str, compartment: str, standing: Standing, office: bytes
) -> list[Decided]:
    """The dispositions of a compartment that count, in order of entry: those that are signed by a device
    which the roll names, and of erasures those of a coordinator."""
    rows = connection.execute(
        f"SELECT id, CAST(body AS BLOB) FROM {schema}.record WHERE {tables.DISPOSITION} ORDER BY batch, place"
    )
    out = []
    for record, body in rows:
        try:
            signed = disposition.decode_signed(body)
            says = disposition.decode(signed.said)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # Of a version of Estelik that is newer: it is kept.
            continue
        device = standing.devices.get(says.device)
        if device is None or not verified(
            _DOMAIN, signed.said, signed.signature, device.key, office, compartment
        ):
            continue
        member = standing.members[device.member]
        if not isinstance(says, Erasure) or (member.coordinator and 0 <= says.epoch <= _HIGHEST):
            out.append(Decided(record, compartment, says, member))
    return out


def erased(
    connection: Connection, schema: str, compartment: str, standing: Standing, office: bytes
) -> tuple[set[str], int]:
    """The records of a compartment that were erased, and the last epoch that may lead to one of them. No
    disposition can be erased."""
    decided = read(connection, schema, compartment, standing, office)
    erasures = [one.says for one in decided if isinstance(one.says, Erasure)]
    found = {record for one in erasures for record in one.records}
    if found:
        rows = connection.execute(f"SELECT id FROM {schema}.record WHERE {tables.DISPOSITION}")
        found -= set(rows.scalars())
    return found, max((one.epoch for one in erasures), default=0)


def in_force(decided: Iterable[Decided], kind: type[_D]) -> list[tuple[Decided, _D]]:
    """The restrictions, or holds, that nobody has lifted, whatever came first."""
    ones = list(decided)
    lifted = {(one.compartment, one.says.lifts) for one in ones if isinstance(one.says, Lift)}
    return [
        (one, one.says)
        for one in ones
        if isinstance(one.says, kind) and (one.compartment, one.says.decision) not in lifted
    ]


def acknowledged(decided: Iterable[Decided]) -> dict[str, dict[str, int]]:
    """Of each erasure (its decision) the devices that are done, and up to which epoch."""
    out: dict[str, dict[str, int]] = {}
    for one in decided:
        if isinstance(one.says, Acknowledgement):
            for decision in one.says.erasures:
                devices = out.setdefault(decision, {})
                devices[one.says.device] = max(one.says.epoch, devices.get(one.says.device, 0))
    return out
