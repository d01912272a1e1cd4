"""The directory: tables that lead from words to the names that have them, in the file of a compartment.

Made from the records of that file, and brought up to them by ``placing``:

===================== =============================================================
``index_directory``   for which edition of the map it was made, the highest ``seq``
                      that is placed, how many batches were
``index_called``      a name: its text, its words, whose it is
                      (``Statement.subject``), the ``seq`` of the statement that
                      has it, 0 for a label
``index_bearer``      from a word, or the skeleton of one, to the names with it: their
                      numbers times 8, and how many words they have (four bytes)
``index_cell``        the words of a cell: their terms (eight bytes) and vectors
``index_number``      from the number of a document to whose it is
``index_unplaced``    the statements whose subject was not there yet
===================== =============================================================

The lists are packed, one for every 32 batches, so that one question reads little.
Keys are numbers made by hashing, as in ``tables``: what two words have by chance
in common brings a name too many, which the comparison drops.
"""

from __future__ import annotations

from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.index.tables import BATCHES, held, listed, term

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.vault.connection import Connection

TABLES: Final = {
    "index_directory": "(edition INTEGER NOT NULL, seq INTEGER NOT NULL, batch INTEGER NOT NULL)",
    "index_called": "(id INTEGER PRIMARY KEY, text TEXT NOT NULL, words TEXT NOT NULL, "
    "owner TEXT NOT NULL, seq INTEGER NOT NULL)",
    "index_bearer": "(key INTEGER PRIMARY KEY, list BLOB NOT NULL)",
    "index_cell": "(key INTEGER PRIMARY KEY, list BLOB NOT NULL)",
    "index_number": "(key INTEGER NOT NULL, seq INTEGER NOT NULL, owner TEXT NOT NULL, "
    "PRIMARY KEY (key, seq)) WITHOUT ROWID",
    "index_unplaced": "(seq INTEGER PRIMARY KEY)",
}
_WORD: Final = "w"
_SKELETON: Final = "k"
#: The lists of so many batches are one: written anew as often, and read at once.
_TOGETHER: Final = 32
_CHUNK: Final = 500
#: What tells the lists of cells that were settled from those of batches, which are never so many; how many
#: bytes are worth it.
_SETTLED: Final = BATCHES - 1
_MUCH: Final = 1 << 20
#: How many words are told of a name at most.
_COUNTED: Final = 7


class Reach(NamedTuple):
    """How far a directory goes: its edition, the highest ``seq``, how many batches."""

    edition: int
    seq: int
    batch: int


class Called(NamedTuple):
    """A name: its text, its words (``slots.written``, "" where it is no name), whose it is, the ``seq`` of
    the statement that has it (0: it is a label)."""

    text: str
    words: str
    owner: str
    seq: int


def create(connection: Connection, schema: str, edition: int) -> None:
    """Makes the tables, empty, where others were too."""
    drop(connection, schema)
    for table, columns in TABLES.items():
        connection.execute(f"CREATE TABLE {schema}.{table} {columns}")
    connection.execute(f"INSERT INTO {schema}.index_directory VALUES (?, 0, 0)", (edition,))


def drop(connection: Connection, schema: str) -> None:
    """Takes the tables away."""
    for table in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {schema}.{table}")


def reach(connection: Connection, schema: str, edition: int) -> Reach | None:
    """How far the directory goes; None where there is none, or one of another edition."""
    return reaches(connection, [schema], edition)[schema][0]


def reaches(
    connection: Connection, schemas: Iterable[str], edition: int
) -> dict[str, tuple[Reach | None, int]]:
    """How far each directory goes (``reach``), and the highest ``seq`` of a record there; asked for all at
    once."""
    out: dict[str, tuple[Reach | None, int]] = dict.fromkeys(schemas, (None, 0))
    if not out:
        return out
    names = ", ".join(f"'{table}'" for table in TABLES)
    whole = connection.execute(
        " UNION ALL ".join(
            f"SELECT '{schema}', count(*) FROM {schema}.sqlite_master WHERE name IN ({names})"
            for schema in out
        )
    )
    made = [schema for schema, tables in whole if tables == len(TABLES)]
    every = " UNION ALL ".join(
        f"SELECT '{schema}', edition, seq, batch, (SELECT coalesce(max(seq), 0) FROM {schema}.record) "
        f"FROM {schema}.index_directory"
        for schema in made
    )
    for schema, made_for, seq, batch, last in connection.execute(every) if made else ():
        out[schema] = (Reach(made_for, seq, batch) if made_for == edition else None), last
    return out


