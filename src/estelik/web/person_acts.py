"""Acts on the page of a life: a statement is set aside, a question allowed, a decision taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.chronology.timeline import label as label_of
from estelik.daily import judging
from estelik.daily.brief import brief
from estelik.daily.history import history, mark, unless_decided
from estelik.daily.today import today
from estelik.errors import EstelikError, MeanwhileError, NotFoundError, UsageError
from estelik.language import dates, events
from estelik.publication.report import setting
from estelik.records.vocabulary import is_sensitive
from estelik.views.foresight import foresight
from estelik.views.parts import Parts
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_page import choices, label_at, numbered, on_life, placed, sources_open, worded
from estelik.web.person_parts import home
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.identity.merging import Merged
    from estelik.views.foresight import Foresight
    from estelik.views.person import PersonPage
    from estelik.web.session import Session


@shows("/life/{address:str}/statement/{which:str}")
def statement(request: AnyRequest, address: str, which: str) -> Response[bytes]:
    """One statement: how it stands, what was decided on it, and what can be."""
    return shown(request, address, which)


@does("/life/{address:str}/statement/{which:str}")
def set_aside(request: AnyRequest, address: str, which: str, data: Form) -> Response[Any]:
    """Sets a statement aside: first it is shown what would follow, then it is recorded."""
    session = session_of(request)
    reason = data.get("reason", "").strip()
    id_ = id_of(session, which)
    _, found = own(session, address, id_)
    check = unless_decided(data.get("seen", ""), lambda: history(session.casebook, (id_,)))
    if not (reason and data.get("record")):
        trouble = None
        try:
            check()
        except MeanwhileError as error:
            trouble = error
        return shown(request, address, which, reason=reason, trouble=trouble)
    try:
        made = judging.set_aside(session.casebook, id_, reason, check)
    except UsageError as error:
        return shown(request, address, which, reason=reason, trouble=error)
    session.made.append(made.id)
    return Redirect(place(found, address, id_), status_code=303)


@does("/life/{address:str}/take-back")
def take_back(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Takes a decision back; of one that this member has just made nobody asks why."""
    session = session_of(request)
    label = label_at(session, address)
    id_ = session.addresses.read("judgement", data.get("judgement", "")) or ""
    _, pages = brief(session.casebook, label, today=today().toordinal())
    decided = [one.judgement for found in pages for one in on_life(session, found) if one.judgement.id == id_]
    if not decided:
        raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
    own = id_ in session.made
    reason = data.get("reason", "").strip() or ("Undone at once." if own else "")
    judging.take_back(session.casebook, id_, reason)
    if own:
        session.made.remove(id_)
    about = decided[0].statement
    places = [place(found, address, about) for found in pages if about in {*_ids(found)}]
    return Redirect(places[0] if places else f"/life/{address}#p1-history", status_code=303)


@shows("/life/{address:str}/ask")
def asking(request: AnyRequest, address: str) -> Response[bytes]:
    """What is not asked of anybody until a member allows it."""
    return _asking(request, address)


