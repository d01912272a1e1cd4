"""Repairs: what would have to be set aside for the rest to be true.

Nothing is ever set aside by the machine; a repair is an answer to "what if".
All sets of least weight are found by implicit hitting sets: guess from the
contradictions known so far, test the guess, learn from its failure (Moreno-
Centeno and Karp 2013).
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.conflicts import Trial, apart, members, smallest_conflicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.records import Statement

#: Above this many combinations the bounds are the outer ones (contract).
COMBINATIONS: Final = 256

#: How many sets are looked at, at most, in the search for the lightest repairs.
_EFFORT: Final = 12_000_000
#: How many contradictions are learnt beside the smallest ones before the search gives up being exact.
_LEARNT: Final = 120

_RELIABILITY = {"A": 2, "B": 1, "C": 0, "D": -1, "E": -2, "F": 0}
_CREDIBILITY = {"1": 2, "2": 1, "3": 0, "4": -1, "5": -2, "6": 0}
_LAYER = {"implicature": 1, "presumption": 2, "background": 2}


class Independent(msgspec.Struct, frozen=True):
    """One contradiction that shares no statement with the others: its repairs
    (masks over statements), all of the same ``weight``."""

    weight: int
    repairs: tuple[int, ...]


class Contradictions(msgspec.Struct, frozen=True):
    """All that contradicts in one network: the smallest conflicts (masks), the
    independent contradictions with their repairs, and whether the list of
    combinations is whole. ``outer``: every statement that any repair may set aside."""

    conflicts: tuple[int, ...]
    independent: tuple[Independent, ...]
    complete: bool
    outer: int

    def combinations(self) -> list[int]:
        """Every way to make the whole consistent (masks); where there are too
        many, one mask with every statement that any repair sets aside."""
        if not self.complete:
            return [self.outer]
        return [_all(choice) for choice in product(*(one.repairs for one in self.independent))]


def weight(statement: Statement) -> int:
    """What it costs to set a statement aside (contract, "Inconsistency").

    Words said under pressure weigh least of what is asserted: they never
    outweigh.
    """
    if statement.layer != "asserted":
        return _LAYER[statement.layer]
    if statement.role == "coerced":
        return 1
    grade = statement.grade or "F6"
    return max(1, 4 + _RELIABILITY[grade[0]] + _CREDIBILITY[grade[1]])


def contradictions(trial: Trial, universe: int, weights: Sequence[int]) -> Contradictions:
    """Conflicts and repairs among the statements of ``universe``, which contradict."""
    conflicts: list[int] = []
    exact = True
    rest = universe
    while True:
        smallest, exhaustive = smallest_conflicts(trial, rest)
        exact &= exhaustive
        if not smallest:
            break
        conflicts += smallest
        for conflict in smallest:
            rest &= ~conflict
    known = list(conflicts)
    while True:
        found = [_lightest(component, weights) for component in _components(known)]
        families = [family for family, _ in found]
        exact &= all(whole for _, whole in found)
        learnt = _untrue(trial, universe, families)
        if learnt is None:
            break
        known.append(learnt)
        if len(known) > len(conflicts) + _LEARNT:
            exact = False
        if not exact:
            # Beyond searching: what else contradicts is put beside it, one after the other.
            known += apart(trial, universe & ~_all(known))
            families = [_lightest(component, weights)[0] for component in _components(known)]
            break
    independent = [
        Independent(sum(weights[s] for s in members(family[0])), tuple(sorted(set(family), key=_order)))
        for family in families
    ]
    independent.sort(key=lambda one: _order(_all(one.repairs)))
    count = 1
    for one in independent:
        count *= len(one.repairs)
    outer = _all(repair for one in independent for repair in one.repairs)
    if not exact:
        outer |= _all(known)
    return Contradictions(tuple(conflicts), tuple(independent), exact and count <= COMBINATIONS, outer)


def _order(mask: int) -> tuple[int, ...]:
    return tuple(members(mask))


def _all(masks: object) -> int:
    bits = 0
    for mask in masks:  # type: ignore[attr-defined]
        bits |= mask
    return bits


def _components(sets: list[int]) -> list[list[int]]:
    """Splits sets into groups that share no statement."""
    groups: list[tuple[int, list[int]]] = []
    for one in sets:
        bits, held = one, [one]
        apart = []
        for group in groups:
            if group[0] & bits:
                bits |= group[0]
                held = group[1] + held
            else:
                apart.append(group)
        groups = [*apart, (bits, held)]
    return [held for _, held in groups]


def _lightest(sets: list[int], weights: Sequence[int]) -> tuple[list[int], bool]:
    """All sets of least weight that meet each of ``sets``, and whether the search came to its end."""
    best: list[int] = []
    least = sum(weights[s] for s in members(_all(sets))) + 1
    pending = [(0, 0, 0)]
    effort = 0
    while pending:
        chosen, barred, heavy = pending.pop()
        if heavy > least:
            continue
        unmet = [one & ~barred for one in sets if not one & chosen]
        effort += len(sets)
        if effort > _EFFORT and best:
            return best, False
        if not unmet:
            if heavy < least:
                best, least = [], heavy
            best.append(chosen)
            continue
        narrowest = min(unmet, key=int.bit_count)
        if heavy + _floor(unmet, weights) > least:
            continue
        for statement in members(narrowest):
            bit = 1 << statement
            pending.append((chosen | bit, barred, heavy + weights[statement]))
            barred |= bit
    return best, True


def _floor(unmet: list[int], weights: Sequence[int]) -> int:
    """What it costs at least to meet sets: the cheapest member of each of some that share nothing."""
    taken = least = 0
    for one in unmet:
        if not one & taken:
            taken |= one
            least += min((weights[s] for s in members(one)), default=0)
    return least


def _untrue(trial: Trial, universe: int, families: list[list[int]]) -> int | None:
    """A contradiction that some combination of the guessed repairs leaves, or None."""
    count = 1
    for family in families:
        count *= len(family)
    choices = (
        product(*families) if count <= COMBINATIONS else [tuple(repair for f in families for repair in f)]
    )
    for choice in choices:
        rest = universe & ~_all(choice)
        if not trial.together(rest):
            return trial.shrink(rest)
    return None
