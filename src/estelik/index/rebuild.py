"""Rebuilding the index from the records alone."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from estelik.index import doubles, reach, tables
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, STATEMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store


#: So many new records are added to the index; where there are more, and half of all, it is made anew.
_FEW: Final = 20_000


def rebuild(store: Store) -> None:
    """Drops the index of every compartment and makes it anew, in one transaction. Raises ``CasebookError`` at
    a seat without the sources."""
    # Late: every opening asks whether the index is complete, hardly one makes it.
    from estelik.index import linked
    from estelik.index.catching_up import behind
    from estelik.index.naming import Naming
    from estelik.index.postings import Postings
    from estelik.index.reader import Labels, every_stored
    from estelik.vault.inserts import Inserts

    if store.shared and "source" not in store.schemas:
        raise behind()
    with store.write() as connection, Inserts(connection) as inserts:
        schemas = store.schemas
        linked.drop(connection, schemas)
        tables.drop(connection, schemas.values())
        tables.create(connection, schemas.values())
        for schema in schemas.values():
            reach.add_runs(connection, schema, reach.runs_of(_statements(connection, schema)))
        naming = {name: Naming(connection, schema) for name, schema in schemas.items()}
        postings = {name: Postings() for name in schemas}
        rows: dict[str, list[tuple[int, int, int, str]]] = {name: [] for name in schemas}
        waiting: dict[str, list[int]] = {name: [] for name in schemas}
        labels = Labels()
        for name, seq, record, statement in every_stored(connection, schemas, labels):
            own = tables.name(STATEMENT, statement.statement)
            rows[name].append((*own, seq, stored.digest(statement).hex()))
            postings[name].statement(seq, record, statement)
            if not labels.resolved(record, sources="source" in schemas):
                waiting[name].append(seq)
        for name, schema in schemas.items():
            rows_of = f"SELECT seq FROM {schema}.record WHERE kind = ? ORDER BY seq"
            for seq in list(connection.execute(rows_of, (JUDGEMENT,)).scalars()):
                postings[name].judge(seq)
            naming[name].read()
            reach.add_twins(connection, schema, naming[name].twins)
            reach.wait(connection, schema, waiting[name])
            reach.reach(connection, schema, reach.last(connection, schema))
        for name, schema in schemas.items():
            named = [(*key, id_) for key, id_ in naming[name].names.items()]
            tables.enter_names(inserts, schema, named)
            rows[name].sort()
            twice = doubles.again(rows[name])
            tables.enter_statements(inserts, schema, rows[name])
            tables.enter_postings(inserts, schema, tables.posting_rows(postings[name].all(), 1))
            if twice:
                inserts.wait()
                doubles.note(connection, schema, twice)


def _statements(connection: Connection, schema: str) -> Iterator[tuple[int, str, int]]:
    rows = connection.execute(
        f"SELECT seq, batch, place FROM {schema}.record WHERE kind = ? ORDER BY seq", (STATEMENT,)
    )
    for page in rows.partitions(10_000):
        yield from ((seq, batch, place) for seq, batch, place in page)


def keep_up(store: Store) -> None:
    """Brings the index up to what is there: makes it where it is missing, adds what came from elsewhere. At a
    seat without the sources nothing is done; raises ``CasebookError`` where it is missing there."""
    from estelik.index.catching_up import behind, catch_up
    from estelik.vault.inserts import Inserts

    store.index_later()
    if store.shared and "source" not in store.schemas:
        if not complete(store):
            raise behind()
        return
    if not complete(store):
        rebuild(store)
        return
    with store.read() as connection:
        ends = sum(reach.last(connection, schema) for schema in store.schemas.values())
        done = sum(reach.reached(connection, schema) for schema in store.schemas.values())
    if ends - done > max(_FEW, done // 2):
        rebuild(store)
    elif ends > done:
        with store.write() as connection, Inserts(connection) as inserts:
            catch_up(connection, inserts, store.schemas)


@contextmanager
def kept_up(store: Store) -> Iterator[None]:
    """Around what takes records in or away: the index is brought up to what is there, also where it breaks
    off."""
    try:
        yield
    finally:
        keep_up(store)


def drop(store: Store) -> None:
    """Takes the index away."""
    with store.write() as connection:
        tables.drop(connection, store.schemas.values())


def complete(store: Store) -> bool:
    """Whether the index is there."""
    with store.read() as connection:
        return tables.complete(connection, store.schemas.values())
