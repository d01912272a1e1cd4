"""A desk that is served from within the test, for what the command does not let one set: it must not be
locked, which would end the tests with it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from typing import TYPE_CHECKING, cast

import uvicorn
from tests.web.conftest import Served

from estelik.web.app import application
from estelik.web.desk import Desk

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[Served]:
    """Serves the desk of a casebook until the end."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        port = listening.getsockname()[1]
        desk = Desk(folder, idle=900, end=900)
        server = uvicorn.Server(
            uvicorn.Config(application(desk, "desk.localhost", port), log_config=None, lifespan="off")
        )
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        try:
            yield Served(cast("subprocess.Popen[str]", None), f"http://desk.localhost:{port}/", folder)
        finally:
            server.should_exit = True
            thread.join(20)
            for one in list(desk.sessions.all()):
                one.casebook.close()
