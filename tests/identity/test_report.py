"""The page of a life that was judged to be one."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk


def _page(desk: Desk, *subjects: str, language: str = "en") -> str:
    """The words of a report, without marks of direction."""
    file = desk.folder.parent / "page.html"
    desk.does(
        "report", *subjects, "-o", str(file), "--force", "--today", "2026-11-22", "--language", language
    )
    text = re.sub(r"<(style|svg).*?</\1>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub("[\u2066-\u2069]", "", unescape(re.sub("<[^>]*>", "", text))).split())


def test_the_page_has_all_labels_what_joined_them_and_what_was_told_of_which(desk: Desk) -> None:
    desk.judge("same", "Калисбек", "Qalisbek")
    desk.judge("unsure", "Калисбек", "Erkin")
    page = _page(desk, "Калисбек")
    assert page == _page(desk, "Qalisbek")
    assert "Judged to be the same: Калисбек" in page
    assert re.search(
        r"Калисбек and Qalisbek are the same\. Judged by Aigul, [\w ]+ 20\d\d: seen by Saule", page
    )
    assert "Nobody can say yet whether Калисбек and Erkin are the same." in page
    assert page.count("told of Калисбек") == 2
    assert "cannot all hold" not in page


def test_equal_labels_are_said_to_be_a_presumption_where_several_tellings_use_one(desk: Desk) -> None:
    presumed = "That tellings with the same label are about one and the same is presumed."
    assert presumed in _page(desk, "Qalisbek")
    assert presumed not in _page(desk, "Калисбек")
    assert presumed not in _page(desk, "?cellmate")


def test_contradictory_judgements_stand_on_the_page_of_each(desk: Desk) -> None:
    desk.judge("same", "Калисбек", "Qalisbek")
    desk.judge("different", "Калисбек", "Qalisbek", "--anyway")
    for label in ("Калисбек", "Qalisbek"):
        page = _page(desk, label)
        assert "These decisions cannot all hold" in page
        assert "Калисбек and Qalisbek are the same." in page
        assert "Калисбек and Qalisbek are not the same." in page
        assert "Judged to be the same" not in page


@pytest.mark.parametrize("words", ["<b>boo</b>", "{{ 1 }}"])
def test_what_was_typed_as_a_reason_stays_words(desk: Desk, words: str) -> None:
    desk.enter([Statement("x1", "<i>X</i>", event="arrest", when="2018", source="Aman", told="2022")])
    desk.does("same", "Erkin", "<i>X</i>", "--reason", words, "--anyway")
    page = _page(desk, "Erkin")
    assert words in page
    assert "Judged to be the same: <i>X</i>" in page


def test_a_report_about_everybody_has_each_life_once(desk: Desk) -> None:
    desk.judge("same", "Калисбек", "Qalisbek")
    desk.does("split", "Qalisbek", "letter", "--reason", "a namesake")
    file = desk.folder.parent / "all.html"
    desk.does("report", "-o", str(file), "--language", "ug")
    html = file.read_text(encoding="utf-8")
    names = re.findall(r'<h\d class="name"[^>]*>(.*?)</h\d>', html)
    shown = [re.sub(r"<[^>]*>|[\u2066-\u2069]", "", one) for one in names]
    assert shown[:3] == ["Qalisbek", "Qalisbek (letter)", "Dana"]
    assert len(shown) == 6


def test_who_told_of_herself_under_another_label_lived_it(desk: Desk) -> None:
    desk.enter(
        [Statement("o1", "Эркин", source="Эркин", told="2022", event="arrest", when="2023", role="perceived")]
    )
    desk.judge("same", "Erkin", "Эркин", "--anyway")
    assert "Эркин, who lived it" in _page(desk, "Erkin")


def test_two_labels_of_one_source_are_one_voice(desk: Desk) -> None:
    desk.enter(
        [
            Statement("v1", "Saule", event="arrest", when="2010", source="x"),
            Statement("v2", "Сауле", event="arrest", when="2010", source="x"),
            Statement("v3", "Gulzira", event="arrest", when="2018", source="Saule", role="perceived"),
            Statement("v4", "Gulzira", event="arrest", when="2018", source="Сауле", role="perceived"),
        ]
    )
    before = _page(desk, "Gulzira")
    desk.judge("same", "Saule", "Сауле")
    after = _page(desk, "Gulzira")
    assert "independent chains" in before
    assert "independent chains" not in after
