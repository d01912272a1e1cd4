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
    from estelik.chronology.network import Network
    from estelik.chronology.solver import Solver, Switches

#: How many sets of switched-off constraints are looked at, at most, in the
#: search for further lives on a contradiction.
_SEARCH = 600


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
    network = solver.network
    if solver.feasible(on):
        return set()
    everyone = set(range(len(network.subjects)))
    if len(everyone) == 1:
        return everyone
    found: set[int] = set()
    known: list[frozenset[int]] = []
    seen: set[frozenset[int]] = {frozenset()}
    queue = deque(seen)
    while queue and found != everyone and len(seen) < _SEARCH:
        off = queue.popleft()
        conflict = next((one for one in known if not one & off), None)
        if conflict is None:
            rest = solver.copy(on)
            for constraint in off:
                rest[constraint] = 0
            fresh = solver.conflict(rest)
            if fresh is None:
                continue
            conflict = frozenset(fresh)
            known.append(conflict)
            found |= lives_of(network, conflict)
        for constraint in conflict:
            more = off | {constraint}
            if more not in seen:
                seen.add(more)
                queue.append(more)
    return found


def lives_of(network: Network, constraints: frozenset[int]) -> set[int]:
    """The lives whose points these constraints bind."""
    return {
        network.life[point]
        for constraint in constraints
        for point in network.ends[constraint]
        if network.life[point] >= 0
    }
