"""Stays: lanes of places where somebody came to stay, and of states of which only the end was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.endings import endings
from estelik.records.vocabulary import kind_of
from estelik.views.course import Lane, Range, Ranges, Row, Stint
from estelik.views.mark import mark
from estelik.views.stint import depends, expected, goes_on, hearsay, place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.chronology.endings import Ending
    from estelik.views.life import Life, World

#: Kinds of event after which somebody is at the place that is named.
_STAYS = ("arrival", "return")
_NOBODY: Ranges = ((None, None),)


def places(life: Life) -> Iterator[tuple[str, Lane]]:
    """A lane for each place where somebody came to stay."""
    left = [event for event in life.points if kind_of(event) in ("departure", "displacement")]
    for event in life.points:
        if kind_of(event) not in _STAYS:
            continue
        where = place(life, event)
        if not where or expected(life, event):
            continue
        rows = []
        for world in (life.worlds if depends(life.worlds, event) else ()) or (life.whole,):
            end: Ranges = ()
            for other in left:
                if world.never_before(life.points[other], life.points[event]):
                    end = world.events[other].ranges
            said = life.numbers(one.statement for one in life.live if one.event == event)
            last = goes_on(life, "") if not end else None
            start = world.events[event].ranges
            if start in ((), _NOBODY):
                continue
            rows.append(
                Row(
                    (Stint(start, end, goes_on=last, hearsay=hearsay(life, event), statements=said),),
                    account=world.number,
                )
            )
        if rows:
            yield event, Lane("place", where, tuple(rows), depends=len(rows) > 1)


def left(life: Life) -> Iterator[tuple[frozenset[str], Lane]]:
    """A lane for each state of which only the end was told, and the events that it shows."""
    names = {point: event for event, point in life.points.items()}
    found: dict[str, list[Ending]] = {}
    for one in endings(life.solution.network, life.index):
        found.setdefault(one.state, []).append(one)
    for state, group in found.items():
        over = list(dict.fromkeys(names[one.end] for one in group))
        moves = list(dict.fromkeys(names[one.since] for one in group if one.since is not None))
        apart = any(depends(life.worlds, event) for event in over)
        rows = []
        for world in life.worlds if apart else (life.whole,):
            stints = tuple(
                _left(life, world, next(one for one in group if names[one.end] == event), names)
                for event in sorted(over, key=lambda event: world.events[event].latest or 0)
                if world.events[event].ranges not in ((), _NOBODY)
            )
            marks = tuple(
                mark(life, world, event) for event in moves if world.events[event].ranges not in ((), _NOBODY)
            )
            rows += [
                Row((one,), marks if index == 0 else (), world.number) for index, one in enumerate(stints)
            ]
        if rows:
            yield frozenset((*over, *moves)), Lane("state", state, tuple(rows), depends=apart)


def _left(life: Life, world: World, ending: Ending, names: dict[int, str]) -> Stint:
    """A state until its end, from the last event that it cannot lie before."""
    event = names[ending.end]
    before = [one for one in ending.cuts if world.apart(one, ending.end)[0] > 0]
    if ending.birth is not None:
        before.append(ending.birth)
    firsts = [day for one in before if (day := world.events[names[one]].earliest) is not None]
    start: Range = (max(firsts, default=None), None)
    aside = life.aside(world) if world.number else set[str]()
    said = [one.statement for one in life.live if one.event == event and one.statement not in aside]
    return Stint(
        (start,),
        world.events[event].ranges,
        hearsay=hearsay(life, event, aside),
        statements=life.numbers(said),
    )
