"""A file of whoever uses the casebook that is taken in."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

from estelik.errors import EvidenceError
from estelik.vault.new_file import shown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Self

#: What is wrong with a file, and what to do.
_FAULTS: Final = {
    "missing": ("there is no such file.", "Check its name."),
    "unreadable": ("it cannot be read.", "Check who may read it, and whether the disk is well."),
    "link": ("it is a link to a file.", "Name the file that it leads to."),
    "folder": ("it is a folder.", "Name the files in it."),
    "device": ("it is a device or a pipe, and no file.", "Save what comes out of it in a file first."),
    "empty": ("it is empty.", "Check whether it was copied whole."),
    "changed": ("it changed while it was read.", "Wait until nothing writes to it, and try again."),
}


class File:
    """A file that is open to be taken in. Reading it raises ``EvidenceError`` where it cannot be read."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._handle = _opened(path)
        found = os.fstat(self._handle)
        fault = _fault(found)
        if fault:
            os.close(self._handle)
            raise said([(path, fault)])
        self.size = found.st_size
        self._state = _state(found)

    @property
    def name(self) -> str:
        """What the file itself is called, without its folder."""
        return os.fsencode(Path(self.path).name).decode("utf-8", "replace")

    def fileno(self) -> int:
        """Its descriptor."""
        return self._handle

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes more; none at the end. Raises where the file changed since it was opened."""
        try:
            data = os.read(self._handle, size)
            now = _state(os.fstat(self._handle))
        except OSError:
            raise said([(self.path, "unreadable")]) from None
        if now != self._state or (not data and os.lseek(self._handle, 0, os.SEEK_CUR) != self.size):
            raise said([(self.path, "changed")])
        return data

    def rewind(self) -> None:
        """Goes back to the beginning."""
        os.lseek(self._handle, 0, os.SEEK_SET)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


def said(faults: Sequence[tuple[str, str]]) -> EvidenceError:
    """The error that names each file with what is wrong with it."""
    lines = [f"{shown(path)}: {_FAULTS[fault][0]} {_FAULTS[fault][1]}" for path, fault in faults]
    return EvidenceError("\n".join(lines))


def faults(error: EvidenceError) -> str:
    """The lines of an error that ``said`` gave."""
    return error.what


def _opened(path: str) -> int:
    try:
        # Without waiting: a pipe would keep us until somebody writes to it.
        return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    except FileNotFoundError:
        raise said([(path, "missing")]) from None
    except OSError as error:
        fault = {errno.ELOOP: "link", errno.ENXIO: "device"}.get(error.errno or 0, "unreadable")
        raise said([(path, fault)]) from None
    except ValueError:
        raise said([(path, "missing")]) from None


def _fault(found: os.stat_result) -> str:
    if stat.S_ISDIR(found.st_mode):
        return "folder"
    if not stat.S_ISREG(found.st_mode):
        return "device"
    return "" if found.st_size else "empty"


def _state(found: os.stat_result) -> tuple[int, int]:
    return found.st_size, found.st_mtime_ns
