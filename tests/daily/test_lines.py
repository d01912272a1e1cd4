"""What a line is read with: the line before it, and births that the same source told."""

from __future__ import annotations

import pytest

from estelik.daily import lines, telling
from estelik.daily.telling import Open, Telling
from estelik.records import Statement

BEGUN = Telling("t", "first", "Saule", "Saule", "2023-01-04", "2023-01-04T10:00:00", ("Saule",))


def told(*kept: tuple[str, dict[str, str]]) -> Telling:
    """A telling with these lines, each typed, with its cells."""
    now = BEGUN
    for typed, cells in kept:
        now = telling.keep(now, "Aigul", typed, cells, "en")
    return now


ARREST = ("arrested in March 2018", {"event": "arrest", "when": "2018-03"})
RELEASE = ("released", {"event": "release"})
BIRTH = ("born in 1942", {"event": "birth", "when": "1942"})


@pytest.mark.parametrize(
    ("kept", "when"),
    [
        ((ARREST,), "2018-06"),
        ((RELEASE, ARREST), "2018-06"),
        ((ARREST, RELEASE), ""),
        ((ARREST, BIRTH), ""),
        ((), ""),
    ],
)
def test_a_year_is_that_of_the_line_before_alone(
    kept: tuple[tuple[str, dict[str, str]], ...], when: str
) -> None:
    """Not of one before that, of a birth, or of what she told another day."""
    earlier = [Statement("s1", "Saule", event="arrest", when="2018-03")]
    found = lines.read(told(*kept), earlier, "came home in June", "en", Open())
    assert found.cells.get("when", "") == when
    assert found.complete == bool(when)


def test_a_line_that_is_changed_is_read_after_the_one_before_it() -> None:
    """Not after itself, nor after what was told later."""
    now = told(ARREST, RELEASE, ("died in 2020", {"event": "death", "when": "2020"}))
    hand = Open("released in June", changing=now.lines[1].id)
    assert lines.read(now, (), "released in June", "en", hand).cells["when"] == "2018-06"


def test_the_line_before_about_somebody_else_says_no_year() -> None:
    """Each life has its own."""
    now = telling.turn(told(ARREST), "Erlan")
    assert "when" not in lines.read(now, (), "released in June", "en", Open()).cells


def test_her_sons_age_counts_from_his_birth_if_she_told_of_it() -> None:
    """By what he is to her, or by name; of a son of whom no birth was told, nothing is made."""
    line, hand = "arrested when my son was two", Open()
    son = Statement("s1", "Saule", fact="relation:son", value="Erlan")
    born = Statement("s2", "Erlan", event="birth", when="2015")
    known = lines.read(BEGUN, (son, born), line, "en", hand)
    assert known.cells == {"event": "arrest", "after": "Erlan/birth", "gap": "P2Y/P3Y"}
    assert lines.read(BEGUN, (born,), "arrested when Erlan was two", "en", hand).cells == known.cells
    assert not lines.read(BEGUN, (son,), line, "en", hand).complete
    assert not lines.read(BEGUN, (born,), line, "en", hand).complete


def test_a_line_that_corrects_a_statement_is_not_taken_apart() -> None:
    """It stands in place of one."""
    line = "arrested in 2018 and released in 2019"
    assert lines.read(BEGUN, (), line, "en", Open()).parts
    assert not lines.read(BEGUN, (), line, "en", Open(correcting="s1")).parts


@pytest.mark.parametrize(
    "line", ["he was in the camp for a year", "left the camp a year after he was taken to the camp"]
)
def test_what_something_was_after_is_told_with_it(line: str) -> None:
    """Whoever was in a camp for a year was taken to it: two lines, both read back; one, if it was told."""
    found = lines.read(BEGUN, (), line, "en", Open())
    exit_ = {"event": "camp-exit", "after": "camp-entry", "gap": "P1Y"}
    assert [one.cells for one in found.parts] == [{"event": "camp-entry"}, exit_]
    assert found.prose.startswith("Taken to the camp. Left the camp one year after")
    told_ = [Statement("s1", "Saule", event="camp-entry")]
    assert lines.read(BEGUN, told_, line, "en", Open()).cells == exit_
    assert not lines.read(BEGUN, (), line, "en", Open(correcting="s1")).parts


@pytest.mark.parametrize(
    "line", ["left before the arrest", "not released after the arrest", "released after the arrest?"]
)
def test_nothing_is_told_with_what_may_not_have_happened(line: str) -> None:
    """Left before it came to that; not released; not sure."""
    found = lines.read(BEGUN, (), line, "en", Open())
    assert not found.parts


def test_a_birth_that_today_says_is_not_what_is_spoken_of_next() -> None:
    """He would be 62 now; in Wusu: nobody is born there by that."""
    born = {"event": "birth", "before": "told", "gap": "P62Y/P63Y"}
    now = told(RELEASE, ("he would be 62 now", born))
    earlier = [
        Statement("s1", "Saule", event="release"),
        Statement("s2", "Saule", event="birth", before="told", gap="P62Y/P63Y"),
    ]
    assert lines.read(now, earlier, "in 2019", "en", Open()).cells["event"] == "release"
    correction = lines.read(now, earlier, "not in Kuytun but in Wusu", "en", Open())
    assert correction.faults == ("which-event",)
