"""Who asks: the session of a request, and what is answered where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request, Response
from litestar.response import Redirect

from estelik.errors import CasebookError, EstelikError, NotFoundError, PassphraseError, UsageError
from estelik.web.page import faults, page
from estelik.web.session import COOKIE

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers import BaseRouteHandler

    from estelik.web.desk import Desk
    from estelik.web.session import Session

AnyRequest = Request[Any, Any, Any]


class SignedOutError(Exception):
    """Nobody has signed in with this browser, or not lately enough."""


class VisitorError(Exception):
    """A visitor is present: nothing of anybody else is shown."""


class ElsewhereError(Exception):
    """A page of one telling asks, and another is being written down now, or none."""


def desk_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Desk:
    """The desk that is asked."""
    found: Desk = connection.app.state.desk
    return found


def admitted(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Lets those through who have signed in, and may see this page now."""
    token = connection.cookies.get(COOKIE, "")
    found = desk_of(connection).session(token) if token else None
    if found is None:
        raise SignedOutError
    if found.visitor and not handler.opt.get("beside_visitor"):
        raise VisitorError
    found.used()
    connection.scope["state"]["session"] = found


def session_of(request: AnyRequest) -> Session:
    """The session of a request that was let through."""
    found: Session = request.scope["state"]["session"]
    return found


def led(request: AnyRequest, where: str) -> Response[Any]:
    """Leads a browser to another page, also from within a part of one."""
    if request.headers.get("hx-request"):
        return Response(b"", status_code=200, headers={"HX-Redirect": where})
    return Redirect(where, status_code=303)


def signed_out(request: AnyRequest, _: Exception) -> Response[Any]:
    """To the door."""
    return led(request, "/sign-in")


def visited(request: AnyRequest, _: Exception) -> Response[Any]:
    """Back to what the visitor tells."""
    return led(request, "/intake")


def cleared(request: AnyRequest, _: Exception) -> Response[Any]:
    """To a page that shows nothing of anybody."""
    return led(request, "/intake/cleared")


def acted_wrongly(request: AnyRequest, error: Exception) -> Response[bytes]:
    """What happened, what is safe, what to do."""
    assert isinstance(error, EstelikError)  # noqa: S101 (registered for these)
    status = 404 if isinstance(error, NotFoundError) else 422
    return _told(request, explained(request, error), status)


def explained(request: AnyRequest, error: EstelikError) -> EstelikError:
    """An error as it came about, or what is behind it: that the folder of the casebook is gone."""
    if isinstance(error, PassphraseError | UsageError) or desk_of(request).folder.exists():
        return error
    return CasebookError(
        "The folder of this casebook is not where it was.",
        safe="What was acknowledged before is kept in it.",
        do="Put it back where it was, and do this again; or lock the desk with F9, and open it where it is.",
    )


def _told(request: AnyRequest, error: EstelikError, status: int) -> Response[bytes]:
    """As a page; beside a visitor, where a part of one was asked for, in the place of what is read back."""
    session = request.scope["state"].get("session")
    if session is not None and session.visitor and request.headers.get("hx-request"):
        return page(request, "intake_fault.html.j2", session=session, status=status, error=error)
    return faults(request, error, session=session, status=status)


def missing(request: AnyRequest, _: Exception, status: int = 404) -> Response[bytes]:
    """There is no such page; for those who have not signed in there is none at all. Whoever has finds her
    rooms and the lock on it."""
    session = request.scope["state"].get("session")
    if session is None:
        token = request.cookies.get(COOKIE, "")
        session = desk_of(request).session(token) if token else None
    error = NotFoundError("There is no such page.", safe="", do="")
    return faults(request, error, session=session, status=status)


def failed(request: AnyRequest, _: Exception) -> Response[bytes]:
    """A fault of the program: it says that, and nothing of what was asked."""
    error = EstelikError(
        "Something went wrong in Estelik itself.",
        safe="What was acknowledged before is kept.",
        do="Try again; if it happens again, tell the makers what you did, without names.",
    )
    return _told(request, explained(request, error), 500)
