"""Making: a casebook appears in its folder whole, or not at all."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from glob import escape
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError
from estelik.vault import keys, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.vault.running import Presence


_LEFT: Final = re.compile(r"\.[0-9a-f]{8}", re.ASCII)
#: The file that whoever makes a casebook holds a lock on.
_AT_WORK: Final = ".making"
#: Seconds that he may take to do so.
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
            yield new, presence
            (new / _AT_WORK).unlink()
            new.rename(folder)
        keys.sync_folder(folder.parent)
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
    """Takes away what makers of ``folder`` left that were killed. None of it was a casebook yet."""
    before = time.time() - _YOUNG
    for left in folder.parent.glob(f".{escape(folder.name)}.*"):
        if not _LEFT.fullmatch(left.name.removeprefix(f".{folder.name}")):
            continue
        with suppress(OSError):
            if (left / _AT_WORK).exists():
                with _locked(left, os.O_RDWR) as alone:
                    if alone:
                        shutil.rmtree(left)
            elif left.lstat().st_mtime < before:
                # Empty, or not ours.
                left.rmdir()


@contextmanager
def _locked(new: Path, how: int) -> Iterator[bool]:
    """Whether nobody else is at work in a folder. The lock goes with the process, however that ends."""
    handle = os.open(new / _AT_WORK, how | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
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
