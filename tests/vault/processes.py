"""A casebook whose keys are held, and real processes as somebody outside sees them."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen, run
from typing import TYPE_CHECKING, Final

from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import holding, keys, running

if TYPE_CHECKING:
    from collections.abc import Callable

#: Opens a casebook, says so, and does as it is told on its input: enter statements and stand still.
_COMMAND: Final = """
import sys, time
from estelik.casebook import Casebook
from estelik.index import tables
from estelik.records import Statement
if sys.argv[2:] == ["enter"]:
    enter = tables.enter_postings
    def stop(inserts, *rest):
        enter(inserts, *rest)
        inserts.wait()
        print("entering", flush=True)
        time.sleep(60)
    tables.enter_postings = stop
with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    print("open", flush=True)
    if sys.argv[2:] == ["enter"]:
        casebook.add_statements([Statement("2", "Marhaba", source="Zulfiya", event="release")])
    time.sleep(60)
"""

#: Names every lock on a file: where it begins, and whose it is. The kernel answers with any lock of a
#: stretch, so that the stretches on both sides of it are asked for in turn.
_LOCKING: Final = """
import fcntl, struct, sys
flock, stretches = struct.Struct("@hhqqi4x"), [(0, 1 << 62)]
with open(sys.argv[1], "rb+") as file:
    while stretches:
        start, end = stretches.pop()
        if start >= end:
            continue
        asked = flock.pack(fcntl.F_WRLCK, 0, start, end - start, 0)
        sort, _, first, count, process = flock.unpack(fcntl.fcntl(file, fcntl.F_GETLK, asked))
        if sort != fcntl.F_UNLCK:
            print(first, process)
            stretches += (first + count if count else end, end), (start, first)
"""


class Room:
    """A casebook with one statement, and whatever holds its keys; all of it ends with the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with Casebook.create(folder, b"apple tree", cost=CHEAP) as made:
            made.add_statements([Statement("1", "Marhaba", source="Zulfiya", event="arrest")])
        self.keyring = keys.unlock(folder, b"apple tree")

    @property
    def mark(self) -> Path:
        """The file whose locks say who has keys."""
        return running.socket_of(self.folder).with_suffix("")

    def unlock(self, idle: float = 60, end: float = 60) -> int:
        """Begins the key holder; its process."""
        assert holding.begin(self.folder, self.keyring, idle=idle, end=end) == (True, True)
        (process,) = locking(self.mark, 0)
        return process

    def command(self, *words: str) -> Popen[bytes]:
        """A process that has the casebook open."""
        made = Popen([sys.executable, "-c", _COMMAND, str(self.folder), *words], stdout=PIPE)
        assert made.stdout is not None
        assert made.stdout.readline() == b"open\n"
        if words:
            assert made.stdout.readline() == b"entering\n"
        return made

    def statements(self) -> list[str]:
        """What is in the casebook."""
        with Casebook.open(self.folder, b"apple tree") as opened:
            return [one.statement for one in opened.statements()]


def locking(path: Path, byte: int | None = None) -> list[int]:
    """The processes that have a lock on a file, or on this byte of it, as the kernel tells another process.

    Not from ``/proc/locks``: that list is read in pieces, and shifts between them while others lock.
    """
    answer = run([sys.executable, "-S", "-c", _LOCKING, str(path)], check=True, stdout=PIPE).stdout
    found = (tuple(map(int, line.split())) for line in answer.splitlines())
    return [process for first, process in found if byte in (None, first)]


def is_there(process: int) -> bool:
    """Whether a process runs (one that is dead and not waited for does not)."""
    with suppress(OSError):
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX"
    return False


def began(process: int) -> int:
    """When a process began, in ticks since the computer did."""
    return int(Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19])


def younger_than_this() -> list[int]:
    """All processes that began after this one."""
    own, found = began(os.getpid()), []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if began(int(entry.name)) >= own and int(entry.name) != os.getpid():
                    found.append(int(entry.name))
    return found


def memory_holds(process: int, needle: bytes) -> int:
    """How often these bytes stand in the memory of a process. ``OSError`` where it may not be looked into."""
    count = 0
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            span, rights, _, _, inode, *_ = line.split()
            if rights[0] != "r" or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
                continue
            # Programs and their libraries: what nobody can write is as it is in its file.
            if rights[1] != "w" and inode != "0":
                continue
            first, end = (int(part, 16) for part in span.split("-"))
            with suppress(OSError, ValueError):
                memory.seek(first)
                count += memory.read(end - first).count(needle)
    return count


def soon(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    """Whether something comes true before long."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def gone(process: int) -> bool:
    """Whether a process ends before long."""
    return soon(lambda: not is_there(process))
