"""Bounds of 100,000 subjects with twenty events and 77 statements each.

10,000 different dense lives, thirteen in a hundred of them contradictory, are
compiled beforehand and laid end to end ten times over. Beside them: a plain
Floyd-Warshall in numpy over stacked matrices, networkx's Bellman-Ford, and
OR-tools CP-SAT with two solves a life (the sum of all days least, and
greatest, which is the earliest and the latest schedule). Their matrices,
graphs and models are made beforehand too.
"""

from __future__ import annotations

import math
import multiprocessing
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.cp_sat import optimum
from bench.dense import dense_lives
from bench.measure import Row, scaled, seconds, table
from estelik.chronology.lives import link
from estelik.chronology.network import HORIZON, ORIGIN, compile_network

if TYPE_CHECKING:
    from numpy.typing import NDArray

    #: Tail, head and days of each edge of one life.
    Edges = tuple[NDArray[Any], NDArray[Any], NDArray[Any]]
    #: Earliest and latest day of each point, or None where the life contradicts itself.
    Found = tuple[list[int], list[int]] | None

BAR = 400_000
POINTS = 21
_TIMES = 10
_PART = 250
_STACK = 128
#: Below the sum of any way that does not contradict itself; sixteen times it still fits 32 bits.
_LEAST = -(1 << 26)


def main() -> None:
    """Measures, compares, prints."""
    lives = _compiled(scaled(10_000, 50))
    arrays = _end_to_end(lives, _TIMES)
    count = len(lives) * _TIMES
    cores = os.cpu_count() or 1
    from estelik.chronology.batch import sweep_arrays

    up, down, fine = sweep_arrays(*arrays)  # compiles, too
    ours: list[Found] = [
        ((-(low >> 2)).tolist(), (high >> 2).tolist()) if good else None
        for good, low, high in zip(
            fine[: len(lives)], down.reshape(-1, POINTS), up.reshape(-1, POINTS), strict=False
        )
    ]
    rows = [
        Row("Estelik", count / seconds(lambda: sweep_arrays(*arrays), 9), cores, count),
        _numpy(lives, ours),
        _networkx(lives[: scaled(400, 20)], ours),
        _cp_sat(lives[: scaled(100, 5)], ours),
    ]
    table("subjects", rows, BAR)


def _compiled(count: int) -> list[Edges]:
    """The edges of dense lives, made in as many processes as there are cores."""
    parts = [(seed, min(_PART, count - seed * _PART)) for seed in range(math.ceil(count / _PART))]
    if len(parts) == 1:
        return _part(*parts[0])
    with multiprocessing.get_context("spawn").Pool() as pool:
        return [edges for part in pool.starmap(_part, parts) for edges in part]


def _part(seed: int, count: int) -> list[Edges]:
    out = []
    for life in dense_lives(count, wrong=0.13, seed=seed):
        (linked,) = link(life)
        network = compile_network(linked, "strict")
        assert network.points <= POINTS  # an event that a life never mentions is free
        assert not network.disjunctions
        out.append(
            (
                np.array(network.tail, dtype=np.uint32),
                np.array(network.head, dtype=np.uint32),
                np.array(network.weight, dtype=np.int64),
            )
        )
    return out


def _end_to_end(lives: list[Edges], times: int) -> list[NDArray[Any]]:
    columns = [np.concatenate(column * times) for column in zip(*lives, strict=True)]
    edges = np.cumsum([0, *(len(tail) for tail, _, _ in lives * times)], dtype=np.uint32)
    points = np.arange(len(edges), dtype=np.uint32) * np.uint32(POINTS)
    return [*columns, edges, points]


def _numpy(lives: list[Edges], ours: list[Found]) -> Row:
    stacks = [
        np.stack([_matrix(life) for life in lives[first : first + _STACK]])
        for first in range(0, len(lives), _STACK)
    ]
    closed: list[NDArray[Any]] = []

    def work() -> None:
        closed.clear()
        closed.extend(_floyd_warshall(stack.copy()) for stack in stacks)

    took = seconds(work)
    found = [matrix for stack in closed for matrix in stack]
    for matrix, expected in zip(found, ours, strict=True):
        good = bool((np.diagonal(matrix) >= 0).all())
        assert (
            (
                (-matrix[:, ORIGIN]).tolist(),
                matrix[ORIGIN].tolist(),
            )
            == expected
            if good
            else expected is None
        )
    return Row("numpy, Floyd-Warshall, stacks of 128", len(lives) / took, 1, len(lives))


def _matrix(life: Edges) -> NDArray[np.int32]:
    matrix = np.full((POINTS, POINTS), 2 * HORIZON, dtype=np.int32)
    matrix[ORIGIN] = HORIZON
    matrix[:, ORIGIN] = 0
    np.fill_diagonal(matrix, 0)
    np.minimum.at(matrix, (life[0], life[1]), life[2].astype(np.int32))
    return matrix


def _floyd_warshall(stack: NDArray[np.int32]) -> NDArray[np.int32]:
    for middle in range(POINTS):
        np.minimum(stack, stack[:, :, middle, None] + stack[:, middle, None, :], out=stack)
        if middle % 4 == 3:  # what contradicts grows without end, and past 32 bits
            np.maximum(stack, _LEAST, out=stack)
    return stack


def _networkx(lives: list[Edges], ours: list[Found]) -> Row:
    import networkx as nx

    graphs = []
    for life in lives:
        matrix = _matrix(life)
        graph = nx.DiGraph()
        graph.add_weighted_edges_from(
            (start, end, int(matrix[start, end]))
            for start in range(POINTS)
            for end in range(POINTS)
            if start != end and matrix[start, end] < 2 * HORIZON
        )
        graphs.append((graph, graph.reverse()))

    def bounds(graph: Any, back: Any) -> Found:
        try:
            latest = nx.single_source_bellman_ford_path_length(graph, ORIGIN)
            earliest = nx.single_source_bellman_ford_path_length(back, ORIGIN)
        except nx.NetworkXUnbounded:
            return None
        return [-earliest[point] for point in range(POINTS)], [latest[point] for point in range(POINTS)]

    took = seconds(lambda: [bounds(*pair) for pair in graphs], 3)
    assert [bounds(*pair) for pair in graphs] == ours[: len(lives)]
    return Row("networkx, Bellman-Ford, both ways", len(lives) / took, 1, len(lives))


def _cp_sat(lives: list[Edges], ours: list[Found]) -> Row:
    from ortools.sat.python import cp_model

    models = []
    for tail, head, weight in lives:
        model = cp_model.CpModel()
        days = [model.new_constant(0)]
        days += [model.new_int_var(0, HORIZON, f"t{point}") for point in range(1, POINTS)]
        for start, end, most in zip(tail.tolist(), head.tolist(), weight.tolist(), strict=True):
            model.add(days[end] - days[start] <= most)
        models.append((model, days))

    def schedule(model: Any, days: list[Any], *, latest: bool) -> list[int] | None:
        total = sum(days[1:])
        if latest:
            model.maximize(total)
        else:
            model.minimize(total)
        solver = optimum(model)
        return None if solver is None else [solver.value(day) for day in days]

    found: list[Found] = []

    def work() -> None:
        found.clear()
        for model, days in models:
            earliest = schedule(model, days, latest=False)
            latest = schedule(model, days, latest=True)
            found.append(None if earliest is None or latest is None else (earliest, latest))

    took = seconds(work, 3)
    assert found == ours[: len(lives)]
    return Row("OR-tools CP-SAT, two solves a life", len(lives) / took, 1, len(lives))


if __name__ == "__main__":
    main()
