"""Status: how surely somebody was in which state, on cases worked out by hand."""

from __future__ import annotations

import pytest

from estelik.chronology.lives import link
from estelik.chronology.network import days_of
from estelik.chronology.status import status
from estelik.chronology.timeline import Solution
from estelik.records import Statement

CAMP = (
    Statement("in", "Aigul", event="camp-entry", when="2017-03", place="Boztal camp"),
    Statement("out", "Aigul", event="release", when="2018-03-05"),
)


def states(rows: tuple[Statement, ...], on: str) -> dict[tuple[str, str | None], str]:
    (linked,) = link(rows)
    found = status(Solution(linked), 0, days_of(on, "strict"))
    return {(one.state, one.place): one.certainty for one in found}


@pytest.mark.parametrize(
    ("on", "certainty"),
    [
        ("2016", "never"),
        ("2017-03-01", "possibly"),
        ("2017-03-31", "throughout"),
        ("2017-03", "at some time"),
        ("2017-06", "throughout"),
        ("2018-03-04", "throughout"),
        ("2018-03-05", "never"),
        ("2018-02/2018-04", "at some time"),
        ("[2016,2017-06]", "possibly"),
    ],
)
def test_a_stint_is_certain_from_its_latest_start_to_the_day_before_its_end(on: str, certainty: str) -> None:
    assert states(CAMP, on) == {("in camp", "Boztal camp"): certainty}


def test_without_an_end_a_state_is_never_certain_again() -> None:
    assert states(CAMP[:1], "2030") == {("in camp", "Boztal camp"): "possibly"}


@pytest.mark.parametrize(
    ("on", "certainty"),
    [
        ("2018-01-11", "never"),
        ("2018-01-12", "throughout"),
        ("2018-01-11/2018-01-12", "at some time"),
        ("2018-01-13", "possibly"),
        ("2018-01-12/2018-01-13", "at some time"),
    ],
)
def test_a_state_holds_on_the_day_on_which_it_begins(on: str, certainty: str) -> None:
    """And for certain no longer than that, where nobody says what came then."""
    rows = (Statement("a", "Aigul", event="arrest", when="2018-01-12"),)
    assert states(rows, on) == {("detained", None): certainty}


def test_an_event_that_was_only_expected_closes_no_state() -> None:
    """Before the day it was due the state is certain, after it possible."""
    rows = (CAMP[0], Statement("due", "Aigul", event="release#due", when="2018-03-05", expected=True))
    assert states(rows, "2018-01") == {("in camp", "Boztal camp"): "throughout"}
    assert states(rows, "2018-03-06") == {("in camp", "Boztal camp"): "possibly"}


def test_custody_states_exclude_each_other_and_death_ends_them_all() -> None:
    rows = (
        Statement("a", "Aigul", event="arrest", when="2017-03-05"),
        Statement("b", "Aigul", event="camp-entry", after="arrest", when="2017-03-05"),
        Statement("c", "Aigul", event="death", when="2019-01-01"),
    )
    assert states(rows, "2018") == {
        ("detained", None): "never",
        ("in camp", None): "throughout",
        ("dead", None): "never",
    }
    assert states(rows, "2019-01-01") == {
        ("detained", None): "never",
        ("in camp", None): "never",
        ("dead", None): "throughout",
    }


def test_a_transfer_closes_and_opens_the_same_state_at_another_place() -> None:
    rows = (*CAMP, Statement("moved", "Aigul", event="transfer", when="2017-09", place="Tekes camp"))
    assert states(rows, "2017-06") == {
        ("in camp", "Boztal camp"): "throughout",
        ("in camp", "Tekes camp"): "never",
    }
    assert states(rows, "2017-12") == {
        ("in camp", "Boztal camp"): "never",
        ("in camp", "Tekes camp"): "throughout",
    }


def test_who_was_moved_on_a_day_unknown_was_in_a_camp_throughout() -> None:
    """Neither place is certain on a day on which the other may be; that she was in one of them is."""
    rows = (*CAMP, Statement("moved", "Aigul", event="transfer", when="2017-04/2017-12", place="Tekes camp"))
    assert states(rows, "2017-06") == {
        ("in camp", None): "throughout",
        ("in camp", "Boztal camp"): "possibly",
        ("in camp", "Tekes camp"): "possibly",
    }
    assert states(rows, "2018-01")["in camp", "Tekes camp"] == "throughout"
    assert ("in camp", None) not in states(rows, "2018-01")
    assert set(states(rows, "2018-03-05").values()) == {"never"}


