"""Home: what needs its member today, and this week."""

from __future__ import annotations

from datetime import date, timedelta
from heapq import nsmallest
from typing import TYPE_CHECKING, Final

from litestar import Response

from estelik.daily import belonging
from estelik.daily.coming import AHEAD
from estelik.daily.today import today as daily_today
from estelik.identity.verdict import shown
from estelik.language import events
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.office import moment
from estelik.web.page import page, spoken_by
from estelik.web.route import shows
from estelik.web.visits import row

if TYPE_CHECKING:
    from estelik.daily.findings import Overview
    from estelik.protection.account import Due
    from estelik.web.session import Session

#: Rows of a kind that are shown.
_ROWS: Final = 5
#: Rows that are shown of this week.
_WEEK: Final = 30


@shows("/")
def today(request: AnyRequest) -> Response[bytes]:
    """The page that a day begins with."""
    session, now = session_of(request), daily_today()
    found = session.watch.look()
    waiting, coming = session.watch.waiting, session.watch.coming
    old, carried = waiting.copies()
    due = waiting.at_hand(now)
    visits = [row(session, one) for one in coming.visits()]
    return page(
        request,
        "home.html.j2",
        session=session,
        room="today",
        today=now.toordinal(),
        whole=found.whole,
        sources="source" in session.casebook.vault.store.schemas,
        coming=[one for one in visits if one["days"] <= 0][: 2 * _ROWS],  # type: ignore[operator]
        week=_week(session, visits, due, now),
        apart=_apart(session, found),
        pairs=[(shown(one.one), shown(one.other)) for one in found.pairs[:_ROWS]],
        due=[_due(session, one, now) for one in due[: 2 * _ROWS]],
        copies=old,
        carried=carried,
        copying="copies" in belonging.parts(session.casebook),
    )


def _apart(session: Session, found: Overview) -> list[dict[str, object]]:
    """The lives that cannot be true as told, those first that came last."""
    spoken, newest = spoken_by(session), nsmallest(_ROWS, found.apart, key=lambda one: (-one.since, one.key))
    return [
        {
            "label": shown(one.key),
            "address": session.addresses.of("life", one.key),
            "events": events.labels(spoken, one.events) if one.events else "",
            "wide": one.wide,
            "since": moment(one.since) if one.since else None,
        }
        for one in newest
    ]


def _due(session: Session, one: Due, now: date) -> dict[str, object]:
    """Something that waits, how many days it is to its day (None: it has none), and where it leads to."""
    day = _day(one.day)
    kind, path = ("life", "/life/") if one.need in ("risk", "check") else ("source", "/visits/of/")
    return {
        "need": one.need,
        "who": one.who,
        "days": None if day is None else (day - now).days,
        "day": None if day is None else day.toordinal(),
        "where": path + session.addresses.of(kind, one.who),
    }


def _week(
    session: Session, visits: list[dict[str, object]], due: list[Due], now: date
) -> list[tuple[int, list[dict[str, object]]]]:
    """What has its day in the next seven, by day."""
    until = now + timedelta(days=AHEAD)
    found: dict[int, list[dict[str, object]]] = {}
    for one in visits:
        if 0 < one["days"] <= AHEAD:  # type: ignore[operator]
            found.setdefault(one["day"], []).append(one | {"what": "visit"})  # type: ignore[arg-type]
    for each in due:
        day = _day(each.day)
        if each.need in ("ends", "risk") and day is not None and now < day <= until:
            found.setdefault(day.toordinal(), []).append(_due(session, each, now) | {"what": each.need})
    some: list[tuple[int, list[dict[str, object]]]] = []
    left = _WEEK
    for number, rows in sorted(found.items()):
        some.append((number, rows[:left]))
        left -= len(rows)
        if left <= 0:
            break
    return some


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
