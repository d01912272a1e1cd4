"""Reading statements back: the records of all compartments joined, in order of entry."""

from __future__ import annotations

import heapq
from itertools import chain, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, TypeVar

import msgspec

from estelik.index import reach, tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY, Subject, join
from estelik.vault.tables import FEW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from estelik.records import Judgement, Statement, SubjectKind
    from estelik.records.stored import StoredStatement
    from estelik.vault.connection import Connection

T = TypeVar("T")

_CHUNK = 500
_PAGE = 10_000

#: Where a statement comes from: its testimony's label, its source's label, via, how a row spelled them.
Origin = tuple[str, str, str, tuple[tuple[str, str], ...]]
#: What puts statements of several compartments in order of entry: batch, place in it.
Order = tuple[str, int]


class Labels:
    """What the opaque ids of statements lead to."""

    def __init__(self) -> None:
        self.subjects: dict[str, Subject] = {}
        self.sources: dict[str, str] = {"": ""}
        #: Of testimonies (what was told directly) and of provenances.
        self.testimonies: dict[str, Origin] = {}
        self.provenances: dict[str, Origin] = {}

    def take(self, kind: str, id_: str, body: bytes) -> bool:
        """Keeps what a record says; whether all that it names was taken before: sources come before the
        testimonies that name them, and both before provenances."""
        whole = True
        if kind == SUBJECT:
            self.subjects[id_] = stored.decode_subject(body)
        elif kind == PROVENANCE:
            record = stored.decode_provenance(body)
            telling = self.testimonies.get(record.testimony)
            whole = telling is not None and (not record.source or record.source in self.sources)
            self.provenances[id_] = (
                telling[0] if telling else record.testimony,
                self.sources.get(record.source, record.source),
                record.via,
                record.written,
            )
        elif kind == TESTIMONY:
            testimony = stored.decode_testimony(body)
            source = self.sources.get(testimony.source, testimony.source)
            whole = not testimony.source or testimony.source in self.sources
            self.testimonies[id_] = testimony.label, source, "", ()
        elif kind == SOURCE:
            self.sources[id_] = stored.decode_source(body).label
        return whole

    def resolved(self, record: StoredStatement, *, sources: bool) -> bool:
        """Whether all is there that the ids of a statement lead to; ``sources``: those of sources, too."""
        if record.subject not in self.subjects:
            return False
        told = (
            record.provenance in self.provenances
            if record.provenance
            else record.testimony in self.testimonies
        )
        return told or not sources

    def statement(self, record: StoredStatement) -> Statement:
        """The statement as a reader with these labels sees it.

        Who does not hold the ``source`` compartment sees the opaque id of the
        testimony, and no source. A record that did not come back in a restore
        is seen by its id, too.
        """
        told = (
            self.provenances.get(record.provenance)
            if record.provenance
            else self.testimonies.get(record.testimony)
        ) or (record.testimony, "", "", ())
        subject = self.subjects.get(record.subject) or Subject(record.subject)
        return join(record, subject, *told)


def every(connection: Connection, schemas: Mapping[str, str]) -> Iterator[Statement]:
    """All statements of the compartments in ``schemas``, in order of entry."""
    for _, _, _, statement in every_stored(connection, schemas):
        yield statement


def every_stored(
    connection: Connection, schemas: Mapping[str, str], labels: Labels | None = None
) -> Iterator[tuple[str, int, StoredStatement, Statement]]:
    """All statements in order of entry, each with its compartment, ``seq`` and record; what their ids lead to
    goes to ``labels``."""
    labels = Labels() if labels is None else labels
    if "source" in schemas:
        _take_all(connection, schemas["source"], labels)
    streams = []
    for name, schema in schemas.items():
        stream = _compartment(connection, name, schema, labels)
        head = next(stream, None)
        if head is not None:
            streams.append(chain((head,), stream))
    merged = streams[0] if len(streams) == 1 else heapq.merge(*streams, key=itemgetter(0, 1))
    for _, _, name, seq, record in merged:
        yield name, seq, record, labels.statement(record)


