"""Verifying: whether a carrier, or the shelf of this computer, holds all that the ledger knows, unchanged."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from estelik.vault.arrival import examined
from estelik.vault.carriers.failures import MissingError, TooLargeError
from estelik.vault.collect import Collection
from estelik.vault.envelope import LARGEST
from estelik.vault.ledger import Ledger, Line
from estelik.vault.links import Trouble
from estelik.vault.stock import KINDS, stock
from estelik.vault.text import Text
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyrage.x25519 import Identity

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Found
    from estelik.vault.device import Device
    from estelik.vault.standing import Standing
    from estelik.vault.stock import Piece
    from estelik.vault.store import Store


class Verified(NamedTuple):
    """How many records were read and are as they are here; what is not as it should be; how many files are
    there that this device knows nothing of (another device's, or junk); how many records were not handed on
    to this carrier yet (on this computer: are in no sealed file yet); how many blobs are there as they were
    made, and how many were not handed on yet.

    ``unknown`` is None where this member does not hold every compartment: what
    is unknown to her may be what others hold.
    """

    records: int
    troubles: tuple[Trouble, ...]
    unknown: int | None
    behind: int = 0
    blobs: int = 0
    blobs_behind: int = 0


def verify(
    store: Store,
    carrier: Carrier,
    device: Device,
    carried: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
    *,
    whole: bool = True,
) -> Verified:
    """Reads everything that should be on ``carrier``: every hash, signature, key, chain and record.

    ``carried``: the name of the carrier; what was not there at its last sync
    may be missing. Without it, all must be there. ``whole``: whether this
    member holds every compartment.
    """
    held = Collection(carrier, [], device.office)
    names = {kind: carrier.names(kind).keys() for kind in KINDS}
    known: dict[str, set[str]] = {kind: set() for kind in KINDS}
    pieces = [one for one in stock(store, carried or "") if one.kind != "roll"]
    behind: dict[str, int] = {}
    for one in pieces:
        known[one.kind].add(one.name)
        there = carried is None or one.had or one.name in names[one.kind]
        if isinstance(one.check, bytes):
            if there:
                held.troubles += _file(carrier, one)
        elif not there:
            behind[one.check.name] = one.check.last - one.check.first + 1
    for one in pieces:
        if one.kind == "segment" and isinstance(one.check, Line) and one.name not in behind:
            held.lead_to(one.compartment, [one.check])
    kept_back = _held(store)
    count = 0
    for found in held.segments(progress):
        if found.line.name in kept_back:
            continue
        good, wrong = _compared(store, found)
        count += good
        held.troubles += [
            Trouble(what, "record", record, found.compartment, found.line.device) for record, what in wrong
        ]
    held.troubles += examined(store, device.office)
    others = Collection(carrier, _identities(store), device.office)
    # What an interrupted sealing leaves here has never gone anywhere.
    others.read_tables(() if carried is None else names["table"] - known["table"])
    digests = _digests(store)
    held.troubles += [
        # Of this very device, and not known to it: a copy of this casebook is in use elsewhere.
        Trouble("fork", "table", one.name, one.says.compartment, device.id, one.says.number)
        for one in others.tables
        if one.says.by == device and one.digest not in digests
    ]
    unknown = sum(len(names[kind] - there_is) for kind, there_is in known.items() if kind != "roll")
    return Verified(count, tuple(held.troubles), unknown if whole else None, sum(behind.values()))


def unsettled(troubles: tuple[Trouble, ...], standing: Standing) -> tuple[Trouble, ...]:
    """``troubles`` without the forks of devices that were withdrawn since: these are known, and end there."""
    present = {one.id for one in standing.present()}
    return tuple(one for one in troubles if one.what != "fork" or one.device in present)


def _digests(store: Store) -> set[bytes]:
    """The SHA-256 of all tables that are known here."""
    with store.read() as connection:
        return {
            digest for schema in store.schemas.values() for *_, digest in Ledger(connection, schema).tables()
        }


def _held(store: Store) -> set[str]:
    """The segments whose records are kept back."""
    with store.read() as connection:
        return {
            line.name
            for schema in store.schemas.values()
            for line in Ledger(connection, schema).lines("held <> 0")
        }


def _file(carrier: Carrier, piece: Piece) -> list[Trouble]:
    """What is wrong with a table, or the file of an epoch."""
    try:
        data = carrier.read(piece.kind, piece.name, LARGEST)
    except MissingError:
        return [Trouble("missing", piece.kind, piece.name, piece.compartment)]
    except TooLargeError:
        data = b""
    if hashlib.sha256(data).digest() != piece.check:
        return [Trouble("damaged", piece.kind, piece.name, piece.compartment)]
    return []


def _identities(store: Store) -> list[Identity]:
    from pyrage.x25519 import Identity

    with store.read() as connection:
        return [
            Identity.from_str(one.identity)
            for schema in store.schemas.values()
            for one in Ledger(connection, schema).epochs()
            if one.identity
        ]


def _compared(store: Store, found: Found) -> tuple[int, list[tuple[str, str]]]:
    """How many records of a segment are the same here; those that are not, or that nothing opens although
    nobody has erased them, and what is wrong with them."""
    ids = [record for record, _ in found.records]
    schema = store.schemas[found.compartment]
    here: dict[str, Text] = {}
    # For each segment anew: while a carrier is slow, others can write.
    with store.read() as connection:
        gone = Tombstones(connection, schema).among(ids)
        for start in range(0, len(ids), 500):
            chunk = tuple(ids[start : start + 500])
            rows = connection.execute(
                f"SELECT id, kind, batch, place, body FROM {schema}.record "
                f"WHERE id IN ({', '.join('?' * len(chunk))})",
                chunk,
            )
            here.update((id_, Text(kind, batch, place, body)) for id_, kind, batch, place, body in rows)
    wrong = [
        (record, "missing" if text is None else "differs")
        for record, text in found.records
        if (text is not None or record not in gone) and (text is None or here.get(record) != text)
    ]
    return sum(text is not None for _, text in found.records) - sum(
        what == "differs" for _, what in wrong
    ), wrong
