"""Uses: everything is read back, and each use of it is asked about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from litestar import Response
from litestar.response import Redirect
from msgspec.structs import replace

from estelik.daily import consenting, ending
from estelik.daily.telling import Telling, Terms, Use
from estelik.errors import SheetError
from estelik.records.consent import IDENTITIES
from estelik.web import intake_page, visiting
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import does, shows
from estelik.web.signin import Form


@shows("/intake/read-back", beside_visitor=True)
def read_back(request: AnyRequest) -> Response[Any]:
    """Everything that was kept, to be read out, and what is asked of each use."""
    return _page(request)


@does("/intake/read-back", beside_visitor=True)
def allowed(request: AnyRequest, data: Form) -> Response[Any]:
    """Keeps what was said of each use with the telling; it is entered with it."""
    session = session_of(request)
    if not session.visitor:
        return Redirect("/intake", status_code=303)
    uses = tuple(
        Use(
            one,
            data[f"{one}-answer"],
            data[f"{one}-identity"] if data.get(f"{one}-identity") in IDENTITIES else "none",
            data.get(f"{one}-words") == "yes",
        )
        for one in consenting.USES
        if data.get(f"{one}-answer") in ("yes", "no")
    )
    terms = Terms(*(data.get(name, "").strip() for name in ("until", "condition", "concerns")))
    heard = datetime.now().astimezone().isoformat(timespec="minutes")

    def step(now: Telling) -> Telling:
        new = replace(now, uses=uses, terms=terms, heard=heard)
        consenting.given(new, session.member, frozenset(new.abouts), b"")
        return new

    try:
        ending.changed(session.casebook, session.telling, step)
    except SheetError as error:
        return _page(request, error, uses, terms)
    return Redirect("/intake", status_code=303)


def _page(
    request: AnyRequest,
    trouble: SheetError | None = None,
    uses: tuple[Use, ...] | None = None,
    terms: Terms | None = None,
) -> Response[Any]:
    session = session_of(request)
    if not session.visitor:
        return Redirect("/intake", status_code=303)
    told = visiting.telling(session)
    spoken = spoken_by(session)
    return page(
        request,
        "intake_uses.html.j2",
        session=session,
        status=422 if trouble else 200,
        told=told,
        lines=[intake_page.worded(spoken, told, one) for one in told.standing],
        asked=[(name, spoken.gettext(one.words)) for name, one in consenting.USES.items()],
        said={one.use: one for one in (told.uses if uses is None else uses)},
        terms=told.terms if terms is None else terms,
        trouble=trouble,
    )


HANDLERS: Final = (read_back, allowed)
