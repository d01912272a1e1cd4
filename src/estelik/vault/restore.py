"""Restoring: the records of an office again, out of what a carrier holds."""

from __future__ import annotations

import hashlib
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from estelik.errors import SealError
from estelik.vault import custody, mark, roll
from estelik.vault.arrival import examined, keep, note_tables
from estelik.vault.carriers.failures import TooLargeError
from estelik.vault.collect import Collection
from estelik.vault.envelope import LARGEST
from estelik.vault.epochs import SHARED, Epochs
from estelik.vault.erasing import strike
from estelik.vault.inserts import Inserts
from estelik.vault.keeping import begin
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.office import RollFile
from estelik.vault.pages import join
from estelik.vault.quarantine import held_back
from estelik.vault.standing import standing
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Found
    from estelik.vault.connection import Connection
    from estelik.vault.keys import Keyring
    from estelik.vault.registrar import Registrar
    from estelik.vault.roll import Signed
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store


class Restored(NamedTuple):
    """What came back: how many records, how many others only as erased, and what is not as it should be.

    ``others``: how many files do not open, segments among them, where there is a mark
    that does not either: another office's, or from before the secret was renewed, or damaged ones of this
    office; from the carrier alone nobody can tell. ``blobs``: how many files of evidence came back.
    """

    records: int
    erased: int
    troubles: tuple[Trouble, ...]
    others: int = 0
    blobs: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing can be missing."""
        return not self.troubles and not self.others


def restore(
    store: Store,
    registrar: Registrar,
    keyring: Keyring,
    shelf: Carrier,
    carrier: Carrier,
    secret: bytes,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Restored:
    """Fills an empty store from a carrier, and its shelf with the sealed files that were read; the computer
    becomes another device of the office's first coordinator.

    What is missing or damaged is named, and the rest is restored.
    """
    recovery = custody.recovery(secret)
    office, statements, rolls = _roll(carrier, secret)

    def learn(said: Iterable[Signed]) -> None:
        statements.update(roll.gathered(said))

    held = Collection(carrier, [recovery], office, learn, lambda device, _: device in named().devices)

    def named() -> Standing:
        return standing(statements, office)

    held.read_tables()
    # The recovery key opens every table of the office; what it does not open is damaged, or another office's.
    unread = [Trouble("closed", "table", name) for name in held.closed]
    unnamed = [Trouble("unnamed", "segment", name) for name in held.unnamed()]
    unread += unnamed
    strangers = mark.others(carrier, [custody.recovery(secret)], office) > 0
    if not strangers:
        held.troubles += unread
    found: dict[str, list[Found]] = {name: [] for name in store.held}
    for one in held.segments(progress):
        if one.compartment in found:
            # What was checked is what is kept: a carrier may give other bytes the next time.
            keep(shelf, "segment", one.line.name, one.data)
            keep(shelf, "page", one.line.page, one.page)
            found[one.compartment].append(one._replace(data=b"", page=b""))
    for name, data, _, _ in held.tables:
        keep(shelf, "table", name, data)
    who = named()
    count = erased = 0
    gone: dict[str, set[str]] = {}
    with store.write() as connection, Inserts(connection) as inserts:
        for compartment, segments in found.items():
            refused = held_back((one.line for one in segments), compartment, who)
            held.troubles += [
                Trouble("held", "segment", one.line.name, compartment, one.line.device, one.line.first)
                for one in segments
                if one.line.name in refused
            ]
            good = [one for one in segments if one.line.name not in refused]
            rows, keyless = _rows(good)
            schema = store.schemas[compartment]
            # The same record twice: a copied device has sealed it in both places.
            into = f"INSERT OR IGNORE INTO {schema}.record (id, kind, batch, place, body)"
            inserts.put(into, 5, rows)
            inserts.wait()
            ledger, tombs = Ledger(connection, schema), Tombstones(connection, schema)
            for one in segments:
                ledger.add([one.line], held=int(one.line.name in refused))
                ledger.see(head for head in one.seen if head.device in who.devices)
            pages = ledger.pages()
            for name, _, digest, says in held.tables:
                if says.compartment == compartment:
                    ledger.add_table(name, says.by.id, says.number, says.epoch, digest)
                    current = [leaf.segment for leaf in says.leaves if pages.get(leaf.segment) == leaf.page]
                    ledger.hand_on(current, says.epoch)
            ledger.note_batch(max((row[2] for row in rows), default=""))
            every = [one.line.name for one in segments]
            strike(connection, schema, compartment, shelf, who, office, every)
            ledger.seal_all()
            gone[compartment] = keyless | tombs.among({row[0] for row in rows})
    # What one page lacks another may have; what none has, and nobody erased, is missing.
    note_tables(store, shelf, held, join(store, shelf, held, held.leaves, office))
    with store.read() as connection:
        for compartment, records in gone.items():
            schema = store.schemas[compartment]
            count += Ledger(connection, schema).records()
            lost = sorted(_lost(connection, schema, records))
            held.troubles += [Trouble("missing", "record", record, compartment) for record in lost]
            erased += len(records) - len(lost)
    held.troubles += examined(store, office)
    if count:
        _rejoin(store, registrar, keyring, shelf, carrier, secret, office, statements)
        for file, data in rolls:
            keep(shelf, "roll", file.name, data)
            registrar.note(file)
    return Restored(count, erased, tuple(held.troubles), len(unread) if strangers and unnamed else 0)


def _roll(carrier: Carrier, secret: bytes) -> tuple[bytes, dict[bytes, Signed], list[tuple[RollFile, bytes]]]:
    """The office whose present root comes from the secret (its first root key), what the rolls on the carrier
    say of it, and their files."""
    root = custody.root(secret).public_key().public_bytes_raw()
    office, out = root, dict[bytes, "Signed"]()
    files = []
    for name in sorted(carrier.names("roll")):
        try:
            data = carrier.read("roll", name, LARGEST)
            whose, statements = roll.opened(data, [custody.recovery(secret)])
        except (SealError, TooLargeError):
            continue
        gathered = roll.gathered(statements)
        if standing(gathered, whose).root == root:
            office = whose
            out.update(gathered)
            file = RollFile(name, roll.fingerprint(gathered), hashlib.sha256(data).digest())
            files.append((file, data))
    return office, out, files


def _rejoin(
    store: Store,
    registrar: Registrar,
    keyring: Keyring,
    shelf: Carrier,
    carrier: Carrier,
    secret: bytes,
    office: bytes,
    statements: dict[bytes, Signed],
) -> None:
    registrar.rejoin(secret, office, statements.values())
    Epochs(store, keyring, registrar, shelf).fetch(carrier, [custody.recovery(secret)])
    shared = {name: keyring[name].hex() for name in SHARED if name in keyring}
    with store.write() as connection:
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            if not any(one.identity for one in ledger.epochs()):
                begin(ledger, compartment, registrar.signer, shared if compartment == "source" else {})


def _rows(segments: list[Found]) -> tuple[list[tuple[str, str, str, int, str]], set[str]]:
    """The rows of the record table in order of entry, each once; the records that no page has a key of."""
    rows: dict[str, tuple[str, str, str, int, str]] = {}
    keyless: set[str] = set()
    for one in segments:
        for record, text in one.records:
            if text is None:
                keyless.add(record)
            else:
                rows.setdefault(record, (record, text.kind, text.batch, text.place, text.body))
    # Chains of several devices: the batch that was entered first comes first, in the order of its device.
    return sorted(rows.values(), key=itemgetter(2)), keyless - rows.keys()


def _lost(connection: Connection, schema: str, records: set[str]) -> set[str]:
    """Those of these records that are not there, and were not erased."""
    lost = records - Tombstones(connection, schema).among(records)
    there = f"SELECT 1 FROM {schema}.record WHERE id = ?"
    return {one for one in lost if connection.execute(there, (one,)).first() is None}
