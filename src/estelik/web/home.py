"""Home: what needs its member today."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from litestar import Response

from estelik.daily.today import today as daily_today
from estelik.identity.verdict import shown
from estelik.language import events
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.page import page, spoken_by
from estelik.web.route import shows

if TYPE_CHECKING:
    from estelik.daily.overview import Overview
    from estelik.web.session import Session

#: Rows of a kind that are shown.
_ROWS: Final = 5


@shows("/")
def today(request: AnyRequest) -> Response[bytes]:
    """The page that a day begins with."""
    session, now = session_of(request), daily_today()
    found = session.watch.look()
    old, carried = session.watch.waiting.copies()
    return page(
        request,
        "home.html.j2",
        session=session,
        room="today",
        today=now.toordinal(),
        whole=found.whole,
        apart=_apart(session, found),
        pairs=[(shown(one.one), shown(one.other)) for one in found.pairs[:_ROWS]],
        due=session.watch.waiting.at_hand(now)[: 2 * _ROWS],
        copies=old,
        carried=carried,
    )


def _apart(session: Session, found: Overview) -> list[dict[str, object]]:
    spoken = spoken_by(session)
    return [
        {
            "label": shown(one.key),
            "address": session.addresses.of("life", one.key),
            "events": events.labels(spoken, one.events) if one.events else "",
            "wide": one.wide,
        }
        for one in found.apart[:_ROWS]
    ]