def word_term(script: str, letters: str) -> int:
    """The number that the names with a word are found under."""
    return term(_WORD, f"{script}{letters}")


def skeleton_term(skeleton: str) -> int:
    """The number that the names with a skeleton are found under."""
    return term(_SKELETON, skeleton)


def number_key(number: str) -> int:
    """The number that the number of a document is found under."""
    return int.from_bytes(blake2b(number.encode(), digest_size=8).digest(), "big") >> 1


def packed(number: int, words: int) -> int:
    """A name in a list: its number, and how many words it has."""
    return number << 3 | min(words, _COUNTED)


def unpacked(lists: Any) -> tuple[Any, Any]:
    """The numbers of names in a list, and how many words each has."""
    return lists >> 3, lists & _COUNTED


def next_number(connection: Connection, schema: str) -> int:
    """The number that the next name gets."""
    found: int = connection.execute(
        f"SELECT coalesce(max(id), 0) + 1 FROM {schema}.index_called"
    ).scalar_one()
    return found


def known(connection: Connection, schema: str, terms: Collection[int]) -> set[int]:
    """Those of these terms that some name has."""
    return held(connection, f"{schema}.index_bearer", terms)


def add(
    connection: Connection,
    schema: str,
    batch: int,
    called: Sequence[tuple[int, Called]],
    bearers: Mapping[int, Sequence[int]],
    cells: Mapping[int, bytes],
) -> None:
    """Adds a batch: names, by term the names with it (``packed``), by cell its new words."""
    run, group = connection.driver.executemany, batch // _TOGETHER % BATCHES
    run(
        f"INSERT INTO {schema}.index_called VALUES (?, ?, ?, ?, ?)",
        ((number, *one) for number, one in called),
    )
    lists = ((one + group, np.array(bearers[one], "<u4").tobytes()) for one in sorted(bearers))
    again = "ON CONFLICT DO UPDATE SET list = CAST(list || excluded.list AS BLOB)"
    run(f"INSERT INTO {schema}.index_bearer VALUES (?, ?) {again}", lists)
    rows = ((cell * BATCHES + group, cells[cell]) for cell in sorted(cells))
    run(f"INSERT INTO {schema}.index_cell VALUES (?, ?) {again}", rows)


def add_numbers(connection: Connection, schema: str, rows: Iterable[tuple[int, int, str]]) -> None:
    """Adds numbers of documents: key, ``seq``, whose."""
    connection.driver.executemany(f"INSERT OR IGNORE INTO {schema}.index_number VALUES (?, ?, ?)", rows)


def reached(connection: Connection, schema: str, seq: int, batch: int, waiting: Iterable[int]) -> None:
    """Notes that all up to ``seq`` is placed, but for those ``waiting``."""
    connection.execute(f"DELETE FROM {schema}.index_unplaced")
    connection.driver.executemany(
        f"INSERT INTO {schema}.index_unplaced VALUES (?)", [(one,) for one in waiting]
    )
    connection.execute(f"UPDATE {schema}.index_directory SET seq = ?, batch = ?", (seq, batch))


def waiting(connection: Connection, schema: str) -> list[int]:
    """The statements whose subject was not there."""
    return list(connection.execute(f"SELECT seq FROM {schema}.index_unplaced ORDER BY seq").scalars())


