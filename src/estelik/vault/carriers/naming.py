"""How a file that was written gets its name, in a step that never replaces another.

The first of these that the file system knows is used:

1. a hard link;
2. a rename that refuses to replace (Linux; FAT and exFAT know it);
3. a look and a rename, while the folder is locked: a stick is plugged into one
   machine, and all of its writers take that lock.

A marker made with ``O_EXCL`` would need none of them, but a writer that dies
would leave it behind, and nobody could write that name for a day.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from functools import cache
from typing import Any, Final

from estelik.vault.carriers.failures import ThereAlreadyError, UnsuitableError

_NOREPLACE: Final = 1  # <linux/fs.h>: RENAME_NOREPLACE
#: How file systems say that they do not know a way.
_UNKNOWN_WAY: Final = {
    errno.EPERM,
    errno.EACCES,
    errno.EINVAL,
    errno.EMLINK,
    errno.ENOSYS,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOLCK,
    errno.EBADF,
}


def is_there(name: str, room: int) -> bool:
    """Whether anything in the open folder ``room`` is called so."""
    try:
        os.lstat(name, dir_fd=room)
    except FileNotFoundError:
        return False
    return True


def give(half: str, name: str, room: int) -> None:
    """Gives the file ``half`` of an open folder its name.

    Raises ``ThereAlreadyError`` and ``UnsuitableError``; ``OSError`` where not even a rename is allowed.
    """
    last: OSError | None = None
    try:
        for way in (_linked, _renamed_unless_there, _renamed_alone):
            try:
                return way(half, name, room)
            except OSError as error:
                if error.errno not in _UNKNOWN_WAY:
                    raise
                last = error
    except FileExistsError:
        raise ThereAlreadyError from None
    if last is not None and last.errno in {errno.EPERM, errno.EACCES}:
        raise last
    raise UnsuitableError


def _linked(half: str, name: str, room: int) -> None:
    os.link(half, name, src_dir_fd=room, dst_dir_fd=room, follow_symlinks=False)


def _renamed_unless_there(half: str, name: str, room: int) -> None:
    rename = _rename_function()
    if rename is None:
        raise OSError(errno.ENOSYS, "")
    if rename(room, half.encode(), room, name.encode(), _NOREPLACE):
        raise OSError(ctypes.get_errno(), "")


def _renamed_alone(half: str, name: str, room: int) -> None:
    # Let go when the folder is closed.
    fcntl.flock(room, fcntl.LOCK_EX)
    if is_there(name, room):
        raise ThereAlreadyError
    os.rename(half, name, src_dir_fd=room, dst_dir_fd=room)


@cache
def _rename_function() -> Any:
    """The C library's ``renameat2``, or None where it has none."""
    return getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
