"""Files that lie in memory alone: nothing of them comes onto a disk, unless it is swapped out."""

from __future__ import annotations

import fcntl
import os
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from estelik.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE: Final = 1 << 20
#: What could be had without swapping; what is free alone leaves out what the disk's cache would give.
_AVAILABLE: Final = re.compile(r"^MemAvailable: +(\d+) kB$", re.MULTILINE)


class Memory:
    """A nameless file in memory; it is gone when it is closed, and every process that has it open ended."""

    def __init__(self) -> None:
        self._handle = os.memfd_create("file", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)

    def fileno(self) -> int:
        """Its descriptor."""
        return self._handle

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return os.fstat(self._handle).st_size

    def write(self, data: bytes | memoryview, /) -> int:
        """Adds all of ``data``."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._handle, rest) :]
        return len(data)

    def put(self, data: bytes, offset: int) -> None:
        """Writes ``data`` over what lies there."""
        rest = memoryview(data)
        while rest:
            written = os.pwrite(self._handle, rest, offset)
            rest, offset = rest[written:], offset + written

    def settle(self) -> None:
        """From now on nobody can change it, whoever has it open."""
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(self._handle, fcntl.F_ADD_SEALS, seals)

    def rewind(self) -> None:
        """Goes back to the beginning."""
        os.lseek(self._handle, 0, os.SEEK_SET)

    def read(self, size: int = _PIECE, /) -> bytes:
        """At most ``size`` bytes more; none at the end."""
        return os.read(self._handle, size)

    def beginning(self, size: int) -> bytes:
        """Its first bytes."""
        return os.pread(self._handle, size, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)


def room() -> int:
    """How many bytes files in memory may have together: half of what this computer has to give."""
    with suppress(OSError):
        found = _AVAILABLE.search(Path("/proc/meminfo").read_text(encoding="ascii"))
        if found:
            return int(found[1]) * 1024 // 2
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


@contextmanager
def held(size: int) -> Iterator[Memory]:
    """A file in memory, for ``size`` bytes and about as many that are made of them. Raises ``EvidenceError``
    where they are too many."""
    if 2 * size > room():
        raise too_large()
    with Memory() as made:
        yield made


def too_large() -> EvidenceError:
    """What is said of a file that has no room in memory."""
    return EvidenceError(
        "This file is too large to be worked on in the memory of this computer, and nothing of it may lie on "
        "a disk.",
        do="Close other programs, or use a computer with more memory.",
    )
