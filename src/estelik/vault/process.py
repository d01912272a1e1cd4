"""A process that holds keys: it leaves no dump, is not looked into, and does not outlive its parent.

On Linux; elsewhere only its core dumps are switched off. What holds is
reported, not assumed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from functools import cache
from pathlib import Path
from typing import Any, Final

# <linux/prctl.h>
_END_WITH_PARENT: Final = 1
_SET_DUMPABLE: Final = 4
#: <sys/mman.h>: what is there, what comes, each page when it is first used.
_EVERYTHING: Final = 1 | 2 | 4
#: The number of the right to lock memory, CAP_IPC_LOCK of <linux/capability.h>.
_LOCKS: Final = 14


def protect() -> bool:
    """Whether no other process of this user can look into this one, and it leaves no core dump.

    Both are needed: where the kernel hands dumps to a program it asks for no
    limit of their size. What this process forks from now on has all that it
    has, and ends with it.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    _followed()
    return _control(_SET_DUMPABLE, 0)


def end_with_parent(parent: int | None = None) -> None:
    """From now on this process is killed when the thread that began it ends; at once, where that was
    ``parent`` and is gone."""
    expected = os.getppid() if parent is None else parent
    if _control(_END_WITH_PARENT, signal.SIGKILL) and os.getppid() != expected:
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _followed() -> None:
    process = [os.getpid()]

    def follow() -> None:
        end_with_parent(process[0])
        process[0] = os.getpid()

    os.register_at_fork(after_in_child=follow)


def hold_in_memory(address: int, size: int) -> bool:
    """Whether these bytes will not be written to swap space."""
    return library().mlock(ctypes.c_void_p(address), ctypes.c_size_t(size)) == 0  # type: ignore[no-any-return]


def hold_all() -> bool:
    """Whether nothing of this process, now or later, will be written to swap space.

    That is so where it may hold as much as it likes, by its limit or its rights. With a smaller limit the
    kernel would refuse it memory that it needs, so that nothing is held then.
    """
    if not sys.platform.startswith("linux"):
        return False
    _, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (hard, hard))
    if hard != resource.RLIM_INFINITY and not _may_lock():
        return False
    found: int = library().mlockall(_EVERYTHING)
    return found == 0


def _may_lock() -> bool:
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    rights = status.partition("CapEff:")[2].split()
    return bool(rights and int(rights[0], 16) >> _LOCKS & 1)


@cache
def library() -> Any:
    """The C library."""
    return ctypes.CDLL(None, use_errno=True)


def _control(option: int, value: int) -> bool:
    if not sys.platform.startswith("linux"):
        return False
    rest = (ctypes.c_ulong(0),) * 3
    found: int = library().prctl(option, ctypes.c_ulong(value), *rest)
    return found == 0
