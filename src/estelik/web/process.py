"""The process of a desk: all that it opens, and every key, is in here and ends with it.

It is begun by ``web.serving``, listens on a socket that was opened for it, and is told the folder on its
standard input: what a command line says, everybody on this computer can read.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault import process

if TYPE_CHECKING:
    from estelik.web.desk import Desk
    from estelik.web.litter import Litter
    from estelik.web.throttle import Wrong

#: Seconds between two looks for sessions that are over.
_SWEEP: Final = 5.0
#: Connections that are answered at a time; more wait.
_CONNECTIONS: Final = 200
#: Seconds after which a thread that reckons lets another go on: a page asks the files dozens of times, and
#: would wait so long each time for whoever looks the casebook through beside it.
_TURN: Final = 0.0005
#: Seconds in which what is being answered is answered, once everybody has signed out.
_LAST: Final = 5
#: What is said to whoever began this process, once it listens.
READY: Final = b"ready\n"


class Task(NamedTuple):
    """The ``folder`` of the casebook, the ``handle`` of the open socket, the ``name`` and ``port`` by which
    it is asked, the port of its ``bell``, seconds of a session that nobody uses and of any session; what the
    process before it said of ``wrong`` passphrases."""

    folder: str
    handle: int
    name: str
    port: int
    bell: int
    idle: float
    end: float
    wrong: str = ""


def main() -> None:
    """Takes a task from standard input and serves until it is ended."""
    process.protect()
    process.end_with_parent()
    process.hold_all()
    sys.setswitchinterval(_TURN)
    # Until all is loaded (``web.litter``).
    gc.disable()
    task = Task(**json.loads(sys.stdin.buffer.readline()))
    with socket.socket(fileno=task.handle) as listening:
        asyncio.run(_serve(task, listening))
        # At once: nothing is left to be done, and threads may still look casebooks through.
        os._exit(0)


async def _serve(task: Task, listening: socket.socket) -> None:
    import uvicorn

    from estelik.web.app import application
    from estelik.web.connection import Prompt
    from estelik.web.desk import Desk
    from estelik.web.litter import Litter
    from estelik.web.throttle import Throttle

    throttle = Throttle(json.loads(task.wrong or "[]"), told=_told)
    loop = asyncio.get_running_loop()

    def leave() -> None:
        server.should_exit = True

    def left() -> None:
        # What is being answered is answered; whoever asks next is answered by the process after this one.
        loop.call_soon_threadsafe(leave)

    desk = Desk(Path(task.folder), idle=task.idle, end=task.end, throttle=throttle, left=left)
    config = uvicorn.Config(
        application(desk, task.name, task.port, bell=f"http://{task.name}:{task.bell}"),
        http=Prompt,
        # Nobody stands in between: what a request says of where it came from is not believed.
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        limit_concurrency=_CONNECTIONS,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=_LAST,
    )
    server = uvicorn.Server(config)
    litter = Litter()
    litter.begin()
    sweeping = threading.Thread(target=_sweep, args=(desk, litter), daemon=True)
    sweeping.start()
    os.write(1, READY)
    await server.serve(sockets=[listening])


def _told(wrong: list[Wrong]) -> None:
    """Has whoever began this process keep how often a passphrase was wrong, before anybody is answered: it is
    not forgotten with a lock."""
    os.write(1, json.dumps(wrong).encode() + b"\n")


def _sweep(desk: Desk, litter: Litter) -> None:
    import time

    closed = 0
    while True:
        time.sleep(_SWEEP)
        desk.sweep()
        litter.look(desk.turn.last, gone=desk.closed > closed)
        closed = desk.closed


if __name__ == "__main__":
    main()
