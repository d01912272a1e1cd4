"""Encounters of those of whom only the end of a stay was told."""

from __future__ import annotations

from datetime import date

from estelik.chronology.encounters import Encounter, encounters
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution
from estelik.places.where import Where
from estelik.records import Statement
from estelik.records.whereabouts import Whereabouts


def _facility(label: str) -> Whereabouts:
    return Whereabouts(label, label, frozenset({label}))


def _met(*rows: Statement) -> list[Encounter]:
    first, *others = [Solution(linked) for linked in link(rows)]
    return encounters(first, 0, others, _facility)


def _day(iso: str) -> int:
    return date.fromisoformat(iso).toordinal()


def test_who_only_left_may_have_met_whoever_was_there_before() -> None:
    rows = (
        Statement("x", "A", event="camp-exit", when="2018-03-01", place="Boztal"),
        Statement("i", "B", event="camp-entry", when="2017-03-01", place="Boztal"),
        Statement("o", "B", event="release", when="2019-03-01"),
    )
    expected = (False, _day("2017-03-01"), _day("2018-02-28"))
    assert [(one.certain, one.earliest, one.latest) for one in _met(*rows)] == [expected]


def test_of_two_who_only_left_the_first_day_is_unknown() -> None:
    rows = (
        Statement("x", "A", event="camp-exit", when="2018-03-01", place="Boztal"),
        Statement("y", "B", event="camp-exit", when="2019-03-01", place="Boztal"),
    )
    assert [(one.certain, one.earliest, one.latest) for one in _met(*rows)] == [
        (False, None, _day("2018-02-28"))
    ]


def test_who_left_before_the_other_came_was_not_met() -> None:
    rows = (
        Statement("x", "A", event="camp-exit", when="2017-03-01", place="Boztal"),
        Statement("i", "B", event="camp-entry", when="2017-03-01", place="Boztal"),
    )
    assert _met(*rows) == []


def test_an_encounter_leads_to_the_statements_about_both_stays_and_to_no_others() -> None:
    """How each stay began and ended; not another stay elsewhere, nor what happened at home."""
    rows = (
        Statement("a0", "A", event="marriage", when="2010"),
        Statement("a1", "A", event="camp-entry", when="2017-03-01", place="Boztal"),
        Statement("a2", "A", event="camp-entry", when="2017-03", place="Boztal"),
        Statement("a3", "A", event="release", when="2019-03-01"),
        Statement("b0", "B", event="arrest", when="2012-01-01", place="Boztal"),
        Statement("b1", "B", event="release#1", when="2013-01-01"),
        Statement("b2", "B", event="camp-entry", when="2018-03-01", place="Boztal"),
        Statement("b3", "B", event="camp-exit", when="2018-09-01"),
    )
    (met,) = _met(*rows)
    assert met.own == ("a1", "a2", "a3")
    assert {"b2", "b3"} <= set(met.theirs)
    assert "b0" not in met.theirs


def _held(subject: str, *places: str) -> list[Statement]:
    """Held from one known day to another, told of once for each name of the place."""
    entry = {"event": "camp-entry", "when": "2017-03-01"}
    told = [
        Statement(f"{subject}{number}", subject, **entry, place=place)  # type: ignore[arg-type]
        for number, place in enumerate(places)
    ]
    return [*told, Statement(f"{subject}-out", subject, event="camp-exit", when="2018-03-01")]


def _certain(where: Where, *rows: Statement) -> list[bool]:
    first, *others = [Solution(linked) for linked in link(rows)]
    return [one.certain for one in encounters(first, 0, others, where)]


ENGLISH, CHINESE = "Tekes county detention centre", "特克斯县看守所"
ONE = Statement("n", ENGLISH, about_kind="place", fact="name", value=CHINESE)


def test_one_facility_in_two_languages_is_possible_and_certain_only_if_a_statement_says_so() -> None:
    rows = (*_held("A", ENGLISH), *_held("B", CHINESE))
    assert _certain(Where(), *rows) == [False]
    assert _certain(Where([ONE]), *rows) == [True]
    assert _certain(Where(), *_held("A", ENGLISH), *_held("B", "昭苏县看守所")) == []


def test_a_stay_told_of_under_two_names_of_one_facility_is_a_stay_in_one_place() -> None:
    rows = (*_held("A", ENGLISH, CHINESE), *_held("B", ENGLISH))
    assert _certain(Where([ONE]), *rows) == [True]
    assert not any(_certain(Where(), *rows))


def test_one_county_under_two_names_is_possible_and_never_certain() -> None:
    assert _certain(Where(), *_held("A", "Текесский район"), *_held("B", "特克斯县")) == [False]
    assert _certain(Where(), *_held("A", "Текесский район", "Tekes"), *_held("B", "特克斯县")) == [False]
