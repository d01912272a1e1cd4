"""Layers: weak statements are set aside whole, and only where they contradict.

Contract, "Inconsistency": implicature, then presumption, then background, for
the subjects on a negative cycle. A cycle here is a minimal set of constraints
(axioms among them) that cannot all be true.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

import msgspec

from estelik.records import WEAK_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.chronology.network import Network
    from estelik.chronology.solver import Solver, Switches

#: How many sets of switched-off constraints are looked at, at most, in the
#: search for further lives on a contradiction.
_SEARCH = 4_000


class Settled(msgspec.Struct, frozen=True):
    """What is left after the layers: the switches, the layers set aside for
    each life, and the lives whose asserted statements still contradict."""

    on: Any
    set_aside: tuple[tuple[str, ...], ...]
    contradicted: frozenset[int]


def settle(solver: Solver) -> Settled:
    """Sets layers aside, weakest first, until the rest can be true or is asserted alone."""
    network = solver.network
    on = solver.all_on()
    aside: list[list[str]] = [[] for _ in network.subjects]
    lives = contradicted(solver, on)
    for layer in WEAK_LAYERS:
        if not lives:
            break
        weak = [
            index
            for index, statement in enumerate(network.statements)
            if statement.layer == layer and network.about[index] in lives
        ]
        if not weak:
            continue
        on = solver.without(on, weak)
        for life in {network.about[index] for index in weak}:
            aside[life].append(layer)
        lives = contradicted(solver, on)
    return Settled(on, tuple(tuple(layers) for layers in aside), frozenset(lives))


def contradicted(solver: Solver, on: Switches) -> set[int]:
    """The lives on at least one minimal contradiction among what is on."""
    first = solver.conflict(on)
    if first is None:
        return set()
    network = solver.network
    found = lives_of(network, first)
    known = [(frozenset(first), found)]
    for life in range(len(network.subjects)):
        if life not in found:
            found = found | _reached(solver, on, life, known)
    return found


def _reached(
    solver: Solver, on: Switches, life: int, known: list[tuple[frozenset[int], set[int]]]
) -> set[int]:
    """The lives met in the search for a contradiction that passes through ``life``.

    Contradictions that pass it by are broken in every possible way, one
    constraint each; if what is left still contradicts, ``life`` is part of it
    (a hitting-set tree, Reiter 1987, over the others' contradictions).
    """
    network = solver.network
    own = [
        constraint
        for constraint, ends in enumerate(network.ends)
        if any(network.life[point] == life for point in ends)
    ]
    found: set[int] = set()
    seen = {frozenset[int]()}
    queue = deque(seen)
    while queue and life not in found and len(seen) < _SEARCH:
        off = queue.popleft()
        rest = solver.copy(on)
        for constraint in off:
            rest[constraint] = 0
        if not solver.feasible(rest):
            for constraint in own:
                rest[constraint] = 0
            passing = next((one for one, lives in known if not one & off and life not in lives), None)
            if passing is None:
                fresh = solver.conflict(rest)
                if fresh is None:
                    found.add(life)
                    break
                passing = frozenset(fresh)
                lives = lives_of(network, passing)
                known.append((passing, lives))
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
