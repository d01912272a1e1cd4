"""Recovery of a folder that was moved or copied in the middle of a commit.

While several files are committed as one, each of their journals ends with the
full path of the super-journal; whoever opens them next rolls back while that
file exists. In a folder that has been moved since, SQLite would look for it in
the old place, take the commit for finished and keep half of it. Here the
super-journal of the folder itself counts: where it lies beside the journals,
its path is cut from them, and each is rolled back on its own
(``docs/decisions/0003-rollback-journal.md``).
"""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError

if TYPE_CHECKING:
    from collections.abc import Iterable

#: How a journal that names a super-journal ends (SQLite's file format, section 3).
_MAGIC: Final = bytes.fromhex("d9d505f920a163d7")
_LONGEST = 4096
#: The byte of a database file that a writer keeps locked.
_RESERVED = 0x40000001


def settle(folder: Path, files: Iterable[Path]) -> None:
    """Makes the journals of a moved folder such that SQLite rolls them back as one."""
    try:
        here = folder.resolve()
        found = [(file, journal, named) for file in files if (named := _named(journal := _journal(file)))]
        moved = [entry for entry in found if entry[2].parent != here and not _in_use(entry[0])]
        unfinished = [entry for entry in moved if (here / entry[2].name).exists()]
        for _, journal, named in unfinished:
            _cut(journal, len(os.fsencode(named)) + 20)
        for name in {named.name for _, _, named in unfinished}:
            (here / name).unlink()
    except OSError:
        raise CasebookError(
            "An interrupted import cannot be undone: the files cannot be written.",
            safe="Nothing was changed.",
            do="Copy the whole folder to a disk that can be written, and open it there.",
        ) from None


def _journal(file: Path) -> Path:
    return file.with_name(f"{file.name}-journal")


def _named(journal: Path) -> Path | None:
    """The path of the super-journal that a journal names."""
    try:
        with journal.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _LONGEST))
            tail = file.read()
    except FileNotFoundError:
        return None
    if len(tail) < 16 or tail[-8:] != _MAGIC:
        return None
    (length,) = struct.unpack(">I", tail[-16:-12])
    if not 0 < length <= len(tail) - 20:
        return None
    return Path(os.fsdecode(tail[-16 - length : -16]))


def _in_use(file: Path) -> bool:
    with file.open("r+b") as handle:
        try:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _RESERVED)
        except OSError:
            return True
        return False


def _cut(journal: Path, length: int) -> None:
    with journal.open("r+b") as file:
        file.truncate(file.seek(0, os.SEEK_END) - length)
        os.fsync(file.fileno())
