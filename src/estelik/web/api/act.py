"""Acts: what a program can ask for at a path, and how a request becomes an answer.

Nobody gets to an act without a token, unless the act says that it is open. Whoever shows none that opens
anything gets one answer at one time, whatever was wrong with it.
"""

from __future__ import annotations

import asyncio
import math
import re
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec
from anyio import CapacityLimiter, to_thread
from litestar import Response, get, post
from litestar.exceptions import HTTPException

from estelik.daily.errands import StoppedError
from estelik.errors import EstelikError
from estelik.vault.token import PREFIX
from estelik.web import arriving
from estelik.web.api import problem
from estelik.web.api.problem import RefusedError
from estelik.web.entrance import AnyRequest, desk_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar.handlers import HTTPRouteHandler

    from estelik.web.bearers import Bearer

#: Seconds after which a request without a token that opens anything is answered: longer than looking for one
#: takes, so that an answer tells nothing by when it comes.
REFUSED: Final = 0.25
#: Requests of programs that are looked at together: pages have the other threads.
_TOGETHER: Final = 8
_SCHEME: Final = "bearer "
_WHERE: Final = re.compile(r" - at `([^`]*)`$")
_LONGEST: Final = len(PREFIX) + 100


class Act(NamedTuple):
    """What can be asked for: ``method`` and ``path`` (``{address}`` in it stands for one), a ``name`` and a
    ``summary``; what it ``takes`` (a record: the body, or of a GET the query; None: nothing) and ``gives``,
    with which ``status``; which refusals it has of its own; to which acts (by name) an address in its answer
    ``leads`` (a JSON pointer); whether it is ``open`` to all; whether its member has to have given her
    passphrase just now (``fresh``); whether its body is a file (``file``), which it reads piece by piece;
    what does it."""

    method: str
    path: str
    name: str
    summary: str
    takes: type[msgspec.Struct] | None
    gives: Any
    status: int
    refusals: tuple[int, ...]
    leads: dict[str, str]
    open: bool
    fresh: bool
    file: bool
    function: Callable[..., Any]


def act(
    method: str,
    path: str,
    summary: str,
    *,
    takes: type[msgspec.Struct] | None = None,
    gives: Any,
    status: int = 200,
    refusals: tuple[int, ...] = (),
    leads: dict[str, str] | None = None,
    open_to_all: bool = False,
    fresh: bool = False,
    file: bool = False,
) -> Callable[[Callable[..., Any]], Act]:
    """Makes an act of a function of a bearer, the address in the path if there is one, and what is taken."""

    def made(function: Callable[..., Any]) -> Act:
        name = function.__name__.rstrip("_")
        return Act(
            method, path, name, summary, takes, gives, status, refusals, leads or {}, open_to_all, fresh,
            file, function,
        )  # fmt: skip

    return made


def handler(one: Act) -> HTTPRouteHandler:
    """The route of an act."""

    async def answered(request: AnyRequest) -> Response[bytes]:
        try:
            return await _answered(one, request)
        except RefusedError as error:
            return problem.answer(error.problem, error.headers)
        except EstelikError as error:
            return problem.answer(problem.of(error))
        except HTTPException as error:
            return problem.answer(problem.refused(error.status_code))
        except Exception:  # noqa: BLE001 (whatever it is, it is told as what it is: a fault of ours)
            return problem.answer(problem.failed())

    method: Any = get if one.method == "GET" else post
    path = one.path.replace("{address}", "{address:str}")
    opt = {"api": True, "open_to_all": one.open, "beside_visitor": True, "fresh": one.fresh}
    # The boundary says how large a body may be.
    most = {"request_max_body_size": None} if one.file else {}
    made: HTTPRouteHandler = method(path, status_code=one.status, opt=opt, **most)(answered)
    return made


async def _answered(one: Act, request: AnyRequest) -> Response[bytes]:
    given: list[Any] = [] if one.open else [await _bearer(request)]
    if "address" in request.path_params:
        given.append(request.path_params["address"])
    if one.takes is not None:
        given.append(await _taken(one.takes, request))
    if one.fresh and not given[0].fresh:
        raise problem.unproven()
    if one.file:
        return _written(one, await _brought(one, given, request))
    found = await to_thread.run_sync(partial(one.function, *given), limiter=_limiter(request))
    return _written(one, found)


def _written(one: Act, found: object) -> Response[bytes]:
    data = found if isinstance(found, bytes) else msgspec.json.encode(found)
    return Response(data, status_code=one.status, media_type="application/json")


async def _brought(one: Act, given: list[Any], request: AnyRequest) -> object:
    """What comes of an act whose body is a file. Raises ``RefusedError``."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/octet-stream":
        raise RefusedError(problem.said(415, "The request is no file.", do="Send application/octet-stream."))
    try:
        return await arriving.within(request, partial(one.function, *given, request))
    except StoppedError:
        raise problem.nobody() from None


async def _bearer(request: AnyRequest) -> Bearer:
    """The program that asks. Raises ``RefusedError``."""
    loop = asyncio.get_running_loop()
    until = loop.time() + REFUSED
    said = request.headers.get("authorization", "")
    text = said[len(_SCHEME) :].strip() if said[: len(_SCHEME)].lower() == _SCHEME else ""
    # Also where it cannot be one: the way is the same for all.
    found = await to_thread.run_sync(desk_of(request).bearers.of, text[:_LONGEST], limiter=_limiter(request))
    if found is None:
        await asyncio.sleep(until - loop.time())
        raise problem.nobody()
    wait = found.wait()
    if wait:
        words = problem.said(429, "This token asks too often.", do="Wait, and ask again.")
        raise RefusedError(words, {"Retry-After": str(math.ceil(wait))})
    return found


async def _taken(takes: type[msgspec.Struct], request: AnyRequest) -> msgspec.Struct:
    """What a request brings. Raises ``RefusedError``."""
    if request.method == "GET":
        names = [name for name, _ in request.query_params.multi_items()]
        if len(set(names)) < len(names):
            raise RefusedError(problem.said(400, "A parameter is given twice.", do="Give it once."))
        return _checked(partial(msgspec.convert, dict(request.query_params), takes, strict=False))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise RefusedError(problem.said(415, "The request is no JSON.", do="Send application/json."))
    body = await request.body()
    return _checked(lambda: msgspec.convert(_whole(msgspec.json.decode(body)), takes))


def _whole(value: Any) -> Any:
    """What was sent, with whole numbers as such however they were written: 12.0 is 12 in JSON."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value


def _checked(read: Callable[[], msgspec.Struct]) -> msgspec.Struct:
    try:
        return read()
    except msgspec.ValidationError as error:
        # Where, and not what: that is somebody's words.
        where = _WHERE.search(str(error))
        at = where[1] if where is not None and where[1].isascii() else ""
        words = problem.said(
            400, "The request is not of the form described.", do="Look at /api/openapi.json.", at=at[:200]
        )
        raise RefusedError(words) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise RefusedError(problem.said(400, "The request is no JSON.", do="Mend it.")) from None


def _limiter(request: AnyRequest) -> CapacityLimiter:
    state = request.app.state
    if "programs" not in state:
        state["programs"] = CapacityLimiter(_TOGETHER)
    found: CapacityLimiter = state["programs"]
    return found
