"""The engine's timelines are the oracle's, in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from tests.depth import DEPTH
from tests.oracle.compare import differences
from tests.oracle.feasible import TooHardError
from tests.oracle.strategies import Case, cases

from estelik.chronology.timeline import solve
from estelik.records import Statement

if TYPE_CHECKING:
    from tests.oracle.cells import Reading


@pytest.mark.parametrize("reading", ["strict", "wide"])
@given(case=cases())
@settings(
    max_examples=80 * DEPTH,
    deadline=None,
    derandomize=DEPTH == 1,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_every_field_of_every_timeline_is_the_oracles(case: Case, reading: Reading) -> None:
    """Groups of 1 to 12 subjects, rows of several time cells, disjunctions, all layers."""
    try:
        found = differences(case, reading)
    except TooHardError:
        assume(False)
    assert found == []


TOLD = "2018-09-01"


@pytest.mark.parametrize("reading", ["strict", "wide"])
def test_what_is_told_on_a_known_day_binds_no_lives_together(reading: Reading) -> None:
    """Decision 5: C has only the telling in common with B, whose camp and release contradict each other."""
    rows = (
        Statement("s1", "B", source="mother", event="release", when="2019-01-05/", told=TOLD),
        Statement("s2", "B", testimony="t0", event="release", age="32", told=TOLD),
        Statement("s3", "B", testimony="t0", event="camp-entry", before="told", gap="P1M/P1Y", told=TOLD),
        Statement(
            "s4", "B", testimony="t0", event="camp-entry", after="birth", gap="[<P2W,P7M/P8M,P2Y]", told=TOLD
        ),
        Statement("s5", "C", testimony="t0", event="arrest", when="2018", told=TOLD),
    )
    assert differences(Case(rows, ()), reading) == []
    (found,) = (one for one in solve(list(rows), reading=reading) if one.subject == "C")
    assert found.consistent
