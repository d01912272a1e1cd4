"""Explanations: the sum leads from a date to the bound, and its statements alone give it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.depth import DEPTH
from tests.oracle.strategies import Case, cases

from estelik.chronology.calendar import HORIZON_FIRST, iso
from estelik.chronology.explain import explain
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, solve
from estelik.records import Statement

if TYPE_CHECKING:
    from estelik.chronology.explain import Side

SAULE = (
    Statement("age", "Saule", told="2023-01-04", event="camp-entry", age="76"),
    Statement("length", "Saule", told="2023-01-04", event="release", after="camp-entry", gap="P1Y9M"),
    Statement("floor", "Saule", told="2023-02", event="camp-entry", when="2014/..", layer="background"),
)


def why(event: str, side: Side) -> tuple[str | None, tuple[str, ...]]:
    (linked,) = link(SAULE)
    solution = Solution(linked)
    found = explain(solution, solution.network.events[0][event], side)
    return iso(found.day), found.statements


def test_an_earliest_day_is_a_sum_from_the_first_date_on() -> None:
    """2014-01-01 and 623 days; 2014-01-01 less 77 years and a day, of an age of 76."""
    assert why("release", "earliest") == ("2015-09-16", ("floor", "length"))
    assert why("birth", "earliest") == ("1937-01-01", ("floor", "age"))


def test_a_latest_day_leads_to_the_statement_whose_telling_gives_it() -> None:
    assert why("release", "latest") == ("2023-01-04", ("length",))
    assert why("camp-entry", "latest") == ("2021-04-21", ("length",))


def test_what_excludes_another_alternative_is_named_too() -> None:
    """One of two months; that it was not March is another's word."""
    rows = (
        Statement("either", "Arman", event="arrest", when="[2017-03,2017-06]"),
        Statement("after", "Arman", event="arrest", when="2017-04/.."),
        Statement("aside", "Arman", event="birth", when="1980"),
    )
    (linked,) = link(rows)
    solution = Solution(linked)
    point = solution.network.events[0]["arrest"]
    assert explain(solution, point, "earliest").statements == ("either",)
    found = explain(solution, point, "earliest", sufficient=True)
    assert (iso(found.day), found.statements) == ("2017-06-01", ("either", "after"))


@given(case=cases())
@settings(
    max_examples=10 * DEPTH, deadline=None, derandomize=DEPTH == 1, suppress_health_check=list(HealthCheck)
)
def test_every_sum_adds_up_to_the_bound_that_the_timeline_shows(case: Case) -> None:
    shown = {
        (timeline.key, event.event): (event.earliest, event.latest)
        for timeline in solve(list(case.statements), judgements=case.judgements)
        for event in timeline.events
    }
    for linked in link(case.statements, case.judgements):
        solution = Solution(linked)
        for life, events in enumerate(solution.network.events):
            for event, point in events.items():
                earliest, latest = explain(solution, point, "earliest"), explain(solution, point, "latest")
                assert (earliest.day, latest.day) == shown[linked.subjects[life], event]
                for one in (earliest, latest):
                    if one.day is not None:
                        assert HORIZON_FIRST + sum(step.days for step in one.steps) == one.day


_month = st.builds("{}-{:02}".format, st.integers(2015, 2018), st.integers(1, 12))
_either = st.builds(
    lambda least, more: f"[P{least}M/P{least + 1}M,P{least + more}M]", *[st.integers(1, 9)] * 2
)


@given(
    dates=st.lists(st.lists(_month, min_size=2, max_size=3, unique=True), min_size=7, max_size=7),
    gaps=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 3), _either), min_size=4, max_size=7),
)
@settings(
    max_examples=20 * DEPTH, deadline=None, derandomize=DEPTH == 1, suppress_health_check=list(HealthCheck)
)
def test_however_many_alternatives_there_are_the_sum_gives_the_bound_of_the_timeline(
    dates: list[list[str]], gaps: list[tuple[int, int, str]]
) -> None:
    """At least 2^7 ways to choose the dates and 2^4 the gaps: more than are tried one by one."""
    rows = [
        Statement(f"d{n}", "Arman", told="2023", event=f"walk#{n}", when=f"[{','.join(sorted(one))}]")
        for n, one in enumerate(dates)
    ]
    rows += [
        Statement(f"g{n}", "Arman", told="2023", event=f"walk#{min(6, a + b)}", after=f"walk#{a}", gap=gap)
        for n, (a, b, gap) in enumerate(gaps)
    ]
    (timeline,) = solve(rows)
    (linked,) = link(rows)
    solution = Solution(linked)
    for shown in timeline.events:
        point = solution.network.events[0][shown.event]
        sides: tuple[Side, Side] = ("earliest", "latest")
        for side in sides:
            found = explain(solution, point, side, sufficient=True)
            bound = shown.earliest if side == "earliest" else shown.latest
            assert found.day == bound
            if timeline.consistent:
                (alone,) = solve([row for row in rows if row.statement in found.statements])
                (same,) = [one for one in alone.events if one.event == shown.event]
                assert (same.earliest if side == "earliest" else same.latest) == bound
