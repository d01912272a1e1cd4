"""The ledger: which segments there are of a compartment, how they open, and what is in none yet.

It lies in the compartment's own encrypted file, beside the records: who holds
the one holds the other.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault.segment import Head

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from estelik.vault.connection import Connection

#: The tables, for the file that is attached as ``{}``: one line for each segment (``epoch``: the highest one
#: under which a table hands its page key on, 0 for none; ``held``: 1 where its records are kept back, 2 until
#: that is settled); the tables of page keys that there are; how far each chain goes as others have seen it;
#: the epochs, with the identity that opens their tables until it is destroyed (empty then), and whom it was
#: handed to, and their files; the files that were on a carrier at its last sync; the highest ``seq`` that is
#: in a segment, the latest batch of what came from other devices, and the number of the epoch up to which
#: keys are destroyed at once, since a table under it leads to something erased.
TABLES: Final = """
CREATE TABLE {}.segment (place INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, device TEXT NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, previous TEXT NOT NULL, head TEXT NOT NULL,
    page TEXT NOT NULL, version INTEGER NOT NULL, key TEXT NOT NULL, epoch INTEGER NOT NULL,
    held INTEGER NOT NULL);
CREATE TABLE {}.page_table (name TEXT PRIMARY KEY, device TEXT NOT NULL, number INTEGER NOT NULL,
    epoch INTEGER NOT NULL, digest TEXT NOT NULL);
CREATE TABLE {}.seen (device TEXT PRIMARY KEY, number INTEGER NOT NULL);
CREATE TABLE {}.epoch (id TEXT PRIMARY KEY, number INTEGER NOT NULL, device TEXT NOT NULL,
    identity TEXT NOT NULL, began INTEGER NOT NULL, handed TEXT NOT NULL, shared TEXT NOT NULL);
