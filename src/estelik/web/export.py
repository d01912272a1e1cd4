"""Export: what is on a list, as somebody outside may have it: looked through first, then handed over and
noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from litestar import Response
from litestar.response import Redirect

from estelik.daily import errands, handing
from estelik.daily.today import today
from estelik.errors import ConsentError, NotFoundError, ReleaseError, UsageError
from estelik.ids import new_id
from estelik.language.reader import N_, languages
from estelik.protection.permission import Asked
from estelik.protection.wording import tell
from estelik.records.consent import AUDIENCES, PURPOSES
from estelik.web.entrance import AnyRequest, led, session_of
from estelik.web.page import OWN_NAMES, page, spoken_by
from estelik.web.registry import wanted
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.daily.handing import Looked
    from estelik.web.session import Session

#: To whom, and what for, as a member reads it.
TO_WHOM: Final = {
    "partner": N_("a partner organisation"),
    "un": N_("bodies of the United Nations"),
    "court": N_("a court or a prosecutor"),
    "family": N_("the family"),
    "press": N_("the press"),
    "public": N_("everybody"),
}
WHAT_FOR: Final = {
    "publication": N_("the public record"),
    "advocacy": N_("letters and appeals"),
    "legal": N_("proceedings at law"),
    "research": N_("research"),
    "care": N_("care"),
    "tracing": N_("looking for somebody"),
}
_LONG: Final = 500


class _Ready(NamedTuple):
    """What may be handed over: the file, how many lives are in it, and what was found in it."""

    file: str
    lives: int
    looked: Looked
    recipient: str


@does("/registry/export")
def asked(request: AnyRequest, data: Form) -> Response[bytes]:
    """For whom, and what for."""
    session = session_of(request)
    return _asking(request, session, data)


@does("/registry/export/look", fresh=True)
def look(request: AnyRequest, data: Form) -> Response[Any]:
    """Draws what may leave, beside the day's work."""
    session = session_of(request)
    audience, purpose = data.get("audience", ""), data.get("purpose", "")
    if audience not in AUDIENCES or purpose not in PURPOSES:
        raise UsageError("An audience needs a purpose, and a purpose an audience.", do="Give both.")
    recipient = " ".join(data.get("recipient", "").split())[:_LONG]
    if not recipient:
        raise UsageError(
            "It does not say who takes it.",
            safe="Nothing was written.",
            do="Say who: it is kept with what leaves.",
        )
    if not session.watch.look().whole:
        raise UsageError(
            "The list is still being made.", safe="Nothing was written.", do="Wait a moment and try again."
        )
    keys = tuple(one.key for one in session.watch.listing.of(wanted(data)).found)
    if not keys:
        raise NotFoundError("Nobody here fits all of this.", safe="Nothing was written.", do="")
    language = data.get("language", "")
    asking = Asked(audience, purpose, today().toordinal())
    casebook, name = session.casebook, new_id()
    session.errands.begin(
        f"export {name}",
        lambda: _drawn(casebook, keys, asking, language if language in languages() else "en", recipient),
    )
    return Redirect(f"/registry/export/{name}", status_code=303)


@shows("/registry/export/{name:str}")
def ready(request: AnyRequest, name: str) -> Response[Any]:
    """What may leave, and what was found in it."""
    session = session_of(request)
    errand = session.errands.of(f"export {name}")
    if errand is None:
        raise _forgotten()
    if not errand.done:
        return page(request, "export.html.j2", session=session, room="registry", looking=True, name=name)
    if errand.error is not None:
        raise errand.error
    made: _Ready = errand.value
    spoken, findings = spoken_by(session), made.looked.findings
    place = made.looked.placed.called
    return page(
        request,
        "export.html.j2",
        session=session,
        room="registry",
        looking=False,
        name=name,
        lives=made.lives,
        statements=len(made.looked.cleared.statements),
        recipient=made.recipient,
        findings=[tell(spoken, one.finding, place=place, person=str) for one in findings],
        open_to_all=made.looked.cleared.asked.audience in handing.OPEN,
    )


@shows("/registry/export/{name:str}/state")
def state(request: AnyRequest, name: str) -> Response[Any]:
    """Leads to the page as soon as it is there."""
    errand = session_of(request).errands.of(f"export {name}")
    if errand is not None and not errand.done:
        return Response(b"", status_code=204)
    return led(request, f"/registry/export/{name}")


@does("/registry/export/{name:str}/take", fresh=True)
def take(request: AnyRequest, data: Form, name: str) -> Response[Any]:
    """Notes who takes it, and hands the file over."""
    session = session_of(request)
    errand = session.errands.of(f"export {name}")
    if errand is None or not errand.done or errand.value is None:
        raise _forgotten()
    if errand.mark != errands.mark(session.casebook):
        session.errands.drop(f"export {name}")
        raise ReleaseError(
            "Something was entered or withdrawn since it was looked through.",
            safe="Nothing was written.",
            do="Go back to the list, and have it looked through again.",
        )
    made: _Ready = errand.value
    handing.hand_over(session.casebook, made.looked, made.recipient, data.get("anyway", ""))
    # What was noted is entered, too: once more is looked through once more.
    session.errands.drop(f"export {name}")
    # No name of anybody in the name of the file.
    headers = {"Content-Disposition": 'attachment; filename="report.html"'}
    return Response(made.file.encode(), media_type="text/html; charset=utf-8", headers=headers)


def _asking(request: AnyRequest, session: Session, data: dict[str, str]) -> Response[bytes]:
    if "source" not in session.casebook.vault.store.schemas:
        raise ConsentError(
            "What people allowed names who told, and the names of sources are not open to you.",
            safe="Nothing was written.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    spoken, what = spoken_by(session), wanted(data)
    return page(
        request,
        "export.html.j2",
        session=session,
        room="registry",
        looking=None,
        here="/registry",
        asked=what,
        count=len(session.watch.listing.of(what).found),
        audiences=[(code, spoken.gettext(TO_WHOM[code])) for code in AUDIENCES],
        purposes=[(code, spoken.gettext(WHAT_FOR[code])) for code in PURPOSES],
        tongues=[(tag, OWN_NAMES.get(tag, tag)) for tag in languages()],
    )


def _drawn(casebook: Casebook, keys: tuple[str, ...], asking: Asked, language: str, recipient: str) -> _Ready:
    file, lives, cleared = handing.let_out_lives(casebook, keys, asking, language=language, today=today())
    return _Ready(file, lives, handing.looked_through(casebook, cleared), recipient)


def _forgotten() -> NotFoundError:
    return NotFoundError(
        "What was to be handed over is not kept any more.",
        safe="Nothing was written.",
        do="Go back to the list, and have it looked through again.",
    )


HANDLERS = (asked, look, ready, state, take)
