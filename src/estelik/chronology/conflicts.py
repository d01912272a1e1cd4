"""Conflicts: the smallest sets of statements that cannot all be true.

Statement sets are bit masks over the statements of a network. The search is
by duality: a smallest contradictory set is a smallest hitting set of the
correction sets, the complements of what can at most be true together
(Ignatiev et al. 2015, "Smallest MUS extraction with minimal hitting set
dualization"; here all smallest sets are listed).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.chronology.solver import Solver

#: Correction sets that are collected before the search gives up being exact.
_LIMIT = 2_000


class Trial:
    """Asks one network which sets of its statements can be true together."""

    __slots__ = ("asked", "solver")

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self.asked: dict[int, bool] = {}

    def together(self, chosen: int) -> bool:
        """Whether the statements of ``chosen``, with the axioms, can all be true."""
        known = self.asked.get(chosen)
        if known is None:
            known = self.asked[chosen] = self.solver.feasible(self.solver.only(members(chosen)))
        return known

    def grow(self, chosen: int, universe: int) -> int:
        """``chosen`` with as much of ``universe`` as can still be true (no more can be added)."""
        for statement in members(universe & ~chosen):
            more = chosen | 1 << statement
            if self.together(more):
                chosen = more
        return chosen

    def shrink(self, chosen: int) -> int:
        """A minimal contradictory set within the contradictory set ``chosen``."""
        found = self.solver.conflict(self.solver.only(members(chosen)))
        owner = self.solver.network.owner
        chosen = mask({owner[constraint] for constraint in found or () if owner[constraint] >= 0})
        for statement in members(chosen):
            rest = chosen & ~(1 << statement)
            if not self.together(rest):
                chosen = rest
        return chosen


def mask(statements: Iterable[int]) -> int:
    """The bit mask of some statements."""
    bits = 0
    for statement in statements:
        bits |= 1 << statement
    return bits


def members(bits: int) -> Iterator[int]:
    """The statements of a bit mask, ascending."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def smallest_conflicts(trial: Trial, universe: int) -> tuple[list[int], bool]:
    """All contradictory sets of least cardinality within ``universe``.

    Returns them and whether the search was exhaustive. Empty where everything
    can be true.
    """
    corrections: list[int] = []
    found: list[int] = []
    size = 0
    while len(corrections) < _LIMIT:
        chosen = None
        while chosen is None:
            if found and size > found[0].bit_count():
                return found, True
            chosen = next(hitting_sets(corrections, found, size), None)
            if chosen is None:
                size += 1
                if size > universe.bit_count():
                    return found, True
        if not trial.together(chosen):
            found.append(chosen)
            continue
        largest = trial.grow(chosen, universe)
        if largest == universe:
            return found, True
        corrections.append(universe & ~largest)
    return found, False


def hitting_sets(sets: list[int], forbidden: list[int], size: int) -> Iterator[int]:
    """The sets of exactly ``size`` that meet each of ``sets``, minimal in their
    order of search, and that hold none of ``forbidden``."""
    yield from _hit(sets, forbidden, size, 0, 0)


def _hit(sets: list[int], forbidden: list[int], left: int, chosen: int, barred: int) -> Iterator[int]:
    if any(chosen & one == one for one in forbidden):
        return
    best = 0
    for one in sets:
        if not one & chosen:
            free = one & ~barred
            if not free:
                return
            if not best or free.bit_count() < best.bit_count():
                best = free
    if not best:
        if left == 0:
            yield chosen
        return
    if left == 0:
        return
    for statement in members(best):
        bit = 1 << statement
        yield from _hit(sets, forbidden, left - 1, chosen | bit, barred)
        barred |= bit
