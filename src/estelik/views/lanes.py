"""Lanes: states, places that last and other events of one life, for the drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.stints import stints
from estelik.views.course import Lane, Ranges, Row, Stint
from estelik.views.mark import mark
from estelik.views.stays import left, places
from estelik.views.stint import depends, ends, hull, stint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.chronology.stints import Stint as Opening
    from estelik.views.life import Life, World

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
    for events, lane in left(life):
        shown |= events
        drawn.append((_begins(lane), lane))
    drawn.sort(key=lambda pair: pair[0])
    found = list(places(life))
    shown |= {event for event, _ in found}
    stays = sorted((lane for _, lane in found), key=_begins)
    return (*(lane for _, lane in drawn), *stays, *_others(life, shown))


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
    for one in sorted(starts, key=lambda one: hull(world.events[one.event].ranges)[0] or 0):
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
            hulls = {hull(one[side]) for one in same}
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
    found.sort(key=lambda pair: hull(pair[1].start)[0] or 0)
    rows: list[list[Stint]] = []
    for _, one in found:
        first = hull(one.start)[0]
        free = next((row for row in rows if _over(row[-1], first)), None)
        if free is None:
            rows.append([one])
        else:
            free.append(one)
    marks = tuple(mark(life, world, event) for event in moves if _within(life, world, event, starts))
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
            for end in ends(life, one)
            if end not in own
        )
        for one in starts
    )


def _over(before: Stint, first: int | None) -> bool:
    last = hull(before.end)[1]
    return bool(before.end) and last is not None and first is not None and last <= first


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
            Row(marks=tuple(mark(life, world, event) for event in apart), account=world.number)
            for world in life.worlds
        )
        yield Lane("events", "", rows, depends=True)
    if plain:
        yield Lane("events", "", (Row(marks=tuple(mark(life, life.whole, event) for event in plain)),))


def _shown(life: Life, openings: list[Opening]) -> set[str]:
    """The events that a state's bars show by their beginning and end."""
    names = {point: event for event, point in life.points.items()}
    shown = {one.event for one in openings}
    for one in openings:
        shown |= {names[closer] for closer in one.closers if life.whole.never_before(closer, one.start)}
    return shown


def _begins(lane: Lane) -> int:
    firsts = [hull(one.start)[0] for row in lane.rows for one in row.stints]
    return min((day for day in firsts if day is not None), default=1 << 30)
