"""Catching up: what came from other devices is put into the index, as what was entered here is at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError
from estelik.index import doubles, reach, tables
from estelik.index.naming import Naming
from estelik.index.postings import Postings
from estelik.index.reader import Reader
from estelik.records import stored
from estelik.records.stored import JUDGEMENT, STATEMENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.connection import Connection
    from estelik.vault.inserts import Inserts

#: How many statements are read at once.
_CHUNK: Final = 5000


def catch_up(
    connection: Connection, inserts: Inserts, schemas: Mapping[str, str], *, shared: bool = False
) -> None:
    """Puts all records that are not in the index into it, and those that waited for them.

    ``shared``: the index is others' as well. Without the sources no statement
    can be put into theirs: raises ``CasebookError`` where there is one.
    """
    blind = shared and "source" not in schemas
    ends = {name: reach.last(connection, schema) for name, schema in schemas.items()}
    starts = {name: reach.reached(connection, schema) + 1 for name, schema in schemas.items()}
    if all(ends[name] < starts[name] for name in schemas):
        return
    for name, schema in schemas.items():
        _names(connection, inserts, schema, starts[name])
    inserts.wait()
    reader = Reader(connection, schemas)
    for name, schema in schemas.items():
        rows = connection.execute(
            f"SELECT seq, batch, place FROM {schema}.record WHERE seq >= ? AND kind = ? ORDER BY seq",
            (starts[name], STATEMENT),
        ).all()
        if blind and rows:
            raise behind()
        reach.add_runs(connection, schema, reach.runs_of((seq, batch, place) for seq, batch, place in rows))
        waiting = () if blind else reach.waiting(connection, schema)
        seqs = sorted({*waiting, *(seq for seq, _, _ in rows)})
        if not blind:
            reach.wait_no_more(connection, schema)
        for start in range(0, len(seqs), _CHUNK):
            _statements(connection, inserts, reader, name, schema, seqs[start : start + _CHUNK])
        judged = connection.execute(
            f"SELECT seq FROM {schema}.record WHERE seq >= ? AND kind = ? ORDER BY seq",
            (starts[name], JUDGEMENT),
        ).scalars()
        lists = Postings()
        for seq in judged:
            lists.judge(seq)
        tables.enter_postings(inserts, schema, tables.posting_rows(lists.all(), starts[name]))
        inserts.wait()
        reach.reach(connection, schema, ends[name])


def behind() -> CasebookError:
    """What is said at a seat that cannot make what is missing of the index."""
    return CasebookError(
        "What came in lately cannot be found yet.",
        do="Let somebody open the casebook who holds the sources, and try again.",
    )


def _names(connection: Connection, inserts: Inserts, schema: str, start: int) -> None:
    naming = Naming(connection, schema)
    naming.read("seq >= ?", (start,))
    there = tables.names(connection, schema, naming.names.keys())
    fresh = [(*name, id_) for name, id_ in naming.names.items() if name not in there]
    tables.enter_names(inserts, schema, fresh)
    inserts.wait()
    others = [(id_, name) for name, id_ in naming.names.items() if there.get(name, id_) != id_]
    reach.add_twins(connection, schema, [*others, *naming.twins])


def _statements(
    connection: Connection, inserts: Inserts, reader: Reader, name: str, schema: str, seqs: list[int]
) -> None:
    lists = Postings()
    rows, waiting = [], []
    for seq, record, statement in reader.read_at(name, seqs):
        own = tables.name(STATEMENT, statement.statement)
        rows.append((*own, seq, stored.digest(statement).hex()))
        lists.statement(seq, record, statement)
        if not reader.resolved(record):
            waiting.append(seq)
    inserts.wait()
    tables.enter_statements(inserts, schema, sorted(rows), again=True)
    tables.enter_postings(inserts, schema, tables.posting_rows(lists.all(), seqs[0]))
    inserts.wait()
    doubles.note(connection, schema, rows)
    reach.wait(connection, schema, waiting)
