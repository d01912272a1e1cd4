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
from types import FunctionType
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
    closed = False
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
                    # Before the calendar itself, or before the horizon: the way closes here.
                    closed = reach < 0
                    if closed:
                        break
        if closed or last < 0:
            break
    if last < 0:
        return 0
    # Enough steps back lead onto the cycle, or, where the horizon began the way, out of it.
    node = last
    for _ in range(points + 1):
        if by[node] < 0:
            node = last
            break
        node = tail[by[node]]
    first = node
    size = 0
    while by[node] >= 0:
        cycle[size] = by[node]
        size += 1
        node = tail[by[node]]
        if node == first:
            break
    return size


def cycle_tables(
    tail: Ints, head: Ints, weight: Ints, owner: Ints, on: Ints, points: int, most: int, table: Out
) -> int:
    """Fills ``table`` with the shortest ways over few statements; the size of the smallest cycle.

    ``table[(k * points + i) * points + j]`` becomes the length in days of the
    shortest way from i to j over k statements' edges and any axioms' (owner
    -1), for k = 0, 1, ... The first entries (k = 0) come filled with the
    horizon. Stops at the first k for which some way back to its start is
    negative, and returns it; ``most + 1`` where there is none up to ``most``.
    """
    size = points * points
    far = 1 << 40
    for edge in range(len(tail)):
        at = tail[edge] * points + head[edge]
        if owner[edge] < 0 and weight[edge] < table[at]:
            table[at] = weight[edge]
    for middle in range(points):
        for start in range(points):
            reach = table[start * points + middle]
            for end in range(points):
                through = reach + table[middle * points + end]
                table[start * points + end] = min(table[start * points + end], through)
    last = most + 1
    for entry in range(size, 2 * size):
        table[entry] = far
    # The tightest edge of any statement between two points, then axioms on both sides.
    for edge in range(len(tail)):
        at = size + tail[edge] * points + head[edge]
        if owner[edge] >= 0 and on[owner[edge]] and weight[edge] < table[at]:
            table[at] = weight[edge]
    for entry in range(2 * size, 3 * size):
        table[entry] = far
    for start in range(points):
        for middle in range(points):
            reach = table[size + start * points + middle]
            if reach < far:
                for end in range(points):
                    through = reach + table[middle * points + end]
                    at = 2 * size + start * points + end
                    table[at] = min(table[at], through)
    for entry in range(size, 2 * size):
        table[entry] = far
    for start in range(points):
        for middle in range(points):
            reach = table[start * points + middle]
            for end in range(points):
                through = reach + table[2 * size + middle * points + end]
                table[size + start * points + end] = min(table[size + start * points + end], through)
    for count in range(1, most + 1):
        base = count * size
        if count > 1:
            for entry in range(base, base + size):
                table[entry] = far
            for start in range(points):
                for middle in range(points):
                    reach = table[base - size + start * points + middle]
                    for end in range(points):
                        through = reach + table[size + middle * points + end]
                        table[base + start * points + end] = min(table[base + start * points + end], through)
        for point in range(points):
            if table[base + point * points + point] < 0:
                return count
    return last


def list_cycles(
    tail: Ints,
    head: Ints,
    weight: Ints,
    owner: Ints,
    on: Ints,
    points: int,
    count: int,
    table: Ints,
    stack: Out,
    out: Out,
) -> int:
    """Lists every negative cycle over ``count`` statements; returns how many were written.

    A cycle is written to ``out`` as the statements it passes, its lowest first;
    writing stops when ``out`` is full. ``table`` is of ``cycle_tables``;
    ``stack`` has room for ``3 * (count + 1)`` entries: the edge tried next, the
    statement and the length at each depth.
    """
    size = points * points
    edges = len(tail)
    room = len(out) // count
    found = 0
    for first in range(edges):
        lowest = owner[first]
        if lowest < 0 or not on[lowest]:
            continue
        home = tail[first]
        depth = 1
        stack[1] = lowest
        stack[2] = weight[first]
        stack[3] = 0
        place = head[first]
        if weight[first] + table[(count - 1) * size + place * points + home] >= 0:
            continue
        if count == 1:
            if found < room:
                out[found] = lowest
                found += 1
            continue
        while depth > 0:
            edge = stack[3 * depth]
            if edge >= edges:
                depth -= 1
                continue
            stack[3 * depth] = edge + 1
            by = owner[edge]
            if by <= lowest or not on[by]:
                continue
            used = False
            for level in range(1, depth):
                if stack[3 * level + 1] == by:
                    used = True
            if used:
                continue
            place = head[first] if depth == 1 else head[stack[3 * (depth - 1)] - 1]
            length = stack[3 * (depth - 1) + 2] + table[place * points + tail[edge]] + weight[edge]
            left = count - 1 - depth
            if length + table[left * size + head[edge] * points + home] >= 0:
                continue
            if left == 0:
                if found < room:
                    base = found * count
                    out[base] = lowest
                    for level in range(1, depth):
                        out[base + level] = stack[3 * level + 1]
                    out[base + depth] = by
                    found += 1
                continue
            stack[3 * depth + 1] = by
            stack[3 * depth + 2] = length
            depth += 1
            stack[3 * depth] = 0
    return found


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
    to it). ``fine[i]`` becomes 1 where it is consistent. Numbers of points and
    edges are best unsigned: an index that cannot be negative is used as it is.
    """
    for network in _range(len(points) - 1):
        base = points[network]
        size = points[network + 1] - base
        fine[network] = 0
        for _ in range(size + 2):
            # Without branches: whether an edge tightens anything is past guessing for the processor.
            moved = 0
            for edge in range(edges[network], edges[network + 1]):
                start = base + tail[edge]
                end = base + head[edge]
                step = 4 * weight[edge]
                before = up[end]
                up[end] = min(before, up[start] + step)
                moved |= before - up[end]
                before = down[start]
                down[start] = min(before, down[end] + step)
                moved |= before - down[start]
            if up[base] < 0 or down[base] < 0:
                break
            if not moved:
                fine[network] = 1
                break


_range: Any = range


class Kernel(NamedTuple):
    """The functions above, as written or as compiled."""

    relax: Callable[..., bool]
    find_cycle: Callable[..., int]
    cycle_tables: Callable[..., int]
    list_cycles: Callable[..., int]
    relax_many: Callable[..., None]
    #: ``relax_many`` on one core, for processes that must not start threads.
    relax_in_turn: Callable[..., None]
    compiled: bool


PLAIN = Kernel(relax, find_cycle, cycle_tables, list_cycles, relax_many, relax_many, compiled=False)


@cache
def compiled() -> Kernel:
    """The functions compiled by numba (kept beside the module between runs)."""
    import numba

    # As written the loop over networks is a range; compiled it uses every core.
    globals()["_range"] = numba.prange
    # A name of its own, since numba keeps compiled functions by name.
    in_turn = FunctionType(relax_many.__code__, globals(), "relax_in_turn")
    in_turn.__qualname__ = in_turn.__name__
    quick = numba.njit(cache=True, nogil=True)
    wide = numba.njit(cache=True, nogil=True, parallel=True)
    return Kernel(
        quick(relax),
        quick(find_cycle),
        quick(cycle_tables),
        quick(list_cycles),
        wide(relax_many),
        quick(in_turn),
        compiled=True,
    )
