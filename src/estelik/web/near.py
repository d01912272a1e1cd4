"""Near: those who were where somebody was, of whom her own page shows a few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import Response

from estelik.chronology.timeline import label as label_of
from estelik.daily.dossiers import Company, others_near
from estelik.errors import NotFoundError
from estelik.language.questions import met
from estelik.views.person import Encounter
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import shows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.publication.report import Sheet
    from estelik.web.session import Session

#: With how many of those who were where she was a life is compared on its page, and on each page of all.
_COMPANY: Final = 8
_PAGE: Final = 12


@shows("/life/{address:str}/near/{number:int}")
def near(request: AnyRequest, address: str, number: int) -> Response[bytes]:
    """Who was where she was, and may have been at the same time: a page of them."""
    session = session_of(request)
    life = session.addresses.read("life", address)
    if life is None:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    number = max(1, number)
    with session.casebook.vault.store.reading():
        found, every = others_near(session.casebook, life, (number - 1) * _PAGE, _PAGE)
    spoken = spoken_by(session)
    rows = [
        {
            "label": one.subject,
            "address": session.addresses.of("life", one.key),
            "met": met(spoken, one),
        }
        for one in (
            Encounter(label_of(one.key), one.place, one.certain, (one.earliest, one.latest), one.key)
            for one in found
        )
    ]
    return page(
        request,
        "near.html.j2",
        session=session,
        room="people",
        label=label_of(life),
        address=address,
        rows=rows,
        number=number,
        pages=max(1, -(-len(every) // _PAGE)),
    )


def company(session: Session) -> Company:
    """With whom the page of a life compares it: those first who were taken at about the same time."""
    return Company(_COMPANY, session.watch.listing.apart)


def addresses(session: Session, sheets: Iterable[Sheet]) -> dict[str, str]:
    """Of each life (its key) the page of those who were where it was."""
    found = {one.page.key: session.addresses.of("life", one.page.key) for one in sheets}
    return {key: f"/life/{address}/near/1" for key, address in found.items()}
