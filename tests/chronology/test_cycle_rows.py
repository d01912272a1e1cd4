"""Cycle rows: the tables of shortest ways, filled by rows, are those that the kernel fills entry by entry."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.chronology import conflicts, kernel
from estelik.chronology.cycle_rows import cycle_rows

_MOST = 3


@st.composite
def _networks(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int], list[int], int]:
    points = draw(st.integers(2, 9))
    place = st.integers(0, points - 1)
    told = draw(st.lists(st.tuples(place, place, st.integers(-400, 900), st.integers(0, 5)), max_size=24))
    # What no statement says can always be true.
    axioms = draw(st.lists(st.tuples(place, place, st.integers(0, 300)), max_size=6))
    edges = [*told, *((start, end, days, -1) for start, end, days in axioms)]
    tail, head, weight, owner = (list(one) for one in zip(*edges, strict=True)) if edges else ([],) * 4
    return tail, head, weight, owner, draw(st.lists(st.integers(0, 1), min_size=6, max_size=6)), points


@given(network=_networks())
@settings(max_examples=300, deadline=None, derandomize=True)
def test_tables_filled_by_rows_are_those_of_the_kernel(
    network: tuple[list[int], list[int], list[int], list[int], list[int], int],
) -> None:
    """The size of the smallest cycle is the same, and every table up to it."""
    tail, head, weight, owner, on, points = network
    one, other = ([*conflicts._horizon(points, compiled=False)] for _ in range(2))
    size = kernel.cycle_tables(tail, head, weight, owner, on, points, _MOST, one)
    assert cycle_rows(tail, head, weight, owner, on, points, _MOST, other) == size
    filled = (min(size, _MOST) + 1) * points * points
    assert other[:filled] == one[:filled]
    assert len(other) == len(one)
