"""Clearing: files that later ones stand for are taken away, and those that led to something erased."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from estelik.vault.blob import KIND as BLOB
from estelik.vault.carriers.failures import CarrierError
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.links import Trouble
    from estelik.vault.stock import Piece
    from estelik.vault.store import Store

#: The kinds of file that later ones stand for.
_REPLACED: Final = ("table", "epoch", "page")


def superseded(store: Store, name: str, carrier: Carrier, pieces: list[Piece]) -> None:
    """Takes tables, epochs and pages off the carrier of that name that others stand for now."""
    current = {one.name for one in pieces}
    over: dict[str, set[str]] = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            over[compartment] = Ledger(connection, schema).carried(name) - current
    if not any(over.values()):
        return
    for kind in _REPLACED:
        for file in set().union(*over.values()) & carrier.names(kind).keys():
            carrier.remove(kind, file)
    with store.write() as connection:
        for compartment, names in over.items():
            Ledger(connection, store.schemas[compartment]).uncarry(name, names)


def replaced(store: Store, carrier: Carrier, troubles: tuple[Trouble, ...]) -> tuple[Trouble, ...]:
    """``troubles`` where what is "lost" may have been taken away for a good reason: there are files of epochs
    that are not known here, and whoever begins new keys takes what these stand for off the carrier. Nobody
    takes a segment away: where one is gone, the carrier has lost it, and the rest with it."""
    kinds = {one.kind for one in troubles if one.what == "lost"}
    if not kinds or not kinds <= set(_REPLACED):
        return troubles
    known = set()
    with store.read() as connection:
        for schema in store.schemas.values():
            known |= {name for name, *_ in Ledger(connection, schema).epoch_files()}
    if not carrier.names("epoch").keys() - known:
        return troubles
    return tuple(
        one._replace(what="taken") if one.what == "lost" and one.kind in _REPLACED else one
        for one in troubles
    )


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
