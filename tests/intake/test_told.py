"""What witnesses say of feasts, months without a year, days of the week, and two things in one breath.

``told/*.tsv``: the line; each statement that is kept of it (``column=value | ...``, ``//`` between two); and
what of its time is that of the line before. ``twins/*.tsv``: lines that look alike and must not be
understood, with the words that nobody can be sure of and the faults.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology import edtf
from estelik.intake.clauses import clauses
from estelik.intake.feasts import kept
from estelik.intake.reading import Context, Reading
from estelik.intake.shifts import shifted
from estelik.intake.table import LANGUAGES
from estelik.intake.tongues import understood, wanted

FOLDER = Path(__file__).parent
PLACES = {"en": "Tekes", "kk": "Текес", "ru": "Текес", "uk": "Бахмут", "zh": "特克斯"}


def known(language: str, when: str = "2018-03-03") -> Context:
    """A day was told in the line before, and her son's birth."""
    births = (("Erlan", "Erlan/birth"), ("son", "Erlan/birth"))
    events = ("arrest", "release")
    return Context("Saule", events, "2023-01-04", None, ("Erlan",), (PLACES[language],), when, births)


def rows(folder: str, language: str) -> list[list[str]]:
    text = (FOLDER / folder / f"{language}.tsv").read_text(encoding="utf-8")
    return [(row + "\t").split("\t")[:3] for row in text.splitlines()]


def statements(found: Reading) -> list[dict[str, str]]:
    return [one.cells for one in found.parts or (found,)]


TOLD = [(language, *row) for language in LANGUAGES for row in rows("told", language)]
TWINS = [(language, *row) for language in LANGUAGES for row in rows("twins", language)]


@pytest.mark.parametrize(("language", "line", "cells", "before"), TOLD)
def test_what_is_said_every_day_is_understood(language: str, line: str, cells: str, before: str) -> None:
    """Statement by statement, at any desk; what is taken from the line before is said."""
    found = clauses(line, language, known(language))
    expected = [dict(cell.split("=", 1) for cell in one.split(" | ")) for one in cells.split(" // ")]
    assert found.complete
    assert statements(found) == expected
    assert found.from_before == before
    elsewhere = understood(line, wanted(language, "fr"), known(language))
    assert statements(elsewhere) == expected


@pytest.mark.parametrize(("language", "line", "unread", "faults"), TWINS)
def test_what_only_looks_like_it_is_not(language: str, line: str, unread: str, faults: str) -> None:
    """The words that nobody can be sure of are named, and the line is no statement."""
    found = clauses(line, language, known(language))
    assert not found.complete
    assert not found.parts
    assert [one.text for one in found.unread] == [one for one in unread.split(" | ") if one]
    assert list(found.faults) == [one for one in faults.split(" | ") if one]


@pytest.mark.parametrize(("language", "line", "before"), [(*row[:2], row[3]) for row in TOLD if row[3]])
def test_without_a_line_before_it_is_asked(language: str, line: str, before: str) -> None:
    """No year is thought up: not that of the telling, nor of what was told long before."""
    found = clauses(line, language, known(language, ""))
    if found.parts:
        # Its own first part says the year.
        assert "20" in found.parts[0].cells["when"]
        return
    assert not found.complete
    assert ("which-year" in found.faults) == (before == "year")


@pytest.mark.parametrize(
    ("before", "line", "when", "other"),
    [
        ("2018-03", "released in June", "2018-06", "2019-06"),
        ("2018", "released in January", "2018-01", "2019-01"),
        ("2018-21", "released in the autumn", "2018-23", "2019-23"),
        ("2018-03~/2018-05~", "released in May", "2018-05", "2019-05"),
    ],
)
def test_the_year_of_the_line_before_comes_first_and_the_next_beside_it(
    before: str, line: str, when: str, other: str
) -> None:
    """It is the nearest that can be meant, and not the only one."""
    found = clauses(line, "en", known("en", before))
    assert found.cells["when"] == when
    assert [one.cells["when"] for one in found.alternatives] == [other]


@pytest.mark.parametrize("before", ["2018-07", "2017/2018", "2018/..", "[2017,2018]", "199X", ""])
def test_where_the_line_before_leaves_the_year_open_it_is_asked(before: str) -> None:
    """June after July 2018 may be of that year or of the next; two years are no year."""
    found = clauses("released in June", "en", known("en", before))
    assert found.faults == ("which-year",)
    assert [one.text for one in found.unread] == ["in June"]


