"""`estelik link`: what it tells, and that nothing of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

    from tests.identity.conftest import Desk

PAIR = {"Qalisbek", "Калисбек"}


def test_pairs_are_told_with_reasons_until_they_are_judged(desk: Desk) -> None:
    """Who may be there twice is told with a probability and why, and once judged no more."""
    found = desk.does("link", "--json", "--least", "0.01").json()
    (told,) = (one for one in found if set(one["subjects"]) == PAIR)
    assert 0.01 <= told["probability"] <= 1
    assert told["reasons"]
    desk.judge("different", "Калисбек", "Qalisbek")
    after = desk.does("link", "--json", "--least", "0.01").json()
    assert not [one for one in after if set(one["subjects"]) == PAIR]


def test_the_people_of_a_list_are_told_by_its_ids(desk: Desk, tmp_path: Path) -> None:
    """Of a list those are told who may be in the casebook, and nobody is taken in."""
    file = tmp_path / "list.csv"
    file.write_text("id,name,born,note\n7,哈力斯别克,1962,x\n8,Bob Smith,,\n", encoding="utf-8")
    said = desk.does("link", "--json", "--least", "0.001", "--with", str(file))
    assert {one["id"] for one in said.json()} == {"7"}
    assert {one["subject"] for one in said.json()} <= PAIR
    assert "Not looked at: note" in said.err
    with desk.open() as casebook:
        assert "哈力斯别克" not in casebook.subjects()


def test_a_list_cannot_be_reviewed(desk: Desk, tmp_path: Path) -> None:
    """Who is on a list is no subject yet: that is said, with what to do."""
    said = desk.run("link", "--review", "--with", str(tmp_path / "none.csv"))
    assert said.status == 2
    assert "nobody in the casebook yet" in said.err


def test_who_stands_on_a_list_by_name_is_told_though_nothing_else_is(desk: Desk, tmp_path: Path) -> None:
    """Letter for letter, the words in another order, in another writing; with what speaks against it."""
    desk.enter(
        [
            Statement("k1", "Kuat Erzhanov", "visit", "Saule", "2020", event="birth", when="1991"),
            Statement("k2", "Bakyt Narenov", "visit", "Saule", "2020", event="birth", when="1950"),
        ]
    )
    file = tmp_path / "list.csv"
    file.write_text(
        "id,name,born\n1,Kuat Erzhanov,\n2,Erzhanov Kuat,\n3,Куат Ержанов,\n4,Bakyt Narenov,1991\n5,Kuat,\n",
        encoding="utf-8",
    )
    said = desk.does("link", "--json", "--with", str(file)).json()
    assert {(one["subject"], one["id"]) for one in said} == {
        *(("Kuat Erzhanov", id_) for id_ in "123"),
        ("Bakyt Narenov", "4"),
    }
    assert [one["reasons"][-1] for one in said if one["id"] == "4"] == ["birth ranges do not meet"]
    assert "1" in {one["id"] for one in said if one["by_name"]}
    assert "1 on the list, called alike" in desk.does("link", "--with", str(file)).out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,name\n\x1b[31mEVIL\x07,Kuat\n", "signs that cannot be shown"),
        (f"id,name\n1,{'x' * 300_000}\n", "a cell is too long"),
        ('id,name\n1,"x"y\n', "quotation marks do not fit"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_is_wrong(
    desk: Desk, tmp_path: Path, content: str, words: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(content, encoding="utf-8")
    said = desk.run("link", "--with", str(file))
    assert (said.status, said.out) == (2, "")
    assert words in said.err
    assert "EVIL" not in said.err
    assert "\x1b" not in said.err


def test_who_was_split_off_is_not_told_as_the_same_again(desk: Desk) -> None:
    """A split says that two are two: nothing proposes them once more."""
    desk.judge("split", "Qalisbek", "letter")
    found = desk.does("link", "--json", "--least", "0.001").json()
    split = {"Qalisbek", "Qalisbek (letter)"}
    assert not [one for one in found if set(one["subjects"]) == split]
    with desk.open() as casebook:
        assert casebook.lives.resolution.relation("Qalisbek", "Qalisbek (letter)") == "different"


def test_a_split_takes_nobody_elses_name(desk: Desk) -> None:
    """Two lives would become one under a name that is somebody's already: it is refused, nothing written."""
    desk.enter([Statement("x1", "Qalisbek (letter)", "other", "Zhanar", "2022", event="death", when="2001")])
    said = desk.run("split", "Qalisbek", "letter", "--reason", "another man")
    assert said.status == 2
    assert "Somebody else is entered under the name" in said.err
    assert desk.does("judgements", "--json").json()["judgements"] == []
