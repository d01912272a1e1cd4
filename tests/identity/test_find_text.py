"""What `estelik find` prints of what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.language.passages import excerpt
from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk

FSI, PDI = "\u2068", "\u2069"
ROWS = [
    Statement(
        "t1", "Dana", "letter", "Aman", "2021", event="arrest",
        quote="ئۇ لاگېرغا ئېلىپ كېتىلدى", language="ug",
    ),
    Statement(
        "t2", "Erkin", "letter", "Aman", "2021", event="arrest",
        note="the camp,\nthe \x1b[31mred\x1b[0m camp",
    ),
    Statement("t3", "Erkin", "letter", "Aman", "2021", event="camp-entry:Tekes", place="Qalisbek's yard"),
]  # fmt: skip


def test_names_come_first_and_then_what_was_told(desk: Desk) -> None:
    desk.enter(ROWS)
    said = desk.does("find", "Qalisbek")
    assert said.out.index("Калисбек") < said.out.index(f"{FSI}t3{PDI}") < said.out.index("place: ")
    assert "t3" not in desk.does("find", "Qalisbek", "--names").out
    assert "Калисбек" not in desk.does("find", "Qalisbek", "--text").out


def test_a_document_of_people_is_as_it_was_and_one_of_text_has_all(desk: Desk) -> None:
    desk.enter(ROWS)
    assert {tuple(one) for one in desk.does("find", "Qalisbek", "--json").json()} == {
        ("subject", "name", "score")
    }
    (found,) = desk.does("find", "لاگېر", "--text", "--json").json()
    assert found == {
        "kind": "statement", "id": "t1", "subject": "Dana", "told": "2021", "source": "Aman", "when": "",
        "field": "quote", "text": ROWS[0].quote, "language": "ug", "found": [[3, 10]], "corrected": False,
    }  # fmt: skip
    assert desk.does("find", "nowhere", "--text", "--json").json() == []


def test_it_is_said_who_told_it_when_of_when_and_what_was_corrected(desk: Desk) -> None:
    row = Statement("w1", "Dana", "letter", "Aman", "2021", event="arrest", when="2018-03", quote="the gate")
    desk.enter([row, Statement("w2", "Dana", "letter", "Aman", "2021", event="arrest", corrects="w1")])
    out = desk.does("find", "gate", "--text").out.replace(FSI, "").replace(PDI, "")
    assert out == "Dana (w1, Aman, 2021; when: 2018-03; corrected since)\n      the gate\n"


def test_words_of_others_end_no_line_and_move_no_cursor(desk: Desk) -> None:
    desk.enter(ROWS)
    out = desk.does("find", "camp", "--text").out
    assert f"note: {FSI}the camp, the [31mred[0m camp{PDI}\n" in out
    assert "\x1b" not in out
    assert f"{FSI}Dana{PDI} ({FSI}t1{PDI}, {FSI}Aman{PDI}" in desk.does("find", "лагерь", "--text").out


def test_who_finds_nothing_is_told_so_without_the_words(desk: Desk) -> None:
    said = desk.does("find", "Qwxyz?", "--text")
    assert (said.out, said.err) == ("", "Nothing here has these words.\n")


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("the camp", [(4, 8)], "the [camp]"),
        ("camp camp", [(0, 4), (5, 9)], "[camp] [camp]"),
        ("a \u202ecamp\u202c\tb", [(3, 7)], "a [camp] b"),
        ("می\u200cخواهم", [(0, 8)], "[می\u200cخواهم]"),
        ("", [], ""),
        ("x" * 400, [(0, 400)], f"[{'x' * 160}]…"),
        ("哈" * 400 + "集中营" + "哈" * 400, [(400, 403)], f"…{'哈' * 50}[集中营]{'哈' * 107}…"),
    ],
)
def test_a_passage_is_cut_to_a_line_around_what_was_found(
    text: str, spans: list[tuple[int, int]], shown: str
) -> None:
    assert excerpt(text, spans, "[{}]".format) == f"{FSI}{shown}{PDI}"


def test_a_passage_is_cut_between_words() -> None:
    text = f"{'word ' * 40}camp{' word' * 60}"
    line = excerpt(text, [(200, 204)], "[{}]".format)[1:-1]
    assert line.startswith("…word word")
    assert line.endswith(" word…")
    assert "[camp]" in line
