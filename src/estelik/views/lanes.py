"""Lanes: states, places that last and other events of one life, for the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.edtf import parse
from estelik.chronology.stints import stints
from estelik.records.vocabulary import kind_of, vocabulary
from estelik.views.course import Lane, Mark, Range, Ranges, Row, Stint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from estelik.chronology.stints import Stint as Opening
    from estelik.records import Statement
    from estelik.views.life import Life, World

#: Kinds of event after which somebody is at the place that is named.
_STAYS = ("arrival", "return")
_NOBODY: Ranges = ((None, None),)


def lanes(life: Life) -> tuple[Lane, ...]:
    """The lanes of a life in the order of the drawing."""
    openings = stints(life.solution.network, life.index)
    drawn: list[tuple[int, Lane]] = []
    shown: set[str] = set()
    for state in dict.fromkeys(one.state for one in openings):
        own = [one for one in openings if one.state == state]
        shown |= _shown(life, own)
        moves = [one.event for one in own if one.continues is not None]
        starts = [one for one in own if one.continues is None]
        if not starts:
            shown -= set(moves)
            continue
        lane = _lane(life, "state", state, starts, moves)
        drawn.append((_begins(lane), lane))
    drawn.sort(key=lambda pair: pair[0])
    places = list(_places(life))
    shown |= {event for event, _ in places}
    stays = sorted((lane for _, lane in places), key=_begins)
    return (*(lane for _, lane in drawn), *stays, *_others(life, shown))


def depends(worlds: tuple[World, ...], event: str) -> bool:
    """Whether the days of an event hang on which account is kept."""
    return len({world.events[event].ranges for world in worlds if event in world.events}) > 1


def hearsay(life: Life, event: str, aside: Collection[str] = ()) -> bool:
    """Whether an event stands only on what was passed on, without what is set ``aside``."""
    said = [one for one in _yes(life, event) if one.statement not in aside]
    return bool(said) and all(len(one.chain) > 1 for one in said)


def _lane(life: Life, kind: str, name: str, starts: list[Opening], moves: list[str]) -> Lane:
    starts, later = _begun(life, starts)
    moves = [*moves, *later]
    whole = _rows(life, life.whole, starts, moves)
    if life.ways > 1:
        apart = [_rows(life, world, starts, moves) for world in life.worlds]
        if _differ(apart) or (not life.worlds and _contested(life, starts)):
            rows = tuple(row for rows in apart for row in rows) or whole
            return Lane("state" if kind == "state" else "place", name, rows, depends=True)
    return Lane("state" if kind == "state" else "place", name, whole)


def _begun(life: Life, starts: list[Opening]) -> tuple[list[Opening], list[str]]:
    """The openings that begin a state, and the events that only open again what
    nothing can have ended since (a sentence, then the prison)."""
    world, own = life.whole, {one.start for one in starts}
    begun: list[Opening] = []
    later = []
    for one in sorted(starts, key=lambda one: _hull(world.events[one.event].ranges)[0] or 0):
        ends = [point for point in one.closers if point not in own]
        if any(
            world.never_before(one.start, other.start)
            and all(world.never_after(end, other.start) or world.never_before(end, one.start) for end in ends)
            for other in begun
        ):
            later.append(one.event)
        else:
            begun.append(one)
    return begun, later


def _differ(apart: list[tuple[Row, ...]]) -> bool:
    """Whether accounts differ in both ends of when something began, or ended;
    what is only bounded by a contradicted event is drawn once."""
    spans = [[(one.start, one.end) for row in rows for one in row.stints] for rows in apart]
    if len({len(one) for one in spans}) > 1:
        return True
    for same in zip(*spans, strict=True):
        for side in (0, 1):
            hulls = {_hull(one[side]) for one in same}
            if len({first for first, _ in hulls}) > 1 and len({last for _, last in hulls}) > 1:
                return True
    return False


def _contested(life: Life, starts: list[Opening]) -> bool:
    """With too many accounts to draw each: whether a repair touches what opens the state."""
    events = {one.event for one in starts}
    return any(
        life.cited[one].event in events or life.cited[one].after in events
        for one in life.repairable
        if one in life.cited
    )


def _rows(life: Life, world: World, starts: list[Opening], moves: list[str]) -> tuple[Row, ...]:
    """The stints of a state, in as many rows as it takes that none covers another."""
    found = [(one, stint(life, world, one)) for one in starts]
    found.sort(key=lambda pair: _hull(pair[1].start)[0] or 0)
    rows: list[list[Stint]] = []
    for _, one in found:
        first = _hull(one.start)[0]
        free = next((row for row in rows if _over(row[-1], first)), None)
        if free is None:
            rows.append([one])
        else:
            free.append(one)
    marks = tuple(_mark(life, world, event) for event in moves if _within(life, world, event, starts))
    return tuple(Row(tuple(row), marks if index == 0 else (), world.number) for index, row in enumerate(rows))


def _within(life: Life, world: World, event: str, starts: list[Opening]) -> bool:
    """Whether a move has a day, and can lie within the state."""
    if world.events[event].ranges in ((), _NOBODY):
        return False
    point = life.points[event]
    own = {one.start for one in starts}
    return any(
        not (world.never_after(point, one.start) and not world.never_before(point, one.start))
        and not any(
            world.never_before(end, one.start) and world.never_before(point, end)
            for end in _ends(life, one)
            if end not in own
        )
        for one in starts
    )


def _ends(life: Life, opening: Opening) -> list[int]:
    """The points that end a state: not a move within it, nor what opens it again."""
    names = {point: event for event, point in life.points.items()}
    kinds = vocabulary().kinds
    return [
        point
        for point in opening.closers
        if (kind := kinds.get(kind_of(names[point]))) is None
        or not (kind.moves or kind.opens == opening.state)
    ]


def _over(before: Stint, first: int | None) -> bool:
    last = _hull(before.end)[1]
    return bool(before.end) and last is not None and first is not None and last <= first


def stint(life: Life, world: World, opening: Opening) -> Stint:
    """One stint under one account: from an opening to the first event that closes it."""
    start = world.events[opening.event].ranges
    names = {point: event for event, point in life.points.items()}
    closers = [one for one in _ends(life, opening) if not _before(world, one, opening)]
    certain = [one for one in closers if world.never_before(one, opening.start)]
    end: Ranges = ()
    duration = ""
    aside = life.aside(world)
    # What holds under every account still cites all that is told of it.
    shown = aside if world.number else set()
    statements = {one.statement for one in _yes(life, opening.event) if one.layer == "asserted"}
    if certain:
        bounds = [world.events[names[one]] for one in closers]
        known = [b.earliest for b in bounds]
        earliest = min((day for day in known if day is not None), default=None) if None not in known else None
        latest = min(
            (day for one in certain if (day := world.events[names[one]].latest) is not None), default=None
        )
        end = world.events[names[closers[0]]].ranges if len(closers) == 1 else ((earliest, latest),)
        ends = [names[one] for one in certain]
        lasted = next(_durations(life, opening.event, ends, aside), None)
        if lasted is not None:
            duration, statements = lasted.gap, {lasted.statement}
        else:
            statements |= {one.statement for end in ends for one in _yes(life, end)}
    return Stint(
        start,
        end,
        duration,
        goes_on=_goes_on(life, opening.state) if not end else None,
        hearsay=hearsay(life, opening.event, shown),
        statements=life.numbers(statements - shown),
    )


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


def _goes_on(life: Life, state: str) -> int | None:
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


def _places(life: Life) -> Iterator[tuple[str, Lane]]:
    """A lane for each place where somebody came to stay."""
    left = [event for event in life.points if kind_of(event) in ("departure", "displacement")]
    for event in life.points:
        if kind_of(event) not in _STAYS:
            continue
        place = _place(life, event)
        if not place or _expected(life, event):
            continue
        rows = []
        for world in (life.worlds if depends(life.worlds, event) else ()) or (life.whole,):
            end: Ranges = ()
            for other in left:
                if world.never_before(life.points[other], life.points[event]):
                    end = world.events[other].ranges
            said = life.numbers(one.statement for one in life.live if one.event == event)
            goes_on = _goes_on(life, "") if not end else None
            start = world.events[event].ranges
            if start in ((), _NOBODY):
                continue
            rows.append(
                Row(
                    (Stint(start, end, goes_on=goes_on, hearsay=hearsay(life, event), statements=said),),
                    account=world.number,
                )
            )
        if rows:
            yield event, Lane("place", place, tuple(rows), depends=len(rows) > 1)


def _others(life: Life, shown: set[str]) -> Iterator[Lane]:
    """Events that open and close nothing that is drawn: those that hang on the
    account kept in a lane of their own."""
    rest = [
        event
        for event in life.points
        if event not in shown and event != "birth" and life.whole.events[event].ranges not in ((), _NOBODY)
    ]
    apart = [event for event in rest if depends(life.worlds, event)]
    plain = [event for event in rest if event not in apart]
    if apart:
        rows = tuple(
            Row(marks=tuple(_mark(life, world, event) for event in apart), account=world.number)
            for world in life.worlds
        )
        yield Lane("events", "", rows, depends=True)
    if plain:
        yield Lane("events", "", (Row(marks=tuple(_mark(life, life.whole, event) for event in plain)),))


def _shown(life: Life, openings: list[Opening]) -> set[str]:
    """The events that a state's bars show by their beginning and end."""
    names = {point: event for event, point in life.points.items()}
    shown = {one.event for one in openings}
    for one in openings:
        shown |= {names[closer] for closer in one.closers if life.whole.never_before(closer, one.start)}
    return shown


def _mark(life: Life, world: World, event: str) -> Mark:
    aside = life.aside(world) if world.number else ()
    said = life.numbers(
        one.statement for one in life.live if one.event == event and one.statement not in aside
    )
    ranges = world.events[event].ranges
    return Mark(event, ranges, _place(life, event, aside), hearsay(life, event, aside), said)


def _place(life: Life, event: str, aside: Collection[str] = ()) -> str:
    """Where, if those who name a place name the same, without what is set ``aside``."""
    places = {one.place for one in _yes(life, event) if one.place and one.statement not in aside}
    return next(iter(places)) if len(places) == 1 else ""


def _expected(life: Life, event: str) -> bool:
    said = _yes(life, event)
    return bool(said) and all(one.expected for one in said)


def _yes(life: Life, event: str) -> list[Statement]:
    return [one for one in life.live if one.event == event and one.answer == "yes"]


def _hull(spans: Ranges) -> Range:
    return (spans[0][0], spans[-1][1]) if spans else (None, None)


def _begins(lane: Lane) -> int:
    firsts = [_hull(one.start)[0] for row in lane.rows for one in row.stints]
    return min((day for day in firsts if day is not None), default=1 << 30)
