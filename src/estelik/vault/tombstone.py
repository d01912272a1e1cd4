"""Tombstones: which records of a compartment were erased, the segments they were in, what must go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from estelik.vault.connection import Connection

#: The tables, for the file that is attached as ``{}``: the erased records (``clean``: whether every segment
#: was looked through for them, and no page holds a key of theirs); the segments that they are in; the sealed
#: files that led to one of them, or were one, or are of an epoch whose key was destroyed: these are taken
#: away wherever they are met.
TABLES: Final = (
    "CREATE TABLE {}.erased (record TEXT PRIMARY KEY, clean INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE {}.erased_in (segment TEXT, record TEXT, PRIMARY KEY (segment, record)) WITHOUT ROWID",
    "CREATE TABLE {}.shed (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID",
)
_CHUNK: Final = 500


class Tombstones:
    """The tombstones of one compartment, seen through a connection."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._run = connection.execute
        self._schema = schema

    def create(self) -> None:
        """Makes the tables, empty."""
        for table in TABLES:
            self._run(table.format(self._schema))

    def any(self) -> bool:
        """Whether anything was erased."""
        return self._run(f"SELECT 1 FROM {self._schema}.erased LIMIT 1").first() is not None

    def records(self) -> dict[str, bool]:
        """The erased records, and whether no page holds a key of them any more."""
        rows = self._run(f"SELECT record, clean FROM {self._schema}.erased")
        return {record: bool(clean) for record, clean in rows}

    def among(self, records: Collection[str]) -> set[str]:
        """Those of these records that were erased."""
        if not self.any():
            return set()
        wanted, found = list(records), set[str]()
        for start in range(0, len(wanted), _CHUNK):
            chunk = tuple(wanted[start : start + _CHUNK])
            marks = ", ".join("?" * len(chunk))
            found.update(
                self._run(
                    f"SELECT record FROM {self._schema}.erased WHERE record IN ({marks})", chunk
                ).scalars()
            )
        return found

    def add(self, records: Iterable[str]) -> None:
        """Notes that records were erased; no page was looked at yet."""
        for record in records:
            self._run(f"INSERT OR IGNORE INTO {self._schema}.erased VALUES (?, 0)", (record,))

    def forget(self, records: Iterable[str]) -> None:
        """Notes that records are not erased: the erasure does not count (any more)."""
        for record in records:
            self._run(f"DELETE FROM {self._schema}.erased WHERE record = ?", (record,))
            self._run(f"DELETE FROM {self._schema}.erased_in WHERE record = ?", (record,))

    def cleaned(self) -> None:
        """Notes that no page holds a key of any erased record."""
        self._run(f"UPDATE {self._schema}.erased SET clean = 1")

    def found_in(self, segment: str, records: Iterable[str]) -> None:
        """Notes in which segment erased records are."""
        for record in records:
            self._run(f"INSERT OR IGNORE INTO {self._schema}.erased_in VALUES (?, ?)", (segment, record))

    def counts(self) -> dict[str, int]:
        """How many records were erased in each segment that any was erased in."""
        rows = self._run(f"SELECT segment, count(*) FROM {self._schema}.erased_in GROUP BY segment")
        return {row[0]: row[1] for row in rows}

    def shed(self, kind: str, names: Iterable[str]) -> None:
        """Notes files that must go from every carrier."""
        for name in names:
            self._run(f"INSERT OR IGNORE INTO {self._schema}.shed VALUES (?, ?)", (kind, name))

    def to_go(self) -> set[tuple[str, str]]:
        """The files that must go: kind, name."""
        return {(kind, name) for kind, name in self._run(f"SELECT kind, name FROM {self._schema}.shed")}
