"""People: who bears a name, and where words were told, in any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import Response
from markupsafe import Markup, escape

from estelik.identity.verdict import shown
from estelik.language.direction import trusted
from estelik.language.likeness import reasons
from estelik.language.passages import excerpt
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.web.session import Session

_MOST: Final = 12
#: Letters that are looked for at most, as by a program: longer words only take long.
_LONG: Final = 500
#: Around what was found, until the rest is escaped; an excerpt holds neither of them.
_FROM, _TO = "\x02", "\x03"


@shows("/people")
def people(request: AnyRequest) -> Response[bytes]:
    """The page on which one looks for somebody."""
    return page(
        request, "people.html.j2", session=session_of(request), room="people", words="", named=(), told=()
    )


@does("/people")
def found(request: AnyRequest, data: Form) -> Response[bytes]:
    """Who may bear this name, and where these words were told: a part of the page, or the whole."""
    session = session_of(request)
    words = data.get("words", "").strip()[:_LONG]
    part = bool(request.headers.get("hx-request"))
    return page(
        request,
        "people_found.html.j2" if part else "people.html.j2",
        session=session,
        room="people",
        words=words,
        named=_named(session, words) if words else (),
        told=_told(session, words) if words and not part else (),
    )


def _named(session: Session, words: str) -> list[dict[str, object]]:
    spoken = spoken_by(session)
    namesakes = session.casebook.namesakes()
    return [
        {
            "label": shown(one.key),
            "address": session.addresses.of("life", one.key),
            "name": one.name if one.name not in (one.key, words) else "",
            "why": reasons(spoken, one.why),
        }
        for one in namesakes.find(words, _MOST)
    ]


def _told(session: Session, words: str) -> list[dict[str, object]]:
    passages = session.casebook.passages()
    return [
        {
            "label": shown(one.subject) if one.subject else "",
            "address": session.addresses.of("life", one.subject) if one.subject else "",
            "words": _marked(excerpt(one.text, one.spans, lambda part: f"{_FROM}{part}{_TO}")),
            "language": one.language,
        }
        for one in passages.find(words, _MOST)
    ]


def _marked(text: str) -> Markup:
    return trusted(str(escape(text)).replace(_FROM, "<mark>").replace(_TO, "</mark>"))
