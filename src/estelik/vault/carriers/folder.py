"""A carrier in a folder: a disk, a USB stick, a share that the system has mounted.

What lies there may be somebody else's work: below the root no symbolic link
is followed and nothing but plain files is opened.

A file is written under another name in the same folder and synced, then it
gets its name in one step that fails where there is one already (``naming``).
The bytes are on the disk before that step, so that a file that can be seen is
whole, even on a stick pulled out in between.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from estelik.vault.carriers import carrier, naming
from estelik.vault.carriers.failures import (
    CarrierError,
    FullError,
    MissingError,
    ReadOnlyError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    UnreachableError,
    UnsuitableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK: Final = 1024 * 1024
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_MEANING: Final[dict[int, type[CarrierError]]] = {
    errno.EACCES: RefusedError,
    errno.EPERM: RefusedError,
    errno.EROFS: ReadOnlyError,
    errno.ENOSPC: FullError,
    errno.EDQUOT: FullError,
    **dict.fromkeys(
        (
            errno.ENOENT,
            errno.ENOTDIR,
            errno.EIO,
            errno.ENODEV,
            errno.ENXIO,
            errno.ENOTCONN,
            errno.ESTALE,
            errno.EHOSTDOWN,
            errno.ETIMEDOUT,
        ),
        UnreachableError,
    ),
}


class FolderCarrier:
    """Sealed files below a folder; the folder itself is never made: it may be a stick's mount point."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._device: int | None = None

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``."""
        carrier.checked(kind)
        found = {}
        with self._room(kind) as room, _in_our_words():
            for entry in _entries(room):
                # A page may be taken away while we look.
                with suppress(FileNotFoundError):
                    if carrier.is_name(entry.name) and entry.is_file(follow_symlinks=False):
                        found[entry.name] = entry.stat(follow_symlinks=False).st_size
        return found

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        with self._opened(kind, name) as file, _in_our_words():
            if os.fstat(file.fileno()).st_size > limit:
                raise TooLargeError
            data = file.read(limit + 1)
        if len(data) > limit:
            raise TooLargeError
        return data

    def fetch(self, kind: str, name: str, target: BinaryIO) -> int:
        """See ``Carrier.fetch``."""
        size = 0
        with self._opened(kind, name) as file:
            while True:
                with _in_our_words():
                    chunk = file.read(_CHUNK)
                if not chunk:
                    return size
                target.write(chunk)
                size += len(chunk)

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.put(kind, name, io.BytesIO(data))

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        with self._room(kind, make=True) as room:
            if room is None:
                raise UnreachableError
            half = carrier.half_name(name)
            with _in_our_words():
                if naming.is_there(name, room):
                    raise ThereAlreadyError
                # Others of the group may have another account on this machine: what lies here is sealed.
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                file = os.open(half, flags, 0o666, dir_fd=room)
            try:
                try:
                    size = _copied(source, file)
                finally:
                    with _in_our_words():
                        os.close(file)
                with _in_our_words():
                    naming.give(half, name, room)
            finally:
                with suppress(OSError):
                    os.unlink(half, dir_fd=room)
            with _in_our_words():
                _sync_folder(room)
        return size

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``."""
        carrier.removable(kind, name, damaged=damaged)
        with self._room(kind) as room, _in_our_words():
            if room is not None:
                with suppress(FileNotFoundError):
                    os.unlink(name, dir_fd=room)
                    _sync_folder(room)

    def sweep(self) -> int:
        """See ``Carrier.sweep``."""
        swept = 0
        before = time.time() - carrier.STALE
        for kind in carrier.KINDS:
            with self._room(kind) as room, _in_our_words():
                for entry in list(_entries(room)):
                    with suppress(FileNotFoundError):
                        if (
                            carrier.is_half_name(entry.name)
                            and entry.stat(follow_symlinks=False).st_mtime < before
                        ):
                            os.unlink(entry.name, dir_fd=room)
                            swept += 1
        return swept

    def close(self) -> None:
        """Nothing is held open between two operations, so that a stick can be taken out."""

    @contextmanager
    def _room(self, kind: str, *, make: bool = False) -> Iterator[int | None]:
        """The folder of a kind, opened; None where there is none yet."""
        folder: int | None
        with _in_our_words():
            folder = os.open(self._root, _FOLDER)
        try:
            with _in_our_words():
                self._same_device(folder)
                for part in (carrier.HOME, kind):
                    outer = folder
                    folder = _inner(outer, part, make=make)
                    os.close(outer)
                    if folder is None:
                        break
            yield folder
        finally:
            if folder is not None:
                os.close(folder)

    def _same_device(self, folder: int) -> None:
        # A stick pulled out leaves its mount point behind, on the disk of the office.
        device = os.fstat(folder).st_dev
        if self._device not in {None, device}:
            raise UnreachableError
        self._device = device

    @contextmanager
    def _opened(self, kind: str, name: str) -> Iterator[BinaryIO]:
        carrier.checked(kind, name)
        with self._room(kind) as room:
            with _in_our_words():
                if room is None or not _is_plain(name, room):
                    raise MissingError
                flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
                try:
                    file = os.open(name, flags, dir_fd=room)
                except FileNotFoundError:
                    raise MissingError from None
            with os.fdopen(file, "rb") as opened:
                yield opened


def _inner(outer: int, part: str, *, make: bool) -> int | None:
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=outer)
            _sync_folder(outer)
    try:
        return os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=outer)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENOTDIR}:
            raise UnsuitableError(
                "Something else stands in the carrier's folder where Estelik's own folder should be.",
                do="Look at what it is, and use another folder.",
            ) from None
        raise


def _entries(room: int | None) -> Iterator[os.DirEntry[str]]:
    if room is not None:
        with os.scandir(room) as entries:
            yield from entries


def _is_plain(name: str, room: int) -> bool:
    try:
        return stat.S_ISREG(os.lstat(name, dir_fd=room).st_mode)
    except FileNotFoundError:
        return False


def _copied(source: BinaryIO, file: int) -> int:
    """Writes what ``source`` holds and waits until the disk has it."""
    size = 0
    while chunk := source.read(_CHUNK):
        rest = memoryview(chunk)
        size += len(rest)
        with _in_our_words():
            while rest:
                rest = rest[os.write(file, rest) :]
    with _in_our_words():
        os.fsync(file)
    return size


def _sync_folder(room: int) -> None:
    try:
        os.fsync(room)
    except OSError as error:
        # Some mounted shares cannot; they have no later moment to lose the name in.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
            raise


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise TooLargeError(
                "A file is larger than this carrier's file system takes.",
                safe="Nothing was written.",
                do="Use a carrier formatted with exFAT or another file system without that limit.",
            ) from None
        raise _MEANING.get(error.errno or 0, CarrierError) from None
