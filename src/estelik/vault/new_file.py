"""New file: whatever is written outside the casebook for somebody to read: reports, cards, sheets, copies.

Only its owner can read it. It appears whole under its name, or not at all; never through a link, and never in
the place of what is there, unless that is a file and whoever asks says so: then a new one takes the place at
once, and nothing of the old one, nor who could read it, stays.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, BinaryIO

from estelik.errors import FileError, Sentence
from estelik.vault.keys import sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator


class NewFile:
    """A file that is being written, and has no name yet where the file system knows such. ``force``: it may
    take the place of another file; None where nobody is asked whether it may."""

    def __init__(self, path: str | Path, *, force: bool | None = None) -> None:
        self._path = str(path)
        self._folder = Path(path).parent
        #: Whether it has its name already: what is written to it stays after a power cut.
        self.named = False
        #: What it is called until it takes the place of another; "" where it takes none.
        self._beside = ""
        if "\0" in self._path:
            raise _unwritable(self._path)
        if _there(self._path, force=force):
            self._beside = str(self._folder / f".{token_hex(8)}.part")
        try:
            try:
                self._handle = os.open(self._folder, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
            except OSError as error:
                if error.errno not in {errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT}:
                    raise
                flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                self._handle = os.open(self._beside or self._path, flags, 0o600)
                self.named = True
        except FileExistsError:
            raise _there_already(self._path) from None
        except (OSError, ValueError):
            raise _unwritable(self._path) from None

    def write(self, data: bytes | memoryview, /) -> int:
        """Writes all of ``data``."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError:
            raise _unwritable(self._path) from None
        return len(data)

    def stream(self) -> BinaryIO:
        """The same file for writers that go back in it. Raises ``OSError`` where nothing can be written."""
        return os.fdopen(self._handle, "w+b", closefd=False)

    def settle(self) -> None:
        """Waits until the disk has what was written."""
        try:
            os.fsync(self._handle)
        except OSError:
            raise _unwritable(self._path) from None

    def appear(self) -> None:
        """Gives the file its name, and never that of another that it was not to replace; it outlasts a loss
        of power."""
        try:
            if not self.named:
                # With a folder's descriptor, which a full path does not need, links are followed indeed.
                os.link(
                    f"/proc/self/fd/{self._handle}",
                    self._beside or self._path,
                    src_dir_fd=self._handle,
                    follow_symlinks=True,
                )
                self.named = True
            if self._beside:
                Path(self._beside).rename(self._path)
                # The old one is gone: what took its place stays, whatever comes.
                self.named = False
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
                Path(self._beside or self._path).unlink()


@contextmanager
def new_file(path: str | Path, *, force: bool | None = None) -> Iterator[NewFile]:
    """A file that is there, whole, once ``appear`` was called and nothing was raised since; else not at all.

    Raises ``FileError`` where there is something of that name (with ``force``: something that is no file), or
    nothing can be written.
    """
    made, kept = NewFile(path, force=force), False
    try:
        yield made
        kept = True
    finally:
        made.close(keep=kept)


def write(path: str | Path, data: bytes, *, force: bool | None = None) -> None:
    """Writes a file at once. Raises ``FileError``."""
    with new_file(path, force=force) as made:
        made.write(data)
        made.settle()
        made.appear()


def shown(path: str) -> str:
    """A name as it was typed, without what would move a cursor."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in path)


def _there(path: str, *, force: bool | None) -> bool:
    """Whether a file is there that may be replaced. Raises ``FileError`` where anything else is."""
    try:
        found = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        raise _unwritable(path) from None
    if not force:
        raise _there_already(path, ask=force is not None)
    if not stat.S_ISREG(found.st_mode):
        raise FileError(
            Sentence(
                "%(file)s: what is there is no file, but a link, a folder or a device.", file=shown(path)
            ),
            safe="It was not touched.",
            do="Give another name.",
        )
    return True


def _settle_names(folder: Path) -> None:
    try:
        sync_folder(folder)
    except OSError as error:
        # Some mounted shares cannot, nor can anybody who may write to a folder and not look into it.
        if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES}:
            raise


def _there_already(path: str, *, ask: bool = False) -> FileError:
    return FileError(
        Sentence("%(file)s: there is something of that name already.", file=shown(path)),
        safe="It was not touched.",
        do="Give another name, or --force to put the new one in its place." if ask else "Give another name.",
    )


def _unwritable(path: str) -> FileError:
    return FileError(
        Sentence("%(file)s: it cannot be written.", file=shown(path)),
        safe="No part of it was left there.",
        do="Check the folder, who may write to it, and how much room there is.",
    )
