"""Boundary: what is let in from a browser, and what every answer carries.

Everything passes here before any page is asked: whose computer and whose page it comes from, how much it
brings and how slowly; and each answer leaves with the same headers, whatever made it.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from litestar.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    # As ASGI has them (asgi.readthedocs.io, version 3).
    Message = dict[str, Any]
    Scope = dict[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Any, Any, Any], Awaitable[None]]

#: Bytes of what a form may bring, and seconds that it may take.
LARGEST: Final = 512 * 1024
SLOWEST: Final = 20.0
#: Paths whose bodies are read piece by piece, by what takes them in; of these so many bytes have to come in
#: each ``SLOWEST`` seconds for which they are waited for.
STREAMED: Final = ("/evidence/of/", "/api/evidence/")
STEP: Final = 64 * 1024
_METHODS: Final = frozenset({"GET", "HEAD", "POST"})
#: By which programs may ask as well, which bring no cookie but a token of their own.
_FOR_PROGRAMS: Final = ("127.0.0.1", "localhost")
_ALWAYS: Final = (
    # Without any, browsers say of a form's origin that it has none.
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


def policy(nonce: str, bell: str = "") -> str:
    """What a page may do: its own script and style, the lock, nothing else, and no text becomes code."""
    own = f"'self' {bell}".rstrip()
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            f"connect-src {own}",
            f"form-action {own}",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types htmx",
        )
    )


class Boundary:
    """The outermost of the application. ``name`` and ``port``: by which it is asked; ``bell``: the origin at
    which it is locked, "" for its own."""

    def __init__(self, app: App, name: str, port: int, *, bell: str = "") -> None:
        self._app, self._bell = app, bell
        self._host, self._origin = f"{name}:{port}".encode(), f"http://{name}:{port}".encode()
        self._for_programs = {f"{one}:{port}".encode() for one in _FOR_PROGRAMS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        nonce = secrets.token_urlsafe(18)
        scope.setdefault("state", {})["nonce"] = nonce
        answered = _Answer(send, policy(nonce, self._bell), kept=scope["path"].startswith("/static/"))
        refused = self._refused(scope)
        if refused:
            await _say(answered, *refused, _is_program(scope))
            return
        if scope["method"] not in _METHODS:
            # Programs are told what there is instead, also where the library would answer by itself.
            scope = scope | {"method": "PATCH"}
        body = _Flow(receive) if scope["path"].startswith(STREAMED) else _Body(receive, LARGEST)
        await self._app(scope, body, answered)

    def _refused(self, scope: Scope) -> tuple[int, bytes] | None:
        """Why it is not let in, as a status and a word."""
        headers: dict[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host")
        if host != self._host and not (host in self._for_programs and _is_program(scope)):
            # A name that somebody else's page had resolve to this computer is not its address. Nor is it said
            # what is: whoever knows it can have browsers send there what is meant for the desk.
            return 421, b"Not here."
        if scope["method"] not in _METHODS and not _is_program(scope):
            return 405, b"Not so."
        if scope["method"] not in {"GET", "HEAD"} and not self._ours(headers):
            return 403, b"Not from another page."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or (int(length) > LARGEST and not scope["path"].startswith(STREAMED)):
            return 413, b"Too large."
        return None

    def _ours(self, headers: dict[bytes, bytes]) -> bool:
        """Whether an act comes from a page of ours: by what browsers say of that, and no page can change."""
        site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
        if site is not None and site != b"same-origin":
            return False
        if origin is not None:
            return origin == self._origin
        # A program without a browser says neither; it has no cookie either.
        return site is not None or b"cookie" not in headers


class _Body:
    """What a request brings, up to a size and within a time."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest
        self._until: float | None = None
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        if self._until is None:
            self._until = loop.time() + SLOWEST
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(status_code=408) from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._whole = not message.get("more_body", False)
            if self._left < 0:
                raise HTTPException(status_code=413)
        return message


class _Flow:
    """What a request brings that is taken in piece by piece: of any size, for as long as it flows. Time in
    which nobody waits for it does not count."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._waited, self._came = 0.0, 0
        self._whole = False

    async def __call__(self) -> Message:
        if self._whole:
            return await self._receive()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(max(0.0, SLOWEST - self._waited)):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(status_code=408) from None
        self._waited += loop.time() - begun
        self._came += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        if self._came >= STEP:
            self._waited, self._came = 0.0, 0
        return message


class _Answer:
    """What is answered, with the headers that every answer carries; a file that is handed over says itself
    that nothing may be done with it."""

    def __init__(self, send: Send, policy: str, *, kept: bool) -> None:
        self._send, self._policy, self._kept = send, policy, kept

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            there = [(name, value) for name, value in message.get("headers", []) if name != b"server"]
            own = any(name == b"content-security-policy" for name, _ in there)
            keep = b"private, max-age=86400" if self._kept and message["status"] == 200 else b"no-store"
            message["headers"] = [
                *((name, value) for name, value in there if name != b"cache-control"),
                *_ALWAYS,
                (b"cache-control", keep),
                *([] if own else [(b"content-security-policy", self._policy.encode())]),
            ]
        await self._send(message)


def _is_program(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/api/"))


async def _say(send: Send, status: int, words: bytes, as_problem: bool) -> None:  # noqa: FBT001 (ours alone)
    kind = b"text/plain; charset=utf-8"
    if as_problem:
        kind = b"application/problem+json"
        title = HTTPStatus(status).phrase
        words = json.dumps(
            {"type": "about:blank", "title": title, "status": status, "detail": words.decode()}
        ).encode()
    head = [(b"content-type", kind), (b"content-length", str(len(words)).encode())]
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        head.append((b"allow", b", ".join(sorted(one.encode() for one in _METHODS))))
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": words, "more_body": False})
