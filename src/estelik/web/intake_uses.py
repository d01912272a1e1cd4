"""Uses: everything is read back, and each use of it is asked about."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from litestar import Response
from litestar.response import Redirect
from msgspec.structs import replace

from estelik.daily import consenting, ending
from estelik.daily.telling import Telling, Terms, Use
from estelik.errors import CasebookError, EstelikError, SheetError
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
    session = visiting.here(request, data)
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
    read = _versions(data.get("read", ""))

    def step(now: Telling) -> Telling:
        new = replace(now, uses=uses, terms=terms, heard=heard, heard_lines=read)
        # What was read out is what stood on her page, whatever somebody else has kept since.
        every = replace(new, heard_lines=now.versions)
        consenting.given(every, session.member, frozenset(new.abouts), b"")
        return new

    try:
        told = ending.changed(session.casebook, data["telling"], step)
    except (SheetError, CasebookError) as error:
        return _page(request, error, uses, terms)
    return Redirect("/intake" if told.all_heard else "/intake/read-back", status_code=303)


def _versions(text: str) -> dict[str, int]:
    """Which lines stood on a page, and how often each was worded anew, as the page brings it back."""
    pairs = (one.partition(":") for one in text.split())
    return {
        id_: int(count) for id_, _, count in pairs if count.isascii() and count.isdecimal() and len(count) < 9
    }


def _page(
    request: AnyRequest,
    trouble: EstelikError | None = None,
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
        read=" ".join(f"{id_}:{count}" for id_, count in told.versions.items()),
        unheard={one.id for one in told.unheard} if told.heard else set(),
        asked=[(name, spoken.gettext(one.words)) for name, one in consenting.USES.items()],
        said={one.use: one for one in (told.uses if uses is None else uses)},
        terms=told.terms if terms is None else terms,
        trouble=trouble,
        faults=trouble.faults if isinstance(trouble, SheetError) else () if trouble is None else (trouble,),
    )


HANDLERS: Final = (read_back, allowed)
