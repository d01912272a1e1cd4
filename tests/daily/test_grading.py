"""How a statement is known is said of it afterwards: its grade, its role, its chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.chronology.lives import retired
from estelik.daily.grading import grade
from estelik.daily.judging import set_aside
from estelik.errors import EstelikError, NotFoundError, UsageError
from estelik.exchange import sheet
from estelik.records import Statement
from estelik.views.timeline import timelines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SISTER, GUARD = "her sister", "a guard"


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """Two tell of one release on two days: both cannot be true."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:
        made.add_statements(
            [
                Statement("one", "Saule", source=SISTER, told="2021", event="release", when="2019-03-01"),
                Statement("other", "Saule", source=GUARD, told="2021", event="release", when="2019-08-01",
                          quote="In August.", note="By telephone"),
                Statement("nobody", "?a woman", source=SISTER, told="2021", event="arrest"),
            ]
        )  # fmt: skip
        yield made


def told(casebook: Casebook, id_: str) -> Statement:
    """The statement with this id."""
    return next(one for one in casebook.statements() if one.statement == id_)


def weights(casebook: Casebook) -> dict[tuple[str, ...], int]:
    """What each way out of the contradiction would take back."""
    merged = casebook.lives.of("Saule")
    found, _ = next(iter(timelines(merged.statements, merged.judgements)))
    return {one.statements: one.weight for one in found.repairs}


def test_a_grade_is_entered_as_a_correction_that_says_all_that_was_said(casebook: Casebook) -> None:
    """The row as it was is kept; the reason stands beside what was noted before."""
    made = grade(casebook, "other", "He was seen there.", letters="B2")
    before, after = told(casebook, "other"), told(casebook, made)
    assert (after.grade, after.corrects, after.note) == ("B2", "other", "By telephone; He was seen there.")
    for name in ("about", "source", "told", "event", "when", "quote", "role", "via", "compartment"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.telling == before.telling
    assert retired(casebook.statements()) == {"other"}


def test_what_weighs_more_is_not_the_one_to_be_set_aside(casebook: Casebook) -> None:
    """As the contract counts it: B2 is two more than a grade that says nothing."""
    assert weights(casebook) == {("one",): 4, ("other",): 4}
    assert weights(casebook) != {}
    made = grade(casebook, "other", "He was seen there.", letters="B2")
    assert weights(casebook) == {("one",): 4}
    last = grade(casebook, made, "It was somebody else.", letters="E5")
    assert weights(casebook) == {(last,): 1}


def test_hearsay_is_said_with_the_chain_and_taken_back_so(casebook: Casebook) -> None:
    made = grade(casebook, "one", "She says now who told her.", role="told", via="a friend >  a neighbour")
    assert told(casebook, made).chain == (SISTER, "a friend", "a neighbour")
    again = grade(casebook, made, "She was there herself.", role="perceived", via="")
    assert (told(casebook, again).chain, told(casebook, again).role) == ((SISTER,), "perceived")


@pytest.mark.parametrize(
    ("statement", "reason", "said"),
    [
        ("one", " ", {"letters": "B2"}),
        ("one", "why", {"letters": "G9"}),
        ("one", "why", {}),
        ("one", "why", {"letters": "F6", "role": "told", "via": ""}),
        ("one", "why", {"via": "a > > b"}),
        ("nothing", "why", {"letters": "B2"}),
        ("nobody", "why", {"letters": "B2"}),
    ],
)
def test_what_says_nothing_or_cannot_be_said_is_not_entered(
    casebook: Casebook, statement: str, reason: str, said: dict[str, str]
) -> None:
    before = casebook.statements()
    with pytest.raises(EstelikError):
        grade(casebook, statement, reason, **said)  # type: ignore[arg-type] # any of them may be wrong
    assert casebook.statements() == before


def test_only_what_still_counts_is_graded(casebook: Casebook) -> None:
    """Not what is corrected, nor what is set aside."""
    made = grade(casebook, "one", "why", letters="B2")
    with pytest.raises(UsageError):
        grade(casebook, "one", "why", letters="A1")
    set_aside(casebook, made, "no")
    with pytest.raises(UsageError):
        grade(casebook, made, "why", letters="A1")


def test_of_two_who_grade_at_once_the_second_is_told(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two rows would stand in the place of one."""
    cells = sheet.cells

    def meanwhile(one: Statement) -> tuple[str, ...]:
        monkeypatch.setattr(sheet, "cells", cells)
        grade(casebook, "other", "The first one's.", letters="C3")
        return cells(one)

    monkeypatch.setattr(sheet, "cells", meanwhile)
    with pytest.raises(UsageError):
        grade(casebook, "other", "The second one's.", letters="A1")
    assert [one.grade for one in casebook.statements() if one.corrects == "other"] == ["C3"]


def test_what_is_not_there_is_said_to_be_not_there(casebook: Casebook) -> None:
    with pytest.raises(NotFoundError):
        grade(casebook, "nothing", "why", letters="B2")
