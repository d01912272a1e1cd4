"""Routes: what is shown at a path, and what is done there.

Nobody gets to either without having signed in, unless the route says that it is open; while a visitor is
present only routes that say so answer. What was forgotten is closed.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any, ParamSpec

from anyio import to_thread
from litestar import Response, get, post

from estelik.web.entrance import admitted, desk_of
from estelik.web.proof import proven

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from litestar.handlers import HTTPRouteHandler

_P = ParamSpec("_P")


def shows(
    path: str, *, open_to_all: bool = False, beside_visitor: bool = False
) -> Callable[[Callable[_P, Response[Any]]], HTTPRouteHandler]:
    """A page at a path; nothing changes by looking at it."""
    return _route(get, path, open_to_all=open_to_all, beside_visitor=beside_visitor)


def does(
    path: str, *, open_to_all: bool = False, beside_visitor: bool = False, fresh: bool = False
) -> Callable[[Callable[_P, Response[Any]]], HTTPRouteHandler]:
    """An act at a path; ``fresh``: one that needs a passphrase given just now, and is done once it was."""
    return _route(
        partial(post, status_code=200),
        path,
        open_to_all=open_to_all,
        beside_visitor=beside_visitor,
        fresh=fresh,
    )


def takes(path: str) -> Callable[[Callable[_P, Awaitable[Response[Any]]]], HTTPRouteHandler]:
    """An act at a path whose body it reads itself, piece by piece, and of any size (``web.arriving``)."""

    def made(function: Callable[_P, Awaitable[Response[Any]]]) -> HTTPRouteHandler:
        return post(
            path,
            status_code=200,
            guards=[admitted],
            opt={"open_to_all": False, "beside_visitor": False, "fresh": False},
            request_max_body_size=None,
        )(function)

    return made


def _route(
    method: Any, path: str, *, open_to_all: bool, beside_visitor: bool, fresh: bool = False
) -> Callable[[Callable[_P, Response[Any]]], HTTPRouteHandler]:
    def made(function: Callable[_P, Response[Any]]) -> HTTPRouteHandler:
        handler: HTTPRouteHandler = method(
            path,
            guards=[] if open_to_all else [admitted],
            opt={"open_to_all": open_to_all, "beside_visitor": beside_visitor, "fresh": fresh},
        )(_in_a_thread(_once_proven(function) if fresh else function, alone=open_to_all))
        return handler

    return made


def _once_proven(function: Callable[_P, Response[Any]]) -> Callable[_P, Response[Any]]:
    @wraps(function)
    def asked(*given: _P.args, **named: _P.kwargs) -> Response[Any]:
        request: Any = named["request"]
        data: Any = named.get("data") or {}
        found = proven(request, data)
        if not isinstance(found, dict):
            return found
        if "data" in named:
            named["data"] = found
        return function(*given, **named)

    return asked


def _in_a_thread(
    function: Callable[_P, Response[Any]], *, alone: bool
) -> Callable[_P, Awaitable[Response[Any]]]:
    # Not the library's own way to do so: it wraps a page twice whose path also takes an act.
    @wraps(function)
    async def answered(*given: _P.args, **named: _P.kwargs) -> Response[Any]:
        if alone:
            # The door, and how it is locked, wait for nobody.
            return await to_thread.run_sync(partial(function, *given, **named))
        request: Any = named["request"]
        async with desk_of(request).lane.place():
            return await to_thread.run_sync(partial(function, *given, **named))

    return answered
