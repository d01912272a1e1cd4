"""Connections: whoever begins a request and does not go on is cut off, so that no place stays taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

#: Seconds that the head of a request may take, from its first byte or from the opening of the connection.
HEAD: Final = 8.0


class Prompt(H11Protocol):
    """HTTP as uvicorn speaks it; a body has its own limit (``web.boundary``)."""

    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Somebody has opened a connection, and is expected to ask."""
        super().connection_made(transport)
        self._late = self.loop.call_later(HEAD, transport.close)

    def handle_events(self) -> None:
        """Something came in, or was answered."""
        super().handle_events()
        begun = self.conn.their_state is h11.IDLE and bool(self.conn.trailing_data[0])
        if not begun:
            self._forget()
        elif self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(HEAD, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is gone."""
        self._forget()
        super().connection_lost(exc)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None
