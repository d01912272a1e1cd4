"""The engine's timelines are the oracle's, in every field."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from tests.oracle.compare import differences
from tests.oracle.feasible import TooHardError
from tests.oracle.strategies import Case, cases

if TYPE_CHECKING:
    from tests.oracle.cells import Reading


@pytest.mark.parametrize("reading", ["strict", "wide"])
@given(case=cases())
@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
def test_every_field_of_every_timeline_is_the_oracles(case: Case, reading: Reading) -> None:
    """Groups of 1 to 12 subjects, rows of several time cells, disjunctions, all layers."""
    try:
        found = differences(case, reading)
    except TooHardError:
        assume(False)
    assert found == []
