"""The gate decides as the table of rules does, on a million cases, and never lets out what it keeps in."""

from __future__ import annotations

from datetime import date
from functools import cache
from random import Random
from typing import Final

import numpy as np
import pytest
from tests.depth import DEPTH
from tests.protection.consents_at_random import DAYS, consents, statements
from tests.protection.table import Table

from estelik.identity.resolution import Resolution
from estelik.protection.decisions import Decisions
from estelik.protection.permission import Asked, permissions
from estelik.records.consent import AUDIENCES, PURPOSES

#: The level of each word of the table.
LEVEL: Final = {"": 0, "none": 1, "pseudonym": 2, "named": 3}
WORLDS: Final = 20
CASES: Final = 50_000
#: Also the days beside those on which anything happens.
ALL_DAYS: Final = sorted({date.fromisoformat(day).toordinal() + more for day in DAYS for more in (-1, 0, 1)})


@pytest.mark.parametrize("seed", range(WORLDS * DEPTH))
def test_a_million_cases_are_decided_as_the_table_has_it(seed: int) -> None:
    """Over 20 worlds of 50,000 cases each: statement, consents, audience, purpose, day."""
    draw = Random(seed)
    told, said = statements(draw, 60), consents(draw, draw.choice([1, 5, 20, 60]))
    asked = permissions(said, Resolution())
    table = Table(said)
    decide = Decisions(told, asked).decide
    cases = np.random.default_rng(seed)
    which = cases.integers(len(told), size=CASES)
    audience, purpose = cases.integers(len(AUDIENCES), size=CASES), cases.integers(len(PURPOSES), size=CASES)
    day = cases.choice(np.array(ALL_DAYS), size=CASES)

    @cache
    def oracle(one: int, to: int, what: int, when: int) -> tuple[int, int, bool]:
        found = table.cleared(told[one], AUDIENCES[to], PURPOSES[what], date.fromordinal(when).isoformat())
        return LEVEL[found[0]], LEVEL[found[1]], found[2]

    every = [one.tolist() for one in (which, audience, purpose, day)]
    wanted = np.array([oracle(*case) for case in zip(*every, strict=True)])
    found = decide(which, audience, purpose, day)
    leaks = int((found.cleared & ~wanted[:, 2].astype(bool)).sum())
    assert leaks == 0
    assert (found.cleared == wanted[:, 2]).all()
    shown = found.cleared
    assert (found.teller[shown] == wanted[shown, 0]).all()
    assert (found.person[shown] == wanted[shown, 1]).all()
    # One by one, with reasons, it is the same.
    for case in range(500):
        one = Asked(AUDIENCES[audience[case]], PURPOSES[purpose[case]], int(day[case]))
        allowed = asked.of(told[which[case]], one)
        assert allowed.cleared == found.cleared[case]
        assert (allowed.teller.level, allowed.person.level) == (found.teller[case], found.person[case])
        assert bool(allowed.why) != allowed.cleared


def test_the_table_is_whole_and_lets_some_through() -> None:
    """Every state a consent can be in has a row; the cases above hold every outcome."""
    seen: set[str | bool] = set()
    for seed in range(WORLDS):
        draw = Random(seed)
        told, said = statements(draw, 60), consents(draw, 40)
        table = Table(said)
        seen |= {table.says(one, day) for one in said.given for day in DAYS}
        seen |= {
            table.cleared(one, to, what, DAYS[-1])[2] for one in told for to in AUDIENCES for what in PURPOSES
        }
    assert seen == {"yes", "no", "silent", True, False}
