"""Releases: drafted, looked through, each finding decided by two or mended, approved. Publishing stays a
command: it writes a folder to a place that somebody chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import checking, examining, releasing
from estelik.errors import NotFoundError, UsageError
from estelik.identity.verdict import shown
from estelik.language import direction, quotes, statements
from estelik.language.compartments import compartments
from estelik.language.numbers import listed
from estelik.protection.wording import tell
from estelik.records.consent import AUDIENCES, PURPOSES
from estelik.web.entrance import AnyRequest, led, session_of
from estelik.web.export import TO_WHOM, WHAT_FOR
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form
from estelik.web.turning import turned

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.daily.checking import Checked, Piece
    from estelik.language.reader import Reader
    from estelik.records.release import Release
    from estelik.web.session import Session

_HERE: Final = "/review/releases"
#: Findings that are listed beneath the one that is to be decided.
_LISTED: Final = 40
#: Releases on a page.
_RELEASES: Final = 60


@shows(_HERE)
def releases(request: AnyRequest) -> Response[bytes]:
    """All releases, the last first, and a form for another."""
    return _list(request, 1)


@shows(_HERE + "/page/{number:int}")
def more(request: AnyRequest, number: int) -> Response[bytes]:
    """A further page of them."""
    return _list(request, number)


def _list(request: AnyRequest, number: int) -> Response[bytes]:
    session = session_of(request)
    casebook, spoken = session.casebook, spoken_by(session)
    found = turned(releasing.every_release(casebook)[::-1], number, _RELEASES)
    return page(
        request,
        "releases.html.j2",
        session=session,
        room="review",
        releases=[(session.addresses.of("release", one.draft.id), one) for one in found.rows],
        number=found.number,
        pages=found.pages,
        may="source" in casebook.vault.store.schemas,
        audiences=[(code, spoken.gettext(TO_WHOM[code])) for code in AUDIENCES],
        purposes=[(code, spoken.gettext(WHAT_FOR[code])) for code in PURPOSES],
    )


@does(_HERE)
def draft(request: AnyRequest, data: Form) -> Response[Any]:
    """Drafts a release."""
    session = session_of(request)
    audience, purpose = data.get("audience", ""), data.get("purpose", "")
    if audience not in AUDIENCES or purpose not in PURPOSES:
        raise UsageError("An audience needs a purpose, and a purpose an audience.", do="Give both.")
    people = tuple(dict.fromkeys(filter(None, map(str.strip, data.get("people", "").splitlines()))))
    made = releasing.draft(session.casebook, data.get("title", ""), people, audience, purpose)
    return Redirect(f"{_HERE}/{session.addresses.of('release', made.id)}", status_code=303)


@shows(_HERE + "/{address:str}")
def release(request: AnyRequest, address: str) -> Response[Any]:
    """One release: what would leave today, and the next finding that is to be decided."""
    session = session_of(request)
    found = _release(session, address)
    return _page(request, session, address, found)


@shows(_HERE + "/{address:str}/state")
def state(request: AnyRequest, address: str) -> Response[Any]:
    """Leads to the page as soon as the release was looked through."""
    session = session_of(request)
    errand = session.errands.of(checking.errand(_release(session, address)))
    if errand is not None and not errand.done:
        return Response(b"", status_code=204)
    return led(request, f"{_HERE}/{address}")


@does(_HERE + "/{address:str}")
def decide(request: AnyRequest, data: Form, address: str) -> Response[Any]:
    """Takes a decision on a finding: first its reason is asked, then it is signed."""
    session = session_of(request)
    found = _release(session, address)
    checked = _checked(session, found)
    piece = checked.piece(data.get("finding", "")) if checked is not None else None
    if checked is None or piece is None:
        raise _gone()
    decision, reason = data.get("decision", ""), data.get("reason", "").strip()
    casebook, id_, print_ = session.casebook, found.draft.id, piece.found.print
    if decision == "later":
        session.put_off.append(print_)
    elif decision not in ("mend", "let", "less"):
        raise NotFoundError("There is no such decision.", safe="Nothing was recorded.")
    elif not reason:
        return _page(request, session, address, found, decision=decision, piece=piece)
    elif decision == "let":
        checking.let(casebook, id_, checked, print_, reason)
    elif decision == "mend":
        _begin(session, found, lambda: examining.mend(casebook, id_, [print_], reason))
    else:
        statement, column = _cell(piece, data)
        to = data.get("to", "").strip()
        _begin(session, found, lambda: examining.change(casebook, id_, statement, reason, column, to))
    return Redirect(f"{_HERE}/{address}", status_code=303)


@does(_HERE + "/{address:str}/approve", fresh=True)
def approve(request: AnyRequest, address: str) -> Response[Any]:
    """Approves a release as it is today."""
    session = session_of(request)
    found = _release(session, address)
    casebook, id_ = session.casebook, found.draft.id
    _begin(session, found, lambda: examining.approve(casebook, id_))
    return Redirect(f"{_HERE}/{address}", status_code=303)


def _gone() -> NotFoundError:
    return NotFoundError(
        "This was decided meanwhile, or what it rested on has changed.",
        safe="Nothing was recorded.",
        do="Go on with the next.",
    )


def _release(session: Session, address: str) -> Release:
    id_ = session.addresses.read("release", address)
    if id_ is None:
        raise NotFoundError("There is no such page.", safe="", do="")
    return releasing.opened(session.casebook, id_)


def _begin(session: Session, found: Release, act: Callable[[], object] = lambda: None) -> None:
    checking.begin(session.casebook, session.errands, found, act)


def _checked(session: Session, found: Release) -> Checked | None:
    return checking.looked(session.casebook, session.errands, found)


def _page(
    request: AnyRequest,
    session: Session,
    address: str,
    found: Release,
    *,
    decision: str = "",
    piece: Piece | None = None,
) -> Response[Any]:
    spoken, checked = spoken_by(session), _checked(session, found)
    values: dict[str, Any] = {
        "release": found,
        "address": address,
        "to_whom": spoken.gettext(TO_WHOM[found.draft.audience]),
        "what_for": spoken.gettext(WHAT_FOR[found.draft.purpose]),
    }
    if checked is None:
        return page(request, "release.html.j2", session=session, room="review", looking=True, **values)
    yes = examining.rulings(session.casebook, found)
    own = session.casebook.vault.registrar.own().id
    open_ = _open(session, checked, yes, own)
    asked = piece or next((one for one in open_ if own not in yes.get(one.found.print, ())), None)
    approved = bool(found.approvals) and found.approvals[-1].print == checked.print
    members = session.casebook.vault.registrar.standing.members
    return page(
        request,
        "release.html.j2",
        session=session,
        room="review",
        looking=False,
        lives=len(set(checked.projection.lives.values())),
        statements=len(checked.projection.statements),
        withheld=len(checked.projection.withheld),
        finding=None if asked is None else _told(spoken, checked, asked),
        by=[members[one].name for one in sorted(yes.get(asked.found.print, ()))] if asked else [],
        decision=decision,
        count=len(open_),
        others=[
            (
                _says(spoken, checked, one),
                [members[each].name for each in sorted(yes.get(one.found.print, ()))],
            )
            for one in checked.pieces
            if one is not asked
        ][:_LISTED],
        approved=approved,
        closed=examining.closed(session.casebook),
        named=lambda names: compartments(spoken, names),
        holders=listed(spoken, [direction.run(one) for one in examining.holders(session.casebook)]),
        way=direction.direction,
        bare=direction.bare,
        quoted=quotes.quoted,
        **values,
    )


def _open(session: Session, checked: Checked, yes: dict[str, set[str]], own: str) -> Sequence[Piece]:
    """The findings that are open; what this member let stand, and what she put off, comes last."""
    later = {one: place for place, one in enumerate(session.put_off)}
    found = [one for one in checked.pieces if len(yes.get(one.found.print, ())) < examining.TWO]
    return sorted(
        found, key=lambda one: (own in yes.get(one.found.print, ()), later.get(one.found.print, -1))
    )


def _says(spoken: Reader, checked: Checked, piece: Piece) -> object:
    return tell(spoken, piece.found.finding, place=checked.placed.called, person=shown)


def _told(spoken: Reader, checked: Checked, piece: Piece) -> dict[str, object]:
    """A finding as it is put before a member."""
    columns = checking.columns(piece)
    return {
        "print": piece.found.print,
        "says": _says(spoken, checked, piece),
        "statements": [
            (one, statements.says(spoken, one), columns[one.statement]) for one in piece.statements
        ],
        "proposed": piece.proposed,
        "title": not piece.found.statements,
    }


def _cell(piece: Piece, data: dict[str, str]) -> tuple[str, str]:
    """The statement and the column that are to say less; no column: the row is left out."""
    number, _, column = data.get("cell", "").partition(" ")
    place = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if not 0 <= place < len(piece.statements):
        raise _gone()
    return piece.statements[place].statement, column


HANDLERS = (releases, more, draft, release, state, decide, approve)
