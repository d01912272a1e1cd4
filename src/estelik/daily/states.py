"""States: in which state somebody was on a day or in a time, how surely, and by which statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.edtf import EdtfError, parse
from estelik.chronology.endings import endings
from estelik.chronology.lives import link
from estelik.chronology.network import days_of
from estelik.chronology.status import Certainty, status
from estelik.chronology.stints import stints
from estelik.chronology.timeline import Solution
from estelik.errors import UsageError
from estelik.intake.reading import Context
from estelik.intake.tongues import understood, wanted
from estelik.views.person import Numbers

if TYPE_CHECKING:
    from datetime import date

    from estelik.identity.merging import Merged
    from estelik.views.person import PersonPage

_ORDER: Final = ("throughout", "at some time", "possibly", "never")


class State(msgspec.Struct, frozen=True):
    """A state (its code), where (None: nobody named one place), how surely, and the numbers of the statements
    that tell of how it began and ended."""

    state: str
    place: str | None
    certainty: Certainty
    statements: Numbers = ()


def time_of(words: str, language: str, day: date) -> str:
    """The time (EDTF) that these words of a member stand for: EDTF, or as a line of the intake says it in
    any of its languages (``language``: of the desk, the first of them), read on this day. Raises
    ``UsageError``."""
    words = words.strip()
    try:
        parse(words)
    except EdtfError:
        found = understood(words, wanted(language), Context(day=day.isoformat()))
        cells = {one.column: one.value for one in found.fields}
        if set(cells) == {"when"} and not found.unread:
            return cells["when"]
        raise UsageError(
            "This time cannot be read.", safe="", do="Write it like March 2018, or 2018-03, or 2018-03-21."
        ) from None
    return words


def states(merged: Merged, page: PersonPage, time: str) -> tuple[State, ...]:
    """The states of the life on a page within a time (EDTF), the surest first; ``merged``: the statements of
    all that are linked with it."""
    linked = next(one for one in link(merged.statements, merged.judgements) if page.key in one.subjects)
    solution, life = Solution(linked), list(linked.subjects).index(page.key)
    network = solution.network
    names = {point: event for event, point in network.events[life].items()}
    telling: dict[tuple[str, str | None], set[str]] = {}
    spans = [
        *((one.state, one.place, (one.start, *one.closers)) for one in stints(network, life)),
        *((one.state, one.place, (one.end,)) for one in endings(network, life)),
    ]
    for state, place, points in spans:
        events = {names[point] for point in points if point in names}
        for where in {place, None}:
            telling.setdefault((state, where), set()).update(events)
    numbers: dict[str, list[int]] = {}
    for line in page.statements:
        said = line.statement
        if said.event and line.standing == "reasoned" and said.answer == "yes" and not page.whose(said):
            numbers.setdefault(said.event, []).append(line.number)
    found = [
        State(
            one.state,
            one.place,
            one.certainty,
            tuple(
                sorted(
                    number
                    for event in telling.get((one.state, one.place), ())
                    for number in numbers.get(event, ())
                )
            ),
        )
        for one in status(solution, life, days_of(time, "strict"))
    ]
    return tuple(sorted(found, key=lambda one: _ORDER.index(one.certainty)))
