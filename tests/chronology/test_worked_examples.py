"""The worked examples, with bounds worked out by hand: engine and oracle both have to reach them.

A day is written out with its sum: a year is 365.25 days, a month 30.4375, half of the finest
unit either way, the lower end rounded down and the upper one up.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.oracle import brute

from estelik.chronology.calendar import iso
from estelik.chronology.timeline import solve
from estelik.exchange import sheet
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

BY_HAND = {
    # Told 2022-12-01 .. 2023-01-31. Released three years before: 913 .. 1279 days before the telling.
    ("Ajar", "release"): ("2019-06-01", "2020-08-01"),
    # Had just left the camp: 0 .. 92 days after the release.
    ("Ajar", "return"): ("2019-06-01", "2020-11-01"),
    # Two years before the return: 547 .. 914 days.
    ("Ajar", "arrest"): ("2016-11-29", "2019-05-04"),
    # A month before the arrest: 15 .. 46 days.
    ("Ajar", "emigration"): ("2016-10-14", "2019-04-19"),
    # Just turned 34 at the return: 12418 .. 12510 days after birth.
    ("Ajar", "birth"): ("1985-03-01", "1986-11-02"),
    # Not before 2014 (background); 623 days (P1Y9M) before a release that is not after 2023-01-04.
    ("Saule", "camp-entry"): ("2014-01-01", "2021-04-21"),
    ("Saule", "release"): ("2015-09-16", "2023-01-04"),
    # Aged 76: 27757 .. 28124 days after birth.
    ("Saule", "birth"): ("1937-01-01", "1945-04-23"),
    ("Yerke", "camp-entry"): ("2018-01-01", "2018-12-31"),
    # Aged 64: 23374 .. 23741 days after birth.
    ("Yerke", "birth"): ("1953-01-01", "1955-01-02"),
    # At least 60 days after the entry; 4 or 5 days before the visit.
    ("Yerke", "socks-request"): ("2018-03-02", "2022-12-30"),
    # At least a day before a release that is not after the arrival, nor that after 2023-01-04.
    ("Yerke", "home-visit"): ("2018-03-06", "2023-01-03"),
    ("Yerke", "release"): ("2018-03-07", "2023-01-04"),
    ("Yerke", "arrival"): ("2018-03-07", "2023-01-04"),
    # Between the request and the visit.
    ("Yerke's son", "death"): ("2018-03-02", "2023-01-03"),
    ("Ospan", "interview"): ("2023-01-03", "2023-01-03"),
    # Aged 50: 18261 .. 18628 days after birth.
    ("Ospan", "birth"): ("1972-01-03", "1973-01-04"),
    # A year in the camp is 182 .. 548 days, seven months at home 197 .. 229; two months are 60 days.
    ("Ospan", "camp-entry"): ("2014-01-01", "2021-10-21"),
    ("Ospan", "camp-exit"): ("2014-07-02", "2022-04-21"),
    ("Ospan", "house-arrest-end"): ("2015-01-15", "2022-11-04"),
    ("Ospan", "arrival"): ("2015-01-15", "2022-11-04"),
    ("Ospan", "neurologist"): ("2015-03-16", "2023-01-03"),
}


@pytest.fixture(scope="module")
def told(shared: Path) -> tuple[Statement, ...]:
    """The published examples as statements."""
    return tuple(sheet.read([shared / "examples" / "border-of-tears.csv"], key=bytes(32)))


def test_the_engine_reaches_the_bounds_worked_out_by_hand(told: tuple[Statement, ...]) -> None:
    timelines = solve(told)
    assert all(life.consistent and life.consistent_wide and life.complete for life in timelines)
    assert {
        (life.subject, event.event): (iso(event.earliest), iso(event.latest))
        for life in timelines
        for event in life.events
    } == BY_HAND


def test_the_oracle_reaches_the_bounds_worked_out_by_hand(told: tuple[Statement, ...]) -> None:
    lives = brute.solve(told).lives
    assert {
        (key, label): (iso(event.earliest), iso(event.latest))
        for key, life in lives.items()
        for label, event in life.events.items()
    } == BY_HAND


def test_without_the_background_nobody_knows_how_early_the_camp_was(told: tuple[Statement, ...]) -> None:
    """Saule gave an age and a length, and her interview a last day: no first day follows."""
    said = [row for row in told if row.about == "Saule" and row.layer == "asserted"]
    (saule,) = solve(said)
    bounds = {event.event: (iso(event.earliest), iso(event.latest)) for event in saule.events}
    assert bounds == {
        "camp-entry": (None, "2021-04-21"),
        "release": (None, "2023-01-04"),
        "birth": (None, "1945-04-23"),
    }


def test_an_everyday_upper_limit_yields_to_what_was_asserted() -> None:
    """Absent for over a year, understood as under two (an implicature), contradicts 2017 and June 2020."""
    rows = [
        Statement("entry", "Rahima", event="camp-entry", when="2017"),
        Statement("release", "Rahima", event="release", when="2020-06"),
        Statement("absence", "Rahima", event="release", after="camp-entry", gap=">P1Y"),
        Statement("usual", "Rahima", event="release", after="camp-entry", gap="P1Y/P2Y", layer="implicature"),
    ]
    (life,) = solve(rows)
    assert life.consistent
    assert life.set_aside == ("implicature",)
    assert life.conflicts == ()
    assert brute.solve(rows).lives["Rahima"].set_aside == {"implicature"}


def test_two_releases_are_both_kept_and_either_may_be_the_day() -> None:
    """Statements of one weight: two repairs, and the event lies in the union of what they leave."""
    rows = [
        Statement("aunt", "Qalida", event="release", when="2019-05"),
        Statement("cellmate", "Qalida", event="release", when="2020-03-01"),
        Statement("entry", "Qalida", event="camp-entry", before="release", gap="P10D"),
    ]
    (life,) = solve(rows)
    spring = (date(2019, 5, 1).toordinal(), date(2019, 5, 31).toordinal())
    march = (date(2020, 3, 1).toordinal(),) * 2
    assert not life.consistent
    assert life.conflicts == (("aunt", "cellmate"),)
    assert {(repair.weight, repair.statements) for repair in life.repairs} == {
        (4, ("aunt",)),
        (4, ("cellmate",)),
    }
    bounds = {event.event: event.ranges for event in life.events}
    assert bounds["release"] == (spring, march)
    assert bounds["camp-entry"] == tuple((first - 10, last - 10) for first, last in (spring, march))


def test_a_better_graded_statement_outweighs_two_of_no_grade_only_if_it_weighs_more() -> None:
    """A1 weighs 8, twice 4: both repairs are of least weight; B2 weighs 6 and is the only one."""
    others = [
        Statement("first", "A", event="release", when="2019"),
        Statement("second", "A", event="release", when="2019-06"),
    ]
    for grade, expected in {"A1": {("best",), ("first", "second")}, "B2": {("best",)}}.items():
        rows = [*others, Statement("best", "A", event="release", when="2018", grade=grade)]
        (life,) = solve(rows)
        assert {repair.statements for repair in life.repairs} == expected
        assert {ids for _, ids in brute.solve(rows).repairs} == {frozenset(ids) for ids in expected}


def test_above_256_combinations_the_bounds_do_without_what_could_be_set_aside() -> None:
    """Nine events with two dates each: 512 combinations, so the dates bound nothing any more."""
    rows = [
        Statement(f"{event}{year}", "A", event=f"walk#{event}", when=year)
        for event in range(9)
        for year in ("2018", "2020")
    ]
    rows.append(Statement("after", "A", event="walk#0", after="walk#last"))
    rows.append(Statement("last", "A", event="walk#last", when="2017/2021"))
    (life,) = solve(rows)
    expected = brute.solve(rows)
    assert not life.complete
    assert not expected.lives["A"].complete
    bounds = {event.event: event.ranges for event in life.events}
    first = date(2017, 1, 1).toordinal()
    assert bounds["walk#0"] == expected.lives["A"].events["walk#0"].ranges == ((first, None),)
    assert bounds["walk#1"] == expected.lives["A"].events["walk#1"].ranges == ((None, None),)