def test_a_day_on_which_somebody_may_have_come_and_been_moved_leaves_no_gap() -> None:
    """Told of first, the move may lie before she came, or after, or on the day."""
    for order in (1, -1):
        moved = Statement("moved", "Aigul", event="transfer", when="2017", place="Tekes camp")
        rows = (CAMP[0], moved)[::order] + CAMP[1:]
        assert states(rows, "2017-06")["in camp", None] == "throughout"
        assert states(rows, "2018-02/2018-04")["in camp", None] == "at some time"


def test_a_transfer_of_somebody_who_was_out_already_moves_nothing() -> None:
    rows = (*CAMP, Statement("moved", "Aigul", event="transfer", when="2019", place="Tekes camp"))
    assert states(rows, "2019/2020")["in camp", "Tekes camp"] == "never"


def test_who_was_taken_and_let_go_on_one_day_was_held_that_day() -> None:
    rows = (
        Statement("a", "Aigul", event="arrest", when="2017-01-01"),
        Statement("r", "Aigul", event="release", when="2017-01-01"),
    )
    assert states(rows, "2017-01-01") == {("detained", None): "throughout"}
    assert states(rows, "2017-01-02") == {("detained", None): "never"}


def test_a_sentence_before_the_prison_leaves_no_gap_between() -> None:
    rows = (
        Statement("s", "Aigul", event="sentence", when="2017-03-05"),
        Statement("p", "Aigul", event="prison-entry", when="2017-06-01"),
        Statement("r", "Aigul", event="release", when="2019-01-01"),
    )
    assert states(rows, "2017-03-05/2018-12-31") == {("in prison", None): "throughout"}


def test_only_what_holds_in_every_account_is_certain() -> None:
    """A release in 2018 and one in 2019 cannot both be; in 2018-06 she was out in one account."""
    rows = (*CAMP, Statement("later", "Aigul", event="release", when="2019-03-05"))
    assert states(rows, "2018-01") == {("in camp", "Boztal camp"): "throughout"}
    assert states(rows, "2018-06") == {("in camp", "Boztal camp"): "possibly"}
    assert states(rows, "2019-06") == {("in camp", "Boztal camp"): "never"}


def test_who_left_a_camp_was_possibly_in_it_until_then() -> None:
    """Since when, nobody said: on no day is it certain, and from the day of the exit on it is not so."""
    rows = (
        Statement("b", "Aigul", event="birth", when="1990-05-01"),
        Statement("x", "Aigul", event="camp-exit", when="2018-03", place="Boztal camp"),
    )
    here = ("in camp", "Boztal camp")
    assert states(rows, "1989") == {here: "never"}
    assert states(rows, "2017") == {here: "possibly"}
    assert states(rows, "2018-02-28") == {here: "possibly"}
    assert states(rows, "2018-03-30") == {here: "possibly"}
    assert states(rows, "2018-03-31") == {here: "never"}


def test_an_end_says_nothing_of_the_time_before_another_end() -> None:
    rows = (
        Statement("a", "Aigul", event="arrest", when="2016-02-01"),
        Statement("x", "Aigul", event="camp-exit", when="2018-03-01"),
    )
    assert states(rows, "2016-01")["in camp", None] == "never"
    assert states(rows, "2017")["in camp", None] == "possibly"


def test_a_transfer_leads_to_where_somebody_left() -> None:
    rows = (
        Statement("t", "Aigul", event="transfer", when="2017-09-01", place="Tekes camp"),
        Statement("x", "Aigul", event="camp-exit", when="2018-03-01"),
    )
    assert states(rows, "2017-06") == {("in camp", None): "possibly", ("in camp", "Tekes camp"): "never"}
    assert states(rows, "2017-12")["in camp", "Tekes camp"] == "possibly"
    assert states(rows, "2018-04") == {("in camp", None): "never", ("in camp", "Tekes camp"): "never"}


def test_an_end_that_does_not_say_of_what_puts_nobody_in_a_state() -> None:
    """A release ends every custody, and people come back from anywhere."""
    rows = (
        Statement("r", "Aigul", event="release", when="2018-03-01"),
        Statement("h", "Aigul", event="return", when="2018-04-01"),
        Statement("x", "Aigul", event="camp-exit", when="2020-04-01", expected=True),
    )
    assert states(rows, "2017") == {}
