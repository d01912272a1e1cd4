"""Cycles: which points lie on a simple negative cycle, against trying every simple cycle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.chronology.cycles import Cycles, Edge, Limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SIZE = 7

_edges = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1), st.integers(-4, 9)).filter(
        lambda edge: edge[0] != edge[1]
    ),
    max_size=22,
).map(lambda rows: [Edge(*row, number) for number, row in enumerate(rows)])


def _simple(edges: Sequence[Edge], taken: Sequence[Edge], home: int) -> Iterator[list[Edge]]:
    """Every simple cycle that starts with ``taken`` and leads back to ``home``."""
    at = taken[-1].head
    if at == home:
        yield list(taken)
        return
    passed = {edge.tail for edge in taken}
    for edge in edges:
        if edge.tail == at and (edge.head == home or edge.head not in passed):
            yield from _simple(edges, [*taken, edge], home)


def _negative(edges: Sequence[Edge], first: Edge) -> list[frozenset[int]]:
    found = (cycle for cycle in _simple(edges, [first], first.tail))
    return [frozenset(edge.constraint for edge in one) for one in found if sum(e.days for e in one) < 0]


@given(edges=_edges)
@settings(max_examples=400, deadline=None, derandomize=True)
def test_a_point_is_on_a_negative_cycle_where_some_simple_cycle_through_it_is(edges: list[Edge]) -> None:
    graph = Cycles(edges, SIZE, Limit(100_000))
    assert graph.candidates is not None
    for point in range(SIZE):
        every = [made for first in edges if first.tail == point for made in _negative(edges, first)]
        found = graph.through(point) if point in graph.candidates else None
        assert (found is None) == (not every)
        if found is not None:
            assert found.constraints in every


@given(edges=_edges, tail=st.integers(0, SIZE - 1), away=st.integers(1, SIZE - 1), days=st.integers(-6, 6))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_an_edge_would_close_a_negative_cycle_where_some_simple_way_back_is_short_enough(
    edges: list[Edge], tail: int, away: int, days: int
) -> None:
    edge = Edge(tail, (tail + away) % SIZE, days, len(edges))
    every = _negative([*edges, edge], edge)
    assert Cycles(edges, SIZE, Limit(100_000)).over(*edge) == bool(every)
