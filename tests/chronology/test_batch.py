"""Many lives at once are worked out as each would be alone."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.depth import DEPTH

from estelik.chronology.batch import solve_many
from estelik.chronology.conflicts import Trial, smallest_conflicts
from estelik.chronology.kernel import PLAIN, compiled
from estelik.chronology.lives import link
from estelik.chronology.network import compile_network
from estelik.chronology.repairs import contradictions, weight
from estelik.chronology.solver import Solver
from estelik.chronology.timeline import solve_linked
from estelik.views import shards
from estelik.views.shards import encoded
from estelik.views.timeline import document, timelines

if TYPE_CHECKING:
    from types import ModuleType

    from estelik.records import Statement

_BENCH = Path(__file__).resolve().parent.parent.parent / "bench"


def _people(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"bench_{name}", _BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def mixed() -> list[Statement]:
    return list(_people("mixed").mixed_lives(5_000, seed=7))


def test_the_sweep_gives_what_each_group_gives_alone(mixed: list[Statement]) -> None:
    groups = list(link(mixed))[:1_500]
    alone = [timeline for linked in groups for timeline in solve_linked(linked, "strict")]
    assert list(solve_many(groups)) == alone
    assert any(not timeline.consistent for timeline in alone)
    assert any(len(event.ranges) > 1 for timeline in alone for event in timeline.events)
    assert any(timeline.set_aside for timeline in alone)


@pytest.mark.parametrize("reading", ["strict", "wide"])
def test_several_processes_give_the_same_bytes_as_one(reading: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dealt out in small hands, so that a thousand lives are several."""
    monkeypatch.setattr(shards, "_DEAL", 100)
    monkeypatch.setattr(shards, "_WORTH", 200)
    count = 1_000 * DEPTH
    mixed: list[Statement] = list(_people("mixed").mixed_lives(count, seed=7))
    seen: list[int] = []
    found = encoded(mixed, (), reading, progress=seen.append)  # type: ignore[arg-type]
    one = [msgspec.json.encode(document(*life)) for life in timelines(mixed, (), reading)]  # type: ignore[arg-type]
    assert [life.data for life in found] == one
    assert seen[-1] == len(one) == count
    assert len(seen) > 5


def test_the_compiled_kernel_finds_the_conflicts_that_the_plain_one_finds() -> None:
    contradictory = 0
    for statements in _people("dense").dense_lives(12, wrong=1.0, seed=3):
        linked = next(iter(link(statements)))
        network = compile_network(linked, "strict")
        universe = (1 << len(statements)) - 1
        weights = [weight(statement) for statement in statements]
        plain, quick = (Trial(Solver(network, kernel)) for kernel in (PLAIN, compiled()))
        assert plain.simple
        found = smallest_conflicts(plain, universe)
        assert found == smallest_conflicts(quick, universe)
        contradictory += bool(found[0])
        if found[0]:
            assert contradictions(plain, universe, weights) == contradictions(quick, universe, weights)
    assert contradictory >= 10


def test_conflicts_read_off_cycles_are_those_found_by_duality() -> None:
    """Two ways to the smallest conflicts: the kernel's cycles and hitting sets."""
    for statements in _people("dense").dense_lives(4, wrong=1.0, seed=11):
        network = compile_network(next(iter(link(statements))), "strict")
        universe = (1 << len(statements)) - 1
        by_cycles, by_duality = (Trial(Solver(network, compiled())) for _ in range(2))
        by_duality.simple = False
        left, right = smallest_conflicts(by_cycles, universe), smallest_conflicts(by_duality, universe)
        assert set(left[0]) == set(right[0])
        assert left[1] == right[1]
