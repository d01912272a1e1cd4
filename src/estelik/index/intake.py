"""Intake: spooled statements become records of their compartments, and their index is kept in step."""

from __future__ import annotations

from array import array
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import msgspec

from estelik.errors import CasebookError
from estelik.ids import new_ids, new_places
from estelik.index import entries, judged, reach, tables
from estelik.index.catching_up import catch_up
from estelik.records import stored
from estelik.records.judgement import ON_IDENTITY
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from estelik.index.spool import Spool
    from estelik.index.tables import Name
    from estelik.records import Judgement, SubjectKind
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

    #: The words that a record stands for.
    Key = tuple[str, ...]

#: Every so many statements the caller's ``progress`` hears how many there are.
_STEP: Final = 1000
#: How many are written before it is looked whether more of the index is ready.
_PIECE: Final = 20_000
_encoder = msgspec.json.Encoder()


def _encode(record: msgspec.Struct) -> str:
    return _encoder.encode(record).decode()


def enter(
    store: Store,
    spool: Spool,
    progress: Callable[[int], None] = lambda _: None,
    check: Callable[[], object] = lambda: None,
) -> tuple[list[str], int]:
    """Writes what is in the spool and not in the store; gives the ids entered and how many were there.

    ``progress`` is told, every so often, how many are on their way; ``check`` is called while nobody else can
    enter anything: what it raises leaves everything as it was. Raises
    ``CasebookError`` when an id is there with other content.
    """
    if not len(spool):
        return [], 0
    with store.write() as connection, Inserts(connection) as inserts:
        check()
        catch_up(connection, inserts, store.schemas, shared=store.shared)
        inserts.wait()
        fresh = _fresh(store, connection, spool)
        if fresh:
            _Entry(store, connection, inserts, spool, fresh, progress).write()
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
    fresh = array("I")
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
    """Records of one kind that are yet to be entered, in the order of their ids, with the keys that they
    stand for. ``record``: what is stored; ``place``: where in the batch."""

    compartment: str
    kind: str
    fresh: list[tuple[str, Key]]
    record: Callable[[Key], msgspec.Struct]
    place: Callable[[Key], int]


