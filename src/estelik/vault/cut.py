"""Cutting: what was entered since the last time becomes segments, with pages and tables for their keys.

Everything is written to the shelf (a carrier within the casebook's folder)
before the ledger names it: what an interruption leaves behind is named by
nobody, and cut anew.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.ids import new_id
from estelik.vault import entry, page, segment, table
from estelik.vault.ledger import Ledger, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyrage.x25519 import Recipient
    from sqlalchemy.engine import Connection

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.device import Signer
    from estelik.vault.store import Store

#: How many records a segment holds at most, and how many bytes before they are sealed.
RECORDS: Final = 1000
BYTES: Final = 8 * 1024 * 1024


class Text(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed of a record: all that its row in the store has beside its number and its id."""

    kind: str
    batch: str
    place: int
    body: str


encode_text = msgspec.msgpack.Encoder().encode
decode_text = msgspec.msgpack.Decoder(Text).decode


def cut(
    store: Store,
    shelf: Carrier,
    signer: Signer,
    recovery: Recipient,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Puts all records that are in no segment yet into segments; how many they were.

    ``recovery``: the office's recovery key, which opens every table beside its
    epoch. ``progress`` is told how many records are done.
    """
    count = 0
    for compartment, schema in store.schemas.items():
        while True:
            # One segment a transaction: an import of a million records need not be cut in one go.
            with store.write() as connection:
                done = _segment(connection, schema, compartment, shelf, signer)
            count += done
            progress(count)
            if not done:
                break
        with store.write() as connection:
            _table(connection, schema, compartment, shelf, signer, recovery)
    return count


def _segment(connection: Connection, schema: str, compartment: str, shelf: Carrier, signer: Signer) -> int:
    """Cuts one segment; how many records it holds."""
    from pyrage.x25519 import Identity

    ledger = Ledger(connection, schema)
    rows = list(_uncut(connection, schema, ledger.sealed()))
    if not rows:
        return 0
    device = signer.device
    chain = entry.Chain(device.office, device.id, compartment)
    last = ledger.head(device.id)
    first, previous = (1, chain.start()) if last is None else (last.number + 1, last.entry)
    ids = [id_ for _, id_, _ in rows]
    keys = entry.new_keys(len(rows))
    sealed = entry.seal(compartment, ids, keys, [text for _, _, text in rows])
    heads = chain.heads(previous, first, [(one.record, one.digest) for one in sealed])
    made = segment.Segment(
        device,
        compartment,
        first,
        previous,
        tuple(head for head in ledger.heads() if head.device != device.id),
        int(time.time()),
        tuple((one.record, one.text, None) for one in sealed),
    )
    identity = Identity.generate()
    data = segment.packed(made, signer.key, identity.to_public())
    name, page_name, key = new_id(), new_id(), page.new_key()
    keys_of = page.Page(page.FORMAT, name, hashlib.sha256(data).digest(), 1, str(identity), tuple(keys))
    shelf.write("segment", name, data)
    shelf.write("page", page_name, page.sealed(keys_of, key, page_name))
    ledger.add([Line(name, device.id, first, first + len(rows) - 1, heads[-1], page_name, 1, key)])
    ledger.seal(rows[-1][0])
    return len(rows)


def _uncut(connection: Connection, schema: str, after: int) -> Iterator[tuple[int, str, bytes]]:
    size = 0
    found = connection.exec_driver_sql(
        f"SELECT seq, id, kind, batch, place, body FROM {schema}.record WHERE seq > ? ORDER BY seq LIMIT ?",
        (after, RECORDS),
    )
    for seq, id_, kind, batch, place, body in found:
        text = encode_text(Text(kind, batch, place, body))
        size += len(text)
        if size > BYTES and size > len(text):
            return
        yield seq, id_, text


def _table(
    connection: Connection,
    schema: str,
    compartment: str,
    shelf: Carrier,
    signer: Signer,
    recovery: Recipient,
) -> None:
    """Hands on the page keys of the segments that no table has."""
    from pyrage.x25519 import Identity

    ledger = Ledger(connection, schema)
    lines = ledger.lines(listed=False)
    if not lines:
        return
    device, (epoch, identity) = signer.device, ledger.epoch()
    number, name = ledger.next_table(device.id), new_id()
    made = table.Table(
        table.FORMAT,
        device,
        compartment,
        epoch,
        number,
        False,  # noqa: FBT003 (by place, as it is written)
        int(time.time()),
        tuple(table.Leaf(line.name, line.version, line.page, line.key) for line in lines),
    )
    recipients = [Identity.from_str(identity).to_public(), recovery]
    data = table.packed(made, signer.key, recipients)
    shelf.write("table", name, data)
    ledger.add_table(name, device.id, number, epoch, hashlib.sha256(data).digest())
    ledger.list_all(number)
