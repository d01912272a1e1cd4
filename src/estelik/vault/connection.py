"""Connections: SQL asked of the files of a store, and its answers.

A thin face of the database library (PEP 249) and no more than a casebook
needs: a toolkit between the two takes longer to load than most commands take
to answer (``docs/decisions/0014-sql-without-a-toolkit.md``).
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlcipher3


class Connection:
    """A connection to the files of a store.

    ``driver`` is the library's own. What goes wrong is an error of the library,
    which never shows the values that a statement was called with. ``veil``: the
    key of what only those may compare who hold the sources; empty for others.
    ``edition``: that of the keys that it was opened with.
    """

    def __init__(self, driver: sqlcipher3.Connection, veil: bytes = b"", edition: int = 0) -> None:
        self.driver = driver
        self.veil = veil
        self.edition = edition

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        """Asks ``sql``, with ``values`` in the place of its question marks."""
        return Rows(self.driver.execute(sql, values))


class Rows:
    """The rows of one answer, from first to last; each can be had once."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        found: int = self._cursor.rowcount
        return found

    def all(self) -> list[Any]:
        """All rows that are left."""
        found: list[Any] = self._cursor.fetchall()
        return found

    def partitions(self, size: int) -> Iterator[list[Any]]:
        """The rows, ``size`` at once; the last part may have fewer."""
        while part := list(islice(self._cursor, size)):
            yield part

    def first(self) -> Any:
        """The first row, or none; the others are dropped."""
        row = self._cursor.fetchone()
        self._cursor.close()
        return row

    def one(self) -> Any:
        """The first row, which there must be; the others are dropped."""
        row = self.first()
        if row is None:
            raise LookupError
        return row

    def scalars(self) -> Iterator[Any]:
        """The first value of each row."""
        return (row[0] for row in self._cursor)

    def scalar(self) -> Any:
        """The first value of the first row, or none where there is no row."""
        row = self.first()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        """The first value of the first row, which there must be."""
        return self.one()[0]
