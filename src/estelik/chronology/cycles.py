"""Cycles: which points lie on a simple negative cycle of the constraint graph.

A minimal contradiction without alternatives is a simple negative cycle, and
every constraint of one with alternatives lies on such a cycle of the graph in
which each alternative is as tight as any: a point on none is on no minimal
contradiction. Whether a simple negative cycle passes through a given point is
hard in general (directed disjoint paths; Fortune, Hopcroft and Wyllie 1980).
Here it mostly is not: without the calendar and a few *hubs* more, no cycle is
negative, so that shortest ways between hubs are found exactly. Each hub passed
once at most, they bound every cycle from below (Held and Karp 1962); where two
ways of the shortest cycle share a point, it is forbidden first to one of them,
then to the other (conflict-based search, Sharon et al. 2015).
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from estelik.chronology.network import HORIZON, ORIGIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from estelik.chronology.network import Disjunction, Network
    from estelik.chronology.solver import Switches

    Days = NDArray[np.int64]

#: Longer than any way, in days; what cannot be reached.
_FAR: Final = 1 << 40
#: Hubs beyond which the ways through all of their subsets are too many.
_HUBS: Final = 8
#: An edge that only the horizon makes belongs to no constraint.
_BARE: Final = -1


class Limit:
    """Steps that may still be taken, shared by all searches over one group."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def take(self, steps: int = 1) -> None:
        """Some steps; ``ExhaustedError`` where there are not as many left."""
        self.left -= steps
        if self.left < 0:
            raise ExhaustedError


class ExhaustedError(Exception):
    """A search took more steps than it may; caught where it was begun."""


class Cycle(NamedTuple):
    """The constraints of one simple negative cycle, and whether it closes through the horizon."""

    constraints: frozenset[int]
    bare: bool


class Edge(NamedTuple):
    """``t(head) - t(tail) <= days``, made by a constraint."""

    tail: int
    head: int
    days: int
    constraint: int


class _Way(NamedTuple):
    """One stretch of a cycle from hub to hub: what it may not touch, its days and edges."""

    start: int
    end: int
    points: frozenset[int]
    constraints: frozenset[int]
    days: int
    edges: tuple[int, ...]