@does("/life/{address:str}/ask")
def allow(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """Allows that somebody is asked about an event."""
    session = session_of(request)
    label = _asked_of(session, address)[0]
    check = unless_decided(data.get("seen", ""), lambda: history(session.casebook, labels=(label,)))
    given = {name: data.get(name, "").strip() for name in ("event", "source", "reason")}
    try:
        if not sources_open(session):
            raise NotFoundError("There is no such page.", safe="", do="")
        made = judging.allow(session.casebook, label, given["event"], given["source"], given["reason"], check)
    except UsageError as error:
        return _asking(request, address, given, error)
    session.made.append(made.id)
    return Redirect(f"/life/{address}#p1-ask", status_code=303)


def _asking(
    request: AnyRequest,
    address: str,
    given: dict[str, str] | None = None,
    trouble: EstelikError | None = None,
) -> Response[bytes]:
    session = session_of(request)
    if not sources_open(session):
        raise NotFoundError("There is no such page.", safe="", do="")
    spoken = spoken_by(session)
    label, pages = _asked_of(session, address)
    own = [one.statement for found in pages for one in found.statements if not found.whose(one.statement)]
    told = dict.fromkeys(one.event for one in own if one.event)
    return page(
        request,
        "person_ask.html.j2",
        session=session,
        room="people",
        status=422 if trouble else 200,
        path=f"/life/{address}",
        label=label,
        events=[
            (one, events.label(spoken, one)) for one in sorted(told, key=lambda one: not is_sensitive(one))
        ],
        sources=list(dict.fromkeys(one.source for one in own if one.source)),
        given={"event": "", "source": "", "reason": ""} | (given or {}),
        seen=mark(history(session.casebook, labels=(label,))),
        trouble=trouble,
    )


def _asked_of(session: Session, address: str) -> tuple[str, list[PersonPage]]:
    """The label under which questions about a life are allowed, and its pages."""
    _, pages = brief(session.casebook, label_at(session, address), today=today().toordinal())
    return pages[0].label, pages


def shown(
    request: AnyRequest,
    address: str,
    which: str,
    *,
    reason: str = "",
    graded: dict[str, str] | None = None,
    trouble: EstelikError | None = None,
) -> Response[bytes]:
    """The page of one statement. ``reason``: why it is to be set aside; ``graded``: what a form said of how
    it is known."""
    session = session_of(request)
    spoken, id_ = spoken_by(session), id_of(session, which)
    merged, found = own(session, address, id_)
    sheet = placed(found, address)
    values = setting((sheet,), spoken)
    line = next(one for one in found.statements if one.statement.statement == id_)
    decided = history(session.casebook, (id_,))
    cite = values["cite"](sheet)
    then = None
    if reason and line.standing == "reasoned":
        then = foresight(
            merged, found.key, judging.decided(session.casebook, "set-aside", reason, statement=id_)
        )
    return page(
        request,
        "person_statement.html.j2",
        session=session,
        room="people",
        status=422 if trouble else 200,
        path=f"/life/{address}",
        which=which,
        sheet=sheet,
        line=line,
        cites=cite,
        decisions=worded(session, spoken, decided, numbered(sheet), cite),
        seen=mark(decided),
        reason=reason,
        then=_foreseen(session, found, then),
        grading=choices(session, line, graded),
        sources_open=sources_open(session),
        trouble=trouble,
        **values,
    )


def _foreseen(session: Session, found: PersonPage, then: Foresight | None) -> dict[str, object] | None:
    """What would follow, in words."""
    if then is None:
        return None
    spoken = spoken_by(session)
    numbers = {one.statement.statement: one.number for one in found.statements}

    def cited(conflicts: tuple[tuple[str, ...], ...]) -> list[tuple[int, ...]]:
        return [tuple(sorted(numbers[id_] for id_ in one if id_ in numbers)) for one in conflicts]

    return {
        "changes": [
            (
                "" if one.key == found.key else label_of(one.key),
                events.label(spoken, one.event),
                dates.ranges(spoken, one.now) if one.now else "",
                dates.ranges(spoken, one.then) if one.then else "",
            )
            for one in then.changes
        ],
        "ended": cited(then.ended),
        "begun": cited(then.begun),
        "contradicts": then.contradicts,
    }


def own(session: Session, address: str, id_: str) -> tuple[Merged, PersonPage]:
    """The page of the life that a statement is about, of those at an address. Raises ``NotFoundError``."""
    label = label_at(session, address)
    merged, pages = brief(session.casebook, label, today=today().toordinal())
    for found in pages:
        if id_ in _ids(found):
            return merged, found
    raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")


def _ids(found: PersonPage) -> list[str]:
    return [one.statement.statement for one in found.statements if not found.whose(one.statement)]


def place(found: PersonPage, address: str, id_: str) -> str:
    """Where a statement stands on the pages of the life at an address."""
    number = next(one.number for one in found.statements if one.statement.statement == id_)
    return f"{home(Parts(found), f'/life/{address}', number)}#p1-s{number}"


def id_of(session: Session, which: str) -> str:
    """The statement (its id) at an address. Raises ``NotFoundError``."""
    id_ = session.addresses.read("statement", which)
    if id_ is None:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    return id_


HANDLERS: Final = (statement, set_aside, take_back, asking, allow)
