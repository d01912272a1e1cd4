"""Stint: one state or stay of a life as a bar shows it, under one account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.edtf import parse
from estelik.records.vocabulary import kind_of, vocabulary
from estelik.views.course import Range, Ranges, Stint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from estelik.chronology.stints import Stint as Opening
    from estelik.records import Statement
    from estelik.views.life import Life, World


def stint(life: Life, world: World, opening: Opening) -> Stint:
    """One stint under one account: from an opening to the first event that closes it."""
    start = world.events[opening.event].ranges
    names = {point: event for event, point in life.points.items()}
    closers = [one for one in ends(life, opening) if not _before(world, one, opening)]
    certain = [one for one in closers if world.never_before(one, opening.start)]
    end: Ranges = ()
    duration = ""
    aside = life.aside(world)
    # What holds under every account still cites all that is told of it.
    shown = aside if world.number or life.weighed else set()
    statements = {one.statement for one in told_of(life, opening.event) if one.layer == "asserted"}
    if certain:
        bounds = [world.events[names[one]] for one in closers]
        known = [b.earliest for b in bounds]
        earliest = min((day for day in known if day is not None), default=None) if None not in known else None
        latest = min(
            (day for one in certain if (day := world.events[names[one]].latest) is not None), default=None
        )
        end = world.events[names[closers[0]]].ranges if len(closers) == 1 else ((earliest, latest),)
        over = [names[one] for one in certain]
        lasted = next(_durations(life, opening.event, over, aside), None)
        if lasted is not None:
            duration, statements = lasted.gap, {lasted.statement}
        else:
            statements |= {one.statement for end in over for one in told_of(life, end)}
    contested = {one.event for one in life.live if one.statement in life.weighed}
    due: Ranges = ()
    sure = None
    if not certain:
        due, sure = _unended(world, names, opening, closers)
        statements |= {one.statement for point in opening.due for one in told_of(life, names[point])}
    return Stint(
        start,
        end,
        duration,
        goes_on=goes_on(life, opening.state) if not end else None,
        due=due,
        sure=sure,
        final=vocabulary().states[opening.state].final,
        hearsay=hearsay(life, opening.event, shown),
        statements=life.numbers(statements - shown),
        weighed=not contested.isdisjoint((opening.event, *(names[one] for one in certain))),
    )


def _unended(
    world: World, names: dict[int, str], opening: Opening, closers: list[int]
) -> tuple[Ranges, int | None]:
    """Of a state whose end nobody told of: the days on which one was expected, and the first on which
    it may be over, since all that was expected can have come, or what may have ended it
    before. Who was moved was there until then."""
    due = [world.events[names[point]] for point in opening.due]
    days = [one.earliest for one in due]
    moved = [
        world.events[names[one]].earliest
        for one in opening.closers
        if one not in closers and world.never_before(one, opening.start)
    ]
    sure = max((day for day in (*days, *moved) if day is not None), default=None)
    begun = world.events[opening.event].earliest
    for closer in closers:
        day = world.events[names[closer]].earliest
        over = begun if day is None else max(day, begun or day)
        sure = None if sure is None or over is None else min(sure, over)
    if len(due) < 2:
        return due[0].ranges if due else (), sure
    firsts, lasts = [day or 0 for day in days], [one.latest for one in due]
    last = None if None in lasts else max(day for day in lasts if day is not None)
    return ((min(firsts) or None, last),), sure


def _before(world: World, closer: int, opening: Opening) -> bool:
    """Whether an event is known to lie before the start, so that it ends nothing."""
    never_after = world.never_after(closer, opening.start)
    never_before = world.never_before(closer, opening.start)
    return never_after and (not never_before or (closer in opening.rivals and closer < opening.start))


def _durations(life: Life, start: str, ends: list[str], aside: Collection[str]) -> Iterator[Statement]:
    for one in life.live:
        if one.answer != "yes" or not one.gap or one.gap[:1] in "±+" or one.statement in aside:
            continue
        if (one.event in ends and one.after == start) or (one.event == start and one.before in ends):
            yield one


def ends(life: Life, opening: Opening) -> list[int]:
    """The points that end a state: not a move within it, nor what opens it again."""
    names = {point: event for event, point in life.points.items()}
    kinds = vocabulary().kinds
    return [
        point
        for point in opening.closers
        if (kind := kinds.get(kind_of(names[point]))) is None
        or not (kind.moves or kind.opens == opening.state)
    ]


def goes_on(life: Life, state: str) -> int | None:
    """The last telling that says a state, or ("") a stay, had not ended."""
    kinds = vocabulary().kinds
    days = []
    for one in life.live:
        kind = kinds.get(kind_of(one.event)) if one.event else None
        if kind is None or one.answer != "no" or not one.told or one.when:
            continue
        custody = bool(state) and vocabulary().states[state].custody
        ends = (
            state in kind.closes or (custody and kind.closes_custody) if state else kind.opens == "displaced"
        )
        if ends:
            days.append(parse(one.told).spans[0].first)
    return max((day for day in days if day is not None), default=None)


def depends(worlds: tuple[World, ...], event: str) -> bool:
    """Whether the days of an event hang on which account is kept."""
    return len({world.events[event].ranges for world in worlds if event in world.events}) > 1


def hearsay(life: Life, event: str, aside: Collection[str] = ()) -> bool:
    """Whether an event stands only on what was passed on, without what is set ``aside``."""
    said = [one for one in told_of(life, event) if one.statement not in aside]
    return bool(said) and all(len(one.chain) > 1 for one in said)


def place(life: Life, event: str, aside: Collection[str] = ()) -> str:
    """Where, if those who name a place name the same, without what is set ``aside``."""
    places = {one.place for one in told_of(life, event) if one.place and one.statement not in aside}
    return next(iter(places)) if len(places) == 1 else ""


def expected(life: Life, event: str) -> bool:
    """Whether an event was only still to come whenever it was told of."""
    said = told_of(life, event)
    return bool(said) and all(one.expected for one in said)


def told_of(life: Life, event: str) -> list[Statement]:
    """What says that an event happened, or will."""
    return [one for one in life.live if one.event == event and one.answer == "yes"]


def hull(spans: Ranges) -> Range:
    """The first and the last day of all."""
    return (spans[0][0], spans[-1][1]) if spans else (None, None)
