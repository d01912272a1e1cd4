"""Serving: begins the process of a desk, and a new one, locked, whenever one was ended.

What runs here never has a key. The socket stays open across a lock, so that a browser finds the door again.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError, UsageError
from estelik.web.process import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOST: Final = "127.0.0.1"
#: Processes that may end by themselves within so many seconds before it is given up.
_ATTEMPTS: Final = 5
_SPAN: Final = 10.0


def serve(folder: Path, *, port: int, idle: float, end: float, ready: Callable[[str], object]) -> None:
    """Serves the desk of the casebook in ``folder`` until this process is interrupted; ``ready`` is told its
    address once. Raises ``UsageError`` where the port is taken."""
    with _listening(port) as listening:
        port = listening.getsockname()[1]
        task = Task(str(folder.resolve()), listening.fileno(), port, idle, end)
        begun: list[float] = []
        while True:
            begun = [one for one in begun if one > time.monotonic() - _SPAN] + [time.monotonic()]
            if len(begun) > _ATTEMPTS:
                raise CasebookError(
                    "The desk ends as soon as it begins.",
                    safe="Nothing was changed.",
                    do="Look whether this computer has enough memory, and try again.",
                )
            with _child(task) as child:
                assert child.stdout is not None  # noqa: S101 (it was asked for)
                if child.stdout.readline() and ready is not _told:
                    ready(f"http://{HOST}:{port}/")
                    ready = _told
                child.wait()


def _told(_: str) -> None:
    """It was said before."""


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
