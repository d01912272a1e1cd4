"""Consistency of constraints by search over alternatives; minimal conflicts; bounds.

Nothing here is shared with the engine: negative cycles by Bellman-Ford over
edge lists, disjunctions by backtracking, conflicts by dualisation (every
minimal conflict and every minimal hitting set of them).
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from tests.oracle.problem import CALENDAR, Constraint, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tests.oracle.cells import Interval

#: Beyond this many minimal conflicts and repairs tried, or consistent choices of
#: alternatives, a case is too hard for an oracle and is passed over.
LIMIT = 150
LEAVES = 2000


class TooHardError(Exception):
    """The case would take the oracle too long."""


Edge = tuple[Point, Point, int, int]


def _edges(chosen: Iterable[tuple[int, Constraint, Interval]]) -> list[Edge]:
    """``t(to) <= t(from) + length``, with the constraint's number."""
    edges = []
    for number, constraint, (low, high) in chosen:
        if high is not None:
            edges.append((constraint.origin, constraint.target, high, number))
        if low is not None:
            edges.append((constraint.target, constraint.origin, -low, number))
    return edges


def _negative_cycle(edges: Sequence[Edge]) -> frozenset[int] | None:
    """The constraints on one simple negative cycle, or None if there is none."""
    distance = {point: 0 for edge in edges for point in edge[:2]}
    before: dict[Point, Edge] = {}
    outgoing: dict[Point, list[Edge]] = {point: [] for point in distance}
    for edge in edges:
        outgoing[edge[0]].append(edge)
    queue = deque(distance)
    waiting = set(distance)
    steps = 0
    while queue:
        origin = queue.popleft()
        waiting.discard(origin)
        for edge in outgoing[origin]:
            target, length = edge[1], edge[2]
            if distance[origin] + length < distance[target]:
                distance[target] = distance[origin] + length
                before[target] = edge
                if target not in waiting:
                    waiting.add(target)
                    queue.append(target)
        steps += 1
        if steps % len(distance) == 0 and (cycle := _cycle_in(before)) is not None:
            return cycle
    return None


def _cycle_in(before: dict[Point, Edge]) -> frozenset[int] | None:
    """A cycle among the predecessors: always a negative one."""
    done: set[Point] = set()
    for start in before:
        path: dict[Point, None] = {}
        point = start
        while point in before and point not in done and point not in path:
            path[point] = None
            point = before[point][0]
        if point in path:
            cycle, here = [before[point][3]], before[point][0]
            while here != point:
                cycle.append(before[here][3])
                here = before[here][0]
            return frozenset(cycle)
        done.update(path)
    return None


def _hull(alternatives: Sequence[Interval]) -> Interval:
    lows = [low for low, _ in alternatives]
    highs = [high for _, high in alternatives]
    return (
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )


def _choices(constraints: Sequence[Constraint], chosen: dict[int, Interval]) -> list[Edge]:
    return _edges(
        (number, constraint, chosen.get(number) or _hull(constraint.alternatives))
        for number, constraint in enumerate(constraints)
    )


def conflict(constraints: Sequence[Constraint]) -> frozenset[int] | None:
    """Numbers of constraints that cannot all hold (not yet a minimal set), or None."""
    open_ones = [n for n, c in enumerate(constraints) if len(c.alternatives) > 1]

    def search(chosen: dict[int, Interval], depth: int) -> frozenset[int] | None:
        cycle = _negative_cycle(_choices(constraints, chosen))
        if cycle is not None or depth == len(open_ones):
            return cycle
        number = open_ones[depth]
        union: frozenset[int] = frozenset()
        for alternative in constraints[number].alternatives:
            found = search({**chosen, number: alternative}, depth + 1)
            if found is None or number not in found:
                return found
            union |= found
        return union

    return search({}, 0)


def tightest(constraints: Iterable[Constraint]) -> tuple[Constraint, ...]:
    """Without disjunctions: the same problem with one tightest edge between two points.

    A simple negative cycle over a looser edge is one over the tighter edge too,
    so that the points on such cycles stay the same.
    """
    best: dict[tuple[Point, Point], int] = {}
    for a, b, length, _ in _choices(list(constraints), {}):
        best[a, b] = min(best.get((a, b), length), length)
    return tuple(Constraint(a, b, ((None, length),)) for (a, b), length in best.items())


def leaves(constraints: Sequence[Constraint]) -> Iterator[list[Edge]]:
    """Every consistent choice of alternatives, as a graph."""
    open_ones = [n for n, c in enumerate(constraints) if len(c.alternatives) > 1]
    count = 0

    def search(chosen: dict[int, Interval], depth: int) -> Iterator[list[Edge]]:
        nonlocal count
        edges = _choices(constraints, chosen)
        if _negative_cycle(edges) is not None:
            return
        if depth == len(open_ones):
            count += 1
            if count > LEAVES:
                raise TooHardError
            yield edges
            return
        number = open_ones[depth]
        for alternative in constraints[number].alternatives:
            yield from search({**chosen, number: alternative}, depth + 1)

    yield from search({}, 0)


