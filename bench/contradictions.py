"""Smallest conflicts and all smallest repairs of dense lives that contradict themselves.

Every smallest conflict of a life is listed, and every repair of least weight,
on both cores: two processes, each with its own lives, compiled beforehand.
OR-tools CP-SAT finds the least weight, nothing more, on a sample; the weights
are the same, and no conflict that was listed can be true, nor be made smaller.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from typing import TYPE_CHECKING, Any

import msgspec

from bench.cp_sat import optimum
from bench.dense import dense_lives
from bench.measure import Row, scaled, seconds, table
from estelik.chronology.conflicts import Trial, members, smallest_conflicts
from estelik.chronology.kernel import compiled
from estelik.chronology.lives import link
from estelik.chronology.network import AXIOM, HORIZON, Network, compile_network
from estelik.chronology.repairs import contradictions, weight
from estelik.chronology.solver import Solver

if TYPE_CHECKING:
    from collections.abc import Iterator

CONFLICTS_BAR = 5_000
REPAIRS_BAR = 1_000
_GRADES = ("", "A1", "B2", "B3", "C3", "E5")
_SAMPLE = 24


def main() -> None:
    """Measures, compares, prints."""
    cores = os.cpu_count() or 1
    size = scaled(3_000, 20)
    parts = [(seed, size) for seed in range(cores)]
    with multiprocessing.get_context("spawn").Pool(cores) as pool:
        measured = pool.starmap(_measured, parts, chunksize=1)
    count = sum(part[0] for part in measured)
    conflicts, repairs = (sum(part[column] for part in measured) for column in (1, 2))
    solvers = list(_contradictory(0, scaled(_SAMPLE, 2)))
    table("conflicts", [Row("Estelik, all smallest conflicts", conflicts, cores, count)], CONFLICTS_BAR)
    table(
        "repairs",
        [Row("Estelik, all smallest repairs", repairs, cores, count), _cp_sat(solvers)],
        REPAIRS_BAR,
    )


def _contradictory(seed: int, count: int) -> Iterator[Solver]:
    """Lives that cannot be true, with statements of all grades."""
    draw = random.Random(seed)
    for life in dense_lives(count, wrong=1.0, seed=seed + 1):
        graded = [msgspec.structs.replace(one, grade=draw.choice(_GRADES)) for one in life]
        (linked,) = link(graded)
        solver = Solver(compile_network(linked, "strict"), compiled())
        if not solver.feasible(solver.all_on()):
            yield solver


def _measured(seed: int, size: int) -> tuple[int, float, float]:
    """How many lives, and conflicts and repairs of them a second, in this process."""
    solvers = list(_contradictory(seed, size))
    weights = [_weights(solver.network) for solver in solvers]

    def conflicts() -> None:
        for solver in solvers:
            found, whole = smallest_conflicts(Trial(solver), _all(solver.network))
            assert found
            assert whole

    def repairs() -> None:
        for solver, costs in zip(solvers, weights, strict=True):
            contradictions(Trial(solver), _all(solver.network), costs)

    conflicts()  # compiles
    repairs()
    return len(solvers), len(solvers) / seconds(conflicts), len(solvers) / seconds(repairs)


def _weights(network: Network) -> list[int]:
    return [weight(statement) for statement in network.statements]


def _all(network: Network) -> int:
    return (1 << len(network.statements)) - 1


def _cp_sat(solvers: list[Solver]) -> Row:
    took = 0.0
    for solver in solvers:
        network = solver.network
        costs = _weights(network)
        found = contradictions(Trial(solver), _all(network), costs)
        model, kept = _model(network)
        model.maximize(sum(cost * keep for cost, keep in zip(costs, kept, strict=True)))
        start = time.perf_counter()
        best = optimum(model)
        took += time.perf_counter() - start
        assert best is not None
        assert sum(costs) - round(best.objective_value) == sum(one.weight for one in found.independent)
        conflicts, _ = smallest_conflicts(Trial(solver), _all(network))
        for conflict in conflicts[:3]:
            together = list(members(conflict))
            assert not _can_be_true(network, together)
            assert all(_can_be_true(network, [s for s in together if s != left]) for left in together)
    return Row("OR-tools CP-SAT, the least weight", len(solvers) / took, 1, len(solvers))


def _model(network: Network) -> tuple[Any, list[Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    days = [model.new_constant(0)]
    days += [model.new_int_var(0, HORIZON, f"t{point}") for point in range(1, network.points)]
    kept = [model.new_bool_var(f"s{index}") for index in range(len(network.statements))]
    for start, end, most, switch in zip(
        network.tail, network.head, network.weight, network.switch, strict=True
    ):
        bound = model.add(days[end] - days[start] <= most)
        owner = network.owner[switch]
        if owner != AXIOM:
            bound.only_enforce_if(kept[owner])
    return model, kept


def _can_be_true(network: Network, statements: list[int]) -> bool:
    model, kept = _model(network)
    for statement in statements:
        model.add(kept[statement] == 1)
    return optimum(model) is not None


if __name__ == "__main__":
    main()
