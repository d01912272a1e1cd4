"""Contradictions: lives that cannot be true as told, one at a time; a statement is set aside, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect
from msgspec.structs import replace

from estelik.daily import apart
from estelik.daily.judging import decided, set_aside
from estelik.daily.today import today
from estelik.errors import NotFoundError
from estelik.publication.report import Sheet, setting
from estelik.views.parts import Parts
from estelik.web import deciding
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_parts import homes
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.views.person import PersonPage, StatementLine
    from estelik.web.session import Session

_HERE: Final = "/review/contradictions"
#: Lives that are solved for one page: what was settled meanwhile is passed over.
_TRIES: Final = 4


@shows(_HERE)
def contradictions(request: AnyRequest) -> Response[bytes]:
    """The next life that cannot be true as told."""
    session = session_of(request)
    for life in _waiting(session)[:_TRIES]:
        found = _laid(session, life)
        if found is not None:
            return _shown(request, session, life, found)
    return page(
        request,
        "contradictions.html.j2",
        session=session,
        room="review",
        found=None,
        whole=session.watch.look().whole and not _waiting(session),
        last=deciding.last(session, ("set-aside",)),
    )


@does(_HERE)
def decide(request: AnyRequest, data: Form) -> Response[Any]:
    """Puts a life off, or sets one of its statements aside: first is shown what would follow, and the reason
    asked."""
    session = session_of(request)
    life = session.addresses.read("life", data.get("life", ""))
    if life is None or life not in _waiting(session):
        raise _gone()
    if data.get("later"):
        session.put_off.append(life)
        return Redirect(_HERE, status_code=303)
    found = _laid(session, life)
    own = session.addresses.read("statement", data.get("statement", ""))
    line = None if found is None else _line(found, own)
    if found is None or line is None:
        raise _gone()
    reason = data.get("reason", "").strip()
    if not reason:
        return _shown(request, session, life, found, line)
    session.made.append(set_aside(session.casebook, line.statement.statement, reason).id)
    return Redirect(_HERE, status_code=303)


@does(f"{_HERE}/undo")
def undo(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes back what was decided in this session."""
    deciding.undo(session_of(request), data.get("judgement", ""))
    return Redirect(_HERE, status_code=303)


def _gone() -> NotFoundError:
    return NotFoundError(
        "This was decided meanwhile, or what it rested on has changed.",
        safe="Nothing was recorded.",
        do="Go on with the next.",
    )


def _waiting(session: Session) -> Sequence[str]:
    """The lives (keys) that were found last; what was put off comes last."""
    later = {life: place for place, life in enumerate(session.put_off)}
    return sorted((one.key for one in session.watch.look().apart), key=lambda one: later.get(one, -1))


def _laid(session: Session, life: str) -> PersonPage | None:
    """The page of a life; None where all of it can be true by now."""
    try:
        found = apart.laid(session.casebook, life, today=today().toordinal())
    except NotFoundError:
        return None
    return None if found.consistent else found


def _line(found: PersonPage, own: str | None) -> StatementLine | None:
    """The line of a statement (its id) that is in dispute."""
    lines = (found.line(number) for number in apart.disputed(found))
    return next((one for one in lines if one.statement.statement == own), None)


def _shown(
    request: AnyRequest,
    session: Session,
    life: str,
    found: PersonPage,
    aside: StatementLine | None = None,
) -> Response[bytes]:
    spoken, addresses = spoken_by(session), session.addresses
    # Of a life with many the first: those that are decided make room for the next.
    parts = Parts(found)
    part = found
    if parts.count["contradictions"] > 1:
        part = parts.shown("contradictions", 1)
        # A way out of all of them names statements of all of them.
        part = replace(part, repairs=tuple(one for one in part.repairs if one.among))
    lines = [found.line(number) for number in apart.disputed(part)]
    if part is found:
        sheet = Sheet(found, "p1", None)
    else:
        here = {one.number for one in (*lines, *((aside,) if aside else ()))}
        sheet = Sheet(
            found, "p1", None, part=part, homes=homes(parts, f"/life/{addresses.of('life', life)}", here)
        )
    return page(
        request,
        "contradictions.html.j2",
        session=session,
        room="review",
        whole=True,
        found=found,
        sheet=sheet,
        life=addresses.of("life", life),
        count=len(_waiting(session)),
        lines=[(one, addresses.of("statement", one.statement.statement)) for one in lines],
        aside=aside,
        then=None if aside is None else _then(session, life, aside),
        last=deciding.last(session, ("set-aside",)),
        **setting([sheet], spoken),
    )


def _then(session: Session, life: str, aside: StatementLine) -> PersonPage:
    """What the life would be without a statement."""
    supposed = decided(session.casebook, "set-aside", "-", statement=aside.statement.statement)
    return apart.laid(session.casebook, life, today=today().toordinal(), supposing=supposed)