def _take_all(connection: Connection, schema: str, labels: Labels) -> None:
    rows = connection.execute(
        f"SELECT kind, id, CAST(body AS BLOB) FROM {schema}.record WHERE kind IN (?, ?, ?) ORDER BY seq",
        (SOURCE, TESTIMONY, PROVENANCE),
    )
    # What came from another computer may lie before what it names.
    late: list[tuple[str, str, bytes]] = []
    for page in rows.partitions(_PAGE):
        late += [(kind, id_, body) for kind, id_, body in page if not labels.take(kind, id_, body)]
    for wanted in (TESTIMONY, PROVENANCE):
        for kind, id_, body in late:
            if kind == wanted:
                labels.take(kind, id_, body)


def _compartment(
    connection: Connection, name: str, schema: str, labels: Labels
) -> Iterator[tuple[str, int, str, int, StoredStatement]]:
    runs = reach.runs(connection, schema)
    if any(before[0].first > after[0].first for before, after in pairwise(runs)) or any(
        len(together) > 1 for together in runs
    ):
        yield from _by_runs(connection, name, schema, labels, runs)
        return
    # A subject's record comes before those of the statements about it: one pass does for both.
    rows = connection.execute(
        f"SELECT seq, batch, place, iif(kind = ?, id, NULL), CAST(body AS BLOB) FROM {schema}.record "
        "WHERE kind IN (?, ?) ORDER BY seq",
        (SUBJECT, SUBJECT, STATEMENT),
    )
    decode = stored.decode_statement
    for page in rows.partitions(_PAGE):
        for seq, batch, place, id_, body in page:
            if id_ is None:
                yield batch, place, name, seq, decode(body)
            else:
                labels.take(SUBJECT, id_, body)


def _by_runs(
    connection: Connection, name: str, schema: str, labels: Labels, runs: list[list[reach.Run]]
) -> Iterator[tuple[str, int, str, int, StoredStatement]]:
    """The statements of a compartment in whose file they do not lie in order of entry."""
    named = connection.execute(
        f"SELECT id, CAST(body AS BLOB) FROM {schema}.record WHERE kind = ?", (SUBJECT,)
    )
    for page in named.partitions(_PAGE):
        for id_, body in page:
            labels.take(SUBJECT, id_, body)

    def run_of(run: reach.Run) -> Iterator[tuple[str, int, str, int, StoredStatement]]:
        rows = connection.execute(
            f"SELECT seq, batch, place, CAST(body AS BLOB) FROM {schema}.record "
            "WHERE kind = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            (STATEMENT, run.first, run.last),
        )
        for page in rows.partitions(_PAGE):
            for seq, batch, place, body in page:
                yield batch, place, name, seq, stored.decode_statement(body)

    for together in runs:
        yield from heapq.merge(*map(run_of, together), key=itemgetter(1))


def subjects(
    connection: Connection, schemas: Mapping[str, str], kind: SubjectKind | None = None
) -> list[str]:
    """The labels of all subjects, or of those of one kind, in order of entry, each once."""
    found: list[tuple[str, int, str]] = []
    for schema in schemas.values():
        rows = connection.execute(
            f"SELECT batch, place, CAST(body AS BLOB) FROM {schema}.record WHERE kind = ?",
            (SUBJECT,),
        )
        for batch, place, body in rows:
            subject = stored.decode_subject(body)
            if kind in (None, subject.kind):
                found.append((batch, place, subject.label))
    found.sort()
    return list(dict.fromkeys(label for _, _, label in found))


def of_records(connection: Connection, schemas: Mapping[str, str], ids: Collection[str]) -> list[Statement]:
    """The statements of the records with these ids, in order of entry."""
    reader = Reader(connection, schemas)
    for name, schema in schemas.items():
        for chunk in _chunks(sorted(ids)):
            rows = connection.execute(
                f"SELECT seq FROM {schema}.record WHERE kind = ? AND id IN ({_marks(chunk)})",
                (STATEMENT, *chunk),
            )
            reader.read({name: list(rows.scalars())})
    return reader.in_order()


