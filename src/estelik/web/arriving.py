"""Arriving: a body that is taken in piece by piece, in a thread beside the pages.

The library would write a form with files onto the disk, in plain text, before anybody looks at it. Here what
a browser sends goes from the socket to whoever asks for the next piece; what he does not ask for waits in the
browser.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from litestar.exceptions import ClientException, HTTPException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from estelik.errors import EstelikError
from estelik.evidence.coming import Coming, check_room

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterator
    from pathlib import Path

    from estelik.daily.errands import Errand
    from estelik.web.entrance import AnyRequest

#: Files that come in at once; more wait, and hold up no page.
_TOGETHER: Final = 4
#: Bytes of what is said beside files, and how many files there may be.
_SAID: Final = 64 * 1024
_FILES: Final = 200
#: Seconds in which what is not wanted any more is still read: a browser that sends hears no answer.
_LAST: Final = 60.0

T = TypeVar("T")


class Body:
    """The body of a request, for a thread. Raises ``HTTPException`` where it breaks off or comes too
    slowly."""

    def __init__(self, request: AnyRequest, loop: asyncio.AbstractEventLoop) -> None:
        self._stream: AsyncGenerator[bytes, None] = request.stream()
        self._loop = loop

    def piece(self) -> bytes:
        """The next piece; none at the end."""
        return asyncio.run_coroutine_threadsafe(self.next(), self._loop).result()

    async def next(self) -> bytes:
        """The same, for who does not wait in a thread."""
        async for data in self._stream:
            return data
        return b""


def broken() -> EstelikError:
    """What is said of a body that was not sent to its end, came too slowly, or cannot be read."""
    return EstelikError("It did not come whole.", safe="Nothing of it was kept.", do="Add it again.")


async def within(request: AnyRequest, work: Callable[[Body], T]) -> T:
    """Does work with the body of a request in a thread, as soon as there is a place. Where it refuses what
    comes, the rest is read and thrown away, so that the refusal is heard."""
    state = request.app.state
    if "arriving" not in state:
        state["arriving"] = CapacityLimiter(_TOGETHER)
    body = Body(request, asyncio.get_running_loop())
    limiter: Any = state["arriving"]
    try:
        return await to_thread.run_sync(partial(work, body), limiter=limiter)
    except EstelikError:
        with suppress(TimeoutError, HTTPException):
            async with asyncio.timeout(_LAST):
                while await body.next():
                    pass
        raise


def raw(request: AnyRequest, body: Body, name: str, folder: Path, errand: Errand) -> Iterator[Coming]:
    """The one file that a program sends as it is."""
    check_room(folder, request.content_length or 0)

    def piece() -> bytes:
        errand.go_on()
        return body.piece()

    yield Coming(name, piece, folder)


class Form:
    """A form with files, as it comes: what is said first, then the files. ``folder``: onto whose disk they
    go."""

    def __init__(self, request: AnyRequest, body: Body, folder: Path, errand: Errand) -> None:
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind != "multipart/form-data" or not options.get("boundary"):
            raise HTTPException(status_code=415)
        check_room(folder, request.content_length or 0)
        self._folder = folder
        self._events = _events(options["boundary"], body, errand)
        self._first: MultipartSegment | None = None

    def said(self) -> dict[str, str]:
        """What stands in its fields, up to the first file."""
        found: dict[str, str] = {}
        left = _SAID
        for event in self._events:
            if not isinstance(event, MultipartSegment):
                continue
            if event.filename is not None:
                self._first = event
                break
            data = b""
            while piece := _content(self._events):
                data += piece
                left -= len(piece)
                if left < 0:
                    raise HTTPException(status_code=413)
            found[event.name or ""] = data.decode("utf-8", "replace").strip()
        return found

    def files(self) -> Iterator[Coming]:
        """Its files, one after the other: each is read to its end before the next."""
        segment, count = self._first, 0
        while segment is not None:
            content = partial(_content, self._events)
            # A field of files in which none was chosen comes without a name.
            if segment.filename:
                count += 1
                if count > _FILES:
                    raise HTTPException(status_code=413)
                yield Coming(segment.filename, content, self._folder)
            else:
                while content():
                    pass
            segment = next((one for one in self._events if isinstance(one, MultipartSegment)), None)
            if segment is not None and segment.filename is None:
                raise ClientException


def _events(boundary: str, body: Body, errand: Errand) -> Iterator[MultipartSegment | bytes | None]:
    try:
        with PushMultipartParser(boundary) as parser:
            while not parser.closed:
                errand.go_on()
                for event in parser.parse(body.piece()):
                    yield event if event is None or isinstance(event, MultipartSegment) else bytes(event)
            # What follows is nobody's; it is read for the sake of whoever sends it.
            while body.piece():
                errand.go_on()
    except (MultipartError, UnicodeDecodeError):
        raise ClientException from None


def _content(events: Iterator[MultipartSegment | bytes | None]) -> bytes:
    """The next piece of what is in this part of a form; none at its end."""
    for event in events:
        if event is None:
            return b""
        if isinstance(event, bytes) and event:
            return event
    return b""
