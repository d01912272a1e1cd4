"""Full text: a table of the words of records, in the file of a compartment (SQLite's FTS5).

================= ============================================================
``index_text``    by the ``seq`` of a record its tokens; the texts themselves are
                  not kept (contentless)
``index_texts``   by which rules it was made, the highest ``seq`` that is in it
================= ============================================================

What FTS5 is given are tokens (``tokens``) between spaces: its own tokenizer has
nothing left to decide. No row is ever taken out: where something is erased the
whole table goes, and its pages are overwritten. FTS5's ``secure-delete`` is set
all the same, beside SQLite's, so that no other way to delete leaves a word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.vault.connection import Connection

_TABLES: Final = ("index_text", "index_texts")
#: A token that no text has: what stands before it and behind it are no neighbours.
_BETWEEN: Final = "\ue000"


def create(connection: Connection, schema: str, edition: int) -> None:
    """Makes the tables, empty, where others were too."""
    drop(connection, schema)
    run = connection.execute
    run(f"CREATE VIRTUAL TABLE {schema}.index_text USING fts5(words, content='', tokenize='ascii')")
    run(f"INSERT INTO {schema}.index_text (index_text, rank) VALUES ('secure-delete', 1)")
    run(f"CREATE TABLE {schema}.index_texts (edition INTEGER NOT NULL, seq INTEGER NOT NULL)")
    run(f"INSERT INTO {schema}.index_texts VALUES (?, 0)", (edition,))


def drop(connection: Connection, schema: str) -> None:
    """Takes the tables away."""
    for table in _TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {schema}.{table}")


def reach(connection: Connection, schema: str, edition: int) -> int | None:
    """The highest ``seq`` that is in the table; None where there is none, or one of another edition."""
    sql = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name IN (?, ?)"
    if connection.execute(sql, _TABLES).scalar_one() < len(_TABLES):
        return None
    made, seq = connection.execute(f"SELECT edition, seq FROM {schema}.index_texts").one()
    return seq if made == edition else None


def add(
    connection: Connection, schema: str, rows: Iterable[tuple[int, Iterable[Iterable[str]]]], seq: int
) -> None:
    """Adds records, each with the tokens of its texts, and notes that all up to ``seq`` are there."""
    between = f" {_BETWEEN} "
    connection.driver.executemany(
        f"INSERT INTO {schema}.index_text (rowid, words) VALUES (?, ?)",
        ((number, between.join(map(" ".join, texts))) for number, texts in rows),
    )
    connection.execute(f"UPDATE {schema}.index_texts SET seq = ?", (seq,))


def matching(connection: Connection, schema: str, match: str, size: int) -> Iterator[list[int]]:
    """The ``seq`` of the records that fit, ``size`` at once, the likeliest first (Okapi BM25)."""
    sql = f"SELECT rowid FROM {schema}.index_text WHERE index_text MATCH ? ORDER BY rank, rowid"
    for page in connection.execute(sql, (match,)).partitions(size):
        yield [seq for (seq,) in page]