def tellings(
    connection: Connection, schemas: Mapping[str, str], ids: Collection[str]
) -> dict[str, tuple[str, str, str]]:
    """What stands behind those of these ids that are a telling's: its label, or who told and when."""
    labels, found = Labels(), dict[str, stored.Testimony]()
    for kind in (TESTIMONY, SOURCE) if "source" in schemas else ():
        wanted = ids if kind == TESTIMONY else {one.source for one in found.values()}
        for chunk in _chunks(sorted(wanted)):
            rows = connection.execute(
                f"SELECT id, CAST(body AS BLOB) FROM {schemas['source']}.record "
                f"WHERE kind = ? AND id IN ({_marks(chunk)})",
                (kind, *chunk),
            )
            for id_, body in rows:
                if kind == TESTIMONY:
                    found[id_] = stored.decode_testimony(body)
                else:
                    labels.take(SOURCE, id_, body)
    return {
        id_: (one.label, labels.sources.get(one.source, one.source), one.told) for id_, one in found.items()
    }


def sources_mark(connection: Connection, schemas: Mapping[str, str]) -> tuple[int, int]:
    """What stays as long as ``sources`` does: the ``seq`` of the last one, and how much was erased."""
    if "source" not in schemas:
        return 0, 0
    schema = schemas["source"]
    last: int = connection.execute(
        f"SELECT coalesce(max(seq), 0) FROM {schema}.record WHERE {FEW} AND kind = ?", (SOURCE,)
    ).scalar_one()
    return last, connection.execute(f"SELECT count(*) FROM {schema}.erased").scalar_one()


def sources(connection: Connection, schemas: Mapping[str, str], since: int = 0) -> list[str]:
    """The labels of all sources that were entered after the ``seq`` ``since``, in that order; none where this
    member does not hold them."""
    if "source" not in schemas:
        return []
    rows = connection.execute(
        f"SELECT CAST(body AS BLOB) FROM {schemas['source']}.record "
        f"WHERE {FEW} AND kind = ? AND seq > ? ORDER BY seq",
        (SOURCE, since),
    )
    return [stored.decode_source(body).label for (body,) in rows]


def judgements(
    connection: Connection, schemas: Mapping[str, str], without: Collection[str] = ()
) -> list[Judgement]:
    """All judgements, in order of entry; ``without`` these records."""
    found = [
        row for schema in schemas.values() for row in judged(connection, schema) if row[0] not in without
    ]
    found.sort(key=itemgetter(1, 2))
    return [stored.decode_judgement(body) for *_, body in found]


def judged(connection: Connection, schema: str) -> Iterator[tuple[str, str, int, bytes]]:
    """Of each judgement in a compartment the id of its record, batch, place, body."""
    lists = tables.postings(connection, schema, {tables.term(tables.JUDGEMENT, "")})
    for chunk in _chunks(sorted({seq for _, seqs in lists for seq in seqs})):
        yield from connection.execute(
            f"SELECT id, batch, place, CAST(body AS BLOB) FROM {schema}.record "
            f"WHERE kind = ? AND seq IN ({_marks(chunk)})",
            (JUDGEMENT, *chunk),
        )