class _Entry:
    """One spool being written as one batch."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        inserts: Inserts,
        spool: Spool,
        fresh: Sequence[int],
        progress: Callable[[int], None],
    ) -> None:
        self._schemas = store.schemas
        self._connection = connection
        self._inserts = inserts
        self._batch = Batch(store, connection, inserts)
        self._spool = spool
        self._fresh = fresh
        self._progress = progress
        self._manners = list(spool.manners)
        #: The schemas that held no name before this batch: no key of it need be looked for there.
        self._nameless = {
            schema for schema in store.schemas.values() if not tables.any_name(connection, schema)
        }

    def write(self) -> None:
        spool = self._spool
        self._progress(0)
        where = [compartment for compartment, _, _ in spool.subjects]
        chosen: dict[str, array[int]] = {}
        for number in self._fresh:
            chosen.setdefault(where[spool.subject[number]], array("I")).append(number)
        if chosen.keys() - self._schemas.keys():
            raise CasebookError(
                "A row belongs to a compartment that you do not hold.",
                do="Give the sheet to somebody who holds it: estelik member list",
            )
        if "source" not in self._schemas:
            raise CasebookError(
                "Rows say who told them, and the names of sources are not open to you.",
                do="Give the sheet to somebody who holds the compartment of sources: estelik member list",
            )
        places = array("q", bytes(8 * len(spool)))
        for number, place in zip(self._fresh, new_places(len(self._fresh)), strict=True):
            places[number] = place
        tellings, origins = self._origins()
        subjects, ids = self._subjects(places)
        first = {
            compartment: self._batch.next_seq(compartment)
            + sum(len(one.fresh) for one in (*tellings, *subjects) if one.compartment == compartment)
            for compartment in chosen
        }
        waiting = [*tellings, *subjects]
        del tellings, subjects
        named = [entries.Named(one.compartment, one.kind, one.fresh) for one in waiting]
        with entries.made(spool, chosen, first, origins, named) as made:
            del named
            for one in waiting:
                self._enter(one)
            del waiting
            done = 0
            for compartment, numbers in chosen.items():
                # Ascending like the ``seq`` beside them, so that the index of ids grows at its end. Nothing
                # outside this file names them; ids that other compartments name stay in no order.
                own = sorted(new_ids(len(numbers)))
                for start in range(0, len(numbers), _PIECE):
                    self._index(made.ready())
                    piece = slice(start, start + _PIECE)
                    self._statements(compartment, own[piece], numbers[piece], places, ids, origins, done)
                    done += len(numbers[piece])
            self._index(made.rest())
        self._inserts.wait()
        for compartment, numbers in chosen.items():
            start, low, high = first[compartment], places[numbers[0]], places[numbers[-1]]
            run = reach.Run(start, start + len(numbers) - 1, self._batch.id, low, high)
            reach.add_runs(self._connection, self._schemas[compartment], [run])
        for compartment, schema in self._schemas.items():
            reach.reach(self._connection, schema, self._batch.next_seq(compartment) - 1)

    def _index(self, found: Iterator[entries.Entries]) -> None:
        enter: dict[str, Callable[[Inserts, str, list[Any]], None]] = {
            "name": tables.enter_names,
            "statement": tables.enter_statements,
            "posting": tables.enter_postings,
        }
        for table, compartment, rows in found:
            enter[table](self._inserts, self._schemas[compartment], rows)

    def _origins(self) -> tuple[list[_Named], dict[int, tuple[str, str]]]:
        """The sources, testimonies and provenances of this batch; and by number in the spool's
        ``provenances`` the ids of the testimony and the provenance, "" where there need be none."""
        spool = self._spool
        used = {spool.provenance[number] for number in self._fresh}
        chains = {number: key for key, number in spool.provenances.items() if number in used}
        tellings = {key[0]: spool.tellings[key[0]] for key in chains.values()}
        labels = sorted({one[1] for one in chains.values()} - {""})
        source_ids, sources = self._named(
            "source", SOURCE, [(label,) for label in labels], lambda key: stored.Source(*key)
        )

        def testimony(key: Key) -> msgspec.Struct:
            label, source, told = tellings[key[0]]
            return stored.Testimony(label, source_ids[source,] if source else "", told)

        telling_ids, testimonies = self._named(
            "source", TESTIMONY, [(telling,) for telling in tellings], testimony
        )
        keys: dict[int, Key] = {}
        bodies: dict[Key, stored.Provenance] = {}
        for number, (telling, source, via, written) in chains.items():
            if not stored.told_directly(tellings[telling][0], via, written):
                own = telling_ids[telling,]
                keys[number] = key = (own, source, via, *chain(*written))
                bodies[key] = stored.Provenance(own, source_ids[source,] if source else "", via, written)
        ids, provenances = self._named("source", PROVENANCE, bodies, bodies.__getitem__)
        return [sources, testimonies, provenances], {
            number: (telling_ids[one[0],], ids[keys[number]] if number in keys else "")
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
        all_named: list[_Named] = []
        out: dict[int, str] = {}
        for compartment, keys in chosen.items():
            at = {key: used[number] for key, number in keys.items()}
            ids, named = self._named(compartment, SUBJECT, keys, _subject, at.__getitem__)
            all_named.append(named)
            out.update((keys[key], id_) for key, id_ in ids.items())
        return all_named, out

    def _named(
        self,
        compartment: str,
        kind: str,
        keys: Collection[Key],
        record: Callable[[Key], msgspec.Struct],
        place: Callable[[Key], int] = lambda _: 0,
    ) -> tuple[dict[Key, str], _Named]:
        """The ids of the records that stand for ``keys``, and those of them that are not there yet."""
        schema = self._schemas[compartment]
        ids: dict[Key, str] = {}
        if schema not in self._nameless and keys:
            names = dict(zip(tables.names_of(kind, keys), keys, strict=True))
            self._inserts.wait()
            there = tables.names(self._connection, schema, names)
            ids = {names[name]: id_ for name, id_ in there.items()}
        lacking = [key for key in keys if key not in ids] if ids else keys
        # In the order of their ids, in which nothing else is ordered: the index of ids is then gone through
        # once, and the number of a record tells nothing.
        fresh = sorted(zip(new_ids(len(lacking)), lacking, strict=True))
        ids.update((key, id_) for id_, key in fresh)
        return ids, _Named(compartment, kind, fresh, record, place)

    def _enter(self, named: _Named) -> None:
        record, place = named.record, named.place
        self._batch.append(
            named.compartment,
            named.kind,
            [id_ for id_, _ in named.fresh],
            (place(key) for _, key in named.fresh),
            (_encode(record(key)) for _, key in named.fresh),
        )

    def _statements(
        self,
        compartment: str,
        ids: list[str],
        numbers: array[int],
        places: array[int],
        subjects: dict[int, str],
        origins: dict[int, tuple[str, str]],
        done: int,
    ) -> None:
        spool = self._spool

        def bodies() -> Iterator[str]:
            for count, number in enumerate(numbers, done):
                if not count % _STEP:
                    self._progress(count)
                manner, subject = self._manners[spool.manner[number]], subjects[spool.subject[number]]
                yield stored.body(spool.cells(number), manner, subject, *origins[spool.provenance[number]])

        self._batch.append(compartment, STATEMENT, ids, (places[number] for number in numbers), bodies())


def _subject(key: Key) -> stored.Subject:
    label, kind = key
    return stored.Subject(label, cast("SubjectKind", kind))


def enter_judgement(store: Store, judgement: Judgement, check: Callable[[], object] = lambda: None) -> None:
    """Adds a judgement to the compartment of the statement it is on; one that names a source
    lies with the sources, one on who is who where ``judged.sealed`` says, and a withdrawal with
    what it withdraws. ``check`` is called while nobody else can enter anything: what it raises leaves
    everything as it was."""
    with store.write() as connection, Inserts(connection) as inserts:
        check()
        catch_up(connection, inserts, store.schemas, shared=store.shared)
        inserts.wait()
        if judgement.decision in ON_IDENTITY:
            where, judgement = judged.sealed(connection, store.schemas, judgement)
        elif judgement.source:
            where = "source"
        else:
            where = _compartment_of(store, connection, judgement)
        if where not in store.schemas:
            raise CasebookError(
                "This decision names a source, and the names of sources are not open to you.",
                do="Ask somebody who holds the compartment of sources: estelik member list",
            )
        batch = Batch(store, connection, inserts)
        seq = batch.append(where, JUDGEMENT, new_ids(1), new_places(1), [_encode(judgement)])
        rows = tables.posting_rows({tables.term(tables.JUDGEMENT, ""): [seq]}, seq)
        tables.enter_postings(inserts, store.schemas[where], rows)
        inserts.wait()
        reach.reach(connection, store.schemas[where], seq)


def _compartment_of(store: Store, connection: Connection, judgement: Judgement) -> str:
    for compartment, schema in store.schemas.items():
        if judgement.withdraws:
            lists = tables.postings(connection, schema, {tables.term(tables.JUDGEMENT, "")})
            sql = f"SELECT body ->> '$.id' FROM {schema}.record WHERE kind = ? AND seq = ?"
            seqs = {seq for _, found in lists for seq in found}
            if any(connection.execute(sql, (JUDGEMENT, seq)).scalar() == judgement.withdraws for seq in seqs):
                return compartment
        elif tables.statements(connection, schema, {tables.name(STATEMENT, judgement.statement)}):
            return compartment
    return "testimony"
