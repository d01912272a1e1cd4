"""Conflicts: the smallest sets of statements that cannot all be true.

Statement sets are bit masks over the statements of a network. The search is
by duality: a smallest contradictory set is a smallest hitting set of the
correction sets, the complements of what can at most be true together
(Ignatiev et al. 2015, "Smallest MUS extraction with minimal hitting set
dualization"; here all smallest sets are listed).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from estelik.chronology.growth import Growth
from estelik.chronology.network import HORIZON, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.chronology.solver import Solver, Switches

#: The longest conflict that is read off the cycles; how many there is room for
#: at first, and at most.
_DEPTH = 6
_FEW = 512
#: From so many points on the tables of cycles are filled row by row, where nothing is compiled.
_ROWS = 12
_LISTED = 200_000
#: Steps of the search for hitting sets before it gives up being exact, and how
#: many of them one more correction set stands for.
_STEPS = 60_000
_GROWTH = 100


class Trial:
    """Asks one network which sets of its statements can be true together.

    Where no statement leaves a choice of alternatives, the edges hang directly
    on their statements, and the kernel is asked without a detour.
    """

    __slots__ = ("_asked", "_bytes", "_choices", "_edges", "_owner", "simple", "solver")

    def __init__(self, solver: Solver) -> None:
        self.solver = solver
        self._asked: dict[int, bool] = {}
        if not solver.kernel.compiled:
            self._lay_out()
        self._bytes = (len(solver.network.statements) + 8) // 8
        network = solver.network
        #: Whether every statement makes one constraint at most, without alternatives.
        self.simple = False
        self._owner: Any = None
        if not network.disjunctions:
            owner = [network.owner[switch] for switch in network.switch]
            self._owner = solver.array(owner)
            self.simple = all(len(made) <= 1 for made in solver.constraints)

    def together(self, chosen: int) -> bool:
        """Whether the statements of ``chosen``, with the axioms, can all be true."""
        known = self._asked.get(chosen)
        if known is None:
            if self._owner is None:
                known = self.solver.feasible(self.solver.only(members(chosen)))
            else:
                known = self.solver.relax(self._on(chosen), by=self._owner) is not None
            self._asked[chosen] = known
        return known

    def _on(self, chosen: int) -> Any:
        """A switch for each statement, and the axioms' as the last."""
        size = len(self.solver.network.statements)
        bits = chosen | 1 << size
        if self.solver.kernel.compiled:
            import numpy as np

            return np.unpackbits(
                np.frombuffer(bits.to_bytes(self._bytes, "little"), dtype=np.uint8),
                count=size + 1,
                bitorder="little",
            )
        on = bytearray(size + 1)
        for statement in members(bits):
            on[statement] = 1
        return on

    def grow(self, chosen: int, universe: int) -> int:
        """``chosen`` with as much of ``universe`` as can still be true (no more can be added)."""
        if not self.solver.kernel.compiled:
            return self._grown(chosen, universe)
        for statement in members(universe & ~chosen):
            more = chosen | 1 << statement
            if self.together(more):
                chosen = more
        return chosen

    def _grown(self, chosen: int, universe: int) -> int:
        """``grow``, moving only the days that each statement changes: at the hulls
        of all disjunctions, where what fails is out, and in one choice of
        alternatives, where what holds is in."""
        hull = self._growth(self.solver.only(members(chosen)))
        world = self._world(chosen)
        for statement in members(universe & ~chosen):
            more = chosen | 1 << statement
            if not hull.add(self._edges[statement]):
                continue
            if not self._holds(world, statement):
                if not self.together(more):
                    hull = self._growth(self.solver.only(members(chosen)))
                    world = self._world(chosen)
                    continue
                world = self._world(more)
            chosen = more
        return chosen

    def _holds(self, world: Growth, statement: int) -> bool:
        """Takes a statement into a world, each disjunction by the first alternative that fits."""
        return world.add(self._edges[statement]) and all(
            any(world.add(edges) for edges in alternatives) for alternatives in self._choices[statement]
        )

    def _world(self, chosen: int) -> Growth:
        """One choice of alternatives in which what is chosen can be true."""
        world = self.solver.world(self.solver.only(members(chosen)))
        assert world is not None  # noqa: S101 - what is chosen can be true
        return self._growth(world)

    def _growth(self, on: Switches) -> Growth:
        bounds = self.solver.relax(on)
        assert bounds is not None  # noqa: S101 - what is on can be true
        columns = zip(*self.solver.edges, strict=True)
        return Growth(
            ((tail, head, 4 * days) for tail, head, days, switch in columns if on[switch]), bounds[0]
        )

    def _lay_out(self) -> None:
        """The edges of each statement at the hulls of its disjunctions, and those of their alternatives."""
        network = self.solver.network
        by_switch: dict[int, list[tuple[int, int, int]]] = {}
        for tail, head, days, switch in zip(*self.solver.edges, strict=True):
            by_switch.setdefault(switch, []).append((tail, head, 4 * days))
        self._edges = [
            [edge for constraint in made for edge in by_switch.get(constraint, ())]
            for made in self.solver.constraints
        ]
        self._choices: list[list[list[list[tuple[int, int, int]]]]] = [[] for _ in network.statements]
        for one in network.disjunctions:
            if (owner := network.owner[one.constraint]) >= 0:
                self._choices[owner].append([by_switch.get(switch, []) for switch in one.switches])

    def shrink(self, chosen: int) -> int:
        """A minimal contradictory set within the contradictory set ``chosen``."""
        if self._owner is None:
            found = self.solver.conflict(self.solver.only(members(chosen)))
            owner = self.solver.network.owner
            owners = {owner[constraint] for constraint in found or ()}
        else:
            owners = set(self.solver.cycle(self._on(chosen), by=self._owner) or ())
        chosen = mask(statement for statement in owners if statement >= 0)
        for statement in members(chosen):
            rest = chosen & ~(1 << statement)
            if not self.together(rest):
                chosen = rest
        return chosen

    def cycles(self, universe: int) -> list[int] | None:
        """The smallest conflicts of a simple network that contradicts, read off
        its shortest cycles; None where there are too many to list."""
        solver = self.solver
        tail, head, weight, _ = solver.edges
        points = solver.points
        on = self._on(universe)
        table = _horizon(points, compiled=solver.kernel.compiled).copy()
        fill = solver.kernel.cycle_tables
        if points >= _ROWS and not solver.kernel.compiled:
            from estelik.chronology.cycle_rows import cycle_rows as fill
        size = fill(tail, head, weight, self._owner, on, points, _DEPTH, table)
        if size > _DEPTH:
            return None
        stack = solver.filled(0, 3 * (size + 2))
        room = _FEW
        while True:
            out = solver.filled(0, room * size)
            count = solver.kernel.list_cycles(
                tail, head, weight, self._owner, on, points, size, table, stack, out
            )
            if count < room:
                break
            if room >= _LISTED:
                return None
            room *= 8
        return sorted(
            {mask(int(s) for s in out[one * size : (one + 1) * size]) for one in range(count)},
            key=lambda bits: tuple(members(bits)),
        )