def spans(
    constraints: Sequence[Constraint], points: Iterable[Point], *, null: bool = True
) -> dict[Point, list[Interval]]:
    """For each point the days that some solution gives it: ascending, apart by at least a day.

    With ``null`` an end is None where the same choice of alternatives does not
    give it once the horizon is taken away.
    """
    found: dict[Point, list[Interval]] = {point: [] for point in points}
    for part in linked(constraints):
        inside = {point for c in part for point in (c.origin, c.target)} & found.keys()
        for edges in leaves(part):
            upper, lower = _bounds(edges)
            if null:
                free_upper, free_lower = _bounds([edge for edge in edges if not part[edge[3]].horizon])
                upper = {p: day for p, day in upper.items() if free_upper.get(p) == day}
                lower = {p: day for p, day in lower.items() if free_lower.get(p) == day}
            for point in inside:
                low = lower.get(point)
                found[point].append((None if low is None else -low, upper.get(point)))
    return {point: union(all_spans or [(None, None)]) for point, all_spans in found.items()}


def _bounds(edges: Sequence[Edge]) -> tuple[dict[Point, int], dict[Point, int]]:
    """Latest days, and earliest days negated."""
    return (
        _distances([(a, b, length) for a, b, length, _ in edges]),
        _distances([(b, a, length) for a, b, length, _ in edges]),
    )


def linked(constraints: Iterable[Constraint]) -> list[list[Constraint]]:
    """The constraints, split where nothing but the calendar is shared."""
    root: dict[Point, Point] = {}

    def find(point: Point) -> Point:
        while root.setdefault(point, point) != point:
            point = root[point]
        return point

    constraints = list(constraints)
    for constraint in constraints:
        if CALENDAR not in {constraint.origin, constraint.target}:
            root[find(constraint.origin)] = find(constraint.target)
    groups: dict[Point, list[Constraint]] = {}
    for constraint in constraints:
        point = constraint.origin if constraint.origin != CALENDAR else constraint.target
        groups.setdefault(find(point), []).append(constraint)
    return list(groups.values())


def _distances(edges: Sequence[tuple[Point, Point, int]]) -> dict[Point, int]:
    """Shortest distances from the calendar in a graph without negative cycles."""
    outgoing: dict[Point, list[tuple[Point, int]]] = {}
    for origin, target, length in edges:
        outgoing.setdefault(origin, []).append((target, length))
    distance = {CALENDAR: 0}
    queue = deque([CALENDAR])
    while queue:
        origin = queue.popleft()
        for target, length in outgoing.get(origin, []):
            reach = distance[origin] + length
            if target not in distance or reach < distance[target]:
                distance[target] = reach
                queue.append(target)
    return distance


def union(all_spans: Iterable[Interval]) -> list[Interval]:
    """The union of spans of whole days; spans that touch are one."""
    low_end, high_end = -(10**9), 10**9
    merged: list[list[int]] = []
    for low, high in sorted(
        (low_end if a is None else a, high_end if b is None else b) for a, b in all_spans
    ):
        if merged and low <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    return [(None if a == low_end else a, None if b == high_end else b) for a, b in merged]


def dualise(
    core_without: Callable[[int], int | None],
    enough: Callable[[], bool] = lambda: False,
    limit: int = 10,
) -> tuple[list[int], list[int]]:
    """Every minimal conflict among some items and every minimal hitting set of them.

    Sets are bit masks. ``core_without(mask)`` gives a minimal conflict that has
    none of the mask's items, or None. ``enough`` stops early: the lists are
    then incomplete. After ``limit`` times LIMIT tries it gives up.
    """
    calls = 0
    cores: list[int] = []
    hitting: list[int] = [0]
    verified: set[int] = set()
    while True:
        unverified = [mask for mask in hitting if mask not in verified]
        if not unverified or enough():
            return cores, hitting
        if calls > limit * LIMIT or len(hitting) > 20 * LIMIT:
            raise TooHardError
        mask = min(unverified, key=int.bit_count)
        calls += 1
        core = core_without(mask)
        if core is None:
            verified.add(mask)
        else:
            cores.append(core)
            hitting = _times(hitting, core)


def _times(hitting: list[int], core: int) -> list[int]:
    """Minimal hitting sets once a further set must be hit (Berge)."""
    kept = [mask for mask in hitting if mask & core]
    grown = []
    bits = [1 << n for n in range(core.bit_length()) if core >> n & 1]
    for mask in hitting:
        if mask & core:
            continue
        for bit in bits:
            wider = mask | bit
            if not any(other & wider == other for other in kept if other & bit):
                grown.append(wider)
    return kept + grown
