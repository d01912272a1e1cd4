"""Visits: who is going to come, what to ask her, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import coming
from estelik.daily.today import today
from estelik.errors import EstelikError, NotFoundError
from estelik.language import questions
from estelik.records.visit import OUTCOMES
from estelik.views.person import Question
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form
from estelik.web.turning import turned

if TYPE_CHECKING:
    from estelik.language.reader import Reader
    from estelik.records.visit import Visit
    from estelik.web.session import Session

#: Visits on a page.
_VISITS: Final = 60
_NONE: Final = dict.fromkeys(("source", "about", "day", "time", "note"), "")


@shows("/visits")
def visits(request: AnyRequest) -> Response[bytes]:
    """All who are going to come, and a form to put another down."""
    return _page(request, _opened(request), {})


@shows("/visits/{number:int}")
def more(request: AnyRequest, number: int) -> Response[bytes]:
    """A further page of them."""
    return _page(request, _opened(request), {}, number=number)


@shows("/visits/of/{address:str}")
def again(request: AnyRequest, address: str) -> Response[bytes]:
    """The same, filled in for somebody who is to be asked again."""
    session = _opened(request)
    return _page(request, session, {"source": session.addresses.read("source", address) or ""})


@does("/visits")
def plan(request: AnyRequest, data: Form) -> Response[Any]:
    """Puts down that somebody is to come."""
    session = _opened(request)
    given = _NONE | data
    try:
        coming.plan(
            session.casebook,
            given["source"],
            given["day"],
            time=given["time"].strip(),
            about=given["about"],
            note=given["note"],
        )
    except EstelikError as error:
        return _page(request, session, data, error)
    return Redirect("/visits", status_code=303)


@shows("/visit/{address:str}")
def visit(request: AnyRequest, address: str) -> Response[bytes]:
    """One visit, with what to ask."""
    session = _opened(request)
    found = _found(session, address)
    session.expecting = found.id
    ready = session.watch.coming.prepared(found)
    if ready is None:
        ready = coming.prepare(session.casebook, found)
    spoken = spoken_by(session)
    return page(
        request,
        "visit.html.j2",
        session=session,
        room="today",
        one=row(session, found),
        visit=found,
        about=found.about,
        life=session.addresses.of("life", found.about) if found.about else "",
        number=ready.number,
        lives=[
            (label, session.addresses.of("life", label), [_asked(spoken, one) for one in found_])
            for label, found_ in ready.questions
        ],
    )


@does("/visit/{address:str}")
def ended(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """What came of a visit."""
    session = _opened(request)
    outcome = next((one for one in OUTCOMES if one == data.get("outcome")), None)
    if outcome is None:
        raise NotFoundError("There is no such outcome.", safe="Nothing was put down.")
    found = session.watch.coming.visits()
    coming.end(session.casebook, found, session.addresses.read("visit", address) or "", outcome)
    return Redirect("/visits", status_code=303)


def row(session: Session, one: Visit) -> dict[str, object]:
    """A visit as a line of a list."""
    now, when = today(), date.fromisoformat(one.day)
    ready = session.watch.coming.prepared(one)
    return {
        "address": session.addresses.of("visit", one.id),
        "who": one.who,
        "about": one.about,
        "day": when.toordinal(),
        "days": (when - now).days,
        "time": one.time,
        "note": one.note,
        "ready": ready,
        "number": None if ready is None else ready.number,
        "count": 0 if ready is None else ready.count,
    }


def expected(session: Session) -> dict[str, str]:
    """Who tells, and of whom, where a visit was looked at before."""
    for one in session.watch.coming.visits():
        if one.id == session.expecting:
            return {"source": one.who, "about": one.about}
    return {}


def came(session: Session, who: str) -> None:
    """Puts down that somebody who was expected is here."""
    coming.came(session.casebook, session.watch.coming.visits(), who)
    session.expecting = ""


def _opened(request: AnyRequest) -> Session:
    """The session of whoever may know who tells. For others there is no such page."""
    session = session_of(request)
    if "source" not in session.casebook.vault.store.schemas:
        raise NotFoundError("There is no such page.", safe="", do="")
    return session


def _found(session: Session, address: str) -> Visit:
    id_ = session.addresses.read("visit", address)
    for one in session.watch.coming.visits():
        if one.id == id_:
            return one
    raise NotFoundError("There is no such visit any more.", safe="", do="Look at the list.")


def _page(
    request: AnyRequest,
    session: Session,
    given: dict[str, str],
    trouble: EstelikError | None = None,
    number: int = 1,
) -> Response[bytes]:
    found = turned(session.watch.coming.visits(), number, _VISITS)
    return page(
        request,
        "visits.html.j2",
        session=session,
        room="today",
        status=422 if trouble else 200,
        visits=[row(session, one) for one in found.rows],
        number=found.number,
        pages=found.pages,
        given=_NONE | {"day": today().isoformat()} | given,
        first=today().isoformat(),
        trouble=trouble,
    )


def _asked(spoken: Reader, one: Any) -> tuple[object, object]:
    found = Question(one.ask, one.event, one.since or "", one.expected_bits, one.worst_bits, ())
    return questions.asked(spoken, found), questions.of_whom(spoken, found)


HANDLERS: Final = (visits, more, again, plan, visit, ended)
