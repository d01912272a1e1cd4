"""The state on a day or in a time, on the page of a life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from litestar import Response

from estelik.daily.brief import brief
from estelik.daily.states import states, time_of
from estelik.daily.today import today
from estelik.errors import UsageError
from estelik.language import dates, events
from estelik.publication.report import setting
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.person import laid
from estelik.web.person_page import label_at, placed
from estelik.web.route import does
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.web.session import Session


@does("/life/{address:str}/state")
def state(request: AnyRequest, address: str, data: Form) -> Response[Any]:
    """In which state somebody was at a time: a part of the page, or the whole."""
    session = session_of(request)
    words = data.get("time", "").strip()
    found: list[dict[str, object]] = []
    trouble = None
    try:
        found = _found(session, address, words)
    except UsageError as error:
        trouble = error
    if request.headers.get("hx-request"):
        return page(request, "person_states.html.j2", session=session, states=found, trouble=trouble)
    return laid(request, address, time=words, states=found, trouble=trouble)


def _found(session: Session, address: str, words: str) -> list[dict[str, object]]:
    spoken, day = spoken_by(session), today()
    time = time_of(words, session.language, day)
    merged, pages = brief(session.casebook, label_at(session, address), today=day.toordinal())
    sheets = [placed(one, address) for one in pages]
    cite = setting(sheets, spoken)["cite"]
    return [
        {
            "time": spoken.capital(dates.edtf(spoken, time)),
            "lines": [
                (events.state(spoken, one.state), one.place or "", one.certainty, cite(sheet)(one.statements))
                for one in states(merged, sheet.page, time)
            ],
        }
        for sheet in sheets
    ]


HANDLERS: Final = (state,)
