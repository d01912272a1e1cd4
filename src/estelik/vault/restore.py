"""Restoring: the records of an office again, out of what a carrier holds."""

from __future__ import annotations

from contextlib import suppress
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from estelik.vault import custody, mark
from estelik.vault.carriers.failures import ThereAlreadyError
from estelik.vault.collect import Collection, Trouble
from estelik.vault.inserts import Inserts
from estelik.vault.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Found
    from estelik.vault.store import Store


class Restored(NamedTuple):
    """What came back: how many records, how many others only as erased, and what is not as it should be.

    ``others``: how many files could not be read where another office uses the
    same carrier: its files, or damaged ones of this office. ``blobs``: how many
    of them came back.
    """

    records: int
    erased: int
    troubles: tuple[Trouble, ...]
    others: int = 0
    blobs: int = 0


def restore(
    store: Store,
    shelf: Carrier,
    carrier: Carrier,
    secret: bytes,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Restored:
    """Fills an empty store from a carrier, and its shelf with the sealed files that were read.

    What is missing or damaged is named, and the rest is restored.
    """
    office = custody.root(secret).public_key().public_bytes_raw()
    held = Collection(carrier, [custody.recovery(secret)], office)
    held.read_tables()
    # The recovery key opens every table of the office; what it does not open is damaged, or another office's.
    unread = [Trouble("closed", "table", name) for name in held.closed]
    unread += [Trouble("unnamed", "segment", name) for name in held.unnamed()]
    strangers = mark.others(carrier, [custody.recovery(secret)], office) > 0
    if not strangers:
        held.troubles += unread
    found: dict[str, list[Found]] = {name: [] for name in store.held}
    for one in held.segments(progress):
        if one.compartment in found:
            # What was checked is what is kept: a carrier may give other bytes the next time.
            _kept(shelf, "segment", one.line.name, one.data)
            _kept(shelf, "page", one.line.page, one.page)
            found[one.compartment].append(one._replace(data=b"", page=b""))
    for name, data, _, _ in held.tables:
        _kept(shelf, "table", name, data)
    count = erased = 0
    with store.write() as connection, Inserts(connection) as inserts:
        for compartment, segments in found.items():
            rows, gone = _rows(segments)
            schema = store.schemas[compartment]
            # The same record twice: a copied device has sealed it in both places.
            into = f"INSERT OR IGNORE INTO {schema}.record (id, kind, batch, place, body)"
            inserts.put(into, 5, rows)
            inserts.wait()
            count += len(rows)
            erased += gone
            ledger = Ledger(connection, schema)
            ledger.add((one.line for one in segments), listed=-1)
            for name, _, digest, says in held.tables:
                if says.compartment == compartment:
                    ledger.add_table(name, says.by.id, says.number, says.epoch, digest)
            ledger.seal_all()
    return Restored(count, erased, tuple(held.troubles), len(unread) if strangers else 0)


def _rows(segments: list[Found]) -> tuple[list[tuple[str, str, str, int, str]], int]:
    """The rows of the record table in order of entry, each once, and how many were erased."""
    rows: dict[str, tuple[str, str, str, int, str]] = {}
    erased: set[str] = set()
    for one in segments:
        for record, text in one.records:
            if text is None:
                erased.add(record)
            else:
                rows.setdefault(record, (record, text.kind, text.batch, text.place, text.body))
    # Chains of several devices: the batch that was entered first comes first, in the order of its device.
    return sorted(rows.values(), key=itemgetter(2)), len(erased - rows.keys())


def _kept(shelf: Carrier, kind: str, name: str, data: bytes) -> None:
    with suppress(ThereAlreadyError):
        shelf.write(kind, name, data)
