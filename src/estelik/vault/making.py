"""Making: a casebook appears in its folder whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError
from estelik.vault import keys, running
from estelik.vault.remnants import AT_WORK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.vault.running import Presence


_LEFT: Final = re.compile(r"\..+\.[0-9a-f]{8}", re.ASCII | re.DOTALL)
#: Seconds that a maker may take to say that he is at work.
_YOUNG: Final = 60


@contextmanager
def making(folder: Path) -> Iterator[tuple[Path, Presence]]:
    """A folder beside ``folder`` in which a casebook is made; at the end, whole, it is moved into place. From
    then on it is for the caller to end the presence of this process.

    Raises ``CasebookError`` where ``folder`` is not new or empty.
    """
    _check_free(folder)
    presence = running.enter(None)
    new = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        new.mkdir(mode=0o700)
        with _locked(new, os.O_RDWR | os.O_CREAT):
            _say_at_work(new)
            yield new, presence
            new.rename(folder)
        keys.sync_folder(folder.parent)
        # Last: cut off before, it would be known for one that was being made by nothing.
        with suppress(OSError):
            (folder / AT_WORK).unlink()
    except BaseException as error:
        presence.leave()
        if isinstance(error, OSError):
            raise CasebookError(
                "The casebook cannot be made here.", do="Choose an empty or new folder that you may write to."
            ) from None
        raise
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Takes away what makers who were killed left beside ``folder``. None of it was a casebook yet."""
    before = time.time() - _YOUNG
    for left in folder.parent.glob(".*"):
        if not _LEFT.fullmatch(left.name):
            continue
        with suppress(OSError):
            old = left.lstat().st_mtime < before
            if (left / AT_WORK).exists():
                with _locked(left, os.O_RDWR) as alone:
                    if alone and _was_being_made(left, old=old):
                        shutil.rmtree(left)
            elif old and left.name[:-9] == f".{folder.name}":
                # Empty, or not ours.
                left.rmdir()


def _say_at_work(new: Path) -> None:
    # With its name: what bears another by now was made to its end.
    with (new / AT_WORK).open("r+b") as file:
        file.write(os.fsencode(new.name))
        file.flush()
        os.fsync(file.fileno())


def _was_being_made(left: Path, *, old: bool) -> bool:
    said = (left / AT_WORK).read_bytes()
    return said == os.fsencode(left.name) or (old and not said)


@contextmanager
def _locked(new: Path, how: int) -> Iterator[bool]:
    """Whether nobody else is at work in a folder. The lock goes with the process, however that ends."""
    handle = os.open(new / AT_WORK, how | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # Taken, or a drive that knows no locks.
            yield False
        else:
            yield True
    finally:
        os.close(handle)


def _check_free(folder: Path) -> None:
    try:
        taken = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError:
        taken = True
    if taken:
        there = (folder / keys.KEY_FILE).exists()
        raise CasebookError(
            "There is a casebook in this folder already."
            if there
            else "There is something in this folder already.",
            do="Choose a new or empty folder.",
        )
