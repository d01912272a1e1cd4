"""Somebody is found by any spelling of a name in any script, and pairs who may be one are proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.identity.namesakes import Known, Namesakes
from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk

#: Enough people for the compiled program and the nearest vectors; the first of them in five spellings.
SPELLINGS = (
    *("Қалисбек Бабанұлы", "Калисбек Бабанович", "哈力斯别克·巴班", "قالىسبەك بابان ۇلى"),
    "Qalisbek Baban-Uly",
)
GIVEN = ("Нұрлан", "Ерлан", "Мұрат", "Айдос", "Самат", "Дәурен", "Бекзат", "Олжас", "Талғат", "Марат")
FATHERS = ("Серік", "Оразбек", "Темір", "Жұмабай", "Сәбит", "Қайрат", "Төлеген", "Әбдіразақ")
CROWD = [f"{given} {father}ұлы" for given in GIVEN for father in FATHERS]


@pytest.fixture(scope="module")
def crowd() -> Namesakes:
    names = [(f"k{number}", name) for number, name in enumerate([*SPELLINGS, *CROWD])]
    return Namesakes(
        Known((*names, ("x", "elderly woman"), ("y", "elderly woman")), (("k7", "840215300123"),))
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_each_spelling_finds_all_others_among_many(crowd: Namesakes, spelling: str) -> None:
    found = crowd.find(spelling, 5)
    assert {one.key for one in found} == {f"k{number}" for number in range(5)}
    assert all(one.score > 0.5 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_a_number_of_a_document_finds_whose_it_is(crowd: Namesakes) -> None:
    assert crowd.find("840215 300-123", 3)[0][:3] == ("k7", "", 1.0)
    assert crowd.find("8402", 3) == []


def test_pairs_are_proposed_by_their_names_and_by_no_description(crowd: Namesakes) -> None:
    pairs = {frozenset((one.one, one.other)) for one in crowd.alike()}
    one_man = {frozenset((f"k{a}", f"k{b}")) for a in range(5) for b in range(a)}
    assert one_man <= pairs
    assert frozenset("xy") not in pairs
    # Brothers, and namesakes of other fathers, are not.
    assert len(pairs - one_man) <= 4


def test_nobody_is_found_where_nobody_is() -> None:
    assert Namesakes(Known((), ())).find("Қалисбек", 10) == []
    assert list(Namesakes(Known((), ())).alike()) == []


def test_a_casebook_is_looked_through_in_any_script(desk: Desk) -> None:
    desk.enter(
        [
            Statement("n1", "case 17", "letter", "Aman", "2021", fact="name", value="哈力斯别克·巴班"),
            Statement("n2", "case 17", "letter", "Aman", "2021", fact="document:id", value="840215 300 123"),
            Statement("n3", "Dana", "letter", "Aman", "2021", fact="name", value="Калисбек", answer="no"),
        ]
    )
    found = desk.does("find", "Қалисбек Бабанұлы", "-n", "3", "--json").json()
    assert {one["subject"] for one in found[:3]} == {"case 17", "Qalisbek", "Калисбек"}
    assert found[0]["score"] > 0.9
    assert [set(one) for one in found] == [{"subject", "name", "score"}] * 3
    assert desk.does("find", "840215300123", "--json").json()[0]["subject"] == "case 17"
    assert "case 17" in desk.does("find", "Qalisbek").out
    assert "Nobody here" in desk.run("find", "?").err


def test_who_is_judged_the_same_is_proposed_no_more(desk: Desk) -> None:
    waiting = desk.does("review", typed="q\n").out
    assert "Калисбек" in waiting
    desk.judge("same", "Калисбек", "Qalisbek")
    assert "Калисбек" not in desk.does("review", typed="q\n").out
