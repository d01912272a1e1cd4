"""Releases in the store: entered with a signature, read back where it is that of a device of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import ReleaseError
from estelik.ids import new_ids, new_places
from estelik.records import release as records
from estelik.records.disposition import Signed, decode_signed
from estelik.records.release import RELEASE
from estelik.vault.inserts import Inserts
from estelik.vault.signed import sign, verified
from estelik.vault.store import Batch
from estelik.vault.tables import FEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.records.release import Record
    from estelik.vault.registrar import Registrar
    from estelik.vault.store import Store

#: Where all of them lie.
COMPARTMENT: Final = "source"
_DOMAIN: Final = b"estelik release 1"


class Said(NamedTuple):
    """What was signed, and the id of the member whose device signed it."""

    record: Record
    member: str


def every(store: Store, registrar: Registrar) -> list[Said]:
    """All that count, in order of entry; nothing where the sources are not open to this member."""
    if COMPARTMENT not in store.schemas:
        return []
    standing, office = registrar.standing, registrar.signer.device.office
    with store.read() as connection:
        rows = connection.execute(
            f"SELECT CAST(body AS BLOB) FROM {store.schemas[COMPARTMENT]}.record "
            f"WHERE {FEW} AND kind = ? ORDER BY batch, place",
            (RELEASE,),
        )
        bodies = [body for (body,) in rows]
    out = []
    for body in bodies:
        try:
            signed = decode_signed(body)
            record = records.decode(signed.said)
        except (msgspec.DecodeError, UnicodeDecodeError):
            # Of a version of Estelik that is newer: it is kept.
            continue
        device = standing.devices.get(record.device)
        if device is not None and verified(
            _DOMAIN, signed.said, signed.signature, device.key, office, COMPARTMENT
        ):
            out.append(Said(record, device.member))
    return out


def enter(store: Store, registrar: Registrar, found: Sequence[Record]) -> None:
    """Enters these, signed by this device, all or none. Raises ``ReleaseError`` where the sources are not
    open to this member."""
    check(store)
    signer = registrar.signer
    bodies = []
    for one in found:
        said = records.encode(one).decode()
        bodies.append(records.encode(Signed(said, sign(_DOMAIN, said, COMPARTMENT, signer))).decode())
    with store.write() as connection, Inserts(connection) as inserts:
        Batch(store, connection, inserts).append(
            COMPARTMENT, RELEASE, new_ids(len(bodies)), new_places(len(bodies)), bodies
        )


def check(store: Store) -> None:
    """Raises ``ReleaseError`` where the sources are not open to this member."""
    if COMPARTMENT not in store.schemas:
        raise ReleaseError(
            "Who releases something has to see who would be given away, and the names of sources are not "
            "open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
