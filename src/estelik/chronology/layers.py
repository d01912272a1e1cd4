"""Layers: weak statements are set aside whole, and only where they contradict.

Contract, "Inconsistency": implicature, then presumption, then background, for
the subjects on a negative cycle. A cycle here is a minimal set of constraints
(axioms among them) that cannot all be true.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any, Final

import msgspec

from estelik.records import WEAK_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.chronology.cycles import Cycle, Cycles, Limit
    from estelik.chronology.network import Network
    from estelik.chronology.solver import Solver, Switches

#: Ways that are looked for between points, at most, and how often a constraint
#: is looked at in trying sets of them, for a whole group.
_WAYS: Final = 20_000
_TRIALS: Final = 200_000


class Settled(msgspec.Struct, frozen=True):
    """What is left after the layers: the switches, the layers set aside for
    each life, and the lives whose asserted statements still contradict.

    ``unsure`` are the lives of which the search did not come to say whether
    they are on a contradiction; their weak layers are set aside too, so that
    the bounds hold, but may be wider than need be.
    """

    on: Any
    set_aside: tuple[tuple[str, ...], ...]
    contradicted: frozenset[int]
    unsure: frozenset[int] = frozenset()


def settle(solver: Solver) -> Settled:
    """Sets layers aside, weakest first, until the rest can be true or is asserted alone."""
    network = solver.network
    on = solver.all_on()
    aside: list[list[str]] = [[] for _ in network.subjects]
    lives, unsure = contradicted(solver, on)
    doubted = set(unsure)
    for layer in WEAK_LAYERS:
        if not lives:
            break
        weak = [
            index
            for index, statement in enumerate(network.statements)
            if statement.layer == layer and network.about[index] in lives | unsure
        ]
        if not weak:
            continue
        on = solver.without(on, weak)
        for life in {network.about[index] for index in weak}:
            aside[life].append(layer)
        lives, unsure = contradicted(solver, on)
        doubted |= unsure
    return Settled(on, tuple(tuple(layers) for layers in aside), frozenset(lives), frozenset(doubted - lives))


def contradicted(solver: Solver, on: Switches) -> tuple[set[int], set[int]]:
    """The lives on at least one minimal contradiction among what is on, and
    those of which the search could not tell."""
    first = solver.conflict(on)
    if first is None:
        return set(), set()
    network = solver.network
    found = lives_of(network, first)
    if len(found) == len(network.subjects):
        return found, set()
    from estelik.chronology.cycles import ExhaustedError, Limit, graphs  # late: it loads numpy

    ways, trials = Limit(_WAYS), Limit(_TRIALS)
    unsure: set[int] = set()
    try:
        for numbers, graph in graphs(network, on, ways):
            part = _Part(solver, on, graph, numbers, trials)
            for life in sorted({network.life[point] for point in numbers} - {-1}):
                if life not in found:
                    try:
                        found |= part.reached(life)
                    except ExhaustedError:
                        unsure.add(life)
    except ExhaustedError:
        unsure = set(range(len(network.subjects)))
    return found, unsure - found


class _Part:
    """One part of a network that shares only the calendar with the others."""

    def __init__(
        self, solver: Solver, on: Switches, graph: Cycles, numbers: dict[int, int], trials: Limit
    ) -> None:
        self._solver, self._graph, self._numbers, self._trials = solver, graph, numbers, trials
        #: What may be part of a contradiction.
        self._suspect = self._among(on)
        self._apart = {d.constraint for d in solver.network.disjunctions if self._suspect[d.constraint]}
        #: The graph without what leaves a choice: a cycle in it is a contradiction for certain.
        self._plain = graph.without(self._apart) if self._apart else graph
        self._known: list[tuple[frozenset[int], set[int]]] = []
        # As numbers of Python: bytes of an array would be added up as bytes.
        self._size = sum(map(bool, self._suspect))

    def _among(self, on: Switches) -> Switches:
        """``on`` with only the constraints that may be on a negative cycle."""
        candidates = self._graph.candidates
        suspect = self._solver.copy(on)
        leant = self._graph.constraints
        for constraint, ends in enumerate(self._solver.network.ends):
            inside = [self._numbers.get(point) for point in ends]
            if constraint not in leant or (candidates is not None and not candidates.issuperset(inside)):
                suspect[constraint] = 0
        return suspect

    def reached(self, life: int) -> set[int]:
        """The lives met in looking for a contradiction that passes through ``life``."""
        network = self._solver.network
        own = [number for point, number in self._numbers.items() if network.life[point] == life]
        found: set[int] = set()
        doubted: list[Cycle] = []
        for graph in dict.fromkeys((self._plain, self._graph)):
            for number in own:
                if graph.candidates is None:
                    return found | self._searched(life)
                if number in graph.candidates and (cycle := graph.through(number)) is not None:
                    if not cycle.bare and not cycle.constraints & self._apart:
                        return lives_of(network, cycle.constraints)
                    doubted.append(cycle)
        for cycle in doubted:
            found |= self._around(cycle, life)
            if life in found:
                return found
        return found | self._searched(life) if doubted else found

    def _around(self, cycle: Cycle, life: int) -> set[int]:
        """The lives of contradictions around a cycle that leans on the horizon, or
        on one of several alternatives: others are broken, off the cycle, until
        one passes through ``life``."""
        solver = self._solver
        found: set[int] = set()
        rest = solver.copy(self._suspect)
        while (core := solver.conflict(rest)) is not None:
            self._trials.take(self._size)
            lives = lives_of(solver.network, core)
            self._known.append((frozenset(core), lives))
            found |= lives
            if life in lives or core <= cycle.constraints:
                break
            rest[min(core - cycle.constraints)] = 0
        return found

    def _searched(self, life: int) -> set[int]:
        """The lives met in the search for a contradiction that passes through ``life``.

        Contradictions that pass it by are broken in every possible way, one
        constraint each; if what is left still contradicts, ``life`` is part of it
        (a hitting-set tree, Reiter 1987, over the others' contradictions).
        """
        solver, network = self._solver, self._solver.network
        own = [
            constraint
            for constraint, ends in enumerate(network.ends)
            if any(network.life[point] == life for point in ends)
        ]
        found: set[int] = set()
        seen = {frozenset[int]()}
        queue = deque(seen)
        while queue and life not in found:
            self._trials.take(self._size)
            off = queue.popleft()
            rest = solver.copy(self._suspect)
            for constraint in off:
                rest[constraint] = 0
            if solver.feasible(rest):
                continue
            for constraint in own:
                rest[constraint] = 0
            passing = next((one for one, lives in self._known if not one & off and life not in lives), None)
            if passing is None:
                fresh = solver.conflict(rest)
                if fresh is None:
                    found.add(life)
                    break
                passing = frozenset(fresh)
                lives = lives_of(network, passing)
                self._known.append((passing, lives))
                found |= lives
            for constraint in sorted(passing):
                more = off | {constraint}
                if more not in seen:
                    seen.add(more)
                    queue.append(more)
        return found


def lives_of(network: Network, constraints: Iterable[int]) -> set[int]:
    """The lives whose points these constraints bind."""
    return {
        network.life[point]
        for constraint in constraints
        for point in network.ends[constraint]
        if network.life[point] >= 0
    }
