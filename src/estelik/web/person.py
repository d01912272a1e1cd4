"""Person: the page of one life."""

from __future__ import annotations

from litestar import Response

from estelik.daily.dossiers import dossiers
from estelik.daily.today import today
from estelik.errors import NotFoundError
from estelik.identity.verdict import shown
from estelik.publication.report import setting, sheets
from estelik.web import near
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import shows


@shows("/life/{address:str}")
def life(request: AnyRequest, address: str) -> Response[bytes]:
    """One life: names, timeline, contradictions, statements, what to ask next."""
    session = session_of(request)
    label = session.addresses.read("life", address)
    if label is None:
        raise NotFoundError("There is no such page.", safe="", do="Look for the person again.")
    spoken = spoken_by(session)
    company = near.company(session)
    found = dossiers(session.casebook, (shown(label),), today=today().toordinal(), company=company)
    set_ = sheets(found, spoken)
    values = setting(set_, spoken)
    met = {one.key: session.addresses.of("life", one.key) for sheet in set_ for one in sheet.page.encounters}
    values["keys"] |= {key: f"/life/{found}" for key, found in met.items()}
    values["near"] = near.addresses(session, set_)
    return page(request, "person.html.j2", session=session, room="people", **values)
