"""The condition of a casebook: how many copies there are and where, and who holds what."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.vault import blobs
from estelik.vault.keeping import present
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.vault.office import Custody, Office, Place
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store


class Copies(NamedTuple):
    """How many files of evidence there are, how many of them each carrier had at its last sync, how many none
    has; a file that was added twice is one."""

    here: int
    places: tuple[int, ...]
    nowhere: int


class Health(NamedTuple):
    """How well the records are kept. ``places``: each carrier, and how many records of this computer it had
    at its last sync; ``records``: how many there are; ``nowhere``: how many no carrier has; ``secret``:
    whether the office's secret still lies on this computer; ``blobs``: how many files of evidence there are,
    on each place, and on no carrier."""

    places: tuple[tuple[Place, int], ...]
    records: int
    nowhere: int
    custody: Custody | None
    secret: bool
    blobs: Copies = Copies(0, (), 0)


class Keeping(NamedTuple):
    """A compartment that this member holds: the names of all who do, since when its present epoch is in use
    (seconds since 1970; 0: it was not handed on yet), and the number of that epoch."""

    name: str
    members: tuple[str, ...]
    since: int
    epoch: int


def keepings(store: Store, held: Collection[str], said: Standing) -> list[Keeping]:
    """The compartments that a member holds."""
    out = []
    with store.read() as connection:
        for compartment in store.compartments:
            if compartment not in held:
                continue
            period = None
            if compartment in store.schemas:
                ledger = Ledger(connection, store.schemas[compartment])
                period = present(ledger.epochs(), compartment, said)
            names = sorted(
                one.name or one.id
                for one in said.members.values()
                if one.present and compartment in one.compartments
            )
            began = (0, 0) if period is None else (period.began, period.number)
            out.append(Keeping(compartment, tuple(names), *began))
    return out


def health(store: Store, now: Office) -> Health:
    """How many copies of the records there are, and where."""
    records = nowhere = 0
    counts = [0] * len(now.carriers)
    with store.read() as connection:
        for schema in store.schemas.values():
            ledger = Ledger(connection, schema)
            here = ledger.records()
            records += here
            nowhere += ledger.unsealed() if ledger.sealed() else here
            there = [ledger.carried(place.name) for place in now.carriers]
            erased = Tombstones(connection, schema).counts()
            for line in ledger.lines("held = 0"):
                size = line.last - line.first + 1 - erased.get(line.name, 0)
                had = [{line.name, line.page} <= names for names in there]
                counts = [count + size * had_it for count, had_it in zip(counts, had, strict=True)]
                nowhere += 0 if any(had) else size
    return Health(
        tuple(zip(now.carriers, counts, strict=True)),
        records,
        nowhere,
        now.custody,
        bool(now.secret),
        _copies(store, now),
    )


def _copies(store: Store, now: Office) -> Copies:
    # Two who added the same file at once have made two blobs of it.
    kept = blobs.every(store)
    there = [
        {one.sha256 for one in kept if one.seq <= place.blobs.get(one.compartment, 0)}
        for place in now.carriers
    ]
    files = {one.sha256 for one in kept}
    return Copies(len(files), tuple(map(len, there)), len(files.difference(*there)))
