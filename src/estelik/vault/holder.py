"""The key holder: a process of its own that has the keys of one unlocked casebook, and hands them out.

It is this program anew, not a fork: nothing of the passphrase is in it. The
keys lie in one piece of memory that is kept out of the swap space, and go from
there into the socket. It ends, and the keys with it, after its time, when
nobody has asked for long, when the key file of the casebook changes or is gone,
with the terminal it was started from, and when it is killed. The clock it goes
by counts the time that the computer sleeps. ``docs/format.md`` says what is
spoken on the socket.
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import mmap
import os
import select
import signal
import socket
import struct
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.vault import process, running

if TYPE_CHECKING:
    from collections.abc import Callable

#: What is asked: for the keys, or for how long they are still held.
KEYS: Final = b"k"
TIME: Final = b"t"
#: The length of an answer's first part.
length: Final = struct.Struct(">I")
KEY_FILE: Final = "keys.json"
_CREDENTIALS: Final = struct.Struct("3i")
#: Seconds between two looks at the clock, and those that somebody has to ask.
_STEP: Final = 1.0
_PATIENCE: Final = 1.0


def clock() -> float:
    """Seconds, also those in which the computer slept; no setting of its calendar changes them."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Term:
    """How long keys are held: ``idle`` seconds after they were last asked for, ``end`` seconds in all."""

    def __init__(self, idle: float, end: float, now: Callable[[], float] = clock) -> None:
        self._idle, self._now = idle, now
        self._used = now()
        self._end = self._used + end

    def used(self) -> None:
        """Begins the idle time anew."""
        self._used = self._now()

    def left(self) -> tuple[float, float]:
        """Seconds that are left until nobody has asked for too long, and in all; 0 or less: it is over."""
        now = self._now()
        return self._used + self._idle - now, self._end - now


class Task(NamedTuple):
    """What a key holder is begun with: the casebook's ``folder``, the ``print`` of its key file, for how
    long, the process whose end ends it (0: none), the ``names`` of the keys."""

    folder: str
    print: str
    idle: float
    end: float
    leader: int
    names: list[str]


def print_of(folder: Path) -> str:
    """The SHA-256 of the key file in ``folder``, "" where it cannot be read."""
    try:
        return hashlib.sha256((folder / KEY_FILE).read_bytes()).hexdigest()
    except OSError:
        return ""


class _Keys:
    """Keys in memory of their own; all of it is overwritten at the end."""

    def __init__(self, size: int) -> None:
        self._memory = mmap.mmap(-1, max(1, size))
        first = ctypes.c_char.from_buffer(self._memory)
        #: Whether it stays out of the swap space.
        self.kept = process.hold_in_memory(ctypes.addressof(first), len(self._memory))
        del first
        with suppress(AttributeError, OSError):
            self._memory.madvise(mmap.MADV_DONTDUMP)

    def fill(self, source: int) -> None:
        """Reads all of it from an open file."""
        with memoryview(self._memory) as view:
            done = 0
            while done < len(view):
                count = os.readv(source, [view[done:]])
                if not count:
                    raise EOFError
                done += count

    def send(self, to: socket.socket) -> None:
        """Sends all of it."""
        to.sendall(self._memory)

    def wipe(self) -> None:
        """Overwrites all of it."""
        self._memory[:] = bytes(len(self._memory))


class _Casebook:
    """The key file that the keys belong to, as it was."""

    def __init__(self, folder: Path, wanted: str) -> None:
        self._folder, self._wanted = folder, wanted
        self._seen: tuple[int, ...] | None = None

    def changed(self) -> bool:
        """Whether it is another one now, or gone."""
        try:
            found = (self._folder / KEY_FILE).stat()
        except OSError:
            return True
        seen = found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
        if seen != self._seen:
            if print_of(self._folder) != self._wanted:
                return True
            self._seen = seen
        return False


def main() -> None:
    """Takes a task and keys from standard input, answers there that it is ready, and serves until it ends."""
    hidden = process.protect()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, _stop)
    (size,) = length.unpack(_read(length.size))
    task = Task(**json.loads(_read(size)))
    keys = _Keys(32 * (len(task.names) + 1))
    path: Path | None = None
    try:
        keys.fill(0)
        folder = Path(task.folder)
        with running.hold(folder):
            path = running.socket_of(folder)
            path.unlink(missing_ok=True)
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(path))
                path.chmod(0o600)
                server.listen()
                os.write(1, json.dumps({"kept": keys.kept, "hidden": hidden}).encode())
                _let_go()
                _serve(server, path, task, keys)
    finally:
        keys.wipe()
        if path is not None:
            with suppress(OSError):
                path.unlink()


def _serve(server: socket.socket, path: Path, task: Task, keys: _Keys) -> None:
    term, casebook = Term(task.idle, task.end), _Casebook(Path(task.folder), task.print)
    ours = path.stat().st_ino
    leader = _opened(task.leader)

    def over() -> bool:
        with suppress(OSError):
            return (
                min(term.left()) <= 0
                or casebook.changed()
                or path.stat().st_ino != ours
                or (leader is not None and bool(select.select([leader], [], [], 0)[0]))
            )
        return True

    server.settimeout(_PATIENCE)
    while not over():
        if not select.select([server], [], [], max(0.0, min(_STEP, *term.left())))[0]:
            continue
        with suppress(OSError):
            client, _ = server.accept()
            with client:
                client.settimeout(_PATIENCE)
                # The computer may have slept since the last look.
                if _is_ours(client) and not over():
                    _answer(client, task, term, keys)


def _answer(client: socket.socket, task: Task, term: Term, keys: _Keys) -> None:
    asked = client.recv(1)
    if asked not in (KEYS, TIME):
        return
    if asked == KEYS:
        term.used()
    idle, end = term.left()
    said = json.dumps({"format": 1, "print": task.print, "names": task.names, "idle": idle, "end": end})
    client.sendall(length.pack(len(said)) + said.encode())
    if asked == KEYS:
        keys.send(client)


def _is_ours(client: socket.socket) -> bool:
    """Whether whoever has connected is the same user."""
    return peer(client) == os.geteuid()


def peer(of: socket.socket) -> int:
    """The user at the other end of a socket; -1 where the system does not say."""
    if not hasattr(socket, "SO_PEERCRED"):
        return -1
    found = of.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    user: int = _CREDENTIALS.unpack(found)[1]
    return user


def _read(size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = os.read(0, size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _let_go() -> None:
    """Lets go of where it was started from."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    os.close(nowhere)


def _opened(leader: int) -> int | None:
    if not leader:
        return None
    with suppress(OSError):
        return os.pidfd_open(leader)
    # It is gone already.
    return os.open(os.devnull, os.O_RDONLY)


def _stop(number: int, _frame: Any) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