@lru_cache(maxsize=64)
def _horizon(points: int, *, compiled: bool) -> Any:
    """The table of ``kernel.cycle_tables`` with nothing but the horizon in it."""
    if compiled:
        import numpy as np

        return np.array(_horizon(points, compiled=False), dtype=np.int64)
    table = []
    for start in range(points):
        for end in range(points):
            from_calendar = HORIZON if start == ORIGIN else 2 * HORIZON + 1
            table.append(0 if end in (ORIGIN, start) else from_calendar)
    return table + [0] * (points * points * _DEPTH)


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
    if trial.together(universe):
        return [], True
    if trial.simple:
        cycles = trial.cycles(universe)
        if cycles is not None:
            return cycles, True
    found: list[int] = []
    try:
        _search(trial, universe, found)
    except ExhaustedError:
        # Not to be searched through: what was found, or one minimal contradiction after another.
        return found or apart(trial, universe), False
    return found, True


def _search(trial: Trial, universe: int, found: list[int]) -> None:
    corrections: list[int] = []
    size = 0
    effort = [_STEPS]
    while True:
        chosen = None
        while chosen is None:
            if found and size > found[0].bit_count():
                return
            chosen = next(_hitting_sets(corrections, found, size, effort), None)
            if chosen is None:
                size += 1
                if size > universe.bit_count():
                    return
        if not trial.together(chosen):
            found.append(chosen)
            continue
        largest = trial.grow(chosen, universe)
        if largest == universe:
            return
        corrections.append(universe & ~largest)
        effort[0] -= _GROWTH


def apart(trial: Trial, universe: int) -> list[int]:
    """Minimal contradictions that share nothing, until the rest can be true."""
    found = []
    while not trial.together(universe):
        found.append(trial.shrink(universe))
        universe &= ~found[-1]
    return found


class ExhaustedError(Exception):
    """A search took more steps than it may; caught where it was begun."""


def _hitting_sets(
    sets: list[int], forbidden: list[int], left: int, effort: list[int], chosen: int = 0, barred: int = 0
) -> Iterator[int]:
    """The sets of exactly ``left`` members, beside ``chosen``, that meet each of
    ``sets``, minimal in their order of search, that hold none of ``forbidden``
    and no member of ``barred``. ``effort``: the steps that are left, counted
    down; ``ExhaustedError`` where there are none."""
    effort[0] -= 1
    if effort[0] < 0:
        raise ExhaustedError
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
        yield from _hitting_sets(sets, forbidden, left - 1, effort, chosen | bit, barred)
        barred |= bit
