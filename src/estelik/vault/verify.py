"""Verifying: whether a carrier, or the shelf of this computer, holds all that the ledger knows, unchanged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from estelik.vault.carriers.failures import MissingError, TooLargeError
from estelik.vault.collect import Collection, Trouble
from estelik.vault.cut import Text
from estelik.vault.envelope import LARGEST
from estelik.vault.ledger import Ledger
from estelik.vault.stock import stock
from estelik.vault.sync import KINDS
from estelik.vault.table import Leaf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pyrage.x25519 import Identity

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Found
    from estelik.vault.device import Device
    from estelik.vault.stock import Keys
    from estelik.vault.store import Store


class Verified(NamedTuple):
    """How many records were read and are as they are here; what is not as it should be; how many files are
    there that this device knows nothing of (another compartment's, another device's, or junk); how many
    records were not handed on to this carrier yet; how many blobs are there as they were made, and how many
    were not handed on yet."""

    records: int
    troubles: tuple[Trouble, ...]
    unknown: int
    behind: int = 0
    blobs: int = 0
    blobs_behind: int = 0


def verify(
    store: Store,
    carrier: Carrier,
    device: Device,
    there: Mapping[str, Mapping[str, int]] | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Verified:
    """Reads everything that should be on ``carrier``: every hash, signature, key, chain and record.

    ``there``: how far each chain was on the carrier at its last sync; what
    came after may be missing. Without it, all must be there.
    """
    held = Collection(carrier, [], device.office)
    names = {kind: carrier.names(kind).keys() for kind in KINDS}
    known: dict[str, set[str]] = {kind: set() for kind in KINDS}
    runs, tables, _ = stock(store, there or {})
    count = behind = 0
    for compartment, line, had in runs:
        known["segment"].add(line.name)
        known["page"].add(line.page)
        if there is None or had or (line.name in names["segment"] and line.page in names["page"]):
            leaf = Leaf(line.name, line.version, line.page, line.key)
            held.leaves[compartment, line.name] = leaf
        else:
            behind += line.last - line.first + 1
    for keys in tables:
        known["table"].add(keys.name)
        if there is None or keys.had or keys.name in names["table"]:
            held.troubles += _table(carrier, keys)
    for found in held.segments(progress):
        differ = _compared(store, found)
        count += len(found.records) - len(differ)
        held.troubles += [
            Trouble("differs", "record", record, found.compartment, found.line.device) for record in differ
        ]
    others = Collection(carrier, _identities(store), device.office)
    # What an interrupted sealing leaves here has never gone anywhere.
    others.read_tables(() if there is None else names["table"] - known["table"])
    digests = {keys.digest for keys in tables}
    held.troubles += [
        # Of this very device, and not known to it: a copy of this casebook is in use elsewhere.
        Trouble("fork", "table", one.name, one.says.compartment, device.id, one.says.number)
        for one in others.tables
        if one.says.by == device and one.digest not in digests
    ]
    unknown = sum(len(names[kind] - there_is) for kind, there_is in known.items())
    return Verified(count, tuple(held.troubles), unknown, behind)


def _table(carrier: Carrier, keys: Keys) -> list[Trouble]:
    try:
        data = carrier.read("table", keys.name, LARGEST)
    except MissingError:
        return [Trouble("missing", "table", keys.name, keys.compartment)]
    except TooLargeError:
        data = b""
    if hashlib.sha256(data).digest() != keys.digest:
        return [Trouble("damaged", "table", keys.name, keys.compartment)]
    return []


def _identities(store: Store) -> list[Identity]:
    from pyrage.x25519 import Identity

    with store.read() as connection:
        return [
            Identity.from_str(one)
            for schema in store.schemas.values()
            for one in Ledger(connection, schema).identities()
        ]


def _compared(store: Store, found: Found) -> list[str]:
    """The records of a segment that are not here, or not the same here."""
    ids = [record for record, _ in found.records]
    here: dict[str, Text] = {}
    # For each segment anew: while a carrier is slow, others can write.
    with store.read() as connection:
        for start in range(0, len(ids), 500):
            chunk = tuple(ids[start : start + 500])
            rows = connection.exec_driver_sql(
                f"SELECT id, kind, batch, place, body FROM {store.schemas[found.compartment]}.record "
                f"WHERE id IN ({', '.join('?' * len(chunk))})",
                chunk,
            )
            here.update((id_, Text(kind, batch, place, body)) for id_, kind, batch, place, body in rows)
    return [record for record, text in found.records if here.get(record) != text]
