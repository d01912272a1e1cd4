"""Confinement: a process gives up, for good, what it does not need to read one file.

Everywhere: memory, time, the size of files it may write (none), core dumps.
On Linux also the network (a name space without any) and all files (Landlock:
nothing can be opened, neither can another process be looked into), where the
kernel lets it. What holds is reported, not assumed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Any, Final, NamedTuple

from estelik.vault.process import end_with_parent

#: Bytes of address space, and seconds of work.
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 10

# <linux/prctl.h>, <linux/sched.h>, and the system calls of Landlock, which have one number everywhere.
_NO_NEW_PRIVILEGES: Final = 38
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_CREATE_RULES: Final = 444
_RESTRICT: Final = 446
_VERSION: Final = 1
#: By the version of Landlock: how many kinds of access to files it knows (one bit each).
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NOW: Final = 16
#: To run a file (a library is loaded so), to read one, to list a folder.
_READING: Final = 0b1101
_ALL_NETWORK: Final = 0b11
_ALL_SCOPES: Final = 0b11


class Confined(NamedTuple):
    """What a process has given up beyond its limits: the network, all files."""

    network: bool
    files: bool


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


def confine(*, reading: bool = False) -> Confined:
    """Confines this process. What is already open stays open; whatever is needed must be loaded. It ends with
    whoever began it. With ``reading`` it may open files that are there (fonts), and still write none."""
    end_with_parent()
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_AS, MEMORY),
    ):
        _, hard = resource.getrlimit(limit)
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowered, lowered))
    if not sys.platform.startswith("linux"):
        return Confined(network=False, files=False)
    library = ctypes.CDLL(None, use_errno=True)
    network = library.unshare(_NEW_USER | _NEW_NETWORK) == 0 or library.unshare(_NEW_NETWORK) == 0
    return Confined(network, _no_files(library, reading=reading))


def _no_files(library: Any, *, reading: bool) -> bool:
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    version = library.syscall(_CREATE_RULES, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    rules = _Rules((1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_NOW)) - 1)
    if reading:
        rules.files &= ~_READING
    size = 8
    if version >= 4:
        rules.network, size = _ALL_NETWORK, 16
    if version >= 6:
        rules.scopes, size = _ALL_SCOPES, 24
    # No rule is added: what the set names is allowed nowhere.
    handle = library.syscall(_CREATE_RULES, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if handle < 0:
        return False
    try:
        return bool(library.syscall(_RESTRICT, handle, 0) == 0)
    finally:
        os.close(handle)
