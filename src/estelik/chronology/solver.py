"""Solver: feasibility, bounds and contradictions of one network.

Every method takes ``on``, the switches that are on, and never changes it. A
disjunction whose constraint is on and none of whose alternatives is chosen
is only held to its hull until it matters: the earliest schedule of what is
chosen shows which one it breaks, and only that one is branched upon
(Stergiou and Koubarakis 2000, with the conflict of each dead end kept).
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from estelik.chronology.kernel import PLAIN, Kernel
from estelik.chronology.network import AXIOM, HORIZON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, MutableSequence, Sequence

    from estelik.chronology.network import Disjunction, Network

    Switches = MutableSequence[int]
    #: Tagged distances from and to the calendar, one for each point.
    Bounds = tuple[Sequence[int], Sequence[int]]

_TOP = 4 * HORIZON + 1


class Solver:
    """Answers questions about one network, in plain Python or compiled."""

    def __init__(self, network: Network, kernel: Kernel = PLAIN) -> None:
        self.network = network
        self.kernel = kernel
        self.points = network.points
        self.constraints: list[list[int]] = [[] for _ in network.statements]
        self.axioms: list[int] = []
        for constraint, owner in enumerate(network.owner):
            (self.axioms if owner == AXIOM else self.constraints[owner]).append(constraint)
        self._parent = list(range(len(network.owner)))
        for disjunction in network.disjunctions:
            self._parent.extend(disjunction.constraint for _ in disjunction.switches)
        edges = (network.tail, network.head, network.weight, network.switch)
        self.edges: tuple[Any, ...] = edges
        if kernel.compiled:
            import numpy as np

            self.edges = tuple(np.array(column, dtype=np.int64) for column in edges)

    def array(self, values: list[int]) -> Any:
        """The list, or the same as an array for the compiled kernel."""
        if not self.kernel.compiled:
            return values
        import numpy as np

        return np.array(values, dtype=np.int64)

    def filled(self, value: int, size: int) -> Any:
        """A list of ``size`` times ``value``, or an array for the compiled kernel."""
        if not self.kernel.compiled:
            return [value] * size
        import numpy as np

        return np.full(size, value, dtype=np.int64)

    def constraint_of(self, switch: int) -> int:
        """The constraint that a switch belongs to: itself, or the one whose alternative it is."""
        return self._parent[switch]

    def all_on(self) -> Switches:
        """Every constraint on, no alternative chosen."""
        return self._switches(self.network.all_on())

    def only(self, statements: Iterable[int]) -> Switches:
        """The axioms and these statements on."""
        on = bytearray(self.network.switches)
        for constraint in self.axioms:
            on[constraint] = 1
        for statement in statements:
            for constraint in self.constraints[statement]:
                on[constraint] = 1
        return self._switches(on)

    def without(self, on: Switches, statements: Iterable[int]) -> Switches:
        """``on`` with all constraints of these statements off."""
        off = self.copy(on)
        for statement in statements:
            for constraint in self.constraints[statement]:
                off[constraint] = 0
        return off

    def copy(self, on: Switches) -> Switches:
        """A copy that may be changed."""
        copied: Switches = on.copy()  # type: ignore[attr-defined]
        return copied

    def _switches(self, on: bytearray) -> Switches:
        if not self.kernel.compiled:
            return on
        import numpy as np

        switches: Switches = np.frombuffer(on, dtype=np.uint8).copy()  # type: ignore[assignment]
        return switches

    def relax(self, on: Switches, least: tuple[int, int] | None = None, by: Any = None) -> Bounds | None:
        """Tagged bounds with every open disjunction at its hull, or None where
        that is already contradictory. ``least`` = (point, day): not before that
        day. ``by``: the switch of each edge, if not its constraint's."""
        up = self.filled(_TOP, self.points)
        down = self.filled(1, self.points)
        up[0] = down[0] = 0
        if least is not None:
            point, day = least
            if day > 0:
                down[point] = -4 * day
            if up[point] + down[point] < 0:
                return None
        tail, head, weight, switch = self.edges
        if self.kernel.relax(tail, head, weight, switch if by is None else by, on, self.points, up, down):
            return up, down
        return None

    def open(self, on: Switches) -> list[Disjunction]:
        """The disjunctions that are on and none of whose alternatives is chosen."""
        return [
            d
            for d in self.network.disjunctions
            if on[d.constraint] and not any(on[switch] for switch in d.switches)
        ]

    def choices(self, on: Switches, few: int) -> int:
        """In how many ways alternatives could be chosen, whether they can hold together or
        not; above ``few``, those are left out that cannot hold with what leaves no choice."""
        every = prod(len(d.alternatives) for d in self.open(on))
        if every <= few:
            return every
        narrowed = self.narrowed(on)
        if narrowed is None:
            return 0
        on, bounds = narrowed
        return prod(len(self.alive(d, bounds)) for d in self.open(on))

    def broken(self, on: Switches, down: Sequence[int]) -> Disjunction | None:
        """An open disjunction that the earliest schedule breaks."""
        for disjunction in self.open(on):
            between = -(down[disjunction.end] >> 2) + (down[disjunction.start] >> 2)
            if disjunction.holding(between) is None:
                return disjunction
        return None

    def feasible(self, on: Switches) -> bool:
        """Whether everything on can be true at once."""
        return self.world(on) is not None

    def world(self, on: Switches) -> Switches | None:
        """A choice of alternatives in which everything on can be true, or None."""
        narrowed = self.narrowed(on)
        if narrowed is None:
            return None
        on, bounds = narrowed
        broken = self.broken(on, bounds[1])
        if broken is None:
            return self.held(on, bounds[1])
        for switch in self.alive(broken, bounds):
            chosen = self.copy(on)
            chosen[switch] = 1
            if (world := self.world(chosen)) is not None:
                return world
        return None

    def narrowed(self, on: Switches, least: tuple[int, int] | None = None) -> tuple[Switches, Bounds] | None:
        """``on`` with every alternative chosen that is the only one left by the
        bounds, and these; None where some disjunction has none left."""
        while True:
            bounds = self.relax(on, least)
            if bounds is None:
                return None
            chosen = on
            for one in self.open(on):
                left = self.alive(one, bounds)
                if not left:
                    return None
                if len(left) == 1:
                    chosen = self.copy(on) if chosen is on else chosen
                    chosen[left[0]] = 1
            if chosen is on:
                return on, bounds
            on = chosen

    def alive(self, one: Disjunction, bounds: Bounds) -> list[int]:
        """The switches of the alternatives that the bounds of its two points do not exclude."""
        up, down = bounds
        most = (up[one.end] >> 2) + (down[one.start] >> 2)
        least = -(down[one.end] >> 2) - (up[one.start] >> 2)
        return [
            switch
            for switch, (low, high) in zip(one.switches, one.alternatives, strict=True)
            if (low is None or low <= most) and (high is None or high >= least)
        ]

    def held(self, on: Switches, down: Sequence[int]) -> Switches:
        """``on`` with the alternatives that hold in the earliest schedule, which breaks no disjunction."""
        open_ = self.open(on)
        if not open_:
            return on
        whole = self.copy(on)
        for one in open_:
            switch = one.holding((down[one.start] >> 2) - (down[one.end] >> 2))
            assert switch is not None  # noqa: S101 - the schedule breaks none
            whole[switch] = 1
        return whole

    def conflict(self, on: Switches) -> set[int] | None:
        """A minimal set of constraints among those on that cannot all be true, or None."""
        found = self._conflict(on)
        if found is None or self._circular(found):
            return found
        for constraint in sorted(found):
            rest = found - {constraint}
            if not self.feasible(self._constraints_only(rest)):
                found = rest
        return found

    def _circular(self, constraints: Iterable[int]) -> bool:
        """Whether these leave no choice and close by themselves, without the
        horizon: then each point of theirs is an end of two of them."""
        if any(d.constraint in constraints for d in self.network.disjunctions):
            return False
        ends = [point for constraint in constraints for point in self.network.ends[constraint]]
        return all(ends.count(point) == 2 for point in ends)

    def _constraints_only(self, constraints: Iterable[int]) -> Switches:
        on = bytearray(self.network.switches)
        for constraint in constraints:
            on[constraint] = 1
        return self._switches(on)

    def _conflict(self, on: Switches) -> set[int] | None:
        switches = self.cycle(on)
        if switches is not None:
            return {self._parent[switch] for switch in switches}
        if not self.network.disjunctions:
            return None
        bounds = self.relax(on)
        broken = None if bounds is None else self.broken(on, bounds[1])
        if broken is None:
            return None
        out = {broken.constraint}
        for switch in broken.switches:
            chosen = self.copy(on)
            chosen[switch] = 1
            reason = self._conflict(chosen)
            if reason is None:
                return None
            if broken.constraint not in reason:
                return reason
            out |= reason
        return out

    def cycle(self, on: Switches, by: Any = None) -> list[int] | None:
        """The switches of the edges of one simple negative cycle, or None (``by`` as in ``relax``)."""
        up = self.filled(_TOP, self.points)
        up[0] = 0
        cycle = self.filled(0, self.points + 1)
        moved = self.filled(-1, self.points)
        tail, head, weight, switch = self.edges
        switch = switch if by is None else by
        size = self.kernel.find_cycle(tail, head, weight, switch, on, self.points, up, moved, cycle)
        return [int(switch[cycle[index]]) for index in range(size)] if size else None

    def worlds(self, on: Switches) -> Iterator[tuple[Switches, Bounds]]:
        """Every choice of alternatives that can hold, with its bounds."""
        yield from self._worlds(on, self.open(on), 0)

    def _worlds(
        self, on: Switches, open_: list[Disjunction], depth: int
    ) -> Iterator[tuple[Switches, Bounds]]:
        narrowed = self.narrowed(on)
        if narrowed is None:
            return
        on, bounds = narrowed
        while depth < len(open_) and any(on[switch] for switch in open_[depth].switches):
            depth += 1
        if depth == len(open_):
            yield narrowed
            return
        for switch in self.alive(open_[depth], bounds):
            chosen = self.copy(on)
            chosen[switch] = 1
            yield from self._worlds(chosen, open_, depth + 1)
