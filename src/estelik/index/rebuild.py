"""Rebuilding the index from the records alone."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from estelik.index import tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, PROVENANCE, SOURCE, STATEMENT, SUBJECT, TESTIMONY
from estelik.records.vocabulary import TOLD

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from estelik.vault.store import Store


def rebuild(store: Store) -> None:
    """Drops the index of every compartment and makes it anew, in one transaction."""
    # Late: every opening asks whether the index is complete, hardly one makes it.
    from estelik.index.postings import Postings
    from estelik.index.reader import every_stored
    from estelik.index.spool import referred
    from estelik.vault.inserts import Inserts

    with store.write() as connection, Inserts(connection) as inserts:
        schemas = store.schemas
        tables.drop(connection, schemas.values())
        tables.create(connection, schemas.values())
        names = {name: _names(connection, schema) for name, schema in schemas.items()}
        postings = {name: Postings() for name in schemas}
        rows: dict[str, list[tuple[int, int, int, str]]] = {name: [] for name in schemas}
        for name, seq, record, statement in every_stored(connection, schemas):
            own = tables.name(STATEMENT, statement.statement)
            rows[name].append((*own, seq, stored.digest(statement).hex()))
            lists = postings[name]
            lists.about(statement.about, [seq])
            lists.told_in(record.testimony, [seq])
            if statement.place:
                lists.at(statement.place, statement.about)
            lists.refer(seq, tuple(referred(statement)))
            if TOLD in (statement.after, statement.before):
                lists.count(seq, record.testimony)
            if statement.told and statement.testimony:
                lists.date(record.testimony, statement.told)
            if statement.corrects:
                lists.correct(seq, statement.corrects)
        for name, schema in schemas.items():
            rows_of = f"SELECT seq FROM {schema}.record WHERE kind = ? ORDER BY seq"
            for seq in connection.exec_driver_sql(rows_of, (JUDGEMENT,)).scalars().all():
                postings[name].judge(seq)
        for name, schema in schemas.items():
            tables.enter_names(inserts, schema, [(*key, id_) for key, id_ in names[name].items()])
            tables.enter_statements(inserts, schema, sorted(rows[name]))
            tables.enter_postings(inserts, schema, tables.posting_rows(postings[name].all(), 1))


def drop(store: Store) -> None:
    """Takes the index away."""
    with store.write() as connection:
        tables.drop(connection, store.schemas.values())


def complete(store: Store) -> bool:
    """Whether the index is there."""
    with store.read() as connection:
        return tables.complete(connection, store.schemas.values())


def _names(connection: Connection, schema: str) -> dict[tables.Name, str]:
    """Which record stands for which labels; the first where there are several."""
    names: dict[tables.Name, str] = {}
    rows = connection.exec_driver_sql(
        f"SELECT kind, id, CAST(body AS BLOB) FROM {schema}.record WHERE kind IN (?, ?, ?, ?) ORDER BY seq",
        (SUBJECT, SOURCE, TESTIMONY, PROVENANCE),
    )
    labels: dict[str, str] = {"": ""}
    for kind, id_, body in rows:
        if kind == SUBJECT:
            subject = stored.decode_subject(body)
            parts: tuple[str, ...] = (subject.label, subject.kind)
        elif kind == SOURCE:
            labels[id_] = stored.decode_source(body).label
            parts = (labels[id_],)
        elif kind == TESTIMONY:
            testimony = stored.decode_testimony(body)
            parts = (
                testimony.label
                or f"\x1f{labels.get(testimony.source, testimony.source)}\x1f{testimony.told}",
            )
        else:
            provenance = stored.decode_provenance(body)
            spelled = chain(*provenance.written)
            parts = (
                provenance.testimony,
                labels.get(provenance.source, provenance.source),
                provenance.via,
                *spelled,
            )
        names.setdefault(tables.name(kind, *parts), id_)
    return names