CREATE TABLE {}.epoch_file (name TEXT PRIMARY KEY, epoch TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE {}.carried (carrier TEXT, name TEXT, PRIMARY KEY (carrier, name)) WITHOUT ROWID;
CREATE TABLE {}.sealed (seq INTEGER NOT NULL, batch TEXT NOT NULL, due INTEGER NOT NULL)"""


class Line(NamedTuple):
    """One segment: its name, its device, its first and last number, the entry before it, the head after it,
    and the name, version and key of its page."""

    name: str
    device: str
    first: int
    last: int
    previous: bytes
    head: bytes
    page: str
    version: int
    key: bytes

    def __repr__(self) -> str:
        return f"Line({self.name}, ...)"


class Period(NamedTuple):
    """One epoch as this device knows it: its id and number, the device that began it, its identity (empty
    once it was destroyed), when it began (seconds since 1970), the recipients that it was handed to, and the
    keys that all who hold the compartment have in common (in hexadecimal)."""

    id: str
    number: int
    device: str
    identity: str
    began: int
    handed: frozenset[str]
    shared: dict[str, str]

    def __repr__(self) -> str:
        return f"Period({self.number}, ...)"


_LINE = "name, device, first, last, previous, head, page, version, key"


class Ledger:
    """The ledger of one compartment, seen through a connection."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._run = connection.execute
        self._schema = schema

    def create(self) -> None:
        """Makes the tables: nothing is sealed yet, and no epoch has begun."""
        for table in TABLES.split(";"):
            self._run(table.format(self._schema))
        self._run(f"INSERT INTO {self._schema}.sealed VALUES (0, '', 0)")

    # Records that are sealed

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

    def note_batch(self, batch: str) -> None:
        """Notes the latest batch among records that came from elsewhere."""
        self._run(f"UPDATE {self._schema}.sealed SET batch = max(batch, ?)", (batch,))

    def records(self) -> int:
        """How many records there are."""
        found: int = self._run(f"SELECT count(*) FROM {self._schema}.record").scalar_one()
        return found

    def last(self) -> int:
        """The highest ``seq`` of a record; 0 where there is none. Takes no time, unlike counting them."""
        found: int = self._run(f"SELECT coalesce(max(seq), 0) FROM {self._schema}.record").scalar_one()
        return found

    def unsealed(self) -> int:
        """How many records are in no segment yet."""
        sealed = self.sealed()
        if not sealed:
            # All: counted by an index, and not by a look at each.
            return self.records()
        found: int = self._run(
            f"SELECT count(*) FROM {self._schema}.record WHERE seq > ?", (sealed,)
        ).scalar_one()
        return found

    # Segments

    def head(self, device: str) -> Head | None:
        """How far the chain of a device goes."""
        row = self._run(
            f"SELECT last, head FROM {self._schema}.segment WHERE device = ? "
            "ORDER BY last DESC, head LIMIT 1",
            (device,),
        ).first()
        return None if row is None else Head(device, row[0], bytes.fromhex(row[1]))

    def heads(self) -> list[Head]:
        """How far the chain of every device goes, by device."""
        devices = self._run(f"SELECT DISTINCT device FROM {self._schema}.segment ORDER BY device")
        found = [self.head(device) for device in list(devices.scalars())]
        return [head for head in found if head is not None]

    def add(self, lines: Iterable[Line], *, held: int = 0) -> None:
        """Adds segments."""
        for line in lines:
            self._run(
                f"INSERT INTO {self._schema}.segment ({_LINE}, epoch, held) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
                (*line[:4], line.previous.hex(), line.head.hex(), *line[6:8], line.key.hex(), held),
            )

    def lines(self, condition: str = "1", values: tuple[object, ...] = ()) -> list[Line]:
        """The segments that an SQL ``condition`` on their line is true of, in order of entry."""
        rows = self._run(
            f"SELECT {_LINE} FROM {self._schema}.segment WHERE {condition} ORDER BY place", values
        )
        return [
            Line(name, device, first, last, _bytes(previous), _bytes(head), page, version, _bytes(key))
            for name, device, first, last, previous, head, page, version, key in rows
        ]

    def pages(self) -> dict[str, str]:
        """Of each segment its page."""
        rows = self._run(f"SELECT name, page FROM {self._schema}.segment")
        return {row[0]: row[1] for row in rows}

    def handed_on(self, name: str) -> int:
        """The highest epoch under which a table hands on the page key of a segment; 0: none yet."""
        found: int = self._run(
            f"SELECT epoch FROM {self._schema}.segment WHERE name = ?", (name,)
        ).scalar_one()
        return found

    def hand_on(self, names: Iterable[str], epoch: int) -> None:
        """Notes that a table under this epoch hands on the page keys of these segments."""
        for name in names:
            self._run(
                f"UPDATE {self._schema}.segment SET epoch = max(epoch, ?) WHERE name = ?", (epoch, name)
            )

    def hand_on_again(self, epoch: int) -> None:
        """Notes that what was handed on under this epoch must be once more."""
        self._run(f"UPDATE {self._schema}.segment SET epoch = ? WHERE epoch = ?", (epoch - 1, epoch))

    def replace_page(self, name: str, page: str, version: int, key: bytes, epoch: int) -> None:
        """Notes the newer page of a segment, which a table under ``epoch`` hands on."""
        self._run(
            f"UPDATE {self._schema}.segment SET page = ?, version = ?, key = ?, epoch = ? WHERE name = ?",
            (page, version, key.hex(), epoch, name),
        )

    def hold(self, name: str, held: int) -> None:
        """Notes whether the records of a segment are kept back (0 or 1)."""
        self._run(f"UPDATE {self._schema}.segment SET held = ? WHERE name = ?", (held, name))

    def any_before(self, epoch: int) -> bool:
        """Whether there is a segment that no table under this epoch, or a later one, hands on."""
        found = self._run(f"SELECT 1 FROM {self._schema}.segment WHERE epoch < ? LIMIT 1", (epoch,))
        return found.first() is not None

    def see(self, heads: Iterable[Head]) -> None:
        """Notes how far chains go as others have seen them."""
        for head in heads:
            self._run(
                f"INSERT INTO {self._schema}.seen VALUES (?, ?) "
                "ON CONFLICT DO UPDATE SET number = max(number, excluded.number)",
                (head.device, head.number),
            )

    def seen(self) -> dict[str, int]:
        """The highest number of each device that another has seen."""
        return {row[0]: row[1] for row in self._run(f"SELECT device, number FROM {self._schema}.seen")}

    # Tables of page keys

    def next_table(self, device: str, epoch: int) -> int:
        """The number of the next table of a device under an epoch."""
        found: int = self._run(
            f"SELECT coalesce(max(number), 0) + 1 FROM {self._schema}.page_table "
            "WHERE device = ? AND epoch = ?",
            (device, epoch),
        ).scalar_one()
        return found

    def drop_tables(self, epoch: int) -> list[str]:
        """Forgets the tables of this epoch and of those before; their names."""
        names = list(
            self._run(f"SELECT name FROM {self._schema}.page_table WHERE epoch <= ?", (epoch,)).scalars()
        )
        self._run(f"DELETE FROM {self._schema}.page_table WHERE epoch <= ?", (epoch,))
        return names

    def add_table(self, name: str, device: str, number: int, epoch: int, digest: bytes) -> None:
        """Adds a table of page keys; ``digest``: the SHA-256 of its file."""
        self._run(
            f"INSERT OR IGNORE INTO {self._schema}.page_table VALUES (?, ?, ?, ?, ?)",
            (name, device, number, epoch, digest.hex()),
        )

    def tables(self) -> list[tuple[str, str, int, bytes]]:
        """The tables of page keys: name, device, number, and the SHA-256 of the file."""
        rows = self._run(
            f"SELECT name, device, number, digest FROM {self._schema}.page_table "
            "ORDER BY device, number, name"
        )
        return [(name, device, number, bytes.fromhex(digest)) for name, device, number, digest in rows]

    def table_numbers(self) -> dict[tuple[str, int], set[int]]:
        """The numbers of the tables of each device under each epoch."""
        found: dict[tuple[str, int], set[int]] = {}
        for device, epoch, number in self._run(
            f"SELECT device, epoch, number FROM {self._schema}.page_table"
        ):
            found.setdefault((device, epoch), set()).add(number)
        return found

    # Epochs

    def epochs(self) -> list[Period]:
        """All epochs, the latest last."""
        rows = self._run(
            "SELECT id, number, device, identity, began, handed, shared "
            f"FROM {self._schema}.epoch ORDER BY number, id"
        )
        return [
            Period(id_, number, device, identity, began, frozenset(json.loads(handed)), json.loads(shared))
            for id_, number, device, identity, began, handed, shared in rows
        ]

    def latest_epoch(self) -> int:
        """The highest number of an epoch that is known or spoken of."""
        found: int = self._run(
            f"SELECT max((SELECT coalesce(max(number), 0) FROM {self._schema}.epoch), "
            f"(SELECT coalesce(max(epoch), 0) FROM {self._schema}.page_table), "
            f"(SELECT coalesce(max(epoch), 0) FROM {self._schema}.segment))"
        ).scalar_one()
        return found

    def waiting(self) -> int:
        """How many records are in no segment: none, or about so many."""
        last: int = self._run(f"SELECT coalesce(max(seq), 0) FROM {self._schema}.record").scalar_one()
        return max(0, last - self.sealed())

    def owe(self, epoch: int) -> None:
        """Notes that the keys of all epochs up to this number must be destroyed at once."""
        self._run(f"UPDATE {self._schema}.sealed SET due = max(due, ?)", (epoch,))

    def due(self) -> int:
        """The number of the epoch up to which keys must be destroyed at once."""
        found: int = self._run(f"SELECT due FROM {self._schema}.sealed").scalar_one()
        return found

    def put_epoch(self, period: Period) -> None:
        """Adds an epoch, or what is known of it since."""
        self._run(
            f"INSERT OR REPLACE INTO {self._schema}.epoch VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*period[:5], json.dumps(sorted(period.handed)), json.dumps(period.shared)),
        )

    def add_epoch_file(self, name: str, epoch: str, digest: bytes) -> None:
        """Adds a file of an epoch; ``digest``: its SHA-256."""
        self._run(
            f"INSERT OR IGNORE INTO {self._schema}.epoch_file VALUES (?, ?, ?)", (name, epoch, digest.hex())
        )

    def epoch_files(self) -> list[tuple[str, str, bytes]]:
        """The files of epochs: name, the epoch's id, the SHA-256 of the file."""
        rows = self._run(f"SELECT name, epoch, digest FROM {self._schema}.epoch_file ORDER BY name")
        return [(name, epoch, bytes.fromhex(digest)) for name, epoch, digest in rows]

    def present_files(self, kind: str) -> list[tuple[str, bytes]]:
        """The tables ("table") or files of epochs ("epoch") that nothing later stands for: name, SHA-256."""
        last = self._run(f"SELECT coalesce(max(number), 0) FROM {self._schema}.epoch").scalar_one()
        since = 0 if self.any_before(last) else last
        sql = {
            "table": f"SELECT name, digest FROM {self._schema}.page_table WHERE epoch >= ? ORDER BY name",
            "epoch": f"SELECT file.name, file.digest FROM {self._schema}.epoch_file AS file "
            f"JOIN {self._schema}.epoch AS epoch ON epoch.id = file.epoch WHERE number >= ? "
            "ORDER BY file.name",
        }
        return [(name, _bytes(digest)) for name, digest in self._run(sql[kind], (since,))]

    def drop_epoch_files(self, names: Collection[str]) -> None:
        """Forgets files of epochs."""
        for name in names:
            self._run(f"DELETE FROM {self._schema}.epoch_file WHERE name = ?", (name,))

    # Carriers

    def carried(self, carrier: str) -> set[str]:
        """The files that were on a carrier at its last sync."""
        return set(
            self._run(f"SELECT name FROM {self._schema}.carried WHERE carrier = ?", (carrier,)).scalars()
        )

    def uncarried(self, carrier: str, names: Collection[str]) -> set[str]:
        """Those of these files that were not on a carrier yet."""
        rows = self._run(
            f"SELECT value FROM json_each(?) WHERE value NOT IN "
            f"(SELECT name FROM {self._schema}.carried WHERE carrier = ?)",
            (json.dumps(list(names)), carrier),
        )
        return set(rows.scalars())

    def lacking(self, carrier: str, *, handed: bool = False) -> list[Line]:
        """The segments that were not on a carrier yet, or not with their present page; ``handed``: those of
        them whose page key a table hands on."""
        there = f"SELECT 1 FROM {self._schema}.carried AS there WHERE there.carrier = ? AND there.name"
        return self.lines(
            f"(NOT EXISTS ({there} = segment.page) OR NOT EXISTS ({there} = segment.name)) AND epoch >= ?",
            (carrier, carrier, int(handed)),
        )

    def carry(self, carrier: str, names: Iterable[str]) -> None:
        """Notes that these files are on a carrier."""
        for name in names:
            self._run(f"INSERT OR IGNORE INTO {self._schema}.carried VALUES (?, ?)", (carrier, name))

    def uncarry(self, carrier: str, names: Iterable[str]) -> None:
        """Notes that these files are no longer on a carrier."""
        for name in names:
            self._run(f"DELETE FROM {self._schema}.carried WHERE carrier = ? AND name = ?", (carrier, name))

    def forget_carrier(self, carrier: str) -> None:
        """Forgets what was on a carrier."""
        self._run(f"DELETE FROM {self._schema}.carried WHERE carrier = ?", (carrier,))


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text)
