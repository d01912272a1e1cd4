"""Verification: statements on which alone much rests, one at a time, held against where they come from."""

from __future__ import annotations

from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from litestar import Response
from litestar.response import Redirect

from estelik.daily import verifying
from estelik.daily.judging import set_aside
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown
from estelik.language import direction, events, grades, quotes, statements
from estelik.language.dates import told as told_on
from estelik.web import deciding
from estelik.web.entrance import AnyRequest, led, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.daily.verifying import Due
    from estelik.views.registry import Entry
    from estelik.web.session import Session

_HERE: Final = "/review/verification"
#: Lives that are looked at for one page.
_TRIES: Final = 6
_DECISIONS: Final = ("verified", "set-aside")


class _Next(NamedTuple):
    """The next statement, if one was found (``due``, of a ``life``), and whether all were looked at."""

    due: Due | None
    life: str
    whole: bool


@shows(_HERE)
def verification(request: AnyRequest) -> Response[bytes]:
    """The next statement that waits to be verified."""
    return _page(request, session_of(request))


@shows(f"{_HERE}/state")
def state(request: AnyRequest) -> Response[Any]:
    """Looks further, and leads to what was found."""
    session = session_of(request)
    found = _next(session)
    if found.due is None and not found.whole:
        return Response(b"", status_code=204)
    return led(request, _HERE)


@does(_HERE)
def decide(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a decision: first its reason is asked, then it is recorded."""
    session = session_of(request)
    found = _next(session)
    own = session.addresses.read("statement", data.get("statement", ""))
    if found.due is None or own != found.due.statement.statement:
        raise NotFoundError(
            "This was decided meanwhile, or what it rested on has changed.",
            safe="Nothing was recorded.",
            do="Go on with the next.",
        )
    decision, reason = data.get("decision", ""), data.get("reason", "").strip()
    if decision == "later":
        session.put_off.append(_later(found.life))
        return Redirect(_HERE, status_code=303)
    if decision not in _DECISIONS:
        raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
    if not reason:
        return _page(request, session, decision)
    act = verifying.verify if decision == "verified" else set_aside
    session.made.append(act(session.casebook, own, reason).id)
    return Redirect(_HERE, status_code=303)


@does(f"{_HERE}/undo")
def undo(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes back what was decided in this session."""
    session = session_of(request)
    deciding.undo(session, data.get("judgement", ""))
    # What it was about is due again.
    session.checked.clear()
    return Redirect(_HERE, status_code=303)


def _next(session: Session) -> _Next:
    """The next statement that is due. So many lives are looked at, and remembered: the next time it goes on
    from there."""
    whole = session.watch.look().whole
    some = list(islice(_in_turn(session), _TRIES + 1))
    for one in some[:_TRIES]:
        due = next(iter(verifying.due(session.casebook, one)), None)
        if due is not None:
            return _Next(due, one.key, whole=True)
        session.checked.add(one.key)
    return _Next(None, "", whole=whole and len(some) <= _TRIES)


def _in_turn(session: Session) -> Iterator[Entry]:
    """The lives that are to be looked at; what was put off comes last."""
    later = {life: place for place, life in enumerate(session.put_off)}
    last: list[tuple[int, Entry]] = []
    for one in session.watch.listing.certain():
        if one.key in session.checked:
            continue
        place = later.get(_later(one.key)) if later else None
        if place is None:
            yield one
        else:
            last.append((place, one))
    yield from (one for _, one in sorted(last, key=itemgetter(0)))


def _later(life: str) -> str:
    """What is noted of a life that was put off here."""
    return f"verify\x1f{life}"


def _page(request: AnyRequest, session: Session, decision: str = "") -> Response[bytes]:
    spoken, found = spoken_by(session), _next(session)
    due = None
    if found.due is not None:
        one = found.due.statement
        due = {
            "statement": one,
            "says": statements.says(spoken, one),
            "chain": spoken.capital(grades.chain(spoken, one)),
            "standing": grades.standing(spoken, one),
            "grade": grades.grade(spoken, one.grade),
            "told": told_on(spoken, one.told),
            "states": [events.state(spoken, each) for each in found.due.states],
            "about": shown(found.life),
            "life": session.addresses.of("life", found.life),
            "address": session.addresses.of("statement", one.statement),
        }
    return page(
        request,
        "verification.html.j2",
        session=session,
        room="review",
        due=due,
        whole=found.whole,
        decision=decision,
        last=deciding.last(session, _DECISIONS),
        way=direction.direction,
        bare=direction.bare,
        quoted=quotes.quoted,
    )


HANDLERS = (verification, state, decide, undo)