def settle(connection: Connection, schema: str) -> None:
    """Puts all words of a cell in one row, behind those of the cell before, where much was added since this
    was done: written piece by piece they lie all over the file, and are read so."""
    settled, added = connection.execute(
        "SELECT coalesce(sum(iif(key % ? = ?, length(list), 0)), 0), "
        f"coalesce(sum(iif(key % ? = ?, 0, length(list))), 0) FROM {schema}.index_cell",
        (BATCHES, _SETTLED, BATCHES, _SETTLED),
    ).one()
    if added < max(_MUCH, settled // 2):
        return
    connection.execute(f"CREATE TABLE {schema}.index_settled {TABLES['index_cell']}")
    rows = connection.execute(f"SELECT key, list FROM {schema}.index_cell ORDER BY key")
    connection.driver.executemany(
        f"INSERT INTO {schema}.index_settled VALUES (?, ?)",
        (
            (cell * BATCHES + _SETTLED, b"".join(words for _, words in found))
            for cell, found in groupby(rows, key=lambda row: row[0] // BATCHES)
        ),
    )
    # Made anew behind all that is there, its pages follow one another.
    connection.execute(f"DROP TABLE {schema}.index_cell")
    connection.execute(f"ALTER TABLE {schema}.index_settled RENAME TO index_cell")


def word_type(axes: int) -> Any:
    """How a word lies in the list of its cell."""
    return np.dtype([("term", "<i8"), ("row", "i1", (axes,))])


def cell_words(connection: Connection, schema: str, cells: Sequence[int], axes: int) -> dict[int, Any]:
    """The words of each of these cells, in arrays of ``word_type``; nothing of one that is empty."""
    found = _joined(connection, f"{schema}.index_cell", [cell * BATCHES for cell in cells])
    return {key // BATCHES: np.frombuffer(words, word_type(axes)) for key, words in found.items()}


def bearers(connection: Connection, schema: str, terms: Collection[int], largest: int = 0) -> dict[int, Any]:
    """By term the names with it, packed; ``largest``: longer lists (bytes) are left out."""
    found = _joined(connection, f"{schema}.index_bearer", terms, largest)
    return {one: np.frombuffer(packed_, "<u4") for one, packed_ in found.items()}


def _joined(connection: Connection, table: str, terms: Collection[int], largest: int = 0) -> dict[int, bytes]:
    """By term all of its lists behind one another."""
    parts: dict[int, list[bytes]] = {}
    for one, packed_ in listed(connection, table, terms, largest):
        parts.setdefault(one, []).append(packed_)
    return {one: b"".join(found) for one, found in parts.items()}


def called(connection: Connection, schema: str, numbers: Sequence[int]) -> dict[int, Called]:
    """The names with these numbers."""
    out: dict[int, Called] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _CHUNK):
        chunk = tuple(ordered[start : start + _CHUNK])
        sql = f"SELECT id, text, words, owner, seq FROM {schema}.index_called WHERE id IN ({_marks(chunk)})"
        for number, *found in connection.execute(sql, chunk):
            out[number] = Called(*found)
    return out


def every(connection: Connection, schema: str) -> Iterator[Called]:
    """All names."""
    rows = connection.execute(f"SELECT text, words, owner, seq FROM {schema}.index_called ORDER BY id")
    return (Called(*row) for row in rows)


def numbered(connection: Connection, schema: str, number: str) -> list[tuple[int, str]]:
    """Who has a document with this number: ``seq`` of the statement, whose."""
    sql = f"SELECT seq, owner FROM {schema}.index_number WHERE key = ? ORDER BY seq"
    return [(seq, owner) for seq, owner in connection.execute(sql, (number_key(number),))]


def shared(connection: Connection, schemas: Iterable[str], most: int) -> Iterator[list[tuple[str, int, str]]]:
    """Who has one number: schema, ``seq`` of the statement, whose; of each number that is stated more than
    once, and not oftener than ``most``."""
    every = " UNION ALL ".join(
        f"SELECT '{one}' AS place, key, seq, owner FROM {one}.index_number" for one in schemas
    )
    if not every:
        return
    rows = connection.execute(
        f"WITH every AS ({every}) SELECT key, place, seq, owner FROM every WHERE key IN "
        "(SELECT key FROM every GROUP BY key HAVING count(*) BETWEEN 2 AND ?) ORDER BY key, place, seq",
        (most,),
    )
    for _, found in groupby(rows, key=itemgetter(0)):
        yield [(place, seq, owner) for _, place, seq, owner in found]


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))
