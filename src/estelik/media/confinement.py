"""Confinement: a process gives up, for good, what it does not need to read one file.

Everywhere: memory, time, the size of files it may write (none, unless said),
core dumps. On Linux also the network (a name space without any) and all files
(Landlock: nothing can be opened but what is said, neither can another process
be looked into), where the kernel lets it. What holds is reported, not assumed.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.vault.process import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Bytes of address space, and seconds of work.
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 10

# <linux/prctl.h>, <linux/sched.h>, and the system calls of Landlock, which have one number everywhere.
_NO_NEW_PRIVILEGES: Final = 38
_NEW_USER: Final = 0x10000000
_NEW_NETWORK: Final = 0x40000000
_CREATE_RULES: Final = 444
_ADD_RULE: Final = 445
_RESTRICT: Final = 446
_VERSION: Final = 1
#: By the version of Landlock: how many kinds of access to files it knows (one bit each).
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NOW: Final = 16
_ALL_NETWORK: Final = 0b11
_ALL_SCOPES: Final = 0b11
_BENEATH: Final = 1
#: To run and to read a file; and to list a folder.
_RUN_AND_READ: Final = 0b101
_LIST: Final = 0b1000


class Confined(NamedTuple):
    """What a process has given up beyond its limits: the network, all files."""

    network: bool
    files: bool


class _Rules(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scopes", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("folder", ctypes.c_int32))


def confine(
    *, memory: int | None = None, seconds: int | None = None, written: int = 0, readable: Iterable[str] = ()
) -> Confined:
    """Confines this process. What is already open stays open; whatever is needed must be loaded, or lie in
    what is ``readable`` (programs and their libraries: they may be run as well). It ends with whoever began
    it.

    ``memory``: bytes of address space (``MEMORY``), ``seconds`` of work (``SECONDS``), ``written``: bytes
    that a file may have that it writes.
    """
    end_with_parent()
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, written),
        (resource.RLIMIT_CPU, SECONDS if seconds is None else seconds),
        (resource.RLIMIT_AS, MEMORY if memory is None else memory),
    ):
        _, hard = resource.getrlimit(limit)
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowered, lowered))
    if not sys.platform.startswith("linux"):
        return Confined(network=False, files=False)
    library = ctypes.CDLL(None, use_errno=True)
    network = library.unshare(_NEW_USER | _NEW_NETWORK) == 0 or library.unshare(_NEW_NETWORK) == 0
    return Confined(network, _no_files(library, readable))


def _no_files(library: Any, readable: Iterable[str]) -> bool:
    if library.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    version = library.syscall(_CREATE_RULES, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    rules = _Rules((1 << _FILE_RIGHTS.get(version, _FILE_RIGHTS_NOW)) - 1)
    size = 8
    if version >= 4:
        rules.network, size = _ALL_NETWORK, 16
    if version >= 6:
        rules.scopes, size = _ALL_SCOPES, 24
    # What the set names is allowed nowhere but where a rule is added.
    handle = library.syscall(_CREATE_RULES, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    if handle < 0:
        return False
    try:
        for path in readable:
            _allow(library, handle, path)
        return bool(library.syscall(_RESTRICT, handle, 0) == 0)
    finally:
        os.close(handle)


def _allow(library: Any, rules: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        # What is not there need not be allowed.
        return
    try:
        rights = _RUN_AND_READ | (_LIST if Path(path).is_dir() else 0)
        rule = _Beneath(rights, place)
        library.syscall(_ADD_RULE, rules, _BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)
