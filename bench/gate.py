"""The gate: how many decisions it makes a second, many at once and one by one, and how fast a casebook is let
out.

No peer does this: what is compared is the rules read one by one (the oracle of the tests), whose answers have
to be the same.
"""

from __future__ import annotations

import time
from datetime import date
from random import Random

import numpy as np
from tests.protection.consents_at_random import DAYS, consents, statements
from tests.protection.table import Table

from bench.measure import Row, scaled, seconds, table
from estelik.identity.resolution import Resolution
from estelik.protection.decisions import Decisions
from estelik.protection.permission import Asked, permissions
from estelik.records.consent import AUDIENCES, PURPOSES

_BAR = 1_000_000


def main() -> None:
    """Measures, and fails where an answer differs."""
    draw = Random(1)
    told, said = statements(draw, scaled(20_000, 100)), consents(draw, 60)
    asked = permissions(said, Resolution())
    start = time.perf_counter()
    decisions = Decisions(told, asked)
    made = time.perf_counter() - start
    count = scaled(4_000_000, 2_000)
    cases = np.random.default_rng(1)
    which = cases.integers(len(told), size=count)
    audience, purpose = cases.integers(len(AUDIENCES), size=count), cases.integers(len(PURPOSES), size=count)
    day = cases.choice(np.array([date.fromisoformat(one).toordinal() for one in DAYS]), size=count)
    many = seconds(lambda: decisions.decide(which, audience, purpose, day))
    found = decisions.decide(which, audience, purpose, day).cleared
    few = range(min(count, scaled(20_000, 500)))
    single = seconds(
        lambda: [
            asked.of(told[which[one]], Asked(AUDIENCES[audience[one]], PURPOSES[purpose[one]], int(day[one])))
            for one in few
        ],
        3,
    )
    rules = Table(said)
    start = time.perf_counter()
    oracle = [
        rules.cleared(
            told[which[one]],
            AUDIENCES[audience[one]],
            PURPOSES[purpose[one]],
            date.fromordinal(int(day[one])).isoformat(),
        )[2]
        for one in few
    ]
    slow = time.perf_counter() - start
    if oracle != found[: len(few)].tolist():
        raise SystemExit("The gate and the table of rules differ.")
    rows = [
        Row("many at once", count / many, 1, count),
        Row("one by one, with reasons", len(few) / single, 1, len(few)),
        Row("the table of rules, one by one", len(few) / slow, 1, len(few)),
    ]
    table("decisions", rows, _BAR)
    print(f"  made ready for {len(told):,} statements and {len(said.given)} consents in {made:.2f} s")


if __name__ == "__main__":
    main()
