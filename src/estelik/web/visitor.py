"""Visitor: somebody beside the member tells what she writes down, until the member says that she has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import ending, telling
from estelik.daily.telling import unfinished
from estelik.errors import EstelikError, NotFoundError
from estelik.web import intake_page, visiting
from estelik.web.entrance import AnyRequest, desk_of, explained, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.daily.ending import Ended
    from estelik.daily.telling import Telling
    from estelik.web.session import Session


@shows("/visitor/left", beside_visitor=True)
def leaving(request: AnyRequest) -> Response[Any]:
    """Asks for the passphrase, and what is to become of what was kept."""
    session = session_of(request)
    if not session.visitor:
        return Redirect("/intake", status_code=303)
    return _page(request, session)


@does("/visitor/left", beside_visitor=True)
def left(request: AnyRequest, data: Form) -> Response[Any]:
    """The visitor has left: enters what was told, keeps it as a draft, or leaves nothing of it."""
    session = session_of(request)
    if not session.visitor:
        return Redirect("/intake", status_code=303)
    visiting.here(request, data)
    casebook, id_ = session.casebook, data["telling"]
    try:
        desk_of(request).prove(session, data.get("passphrase", "").encode())
        what, came = data.get("what", "enter"), None
        told = _told(session, id_)
        if told is None:
            # Somebody else, with whom it was written down, has ended it.
            what = "ended"
        elif what == "nothing":
            ending.dropped(casebook, id_)
        elif what == "draft":
            ending.changed(casebook, id_, lambda told: telling.risen(told, session.member))
        else:
            came = ending.end(casebook, id_, session.member)
    except EstelikError as error:
        return _page(request, session, explained(request, error))
    session.visitor, session.telling = False, ""
    session.drawn.forget()
    visiting.forget(session)
    return gone(request, session, told, came, what)


def gone(
    request: AnyRequest, session: Session, told: Telling | None, came: Ended | None, what: str
) -> Response[Any]:
    """Says what has become of what was ``told``: of what was entered what ``came`` of it."""
    return page(
        request,
        "visitor_gone.html.j2",
        session=session,
        room="intake",
        came=came,
        what=what,
        accounts=0 if told is None else len(told.accounts),
    )


def _told(session: Session, id_: str) -> Telling | None:
    try:
        return visiting.telling(session, id_)
    except NotFoundError:
        return None


def _page(request: AnyRequest, session: Session, trouble: EstelikError | None = None) -> Response[Any]:
    id_ = session.telling
    told, spoken = _told(session, id_), spoken_by(session)
    return page(
        request,
        "visitor_left.html.j2",
        session=session,
        status=422 if trouble else 200,
        told=told,
        telling=id_,
        unfinished=[] if told is None else [words for one in told.open if (words := unfinished(told, one))],
        unheard=[] if told is None else [intake_page.worded(spoken, told, one) for one in told.unheard],
        allowed=told is not None and any(one.answer == "yes" for one in told.uses),
        trouble=trouble,
    )


HANDLERS: Final = (leaving, left)
