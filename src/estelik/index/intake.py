"""Intake: spooled statements become records of their compartments, and their index is kept in step."""

from __future__ import annotations

import os
from array import array
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, cast

import msgspec

from estelik.errors import CasebookError
from estelik.ids import new_ids
from estelik.index import entries, tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from estelik.index.spool import Spool
    from estelik.index.tables import Name
    from estelik.records import Judgement, SubjectKind
    from estelik.vault.store import Store

    #: The words that a record stands for.
    Key = tuple[str, ...]

_CHUNK = 50_000
_encoder = msgspec.json.Encoder()


def _encode(record: msgspec.Struct) -> str:
    return _encoder.encode(record).decode()


def enter(store: Store, spool: Spool) -> tuple[list[str], int]:
    """Writes what is in the spool and not in the store; gives the ids entered and how many were there.

    Raises ``CasebookError`` when an id is there with other content.
    """
    if not len(spool):
        return [], 0
    with store.write() as connection:
        fresh = _fresh(store, connection, spool)
        if fresh:
            with Inserts(connection) as inserts:
                _Entry(store, connection, inserts, spool, fresh).write()
    return [spool.statements[number] for number in fresh], len(spool) - len(fresh)


def _fresh(store: Store, connection: Connection, spool: Spool) -> Sequence[int]:
    """The numbers of the statements that are not in the store."""
    if not any(tables.any_statement(connection, schema) for schema in store.schemas.values()):
        return range(len(spool))
    names = tables.names_of(STATEMENT, [(label,) for label in spool.statements])
    wanted = set(names)
    there: dict[Name, bytes] = {}
    for schema in store.schemas.values():
        for name, (_, digest) in tables.statements(connection, schema, wanted).items():
            there[name] = digest
    fresh = array("l")
    for number, name in enumerate(names):
        known = there.get(name)
        if known is None:
            fresh.append(number)
        elif known != spool.digest(number):
            raise CasebookError(
                "A statement with the id of one of the rows is there already, and says something else.",
                do="Give the row an id of its own and name the earlier one under corrects.",
            )
    return fresh


class _Named(NamedTuple):
    """The records of one kind that stand for keys: the ids of all of them, and, in the order of their
    ids, those that are yet to be entered. ``places``: where in the batch; ``record``: what is stored."""

    compartment: str
    kind: str
    ids: dict[Key, str]
    fresh: list[tuple[str, Name, Key]]
    places: Mapping[Key, int | None]
    record: Callable[[Key], msgspec.Struct]


