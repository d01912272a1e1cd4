"""Life: one solved life with all that a page asks of it, and its accounts.

An account is one way of ending the contradictions that touch this life. Account
0 is what holds under all of them.
"""

from __future__ import annotations

from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING

from estelik.chronology.conflicts import members
from estelik.chronology.edtf import parse
from estelik.chronology.minimal import close
from estelik.chronology.ranges import ranges, union
from estelik.chronology.timeline import event_bounds
from estelik.views.course import ROWS_AT_MOST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.repairs import Independent
    from estelik.chronology.solver import Switches
    from estelik.chronology.timeline import EventBounds, Solution, Timeline
    from estelik.records import Statement

#: Closed networks that are looked at for the order of two events.
_CLOSED = 32


class World:
    """One account: its number, what it sets aside (ids), and the days under it."""

    def __init__(
        self,
        number: int,
        aside: tuple[str, ...],
        accounts: Sequence[Switches],
        events: Iterable[EventBounds],
        solution: Solution,
    ) -> None:
        self.number = number
        self.aside = aside
        self.accounts = tuple(accounts)
        self.events = {one.event: one for one in events}
        self.closed: tuple[Minimal, ...] = tuple(close(solution.solver, on) for on in self.accounts[:_CLOSED])

    def never_before(self, one: int, other: int) -> bool:
        """Whether the point ``one`` is for certain not before the point ``other``."""
        return all(world.distance[one, other] <= 0 for world in self.closed)

    def never_after(self, one: int, other: int) -> bool:
        """Whether the point ``one`` is for certain not after the point ``other``."""
        return self.never_before(other, one)

    def apart(self, start: int, end: int) -> tuple[int, int]:
        """The least and the greatest number of days from one point to another."""
        return (
            min(-int(world.distance[end, start]) for world in self.closed),
            max(int(world.distance[start, end]) for world in self.closed),
        )


class Life:
    """One life of a solved group.

    ``told`` are all statements about it in order of entry, ``live`` those that
    still count; ``number`` gives each the number it has on the page.
    """

    def __init__(
        self,
        solution: Solution,
        timeline: Timeline,
        told: Sequence[Statement],
        out: set[str],
        today: int,
        others: Mapping[str, Statement] | None = None,
    ) -> None:
        self.solution, self.timeline, self.today = solution, timeline, today
        network = solution.network
        self.index = list(network.subjects).index(timeline.key)
        self.points = network.events[self.index]
        self.told = tuple(told)
        self.live = tuple(one for one in told if one.statement not in out)
        self.cited: dict[str, Statement] = {one.statement: one for one in told}
        self._numbers = {statement: number for number, statement in enumerate(self.cited, 1)}
        self._elsewhere = {**(others or {}), **{one.statement: one for one in network.statements}}
        self.whole = World(0, (), tuple(solution.accounts()), timeline.events, solution)
        self.independent = _touching(solution, self.index)
        self.ways = 1
        for one in self.independent:
            self.ways *= len(one.repairs)
        self.worlds = self._worlds()

    def number(self, statement: str) -> int:
        """The number of a statement on the page; one about another life is
        taken in, as what has no number is not shown."""
        if statement not in self._numbers:
            self.cited[statement] = self._elsewhere[statement]
            self._numbers[statement] = len(self.cited)
        return self._numbers[statement]

    def numbers(self, statements: Iterable[str]) -> tuple[int, ...]:
        """The numbers of statements, in order, each once."""
        return tuple(sorted({self.number(one) for one in statements}))

    @cached_property
    def repairable(self) -> tuple[str, ...]:
        """The ids that any repair of this life sets aside."""
        masks = [mask for one in self.independent for mask in one.repairs]
        return tuple(dict.fromkeys(one for mask in masks for one in self.solution.ids(mask)))

    @cached_property
    def weighed(self) -> frozenset[str]:
        """The ids that weight alone keeps out of the days: those of the one repair that weighs least. Empty
        where several weigh the same, for then the days are those of all of them."""
        return frozenset(self.repairable) if self.ways == 1 else frozenset()

    def aside(self, world: World) -> set[str]:
        """The ids that do not count under an account; where it stands for all
        of them, those that any repair sets aside."""
        if world.number:
            return set(world.aside)
        found = self.solution.found
        outer = self.solution.ids(found.outer) if found is not None and not found.complete else ()
        return {*self.repairable, *outer}

    def _worlds(self) -> tuple[World, ...]:
        """The accounts one by one, in the order in which what they keep was told."""
        found = self.solution.found
        if found is None or not found.complete or not 1 < self.ways <= ROWS_AT_MOST:
            return ()
        combinations = found.combinations()
        worlds = []
        for choice in product(*(one.repairs for one in self.independent)):
            whole = 0
            for mask in choice:
                whole |= mask
            on = [
                self.solution.solver.without(self.solution.on, members(mask))
                for mask in combinations
                if mask & whole == whole
            ]
            days = {point: union(pieces) for point, pieces in self._days(on).items()}
            events = event_bounds(self.solution.network, self.index, days)
            worlds.append(World(0, self.solution.ids(whole), on, events, self.solution))
        worlds.sort(key=lambda world: first_told(self, set(self.repairable) - set(world.aside)))
        for number, world in enumerate(worlds, 1):
            world.number = number
        return tuple(worlds)

    def _days(self, accounts: Sequence[Switches]) -> dict[int, list[tuple[int, int, bool, bool]]]:
        pieces: dict[int, list[tuple[int, int, bool, bool]]] = {point: [] for point in self.points.values()}
        for on in accounts:
            for point, found in ranges(self.solution.solver, on, self.points.values()).items():
                pieces[point] += found
        return pieces


def first_told(life: Life, statements: Iterable[str]) -> tuple[int, str]:
    """The day on which the first of these was told, for an order that prefers none."""
    days = []
    for one in statements:
        told = life.cited[one].told if one in life.cited else ""
        first = parse(told).spans[0].first if told else None
        days.append((first if first is not None else 1 << 30, one))
    return min(days, default=(1 << 30, ""))


def _touching(solution: Solution, life: int) -> tuple[Independent, ...]:
    """The independent contradictions that bind this life."""
    if solution.found is None:
        return ()
    return tuple(
        one
        for one in solution.found.independent
        if any(life in solution.lives(repair) for repair in one.repairs)
    )
