"""Encounters: who may have been, or certainly was, in one place with whom.

They are where corroboration may be found, and where a missing cellmate may
have a name. "Certain" needs one facility and an overlap in every schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.endings import Ending, endings, within
from estelik.chronology.minimal import worlds
from estelik.chronology.network import HORIZON
from estelik.chronology.stints import Stint, ended, in_force, kept, lasting, not_in_force, ordered, stints

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.network import Network
    from estelik.chronology.timeline import Solution
    from estelik.records.whereabouts import Whereabouts

    Where = Callable[[str], Whereabouts]
    Stay = Stint | Ending
    Pair = tuple[Stay, Stay, bool]


class Encounter(msgspec.Struct, frozen=True):
    """Two lives in one place: the other's key, where, whether it is certain, and
    the first and last day (ordinals, None = nobody's words bound it) on which
    both can have been there. ``own`` and ``theirs`` are the ids of the statements
    that tell how the stays of each began and ended."""

    key: str
    place: str
    certain: bool
    earliest: int | None
    latest: int | None
    own: tuple[str, ...] = ()
    theirs: tuple[str, ...] = ()


def encounters(
    solution: Solution,
    life: int,
    others: Iterable[Solution],
    where: Where,
    wanted: Collection[str] | None = None,
) -> list[Encounter]:
    """The encounters of one life with every life of ``others`` (its own group may be among them), or with
    those of them that are ``wanted`` (keys)."""
    own = _stays(solution, life)
    if not any(stint.places for stint in own):
        return []
    own_worlds = list(worlds(solution))
    found = []
    for other in others:
        same = other.network.subjects[0] == solution.network.subjects[0]
        other_worlds: list[Minimal] | None = None
        for number, key in enumerate(other.network.subjects):
            if (same and number == life) or (wanted is not None and key not in wanted):
                continue
            for place, pairs in _pairs(own, _stays(other, number), where).items():
                if other_worlds is None and not same:
                    other_worlds = list(worlds(other))
                met = _encounter(key, place, pairs, own_worlds, other_worlds)
                if met is not None:
                    one, mine, theirs = met
                    told = _told(solution.network, mine), _told(other.network, theirs)
                    found.append(msgspec.structs.replace(one, own=told[0], theirs=told[1]))
    return sorted(found, key=lambda one: (not one.certain, one.earliest or 0, one.key, one.place))


def _stays(solution: Solution, life: int) -> list[Stay]:
    """Where a life was kept, those stays among them of which only the end was told."""
    every: tuple[Stay, ...] = (*stints(solution.network, life), *endings(solution.network, life))
    return [stay for stay in every if kept(stay.state)]


def _pairs(own: Sequence[Stay], others: Sequence[Stay], where: Where) -> dict[str, list[Pair]]:
    """Pairs of stints in one place, by place: mine, theirs, and whether it is one facility for sure."""
    pairs: dict[str, list[Pair]] = {}
    names: dict[str, str] = {}
    for theirs in others:
        for mine in own:
            for place, facility in _shared(mine, theirs, where):
                # One facility is shown once, under the name that was told first.
                name = names.setdefault(place.facility, place.name) if place.facility else place.name
                pairs.setdefault(name, []).append((mine, theirs, facility))
    return pairs


def _shared(mine: Stay, theirs: Stay, where: Where) -> Iterator[tuple[Whereabouts, bool]]:
    """The places that two stints share, each once, and whether it is one facility for sure."""
    alone = _one(mine.places, where) and _one(theirs.places, where)
    facilities: set[str] = set()
    areas: set[str] = set()
    for one in mine.places:
        for other in theirs.places:
            here, there = where(one), where(other)
            if here.facility is not None and here.facility == there.facility:
                if here.facility not in facilities:
                    yield here, alone
                facilities.add(here.facility)
            elif here.areas & there.areas and None in (here.facility, there.facility):
                area = here if here.facility is None else there
                if areas.isdisjoint(area.areas):
                    yield area, False
                areas |= area.areas
            elif here.like & there.like:
                yield here, False


def _one(places: Sequence[str], where: Where) -> bool:
    """Whether the statements name one place only, under one name or several."""
    facilities = {where(label).facility for label in places}
    return len(places) == 1 or (len(facilities) == 1 and None not in facilities)


def _encounter(
    key: str, place: str, pairs: list[Pair], own: list[Minimal], other: list[Minimal] | None
) -> tuple[Encounter, set[int], set[int]] | None:
    """The encounter, and the points at which the stays began and ended in which it can have been: of the
    one life, of the other; None where there can be none."""
    certain = True
    mine: set[int] = set()
    theirs: set[int] = set()
    first, last = HORIZON + 1, -1
    for world, moved in _joint(own, other):
        here = [(_ordered(world, a), _ordered(world, _moved(b, moved)), sure) for a, b, sure in pairs]
        sure_ones = [(a, b) for a, b, sure in here if sure and isinstance(a, Stint) and isinstance(b, Stint)]
        certain = certain and not _apart(world, sure_ones)
        for a, b, _ in here:
            for days in _common(world, a, b):
                mine |= _bounds(a)
                theirs |= {point - moved for point in _bounds(b)}
                first, last = min(first, days[0]), max(last, days[1])
    if last < 0:
        return None
    one = Encounter(
        key=key,
        place=place,
        certain=certain,
        earliest=None if first <= 0 else first + HORIZON_FIRST,
        latest=None if last >= HORIZON - 1 else last + HORIZON_FIRST,
    )
    return one, mine, theirs


def _bounds(stay: Stay) -> set[int]:
    """The points at which a stay began, and may have ended."""
    if isinstance(stay, Stint):
        return {stay.start, *stay.closers}
    return {stay.end} if stay.since is None else {stay.since, stay.end}


def _told(network: Network, points: set[int]) -> tuple[str, ...]:
    """The ids of the statements that tell of these events, in order of entry."""
    told = {one for point in points for one in network.mentions.get(point, ())}
    return tuple(one.statement for one in network.statements if one.statement in told)


def _joint(own: list[Minimal], other: list[Minimal] | None) -> Iterator[tuple[Minimal, int]]:
    """Both lives in one network, and by how much the other's points are moved in
    it; lives of different groups only share the calendar."""
    for world in own:
        if other is None:
            yield world, 0
        else:
            yield from (world.beside(beside) for beside in other)


def _ordered(world: Minimal, stay: Stay) -> Stay:
    return ordered(world, stay) if isinstance(stay, Stint) else stay


def _moved(stint: Stay, by: int) -> Stay:
    if isinstance(stint, Ending):
        return stint.moved(by)
    return msgspec.structs.replace(
        stint,
        start=stint.start + by,
        closers=tuple(point + by for point in stint.closers),
        due=tuple(point + by for point in stint.due),
        rivals=tuple(point + by for point in stint.rivals),
        again=tuple(point + by for point in stint.again),
        continues=None if stint.continues is None else tuple(point + by for point in stint.continues),
        ends=tuple(point + by for point in stint.ends),
    )


def _common(world: Minimal, a: Stay, b: Stay) -> Iterator[tuple[int, int]]:
    """The first and the last day on which both can be there, for each way in which they can."""
    if isinstance(a, Stint) and isinstance(b, Stint):
        for together in _together(world, a, b):
            yield _days(together, a, b)
        return
    wider, day = world.with_point()
    for one in _on(wider, a, day):
        for both in _on(one, b, day):
            yield both.earliest(day), both.latest(day)


def _on(world: Minimal, stay: Stay, day: int) -> Iterator[Minimal]:
    """The ways in which a stay can hold on the day of a point."""
    if isinstance(stay, Ending):
        yield from within(world, stay, day)
        return
    begun = world.not_after(stay.start, day)
    if begun is not None:
        for real in in_force(begun, stay):
            yield from lasting(real, stay, day)


def _together(world: Minimal, a: Stint, b: Stint) -> Iterator[Minimal]:
    for first in in_force(world, a):
        for both in in_force(first, b):
            for one_lasts in lasting(both, a, b.start):
                yield from lasting(one_lasts, b, a.start)


def _apart(world: Minimal, pairs: Sequence[tuple[Stint, Stint]]) -> bool:
    """Whether some schedule has, of every pair, one over before the other begins."""
    if not pairs:
        return True
    a, b = pairs[0]
    ways = (
        not_in_force(world, a),
        not_in_force(world, b),
        ended(world, a, b.start),
        ended(world, b, a.start),
    )
    return any(_apart(apart, pairs[1:]) for way in ways for apart in way)


def _days(together: Minimal, a: Stint, b: Stint) -> tuple[int, int]:
    """The first and the last day on which both can be there, in one way of being together."""
    wider, day = together.with_point()
    for stint in (a, b):
        held = wider.not_after(stint.start, day)
        assert held is not None  # noqa: S101 - a new point can always be late enough
        wider = held
    first = wider.earliest(day)
    for stint in (a, b):
        for closer in (*stint.closers, *stint.again):
            if wider.distance[closer, stint.start] <= 0:
                held = wider.not_after(day, closer, 1)
                if held is None:
                    return first, first
                wider = held
    return first, wider.latest(day)
