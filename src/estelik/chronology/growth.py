"""Growth: statements added one after the other while all can still be true.

Each new edge only moves the latest days that follow from it (Cotton and Maler
2006, "Fast and flexible difference constraint propagation"): for many
statements that is far less than to tighten all of them anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.network import ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    #: Where an edge comes from, where it leads, and its length in quarter days (``kernel``).
    Edge = tuple[int, int, int]


class Growth:
    """Edges that can be true together, and the latest day of each point under them."""

    __slots__ = ("_leaving", "_up")

    def __init__(self, edges: Iterable[Edge], up: Sequence[int]) -> None:
        """``up``: the tagged distances from the calendar under the edges."""
        self._up = list(up)
        self._leaving: list[list[tuple[int, int]]] = [[] for _ in self._up]
        for tail, head, length in edges:
            self._leaving[tail].append((head, length))

    def between(self, start: int, end: int) -> int:
        """Days from one point to another in the latest schedule."""
        return (self._up[end] >> 2) - (self._up[start] >> 2)

    def add(self, edges: Sequence[Edge]) -> bool:
        """Takes in edges, all or none; whether what is there allows them."""
        before: dict[int, int] = {}
        for count, (tail, head, length) in enumerate(edges, 1):
            self._leaving[tail].append((head, length))
            if not self._tighten(tail, head, length, before):
                for point, value in before.items():
                    self._up[point] = value
                for one, _, _ in edges[:count]:
                    self._leaving[one].pop()
                return False
        return True

    def _tighten(self, tail: int, head: int, length: int, before: dict[int, int]) -> bool:
        """Follows a new edge; False where it leads back to its own start, earlier."""
        up = self._up
        reach = up[tail] + length
        if reach >= up[head]:
            return True
        before.setdefault(head, up[head])
        up[head] = reach
        if reach < 0 or head in (tail, ORIGIN):
            return False
        queue = [head]
        for node in queue:
            start = up[node]
            for end, further in self._leaving[node]:
                reach = start + further
                if reach < up[end]:
                    before.setdefault(end, up[end])
                    up[end] = reach
                    # Before the calendar, or its own start moved: the way closes.
                    if reach < 0 or end in (tail, ORIGIN):
                        return False
                    queue.append(end)
        return True
