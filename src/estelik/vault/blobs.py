"""The blobs of a store: which there are, and what an interrupted command left of one.

Before a blob is made its name is noted in the file of its compartment; with
the record that names the blob the note goes, in one transaction. What a note
still names when nobody is making blobs was never finished, and is swept away.
Nothing else is ever taken from the shelf.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.records.evidence import Blob
from estelik.vault.blob import KIND
from estelik.vault.carriers import carrier
from estelik.vault.keys import sync_folder
from estelik.vault.tables import EVIDENCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: How far the blobs of each compartment were on a carrier: compartment -> ``seq`` of the last record.
Reach = dict[str, int]


class Kept(NamedTuple):
    """A blob with the compartment, the ``seq`` and the id of its record; ``bytes`` and ``sha256``
    (hexadecimal) are those of the file that is sealed in it."""

    compartment: str
    seq: int
    record: str
    blob: Blob
    bytes: int
    sha256: str


class _Bearer(msgspec.Struct):
    """What the vault knows of a record that may have a blob."""

    blob: Blob | None = None
    bytes: int = 0
    sha256: str = ""


_decode: Final = msgspec.json.Decoder(_Bearer).decode


def create(connection: Connection, schema: str) -> None:
    """Makes the table of notes, empty."""
    connection.execute(f"CREATE TABLE {schema}.blob_begun (name TEXT PRIMARY KEY)")


def every(store: Store) -> list[Kept]:
    """All blobs that records name, compartment by compartment, in order of entry."""
    found = []
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            rows = connection.execute(
                f"SELECT seq, id, CAST(body AS BLOB) FROM {schema}.record WHERE {EVIDENCE} ORDER BY seq"
            )
            for seq, record, body in rows:
                one = _decode(body)
                if one.blob is None:
                    continue
                found.append(Kept(compartment, seq, record, one.blob, one.bytes, one.sha256))
    return found


def begin(store: Store, compartment: str, names: Iterable[str]) -> None:
    """Notes that blobs of these names are about to be made. The caller is ``making``."""
    with store.write() as connection:
        for name in names:
            connection.execute(f"INSERT INTO {store.schemas[compartment]}.blob_begun VALUES (?)", (name,))


def finish(connection: Connection, schema: str, names: Iterable[str]) -> None:
    """Takes the notes away, in the transaction that enters the records."""
    for name in names:
        connection.execute(f"DELETE FROM {schema}.blob_begun WHERE name = ?", (name,))


@contextmanager
def making(shelf: Path) -> Iterator[None]:
    """While blobs are being made on the shelf in this folder, nobody sweeps it."""
    with _locked(shelf, fcntl.LOCK_SH):
        yield


def sweep(store: Store, shelf: Path) -> int:
    """Takes away what was begun and never finished; how many blobs. None while somebody is making some."""
    names: dict[str, list[str]] = {}
    with _locked(shelf, fcntl.LOCK_EX | fcntl.LOCK_NB) as alone:
        if not alone:
            return 0
        with store.read() as connection:
            for schema in store.schemas.values():
                found = list(connection.execute(f"SELECT name FROM {schema}.blob_begun").scalars())
                if found:
                    names[schema] = list(found)
        if names:
            folder = shelf / carrier.HOME / KIND
            with suppress(FileNotFoundError):
                unfinished = {name for begun in names.values() for name in begun}
                for path in list(folder.iterdir()):
                    if path.name.partition(".")[0] in unfinished:
                        path.unlink(missing_ok=True)
                sync_folder(folder)
            with store.write() as connection:
                for schema, begun in names.items():
                    finish(connection, schema, begun)
    return sum(map(len, names.values()))


@contextmanager
def _locked(shelf: Path, how: int) -> Iterator[bool]:
    """Whether the lock was given. It goes with the process, however that ends."""
    handle = os.open(shelf, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, how)
        except OSError:
            # Taken; or a network drive that knows no locks: better to leave something lying than to take it.
            yield False
        else:
            yield True
    finally:
        os.close(handle)
