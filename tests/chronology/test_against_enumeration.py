"""States and encounters are what trying every day of every event gives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.depth import DEPTH
from tests.oracle import enumerate as oracle
from tests.oracle import feasible, problem
from tests.oracle.short_lives import short_lives

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.encounters import encounters
from estelik.chronology.lives import link
from estelik.chronology.status import status
from estelik.chronology.timeline import Solution
from estelik.records.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.records import Statement

MARCH = date(2019, 3, 1).toordinal()
_settings = settings(
    max_examples=80 * DEPTH,
    deadline=None,
    derandomize=DEPTH == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def _assume_plain(rows: Sequence[Statement], keys: str) -> None:
    """No contradiction; no two changes on one day, in an order that nobody said."""
    assume(feasible.conflict(problem.build(rows, (), "strict").constraints) is None)
    schedules = oracle.schedules(rows, keys)
    assume(len(schedules) < 5000)
    assume(not any(oracle.tied(oracle.happenings(rows, key, one)) for key in keys for one in schedules))


def _solved(rows: Sequence[Statement]) -> dict[str, tuple[Solution, int]]:
    """Each life's solution and its number there."""
    solutions = [Solution(linked) for linked in link(rows, ())]
    return {key: (one, number) for one in solutions for number, key in enumerate(one.network.subjects)}


@given(rows=short_lives(1), first=st.integers(0, 13), length=st.integers(0, 13))
@_settings
def test_a_state_is_as_sure_as_trying_every_day_makes_it(
    rows: list[Statement], first: int, length: int
) -> None:
    _assume_plain(rows, "A")
    first, last = MARCH + first, MARCH + first + length
    expected = oracle.status(rows, "A", first, last)
    found = status(*_solved(rows)["A"], [(first - HORIZON_FIRST, last - HORIZON_FIRST)])
    engine = {(one.state, one.place or ""): one.certainty for one in found}
    for key in expected.keys() | engine.keys():
        assert engine.get(key, "never") == expected.get(key, "never"), key


def _facility(label: str) -> Whereabouts:
    return Whereabouts(label, label, frozenset({label}))


@given(rows=short_lives(2))
@_settings
def test_an_encounter_is_as_sure_as_trying_every_day_makes_it(rows: list[Statement]) -> None:
    _assume_plain(rows, "AB")
    solved = _solved(rows)
    others = list({id(one): one for one, _ in solved.values()}.values())
    engine = {
        one.place: (one.certain, (one.earliest, one.latest))
        for one in encounters(*solved["A"], others, _facility)
        if one.key == "B"
    }
    assert engine == oracle.encounters(rows, "A", "B")
