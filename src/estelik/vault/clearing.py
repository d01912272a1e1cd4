"""Clearing: files that later ones stand for are taken away, and those that led to something erased."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from estelik.vault.blob import KIND as BLOB
from estelik.vault.carriers.failures import CarrierError
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.stock import Piece
    from estelik.vault.store import Store


def superseded(store: Store, name: str, carrier: Carrier, pieces: list[Piece]) -> None:
    """Takes tables, epochs and pages off the carrier of that name that others stand for now."""
    current = {one.name for one in pieces}
    over: dict[str, set[str]] = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            over[compartment] = Ledger(connection, schema).carried(name) - current
    if not any(over.values()):
        return
    for kind in ("table", "epoch", "page"):
        for file in set().union(*over.values()) & carrier.names(kind).keys():
            carrier.remove(kind, file)
    with store.write() as connection:
        for compartment, names in over.items():
            Ledger(connection, store.schemas[compartment]).uncarry(name, names)


def shed(store: Store, carrier: Carrier) -> int:
    """Takes away what led to something erased, and erased blobs, also where an older state of a carrier was
    put back; how many files."""
    with store.read() as connection:
        wanted = {one for schema in store.schemas.values() for one in Tombstones(connection, schema).to_go()}
    count = 0
    for kind in sorted({kind for kind, _ in wanted}):
        for file in sorted(carrier.names(kind).keys() & {name for of, name in wanted if of == kind}):
            # A file of evidence stays on every carrier, but for this.
            carrier.remove(kind, file, damaged=kind == BLOB)
            count += 1
    return count


def shed_here(store: Store, shelf: Carrier) -> None:
    """``shed`` on this computer, where a file that cannot be taken away now is tried again the next time."""
    with suppress(CarrierError):
        shed(store, shelf)
