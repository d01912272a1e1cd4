"""`estelik link`: what it tells, and that nothing of it stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
