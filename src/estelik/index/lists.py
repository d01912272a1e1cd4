"""Lists in the store: entered in the compartment in which all that they name is known, and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.ids import new_ids
from estelik.records import saved_list as records
from estelik.records.saved_list import LIST, SavedList
from estelik.vault import authorship
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from estelik.index.kept import Kept
    from estelik.records.saved_list import Record
    from estelik.vault.registrar import Registrar
    from estelik.vault.store import Store


class Saved(msgspec.Struct, frozen=True):
    """A list that holds, the compartment in which it lies, and the name of the member who saved it ("": not
    known)."""

    list: SavedList
    compartment: str
    member: str = ""


def every(store: Store, registrar: Registrar, kept: Kept) -> list[Saved]:
    """The lists that nobody took back, in order of entry; ``kept``: what was read of them before."""
    found: dict[str, Saved] = {}
    gone: set[tuple[str, str]] = set()
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            for row in kept.rows(connection, {compartment: schema}):
                try:
                    one = records.decode(row.body)
                except msgspec.DecodeError:
                    # Of a version of Estelik that is newer: it is kept.
                    continue
                if isinstance(one, SavedList):
                    member = _member(registrar, compartment, row.id, row.body.decode(), one)
                    found.setdefault(one.id, Saved(one, compartment, member))
                else:
                    gone.add((compartment, one.list))
    return [one for one in found.values() if (one.compartment, one.list.id) not in gone]


def _member(registrar: Registrar, compartment: str, id_: str, body: str, one: SavedList) -> str:
    standing, office = registrar.standing, registrar.signer.device.office
    device = standing.devices.get(one.device)
    if authorship.claimed(body) or (device is not None and device.seat):
        signed = authorship.author(compartment, LIST, id_, body, standing, office)
        device = standing.devices.get(signed)
    return standing.members[device.member].name if device is not None else ""


def enter(store: Store, compartment: str, record: Record) -> None:
    """Enters one in a compartment that this member holds."""
    with store.write() as connection, Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        batch.append(compartment, LIST, new_ids(1), [0], [records.encode(record).decode()])
