"""The tables of the index, in the file of the compartment whose records they find.

``index_statement``: a statement's own id, its record's ``seq``, and the digest
of what it says. ``index_name``: which record stands for a label (subjects; in
``source`` also sources, tellings and provenances). ``index_posting``: for a
term, JSON lists of what it leads to, one for each batch (``first`` is a
``seq`` of that batch):

=============== ====================== ================================================
field           of                     list
=============== ====================== ================================================
``SUBJECT``     a subject's label      ``seq`` of the statements about it
``REFERENCE``   a subject's label      ``seq`` of those that may refer to its events
``TELLING``     a testimony's id       ``seq`` of the statements told in it
``COUNTS``      a testimony's id       ``seq`` of those that count from the telling
``TOLD``        a testimony's id       the dates that its statements give for it
``CORRECTION``  a statement's own id   ``seq`` of the statements that correct it
``PLACE``       a place's label        labels of the subjects with statements there
=============== ====================== ================================================
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

import msgspec
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text, inspect
from sqlalchemy.schema import CreateTable, DropTable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

SUBJECT: Final = "s"
REFERENCE: Final = "r"
TELLING: Final = "t"
COUNTS: Final = "n"
TOLD: Final = "d"
CORRECTION: Final = "c"
PLACE: Final = "p"

#: How many terms one query asks for.
_CHUNK = 500
#: From how many terms on it is faster to read the whole table than to look each up.
_MANY = 20_000

_decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode


@cache
def tables(schema: str) -> tuple[Table, Table, Table]:
    """The statement, name and posting table of the file that is attached as ``schema``."""
    metadata = MetaData()
    return (
        Table(
            "index_statement",
            metadata,
            Column("label", Text, primary_key=True),
            Column("seq", Integer, nullable=False),
            Column("digest", LargeBinary, nullable=False),
            schema=schema,
            sqlite_with_rowid=False,
        ),
        Table(
            "index_name",
            metadata,
            Column("key", LargeBinary, primary_key=True),
            Column("id", Text, nullable=False),
            schema=schema,
            sqlite_with_rowid=False,
        ),
        Table(
            "index_posting",
            metadata,
            Column("term", Text, primary_key=True),
            Column("first", Integer, primary_key=True),
            Column("list", LargeBinary, nullable=False),
            schema=schema,
            sqlite_with_rowid=False,
        ),
    )


def create(connection: Connection, schemas: Iterable[str]) -> None:
    """Makes the tables, empty."""
    for schema in schemas:
        for table in tables(schema):
            connection.execute(CreateTable(table))


def drop(connection: Connection, schemas: Iterable[str]) -> None:
    """Takes the tables away; nothing that was told is in them alone."""
    for schema in schemas:
        for table in tables(schema):
            connection.execute(DropTable(table, if_exists=True))


def complete(connection: Connection, schemas: Iterable[str]) -> bool:
    """Whether every table is there."""
    inspector = inspect(connection)
    return all(
        inspector.has_table(table.name, schema=schema) for schema in schemas for table in tables(schema)
    )


def term(field: str, word: str) -> str:
    """The key under which ``word`` is found in ``field``."""
    return f"{field}{word}"


def name_key(kind: str, *parts: str) -> bytes:
    """The key of the record of ``kind`` that stands for ``parts``."""
    return blake2b(_encode((kind, *parts)), digest_size=16).digest()


def enter_names(connection: Connection, schema: str, names: dict[bytes, str]) -> None:
    """Adds which record ids stand for which name keys."""
    _insert(connection, f"{schema}.index_name (key, id)", sorted(names.items()))


def enter_statements(connection: Connection, schema: str, rows: list[tuple[str, int, bytes]]) -> None:
    """Adds statements' own ids, ``seq`` and digest; sorts ``rows``."""
    rows.sort()
    _insert(connection, f"{schema}.index_statement (label, seq, digest)", rows)


def enter_postings(
    connection: Connection,
    schema: str,
    postings: Mapping[str, Collection[object]],
    first: int,
) -> None:
    """Adds a batch's lists; ``first`` is the ``seq`` of its first statement."""
    rows = ((key, first, _encode(list(postings[key]))) for key in sorted(postings))
    _insert(connection, f"{schema}.index_posting (term, first, list)", rows)


def _insert(connection: Connection, target: str, rows: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (target.count(",") + 1))
    sql = f"INSERT INTO {target} VALUES ({marks})"  # noqa: S608 - names of our own tables
    chunk: list[tuple[object, ...]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == 20_000:
            connection.exec_driver_sql(sql, chunk)
            chunk = []
    if chunk:
        connection.exec_driver_sql(sql, chunk)


def postings(
    connection: Connection, schema: str, terms: Collection[str]
) -> Iterator[tuple[str, list[object]]]:
    """The (term, list) of every posting of ``terms``, in order of entry within a term."""
    sql = f"SELECT term, list FROM {schema}.index_posting WHERE term IN (%s) ORDER BY term, first"  # noqa: S608
    for word, data in _select(connection, sql, sorted(terms)):
        yield word, _decode(data)


def names(connection: Connection, schema: str, keys: Collection[bytes]) -> dict[bytes, str]:
    """The record ids for those of ``keys`` that are known."""
    if len(keys) > _MANY:
        every = connection.exec_driver_sql(f"SELECT key, id FROM {schema}.index_name").all()  # noqa: S608
        return {key: id_ for key, id_ in every if key in keys}
    sql = f"SELECT key, id FROM {schema}.index_name WHERE key IN (%s)"  # noqa: S608
    return dict(_select(connection, sql, sorted(keys)))


def statements(connection: Connection, schema: str, labels: Collection[str]) -> dict[str, tuple[int, bytes]]:
    """The (``seq``, digest) of those of ``labels`` that are statements' own ids here."""
    if len(labels) > _MANY:
        every = connection.exec_driver_sql(f"SELECT label, seq, digest FROM {schema}.index_statement")  # noqa: S608
        return {label: (seq, digest) for label, seq, digest in every if label in labels}
    sql = f"SELECT label, seq, digest FROM {schema}.index_statement WHERE label IN (%s)"  # noqa: S608
    return {label: (seq, digest) for label, seq, digest in _select(connection, sql, sorted(labels))}


def _select(connection: Connection, sql: str, values: Sequence[object]) -> Iterator[Any]:
    for start in range(0, len(values), _CHUNK):
        chunk = tuple(values[start : start + _CHUNK])
        yield from connection.exec_driver_sql(sql % ", ".join("?" * len(chunk)), chunk)