class Cycles:
    """The negative cycles among some points that hang together without the calendar."""

    def __init__(self, edges: Sequence[Edge], size: int, limit: Limit) -> None:
        edges = sorted(edges, key=lambda edge: edge.head)
        self._edges = edges
        self._limit = limit
        self._size = size
        columns = np.array(edges, dtype=np.int64).reshape(-1, 4)
        self._tail, self._head, self._days, self._constraint = (columns[:, n].copy() for n in range(4))
        self._starts = np.flatnonzero(np.diff(self._head, prepend=-1))
        self._heads = self._head[self._starts]
        self._hubs = _hubs(edges, size)
        #: The points that may lie on a simple negative cycle, or None where hubs are too many to tell.
        self.candidates: set[int] | None = None
        if len(self._hubs) <= _HUBS:
            self._subsets = self._through_subsets()
            self.candidates = {int(point) for point in np.flatnonzero(self._least() < 0)}

    @property
    def constraints(self) -> set[int]:
        """The constraints that make its edges."""
        return {edge.constraint for edge in self._edges} - {_BARE}

    def without(self, constraints: set[int]) -> Cycles:
        """The same without what some constraints make."""
        kept = [edge for edge in self._edges if edge.constraint not in constraints]
        return Cycles(kept, self._size, self._limit)

    def through(self, point: int) -> Cycle | None:
        """A simple negative cycle through a candidate, or None where there is none."""
        blocked = frozenset({*self._hubs, point})
        for order in self._orders(point, point, 0):
            stops = (point, *order, point)
            found = self._apart([self._way(*pair, blocked, frozenset()) for pair in pairwise(stops)])
            if found is not None:
                return found
        return None

    def over(self, tail: int, head: int, days: int, constraint: int) -> bool:
        """Whether an edge would lie on a simple negative cycle; nothing else of
        the constraint that makes it is leant on."""
        blocked = frozenset({*self._hubs, tail, head})
        made = frozenset({constraint})
        for order in self._orders(head, tail, days):
            stops = (head, *order, tail)
            edge = _Way(tail, head, blocked, made, days, ())
            if self._apart([edge, *(self._way(*pair, blocked, made) for pair in pairwise(stops))]):
                return True
        return False

    def _apart(self, ways: list[_Way]) -> Cycle | None:
        """A negative cycle of ways between the same stops that share nothing else, or None."""
        pending = [ways]
        while pending:
            ways = pending.pop()
            if sum(way.days for way in ways) >= 0:
                continue
            shared = self._shared(ways)
            if shared is None:
                made = {int(self._constraint[edge]) for way in ways for edge in way.edges}
                return Cycle(frozenset(made - {_BARE}), _BARE in made)
            one, other, touched, constraint = shared
            for index in (one, other):
                way = ways[index]
                narrowed = self._way(
                    way.start,
                    way.end,
                    way.points if touched is None else way.points | {touched},
                    way.constraints if constraint is None else way.constraints | {constraint},
                )
                pending.append([*ways[:index], narrowed, *ways[index + 1 :]])
        return None

    def _shared(self, ways: Sequence[_Way]) -> tuple[int, int, int | None, int | None] | None:
        """Two ways that pass one point, or lean on one constraint, and which."""
        # The nearest to where the cycle starts comes first: to forbid it cuts off most.
        passed = [[int(self._head[edge]) for edge in way.edges[:-1]] for way in ways]
        for one, along in enumerate(passed):
            for touched in along:
                for other in range(one + 1, len(ways)):
                    if touched in passed[other]:
                        return one, other, touched, None
        constraints: dict[int, int] = {}
        for index, way in enumerate(ways):
            for edge in way.edges:
                made = int(self._constraint[edge])
                if made != _BARE and constraints.setdefault(made, index) != index:
                    return constraints[made], index, None, made
        return None

    def _way(self, start: int, end: int, points: frozenset[int], constraints: frozenset[int]) -> _Way:
        """The shortest way between two points that passes none of ``points``, fewest edges first."""
        self._limit.take()
        days = self._days
        if constraints:
            days = np.where(np.isin(self._constraint, list(constraints)), _FAR, days)
        # Forbidden points may end the way, as hubs do, but not lie on it.
        layers = self._reach(start, points, days)
        length = int(layers[-1][end])
        if length >= _FAR:
            return _Way(start, end, points, constraints, _FAR, ())
        edges: list[int] = []
        node, layer = end, len(layers) - 1
        while True:
            value = layers[layer][node]
            while layer and layers[layer - 1][node] == value:
                layer -= 1
            into = slice(*np.searchsorted(self._head, [node, node + 1]))
            if not layer:
                from_start = (self._tail[into] == start) & (days[into] == value)
                edges.append(into.start + int(np.argmax(from_start)))
                break
            tails = self._tail[into]
            reached = layers[layer - 1][tails] + days[into] == value
            reached &= ~np.isin(tails, list(points))
            edges.append(into.start + int(np.argmax(reached)))
            node, layer = int(self._tail[edges[-1]]), layer - 1
        return _Way(start, end, points, constraints, length, tuple(reversed(edges)))

    def _reach(self, start: int, blocked: Iterable[int], days: Days, *, back: bool = False) -> list[Days]:
        """Shortest ways from ``start`` (``back``: to it) over 1, 2, ... edges at
        most, to the fixed point; ways end at ``blocked`` points and at the start."""
        tail, head = (self._head, self._tail) if back else (self._tail, self._head)
        first = np.full(self._size, _FAR, dtype=np.int64)
        leaving = tail == start
        np.minimum.at(first, head[leaving], days[leaving])
        stopped = np.zeros(self._size, dtype=bool)
        stopped[list(blocked)] = True
        stopped[start] = True
        steps = np.where(stopped[tail], _FAR, days)
        layers = [first]
        while True:
            reach = layers[-1].copy()
            through = reach[tail] + steps
            if back:
                np.minimum.at(reach, head, through)
            elif len(self._starts):
                shortest = np.minimum.reduceat(through, self._starts)
                reach[self._heads] = np.minimum(reach[self._heads], shortest)
            # What is far stays far, however many steps back lead on from there.
            reach[reach > _FAR // 2] = _FAR
            if (reach == layers[-1]).all():
                return layers
            layers.append(reach)

    def _through_subsets(self) -> Days:
        """[subset, hub, point]: the shortest way from a point through exactly
        these hubs, this one last."""
        hubs = self._hubs
        into = [self._reach(hub, hubs, self._days, back=True)[-1] for hub in hubs]
        self._from = np.array([self._reach(hub, hubs, self._days)[-1] for hub in hubs])
        table = np.full((1 << len(hubs), len(hubs), self._size), _FAR, dtype=np.int64)
        for subset in range(1, len(table)):
            inside = [n for n in range(len(hubs)) if subset >> n & 1]
            for last in inside:
                before = subset & ~(1 << last)
                if not before:
                    table[subset, last] = into[last]
                else:
                    legs = self._from[:, hubs[last]]
                    table[subset, last] = (table[before] + legs[:, None]).min(axis=0)
            table[subset][:, [hubs[n] for n in inside]] = _FAR  # a hub is passed once
        return table

    def _least(self) -> Days:
        """For each point a lower bound of all simple cycles through it."""
        least: Days = (self._subsets + self._from[None]).min(axis=(0, 1))
        for number, hub in enumerate(self._hubs):
            least[hub] = min(least[hub], self._from[number, hub])
        return least

    def _orders(self, start: int, end: int, days: int) -> Iterator[tuple[int, ...]]:
        """The orders of hubs in which a way from ``start`` to ``end`` shorter than
        ``-days`` may pass them."""
        hubs = self._hubs
        free = [n for n, hub in enumerate(hubs) if hub not in (start, end)]
        if start != end or start in hubs:
            yield ()
        least = self._subsets[:, :, start]
        subsets = np.arange(len(least))
        whole = sum(1 << n for n in free)
        pending: list[tuple[int, int, int, tuple[int, ...]]]
        pending = [(whole, n, int(self._from[n, end]) + days, (n,)) for n in free]
        while pending:
            left, first, length, order = pending.pop()
            if least[1 << first, first] + length < 0:
                yield tuple(hubs[n] for n in order)
            left &= ~(1 << first)
            for hub in range(len(hubs)):
                if left >> hub & 1:
                    longer = int(self._from[hub, hubs[first]]) + length
                    if least[(subsets & ~left) == 0, hub].min() + longer < 0:
                        pending.append((left, hub, longer, (hub, *order)))


def graphs(network: Network, on: Switches, limit: Limit) -> Iterator[tuple[dict[int, int], Cycles]]:
    """The negative cycles of what is on, apart where only the calendar is shared,
    with the number there of each point.

    A disjunction that no contradiction can break is part of none: it is left out.
    """
    disjunctions = {one.constraint: one for one in network.disjunctions if on[one.constraint]}
    for numbers, edges in _parts(network, on):
        graph = Cycles(edges, len(numbers), limit)
        inside = [disjunctions[c] for c in sorted({edge.constraint for edge in edges} & disjunctions.keys())]
        while graph.candidates:
            idle = {one.constraint for one in inside if not _matters(graph, numbers, one)}
            if not idle:
                break
            inside = [one for one in inside if one.constraint not in idle]
            graph = graph.without(idle)
        yield numbers, graph


def _matters(cycles: Cycles, numbers: dict[int, int], one: Disjunction) -> bool:
    """Whether the rest of some contradiction can leave only days between two
    alternatives next to each other, or beyond all of them.

    What is left of a minimal contradiction without the disjunction can be true:
    in one choice of the other alternatives its days are one interval that
    meets none of these.
    """
    start, end = numbers[one.start], numbers[one.end]
    kept = sorted(
        (-HORIZON if low is None else low, HORIZON if high is None else high)
        for low, high in one.alternatives
    )
    reached = -HORIZON - 1
    for low, high in [*kept, (HORIZON + 1, HORIZON + 1)]:
        if low > reached + 1:
            later = reached < -HORIZON or cycles.over(start, end, reached, one.constraint)
            earlier = low > HORIZON or cycles.over(end, start, -low, one.constraint)
            if later and earlier:
                return True
        reached = max(reached, high)
    return False


def _parts(network: Network, on: Switches) -> Iterator[tuple[dict[int, int], list[Edge]]]:
    edges = list(_edges(network, on))
    parent = list(range(network.points))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for edge in edges:
        if ORIGIN not in (edge.tail, edge.head):
            parent[root(edge.tail)] = root(edge.head)
    numbers: dict[int, dict[int, int]] = {}
    for point in range(1, network.points):
        own = numbers.setdefault(root(point), {ORIGIN: ORIGIN})
        own[point] = len(own)
    parts: dict[int, list[Edge]] = {top: [] for top in numbers}
    for edge in edges:
        top = root(edge.head if edge.tail == ORIGIN else edge.tail)
        own = numbers[top]
        parts[top].append(edge._replace(tail=own[edge.tail], head=own[edge.head]))
    for top, own in numbers.items():
        bare = [
            edge
            for point in range(1, len(own))
            for edge in (Edge(ORIGIN, point, HORIZON, _BARE), Edge(point, ORIGIN, 0, _BARE))
        ]
        yield own, parts[top] + bare


def _edges(network: Network, on: Switches) -> Iterator[Edge]:
    apart = {disjunction.constraint for disjunction in network.disjunctions}
    for tail, head, days, switch in zip(
        network.tail, network.head, network.weight, network.switch, strict=True
    ):
        if on[switch] and switch < len(network.owner) and switch not in apart:
            yield Edge(tail, head, days, switch)
    for one in network.disjunctions:
        if on[one.constraint]:
            highs = [high for _, high in one.alternatives if high is not None]
            lows = [low for low, _ in one.alternatives if low is not None]
            if highs:
                yield Edge(one.start, one.end, min(highs), one.constraint)
            if lows:
                yield Edge(one.end, one.start, -max(lows), one.constraint)


def _hubs(edges: Sequence[Edge], size: int) -> list[int]:
    """Points without which no cycle is negative, the calendar first; more than
    ``_HUBS`` where they are too many to be of use."""
    hubs = [ORIGIN]
    ties = [0] * size
    for edge in edges:
        ties[edge.tail] += 1
    while len(hubs) <= _HUBS:
        edges = [edge for edge in edges if edge.tail != hubs[-1] and edge.head != hubs[-1]]
        cycle = _negative_cycle(edges, size)
        if not cycle:
            break
        hubs.append(max(cycle, key=lambda point: (ties[point], -point)))
    return hubs


def _negative_cycle(edges: Sequence[Edge], size: int) -> list[int]:
    """The points of some negative cycle, or none (Bellman-Ford from everywhere at once)."""
    reach = [0] * size
    by = [-1] * size
    for _ in range(size + 1):
        changed = -1
        for tail, head, days, _made in edges:
            if reach[tail] + days < reach[head]:
                reach[head] = reach[tail] + days
                by[head] = tail
                changed = head
        if changed < 0:
            return []
        trail = [changed]
        seen = {changed}
        while by[trail[-1]] >= 0:
            before = by[trail[-1]]
            if before in seen:
                return trail[trail.index(before) :]
            seen.add(before)
            trail.append(before)
    return []
