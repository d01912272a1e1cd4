"""Intake: statements become records of their compartments, and their index is kept in step.

Two steps, so that a sheet that turns out to have faults leaves every file as
it was: ``Spool.add`` takes each statement apart and keeps it, encoded, in
memory (some 600 bytes each); ``enter`` writes all of them in one transaction.
"""

from __future__ import annotations

import os
from array import array
from functools import cache
from typing import TYPE_CHECKING, cast

import msgspec

from estelik.errors import CasebookError
from estelik.ids import new_ids
from estelik.index import tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.records.vocabulary import TOLD
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sqlalchemy.engine import Connection

    from estelik.index.tables import Name
    from estelik.records import Judgement, Statement, SubjectKind
    from estelik.vault.store import Store

_CHUNK = 20_000
_encoder = msgspec.json.Encoder()


def _encode(record: msgspec.Struct) -> str:
    return _encoder.encode(record).decode()


class Spool:
    """Statements taken apart and encoded, waiting to be entered; the lists run in parallel."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.names: list[Name] = []
        self.digests: list[bytes] = []
        self.cells: list[str] = []
        #: Numbers in ``subjects``, ``provenances`` and ``places``.
        self.subject: array[int] = array("l")
        self.provenance: array[int] = array("l")
        self.place: array[int] = array("l")
        #: By number in the lists above, where there is any.
        self.manners: dict[int, str] = {}
        self.references: dict[int, tuple[str, ...]] = {}
        self.corrects: dict[int, str] = {}
        self.told: dict[int, str] = {}
        self.counts: set[int] = set()
        #: (compartment, label, kind); (telling, source, via); telling -> (label, source, told).
        self.subjects: dict[tuple[str, str, str], int] = {}
        self.provenances: dict[tuple[str, str, str], int] = {}
        self.places: dict[str, int] = {"": 0}
        self.tellings: dict[str, tuple[str, str, str]] = {}
        self._seen: set[Name] = set()

    def __len__(self) -> int:
        return len(self.statements)

    def add(self, s: Statement) -> None:
        """Takes one statement in."""
        number = len(self.statements)
        subjects, provenances = self.subjects, self.provenances
        name = tables.name(STATEMENT, s.statement)
        if name in self._seen:
            raise CasebookError("Two statements have the same id.", do="Give every row an id of its own.")
        self._seen.add(name)
        cells = stored.cells(s)
        self.statements.append(s.statement)
        self.names.append(name)
        self.digests.append(stored.digest(s, cells))
        self.cells.append(cells.decode())
        self.subject.append(subjects.setdefault((stored.lies_in(s), s.about, s.about_kind), len(subjects)))
        self.place.append(self.places.setdefault(s.place, len(self.places)))
        telling = s.telling
        self.provenance.append(provenances.setdefault((telling, s.source, s.via), len(provenances)))
        if telling not in self.tellings:
            self.tellings[telling] = (s.testimony, "", "") if s.testimony else ("", s.source, s.told)
        if s.told and s.testimony:
            self.told[number] = s.told
        if s.after or s.before:
            if TOLD in (s.after, s.before):
                self.counts.add(number)
            if "/" in s.after or "/" in s.before:
                self.references[number] = tuple(referred(s))
        if s.corrects:
            self.corrects[number] = s.corrects
        if s.typed or s.generated:
            self.manners[number] = stored.manner(s)


def referred(s: Statement) -> Iterator[str]:
    """The labels of subjects whose events ``after`` and ``before`` may name.

    A label may hold a slash itself: every reading of ``SUBJECT/EVENT`` counts.
    """
    for cell in (s.after, s.before):
        slash = cell.find("/")
        while slash >= 0:
            yield cell[:slash]
            slash = cell.find("/", slash + 1)


def enter(store: Store, spool: Spool) -> tuple[list[str], int]:
    """Writes what is in the spool and not in the store; gives the ids entered and how many were there.

    Raises ``CasebookError`` when an id is there with other content.
    """
    if not len(spool):
        return [], 0
    with store.write() as connection:
        batch = Batch(store, connection)
        fresh = _fresh(store, connection, spool)
        if fresh:
            _Entry(store, connection, batch, spool, fresh).write()
    return [spool.statements[number] for number in fresh], len(spool) - len(fresh)


def _fresh(store: Store, connection: Connection, spool: Spool) -> list[int]:
    wanted = set(spool.names)
    there: dict[Name, bytes] = {}
    for schema in store.schemas.values():
        for name, (_, digest) in tables.statements(connection, schema, wanted).items():
            there[name] = digest
    if not there:
        return list(range(len(spool)))
    fresh = []
    for number, (name, digest) in enumerate(zip(spool.names, spool.digests, strict=True)):
        known = there.get(name)
        if known is None:
            fresh.append(number)
        elif known != digest:
            raise CasebookError(
                "A statement with the id of one of the rows is there already, and says something else.",
                do="Give the row an id of its own and name the earlier one under corrects.",
            )
    return fresh


class _Entry:
    """One spool being written as one batch."""

    def __init__(
        self, store: Store, connection: Connection, batch: Batch, spool: Spool, fresh: list[int]
    ) -> None:
        self._schemas = store.schemas
        self._connection = connection
        self._batch = batch
        self._spool = spool
        self._fresh = fresh

    def write(self) -> None:
        spool = self._spool
        where = [compartment for compartment, _, _ in spool.subjects]
        by_compartment: dict[str, list[int]] = {}
        for number in self._fresh:
            by_compartment.setdefault(where[spool.subject[number]], []).append(number)
        if by_compartment.keys() - self._schemas.keys():
            raise CasebookError("A row belongs to a compartment that you do not hold.")
        places = _places(len(self._fresh))
        place_of = dict(zip(self._fresh, places, strict=True)) if len(by_compartment) > 1 else None
        testimonies, provenances = self._provenances()
        subjects = self._subjects(places)
        origins = {
            number: (testimonies[telling], provenances[number])
            for (telling, _, _), number in spool.provenances.items()
            if number in provenances
        }
        for compartment, numbers in by_compartment.items():
            order = places if place_of is None else [place_of[number] for number in numbers]
            self._statements(compartment, numbers, order, subjects, origins)

    def _provenances(self) -> tuple[dict[str, str], dict[int, str]]:
        """The ids of testimonies by telling, and of provenances by number; new ones are entered."""
        spool = self._spool
        if "source" not in self._schemas:
            raise CasebookError("Without the compartment of sources nothing can be entered.")
        used = {spool.provenance[number] for number in self._fresh}
        chains = {key: number for key, number in spool.provenances.items() if number in used}
        tellings = {key[0]: spool.tellings[key[0]] for key in chains}
        labels = {source for _, source, _ in chains} - {""}
        sources = self._named(
            "source", SOURCE, {(label,): _encode(stored.Source(label)) for label in sorted(labels)}
        )
        ids = {key[0]: id_ for key, id_ in sources.items()} | {"": ""}
        testimonies = self._named(
            "source",
            TESTIMONY,
            {
                (telling,): _encode(stored.Testimony(label, ids[source], told))
                for telling, (label, source, told) in tellings.items()
            },
        )
        by_telling = {key[0]: id_ for key, id_ in testimonies.items()}
        provenances = self._named(
            "source",
            PROVENANCE,
            {
                (by_telling[telling], source, via): _encode(
                    stored.Provenance(by_telling[telling], ids[source], via)
                )
                for telling, source, via in chains
            },
        )
        return by_telling, {
            number: provenances[by_telling[telling], source, via]
            for (telling, source, via), number in chains.items()
        }

    def _subjects(self, places: list[int]) -> dict[int, str]:
        """The ids of subjects by number; new ones are entered, each where its first statement is."""
        spool = self._spool
        backwards = zip(reversed(self._fresh), reversed(places), strict=True)
        used = {spool.subject[number]: place for number, place in backwards}
        out: dict[int, str] = {}
        for compartment in self._schemas:
            chosen = {
                (label, kind): number
                for (where, label, kind), number in spool.subjects.items()
                if where == compartment and number in used
            }
            bodies: dict[tuple[str, ...], str] = {
                (label, kind): _encode(stored.Subject(label, cast("SubjectKind", kind)))
                for label, kind in chosen
            }
            at: dict[tuple[str, ...], int] = {key: used[number] for key, number in chosen.items()}
            for key, id_ in self._named(compartment, SUBJECT, bodies, at).items():
                out[chosen[key[0], key[1]]] = id_
        return out

    def _named(
        self,
        compartment: str,
        kind: str,
        bodies: dict[tuple[str, ...], str],
        places: Mapping[tuple[str, ...], int] = {},
    ) -> dict[tuple[str, ...], str]:
        """The ids of the records that stand for these keys; those that are not there are entered."""
        if not bodies:
            return {}
        schema = self._schemas[compartment]
        keys = {tables.name(kind, *parts): parts for parts in bodies}
        there = tables.names(self._connection, schema, keys.keys())
        out = {keys[key]: id_ for key, id_ in there.items()}
        new = [key for key in keys if key not in there]
        ids = new_ids(len(new))
        order = [places.get(keys[key], 0) for key in new]
        self._batch.append(compartment, kind, ids, order, [bodies[keys[key]] for key in new])
        fresh = dict(zip(new, ids, strict=True))
        tables.enter_names(self._connection, schema, fresh)
        out.update((keys[key], id_) for key, id_ in fresh.items())
        return out

    def _statements(
        self,
        compartment: str,
        numbers: list[int],
        places: list[int],
        subjects: dict[int, str],
        origins: dict[int, tuple[str, str]],
    ) -> None:
        spool, batch = self._spool, self._batch
        schema = self._schemas[compartment]
        first = batch.next_seq(compartment)
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            bodies = [
                stored.body(
                    spool.cells[number],
                    spool.manners.get(number, ""),
                    subjects[spool.subject[number]],
                    *origins[spool.provenance[number]],
                )
                for number in chunk
            ]
            order = places[start : start + _CHUNK]
            batch.append(compartment, STATEMENT, new_ids(len(chunk)), order, bodies)
        tables.enter_statements(
            self._connection,
            schema,
            [(*spool.names[number], seq, spool.digests[number]) for seq, number in enumerate(numbers, first)],
        )
        tables.enter_postings(self._connection, schema, self._postings(numbers, first, origins), first)

    def _postings(
        self, numbers: list[int], first: int, origins: dict[int, tuple[str, str]]
    ) -> dict[int, Collection[object]]:
        spool = self._spool
        lists = Postings()
        about: dict[int, list[int]] = {}
        told_in: dict[int, list[int]] = {}
        at: set[tuple[int, int]] = set()
        dates: set[tuple[int, str]] = set()
        rare = spool.references.keys() | spool.counts | spool.corrects.keys()
        for seq, number in enumerate(numbers, first):
            subject, origin, place = spool.subject[number], spool.provenance[number], spool.place[number]
            if subject in about:
                about[subject].append(seq)
            else:
                about[subject] = [seq]
            if origin in told_in:
                told_in[origin].append(seq)
            else:
                told_in[origin] = [seq]
            if place:
                at.add((place, subject))
            if number in spool.told:
                dates.add((origin, spool.told[number]))
            if number in rare:
                if number in spool.references:
                    lists.refer(seq, spool.references[number])
                if number in spool.counts:
                    lists.count(seq, origins[origin][0])
                if number in spool.corrects:
                    lists.correct(seq, spool.corrects[number])
        labels = [label for _, label, _ in spool.subjects]
        words = list(spool.places)
        for subject, seqs in about.items():
            lists.about(labels[subject], seqs)
        for origin, seqs in told_in.items():
            lists.told_in(origins[origin][0], seqs)
        for origin, told in dates:
            lists.date(origins[origin][0], told)
        for place, subject in at:
            lists.at(words[place], labels[subject])
        return lists.all()


def enter_judgement(store: Store, judgement: Judgement) -> None:
    """Adds a judgement to the compartment of the statement it is on; one that names a source
    lies with the sources."""
    with store.write() as connection:
        where = "source" if judgement.source else _compartment_of(store, connection, judgement.statement)
        Batch(store, connection).append(where, JUDGEMENT, new_ids(1), _places(1), [_encode(judgement)])


def _compartment_of(store: Store, connection: Connection, statement: str) -> str:
    for compartment, schema in store.schemas.items():
        if tables.statements(connection, schema, {tables.name(STATEMENT, statement)}):
            return compartment
    return "testimony"


class Postings:
    """The lists of one batch in one compartment, being gathered."""

    def __init__(self) -> None:
        self._lists: dict[int, list[int]] = {}
        self._sets: dict[int, dict[str, None]] = {}
        self._term = cache(tables.term)

    def all(self) -> dict[int, Collection[object]]:
        """The lists by term."""
        return {**self._lists, **self._sets}

    def about(self, subject: str, seqs: list[int]) -> None:
        """The statements at ``seqs`` are about ``subject``."""
        self._seqs(tables.SUBJECT, subject).extend(seqs)

    def told_in(self, testimony: str, seqs: list[int]) -> None:
        """The statements at ``seqs`` were told in ``testimony``."""
        self._seqs(tables.TELLING, testimony).extend(seqs)

    def refer(self, seq: int, subjects: tuple[str, ...]) -> None:
        """The statement may refer to events of ``subjects``."""
        for subject in dict.fromkeys(subjects):
            self._seqs(tables.REFERENCE, subject).append(seq)

    def count(self, seq: int, testimony: str) -> None:
        """The statement counts from the day of the telling."""
        self._seqs(tables.COUNTS, testimony).append(seq)

    def correct(self, seq: int, statement: str) -> None:
        """The statement corrects ``statement``."""
        self._seqs(tables.CORRECTION, statement).append(seq)

    def date(self, testimony: str, told: str) -> None:
        """A statement gives ``told`` as the date of the telling."""
        self._words(tables.TOLD, testimony)[told] = None

    def at(self, place: str, subject: str) -> None:
        """There is a statement about ``subject`` at ``place``."""
        self._words(tables.PLACE, place)[subject] = None

    def _seqs(self, field: str, word: str) -> list[int]:
        return self._lists.setdefault(self._term(field, word), [])

    def _words(self, field: str, word: str) -> dict[str, None]:
        return self._sets.setdefault(self._term(field, word), {})


def _places(count: int) -> list[int]:
    """Random numbers in ascending order."""
    numbers = array("Q", os.urandom(8 * count))
    return sorted(number >> 1 for number in numbers)
