"""Arrival: what other devices have sealed, taken from a carrier into this computer's files.

Every segment is checked before anything of it is believed. A few are taken in
with each transaction, so that an interrupted arrival goes on where it
stopped; a table counts as taken in only once everything that it names is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.records.disposition import DISPOSITION
from estelik.vault import links
from estelik.vault.carriers.failures import ThereAlreadyError
from estelik.vault.cut import segments_of
from estelik.vault.entry import Chain
from estelik.vault.erasing import strike
from estelik.vault.inserts import Inserts
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.collect import Collection, Found
    from estelik.vault.connection import Connection
    from estelik.vault.device import Signer
    from estelik.vault.ledger import Line
    from estelik.vault.registrar import Registrar
    from estelik.vault.standing import Standing
    from estelik.vault.store import Store
    from estelik.vault.text import Text

#: How many records are taken in with one transaction, at least one segment.
RECORDS: Final = 20_000


class Arrived(NamedTuple):
    """What came in: how many records, and what is not as it should be."""

    records: int
    troubles: list[Trouble]


def arrive(
    store: Store,
    shelf: Carrier,
    held: Collection,
    registrar: Registrar,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Arrived:
    """Takes in the segments that ``held`` (whose new tables were read) names and this computer lacks.

    Where one comes that this very device has signed and does not know, a copy of this casebook is in use:
    it becomes another device first.
    """
    here = _pages(store)
    named = dict(held.leaves)
    held.leaves = {
        (compartment, name): leaves
        for (compartment, name), leaves in named.items()
        if compartment in store.schemas and name not in here[compartment]
    }
    count = 0
    fresh: set[str] = set()
    for some in _some(held.segments(progress)):
        for one in some:
            keep(shelf, "segment", one.line.name, one.data)
            keep(shelf, "page", one.line.page, one.page)
        # Before they are known here: cut off in between, nobody would see any more that there is a copy.
        if _tell_of_a_copy(store, some, registrar.device):
            held.troubles.append(Trouble("copied", "casebook", "", device=registrar.device))
            registrar.begin_device()
        signer, standing = registrar.signer, registrar.standing
        with store.write() as connection:
            count += _enter(connection, store, shelf, signer, standing, some, held.troubles)
        fresh.update(one.line.name for one in some)
    held.leaves = named
    held.troubles += examined(store, registrar.office.root, fresh)
    return Arrived(count, held.troubles)


def _tell_of_a_copy(store: Store, found: Sequence[Found], device: str) -> bool:
    """Whether any of these segments is of this very device, and unknown."""
    own = [one for one in found if one.line.device == device]
    if not own:
        return False
    # Looked up once more: another process of this computer may have sealed them since.
    here = _pages(store)
    return any(one.line.name not in here[one.compartment] for one in own)


def _some(found: Iterator[Found]) -> Iterator[list[Found]]:
    some: list[Found] = []
    size = 0
    for one in found:
        some.append(one)
        size += len(one.records)
        if size >= RECORDS:
            yield some
            some, size = [], 0
    if some:
        yield some


def _enter(
    connection: Connection,
    store: Store,
    shelf: Carrier,
    signer: Signer,
    standing: Standing,
    some: Sequence[Found],
    troubles: list[Trouble],
) -> int:
    count = 0
    for compartment in dict.fromkeys(one.compartment for one in some):
        schema = store.schemas[compartment]
        ledger = Ledger(connection, schema)
        # What was entered meanwhile is sealed first: all that comes after it in the file is sealed elsewhere.
        while segments_of(connection, schema, compartment, shelf, signer):
            pass
        there = ledger.pages()
        for one in some:
            # Another process may have been faster.
            if one.compartment != compartment or one.line.name in there:
                continue
            held = standing.limit(one.line.device, compartment) is not None
            # To be settled: 2 says that nobody was told yet.
            ledger.add([one.line], held=2 if held else 0)
            ledger.see(head for head in one.seen if head.device in standing.devices)
            if not held:
                count += entered(connection, schema, compartment, one.records, troubles)
        ledger.seal_all()
        came = [one.line.name for one in some if one.compartment == compartment]
        strike(connection, schema, compartment, shelf, standing, signer.device.office, came)
    return count


def entered(
    connection: Connection,
    schema: str,
    compartment: str,
    records: Iterable[tuple[str, Text | None]],
    troubles: list[Trouble],
) -> int:
    """Enters records that came from elsewhere, but for those that were erased; how many are new here."""
    rows = [(id_, text.kind, text.batch, text.place, text.body) for id_, text in records if text is not None]
    gone = Tombstones(connection, schema).among([row[0] for row in rows])
    # No disposition can be erased.
    rows = [row for row in rows if row[0] not in gone or row[1] == DISPOSITION]
    if not rows:
        return 0
    last = f"SELECT coalesce(max(seq), 0) FROM {schema}.record"
    run = connection.execute
    before: int = run(last).scalar_one()
    with Inserts(connection) as inserts:
        # The same record twice: a copied device has sealed it in both places.
        into = f"INSERT OR IGNORE INTO {schema}.record (id, kind, batch, place, body)"
        inserts.put(into, 5, rows)
    count: int = run(last).scalar_one() - before
    if count < len(rows):
        troubles += [
            Trouble("clash", "record", id_, compartment)
            for id_, *text in rows
            if tuple(run(f"SELECT kind, batch, place, body FROM {schema}.record WHERE id = ?", (id_,)).one())
            != tuple(text)
        ]
    Ledger(connection, schema).note_batch(max(row[2] for row in rows))
    return count


def note_tables(store: Store, shelf: Carrier, held: Collection, unread: set[str]) -> None:
    """Notes the tables of which everything is here, but for those that lead to ``unread`` pages."""
    pages = _pages(store)
    whole = [
        one
        for one in held.tables
        if one.says.compartment in pages
        and all(
            leaf.segment in pages[one.says.compartment] and leaf.page not in unread
            for leaf in one.says.leaves
        )
    ]
    if not whole:
        return
    with store.write() as connection:
        for one in whole:
            says, there = one.says, pages[one.says.compartment]
            keep(shelf, "table", one.name, one.data)
            ledger = Ledger(connection, store.schemas[says.compartment])
            ledger.add_table(one.name, says.by.id, says.number, says.epoch, one.digest)
            current = [leaf.segment for leaf in says.leaves if there[leaf.segment] == leaf.page]
            ledger.hand_on(current, says.epoch)


def examined(store: Store, office: bytes, fresh: set[str] | None = None) -> list[Trouble]:
    """The gaps and forks of all chains; of forks those only that ``fresh`` segments make, where these are
    named: each is then told once."""
    troubles = []
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            lines, seen = ledger.lines(), ledger.seen()
            starts = {
                device: Chain(office, device, compartment).start()
                for device in {line.device for line in lines} | seen.keys()
            }
            troubles += [
                one
                for one in links.examined(compartment, lines, starts, seen)
                if fresh is None or one.what != "fork" or _twin(lines, one.name, fresh)
            ]
    return troubles


def _twin(lines: list[Line], name: str, fresh: set[str]) -> bool:
    """Whether a fresh run follows the same entry as the one that is told of."""
    previous = {line.previous for line in lines if line.name == name}
    return any(line.previous in previous for line in lines if line.name in fresh)


def keep(shelf: Carrier, kind: str, name: str, data: bytes) -> None:
    """Puts a file that was checked on the shelf of this computer."""
    with suppress(ThereAlreadyError):
        shelf.write(kind, name, data)


def _pages(store: Store) -> dict[str, dict[str, str]]:
    with store.read() as connection:
        return {
            compartment: Ledger(connection, schema).pages() for compartment, schema in store.schemas.items()
        }
