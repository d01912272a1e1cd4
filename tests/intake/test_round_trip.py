"""What the desk reads back can be typed, and means the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estelik.chronology import edtf
from estelik.intake.line import read
from estelik.intake.readback import readback
from estelik.intake.reading import Context, Field
from estelik.intake.table import LANGUAGES
from estelik.language.direction import plain
from estelik.language.reader import reader
from estelik.language.statements import says
from estelik.records import Statement
from estelik.records.vocabulary import vocabulary

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

KINDS = tuple(vocabulary().kinds)
#: Labels of places and people: a name is told from other words by its capital letter.
NAMES = {
    "en": ("Tekes", "Mongolküre"),
    "kk": ("Текес", "Мұңғұлкүре"),
    "ru": ("Текес", "Бахмут"),
    "uk": ("Бахмут", "Харків"),
    "zh": ("特克斯", "昭苏"),
}

years = st.integers(1900, 2030)
months = st.builds("{:04}-{:02}".format, years, st.integers(1, 12))
days = st.builds("{:04}-{:02}-{:02}".format, years, st.integers(1, 12), st.integers(1, 28))
seasons = st.builds("{:04}-{}".format, years, st.integers(21, 24))
decades = st.builds("{:03}X".format, st.integers(190, 202))
points = st.one_of(years.map(str), months, days)
doubted = st.builds("{}{}".format, points, st.sampled_from(["", "", "?", "~", "%"]))


def _between(first: str, last: str) -> str:
    return "/".join(sorted((first, last)))


def _or(first: str, last: str) -> str:
    return f"[{','.join(sorted((first, last)))}]"


whens = st.one_of(
    doubted,
    seasons,
    decades,
    st.builds(_between, months, months),
    st.builds(_between, years.map(str), years.map(str)),
    st.builds(_between, days, days),
    st.builds("{}/..".format, points),
    st.builds("../{}".format, points),
    st.builds(_or, months, months).filter(lambda text: len(set(text[1:-1].split(","))) == 2),
    st.builds(_or, years.map(str), years.map(str)).filter(lambda text: len(set(text[1:-1].split(","))) == 2),
)
counts = st.integers(1, 30)
lengths = st.one_of(
    st.builds("P{}Y{}M".format, counts, counts),
    st.builds("P{}{}".format, counts, st.sampled_from("YMWD")),
    st.builds(
        "{}P{}{}".format, st.sampled_from(["~", ">", ">=", "<", "<="]), counts, st.sampled_from("YMWD")
    ),
    st.builds(
        lambda first, more, unit: f"P{first}{unit}/P{first + more}{unit}",
        counts,
        counts,
        st.sampled_from("YMWD"),
    ),
    st.builds(
        lambda first, more, unit: f"[P{first}{unit},P{first + more}{unit}]",
        counts,
        counts,
        st.sampled_from("YMWD"),
    ),
    st.just("±P1M"),
)
ages = st.one_of(
    st.integers(0, 120).map(str),
    st.integers(1, 120).map("~{}".format),
    st.builds(lambda low, more: f"{low}..{low + more}", st.integers(1, 90), st.integers(1, 30)),
)


@st.composite
def statements(draw: DrawFn, language: str) -> Statement:
    """A statement about an event as the prose can say all of it."""
    event = draw(st.sampled_from(KINDS))
    cells: dict[str, Any] = {"event": event}
    answer = draw(st.sampled_from(["yes", "yes", "yes", "no", "unknown", "refused"]))
    if answer != "yes":
        cells["answer"] = answer
    if answer in ("yes", "no"):
        if draw(st.booleans()):
            cells["when"] = draw(whens)
        # "In 2017, about two years after ..." is two sentences in one: no reader can tell them apart.
        about = "~" in cells.get("when", "") or "%" in cells.get("when", "")
        if draw(st.booleans()) and event != "birth" and not about:
            cells["age"] = draw(ages)
        if draw(st.booleans()) and not about:
            side = draw(st.sampled_from(["after", "before"]))
            other: SearchStrategy[str] = st.sampled_from([kind for kind in KINDS if kind != event])
            cells[side] = draw(st.one_of(other, st.just("told")))
            if draw(st.booleans()):
                cells["gap"] = draw(lengths)
        if draw(st.booleans()):
            cells["place"] = draw(st.sampled_from(NAMES[language]))
    if answer == "yes" and draw(st.integers(0, 5)) == 0:
        cells["expected"] = True
    return Statement("s", "line", **cells)


def meaning(cells: dict[str, Any]) -> dict[str, Any]:
    """The cells, a date by the days that it allows and its doubt, "around" on either side."""
    out = {column: value for column, value in cells.items() if column != "expected"}
    out["expected"] = cells.get("expected") in ("yes", True)
    if "when" in out:
        told = edtf.parse(out["when"])
        out["when"] = (told.spans, told.uncertain, told.approximate)
    if str(out.get("gap", "")).startswith("±"):
        out["around"] = out.pop("after", None) or out.pop("before", None)
    return out


def given_cells(statement: Statement) -> dict[str, Any]:
    """The cells of a statement that a line can hold."""
    names = ("event", "when", "age", "after", "before", "gap", "place")
    cells: dict[str, Any] = {name: getattr(statement, name) for name in names if getattr(statement, name)}
    if statement.answer != "yes":
        cells["answer"] = statement.answer
    if statement.expected:
        cells["expected"] = True
    return cells


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_read_back_reads_the_same(language: str) -> None:
    """For every event that the prose can say: its sentence, typed as a line, gives its cells."""
    context = Context(places=NAMES[language])

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(statements(language))
    def law(statement: Statement) -> None:
        line = plain(says(reader(language), statement))
        found = read(line, language, context)
        expected = meaning(given_cells(statement))
        readings = [found.cells, *(other.cells for other in found.alternatives)]
        assert expected in [meaning(cells) for cells in readings], (line, found.cells)
        assert not found.unread, (line, found.unread)

    law()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_read_back_reads_the_same(language: str) -> None:
    """The words about how much a length leaves open change nothing when they are read again."""
    cells = {"event": "release", "after": "arrest", "gap": "P1Y9M"}
    fields = [Field(column, value, 0, 0) for column, value in cells.items()]
    line = plain(readback(fields, language))
    assert read(line, language).cells == cells
