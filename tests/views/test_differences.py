"""Differences: what is told in different ways, and by whom; none is preferred."""

from __future__ import annotations

from estelik.records import Statement
from estelik.views.differences import Difference, differences
from estelik.views.same_place import TwoNames, among, two_names


def test_two_places_for_one_event_differ() -> None:
    rows = [
        Statement("a", "Arman", event="release", place="Tekes"),
        Statement("b", "Arman", event="release", place="Ghulja"),
        Statement("c", "Arman", event="release", place="Tekes"),
        Statement("d", "Arman", event="arrest", place="Ghulja"),
    ]
    assert differences(rows) == [
        Difference("place", {"Tekes": ("a", "c"), "Ghulja": ("b",)}, event="release")
    ]


def test_yes_and_no_to_one_event_differ_but_could_not_say_does_not() -> None:
    rows = [
        Statement("a", "Arman", event="release"),
        Statement("b", "Arman", event="release", answer="no"),
        Statement("c", "Arman", event="release", answer="unknown"),
    ]
    assert differences(rows) == [Difference("answer", {"yes": ("a",), "no": ("b",)}, event="release")]


def test_numbers_that_meet_and_facts_that_may_be_several_do_not_differ() -> None:
    rows = [
        Statement("a", "Arman", fact="count:children", value="2..4"),
        Statement("b", "Arman", fact="count:children", value="3"),
        Statement("c", "Arman", fact="occupation", value="shepherd"),
        Statement("d", "Arman", fact="occupation", value="teacher"),
        Statement("e", "Arman", fact="citizenship", value="China", when="../2018"),
        Statement("f", "Arman", fact="citizenship", value="Kazakhstan", when="2019/.."),
    ]
    assert differences(rows) == []
    more = [*rows, Statement("g", "Arman", fact="count:children", value="5..")]
    assert [one.fact for one in differences(more)] == ["count:children"]


def test_one_place_under_two_names_is_no_difference_and_is_shown_as_one() -> None:
    rows = [
        Statement("a", "Arman", event="departure", place="Artemivsk"),
        Statement("b", "Arman", event="departure", place="Бахмут"),
        Statement("c", "Arman", event="release", place="Tekes"),
        Statement("d", "Arman", event="release", place="Ghulja"),
    ]
    same = among(rows)
    assert [one.event for one in differences(rows, same)] == ["release"]
    assert two_names(rows, same) == [TwoNames("departure", {"Artemivsk": ("a",), "Бахмут": ("b",)})]


def test_a_name_that_a_statement_gives_a_place_is_another_name_of_it() -> None:
    rows = [
        Statement("a", "Arman", event="departure", place="the yellow house"),
        Statement("b", "Arman", event="departure", place="Qorvanne 4"),
    ]
    assert [one.field for one in differences(rows, among(rows))] == ["place"]
    named = Statement("c", "Qorvanne 4", about_kind="place", fact="name", value="the yellow house")
    assert differences(rows, among([*rows, named])) == []
