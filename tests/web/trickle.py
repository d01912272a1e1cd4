"""Trickle: a body that comes to the boundary of the desk as slowly as a test wants, and never ends."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from estelik.web.boundary import Boundary


def trickled(app: Any, path: str, piece: bytes, pause: float) -> None:
    """Sends the same ``piece`` again and again, each after a ``pause`` (seconds), to what lies behind the
    boundary, until that ends."""

    async def ask() -> None:
        async def receive() -> dict[str, Any]:
            await asyncio.sleep(pause)
            return {"type": "http.request", "body": piece, "more_body": True}

        async def send(_: dict[str, Any]) -> None:
            raise AssertionError

        headers = [(b"host", b"desk.localhost:1"), (b"origin", b"http://desk.localhost:1")]
        scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
        await Boundary(app, "desk.localhost", 1)(scope, receive, send)

    # In a thread of its own: the browser of other tests leaves a loop in this one.
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, ask()).result(timeout=20)