class Reader:
    """Reads chosen statements, and keeps what it has read for as long as its connection is open."""

    def __init__(self, connection: Connection, schemas: Mapping[str, str]) -> None:
        self._connection = connection
        self._schemas = schemas
        self._labels = Labels()
        self._read: dict[tuple[str, int], tuple[Order, StoredStatement, Statement]] = {}

    def read(self, wanted: Mapping[str, Collection[int]]) -> list[tuple[StoredStatement, Statement]]:
        """The statements at these ``seq`` of each compartment that were not read before."""
        fresh: list[tuple[str, int, Order, StoredStatement]] = []
        for name, seqs in wanted.items():
            missing = sorted(seq for seq in seqs if (name, seq) not in self._read)
            for chunk in _chunks(missing):
                rows = self._connection.execute(
                    f"SELECT seq, batch, place, CAST(body AS BLOB) FROM {self._schemas[name]}.record "
                    "WHERE kind = ? AND seq IN (SELECT value FROM json_each(?))",
                    (STATEMENT, _listed(chunk)),
                )
                fresh.extend(
                    (name, seq, (batch, place), stored.decode_statement(body))
                    for seq, batch, place, body in rows
                )
        self._resolve([(name, record) for name, _, _, record in fresh])
        out = []
        for name, seq, order, record in fresh:
            statement = self._labels.statement(record)
            self._read[name, seq] = order, record, statement
            out.append((record, statement))
        return out

    def read_at(self, name: str, seqs: list[int]) -> list[tuple[int, StoredStatement, Statement]]:
        """The statements at these ``seq`` of one compartment, each read anew."""
        for seq in seqs:
            self._read.pop((name, seq), None)
        self.read({name: seqs})
        found = [(seq, self._read.pop((name, seq))) for seq in seqs if (name, seq) in self._read]
        return [(seq, record, statement) for seq, (_, record, statement) in found]

    def resolved(self, record: StoredStatement) -> bool:
        """Whether all is there that the ids of a statement lead to."""
        return self._labels.resolved(record, sources="source" in self._schemas)

    def in_order(self) -> list[Statement]:
        """All that was read, in order of entry."""
        return [statement for _, _, statement in sorted(self._read.values(), key=itemgetter(0))]

    def entries(self) -> list[tuple[str, int, StoredStatement, Statement]]:
        """All that was read, in order of entry: compartment, ``seq``, record, statement."""
        ordered = sorted(self._read.items(), key=lambda one: one[1][0])
        return [(name, seq, record, statement) for (name, seq), (_, record, statement) in ordered]

    def _resolve(self, records: list[tuple[str, StoredStatement]]) -> None:
        labels = self._labels
        for name in self._schemas:
            self._fetch(name, {r.subject for where, r in records if where == name} - labels.subjects.keys())
        if "source" not in self._schemas:
            return
        wanted = {record.provenance for _, record in records} - labels.provenances.keys() - {""}
        provenances = self._rows("source", wanted)
        chains = [stored.decode_provenance(body) for _, _, body in provenances]
        wanted = {record.testimony for _, record in records} | {record.testimony for record in chains}
        tellings = self._rows("source", wanted - labels.testimonies.keys())
        wanted = {record.source for record in chains}
        wanted |= {stored.decode_testimony(body).source for _, _, body in tellings}
        self._fetch("source", wanted - labels.sources.keys())
        for kind, id_, body in (*tellings, *provenances):
            labels.take(kind, id_, body)

    def _fetch(self, name: str, ids: set[str]) -> None:
        for kind, id_, body in self._rows(name, ids):
            self._labels.take(kind, id_, body)

    def _rows(self, name: str, ids: set[str]) -> list[tuple[str, str, bytes]]:
        out: list[tuple[str, str, bytes]] = []
        for chunk in _chunks(sorted(ids)):
            rows = self._connection.execute(
                f"SELECT kind, id, CAST(body AS BLOB) FROM {self._schemas[name]}.record "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (_listed(chunk),),
            )
            out.extend((kind, id_, body) for kind, id_, body in rows)
        return out


def _chunks(values: list[T]) -> Iterator[tuple[T, ...]]:
    for start in range(0, len(values), _CHUNK):
        yield tuple(values[start : start + _CHUNK])


def _marks(chunk: tuple[object, ...]) -> str:
    return ", ".join("?" * len(chunk))


def _listed(chunk: tuple[object, ...]) -> str:
    """For a query whose words stay the same however many are asked for: it is read once, and kept."""
    return msgspec.json.encode(chunk).decode()
