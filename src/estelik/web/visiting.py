"""Visiting: what a session knows of the visitor who is present, and of nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.daily import ending, lines
from estelik.daily.own import Own, own
from estelik.web.entrance import AnyRequest, ElsewhereError, session_of

if TYPE_CHECKING:
    from estelik.daily.lines import Checked, Draft
    from estelik.daily.telling import Telling
    from estelik.records import Statement
    from estelik.web.desk import Desk
    from estelik.web.session import Session

#: What each session has read of its visitor's earlier visits.
_OWN: Final[WeakKeyDictionary[Session, Own]] = WeakKeyDictionary()


def still_there(desk: Desk, token: str, id_: str = "") -> None:
    """After a loss of power the visitor may still sit there: what was being written down comes first, and
    nothing of others, until this member says that she has left. ``id_``: of the telling that the window says
    it is of, where she sits with several."""
    session = desk.session(token)
    if session is None:
        return
    # A draft of before it was known who sits with her has whoever began it.
    mine = [
        one
        for one in ending.waiting(session.casebook)
        if one.present and session.member in (one.beside or (one.member,))
    ]
    if mine:
        found = next((one for one in mine if one.id == id_), mine[-1])
        session.telling, session.visitor = found.id, True


def here(request: AnyRequest, data: dict[str, str]) -> Session:
    """The session, where a visitor is present, and what asks is a page of what she tells: each says of which
    telling (its id) it is. Another window may stand there since the visit before. Raises
    ``ElsewhereError``."""
    session = session_of(request)
    if not session.visitor or data.get("telling", "") != session.telling:
        raise ElsewhereError
    return session


def telling(session: Session, id_: str = "") -> Telling:
    """What is being written down, or what a page named (``here``). Raises ``NotFoundError`` where somebody
    else has ended it."""
    return ending.found(session.casebook, id_ or session.telling)


def earlier(session: Session, told: Telling) -> Own:
    """What this source told before, of the life that is spoken of; read once a visit."""
    found = _OWN.get(session)
    if found is None or (found.source, found.about) != (told.source, told.about):
        found = _OWN[session] = own(session.casebook, told.source, told.about)
    return found


def forget(session: Session) -> None:
    """Forgets what was read of a visitor."""
    _OWN.pop(session, None)


def kept(told: Telling, before: Own) -> tuple[Statement, ...]:
    """The statements of the lines that were kept."""
    return checked(told, before, lines.drafts(told)).statements


def checked(told: Telling, before: Own, drafts: tuple[Draft, ...]) -> Checked:
    """These lines as statements, beside what the same source told before."""
    return lines.checked(told, drafts, lines.known(before.statements), b"")
