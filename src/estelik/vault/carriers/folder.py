"""A carrier in a folder: a disk, a USB stick, a share that the system has mounted.

What lies there may be somebody else's work: below the root no symbolic link
is followed and nothing but plain files is opened.

A file is written under another name in the same folder and synced, then it
gets its name in one step that fails where there is one already (``naming``).
The bytes are on the disk before that step, so that a file that can be seen is
whole, even on a stick pulled out in between. What was left of a blob is gone
on with by the computer that wrote it, under a lock (``half``).
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO, Final

from estelik.vault.carriers import carrier, half, naming
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

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        size = 0
        with self._opened(kind, name) as file:
            with _in_our_words():
                file.seek(start)
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
            with _in_our_words():
                if naming.is_there(name, room):
                    raise ThereAlreadyError
                begun, file = _half(kind, name, room)
            # It stays locked until it has its name: nobody else goes on with it meanwhile.
            with _closing(file):
                try:
                    size = _copied(source, file)
                    with _in_our_words():
                        naming.give(begun, name, room)
                except BaseException as error:
                    if not half.stays(kind, error):
                        _let_go(begun, file, room)
                    raise
                _let_go(begun, file, room)
            with _in_our_words():
                _sync_folder(room)
        return size

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``."""
        carrier.removable(kind, name, damaged=damaged)
        with self._room(kind) as room, _in_our_words():
            if room is not None:
                with suppress(FileNotFoundError):
                    try:
                        os.unlink(name, dir_fd=room)
                    except IsADirectoryError:
                        # Not unless it is empty: what is in it is not ours.
                        os.rmdir(name, dir_fd=room)
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
                            and not entry.is_dir(follow_symlinks=False)
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


def _half(kind: str, name: str, room: int) -> tuple[str, int]:
    """A half of a file, locked and open to be read and written: for a blob, what this computer left of it."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    own = half.own_name(name) if kind == half.KIND else None
    if own is not None:
        with suppress(OSError):
            file = os.open(own, flags, 0o666, dir_fd=room)
            if _is_ours_alone(own, file, room):
                return own, file
            os.close(file)
    # Others of the group may have another account on this machine: what lies here is sealed.
    fresh = half.fresh_name(name)
    return fresh, os.open(fresh, flags | os.O_EXCL, 0o666, dir_fd=room)


def _is_ours_alone(own: str, file: int, room: int) -> bool:
    """Whether an open half is nobody else's: its lock goes with its writer, however that ends."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # A drive that knows no locks: nobody can have used what is there.
        with suppress(OSError):
            os.unlink(own, dir_fd=room)
        return False
    try:
        # What has two names is a file of somebody's, or was one a moment ago.
        found = os.fstat(file)
        return stat.S_ISREG(found.st_mode) and found.st_nlink == 1 and _is_called(own, found, room)
    except OSError:
        return False


def _is_called(name: str, found: os.stat_result, room: int) -> bool:
    named = os.stat(name, dir_fd=room, follow_symlinks=False)
    return (found.st_dev, found.st_ino) == (named.st_dev, named.st_ino)


def _copied(source: BinaryIO, file: int) -> int:
    """Writes what ``source`` holds, after what lies in ``file`` of it, and waits until the disk has it."""
    size, chunk = 0, b""
    with _in_our_words():
        begun = os.fstat(file).st_size
    if begun:
        there = _Read(file)
        size, chunk = (
            (source.after(there), b"") if isinstance(source, half.Rest) else half.agreed(source, there)
        )
        with _in_our_words():
            os.ftruncate(file, size)
            os.lseek(file, size, os.SEEK_SET)
    while chunk := chunk or source.read(_CHUNK):
        rest = memoryview(chunk)
        size += len(rest)
        chunk = b""
        with _in_our_words():
            while rest:
                rest = rest[os.write(file, rest) :]
    with _in_our_words():
        os.fsync(file)
    return size


class _Read:
    """What lies in an open half."""

    def __init__(self, file: int) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        data = b""
        with _in_our_words():
            while len(data) < size and (more := os.read(self._file, size - len(data))):
                data += more
        return data


def _let_go(begun: str, file: int, room: int) -> None:
    """Takes the name of an open half away, where it still is its name: after a rename it may be another's."""
    with suppress(OSError):
        if _is_called(begun, os.fstat(file), room):
            os.unlink(begun, dir_fd=room)


@contextmanager
def _closing(file: int) -> Iterator[None]:
    try:
        yield
    finally:
        with _in_our_words():
            os.close(file)


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
