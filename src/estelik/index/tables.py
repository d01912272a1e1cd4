"""The tables of the index, in the file of the compartment whose records they find.

``index_said`` leads from a statement's own id to its record's ``seq`` and
the digest of what it says, veiled (``index.veil``) since it is of who told it
too; ``index_name`` from labels to the record that stands for them (subjects;
in ``source`` also sources, tellings and provenances). ``index_posting`` leads
from a term to a JSON list, one for each batch:

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
``PLACES``      nothing                labels of all places where something was
``JUDGEMENT``   nothing                ``seq`` of the judgements
=============== ====================== ================================================

All keys are numbers, made by hashing: SQLite adds ascending row numbers three
times as fast as words. What two words have by chance in common is settled by
``proof`` in the first two tables; a list may hold more than was asked for, and
whoever reads what it leads to leaves out what does not belong.
"""

from __future__ import annotations

from hashlib import blake2b
from struct import unpack
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.index import reach, veil

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from estelik.vault.connection import Connection
    from estelik.vault.inserts import Inserts

SUBJECT: Final = "s"
REFERENCE: Final = "r"
TELLING: Final = "t"
COUNTS: Final = "n"
TOLD: Final = "d"
CORRECTION: Final = "c"
PLACE: Final = "p"
PLACES: Final = "l"
JUDGEMENT: Final = "j"

#: The fields whose lists hold words.
_WORDS: Final = frozenset((TOLD, PLACE, PLACES))

#: How many terms one query asks for.
_CHUNK = 500
#: From how many terms on it is faster to read the whole table than to look each up.
_MANY = 20_000

#: A term's number has the hash of the term above, and what tells its batch from others below.
_TERM_BITS = 43
# (one of them keeps lists of words apart from lists of numbers)
_BATCH_BITS = 20
#: What tells batches apart lies below this.
BATCHES: Final = 1 << _BATCH_BITS

#: The tables and their columns.
_TABLES: Final = {
    "index_said": (
        "key INTEGER PRIMARY KEY, proof INTEGER NOT NULL, seq INTEGER NOT NULL, digest TEXT NOT NULL"
    ),
    "index_name": "key INTEGER PRIMARY KEY, proof INTEGER NOT NULL, id TEXT NOT NULL",
    "index_posting": "key INTEGER PRIMARY KEY, list TEXT NOT NULL",
}

#: ``index_said`` as it was before digests were veiled.
_FORMER: Final = "index_statement"

_decode = msgspec.json.decode
_encode = msgspec.json.Encoder().encode


def create(connection: Connection, schemas: Iterable[str]) -> None:
    """Makes the tables, empty."""
    for schema in schemas:
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {schema}.{table} ({columns})")
        reach.create(connection, schema)


def drop(connection: Connection, schemas: Iterable[str]) -> None:
    """Takes the tables away; nothing that was told is in them alone."""
    for schema in schemas:
        for table in (*_TABLES, _FORMER):
            connection.execute(f"DROP TABLE IF EXISTS {schema}.{table}")
        reach.drop(connection, schema)


def complete(connection: Connection, schemas: Iterable[str]) -> bool:
    """Whether every table is there."""
    wanted = (*reach.TABLES, *_TABLES)
    return all(
        connection.execute(
            f"SELECT count(*) FROM {schema}.sqlite_master WHERE name IN ({', '.join('?' * len(wanted))})",
            wanted,
        ).scalar_one()
        == len(wanted)
        for schema in schemas
    )


#: What a name is found by: the number it hashes to, and another that proves that it is the one.
Name = tuple[int, int]


def name(kind: str, *parts: str) -> Name:
    """The name of the record of ``kind`` that stands for ``parts``; a statement's own id is one too."""
    return names_of(kind, [parts])[0]


def names_of(kind: str, all_parts: Iterable[tuple[str, ...]]) -> list[Name]:
    """``name`` of many."""
    digests = [blake2b(_encode((kind, *parts)), digest_size=16).digest() for parts in all_parts]
    halves = [half >> 1 for half in unpack(f">{2 * len(digests)}Q", b"".join(digests))]
    return list(zip(halves[::2], halves[1::2], strict=True))


def term(field: str, word: str) -> int:
    """The number under which the lists of ``word`` in ``field`` begin."""
    digest = blake2b(f"{field}{word}".encode(), digest_size=8).digest()
    number = int.from_bytes(digest, "big") >> (64 - _TERM_BITS)
    return (number & ~1 | (field in _WORDS)) << _BATCH_BITS


def enter_names(inserts: Inserts, schema: str, rows: list[tuple[int, int, str]]) -> None:
    """Adds (key, proof, id): which record ids stand for which names."""
    rows.sort()
    inserts.put(f"INSERT OR IGNORE INTO {schema}.index_name (key, proof, id)", 3, rows)


def enter_statements(
    inserts: Inserts, schema: str, rows: list[tuple[int, int, int, str]], *, again: bool = False
) -> None:
    """Adds (key, proof, seq, digest in hexadecimal) of statements, in the order of their keys; ``again``:
    some may be there with a digest that was made without all labels."""
    otherwise = "ON CONFLICT DO UPDATE SET digest = excluded.digest WHERE seq = excluded.seq" if again else ""
    verb = "INSERT" if again else "INSERT OR IGNORE"
    veiled = veil.veiled(inserts.veil, rows)
    inserts.put(f"{verb} INTO {schema}.index_said (key, proof, seq, digest)", 4, veiled, otherwise)


