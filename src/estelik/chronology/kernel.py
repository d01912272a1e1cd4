"""Kernel: the inner loops, on flat sequences of integers.

Each function is plain Python over lists, and the same function compiled by
numba over arrays once a batch is worth the compiler's start-up; both give the
same answers, since it is the same text. Weights are days. A distance is
``4 * days + tag``, where ``tag`` counts how often the path leans on the
horizon: the tag breaks ties in favour of explanations by statements, and a
bound whose tag is not 0 is one that nobody's words give.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence, Sequence

    Ints = Sequence[int]
    Out = MutableSequence[int]


def relax(
    tail: Ints, head: Ints, weight: Ints, switch: Ints, on: Ints, points: int, up: Out, down: Out
) -> bool:
    """Tightens ``up`` (distance from the calendar) and ``down`` (to it) to a fixed point.

    Both come filled with what is known beforehand (the horizon). Returns
    False where the constraints that are on contradict each other
    (Bellman-Ford; a pass over all edges for each point, and one more).
    """
    count = len(tail)
    for _ in range(points + 2):
        changed = False
        for edge in range(count):
            if on[switch[edge]]:
                start = tail[edge]
                end = head[edge]
                step = 4 * weight[edge]
                reach = up[start] + step
                if reach < up[end]:
                    up[end] = reach
                    changed = True
                reach = down[end] + step
                if reach < down[start]:
                    down[start] = reach
                    changed = True
        if up[0] < 0 or down[0] < 0:
            return False
        if not changed:
            return True
    return False


def find_cycle(
    tail: Ints,
    head: Ints,
    weight: Ints,
    switch: Ints,
    on: Ints,
    points: int,
    up: Out,
    by: Out,
    cycle: Out,
) -> int:
    """Writes the edges of one simple negative cycle to ``cycle``; returns their number.

    ``up`` comes filled with the horizon, ``by`` (the edge that last moved a
    point) with -1. An edge that only the horizon makes is not written. 0 means
    that there is no negative cycle.
    """
    count = len(tail)
    last = -1
    for _ in range(points + 2):
        last = -1
        for edge in range(count):
            if on[switch[edge]]:
                end = head[edge]
                reach = up[tail[edge]] + 4 * weight[edge]
                if reach < up[end]:
                    up[end] = reach
                    by[end] = edge
                    last = end
                    if end == 0:
                        break
        if last <= 0:
            break
    if last < 0:
        return 0
    node = last
    if last > 0:
        for _ in range(points):
            if by[node] < 0:
                break
            node = tail[by[node]]
    first = node
    size = 0
    while by[node] >= 0:
        cycle[size] = by[node]
        size += 1
        node = tail[by[node]]
        if node == first or size >= points:
            break
    return size


def relax_many(
    tail: Ints,
    head: Ints,
    weight: Ints,
    edges: Ints,
    points: Ints,
    up: Out,
    down: Out,
    fine: Out,
) -> None:
    """``relax`` for many networks laid end to end, each with all its edges on.

    Network ``i`` has the edges ``edges[i] .. edges[i + 1]`` and the points
    ``points[i] .. points[i + 1]`` (its calendar first, point numbers relative
    to it). ``fine[i]`` becomes 1 where it is consistent.
    """
    for network in _range(len(points) - 1):
        base = points[network]
        size = points[network + 1] - base
        fine[network] = 0
        for _ in range(size + 2):
            changed = False
            for edge in range(edges[network], edges[network + 1]):
                start = base + tail[edge]
                end = base + head[edge]
                step = 4 * weight[edge]
                reach = up[start] + step
                if reach < up[end]:
                    up[end] = reach
                    changed = True
                reach = down[end] + step
                if reach < down[start]:
                    down[start] = reach
                    changed = True
            if up[base] < 0 or down[base] < 0:
                break
            if not changed:
                fine[network] = 1
                break


_range: Any = range


class Kernel(NamedTuple):
    """The functions above, as written or as compiled."""

    relax: Callable[..., bool]
    find_cycle: Callable[..., int]
    relax_many: Callable[..., None]
    compiled: bool


PLAIN = Kernel(relax, find_cycle, relax_many, compiled=False)


@cache
def compiled() -> Kernel:
    """The functions compiled by numba (kept beside the module between runs)."""
    import numba

    # As written the loop over networks is a range; compiled it uses every core.
    globals()["_range"] = numba.prange
    quick = numba.njit(cache=True, nogil=True)
    wide = numba.njit(cache=True, nogil=True, parallel=True)
    return Kernel(quick(relax), quick(find_cycle), wide(relax_many), compiled=True)
