"""Minimal network: every distance at once, and "what if" on top of it.

``distance[u, v]`` is the largest that ``t(v) - t(u)`` can be, in days, with
the horizon in (Floyd-Warshall). Adding one constraint to a closed network is
one broadcast; whether it can be added is one look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from estelik.chronology.network import HORIZON, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from estelik.chronology.solver import Solver, Switches
    from estelik.chronology.timeline import Solution

    Distances = NDArray[np.int64]

#: Worlds (choices of alternatives, over all accounts) that are looked at one by one.
_WORLDS = 256


class Minimal:
    """A closed, consistent network; immutable."""

    __slots__ = ("distance",)

    def __init__(self, distance: Distances) -> None:
        self.distance = distance

    def earliest(self, point: int) -> int:
        """The first day of a point."""
        return -int(self.distance[point, ORIGIN])

    def latest(self, point: int) -> int:
        """The last day of a point."""
        return int(self.distance[ORIGIN, point])

    def at_most(self, start: int, end: int, days: int) -> Minimal | None:
        """This network with ``t(end) - t(start) <= days``, or None where it cannot be."""
        distance = self.distance
        if distance[end, start] + days < 0:
            return None
        if distance[start, end] <= days:
            return self
        via = distance[:, start, None] + days + distance[None, end, :]
        return Minimal(np.minimum(distance, via))

    def not_after(self, one: int, other: int, days: int = 0) -> Minimal | None:
        """With ``t(one) <= t(other) - days``."""
        return self.at_most(other, one, -days)

    def within(self, point: int, first: int, last: int) -> Minimal | None:
        """With the point between two days, inclusive."""
        lower = self.at_most(point, ORIGIN, -first)
        return None if lower is None else lower.at_most(ORIGIN, point, last)

    def with_point(self) -> tuple[Minimal, int]:
        """With one more point, anywhere within the horizon."""
        size = len(self.distance)
        wider = np.empty((size + 1, size + 1), dtype=np.int64)
        wider[:size, :size] = self.distance
        wider[:size, size] = self.distance[:, ORIGIN] + HORIZON
        wider[size, :size] = self.distance[ORIGIN, :]
        wider[size, size] = 0
        return Minimal(wider), size

    def beside(self, other: Minimal) -> tuple[Minimal, int]:
        """Two networks that only share the calendar, as one; the other's points
        start after this one's: the number returned is what to add to theirs."""
        one, two = self.distance, other.distance
        size, more = len(one), len(two) - 1
        both = np.empty((size + more, size + more), dtype=np.int64)
        both[:size, :size] = one
        both[size:, size:] = two[1:, 1:]
        both[:size, size:] = one[:, ORIGIN, None] + two[None, ORIGIN, 1:]
        both[size:, :size] = two[1:, ORIGIN, None] + one[None, ORIGIN, :]
        return Minimal(both), size - 1


def close(solver: Solver, on: Switches) -> Minimal:
    """The minimal network of what is on, every disjunction at its hull; it must be consistent."""
    network = solver.network
    size = network.points
    distance = np.full((size, size), 2 * HORIZON + 1, dtype=np.int64)
    np.fill_diagonal(distance, 0)
    distance[ORIGIN, 1:] = HORIZON
    distance[1:, ORIGIN] = 0
    for start, end, days, switch in zip(
        network.tail, network.head, network.weight, network.switch, strict=True
    ):
        if on[switch] and days < distance[start, end]:
            distance[start, end] = days
    for middle in range(size):
        np.minimum(distance, distance[:, middle, None] + distance[None, middle, :], out=distance)
    return Minimal(distance)


def worlds(solution: Solution) -> Iterator[Minimal]:
    """The minimal network of every account and every choice of alternatives.

    Above 256 choices the disjunctions of an account stay at their hulls:
    "throughout" and "never" still hold, "possibly" may be said too often.
    """
    accounts: list[Any] = list(solution.accounts())
    for account in accounts:
        # What only one alternative is left of leaves no choice.
        narrowed = solution.solver.narrowed(account)
        on = account if narrowed is None else narrowed[0]
        few = _WORLDS // len(accounts)
        if solution.solver.choices(on, few) > few:
            yield close(solution.solver, on)
        else:
            for chosen, _ in solution.solver.worlds(on):
                yield close(solution.solver, chosen)