def posting_rows(lists: Mapping[int, Collection[object]], first: int) -> list[tuple[int, str]]:
    """The rows of a batch's lists, in order; ``first`` is the ``seq`` of its first statement."""
    batch = first & (BATCHES - 1)
    return [(key + batch, _encode(lists[key]).decode()) for key in sorted(lists)]


def enter_postings(inserts: Inserts, schema: str, rows: list[tuple[int, str]]) -> None:
    """Adds a batch's lists (``posting_rows``)."""
    # Two terms, or two batches, that share a number share a list: the second is written on to the first.
    inserts.put(
        f"INSERT INTO {schema}.index_posting (key, list)",
        2,
        rows,
        "ON CONFLICT DO UPDATE "
        "SET list = substr(list, 1, length(list) - 1) || ',' || substr(excluded.list, 2)",
    )


def postings(connection: Connection, schema: str, terms: Collection[int]) -> Iterator[tuple[int, list[Any]]]:
    """The (term, list) of every list of ``terms``; none is empty."""
    for word, text in listed(connection, f"{schema}.index_posting", terms):
        yield word, _decode(text)


def posted_in(
    connection: Connection, schemas: Mapping[str, str], terms: Collection[int]
) -> Iterator[tuple[str, int, list[Any]]]:
    """The (compartment, term, list) of every list of ``terms``, asked of all compartments at once."""
    if not terms or not schemas:
        return
    # The words stay the same whatever is asked: what was made of them before is used again.
    every = " UNION ALL ".join(
        f"SELECT '{name}', term.value, list FROM json_each(?1) AS term "
        f"CROSS JOIN {schema}.index_posting AS post "
        f"ON post.key BETWEEN term.value AND term.value + {BATCHES - 1}"
        for name, schema in schemas.items()
    )
    for name, word, text in connection.execute(every, (_encode(sorted(terms)).decode(),)):
        yield name, word, _decode(text)


def posted(connection: Connection, schema: str, terms: Collection[int]) -> set[int]:
    """Those of ``terms`` that have a list."""
    return held(connection, f"{schema}.index_posting", terms)


def held(connection: Connection, table: str, terms: Collection[int]) -> set[int]:
    """Those of ``terms`` that a row of ``table`` (key, list) belongs to."""
    out: set[int] = set()
    ordered = sorted(terms)
    for start in range(0, len(ordered), _CHUNK):
        chunk = tuple(ordered[start : start + _CHUNK])
        sql = (
            f"WITH wanted (term) AS (VALUES {', '.join(['(?)'] * len(chunk))}) SELECT term FROM wanted "
            f"WHERE EXISTS (SELECT 1 FROM {table} WHERE key BETWEEN term AND term + {BATCHES - 1})"
        )
        out.update(connection.execute(sql, chunk).scalars())
    return out


def listed(
    connection: Connection, table: str, terms: Collection[int], largest: int = 0
) -> Iterator[tuple[int, Any]]:
    """The (term, list) of every row of ``table`` (key, list) that belongs to one of ``terms``; ``largest``:
    longer lists (bytes) are left out."""
    ordered = sorted(terms)
    short = f" WHERE length(list) <= {largest}" if largest else ""
    for start in range(0, len(ordered), _CHUNK):
        chunk = tuple(ordered[start : start + _CHUNK])
        sql = (
            f"WITH wanted (term) AS (VALUES {', '.join(['(?)'] * len(chunk))}) "
            f"SELECT term, list FROM wanted CROSS JOIN {table} "
            f"ON key BETWEEN term AND term + {BATCHES - 1}{short}"
        )
        yield from connection.execute(sql, chunk)


def names(connection: Connection, schema: str, wanted: Collection[Name]) -> dict[Name, str]:
    """The record ids for those of the ``wanted`` names that are known."""
    found = _lookup(connection, f"SELECT key, proof, id FROM {schema}.index_name", wanted)
    return {(key, proof): id_ for key, proof, id_ in found if (key, proof) in wanted}


def statements(
    connection: Connection, schema: str, wanted: Collection[Name]
) -> dict[Name, tuple[int, bytes]]:
    """The (``seq``, digest) of those of the ``wanted`` statements that are here."""
    found = _lookup(connection, f"SELECT key, proof, seq, digest FROM {schema}.index_said", wanted)
    rows = [row for row in found if row[:2] in wanted]
    return {
        (key, proof): (seq, bytes.fromhex(digest))
        for key, proof, seq, digest in veil.unveiled(connection.veil, rows)
    }


def any_statement(connection: Connection, schema: str) -> bool:
    """Whether there is any statement here."""
    return connection.execute(f"SELECT 1 FROM {schema}.index_said LIMIT 1").first() is not None


def any_name(connection: Connection, schema: str) -> bool:
    """Whether there is any name here."""
    return connection.execute(f"SELECT 1 FROM {schema}.index_name LIMIT 1").first() is not None


def _lookup(connection: Connection, sql: str, wanted: Collection[Name]) -> Iterator[Any]:
    if len(wanted) > _MANY:
        yield from connection.execute(sql)
        return
    keys = sorted(key for key, _ in wanted)
    for start in range(0, len(keys), _CHUNK):
        chunk = tuple(keys[start : start + _CHUNK])
        yield from connection.execute(f"{sql} WHERE key IN ({', '.join('?' * len(chunk))})", chunk)
