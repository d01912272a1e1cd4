"""Turn: whether somebody waits for a page; what is done beside the day's work gives way then."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estelik.web.boundary import App, Receive, Scope, Send


class Turn:
    """Counts the requests that are being answered. Only the thread that takes them in changes the count."""

    def __init__(self) -> None:
        self._asked = 0
        #: When anybody asked last, by the steady clock.
        self.last = 0.0

    def busy(self) -> bool:
        """Whether anybody waits."""
        return self._asked > 0

    def around(self, app: App) -> App:
        """An application whose requests are counted."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            self._asked += 1
            self.last = time.monotonic()
            try:
                await app(scope, receive, send)
            finally:
                self._asked -= 1

        return counted
