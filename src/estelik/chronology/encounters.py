"""Encounters: who may have been, or certainly was, in one place with whom.

They are where corroboration may be found, and where a missing cellmate may
have a name. "Certain" needs one facility and an overlap in every schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.minimal import worlds
from estelik.chronology.network import HORIZON
from estelik.chronology.stints import Stint, ended, in_force, kept, lasting, not_in_force, ordered, stints

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.timeline import Solution
    from estelik.records.whereabouts import Whereabouts

    Where = Callable[[str], Whereabouts]


class Encounter(msgspec.Struct, frozen=True):
    """Two lives in one place: the other's key, where, whether it is certain, and
    the first and last day (ordinals, None = nobody's words bound it) on which
    both can have been there."""

    key: str
    place: str
    certain: bool
    earliest: int | None
    latest: int | None


def encounters(solution: Solution, life: int, others: Iterable[Solution], where: Where) -> list[Encounter]:
    """The encounters of one life with every life of ``others`` (its own group may be among them)."""
    own = [stint for stint in stints(solution.network, life) if kept(stint.state)]
    if not any(stint.places for stint in own):
        return []
    own_worlds = list(worlds(solution))
    found: dict[tuple[str, str], Encounter] = {}
    for other in others:
        same = other.network.subjects[0] == solution.network.subjects[0]
        other_worlds = None
        for number, key in enumerate(other.network.subjects):
            if same and number == life:
                continue
            for theirs in stints(other.network, number):
                for mine in own:
                    for place, facility in _shared(mine, theirs, where):
                        if other_worlds is None and not same:
                            other_worlds = list(worlds(other))
                        one = _encounter(
                            key,
                            place,
                            (mine, theirs),
                            own_worlds,
                            None if same else other_worlds,
                            facility=facility,
                        )
                        if one is not None:
                            _keep(found, one)
    return sorted(found.values(), key=lambda one: (not one.certain, one.earliest or 0, one.key, one.place))


def _shared(mine: Stint, theirs: Stint, where: Where) -> Iterator[tuple[str, bool]]:
    """The places that two stints share, and whether it is one facility for sure."""
    if not kept(theirs.state):
        return
    alone = len(mine.places) == 1 and len(theirs.places) == 1
    for one in mine.places:
        for other in theirs.places:
            here, there = where(one), where(other)
            if here.facility is not None and here.facility == there.facility:
                yield here.name, alone
            elif here.areas & there.areas and None in (here.facility, there.facility):
                yield (here if here.facility is None else there).name, False


def _keep(found: dict[tuple[str, str], Encounter], one: Encounter) -> None:
    """Of several stints at one place the certain one is told, else their hull."""
    at = (one.key, one.place)
    known = found.get(at)
    if known is None or (one.certain and not known.certain):
        found[at] = one
    elif one.certain == known.certain:
        found[at] = msgspec.structs.replace(
            known,
            earliest=None if None in (one.earliest, known.earliest) else min(one.earliest, known.earliest),  # type: ignore[type-var]
            latest=None if None in (one.latest, known.latest) else max(one.latest, known.latest),  # type: ignore[type-var]
        )


def _encounter(
    key: str,
    place: str,
    pair: tuple[Stint, Stint],
    own: list[Minimal],
    other: list[Minimal] | None,
    *,
    facility: bool,
) -> Encounter | None:
    certain = facility
    first, last = HORIZON + 1, -1
    for world, one, two in _joint(*pair, own, other):
        a, b = ordered(world, one), ordered(world, two)
        certain = certain and not _apart(world, a, b)
        for together in _together(world, a, b):
            days = _days(together, a, b)
            first, last = min(first, days[0]), max(last, days[1])
    if last < 0:
        return None
    return Encounter(
        key=key,
        place=place,
        certain=certain,
        earliest=None if first <= 0 else first + HORIZON_FIRST,
        latest=None if last >= HORIZON - 1 else last + HORIZON_FIRST,
    )


def _joint(
    mine: Stint, theirs: Stint, own: list[Minimal], other: list[Minimal] | None
) -> Iterator[tuple[Minimal, Stint, Stint]]:
    """Both lives in one network; lives of different groups only share the calendar."""
    if other is None:
        yield from ((world, mine, theirs) for world in own)
        return
    for world in own:
        for beside in other:
            both, moved = world.beside(beside)
            yield both, mine, _moved(theirs, moved)


def _moved(stint: Stint, by: int) -> Stint:
    return msgspec.structs.replace(
        stint,
        start=stint.start + by,
        closers=tuple(point + by for point in stint.closers),
        due=tuple(point + by for point in stint.due),
        rivals=tuple(point + by for point in stint.rivals),
        continues=None if stint.continues is None else tuple(point + by for point in stint.continues),
    )


def _together(world: Minimal, a: Stint, b: Stint) -> Iterator[Minimal]:
    for first in in_force(world, a):
        for both in in_force(first, b):
            for one_lasts in lasting(both, a, b.start):
                yield from lasting(one_lasts, b, a.start)


def _apart(world: Minimal, a: Stint, b: Stint) -> bool:
    """Whether some schedule has one over before the other begins."""
    ways = (
        not_in_force(world, a),
        not_in_force(world, b),
        ended(world, a, b.start),
        ended(world, b, a.start),
    )
    return any(True for way in ways for _ in way)


def _days(together: Minimal, a: Stint, b: Stint) -> tuple[int, int]:
    """The first and the last day on which both can be there, in one way of being together."""
    wider, day = together.with_point()
    for stint in (a, b):
        held = wider.not_after(stint.start, day)
        assert held is not None  # noqa: S101 - a new point can always be late enough
        wider = held
    first = wider.earliest(day)
    for stint in (a, b):
        for closer in stint.closers:
            if wider.distance[closer, stint.start] <= 0:
                held = wider.not_after(day, closer, 1)
                if held is None:
                    return first, first
                wider = held
    return first, wider.latest(day)
