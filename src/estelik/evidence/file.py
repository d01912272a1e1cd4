"""Files of whoever uses the casebook: one that is taken in, and one that is handed out."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from estelik.errors import EvidenceError
from estelik.vault.keys import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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


def shown(path: str) -> str:
    """A name as it was typed, without what would move a cursor."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in path)


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


class NewFile:
    """A file that is being written, and has no name yet where the file system knows such."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._folder = Path(path).parent
        #: Whether it has its name already: what is written to it stays after a power cut.
        self.named = False
        if "\0" in path:
            raise _unwritable(path)
        if os.path.lexists(path):
            raise _there_already(path)
        try:
            try:
                self._handle = os.open(self._folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
            except OSError as error:
                if error.errno not in {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}:
                    raise
                flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                self._handle = os.open(path, flags, 0o600)
                self.named = True
        except FileExistsError:
            raise _there_already(path) from None
        except (OSError, ValueError):
            raise _unwritable(path) from None

    def write(self, data: bytes | memoryview, /) -> int:
        """Writes all of ``data``."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError:
            raise _unwritable(self._path) from None
        return len(data)

    def settle(self) -> None:
        """Waits until the disk has what was written."""
        try:
            os.fsync(self._handle)
        except OSError:
            raise _unwritable(self._path) from None

    def appear(self) -> None:
        """Gives the file its name, and never that of another; it outlasts a loss of power."""
        try:
            if not self.named:
                # With a folder's descriptor, which a full path does not need, links are followed indeed.
                os.link(
                    f"/proc/self/fd/{self._handle}",
                    self._path,
                    src_dir_fd=self._handle,
                    follow_symlinks=True,
                )
                self.named = True
            _settle_names(self._folder)
        except FileExistsError:
            raise _there_already(self._path) from None
        except OSError:
            raise _unwritable(self._path) from None

    def close(self, *, keep: bool) -> None:
        """Ends it; without ``keep`` nothing of it stays."""
        os.close(self._handle)
        if self.named and not keep:
            with suppress(OSError):
                Path(self._path).unlink()


@contextmanager
def new_file(path: str) -> Iterator[NewFile]:
    """A file that is there, whole, once ``appear`` was called and nothing was raised since; else not at all.

    Raises ``EvidenceError`` where there is something of that name, or nothing
    can be written.
    """
    made, kept = NewFile(path), False
    try:
        yield made
        kept = True
    finally:
        made.close(keep=kept)


def _settle_names(folder: Path) -> None:
    try:
        sync_folder(folder)
    except OSError as error:
        # Some mounted shares cannot, nor can anybody who may write to a folder and not look into it.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}:
            raise


def _there_already(path: str) -> EvidenceError:
    return EvidenceError(
        f"{shown(path)}: there is something of that name already.",
        safe="It was not touched.",
        do="Give another name.",
    )


def _unwritable(path: str) -> EvidenceError:
    return EvidenceError(
        f"{shown(path)}: it cannot be written.",
        safe="No part of it was left there.",
        do="Check the folder, who may write to it, and how much room there is.",
    )