class _Entry:
    """One spool being written as one batch."""

    def __init__(
        self, store: Store, connection: Connection, inserts: Inserts, spool: Spool, fresh: Sequence[int]
    ) -> None:
        self._schemas = store.schemas
        self._connection = connection
        self._inserts = inserts
        self._batch = Batch(store, connection, inserts)
        self._spool = spool
        self._fresh = fresh
        #: The schemas that held no name before this batch: no key of it need be looked for there.
        self._nameless = {
            schema for schema in store.schemas.values() if not tables.any_name(connection, schema)
        }

    def write(self) -> None:
        spool = self._spool
        where = [compartment for compartment, _, _ in spool.subjects]
        chosen: dict[str, array[int]] = {}
        for number in self._fresh:
            chosen.setdefault(where[spool.subject[number]], array("l")).append(number)
        if chosen.keys() - self._schemas.keys():
            raise CasebookError("A row belongs to a compartment that you do not hold.")
        if "source" not in self._schemas:
            raise CasebookError("Without the compartment of sources nothing can be entered.")
        places = array("q", bytes(8 * len(spool)))
        for number, place in zip(self._fresh, _places(len(self._fresh)), strict=True):
            places[number] = place
        tellings, origins = self._origins()
        subjects, ids = self._subjects(places)
        first = {
            compartment: self._batch.next_seq(compartment)
            + sum(len(one.fresh) for one in (*tellings, *subjects) if one.compartment == compartment)
            for compartment in chosen
        }
        told_in = {number: testimony for number, (testimony, _) in origins.items()}
        with entries.made(spool, chosen, first, told_in) as made:
            for named in (*tellings, *subjects):
                self._enter(named)
            # Before the records: these are ready to be entered while those are being made.
            for compartment, statements, postings in made:
                schema = self._schemas[compartment]
                tables.enter_statements(self._inserts, schema, statements)
                tables.enter_postings(self._inserts, schema, postings)
        for compartment, numbers in chosen.items():
            self._statements(compartment, numbers, places, ids, origins)

    def _origins(self) -> tuple[list[_Named], dict[int, tuple[str, str]]]:
        """The sources, testimonies and provenances of this batch; and by number in the spool's
        ``provenances`` the ids of the testimony and the provenance, "" where there need be none."""
        spool = self._spool
        used = {spool.provenance[number] for number in self._fresh}
        chains = {number: key for key, number in spool.provenances.items() if number in used}
        tellings = {key[0]: spool.tellings[key[0]] for key in chains.values()}
        sources = self._named(
            "source",
            SOURCE,
            {(source,): None for source in sorted({one[1] for one in chains.values()} - {""})},
            lambda key: stored.Source(*key),
        )
        source_ids = {key[0]: id_ for key, id_ in sources.ids.items()} | {"": ""}

        def testimony(key: Key) -> msgspec.Struct:
            label, source, told = tellings[key[0]]
            return stored.Testimony(label, source_ids[source], told)

        testimonies = self._named("source", TESTIMONY, {(telling,): None for telling in tellings}, testimony)
        keys: dict[int, Key] = {}
        bodies: dict[Key, stored.Provenance] = {}
        for number, (telling, source, via, written) in chains.items():
            if not stored.told_directly(tellings[telling][0], via, written):
                own = testimonies.ids[telling,]
                keys[number] = key = (own, source, via, *chain(*written))
                bodies[key] = stored.Provenance(own, source_ids[source], via, written)
        provenances = self._named("source", PROVENANCE, dict.fromkeys(bodies), bodies.__getitem__)
        return [sources, testimonies, provenances], {
            number: (testimonies.ids[one[0],], provenances.ids[keys[number]] if number in keys else "")
            for number, one in chains.items()
        }

    def _subjects(self, places: array[int]) -> tuple[list[_Named], dict[int, str]]:
        """The subjects of this batch, each where its first statement is; and their ids by number."""
        spool = self._spool
        used = {spool.subject[number]: places[number] for number in reversed(self._fresh)}
        chosen: dict[str, dict[Key, int]] = {}
        for (compartment, label, kind), number in spool.subjects.items():
            if number in used:
                chosen.setdefault(compartment, {})[label, kind] = number
        named = [
            self._named(compartment, SUBJECT, {key: used[number] for key, number in keys.items()}, _subject)
            for compartment, keys in chosen.items()
        ]
        ids = {chosen[one.compartment][key]: id_ for one in named for key, id_ in one.ids.items()}
        return named, ids

    def _named(
        self,
        compartment: str,
        kind: str,
        keys: Mapping[Key, int | None],
        record: Callable[[Key], msgspec.Struct],
    ) -> _Named:
        """The ids of the records that stand for ``keys``, new ones for those that are not there.

        ``keys`` leads to their place in the batch, None where they need none.
        """
        schema = self._schemas[compartment]
        names = dict(zip(tables.names_of(kind, keys), keys, strict=True))
        there: dict[Name, str] = {}
        if schema not in self._nameless and names:
            self._inserts.wait()
            there = tables.names(self._connection, schema, names)
        # In the order of their ids, in which nothing else is ordered: the index of ids is then gone through
        # once, and the number of a record tells nothing.
        lacking = [(name, key) for name, key in names.items() if name not in there]
        fresh = sorted((id_, *one) for id_, one in zip(new_ids(len(lacking)), lacking, strict=True))
        ids = {names[name]: id_ for name, id_ in there.items()}
        ids.update((key, id_) for id_, _, key in fresh)
        return _Named(compartment, kind, ids, fresh, keys, record)

    def _enter(self, named: _Named) -> None:
        fresh, places, record = named.fresh, named.places, named.record
        self._batch.append(
            named.compartment,
            named.kind,
            [id_ for id_, _, _ in fresh],
            [places[key] or 0 for _, _, key in fresh],
            [_encode(record(key)) for _, _, key in fresh],
        )
        tables.enter_names(
            self._inserts, self._schemas[named.compartment], [(*name, id_) for id_, name, _ in fresh]
        )

    def _statements(
        self,
        compartment: str,
        numbers: array[int],
        places: array[int],
        subjects: dict[int, str],
        origins: dict[int, tuple[str, str]],
    ) -> None:
        spool = self._spool
        manners = list(spool.manners)
        # Ascending like the ``seq`` beside them, so that the index of ids grows at its end. Nothing outside
        # this file names them; ids that other compartments name stay in no order.
        ids = sorted(new_ids(len(numbers)))
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            bodies = [
                stored.body(
                    spool.cells[number],
                    manners[spool.manner[number]],
                    subjects[spool.subject[number]],
                    *origins[spool.provenance[number]],
                )
                for number in chunk
            ]
            order = [places[number] for number in chunk]
            self._batch.append(compartment, STATEMENT, ids[start : start + _CHUNK], order, bodies)
            for number in chunk:
                spool.cells[number] = ""


def _subject(key: Key) -> stored.Subject:
    label, kind = key
    return stored.Subject(label, cast("SubjectKind", kind))


def enter_judgement(store: Store, judgement: Judgement) -> None:
    """Adds a judgement to the compartment of the statement it is on; one that names a source
    lies with the sources."""
    with store.write() as connection, Inserts(connection) as inserts:
        where = "source" if judgement.source else _compartment_of(store, connection, judgement.statement)
        batch = Batch(store, connection, inserts)
        seq = batch.append(where, JUDGEMENT, new_ids(1), _places(1), [_encode(judgement)])
        rows = tables.posting_rows({tables.term(tables.JUDGEMENT, ""): [seq]}, seq)
        tables.enter_postings(inserts, store.schemas[where], rows)


def _compartment_of(store: Store, connection: Connection, statement: str) -> str:
    for compartment, schema in store.schemas.items():
        if tables.statements(connection, schema, {tables.name(STATEMENT, statement)}):
            return compartment
    return "testimony"


def _places(count: int) -> list[int]:
    """Random numbers in ascending order."""
    numbers = array("Q", os.urandom(8 * count))
    return sorted(number >> 1 for number in numbers)
