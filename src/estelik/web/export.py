"""Export: what is on a list, as somebody outside may have it: looked through first, then handed over and
noted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response
from litestar.response import Redirect

from estelik.daily import exporting, handing
from estelik.errors import UsageError
from estelik.identity.verdict import shown
from estelik.language.reader import N_, languages
from estelik.protection.wording import tell
from estelik.records.consent import AUDIENCES, PURPOSES
from estelik.web.entrance import AnyRequest, led, session_of
from estelik.web.page import OWN_NAMES, page, spoken_by
from estelik.web.registry import wanted
from estelik.web.route import does, shows
from estelik.web.signin import Form

if TYPE_CHECKING:
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
    if not session.watch.look().whole:
        raise UsageError(
            "The list is still being made.", safe="Nothing was written.", do="Wait a moment and try again."
        )
    keys = tuple(one.key for one in session.watch.listing.of(wanted(data)).found)
    language = data.get("language", "")
    name = exporting.begin(
        session.casebook,
        session.errands,
        keys,
        data.get("recipient", ""),
        audience,
        purpose,
        language if language in languages() else "en",
    )
    return Redirect(f"/registry/export/{name}", status_code=303)


@shows("/registry/export/{name:str}")
def ready(request: AnyRequest, name: str) -> Response[Any]:
    """What may leave, and what was found in it."""
    session = session_of(request)
    errand = exporting.under(session.errands, name)
    if not errand.done:
        return page(request, "export.html.j2", session=session, room="registry", looking=True, name=name)
    if errand.error is not None:
        raise errand.error
    made: exporting.Ready = errand.value
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
        findings=[tell(spoken, one.finding, place=place, person=shown) for one in findings],
        open_to_all=made.looked.cleared.asked.audience in handing.OPEN,
    )


@shows("/registry/export/{name:str}/state")
def state(request: AnyRequest, name: str) -> Response[Any]:
    """Leads to the page as soon as it is there."""
    errand = session_of(request).errands.of(exporting.errand(name))
    if errand is not None and not errand.done:
        return Response(b"", status_code=204)
    return led(request, f"/registry/export/{name}")


@does("/registry/export/{name:str}/take", fresh=True)
def take(request: AnyRequest, data: Form, name: str) -> Response[Any]:
    """Notes who takes it, and hands the file over."""
    session = session_of(request)
    file = exporting.take(session.casebook, session.errands, name, data.get("anyway", ""))
    # No name of anybody in the name of the file.
    headers = {"Content-Disposition": 'attachment; filename="report.html"'}
    return Response(file.encode(), media_type="text/html; charset=utf-8", headers=headers)


def _asking(request: AnyRequest, session: Session, data: dict[str, str]) -> Response[bytes]:
    exporting.check_sources(session.casebook)
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


HANDLERS = (asked, look, ready, state, take)
