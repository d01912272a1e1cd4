"""The application: every page of the desk, in one place."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from litestar import Litestar, MediaType, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.plugins.core import MsgspecDIPlugin

from estelik.errors import EstelikError
from estelik.publication import report
from estelik.web import (
    contradictions,
    entrance,
    evidence,
    export,
    grading,
    home,
    intake,
    intake_lines,
    intake_uses,
    lists,
    near,
    office,
    office_copies,
    office_custody,
    office_log,
    office_seats,
    people,
    person,
    person_acts,
    person_consents,
    person_states,
    registry,
    releases,
    review,
    signin,
    verification,
    visitor,
    visits,
)
from estelik.web.api import acts, problem
from estelik.web.boundary import Boundary
from estelik.web.entrance import AnyRequest
from estelik.web.route import shows

if TYPE_CHECKING:
    from litestar.plugins import PluginProtocol
    from litestar.types import ControllerRouterHandler

    from estelik.web.desk import Desk

_KINDS: Final = {
    ".css": "text/css", ".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml",
    ".txt": "text/plain",
}  # fmt: skip

#: Every page and act.
HANDLERS: Final[tuple[ControllerRouterHandler, ...]] = (
    signin.door, signin.sign_in, signin.sign_out, signin.lock, signin.language,
    home.today,
    people.people, people.found,
    *person.HANDLERS, registry.everybody, registry.filtered, *lists.HANDLERS, *export.HANDLERS,
    *person_acts.HANDLERS, grading.grade, *person_consents.HANDLERS, *person_states.HANDLERS, near.near,
    review.review, review.decide, review.undo,
    contradictions.contradictions, contradictions.decide, contradictions.undo, *releases.HANDLERS,
    *verification.HANDLERS,
    *intake.HANDLERS, *intake_lines.HANDLERS, *intake_uses.HANDLERS, *visitor.HANDLERS,
    *evidence.HANDLERS,
    *visits.HANDLERS, *office.HANDLERS, *office_copies.HANDLERS, *office_custody.HANDLERS,
    *office_log.HANDLERS, *office_seats.HANDLERS,
    *acts.HANDLERS,
)  # fmt: skip


@shows("/static/{name:path}", open_to_all=True, beside_visitor=True)
def static(request: AnyRequest, name: str) -> Response[bytes]:
    """Style, script and letters: the same for everybody."""
    found = _statics().get(name.removeprefix("/"))
    if found is None:
        return entrance.missing(request, Exception())
    data, kind = found
    return Response(data, media_type=kind)


@shows("/drawn/{name:str}", beside_visitor=True)
def drawn(request: AnyRequest, name: str) -> Response[Any]:
    """A page that an act of hers has drawn."""
    session = entrance.session_of(request)
    found = session.drawn.of(name, visitor=session.visitor)
    if found is None:
        return entrance.led(request, "/intake" if session.visitor else "/")
    text = found.named(request.scope["state"]["nonce"])
    return Response(text, status_code=found.status, media_type=MediaType.HTML)


class _Library(Litestar):
    """The library by itself: what else is installed on a computer, as its tests are, changes nothing, and is
    not loaded (a seventh of a second of a core)."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def application(desk: Desk, name: str, port: int, *, bell: str = "") -> Boundary:
    """The application of a desk that is asked by this name and port; ``bell``: where it is locked from
    outside, "" where it locks itself."""
    return Boundary(desk.turn.around(within(desk, bell)), name, port, bell=bell)


def within(desk: Desk, bell: str = "") -> Litestar:
    """What lies within the boundary: every route."""
    return _Library(
        [static, drawn, *HANDLERS],
        state=State({"desk": desk, "lock": f"{bell}/lock"}),
        exception_handlers={
            entrance.SignedOutError: entrance.signed_out,
            entrance.VisitorError: entrance.visited,
            entrance.ElsewhereError: entrance.cleared,
            EstelikError: entrance.acted_wrongly,
            HTTPException: _refused,
            Exception: entrance.failed,
        },
        # Nothing of what is asked is written anywhere.
        logging_config=None,
        openapi_config=None,
    )


def _refused(request: AnyRequest, error: Exception) -> Response[bytes]:
    """What the library refuses: a path that is not there, a body of another form."""
    status = getattr(error, "status_code", 500)
    if request.url.path.startswith("/api/"):
        allow = (getattr(error, "headers", None) or {}).get("allow", "")
        # What the library would answer to by itself, the boundary does not let in.
        allowed = ", ".join(one for one in allow.split(", ") if one != "OPTIONS")
        return problem.answer(problem.refused(status), {"Allow": allowed} if allowed else None)
    if status >= 500:
        return entrance.failed(request, error)
    return entrance.missing(request, error, status)


@cache
def _statics() -> dict[str, tuple[bytes, str]]:
    """All static files, by their path: what is not among them is not there, wherever a path leads."""
    found = {"report.css": (report.style().encode(), "text/css")}
    root = files("estelik.web").joinpath("static")
    for folder, prefix in ((root, ""), (root.joinpath("fonts"), "fonts/")):
        for one in folder.iterdir():
            suffix = "." + one.name.rpartition(".")[2]
            if one.is_file() and suffix in _KINDS:
                found[prefix + one.name] = one.read_bytes(), _KINDS[suffix]
    return found
