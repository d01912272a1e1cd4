"""Why the oracle may be trusted: it agrees with CP-SAT and with trying every subset."""

from __future__ import annotations

import random
from itertools import chain, combinations
from typing import TYPE_CHECKING, Any

import pytest
from ortools.sat.python import cp_model
from tests.oracle import brute, cells, feasible, problem, strategies

from estelik.chronology import age, duration, edtf
from estelik.chronology.calendar import HORIZON_FIRST, HORIZON_LAST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.oracle.problem import Constraint, Point

    from estelik.records import Statement

SEEDS = range(40)


def _small(seed: int) -> tuple[list[Statement], problem.Problem]:
    """A case of few rows."""
    source = random.Random(seed)
    while True:
        case = strategies.random_case(source)
        if len(case.statements) <= 7:
            return list(case.statements), problem.build(case.statements, case.judgements, "strict")


class _Model:
    """The constraints as a CP-SAT model; a statement may be set aside if it has a weight."""

    def __init__(self, constraints: Iterable[Constraint], weights: dict[str, int] | None = None) -> None:
        self.model = cp_model.CpModel()
        self.kept: dict[str, Any] = {}
        self.days: dict[Point, Any] = {}
        for c in constraints:
            difference = self._day(c.target) - self._day(c.origin)
            chosen = [self.model.new_bool_var("") for _ in c.alternatives]
            for (low, high), choice in zip(c.alternatives, chosen, strict=True):
                if low is not None:
                    self.model.add(difference >= low).only_enforce_if(choice)
                if high is not None:
                    self.model.add(difference <= high).only_enforce_if(choice)
            if weights is not None and c.owner is not None:
                kept = self.kept.setdefault(c.owner, self.model.new_bool_var(c.owner))
                self.model.add_bool_or(*chosen, kept.Not())
            else:
                self.model.add_bool_or(*chosen)
        if weights:
            self.model.minimize(sum(weights[owner] * (1 - kept) for owner, kept in self.kept.items()))

    def _day(self, point: Point) -> Any:
        if point == problem.CALENDAR:
            return 0
        if point not in self.days:
            self.days[point] = self.model.new_int_var(HORIZON_FIRST, HORIZON_LAST, "")
        return self.days[point]

    def solve(self) -> int | None:
        """The value of the objective, or None where there is no solution."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        status = solver.solve(self.model)
        return round(solver.objective_value) if status == cp_model.OPTIMAL else None


@pytest.mark.parametrize("seed", SEEDS)
def test_cp_sat_finds_the_same_cases_consistent_and_the_same_bounds(seed: int) -> None:
    _, built = _small(seed)
    constraints = built.constraints
    consistent = feasible.conflict(constraints) is None
    assert (_Model(constraints).solve() is not None) == consistent
    if not consistent:
        return
    for point, spans in feasible.spans(constraints, built.events, null=False).items():
        for sign, expected in ((1, spans[0][0]), (-1, spans[-1][1])):
            assert expected is not None
            model = _Model(constraints)
            model.model.minimize(sign * model.days[point])
            assert model.solve() == sign * expected


@pytest.mark.parametrize("seed", SEEDS)
def test_cp_sat_sets_aside_no_less(seed: int) -> None:
    _, built = _small(seed)
    asserted = tuple(
        c for c in built.constraints if c.owner is None or built.live[c.owner].layer == "asserted"
    )
    weights = {one: problem.weight(row) for one, row in built.live.items()}
    _, hitting = brute._statement_conflicts(asserted)
    assert _Model(asserted, weights).solve() == min(sum(weights[one] for one in ids) for ids in hitting)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_minimal_conflicts_are_those_found_by_trying_every_subset(seed: int) -> None:
    _, built = _small(seed)
    owners = sorted({c.owner for c in built.constraints if c.owner})
    inconsistent: list[frozenset[str]] = []
    for some in _subsets(owners):
        if any(core <= some for core in inconsistent):
            continue
        if feasible.conflict(brute._without(built.constraints, set(owners) - some)) is not None:
            inconsistent.append(some)
    cores, hitting = brute._statement_conflicts(built.constraints)
    assert set(cores) == set(inconsistent)
    repairs = [some for some in _subsets(owners) if all(some & core for core in inconsistent)]
    assert set(hitting) == {some for some in repairs if not any(other < some for other in repairs)}


def _subsets(items: Sequence[str]) -> Iterable[frozenset[str]]:
    """All subsets, the smaller ones first."""
    return map(frozenset, chain.from_iterable(combinations(items, n) for n in range(len(items) + 1)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lives_on_negative_cycles_are_those_of_all_minimal_sets_of_constraints(seed: int) -> None:
    """Tried on cases without disjunctions, where looser edges are left out."""
    _, built = _small(seed)
    plain = tuple(c for c in built.constraints if len(c.alternatives) == 1)
    covered: set[str] = set()
    cycles = _simple_negative_cycles(plain)
    for cycle in cycles:
        covered.update(point.subject for point in cycle if point.subject)
    assert brute._on_cycles(plain) == covered


def _simple_negative_cycles(constraints: Sequence[Constraint]) -> list[list[Point]]:
    import networkx as nx

    graph = nx.DiGraph()
    for c in constraints:
        for low, high in c.alternatives:
            for a, b, length in ((c.origin, c.target, high), (c.target, c.origin, low and -low)):
                if length is not None and length < graph.get_edge_data(a, b, {"length": 10**9})["length"]:
                    graph.add_edge(a, b, length=length)
    return [
        cycle
        for cycle in nx.simple_cycles(graph)
        if sum(graph[a][b]["length"] for a, b in zip(cycle, cycle[1:] + cycle[:1], strict=True)) < 0
    ]


@pytest.mark.parametrize("text", sorted({*strategies.WHENS, *strategies.BIRTHS, *strategies.TOLDS} - {""}))
def test_dates_are_read_as_the_engine_reads_them(text: str) -> None:
    parsed = edtf.parse(text)
    strict = [(span.first, span.last) for span in parsed.spans]
    wide = [(span.first, span.last) for span in edtf.wide(parsed)]
    assert feasible.union(cells.edtf(text, "strict")) == feasible.union(strict)
    assert feasible.union(cells.edtf(text, "wide")) == feasible.union(wide)


@pytest.mark.parametrize("text", sorted({*strategies.GAPS} - {""}))
def test_gaps_are_read_as_the_engine_reads_them(text: str) -> None:
    parsed = duration.parse(text)
    assert feasible.union(cells.duration(text, "strict")) == feasible.union(parsed.strict)
    assert feasible.union(cells.duration(text, "wide")) == feasible.union(parsed.wide)


@pytest.mark.parametrize("text", strategies.AGES)
def test_ages_are_read_as_the_engine_reads_them(text: str) -> None:
    parsed = age.parse(text)
    assert cells.age(text, "strict") == parsed.strict
    assert cells.age(text, "wide") == parsed.wide


@pytest.mark.parametrize(
    ("text", "reading", "expected"),
    [
        ("P1Y9M", "strict", (623, 655)),
        ("P7D", "strict", (7, 7)),
        ("P7D", "wide", (6, 8)),
        ("P2D/P7D", "strict", (2, 7)),
        ("P2D/P7D", "wide", (1, 8)),
        (">P1Y", "strict", (366, None)),
        (">=P1Y", "strict", (365, None)),
        ("<P3M", "strict", (0, 91)),
        ("<=P3M", "strict", (0, 92)),
        ("±P1M", "strict", (-31, 31)),
        ("~P2Y", "strict", (365, 1096)),
        ("", "strict", (0, None)),
    ],
)
def test_gaps_mean_what_the_contract_says(
    text: str, reading: cells.Reading, expected: cells.Interval
) -> None:
    assert cells.duration(text, reading) == [expected]