def test_two_things_in_one_line_are_each_read_back() -> None:
    """And other readings of one of them stand beside the whole."""
    found = clauses("taken in March 2018 and released in June 2019", "en", known("en"))
    assert [one.line for one in found.parts] == ["taken in March 2018", "released in June 2019"]
    assert found.prose == "Arrested in March 2018. Released in June 2019."
    assert not found.fields
    others = [one.parts[0].cells["event"] for one in found.alternatives]
    assert others == ["detention", "camp-entry", "prison-entry"]
    assert {one.parts[1].prose for one in found.alternatives} == {"Released in June 2019."}


def test_what_corrects_a_statement_is_one() -> None:
    """A line that is to stand in place of one statement is not taken apart."""
    line = "arrested in 2018 and released in 2019"
    assert understood(line, ("en",), known("en")).parts
    assert not understood(line, ("en",), known("en"), apart=False).complete


#: The days on which feasts were kept: in Kazakhstan, in China, by the Orthodox.
KEPT = {
    "eid": ["2015-07-17", "2017-06-25", "2018-06-15", "2019-06-04", "2020-05-24", "2021-05-13", "2022-05-02"],
    "qurban": ["2016-09-12", "2017-09-01", "2018-08-21", "2019-08-11", "2020-07-31", "2021-07-20"],
    "ramadan": ["2017-05-27", "2018-05-17", "2019-05-06", "2021-04-13", "2022-04-02", "2023-03-23"],
    "chinese new year": ["2014-01-31", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2022-02-01"],
    "orthodox easter": ["2014-04-20", "2016-05-01", "2017-04-16", "2018-04-08", "2021-05-02", "2022-04-24"],
}


@pytest.mark.parametrize(("feast", "day"), [(feast, day) for feast, days in KEPT.items() for day in days])
def test_a_feast_lies_where_it_was_kept(feast: str, day: str) -> None:
    """The day lies in it; before and after it leave no day out that was."""
    (found,) = kept(feast, int(day[:4]))
    first = date.fromisoformat(day)
    assert found.first <= first <= found.last
    assert found.begun >= first
    assert found.over <= first + timedelta(30 if feast == "ramadan" else 1)
    assert ("~" in str(found)) == (feast in ("eid", "qurban", "ramadan"))
    for text in (str(found), found.before, found.after, found.by_days(-2), found.by_days(1)):
        edtf.parse(text)


def test_a_feast_that_came_twice_in_a_year_is_both() -> None:
    """Ramadan in January and in December 1997; the other Easter stands beside the Orthodox."""
    found = clauses("released during Ramadan 1997", "en", known("en"))
    assert found.cells["when"].startswith("1997-01-09~")
    assert [one.cells["when"][:10] for one in found.alternatives] == ["1997-12-30"]
    easter = clauses("released at Easter 2018", "en", known("en"))
    assert easter.cells["when"] == "2018-04-07/2018-04-09"
    assert [one.cells["when"] for one in easter.alternatives] == ["2018-03-31/2018-04-02"]


def test_no_feast_is_reckoned_beyond_what_is_known() -> None:
    """A year outside of the table or the rule is not read."""
    assert not kept("chinese new year", 1919)
    assert not kept("chinese new year", 2051)
    assert not kept("eid", 1899)
    found = clauses("released at Chinese New Year 1919", "en", known("en"))
    assert "when" not in found.cells or not found.complete


days = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@given(days, st.integers(1, 7))
def test_a_day_of_the_week_after_a_day_is_the_next_one(day: date, weekday: int) -> None:
    """One to seven days later; and the last before it as far before."""
    after = date.fromisoformat(shifted("weekday after", day.isoformat(), 1, weekday))
    before = date.fromisoformat(shifted("weekday before", day.isoformat(), 1, weekday))
    assert 1 <= (after - day).days <= 7
    assert 1 <= (day - before).days <= 7
    assert after.isoweekday() == before.isoweekday() == weekday


@given(days, st.integers(1, 60))
def test_days_counted_forth_and_back_are_the_day_again(day: date, count: int) -> None:
    """Also of an interval whose days are not certain."""
    there = shifted("days after", f"{day}~/{day}?", count, 0)
    assert shifted("days before", there, count, 0) == f"{day}~/{day}?"


@pytest.mark.parametrize("text", ["2018", "2018-03", "2018-21", "../2018-03-03", "[2018-03-03,2018-03-05]"])
def test_only_days_are_counted_from(text: str) -> None:
    """Two days before 2018 is no day."""
    assert not shifted("days before", text, 2, 0)
