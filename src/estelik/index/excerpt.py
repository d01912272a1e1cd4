"""Excerpts: the records that chosen lives need, read out of one store and entered in another, empty one.

A record keeps its id and its words. When it was entered, with what, and at
which place is left behind: from the distance of two places could be told how
much lay between them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.identity.resolution import resolve
from estelik.ids import new_places
from estelik.index import rebuild, tables
from estelik.index.group import walk
from estelik.index.judged import verdicts
from estelik.index.reader import Reader, judgements
from estelik.records import evidence as evidence_records
from estelik.records import stored
from estelik.records.evidence import EVIDENCE, Accession, Evidence
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.vault import tables as vault_tables
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.index.reader import Order
    from estelik.records import Judgement, Statement
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

_CHUNK = 500
#: In this order the records of a compartment lie in its file: what others name comes first.
_KINDS = (SOURCE, TESTIMONY, PROVENANCE, SUBJECT, STATEMENT, JUDGEMENT, EVIDENCE)


class Row(NamedTuple):
    """A record: its compartment, kind, id, when it was entered, its body."""

    compartment: str
    kind: str
    id: str
    order: Order
    body: str


class Excerpt(NamedTuple):
    """Records, and what a reader of these alone sees in them; ``missing``: chosen subjects of whom nothing is
    recorded there; ``files``: how many files of evidence are among them."""

    rows: list[Row]
    statements: list[Statement]
    judgements: list[Judgement]
    missing: list[str]
    files: int


def chosen(
    store: Store,
    subjects: Sequence[str],
    compartments: Collection[str],
    *,
    evidence: bool = False,
    without: Collection[str] = (),
    unseen: Collection[str] = (),
) -> Excerpt:
    """What a member who holds these ``compartments`` and no other needs to reason about these subjects: the
    statements of their groups (``index.group``), the records that these name, and the decisions on them;
    with ``evidence`` all that is recorded of files that bear on them. ``without``: statements (ids of their
    own) that are left out; ``unseen``: records of evidence that are."""
    rows: dict[tuple[str, str], Row] = {}
    seqs: dict[str, set[int]] = {}
    missing = []
    with store.read() as connection:
        schemas = {name: schema for name, schema in store.schemas.items() if name in compartments}
        judged_there = verdicts(connection, schemas, judgements(connection, schemas, unseen))
        who = resolve(judged_there)
        whole = Reader(connection, schemas)
        for subject in dict.fromkeys(subjects):
            reader = Reader(connection, schemas)
            if not walk(connection, schemas, reader, subject, who):
                missing.append(subject)
                continue
            for name, seq, _, statement in reader.entries():
                if statement.statement not in without:
                    seqs.setdefault(name, set()).add(seq)
        whole.read(seqs)
        records = whole.entries()
        for name, found in seqs.items():
            _take(rows, _at(connection, name, schemas[name], found))
        for name, schema in schemas.items():
            _take(rows, _by_id(connection, name, schema, {r.subject for n, _, r, _ in records if n == name}))
        if "source" in schemas:
            named = {r.testimony for _, _, r, _ in records} | {r.provenance for _, _, r, _ in records}
            _take(rows, _sources(connection, schemas["source"], named))
        statements = [statement for *_, statement in records]
        going = {key for one in statements for key in (one.about, one.subject, who.key(one))}
        on_identity = {one.id for one in judged_there if {one.one, one.other} <= going}
        decided = _judgements(connection, schemas, statements, on_identity)
        _take(rows, (row for row, _ in decided))
        files = _evidence(connection, schemas, statements, unseen) if evidence else []
        _take(rows, files)
    count = sum(isinstance(evidence_records.decode(row.body), Evidence) for row in files)
    return Excerpt(list(rows.values()), statements, [judgement for _, judgement in decided], missing, count)


def enter(store: Store, rows: Collection[Row]) -> None:
    """Enters the rows of an excerpt in an empty store, in their order, as one batch."""
    ranked = sorted(
        (row for row in rows if row.kind in (STATEMENT, JUDGEMENT, EVIDENCE)),
        key=lambda row: (_KINDS.index(row.kind), row.order),
    )
    numbers = new_places(len(ranked))
    places = {row.id: place for row, place in zip(ranked, numbers, strict=True)}
    for row in reversed(ranked):
        if row.kind == STATEMENT:
            # A subject stands where it is first spoken of.
            places[stored.decode_statement(row.body.encode()).subject] = places[row.id]
    with store.write() as connection, Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        for compartment in store.held:
            for kind in _KINDS:
                some = [row for row in rows if (row.compartment, row.kind) == (compartment, kind)]
                # What has no order of its own is put in that of its ids: how it lay before is not to be seen.
                some.sort(key=lambda row: (places.get(row.id, 0), row.id))
                where = [places.get(row.id, 0) for row in some]
                batch.append(compartment, kind, [row.id for row in some], where, [row.body for row in some])
    rebuild.rebuild(store)


def every(store: Store) -> Iterator[Row]:
    """All records of a store."""
    with store.read() as connection:
        for name, schema in store.schemas.items():
            yield from _rows(connection, name, schema, "1", ())


def known(store: Store, compartment: str, ids: Collection[str]) -> dict[str, str]:
    """The bodies of those of these records that are in a compartment, by their ids."""
    with store.read() as connection:
        return {row.id: row.body for row in _by_id(connection, compartment, store.schemas[compartment], ids)}


def _take(rows: dict[tuple[str, str], Row], some: Iterable[Row]) -> None:
    rows.update(((row.compartment, row.id), row) for row in some)


def _rows(
    connection: Connection, name: str, schema: str, condition: str, values: tuple[object, ...]
) -> list[Row]:
    found = connection.execute(
        f"SELECT kind, id, batch, place, body FROM {schema}.record WHERE {condition} ORDER BY seq", values
    )
    return [Row(name, kind, id_, (batch, place), body) for kind, id_, batch, place, body in found]


def _some(
    connection: Connection, name: str, schema: str, column: str, values: Iterable[object]
) -> Iterator[Row]:
    ordered = sorted(values)  # type: ignore[type-var]
    for start in range(0, len(ordered), _CHUNK):
        chunk = tuple(ordered[start : start + _CHUNK])
        yield from _rows(connection, name, schema, f"{column} IN ({', '.join('?' * len(chunk))})", chunk)


def _at(connection: Connection, name: str, schema: str, seqs: Iterable[int]) -> Iterator[Row]:
    return _some(connection, name, schema, "seq", seqs)


def _by_id(connection: Connection, name: str, schema: str, ids: Iterable[str]) -> Iterator[Row]:
    return _some(connection, name, schema, "id", ids)


def _sources(connection: Connection, schema: str, named: set[str]) -> Iterator[Row]:
    """The tellings and provenances of these ids, and all that they name."""
    rest, done = named - {""}, set[str]()
    while rest:
        done |= rest
        leading: set[str] = set()
        for row in _by_id(connection, "source", schema, rest):
            yield row
            if row.kind == TESTIMONY:
                leading.add(stored.decode_testimony(row.body.encode()).source)
            elif row.kind == PROVENANCE:
                provenance = stored.decode_provenance(row.body.encode())
                leading |= {provenance.testimony, provenance.source}
        rest = leading - done - {""}


def _judgements(
    connection: Connection,
    schemas: Mapping[str, str],
    statements: Sequence[Statement],
    on_identity: Collection[str],
) -> list[tuple[Row, Judgement]]:
    """The decisions on these statements and on questions about whom they are about, those ``on_identity``
    (ids), and those that withdraw one of these."""
    found: list[tuple[Row, Judgement]] = []
    for name, schema in schemas.items():
        lists = tables.postings(connection, schema, {tables.term(tables.JUDGEMENT, "")})
        rows = _at(connection, name, schema, {seq for _, seqs in lists for seq in seqs})
        found += [(row, stored.decode_judgement(row.body.encode())) for row in rows if row.kind == JUDGEMENT]
    ids, subjects = {one.statement for one in statements}, {one.about for one in statements}
    on = {
        one.id for _, one in found if one.statement in ids or one.subject in subjects or one.id in on_identity
    }
    out = [pair for pair in found if pair[1].id in on or pair[1].withdraws in on]
    return sorted(out, key=lambda pair: pair[0].order)


def _evidence(
    connection: Connection,
    schemas: Mapping[str, str],
    statements: Sequence[Statement],
    unseen: Collection[str],
) -> list[Row]:
    """All that is recorded of files that bear on these statements, or on whom they are about; but for what
    is ``unseen``."""
    rows = [
        row
        for name, schema in schemas.items()
        for row in _rows(connection, name, schema, vault_tables.EVIDENCE, ())
        if row.id not in unseen
    ]
    bodies = {(row.compartment, row.id): evidence_records.decode(row.body) for row in rows}
    ids, subjects = {one.statement for one in statements}, {one.about for one in statements}
    files = {id_ for (_, id_), one in bodies.items() if isinstance(one, Evidence)}
    wanted = {
        one.evidence
        for one in bodies.values()
        if isinstance(one, evidence_records.Relation) and (one.subject in subjects or one.statement in ids)
    } & files
    out, brought = [], set[str]()
    for row in rows:
        one = bodies[row.compartment, row.id]
        if (row.id if isinstance(one, Evidence) else one.evidence) not in wanted:
            continue
        # What else a file bears on is not for this journey.
        if (
            isinstance(one, evidence_records.Relation)
            and one.subject not in subjects
            and one.statement not in ids
        ):
            continue
        if isinstance(one, Accession):
            brought.add(one.source)
        out.append(row)
    if "source" in schemas:
        out += _by_id(connection, "source", schemas["source"], brought - {""})
    return out


def replaced(record: evidence_records.Record, same: Mapping[str, str]) -> evidence_records.Record:
    """A record that belongs to evidence, with the ids of files that are the ``same`` by another id."""
    assert not isinstance(record, Evidence)  # noqa: S101 (it belongs to one)
    of = same.get(record.evidence, record.evidence)
    if isinstance(record, evidence_records.Derivation) and record.result in same:
        return msgspec.structs.replace(record, evidence=of, result=same[record.result])
    return msgspec.structs.replace(record, evidence=of)
