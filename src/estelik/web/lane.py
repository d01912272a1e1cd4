"""Lane: pages are made one after the other, in the order in which they were asked for.

In one process one thread reckons at a time: sixteen at once take turns a thousand times a second, and a
quarter of their time goes into that. What takes long, or waits for a file, gives its place away after a
moment, so that nobody waits for an export who wants to see a page.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: So many at once.
_PLACES: Final = 1
#: Seconds after which a place is given away.
_MOMENT: Final = 0.1


class Lane:
    """The places of one desk. It is used by the one thread that takes requests in."""

    def __init__(self, places: int = _PLACES, moment: float = _MOMENT) -> None:
        self._places = asyncio.Semaphore(places)
        self._moment = moment

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Around what is done in a thread: waits for a place."""
        await self._places.acquire()
        taken = True

        def give() -> None:
            nonlocal taken
            if taken:
                taken = False
                self._places.release()

        late = asyncio.get_running_loop().call_later(self._moment, give)
        try:
            yield
        finally:
            late.cancel()
            give()
