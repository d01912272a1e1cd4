"""Contradictions on a page: who stands against whom, and what each way out keeps."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from markupsafe import Markup

from estelik.chronology.timeline import solve
from estelik.language.accounts import cannot_both, kept
from estelik.language.captions import stint
from estelik.language.direction import plain
from estelik.language.reader import languages, reader
from estelik.language.summary import summary
from estelik.publication.drawing import NARROW, draw
from estelik.publication.marks import Label
from estelik.publication.report import render
from estelik.records import Statement
from estelik.views.dossier import pages

if TYPE_CHECKING:
    from estelik.views.person import PersonPage

TODAY = date(2026, 11, 22).toordinal()

#: Two accounts of each of these events, a year apart: each pair contradicts by itself.
EVENTS = ("arrest", "passport-taken", "hospital-entry", "shelter-entry", "displacement", "return")

LENGTH = (
    Statement("l1", "Len", source="Aunt", event="camp-entry", when="2017-01-10"),
    Statement("l2", "Len", source="Neighbour", event="release", after="camp-entry", gap="P1Y"),
    Statement("l3", "Len", source="Cellmate", event="release", when="2020-05-05"),
)
CHAIN = (
    Statement("k1", "K", source="aunt", event="arrest", when="2018-03", grade="B2", role="perceived"),
    Statement("k2", "K", source="aunt", event="camp-entry", after="arrest", gap="<=P7D"),
    Statement("k3", "K", source="aunt", event="release", after="camp-entry", gap="P1Y4M"),
    Statement("k6", "K", source="Ivan", event="release", when="2020-21", grade="B2", role="perceived"),
)


def apart(count: int) -> list[Statement]:
    """As many contradictions that share no statement."""
    return [
        Statement(f"{event} {year}", "Ind", source=f"{event} {year}", event=event, when=str(year))
        for number, event in enumerate(EVENTS[:count])
        for year in (2000 + 3 * number, 2001 + 3 * number)
    ]


def page_of(told: list[Statement] | tuple[Statement, ...]) -> PersonPage:
    """The page of the first life that is told of."""
    return next(pages(told, today=TODAY))


def ids(page: PersonPage, numbers: tuple[int, ...]) -> set[str]:
    """The ids behind the numbers of a page."""
    return {page.line(number).statement.statement for number in numbers}


def uncited(_: tuple[int, ...]) -> Markup:
    """No numbers."""
    return Markup("")


@pytest.mark.parametrize("count", [1, 2, 3])
def test_each_way_that_is_listed_makes_the_account_whole(count: int) -> None:
    """Setting aside what a row sets aside leaves no contradiction, and it keeps all the rest."""
    told = apart(count)
    page = page_of(told)
    assert len(page.repairs) == 2**count == max(page.course.ways, 2)
    for repair in page.repairs:
        aside = ids(page, repair.sets_aside)
        (found,) = solve([one for one in told if one.statement not in aside])
        assert found.consistent
        assert ids(page, repair.keeps) == {one.statement for one in told} - aside


def test_many_ways_are_listed_by_contradiction() -> None:
    """Above eight combinations each contradiction has its own rows; one of each is needed."""
    told = apart(4)
    page = page_of(told)
    assert page.course.ways == 16
    assert len({repair.among for repair in page.repairs}) == 4
    for repair in page.repairs:
        assert ids(page, (*repair.sets_aside, *repair.keeps)) == ids(page, repair.among)
        assert len(repair.sets_aside) == len(repair.keeps) == 1
    words = render([page])
    assert "one way out of each is taken" in words
    assert words.count("one of these is needed") == 4
    assert "They weigh the same" not in words


def test_contradictions_stand_apart_in_a_timeline() -> None:
    """Each has its own conflicts and its own repairs."""
    (found,) = solve(apart(2))
    assert [(one.conflicts, {repair.statements for repair in one.repairs}) for one in found.apart()] == [
        ((("arrest 2000", "arrest 2001"),), {("arrest 2000",), ("arrest 2001",)}),
        (
            (("passport-taken 2003", "passport-taken 2004"),),
            {("passport-taken 2003",), ("passport-taken 2004",)},
        ),
    ]


def test_a_row_says_only_the_length_that_it_keeps() -> None:
    """Where the Neighbour's year is set aside, neither the bar's words nor its numbers come from it."""
    page = page_of(LENGTH)
    (lane,) = [lane for lane in page.course.lanes if lane.name == "in camp"]
    aside = {one.number: ids(page, one.sets_aside) for one in page.course.accounts}
    said = {row.account: plain(stint(reader("en"), row.stints[0])) for row in lane.rows}
    assert {account for account, words in said.items() if "one year" in words} == {
        account for account, ids_ in aside.items() if "l2" not in ids_
    }
    for row in lane.rows:
        assert not ids(page, row.stints[0].statements) & aside[row.account]


def test_the_summary_does_not_state_a_length_in_dispute() -> None:
    """Neither where each account has its row, nor where all stand in one."""
    later = Statement("l4", "Len", source="Guard", event="release", when="2023")
    for told in (LENGTH, (*LENGTH, later)):
        words = " ".join(plain(one) for one, _ in summary(reader("en"), page_of(told), uncited))
        assert "Held in a camp" in words
        assert "one year" not in words


def test_the_summary_says_of_all_accounts_when_a_state_began() -> None:
    """A beginning that only one account has is not said of all."""
    told = [
        Statement("a", "S", source="a", event="camp-entry", when="2016"),
        Statement("b", "S", source="b", event="camp-entry", when="2018"),
    ]
    words = " ".join(plain(one) for one, _ in summary(reader("en"), page_of(told), uncited))
    assert "beginning between 2016 and 2018" in words


def test_the_sides_that_are_named_oppose_each_other() -> None:
    """The aunt's length of time stands against Ivan's spring; all else is named with them."""
    page = page_of(CHAIN)
    (one,) = page.contradictions
    assert one.event == "release"
    assert [ids(page, (party.statement,)) for party in one.parties] == [{"k3"}, {"k6"}]
    assert [ids(page, party.joined) for party in one.parties] == [{"k1", "k2"}, set()]
    words = plain(cannot_both(reader("en"), page, one))
    assert re.match(r"\W*aunt\W*s account of the release .* and \W*Ivan\W*s account of the release", words)
    assert "cannot both be true, together with" in words
    against = {line.statement.statement: ids(page, line.against) for line in page.statements if line.against}
    assert against == {"k2": {"k1", "k3", "k6"}, "k3": {"k6"}}


def test_the_drawing_does_not_set_against_each_other_what_is_compatible() -> None:
    """Both lengths of the aunt can be true by themselves: only all of the chain cannot."""
    drawing = draw(page_of(CHAIN), reader("en"), NARROW)
    assert drawing is not None
    words = " ".join(piece.text for piece in drawing.pieces if isinstance(piece, Label))
    assert "cannot all be true" in words
    assert "cannot both be true" not in words


def test_two_sides_of_one_source_are_told_apart_by_what_they_say() -> None:
    """Not the same name twice: event and words, where two would have one name."""
    page = page_of(CHAIN)
    assert len(page.repairs) == 2
    for repair in page.repairs:
        aside, keeps = (plain(kept(reader("en"), page, one)) for one in (repair.sets_aside, repair.keeps))
        assert aside != keeps
        assert "length of time" not in aside + keeps
        assert "release" in aside + keeps


def test_where_no_two_speak_of_one_event_all_are_named() -> None:
    """A chain through four events comes back on itself; its lightest links alone are no contradiction."""
    told = [
        Statement("a", "S", source="a", event="arrest", before="release", grade="A1"),
        Statement("b", "S", source="b", event="release", before="hospital", gap=">P1D"),
        Statement("c", "S", source="b", event="hospital", before="arrest", gap=">P1D"),
    ]
    page = page_of(told)
    (one,) = page.contradictions
    assert len(one.parties) == 3
    assert "cannot all be true" in plain(cannot_both(reader("en"), page, one))


@pytest.mark.parametrize("language", languages())
def test_every_language_says_them(language: str) -> None:
    """The pages of these contradictions can be set in every language."""
    for told in (apart(2), apart(4), LENGTH, CHAIN):
        assert "<table" in render([page_of(told)], language=language)
