"""Intake: statements become records of their compartments, and their index is kept in step.

Two steps, so that a sheet that turns out to have faults leaves every file as
it was: ``Spool.add`` takes each statement apart and keeps it, encoded, in
memory (some 600 bytes each); ``enter`` writes all of them in one transaction.
"""

from __future__ import annotations

import os
from array import array
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
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from estelik.records import Judgement, Statement, SubjectKind
    from estelik.vault.store import Store

_CHUNK = 20_000
_encode = msgspec.json.Encoder().encode


class Spool:
    """Statements taken apart and encoded, waiting to be entered; the lists run in parallel."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.compartments: list[str] = []
        self.digests: list[bytes] = []
        self.cells: list[bytes] = []
        self.places: list[str] = []
        #: Numbers in ``subjects`` and ``provenances``.
        self.subject: array[int] = array("q")
        self.provenance: array[int] = array("q")
        #: By number in the lists above, where there is any.
        self.references: dict[int, tuple[str, ...]] = {}
        self.corrects: dict[int, str] = {}
        self.told: dict[int, str] = {}
        self.counts: set[int] = set()
        #: (compartment, label, kind); (telling, source, via); telling -> (label, source, told).
        self.subjects: dict[tuple[str, str, str], int] = {}
        self.provenances: dict[tuple[str, str, str], int] = {}
        self.tellings: dict[str, tuple[str, str, str]] = {}
        self._seen: set[str] = set()

    def __len__(self) -> int:
        return len(self.statements)

    def add(self, s: Statement) -> None:
        """Takes one statement in."""
        number = len(self.statements)
        compartment = stored.lies_in(s)
        telling = s.telling
        if s.statement in self._seen:
            raise CasebookError("Two statements have the same id.", do="Give every row an id of its own.")
        self._seen.add(s.statement)
        self.statements.append(s.statement)
        self.compartments.append(compartment)
        self.digests.append(stored.digest(s))
        self.cells.append(stored.cells(s))
        self.places.append(s.place)
        self.subject.append(
            self.subjects.setdefault((compartment, s.about, s.about_kind), len(self.subjects))
        )
        self.provenance.append(self.provenances.setdefault((telling, s.source, s.via), len(self.provenances)))
        if telling not in self.tellings:
            self.tellings[telling] = (s.testimony, "", "") if s.testimony else ("", s.source, s.told)
        if s.told and s.testimony:
            self.told[number] = s.told
        if s.after or s.before:
            if TOLD in (s.after, s.before):
                self.counts.add(number)
            if found := tuple(referred(s)):
                self.references[number] = found
        if s.corrects:
            self.corrects[number] = s.corrects


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
    labels = set(spool.statements)
    there: dict[str, bytes] = {}
    for schema in store.schemas.values():
        for label, (_, digest) in tables.statements(connection, schema, labels).items():
            there[label] = digest
    if not there:
        return list(range(len(spool)))
    fresh = []
    for number, (label, digest) in enumerate(zip(spool.statements, spool.digests, strict=True)):
        known = there.get(label)
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
        by_compartment: dict[str, list[int]] = {}
        for number in self._fresh:
            by_compartment.setdefault(spool.compartments[number], []).append(number)
        missing = by_compartment.keys() - self._schemas.keys()
        if missing:
            raise CasebookError("A row belongs to a compartment that you do not hold.")
        places = _places(len(self._fresh))
        place_of = dict(zip(self._fresh, places, strict=True)) if len(by_compartment) > 1 else None
        testimonies, provenances = self._provenances()
        subjects = self._subjects()
        tellings = {
            number: testimonies[key[0]] for key, number in spool.provenances.items() if key[0] in testimonies
        }
        for compartment, numbers in by_compartment.items():
            where = places if place_of is None else [place_of[number] for number in numbers]
            self._statements(compartment, numbers, where, subjects, tellings, provenances)

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

    def _subjects(self) -> dict[int, str]:
        """The ids of subjects by number; new ones are entered."""
        spool = self._spool
        used = {spool.subject[number] for number in self._fresh}
        out: dict[int, str] = {}
        for compartment in self._schemas:
            chosen = {
                (label, kind): number
                for (where, label, kind), number in spool.subjects.items()
                if where == compartment and number in used
            }
            bodies: dict[tuple[str, ...], bytes] = {
                (label, kind): _encode(stored.Subject(label, cast("SubjectKind", kind)))
                for label, kind in chosen
            }
            for key, id_ in self._named(compartment, SUBJECT, bodies).items():
                out[chosen[key[0], key[1]]] = id_
        return out

    def _named(
        self, compartment: str, kind: str, bodies: dict[tuple[str, ...], bytes]
    ) -> dict[tuple[str, ...], str]:
        """The ids of the records that stand for these keys; those that are not there are entered."""
        if not bodies:
            return {}
        schema = self._schemas[compartment]
        keys = {tables.name_key(kind, *parts): parts for parts in bodies}
        there = tables.names(self._connection, schema, keys.keys())
        out = {keys[key]: id_ for key, id_ in there.items()}
        new = [key for key in keys if key not in there]
        ids = new_ids(len(new))
        self._batch.append(
            compartment, kind, [(id_, 0, bodies[keys[key]]) for key, id_ in zip(new, ids, strict=True)]
        )
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
        tellings: dict[int, str],
        provenances: dict[int, str],
    ) -> None:
        spool, batch = self._spool, self._batch
        schema = self._schemas[compartment]
        first = batch.next_seq(compartment)
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            rows = []
            for number, place, id_ in zip(chunk, places[start:], new_ids(len(chunk)), strict=False):
                origin = spool.provenance[number]
                body = stored.body(
                    spool.cells[number],
                    subjects[spool.subject[number]],
                    tellings[origin],
                    provenances[origin],
                )
                rows.append((id_, place, body))
            batch.append(compartment, STATEMENT, rows)
        tables.enter_statements(
            self._connection,
            schema,
            [
                (spool.statements[number], seq, spool.digests[number])
                for seq, number in enumerate(numbers, first)
            ],
        )
        postings = Postings()
        labels = [label for _, label, _ in spool.subjects]
        for seq, number in enumerate(numbers, first):
            label = labels[spool.subject[number]]
            postings.add(seq, label, tellings[spool.provenance[number]], spool.places[number])
            if number in spool.references:
                postings.refer(seq, spool.references[number])
            if number in spool.counts:
                postings.count(seq, tellings[spool.provenance[number]])
            if number in spool.told:
                postings.date(tellings[spool.provenance[number]], spool.told[number])
            if number in spool.corrects:
                postings.correct(seq, spool.corrects[number])
        postings.enter(self._connection, schema, first)


def enter_judgement(store: Store, judgement: Judgement) -> None:
    """Adds a judgement to the compartment of the statement it is on; one that names a source
    lies with the sources."""
    with store.write() as connection:
        where = "source" if judgement.source else _compartment_of(store, connection, judgement.statement)
        (id_,) = new_ids(1)
        (place,) = _places(1)
        Batch(store, connection).append(where, JUDGEMENT, [(id_, place, _encode(judgement))])


def _compartment_of(store: Store, connection: Connection, statement: str) -> str:
    for compartment, schema in store.schemas.items():
        if tables.statements(connection, schema, {statement}):
            return compartment
    return "testimony"


class Postings:
    """The lists of one batch in one compartment, being gathered."""

    def __init__(self) -> None:
        self._seqs: dict[str, list[int]] = {}
        self._words: dict[str, dict[str, None]] = {}

    def add(self, seq: int, subject: str, testimony: str, place: str) -> None:
        """A statement about ``subject``, told in ``testimony``, at ``place``."""
        seqs = self._seqs
        key = tables.SUBJECT + subject
        if key in seqs:
            seqs[key].append(seq)
        else:
            seqs[key] = [seq]
        key = tables.TELLING + testimony
        if key in seqs:
            seqs[key].append(seq)
        else:
            seqs[key] = [seq]
        if place:
            key = tables.PLACE + place
            words = self._words
            if key in words:
                words[key][subject] = None
            else:
                words[key] = {subject: None}

    def refer(self, seq: int, subjects: tuple[str, ...]) -> None:
        """The statement may refer to events of ``subjects``."""
        for subject in dict.fromkeys(subjects):
            self._seqs.setdefault(tables.REFERENCE + subject, []).append(seq)

    def count(self, seq: int, testimony: str) -> None:
        """The statement counts from the day of the telling."""
        self._seqs.setdefault(tables.COUNTS + testimony, []).append(seq)

    def date(self, testimony: str, told: str) -> None:
        """A statement gives ``told`` as the date of the telling."""
        self._words.setdefault(tables.TOLD + testimony, {})[told] = None

    def correct(self, seq: int, statement: str) -> None:
        """The statement corrects ``statement``."""
        self._seqs.setdefault(tables.CORRECTION + statement, []).append(seq)

    def enter(self, connection: Connection, schema: str, first: int) -> None:
        """Writes the lists; ``first`` is the ``seq`` of the batch's first statement."""
        tables.enter_postings(connection, schema, {**self._seqs, **self._words}, first)


def _places(count: int) -> list[int]:
    """Random numbers in ascending order."""
    numbers = array("Q", os.urandom(8 * count))
    return sorted(number >> 1 for number in numbers)
