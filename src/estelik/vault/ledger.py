"""The ledger: which segments there are of a compartment, how they open, and what is in none yet.

It lies in the compartment's own encrypted file, beside the records: who holds
the one holds the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault.segment import Head

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

#: The tables, for the file that is attached as ``{}``: one line for each segment (``listed``: the table of
#: this device that handed on its page key, 0 for none yet, -1 for another device's); the tables of page
#: keys that there are; the epochs, with the identity that opens their tables; the highest ``seq`` that is
#: in a segment.
TABLES: Final = """
CREATE TABLE {}.segment (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, device TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, head TEXT NOT NULL, page TEXT NOT NULL,
    version INTEGER NOT NULL, key TEXT NOT NULL, listed INTEGER NOT NULL);
CREATE TABLE {}.page_table (name TEXT PRIMARY KEY, device TEXT NOT NULL, number INTEGER NOT NULL,
    epoch INTEGER NOT NULL, digest TEXT NOT NULL);
CREATE TABLE {}.epoch (number INTEGER PRIMARY KEY, identity TEXT NOT NULL, began INTEGER NOT NULL);
CREATE TABLE {}.sealed (seq INTEGER NOT NULL)"""


class Line(NamedTuple):
    """One segment: its name, its device, its first and last number, the head after it, and the name,
    version and key of its page."""

    name: str
    device: str
    first: int
    last: int
    head: bytes
    page: str
    version: int
    key: bytes

    def __repr__(self) -> str:
        return f"Line({self.name}, ...)"


class Ledger:
    """The ledger of one compartment, seen through a connection."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._run = connection.exec_driver_sql
        self._schema = schema

    def create(self) -> None:
        """Makes the tables: nothing is sealed yet, and no epoch has begun."""
        for table in TABLES.split(";"):
            self._run(table.format(self._schema))
        self._run(f"INSERT INTO {self._schema}.sealed VALUES (0)")

    def begin_epoch(self, identity: str, began: int) -> None:
        """Begins the next epoch; ``began``: seconds since 1970."""
        self._run(
            f"INSERT INTO {self._schema}.epoch (number, identity, began) "
            f"SELECT coalesce(max(number), 0) + 1, ?, ? FROM {self._schema}.epoch",
            (identity, began),
        )

    def sealed(self) -> int:
        """The highest ``seq`` that is in a segment."""
        found: int = self._run(f"SELECT seq FROM {self._schema}.sealed").scalar_one()
        return found

    def seal(self, seq: int) -> None:
        """Notes that all records up to ``seq`` are in segments."""
        self._run(f"UPDATE {self._schema}.sealed SET seq = ?", (seq,))

    def seal_all(self) -> None:
        """Notes that every record that is there is in a segment."""
        highest = f"SELECT coalesce(max(seq), 0) FROM {self._schema}.record"
        self._run(f"UPDATE {self._schema}.sealed SET seq = ({highest})")

    def head(self, device: str) -> Head | None:
        """How far the chain of a device goes."""
        row = self._run(
            f"SELECT last, head FROM {self._schema}.segment WHERE device = ? ORDER BY last DESC LIMIT 1",
            (device,),
        ).first()
        return None if row is None else Head(device, row[0], bytes.fromhex(row[1]))

    def heads(self) -> list[Head]:
        """How far the chain of every device goes, by device."""
        devices = self._run(f"SELECT DISTINCT device FROM {self._schema}.segment ORDER BY device")
        found = [self.head(device) for device in devices.scalars().all()]
        return [head for head in found if head is not None]

    def add(self, lines: Iterable[Line], listed: int = 0) -> None:
        """Adds segments."""
        for line in lines:
            self._run(
                f"INSERT INTO {self._schema}.segment (name, device, first, last, head, page, version, key, "
                "listed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*line[:4], line.head.hex(), line.page, line.version, line.key.hex(), listed),
            )

    def lines(self, *, listed: bool) -> list[Line]:
        """The segments whose page keys a table hands on, or those that none does yet, in order of entry."""
        rows = self._run(
            "SELECT name, device, first, last, head, page, version, key "
            f"FROM {self._schema}.segment WHERE listed {'<>' if listed else '='} 0 ORDER BY place"
        )
        return [
            Line(name, device, first, last, bytes.fromhex(head), page, version, bytes.fromhex(key))
            for name, device, first, last, head, page, version, key in rows
        ]

    def next_table(self, device: str) -> int:
        """The number of the next table of a device."""
        found: int = self._run(
            f"SELECT coalesce(max(number), 0) + 1 FROM {self._schema}.page_table WHERE device = ?", (device,)
        ).scalar_one()
        return found

    def add_table(self, name: str, device: str, number: int, epoch: int, digest: bytes) -> None:
        """Adds a table of page keys; ``digest``: the SHA-256 of its file."""
        self._run(
            f"INSERT INTO {self._schema}.page_table VALUES (?, ?, ?, ?, ?)",
            (name, device, number, epoch, digest.hex()),
        )

    def devices(self, *, own: bool) -> set[str]:
        """The devices whose segments are here: this one, or the others."""
        sign = ">=" if own else "<"
        return set(
            self._run(f"SELECT DISTINCT device FROM {self._schema}.segment WHERE listed {sign} 0").scalars()
        )

    def first_listed(self) -> dict[int, int]:
        """The tables of this device: to each number the lowest last entry of the segments it hands on."""
        rows = self._run(
            f"SELECT listed, min(last) FROM {self._schema}.segment WHERE listed > 0 GROUP BY listed"
        )
        return {row[0]: row[1] for row in rows}

    def list_all(self, number: int) -> None:
        """Notes that the table of that number hands on every page key that none handed on before."""
        self._run(f"UPDATE {self._schema}.segment SET listed = ? WHERE listed = 0", (number,))

    def tables(self) -> list[tuple[str, str, int, bytes]]:
        """The tables of page keys: name, device, number, and the SHA-256 of the file."""
        rows = self._run(
            f"SELECT name, device, number, digest FROM {self._schema}.page_table "
            "ORDER BY device, number, name"
        )
        return [(name, device, number, bytes.fromhex(digest)) for name, device, number, digest in rows]

    def unsealed(self) -> int:
        """How many records are in no segment yet."""
        found: int = self._run(
            f"SELECT count(*) FROM {self._schema}.record WHERE seq > ?", (self.sealed(),)
        ).scalar_one()
        return found

    def waiting(self) -> bool:
        """Whether there is a record in no segment, or a segment whose page key no table hands on."""
        found: int = self._run(
            f"SELECT EXISTS (SELECT 1 FROM {self._schema}.record WHERE seq > ?) "
            f"OR EXISTS (SELECT 1 FROM {self._schema}.segment WHERE listed = 0)",
            (self.sealed(),),
        ).scalar_one()
        return bool(found)

    def epoch(self) -> tuple[int, str]:
        """The epoch that has begun last: its number, and the identity that opens its tables."""
        row = self._run(
            f"SELECT number, identity FROM {self._schema}.epoch ORDER BY number DESC LIMIT 1"
        ).one()
        return row[0], row[1]

    def identities(self) -> list[str]:
        """The identities of all epochs."""
        return list(self._run(f"SELECT identity FROM {self._schema}.epoch ORDER BY number").scalars())
