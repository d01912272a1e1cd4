"""Intake: consent to record first, then who tells, then what she tells."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import ending, lines
from estelik.daily.tellers import people, tellers, told_of
from estelik.daily.telling import Telling, sat_down
from estelik.daily.today import today
from estelik.errors import CasebookError, UsageError
from estelik.identity.verdict import shown
from estelik.ids import new_id
from estelik.language.reader import N_, languages
from estelik.language.tongues import tongue
from estelik.web import intake_page, visits
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person_page import sources_open
from estelik.web.route import does, shows
from estelik.web.signin import Form
from estelik.web.visitor import gone

if TYPE_CHECKING:
    from estelik.web.session import Session

#: In which somebody may tell; the first is chosen where nothing else is.
_TONGUES: Final = ("kk", "ug", "ky", "uz", "zh", "ru", "uk", "en")
_MOST: Final = 6
_LONG: Final = 500


@shows("/intake", beside_visitor=True)
def intake(request: AnyRequest) -> Response[Any]:
    """What the visitor tells; without one, the question that comes first. Raises ``CasebookError`` where the
    sources are not open to this member: who tells is one."""
    session = session_of(request)
    if session.visitor:
        return intake_page.shown(request, session)
    return _begin(request, session)


@shows("/intake/cleared", beside_visitor=True)
def cleared(request: AnyRequest) -> Response[Any]:
    """Where a window is led that stood there since another visit: it shows nothing of anybody."""
    return page(request, "intake_cleared.html.j2", session=session_of(request), room="intake")


@does("/intake/of")
def about(request: AnyRequest, data: Form) -> Response[Any]:
    """Somebody has come to tell of one whose page was open."""
    return _begin(request, session_of(request), data.get("about", ""))


@does("/intake/agreed")
def agreed(request: AnyRequest, data: Form) -> Response[Any]:
    """Whether she agrees to be recorded. No leaves nothing, not even that she was asked."""
    session = session_of(request)
    session.agreed = {}
    if data.get("agreed") != "yes":
        return page(request, "intake_not.html.j2", session=session, room="intake")
    label = session.addresses.read("life", data.get("about", "")) or ""
    about = "" if label.startswith("?") else shown(label)
    expected = {} if about else visits.expected(session)
    _open(session)
    session.agreed = {"agreed": _now(), "about": about} | expected
    return Redirect("/intake/who", status_code=303)


@shows("/intake/who")
def choose(request: AnyRequest) -> Response[Any]:
    """Who tells, and of whom, once she has agreed; the question that comes first where she was not asked."""
    session = session_of(request)
    return _who(request, session, session.agreed) if session.agreed else _begin(request, session)


@does("/intake/language")
def speak(request: AnyRequest, data: Form) -> Response[Any]:
    """Another language of the desk, while it is chosen who tells: what was filled in stays."""
    session = session_of(request)
    if data.get("desk") in languages():
        session.language = data["desk"]
    if session.agreed:
        session.agreed = _given(data) | {"agreed": session.agreed["agreed"]}
    return Redirect("/intake/who", status_code=303)


@does("/intake/who")
def who(request: AnyRequest, data: Form) -> Response[Any]:
    """Who may have told before under a name like this, in any script: a part of the page."""
    session = session_of(request)
    words = lines.called(data.get("source", ""))[:_LONG]
    found = tellers(session.casebook, words, _MOST) if words else ()
    return _suggested(request, session, "source", found)


@does("/intake/whom")
def whom(request: AnyRequest, data: Form) -> Response[Any]:
    """Whom it may be about: those of whom she told before, and whoever bears a name like this."""
    session = session_of(request)
    words = lines.called(data.get("about", ""))[:_LONG]
    source = lines.called(data.get("source", ""))[:_LONG]
    own = told_of(session.casebook, source) if source else ()
    found = people(session.casebook, words, _MOST) if words else ()
    return _suggested(request, session, "about", tuple(dict.fromkeys((*own, *found)))[:_MOST])


@does("/intake/begin")
def begin(request: AnyRequest, data: Form) -> Response[Any]:
    """The visitor is here: from now on nothing of others is shown."""
    session, given = session_of(request), _given(data)
    # When she agreed is what the desk knows: a form can say anything.
    given["agreed"] = session.agreed.get("agreed", "")
    try:
        told = _telling(session, given)
    except UsageError as error:
        return _who(request, session, given, trouble=error)
    ending.begun(session.casebook, told)
    visits.came(session, told.source)
    # The rules of a language take a second to be read; she is not to wait for them at her first word.
    lines.made_ready(session.language, told.language)
    session.telling, session.visitor, session.agreed = told.id, True, {}
    return Redirect("/intake", status_code=303)


@does("/intake/go-on")
def go_on(request: AnyRequest, data: Form) -> Response[Any]:
    """Goes on with what was begun: her visitor is here again."""
    session = session_of(request)
    id_ = data.get("telling", "")
    told = ending.found(session.casebook, id_)
    if told.closing:
        return gone(request, session, told, ending.end(session.casebook, id_, session.member), "enter")
    ending.changed(session.casebook, id_, lambda told: sat_down(told, session.member))
    session.telling, session.visitor = id_, True
    return Redirect("/intake", status_code=303)


def _given(data: dict[str, str]) -> dict[str, str]:
    """What was filled in."""
    given = {
        name: lines.called(data.get(name, "")[: 2 * _LONG]) for name in ("source", "about", "interpreter")
    }
    return given | {"language": data.get("language", "").strip()[:_LONG]}


def _telling(session: Session, given: dict[str, str]) -> Telling:
    """A new telling of what was filled in. Raises ``UsageError``."""
    for name, what in (("source", N_("Nobody tells.")), ("about", N_("It is about nobody."))):
        if not given[name]:
            raise UsageError(what, do="Fill in the name.")
    if not all(lines.is_label(given[name]) for name in ("source", "about")) or not (
        lines.is_label(given["interpreter"] or "-")
    ):
        raise UsageError("A name is too long, or holds what cannot be seen.", do="Type it again.")
    if not given["agreed"]:
        raise UsageError("She was not asked whether she agrees to be recorded.", do="Ask her first.")
    if given["language"] not in (*_TONGUES, *lines.LANGUAGES):
        raise UsageError("This is none of the languages of the list.", do="Choose one of the list.")
    id_, day = new_id(), today().isoformat()
    return Telling(
        id_,
        f"{given['source']}, {day}, {id_[:6]}",
        given["source"],
        given["about"],
        day,
        given["agreed"],
        (given["about"],),
        given["language"],
        given["interpreter"],
        session.member,
        present=True,
        beside=(session.member,),
    )


def _begin(request: AnyRequest, session: Session, about: str = "") -> Response[Any]:
    """``about``: the address of the life that somebody has come to tell of, "" where nobody knows yet."""
    _open(session)
    session.agreed = {}
    begun = ending.waiting(session.casebook)
    return page(request, "intake_begin.html.j2", session=session, room="intake", begun=begun, about=about)


def _open(session: Session) -> None:
    if not sources_open(session):
        raise CasebookError(
            "What is told names who tells it, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )


def _who(
    request: AnyRequest, session: Session, given: dict[str, str], trouble: UsageError | None = None
) -> Response[Any]:
    spoken = spoken_by(session)
    return page(
        request,
        "intake_who.html.j2",
        session=session,
        status=422 if trouble else 200,
        room="intake",
        filled="who",
        given={"source": "", "about": "", "language": "", "interpreter": ""} | given,
        tongues=[(tag, tongue(spoken, tag)) for tag in dict.fromkeys((*_TONGUES, *lines.LANGUAGES))],
        trouble=trouble,
    )


def _suggested(request: AnyRequest, session: Session, field: str, found: tuple[str, ...]) -> Response[Any]:
    return page(request, "intake_suggested.html.j2", session=session, field=field, found=found)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="minutes")


HANDLERS: Final = (intake, cleared, about, agreed, choose, speak, who, whom, begin, go_on)
