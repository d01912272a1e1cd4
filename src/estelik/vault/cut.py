"""Cutting: what was entered since the last time becomes segments, with pages and tables for their keys.

Everything is written to the shelf (a carrier within the casebook's folder)
before the ledger names it: what an interruption leaves behind is named by
nobody, and cut anew.
"""

from __future__ import annotations

import hashlib
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from estelik.ids import new_id
from estelik.vault import entry, page, segment, table
from estelik.vault.keeping import present
from estelik.vault.ledger import Ledger, Line
from estelik.vault.sealer import Columns, Sealer
from estelik.vault.standing import vouching

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.connection import Connection
    from estelik.vault.device import Signer
    from estelik.vault.sealer import Sealed
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store

#: How many records a segment holds at most, and how many bytes before they are sealed.
RECORDS: Final = 1000
BYTES: Final = 8 * 1024 * 1024
#: How many segments are made in one transaction at most.
SEGMENTS: Final = 16
#: How many of them may wait for the disk.
_WAITING: Final = 2


def cut(
    store: Store,
    shelf: Carrier,
    signer: Signer,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Puts all records that are in no segment yet into segments; how many they were.

    ``progress`` is told how many records are done. No table hands their page
    keys on yet (``hand_on``).
    """
    count = 0
    with store.read() as connection:
        waiting = {name: Ledger(connection, schema).waiting() for name, schema in store.schemas.items()}
    with Sealer(sum(waiting.values())) as sealer:
        for compartment in (name for name, uncut in waiting.items() if uncut):
            schema = store.schemas[compartment]
            while True:
                # Some segments a transaction: an import of a million records need not be cut in one go.
                with store.write() as connection:
                    done = segments_of(connection, schema, compartment, shelf, signer, sealer)
                count += done
                progress(count)
                if not done:
                    break
    return count


def hand_on(store: Store, shelf: Carrier, signer: Signer, standing: Standing) -> None:
    """Hands on, under the present epoch of each compartment, the page keys of all segments that no table
    hands on under it: of new ones, and of all others when an epoch has begun."""
    with store.read() as connection:
        wanting = []
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            period = present(ledger.epochs(), compartment, standing)
            holds = signer.device.id in {one.id for one in standing.holders(compartment)}
            if period is None:
                continue
            # Who has lost a compartment still hands on what she entered before she knew.
            since = period.number if holds else 1
            if ledger.any_before(since):
                wanting.append((compartment, since))
    if wanting:
        with store.write() as connection:
            for compartment, since in wanting:
                _table(connection, store.schemas[compartment], compartment, shelf, signer, standing, since)


def segments_of(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    signer: Signer,
    sealer: Sealer | None = None,
) -> int:
    """Cuts the next segments of one compartment; how many records they hold."""
    sealer = sealer or Sealer(0)
    ledger, device = Ledger(connection, schema), signer.device
    heads = ledger.heads()
    seen = tuple(head for head in heads if head.device != device.id)
    start = segment.Head(device.id, 0, entry.Chain(device.office, device.id, compartment).start())
    last = next((head for head in heads if head.device == device.id), start)
    lines: list[Line] = []
    # While one segment is sealed, the next is read, and those before are on their way to the disk.
    with ThreadPoolExecutor(1, "rows") as reader, ThreadPoolExecutor(1, "shelf") as disk:

        def feed(after: int) -> int | None:
            columns = _uncut(connection, schema, after)
            if columns is None:
                return None
            sealer.put(compartment, columns)
            return columns.last

        reading = reader.submit(feed, ledger.sealed())
        writing: deque[Future[None]] = deque()
        while len(lines) < SEGMENTS and (fed := reading.result()) is not None:
            sealed = fed
            if len(lines) + 1 < SEGMENTS:
                reading = reader.submit(feed, sealed)
            line, files = _packed(sealer.get(), compartment, last, seen, signer)
            while len(writing) > _WAITING:
                writing.popleft().result()
            writing.append(disk.submit(_write, shelf, files))
            lines.append(line)
            last = segment.Head(device.id, line.last, line.head)
        for one in writing:
            one.result()
    if lines:
        ledger.add(lines)
        ledger.seal(sealed)
    return sum(line.last - line.first + 1 for line in lines)


def _packed(
    records: Sealed,
    compartment: str,
    last: segment.Head,
    seen: tuple[segment.Head, ...],
    signer: Signer,
) -> tuple[Line, list[tuple[str, str, bytes]]]:
    """One segment of these records after the entry ``last``: its line; its files: kind, name, content."""
    from pyrage.x25519 import Identity

    device = signer.device
    chain = entry.Chain(device.office, device.id, compartment)
    keys, sealed = records
    heads = chain.heads(last.entry, last.number + 1, [(record, digest) for record, digest, _ in sealed])
    made = segment.Segment(
        device,
        compartment,
        last.number + 1,
        last.entry,
        seen,
        int(time.time()),
        tuple([(record, text, None) for record, _, text in sealed]),
    )
    identity = Identity.generate()
    data = segment.packed(made, signer.key, identity.to_public())
    name, page_name, key = new_id(), new_id(), page.new_key()
    keys_of = page.Page(page.FORMAT, name, hashlib.sha256(data).digest(), 1, str(identity), keys)
    line = Line(name, device.id, made.first, made.last, made.previous, heads[-1], page_name, 1, key)
    return line, [("segment", name, data), ("page", page_name, page.sealed(keys_of, key, page_name))]


def _write(shelf: Carrier, files: list[tuple[str, str, bytes]]) -> None:
    for kind, name, data in files:
        shelf.write(kind, name, data)


def _uncut(connection: Connection, schema: str, after: int) -> Columns | None:
    """The records of the next segment, those after number ``after``; None where there are none.

    All in one row: from row to row SQLite would wait for its turn, behind
    whatever else is at work in Python.
    """
    rows = f"(SELECT * FROM {schema}.record WHERE seq > ? ORDER BY seq LIMIT ?)"
    count, size = RECORDS, BYTES + 1
    while size > BYTES and count > 1:
        size = connection.execute(
            f"SELECT coalesce(sum(octet_length(body)), 0) FROM {rows}", (after, count)
        ).scalar_one()
        count = count if size <= BYTES else max(1, count * BYTES // size)
    columns = ", ".join(f"json_group_array({name})" for name in ("id", "kind", "batch", "place", "body"))
    found = connection.execute(f"SELECT max(seq), {columns} FROM {rows}", (after, count)).one()
    return None if found[0] is None else Columns(*found)


def _table(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    signer: Signer,
    standing: Standing,
    since: int,
) -> None:
    from pyrage.x25519 import Identity, Recipient

    ledger = Ledger(connection, schema)
    period = present(ledger.epochs(), compartment, standing)
    if period is None:
        return
    lines = ledger.lines("epoch < ?", (since,))
    if not lines:
        return
    device = signer.device
    number, name = ledger.next_table(device.id, period.number), new_id()
    made = table.Table(
        table.FORMAT,
        device,
        compartment,
        period.number,
        number,
        number == 1,
        int(time.time()),
        tuple(table.Leaf(line.name, line.version, line.page, line.key) for line in lines),
        tuple(vouching(standing, device.id)),
    )
    recipients = [Identity.from_str(period.identity).to_public(), Recipient.from_str(standing.recovery)]
    data = table.packed(made, signer.key, recipients)
    shelf.write("table", name, data)
    ledger.add_table(name, device.id, number, period.number, hashlib.sha256(data).digest())
    ledger.hand_on((line.name for line in lines), period.number)
