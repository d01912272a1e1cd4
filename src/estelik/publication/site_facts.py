"""Facts of a life in a word each, for lists and counts: the year in which she was taken, her state now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.records.vocabulary import BIRTH, fact_kind_of, kind_of, vocabulary

if TYPE_CHECKING:
    from estelik.records import Statement
    from estelik.views.person import EventRow, PersonPage

#: The state of somebody who was held and is no longer.
FREE: Final = "free"
#: What people write for one sex or the other.
_SEXES: Final = {
    **dict.fromkeys(
        ("female", "f", "woman", "girl", "женский", "ж", "жен", "әйел", "жінка", "жіноча", "女", "ئايال"),
        "female",
    ),
    **dict.fromkeys(
        ("male", "m", "man", "boy", "мужской", "м", "муж", "ер", "еркек", "чоловік", "чоловіча", "男", "ئەر"),
        "male",
    ),
}


class Facts(NamedTuple):
    """Each "" where it is not told. ``told``: the last day on which something was told (ISO)."""

    year: str
    state: str
    sex: str
    place: str
    words: tuple[str, ...]
    told: str


def facts(page: PersonPage) -> Facts:
    """What a line about a life says."""
    taken = next((row for row in page.events if _custody(row.event)), None)
    places = [row.place for row in page.events if row.place]
    said = {fact_kind_of(one.fact): one.value for one in reversed(stated(page))}
    words = [*places, said.get("occupation", "")]
    last = page.changed[1] if page.changed is not None else None
    return Facts(
        year=_year(taken) if taken is not None else "",
        state=_state(page),
        sex=_SEXES.get(said.get("sex", "").strip().casefold(), ""),
        place=(taken.place if taken is not None else "") or (places[0] if places else ""),
        words=tuple(dict.fromkeys(one for one in words if one)),
        told=date.fromordinal(last).isoformat() if last is not None else "",
    )


def _year(row: EventRow) -> str:
    days = {day for one in row.bounds for span in one.ranges for day in span}
    years = {date.fromordinal(day).year for day in days if day is not None}
    return str(years.pop()) if len(years) == 1 and None not in days else ""


def stated(page: PersonPage) -> list[Statement]:
    """What was told of her that is no event and no name."""
    return [
        line.statement
        for line in page.statements
        if line.standing == "reasoned"
        and line.statement.fact
        and line.statement.value
        and line.statement.answer == "yes"
        and fact_kind_of(line.statement.fact) != "name"
        and line.statement.subject == page.key
    ]


def in_summary(row: EventRow) -> bool:
    """Whether the paragraph at the head says all that a row would."""
    return row.event == BIRTH and len(row.bounds) == 1 and row.bounds[0].earliest is not None


def _custody(event: str) -> bool:
    kind = vocabulary().kinds.get(kind_of(event))
    return kind is not None and bool(kind.opens) and vocabulary().states[kind.opens].custody


def _state(page: PersonPage) -> str:
    """The state that is in force as far as is told: a code, "free" where all custody ended, "" where nobody
    told of any."""
    found = ""
    for lane in page.course.lanes:
        known = vocabulary().states.get(lane.name) if lane.kind == "state" else None
        if known is None:
            continue
        for one in (stint for row in lane.rows for stint in row.stints):
            if known.final:
                return lane.name
            if known.custody and not one.end:
                found = lane.name
            elif known.custody and not found:
                found = FREE
    return found
