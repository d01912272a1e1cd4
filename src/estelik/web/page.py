"""Page: templates, set for one request: in its member's language, with what belongs to every page."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from litestar import MediaType, Response
from litestar.response import Redirect
from litestar.routes import HTTPRoute

from estelik.daily import belonging
from estelik.language import dates, direction, people
from estelik.language.reader import N_, Reader, languages, reader
from estelik.publication.timeline_svg import sign_svg
from estelik.web import drawn
from estelik.web.forgetful import Forgetful

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from litestar import Request

    from estelik.errors import EstelikError
    from estelik.web.session import Session

#: What each language calls itself.
OWN_NAMES = {
    "en": "English", "fr": "français", "kk": "қазақша", "ru": "русский", "ug": "ئۇيغۇرچە",
    "uk": "українська", "zh": "中文",
}  # fmt: skip
#: Where the rooms of the desk begin.
_ROOMS = {
    "people": "/people", "intake": "/intake", "registry": "/registry", "review": "/review",
    "office": "/office",
}  # fmt: skip


def page(
    request: Request[Any, Any, Any],
    template: str,
    /,
    *,
    session: Session | None = None,
    status: int = 200,
    **values: object,
) -> Response[Any]:
    """A template as an answer; where an act has drawn it, it is kept, and a browser led to it.

    ``session``: whose page it is, where somebody has signed in; ``values``: what the template is filled
    with.
    """
    spoken = reader(session.language if session is not None else wanted_language(request))
    keeping = drawn.keeps(request, session)
    here = drawn.path(keeping) if keeping else request.url.path
    every: dict[str, object] = {
        "reader": spoken,
        "session": session,
        "nonce": request.scope["state"]["nonce"],
        "here": here,
        "asked_at": request.url.path,
        "shown": _shown(request, values.get("room")),
        "lock_at": request.app.state.lock,
        "rooms": rooms(spoken, session),
        "languages": [(tag, OWN_NAMES.get(tag, tag)) for tag in languages()],
        "sign": sign_svg(),
        "run": direction.run,
        "said": spoken.said,
        "plain": direction.plain,
        "who": lambda label: people.who(spoken, label),
        "day": lambda number: dates.day(spoken, number),
    }
    made = _environment(spoken.language).get_template(template).render(every | values)
    if keeping and session is not None:
        session.drawn.keep(
            keeping, drawn.Drawn(status, made, request.scope["state"]["nonce"], session.visitor)
        )
        return Redirect(here, status_code=303)
    return Response(made.encode(), status_code=status, media_type=MediaType.HTML)


def _shown(request: Request[Any, Any, Any], room: object) -> str:
    """Where this page can be asked for again: one that an act has drawn may be nothing to look at, and then
    its room is."""
    path = request.url.path
    if request.method == "GET":
        return path
    template = request.scope.get("path_template")
    if any(
        one.path == template and "GET" in one.methods
        for one in request.app.routes
        if isinstance(one, HTTPRoute)
    ):
        return path
    return _ROOMS.get(str(room), "/")


def rooms(spoken: Reader, session: Session | None) -> Iterator[tuple[str, str, str]]:
    """The rooms of the desk that are open to its member: name, path, what they are called. Worked out only
    where a page names them: a part of one does not."""
    yield "today", "/", spoken.gettext(N_("Today"))
    yield "people", "/people", spoken.gettext(N_("People"))
    if session is None or "source" in session.casebook.vault.store.schemas:
        yield "intake", "/intake", spoken.gettext(N_("A visitor"))
    yield "registry", "/registry", spoken.gettext(N_("Registry"))
    yield "review", "/review", spoken.gettext(N_("Review"))
    parts = () if session is None else belonging.parts(session.casebook)
    if "members" in parts:
        yield "office", "/office", spoken.gettext(N_("Office"))
    elif parts:
        yield "office", "/office/copies", spoken.gettext(N_("Copies"))


def wanted_language(request: Request[Any, Any, Any]) -> str:
    """The first language that a browser asks for and we speak; nothing is kept of it."""
    for one in request.headers.get("accept-language", "").split(","):
        tag = one.partition(";")[0].strip()[:2].lower()
        if tag in languages():
            return tag
    return "en"


def faults(
    request: Request[Any, Any, Any], error: EstelikError, *, session: Session | None, status: int = 422
) -> Response[bytes]:
    """The page of something that a person can act on."""
    return page(request, "error.html.j2", session=session, status=status, error=error)


def spoken_by(session: Session) -> Reader:
    """The reader of a session's language."""
    return reader(session.language)


@cache
def _environment(language: str) -> Environment:
    """What sets the pages of one language; templates are compiled once."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

    made = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("estelik.web"),
                # The page of a life is the report's.
                PrefixLoader({"publication": PackageLoader("estelik.publication")}),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n", Forgetful],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    spoken = reader(language)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        spoken.gettext, spoken.catalog().ngettext, newstyle=True, pgettext=spoken.catalog().pgettext
    )
    # The same, without a look at the page each time that it says something.
    made.globals |= {"_": spoken._, "gettext": spoken._}
    return made
