"""Intake: spooled statements become records of their compartments, and their index is kept in step."""

from __future__ import annotations

import os
from array import array
from collections import defaultdict
from functools import cache
from itertools import chain, count
from typing import TYPE_CHECKING, cast

import msgspec

from estelik.errors import CasebookError
from estelik.ids import new_ids
from estelik.index import tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from estelik.index.spool import Spool
    from estelik.index.tables import Name
    from estelik.records import Judgement, SubjectKind
    from estelik.vault.store import Store

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
    digests = _Digests(spool)
    with store.write() as connection:
        fresh = _fresh(store, connection, spool, digests)
        if fresh:
            with Inserts(connection) as inserts:
                _Entry(store, connection, inserts, spool, fresh, digests).write()
    return [spool.statements[number] for number in fresh], len(spool) - len(fresh)


def _fresh(store: Store, connection: Connection, spool: Spool, digests: _Digests) -> Sequence[int]:
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
        elif known != digests.of(number):
            raise CasebookError(
                "A statement with the id of one of the rows is there already, and says something else.",
                do="Give the row an id of its own and name the earlier one under corrects.",
            )
    return fresh


class _Digests:
    """The digests of spooled statements."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._subjects = [stored.about(label, kind) for _, label, kind in spool.subjects]
        self._origins = [
            stored.origin(spool.tellings[telling][0], source, via)
            for telling, source, via, _ in spool.provenances
        ]

    def of(self, number: int) -> bytes:
        spool = self._spool
        subject, origin = self._subjects[spool.subject[number]], self._origins[spool.provenance[number]]
        return stored.digested(spool.cells[number], subject, origin)


class _Entry:
    """One spool being written as one batch."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        inserts: Inserts,
        spool: Spool,
        fresh: Sequence[int],
        digests: _Digests,
    ) -> None:
        self._schemas = store.schemas
        self._connection = connection
        self._inserts = inserts
        self._batch = Batch(store, connection, inserts)
        self._spool = spool
        self._fresh = fresh
        self._digests = digests
        #: The schemas that held no name before this batch: no key of it need be looked for there.
        self._nameless = {
            schema for schema in store.schemas.values() if not tables.any_name(connection, schema)
        }

    def write(self) -> None:
        spool = self._spool
        where = [compartment for compartment, _, _ in spool.subjects]
        by_compartment: dict[str, array[int]] = {}
        for number in self._fresh:
            by_compartment.setdefault(where[spool.subject[number]], array("l")).append(number)
        if by_compartment.keys() - self._schemas.keys():
            raise CasebookError("A row belongs to a compartment that you do not hold.")
        places = array("q", bytes(8 * len(spool)))
        for number, place in zip(self._fresh, _places(len(self._fresh)), strict=True):
            places[number] = place
        testimonies, provenances = self._provenances()
        subjects = self._subjects(places)
        origins = {
            number: (testimonies[telling], provenances[number])
            for (telling, *_), number in spool.provenances.items()
            if number in provenances
        }
        for compartment, numbers in by_compartment.items():
            self._statements(compartment, numbers, places, subjects, origins)

    def _provenances(self) -> tuple[dict[str, str], dict[int, str]]:
        """The ids of testimonies by telling, and of provenances by number ("" where there need be none);
        new ones are entered."""
        spool = self._spool
        if "source" not in self._schemas:
            raise CasebookError("Without the compartment of sources nothing can be entered.")
        used = {spool.provenance[number] for number in self._fresh}
        chains = {key: number for key, number in spool.provenances.items() if number in used}
        direct = {
            number: telling
            for (telling, _, via, written), number in chains.items()
            if stored.told_directly(spool.tellings[telling][0], via, written)
        }
        tellings = {key[0]: spool.tellings[key[0]] for key in chains}
        labels = {source for _, source, _, _ in chains} - {""}
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
                (by_telling[telling], source, via, *chain(*written)): _encode(
                    stored.Provenance(by_telling[telling], ids[source], via, written)
                )
                for (telling, source, via, written), number in chains.items()
                if number not in direct
            },
        )
        return by_telling, {
            number: ""
            if number in direct
            else provenances[(by_telling[telling], source, via, *chain(*written))]
            for (telling, source, via, written), number in chains.items()
        }

    def _subjects(self, places: array[int]) -> dict[int, str]:
        """The ids of subjects by number; new ones are entered, each where its first statement is."""
        spool = self._spool
        used = {spool.subject[number]: places[number] for number in reversed(self._fresh)}
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
        keys = dict(zip(tables.names_of(kind, bodies), bodies, strict=True))
        there = {} if schema in self._nameless else self._names(schema, keys)
        out = {keys[key]: id_ for key, id_ in there.items()}
        # In the order of their ids, in which nothing else is ordered: the index of ids is then gone through
        # once, and the number of a record tells nothing.
        fresh = sorted(
            zip(new_ids(len(keys) - len(there)), [key for key in keys if key not in there], strict=True)
        )
        parts = [keys[key] for _, key in fresh]
        self._batch.append(
            compartment,
            kind,
            [id_ for id_, _ in fresh],
            [places.get(one, 0) for one in parts],
            [bodies[one] for one in parts],
        )
        tables.enter_names(self._inserts, schema, {key: id_ for id_, key in fresh})
        out.update(zip(parts, [id_ for id_, _ in fresh], strict=True))
        return out

    def _names(self, schema: str, wanted: Collection[Name]) -> dict[Name, str]:
        self._inserts.wait()
        return tables.names(self._connection, schema, wanted)

    def _statements(
        self,
        compartment: str,
        numbers: array[int],
        places: array[int],
        subjects: dict[int, str],
        origins: dict[int, tuple[str, str]],
    ) -> None:
        spool, batch, schema = self._spool, self._batch, self._schemas[compartment]
        manners = list(spool.manners)
        first = batch.next_seq(compartment)
        # Ascending like the ``seq`` beside them, so that the index of ids grows at its end. Nothing outside
        # this file names them; ids that other compartments name stay in no order.
        ids = sorted(new_ids(len(numbers)))
        # Entered at once and in order: a page of the index is then written once, not with every chunk.
        rows: list[tuple[int, int, int, str]] = []
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
            seq = batch.append(compartment, STATEMENT, ids[start : start + _CHUNK], order, bodies)
            names = tables.names_of(STATEMENT, [(spool.statements[number],) for number in chunk])
            digests = map(self._digests.of, chunk)
            rows += [
                (key, proof, seq, digest.hex())
                for seq, (key, proof), digest in zip(count(seq), names, digests, strict=False)
            ]
            for number in chunk:
                spool.cells[number] = ""
        tables.enter_statements(self._inserts, schema, rows)
        del rows
        tables.enter_postings(
            self._inserts, schema, self._postings(compartment, numbers, first, origins), first
        )

    def _postings(
        self, compartment: str, numbers: array[int], first: int, origins: dict[int, tuple[str, str]]
    ) -> dict[int, Collection[object]]:
        spool, lists = self._spool, Postings()
        about: defaultdict[int, list[int]] = defaultdict(list)
        told_in: defaultdict[int, list[int]] = defaultdict(list)
        at: set[int] = set()
        width = len(spool.subjects)
        for seq, number in enumerate(numbers, first):
            subject, place = spool.subject[number], spool.place[number]
            about[subject].append(seq)
            told_in[spool.provenance[number]].append(seq)
            if place:
                at.add(place * width + subject)
        rare = spool.references.keys() | spool.counts | spool.corrects.keys()
        of = {number: seq for seq, number in enumerate(numbers, first) if number in rare}
        for number in spool.references.keys() & of.keys():
            lists.refer(of[number], spool.references[number])
        for number in spool.counts & of.keys():
            lists.count(of[number], origins[spool.provenance[number]][0])
        for number in spool.corrects.keys() & of.keys():
            lists.correct(of[number], spool.corrects[number])
        labels = [label for _, label, _ in spool.subjects]
        where = [name for name, _, _ in spool.subjects]
        words = list(spool.places)
        for subject, seqs in about.items():
            lists.about(labels[subject], seqs)
        for origin, seqs in told_in.items():
            lists.told_in(origins[origin][0], seqs)
        for subject, origin, told in spool.dates:
            if where[subject] == compartment and origin in origins:
                lists.date(origins[origin][0], told)
        for number in at:
            lists.at(words[number // width], labels[number % width])
        return lists.all()


def enter_judgement(store: Store, judgement: Judgement) -> None:
    """Adds a judgement to the compartment of the statement it is on; one that names a source
    lies with the sources."""
    with store.write() as connection, Inserts(connection) as inserts:
        where = "source" if judgement.source else _compartment_of(store, connection, judgement.statement)
        batch = Batch(store, connection, inserts)
        seq = batch.append(where, JUDGEMENT, new_ids(1), _places(1), [_encode(judgement)])
        lists = {tables.term(tables.JUDGEMENT, ""): [seq]}
        tables.enter_postings(inserts, store.schemas[where], lists, seq)


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

    def judge(self, seq: int) -> None:
        """The record at ``seq`` is a judgement."""
        self._seqs(tables.JUDGEMENT, "").append(seq)

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
