"""Status: in which state somebody was within a window of days, and how surely.

Exact over every schedule that the statements allow: "throughout" and "at some
time" hold in all of them, "possibly" in some, "never" in none. A state touches
the window [a, b] when it begins not after b and ends after a, or begins within
it: on the day on which it begins it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

import msgspec

from estelik.chronology.endings import Ending, endings, within
from estelik.chronology.minimal import worlds
from estelik.chronology.network import HORIZON
from estelik.chronology.stints import Stint, ended, in_force, lasting, not_in_force, ordered, stints

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.network import Interval
    from estelik.chronology.timeline import Solution

Certainty = Literal["throughout", "at some time", "possibly", "never"]
_SUREST: Final = get_args(Certainty)


class Status(msgspec.Struct, frozen=True):
    """A state, where, and how surely somebody was in it.

    ``place`` is None where nobody named one, and where the state is surer than
    any place of it: somebody was held throughout, and moved on a day unknown.
    """

    state: str
    place: str | None
    certainty: Certainty


def status(solution: Solution, life: int, window: Sequence[Interval]) -> list[Status]:
    """Every state that is told of a life, for a window of days.

    ``window``: intervals of days from the horizon's first; more than one means
    "on one of these", and only what holds for each of them is certain.
    """
    groups: dict[tuple[str, str | None], list[Stint]] = {}
    for stint in stints(solution.network, life):
        groups.setdefault((stint.state, stint.place), []).append(stint)
    before: dict[tuple[str, str | None], list[Ending]] = {}
    for ending in endings(solution.network, life):
        before.setdefault((ending.state, ending.place), []).append(ending)
    every = list(worlds(solution))
    days = [(max(0, first or 0), HORIZON if last is None else min(last, HORIZON)) for first, last in window]
    out = []
    for state in dict.fromkeys(state for state, _ in (*groups, *before)):
        found: dict[str | None, Certainty] = {}
        for place in dict.fromkeys(place for other, place in (*groups, *before) if other == state):
            group, closed = groups.get((state, place), []), before.get((state, place), [])
            found[place] = _combined(
                {
                    _either(certainty(world, group, *span), world, closed, *span)
                    for world in every
                    for span in days
                }
            )
        surest = min(map(_SUREST.index, found.values()))
        if len(found) > 1 and surest > 0:
            everywhere = [stint for key, group in groups.items() if key[0] == state for stint in group]
            whole = _combined({certainty(world, everywhere, *span) for world in every for span in days})
            if _SUREST.index(whole) < surest:
                found = {None: whole, **{place: found[place] for place in found if place is not None}}
        out += [Status(state, place, surely) for place, surely in found.items()]
    return out


def _either(found: Certainty, world: Minimal, before: Sequence[Ending], first: int, last: int) -> Certainty:
    """How surely, if a state of which only the end was told may hold too."""
    if found != "never":
        return found
    wider, day = world.with_point()
    some_day = wider.within(day, first, last)
    if some_day is None:
        return found
    return "possibly" if any(True for one in before for _ in within(some_day, one, day)) else found


def _combined(seen: set[Certainty]) -> Certainty:
    """What holds in all of several worlds or windows."""
    if len(seen) == 1:
        return next(iter(seen))
    return "at some time" if seen <= {"throughout", "at some time"} else "possibly"


def certainty(world: Minimal, group: Sequence[Stint], first: int, last: int) -> Certainty:
    """How surely one of a group of stints holds within [first, last] in one world."""
    group = [ordered(world, stint) for stint in group]
    wider, day = world.with_point()
    some_day = wider.within(day, first, last)
    if some_day is None:
        return "never"
    if not _missed(some_day, group, day, day):
        return "throughout"
    first_day = wider.within(day, first, first)
    pair = None if first_day is None else first_day.with_point()
    ends = None if pair is None else pair[0].within(pair[1], last, last)
    if pair is None or ends is None:
        return "never"
    if not _missed(ends, group, day, pair[1]):
        return "at some time"
    return "possibly" if any(_touches(ends, stint, day, pair[1]) for stint in group) else "never"


def _missed(world: Minimal, group: Sequence[Stint], first: int, last: int) -> bool:
    """Whether some schedule has every stint begun before ``first`` and over by then, or begun after
    ``last``."""
    if not group:
        return True
    stint, rest = group[0], group[1:]
    later = world.not_after(last, stint.start, 1)
    if later is not None and _missed(later, rest, first, last):
        return True
    before = world.not_after(stint.start, first, 1)
    if before is not None and any(_missed(over, rest, first, last) for over in ended(before, stint, first)):
        return True
    return any(_missed(none, rest, first, last) for none in not_in_force(world, stint))


def _touches(world: Minimal, stint: Stint, first: int, last: int) -> bool:
    begun = world.not_after(stint.start, last)
    if begun is None:
        return False
    # Who was taken and let go on one day was held that day.
    return any(
        real.not_after(first, stint.start) is not None or any(True for _ in lasting(real, stint, first))
        for real in in_force(begun, stint)
    )
