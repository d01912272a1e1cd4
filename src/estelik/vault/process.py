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
from typing import Any, Final

# <linux/prctl.h>
_END_WITH_PARENT: Final = 1
_SET_DUMPABLE: Final = 4


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
