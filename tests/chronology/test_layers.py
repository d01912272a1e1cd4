"""Layers: every life on a contradiction is found, or it is said that the search did not end."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from tests.oracle.strategies import random_case

from estelik.chronology import layers
from estelik.chronology.conflicts import Trial, mask
from estelik.chronology.kernel import compiled
from estelik.chronology.lives import link
from estelik.chronology.network import compile_network
from estelik.chronology.solver import Solver
from estelik.chronology.timeline import solve
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence


def _chain(count: int) -> list[Statement]:
    """Lives tied by exact gaps; every second one was released twice, years apart."""
    rows = []
    for life in range(count):
        who = f"L{life}"
        cells: dict[str, Any] = (
            {"after": f"L{life - 1}/arrest", "gap": "P1D"} if life else {"when": "2017-03"}
        )
        rows.append(Statement(f"{life}a", who, event="arrest", **cells))
        rows.append(Statement(f"{life}r", who, event="release", when="2018-05", after="arrest"))
        if life % 2:
            rows.append(Statement(f"{life}x", who, event="release", when="2020-05"))
    return rows


def _dates(rows: Sequence[Statement]) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {(t.key, e.event): (e.earliest, e.latest) for t in solve(rows) for e in t.events}


#: Each release of L3 leaves one of the two months; both together leave none.
_EITHER = (
    Statement("d", "L2", event="walk", when="[2018-05,2020-05]"),
    Statement("g", "L2", event="walk", after="L3/release", gap="P1D"),
)


def test_of_thirty_linked_lives_those_that_contradict_are_told_from_the_others() -> None:
    """Fifteen contradictions that share nothing: to break them in every way would take 2^15 trials."""
    found = solve(_chain(30))
    assert [timeline.consistent for timeline in found] == [True, False] * 15
    assert [len(timeline.conflicts) for timeline in found] == [0, 1] * 15


@pytest.mark.parametrize("limit", ["_WAYS", "_TRIALS"])
def test_a_search_that_did_not_end_is_told_and_its_bounds_hold(
    limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [*_chain(5), *_EITHER]
    exact = _dates(rows)
    assert [timeline.consistent for timeline in solve(rows)] == [True, False, True, False, True]
    monkeypatch.setattr(layers, limit, 0)
    found = solve(rows)
    assert {timeline.complete for timeline in found} == {False}
    for event, (earliest, latest) in _dates(rows).items():
        first, last = exact[event]
        assert earliest is None or (first is not None and earliest <= first)
        assert latest is None or (last is not None and latest >= last)


@pytest.mark.parametrize("seed", range(60))
def test_statements_grow_as_if_each_were_tried_anew(seed: int) -> None:
    case = random_case(random.Random(seed))
    for linked in link(case.statements, case.judgements):
        trial = Trial(Solver(compile_network(linked, "strict")))
        universe = mask(range(len(linked.statements)))
        grown = 0
        for statement in range(len(linked.statements)):
            if trial.together(grown | 1 << statement):
                grown |= 1 << statement
        assert trial.grow(0, universe) == grown


@pytest.mark.parametrize("seed", range(200))
def test_the_compiled_kernel_finds_the_same_lives(seed: int) -> None:
    """Plain Python and the compiled kernel settle every network alike."""
    rows = [*_chain(seed % 8 + 2), *_EITHER] if seed < 8 else random_case(random.Random(seed)).statements
    for linked in link(rows):
        network = compile_network(linked, "strict")
        plain, fast = layers.settle(Solver(network)), layers.settle(Solver(network, compiled()))
        assert (plain.set_aside, plain.contradicted, plain.unsure) == (
            fast.set_aside,
            fast.contradicted,
            fast.unsure,
        )
        assert list(map(int, plain.on)) == list(map(int, fast.on))
