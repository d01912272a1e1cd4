"""Serving: begins the process of a desk, and a new one, locked, whenever one was ended.

What runs here never has a key. The socket stays open across a lock, so that a browser finds the door again.
Each desk is asked by a name of its own, at random: browsers send a cookie to every port of an address, and
other programs listen at this computer's too.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError, UsageError
from estelik.web.bell import Bell, hung
from estelik.web.process import READY, Task
from estelik.web.session import COOKIE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST: Final = "127.0.0.1"
#: Random bytes of the name of a desk.
_NAME: Final = 10
#: Processes that may end within so many seconds before it is given up, or, where each was killed, before the
#: next is begun only after a pause (seconds).
_ATTEMPTS: Final = 5
_SPAN: Final = 10.0
_PAUSE: Final = 1.0


class _Desk:
    """The process of a desk that is there now, if there is one; and what outlives it: how often a passphrase
    was wrong."""

    def __init__(self) -> None:
        self.child: subprocess.Popen[bytes] | None = None
        self.wrong = ""

    def kill(self) -> None:
        """Kills it; once this comes back it is gone."""
        child = self.child
        if child is not None:
            child.kill()
            child.wait()


def serve(folder: Path, *, port: int, idle: float, end: float, ready: Callable[[str, str], object]) -> None:
    """Serves the desk of the casebook in ``folder`` until this process is interrupted; ``ready`` is told its
    address once, and one that leads a browser there once. Raises ``UsageError`` where the port is taken."""
    name = f"desk-{secrets.token_hex(_NAME)}.localhost"
    desk = _Desk()
    with _listening(port) as listening:
        port = listening.getsockname()[1]
        bell = Bell(name, port, COOKIE, desk.kill)
        with hung(bell, HOST):
            task = Task(str(folder.resolve()), listening.fileno(), name, port, bell.port, idle, end)
            _begun_again(desk, task, lambda: ready(bell.desk, bell.entry))


def _begun_again(desk: _Desk, task: Task, ready: Callable[[], object]) -> None:
    """Begins the process, and another whenever it has ended."""
    told, begun = False, list[float]()
    while True:
        begun = [one for one in begun if one > time.monotonic() - _SPAN] + [time.monotonic()]
        with _child(task._replace(wrong=desk.wrong)) as child:
            assert child.stdout is not None  # noqa: S101 (it was asked for)
            desk.child = child
            for line in child.stdout:
                if line == READY:
                    if not told:
                        ready()
                    told = True
                else:
                    desk.wrong = line.decode().strip()
            status = child.wait()
        if status == 0:
            # Its last member has signed out.
            begun = []
        elif len(begun) >= _ATTEMPTS and status == -signal.SIGKILL:
            time.sleep(_PAUSE)
        elif len(begun) > _ATTEMPTS:
            raise CasebookError(
                "The desk ends as soon as it begins.",
                safe="Nothing was changed.",
                do="Look whether this computer has enough memory, and try again.",
            )


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
        except OSError:
            raise UsageError(
                "Nothing can be shown at this port.", do="Give another with --port, or none."
            ) from None
        listening.listen(128)
        listening.set_inheritable(True)
        yield listening


@contextmanager
def _child(task: Task) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a desk; it ends with what is done here."""
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", "estelik.web.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("ESTELIK_PASS")},
        pass_fds=(task.handle,),
        cwd="/",
    )
    try:
        assert child.stdin is not None  # noqa: S101 (it was asked for)
        with suppress(OSError):
            child.stdin.write(json.dumps(task._asdict()).encode() + b"\n")
            child.stdin.flush()
        yield child
    finally:
        child.kill()
        child.wait()
