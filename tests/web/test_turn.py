"""Whether somebody waits for a page."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from estelik.web.turn import Turn


def test_somebody_waits_until_every_request_was_answered_or_failed() -> None:
    async def asked() -> list[bool]:
        turn, seen, going = Turn(), list[bool](), asyncio.Event()

        async def app(scope: dict[str, Any], _receive: object, _send: object) -> None:
            if scope["type"] == "http":
                await going.wait()
                raise ConnectionError

        around = turn.around(app)
        await around({"type": "lifespan"}, None, None)
        seen.append(turn.busy())
        tasks = [asyncio.ensure_future(around({"type": "http"}, None, None)) for _ in range(2)]
        await asyncio.sleep(0)
        seen.append(turn.busy())
        going.set()
        for task in tasks:
            with pytest.raises(ConnectionError):
                await task
        return [*seen, turn.busy()]

    assert asyncio.run(asked()) == [False, True, False]
