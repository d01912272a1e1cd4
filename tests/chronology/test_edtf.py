from __future__ import annotations

import csv
import re
import time
from calendar import monthrange
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import edtf as python_edtf
import pytest
from edtf.parser.edtf_exceptions import EDTFParseException
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from estelik.chronology.edtf import MAX_LENGTH, Edtf, EdtfError, Span, parse, strict_bounds, wide
from estelik.chronology.edtf_date import MAX_DAY, day_number, day_text

if TYPE_CHECKING:
    from pathlib import Path

#: Where Estelik and the conformance table disagree, and why. At most 2% of the table.
DISAGREEMENTS = {
    "-2004-XX": "the table's bounds end before they start (its two sources both put the last month first in"
    " negative years); a month of the year -2004 is any from January to December",
}


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def span(first: str, last: str) -> Span:
    return Span(day(first), day(last))


def reading(text: str) -> tuple[bool, tuple[str, str] | None]:
    try:
        parse(text)
        return True, strict_bounds(text)
    except EdtfError:
        return False, None


def test_the_conformance_table_holds_but_for_the_disagreements_that_are_listed(shared: Path) -> None:
    """Every expression of the table: valid or not, and its first and last day where they are given."""
    with (shared / "outside/edtf/cases.csv").open(encoding="utf-8", newline="") as lines:
        cases = list(csv.DictReader(lines))
    disagreed = set()
    for case in cases:
        valid, bounds = reading(case["expression"])
        if valid is not (case["valid"] == "True") or (
            case["lower_strict"] and bounds != (case["lower_strict"], case["upper_strict"])
        ):
            disagreed.add(case["expression"])
    assert disagreed == set(DISAGREEMENTS)
    assert len(disagreed) <= 0.02 * len(cases)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        # level 0
        ("1985-04-12", "1985-04-12", "1985-04-12"),
        ("1985-04", "1985-04-01", "1985-04-30"),
        ("1985", "1985-01-01", "1985-12-31"),
        ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12"),
        ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12"),
        ("1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12"),
        ("1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12"),
        ("1964/2008", "1964-01-01", "2008-12-31"),
        ("2004-06/2006-08", "2004-06-01", "2006-08-31"),
        ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08"),
        ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
        ("2004-02-01/2005", "2004-02-01", "2005-12-31"),
        ("2005/2006-02", "2005-01-01", "2006-02-28"),
        # level 1
        ("Y170000002", "170000002-01-01", "170000002-12-31"),
        ("Y-170000002", "-170000002-01-01", "-170000002-12-31"),
        ("2001-21", "2001-03-01", "2001-05-31"),
        ("1984?", "1984-01-01", "1984-12-31"),
        ("2004-06~", "2004-06-01", "2004-06-30"),
        ("2004-06-11%", "2004-06-11", "2004-06-11"),
        ("201X", "2010-01-01", "2019-12-31"),
        ("20XX", "2000-01-01", "2099-12-31"),
        ("2004-XX", "2004-01-01", "2004-12-31"),
        ("1985-04-XX", "1985-04-01", "1985-04-30"),
        ("1985-XX-XX", "1985-01-01", "1985-12-31"),
        ("1985-04-12/..", "1985-04-12", "inf"),
        ("1985-04/..", "1985-04-01", "inf"),
        ("../1985-04-12", "-inf", "1985-04-12"),
        ("1985-04-12/", "1985-04-12", "inf"),
        ("/1985-04", "-inf", "1985-04-30"),
        ("1984-06-02?/2004-08-08~", "1984-06-02", "2004-08-08"),
        ("-1985", "-1985-01-01", "-1985-12-31"),
        # level 2
        ("Y-17E7", "-170000000-01-01", "-170000000-12-31"),
        ("1950S2", "1950-01-01", "1950-12-31"),
        ("Y171010000S3", "171010000-01-01", "171010000-12-31"),
        ("Y3388E2S3", "338800-01-01", "338800-12-31"),
        ("2001-34", "2001-04-01", "2001-06-30"),
        ("2001-39", "2001-09-01", "2001-12-31"),
        ("2001-40", "2001-01-01", "2001-06-30"),
        ("[1667,1668,1670..1672]", "1667-01-01", "1672-12-31"),
        ("[..1760-12-03]", "-inf", "1760-12-03"),
        ("[1760-12..]", "1760-12-01", "inf"),
        ("[1667,1760-12]", "1667-01-01", "1760-12-31"),
        ("[..1984]", "-inf", "1984-12-31"),
        ("{1667,1668,1670..1672}", "1667-01-01", "1672-12-31"),
        ("{1960,1961-12}", "1960-01-01", "1961-12-31"),
        ("{..1984}", "-inf", "1984-12-31"),
        ("2004-06~-11", "2004-06-11", "2004-06-11"),
        ("2004?-06-11", "2004-06-11", "2004-06-11"),
        ("?2004-06-~11", "2004-06-11", "2004-06-11"),
        ("2004-%06-11", "2004-06-11", "2004-06-11"),
        ("156X-12-25", "1560-12-25", "1569-12-25"),
        ("15XX-12-25", "1500-12-25", "1599-12-25"),
        ("XXXX-12-XX", "0000-12-01", "9999-12-31"),
        ("1XXX-XX", "1000-01-01", "1999-12-31"),
        ("1984-1X", "1984-10-01", "1984-12-31"),
        ("2004-06-~01/2004-06-~20", "2004-06-01", "2004-06-20"),
        ("2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03"),
    ],
)
def test_the_shapes_of_the_specification_are_read(text: str, first: str, last: str) -> None:
    assert reading(text) == (True, (first, last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("200X-02-29", "2000-02-29", "2008-02-29"),
        ("2001-XX-31", "2001-01-31", "2001-12-31"),
        ("2001-XX-3X", "2001-01-30", "2001-12-31"),
        ("2001-X0-3X", "2001-10-30", "2001-10-31"),
        ("190X-02-XX", "1900-02-01", "1909-02-28"),
        ("20X0-02-2X", "2000-02-20", "2090-02-28"),
        ("-XXXX", "-9999-01-01", "-0001-12-31"),
        ("-00X0", "-0090-01-01", "-0010-12-31"),
        ("0000-02-29", "0000-02-29", "0000-02-29"),
        ("-0004-02-29", "-0004-02-29", "-0004-02-29"),
        ("9999-24", "9999-01-01", "10000-02-29"),
    ],
)
def test_digits_that_are_left_open_mean_only_days_that_exist(text: str, first: str, last: str) -> None:
    assert reading(text) == (True, (first, last))


_NO_EDTF = """
    / .. [] {} [..] {1984 [1984} [1984,] [,1984] [1985..1984] [1984,..1990] [1984..,1990] {1984/1985}
    [1984-04-12T00:00:00] [[1984]] [1984,,1985] {1984...1985}
    198 19 19845 1984-1 1984-001 1984-W01 1984-W01-1 19840412 +1984 1984-04-1 1984-4-12 1984/04/12 12-04-1984
    1984- 1984-04- 1984--12 -0000 -0000-04 --1984 ٢٠٠٤ １９８４
    1984-00 1984-13 1984-42 1984-20 1984-21-01 1984-2X 1984-00-10 1984-04-00 1984-04-31 1985-02-29 1900-02-29
    1984-XX-32 1984-02-3X 19X1-02-29 XXX3-02-29 1984-04-4X 1984-04-X0-1 198x 198u 1984-xx 1984-04-uu 1984-uu
    1984?~ 1984?? ??1984 (1984)? 1984-? -?1984 1984-04?- 1984-0?4 unknown open
    1984/1985/1986 1985/1984 1985-04-13/1985-04-12 1985-04-12/1985-03 1985-22/1985-21 1985-24/1985-23
    -1985/-1986 0001/-0001 [1984]/1985 1984/open 1984/unknown 1984-1985 1984//1985
    Y1984 Y-1984 Y00001984 Y17E YE7 Y1E3 y170000002 Y170000002-01 Y17e7 Y1.7E7 Y17E07 Y17E-7 Y17101S Y12000?
    Y17E7-12-26 Y12000/Y12001 Y17E7/.. 1950S 1950S0 1950s2 1950-01S2 195XS2
    1985-04-12T 1985-04-12T23 1985-04-12T23:20 1985-04-12T24:20:30 1985-04-12T23:60:30 1985-04-12T23:20:60
    1985-04-12T23:20:30.5 1985-04-12T23:20:30z 1985-04-12T23:20:30+4 1985-04-12T23:20:30+0430
    1985-04-12T23:20:30+14:30 1985-04-12T23:20:30+15 1985-04-12T23:20:30-00:00 1985-04-12T23:20:30Z?
    1985-04T23:20:30 1985-04-XXT23:20:30 1985-02-30T23:20:30 1985-04-12T23:20:30/1986 1985-04-12?T23:20:30
"""
_NO_EDTF_FOR_ITS_SPACE = (
    "",
    " ",
    "[1984 ,1985]",
    "1984 ?",
    "1984 / 1985",
    "1984\n",
    "1984-04-12\n",
    "1984-06\x00",
)


@pytest.mark.parametrize("text", [*_NO_EDTF.split(), *_NO_EDTF_FOR_ITS_SPACE])
def test_what_is_no_edtf_is_refused(text: str) -> None:
    assert reading(text) == (False, None)


def test_one_of_a_set_is_a_choice_and_not_its_hull() -> None:
    assert parse("[2017-05-01, 2018-02, 2016]").spans == (
        span("2016-01-01", "2016-12-31"),
        span("2017-05-01", "2017-05-01"),
        span("2018-02-01", "2018-02-28"),
    )
    assert parse("[..2014,2016..2017,2019-03..]").spans == (
        Span(None, day("2014-12-31")),
        span("2016-01-01", "2017-12-31"),
        Span(day("2019-03-01"), None),
    )


def test_members_of_a_set_that_overlap_are_one_stretch() -> None:
    assert parse("[2017-05-01,2017-05,2017-05-20..2017-06-03]").spans == (span("2017-05-01", "2017-06-03"),)


def test_a_winter_is_either_side_of_the_turn_of_the_year() -> None:
    halves = (span("2018-01-01", "2018-02-28"), span("2018-12-01", "2019-02-28"))
    assert parse("2018-24").spans == halves
    assert parse("2018-28").spans == halves
    assert parse("[2018-24]").spans == halves
    assert parse("2018-24/2020").spans == (span("2018-01-01", "2020-12-31"),)
    assert parse("2018-22").spans == (span("2018-06-01", "2018-08-31"),)
    assert parse("2018-31").spans == (span("2018-03-01", "2018-05-31"),)


def test_an_open_and_an_unknown_end_are_both_unbounded_and_stay_apart() -> None:
    opened, unknown = parse("2017-03/.."), parse("2017-03/")
    assert opened.spans == unknown.spans == (Span(day("2017-03-01"), None),)
    assert (opened.open_end, opened.unknown_end) == (True, False)
    assert (unknown.open_end, unknown.unknown_end) == (False, True)
    assert parse("../2017").open_start
    assert parse("/2017").unknown_start
    assert parse("../..").spans == (Span(None, None),)


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        *(("2017", False, False), ("2017?", True, False), ("2017~", False, True), ("2017%", True, True)),
        *(("2017-?03", True, False), ("2017~-03-04", False, True), ("2016/2017-%03", True, True)),
        *(
            ("[2016,2017?]", True, False),
            ("2016~/..", False, True),
            ("1950S2", False, True),
            ("Y12E4S1", False, True),
        ),
    ],
)
def test_qualifiers_are_seen_anywhere_and_never_widen(text: str, uncertain: bool, approximate: bool) -> None:
    read = parse(text)
    assert (read.uncertain, read.approximate) == (uncertain, approximate)
    bare = "".join(sign for sign in text if sign not in "?~%").partition("S")[0]
    assert strict_bounds(text) == strict_bounds(bare)


def test_days_beyond_what_can_be_counted_stand_at_the_edge() -> None:
    """Far beyond the horizon it matters only on which side."""
    assert parse("-0044-03-15").spans == (Span(1, 1),)
    assert parse("-0044/0001").spans == (Span(1, 365),)
    assert parse("Y-170000002").spans == (Span(1, 1),)
    assert parse("Y170000002").spans == (Span(MAX_DAY, MAX_DAY),)


def test_the_wide_reading_moves_each_end_by_its_own_precision() -> None:
    assert wide(parse("2017-05-10")) == (span("2017-05-03", "2017-05-17"),)
    # half a month is 15.21875 days
    assert wide(parse("2017-05")) == (span("2017-04-15", "2017-06-16"),)
    assert wide(parse("2017-21")) == (span("2017-02-13", "2017-06-16"),)
    # half a year is 182.625 days
    assert wide(parse("2017")) == (span("2016-07-02", "2018-07-02"),)
    assert wide(parse("2017-XX-XX")) == wide(parse("2017"))
    assert wide(parse("2017-05-XX")) == wide(parse("2017-05"))
    assert wide(parse("2017-05-10/2018")) == (span("2017-05-03", "2019-07-02"),)
    assert wide(parse("2017-05-10/..")) == (Span(day("2017-05-03"), None),)
    assert wide(parse("../2017-05")) == (Span(None, day("2017-06-16")),)
    assert wide(parse("[2017-05-10,2017-06-10]")) == (
        span("2017-05-03", "2017-05-17"),
        span("2017-06-03", "2017-06-17"),
    )
    assert wide(parse("[2017-05-10,2017-05-20]")) == (span("2017-05-03", "2017-05-27"),)


def test_the_wide_reading_of_a_set_keeps_the_precision_of_members_that_overlap() -> None:
    """A day just after a year does not make the year's end precise to the day."""
    assert wide(parse("[2017,2017-12-31..2018-01-02]")) == (span("2016-07-02", "2018-07-02"),)


@pytest.mark.parametrize(
    ("precision", "texts"),
    [
        ("year", "2017 20XX 2017-XX 2017-XX-XX Y12000 1950S2"),
        ("month", "2017-05 2017-1X 2017-05-XX 20XX-05"),
        ("season", "2017-21 2017-24 2017-34"),
        ("day", "2017-05-10 2017-05-1X 2017-XX-10 2017-05-10T10:00:00Z"),
    ],
)
def test_precision_is_that_of_the_finest_part_that_says_anything(precision: str, texts: str) -> None:
    for text in texts.split():
        assert (parse(text).first_precision, parse(text).last_precision) == (precision, precision)


def test_an_interval_has_the_precision_of_each_of_its_ends() -> None:
    interval = parse("2017-05-10/2018")
    assert (interval.first_precision, interval.last_precision) == ("day", "year")


@given(st.dates())
def test_a_date_is_that_day(when: date) -> None:
    assert parse(when.isoformat()) == Edtf((Span(when.toordinal(), when.toordinal()),))


@given(st.integers(-(10**6), 10**7))
def test_days_of_any_year_are_written_and_counted_alike(number: int) -> None:
    text = day_text(number)
    year, month, of_month = text.rsplit("-", 2)
    assert day_number(int(year), int(month), int(of_month)) == number


@given(st.sampled_from(["month", "year"]), st.dates(), st.sampled_from(["", "?", "~", "%"]))
def test_months_and_years_are_all_their_days(kind: str, when: date, mark: str) -> None:
    if kind == "month":
        last = when.replace(day=monthrange(when.year, when.month)[1])
        text, first = f"{when:%Y-%m}".rjust(7, "0"), when.replace(day=1)
    else:
        text, first, last = f"{when.year:04d}", date(when.year, 1, 1), date(when.year, 12, 31)
    assert parse(text + mark).spans == (Span(first.toordinal(), last.toordinal()),)


@st.composite
def _patterns(draw: st.DrawFn) -> str:
    """Dates near our time with digits left open, at most two of the year's."""
    year = list(f"{draw(st.integers(1800, 2199)):04d}")
    for place in draw(st.sets(st.sampled_from([2, 3]))):
        year[place] = "X"
    parts = ["".join(year)]
    if draw(st.booleans()):
        parts.append(draw(st.from_regex(r"[01X][0-9X]", fullmatch=True)))
        if draw(st.booleans()):
            parts.append(draw(st.from_regex(r"[0-3X][0-9X]", fullmatch=True)))
    return "-".join(parts)


@cache
def _century(digits: str) -> list[tuple[int, str]]:
    start, end = date(int(digits + "00"), 1, 1).toordinal(), date(int(digits + "99"), 12, 31).toordinal()
    return [(number, date.fromordinal(number).isoformat()) for number in range(start, end + 1)]


@given(_patterns())
@settings(max_examples=150, deadline=None)
@example("19X1-02-29")
@example("20XX-02-29")
@example("1999-X2-3X")
def test_unspecified_digits_are_all_days_that_fit(pattern: str) -> None:
    """Against looking at every day of the century."""
    fits = re.compile(pattern.replace("X", "[0-9]"))
    days = [number for number, text in _century(pattern[:2]) if fits.match(text)]
    if days:
        assert parse(pattern).spans == (Span(days[0], days[-1]),)
    else:
        assert reading(pattern) == (False, None)


_DATES = st.one_of(
    st.dates(date(1000, 1, 1)).map(lambda when: when.isoformat()),
    st.dates(date(1000, 1, 1)).map(lambda when: when.isoformat()[:7]),
    st.dates(date(1000, 1, 1)).map(lambda when: when.isoformat()[:4]),
    st.builds("{}-{}".format, st.integers(1000, 9998), st.integers(21, 41)),
    _patterns(),
)
_SIDES = st.builds(lambda text, mark: text + mark, _DATES, st.sampled_from(["", "", "?", "~", "%"]))
_EXPRESSIONS = st.one_of(
    _SIDES,
    st.builds("{}/{}".format, _SIDES, _SIDES),
    st.builds(
        lambda side, form: form.format(side), _SIDES, st.sampled_from(["{}/", "{}/..", "../{}", "/{}"])
    ),
    st.lists(st.one_of(_SIDES, st.builds("{}..{}".format, _SIDES, _SIDES)), min_size=1, max_size=5).map(
        lambda members: f"[{', '.join(members)}]"
    ),
)


def _within(inner: Span, outer: Span) -> bool:
    return (outer.first is None or (inner.first is not None and outer.first <= inner.first)) and (
        outer.last is None or (inner.last is not None and inner.last <= outer.last)
    )


@given(_EXPRESSIONS)
@settings(max_examples=400, suppress_health_check=[HealthCheck.filter_too_much])
def test_spans_are_in_order_disjoint_and_within_the_wide_reading(text: str) -> None:
    valid, bounds = reading(text)
    assume(valid)
    read = parse(text)
    for spans in (read.spans, wide(read)):
        assert spans
        assert all(s.first is None or s.last is None or s.first <= s.last for s in spans)
        for before, after in pairwise(spans):
            assert before.last is not None
            assert after.first is not None
            assert before.last < after.first
    assert all(any(_within(inner, outer) for outer in wide(read)) for inner in read.spans)
    first, last = read.spans[0].first, read.spans[-1].last
    assert bounds is not None
    assert bounds[0] == ("-inf" if first is None else date.fromordinal(first).isoformat())
    assert last == MAX_DAY or bounds[1] == ("inf" if last is None else date.fromordinal(last).isoformat())


@given(st.one_of(st.text(), st.text("0123456789XYTSEZ-+:/.,[]{}?~% ", max_size=60)))
@settings(max_examples=1000)
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    valid, bounds = reading(text)
    assert valid is (bounds is not None)


def test_no_text_takes_long() -> None:
    """Text made to be slow: long, nested, of huge years, or of years that never fit."""
    slow = [
        *(
            "X" * 10**6,
            "1984" * 10**5,
            "[" * 10**5,
            "[" + "1984," * 700 + "1984]",
            "[" + "1984.." * 700 + "]",
        ),
        *("Y1E9999", "Y" + "9" * 4000, "Y1E" + "9" * 4000, "1950S" + "9" * 4000, "XXX1-02-29", "-XX01-02-29"),
        *("XXXX-02-29/XXXX-02-29", "{" + ",".join(["XXX4-02-29"] * 300) + "}", "?" * 4000, "-" * 4000),
    ]
    started = time.process_time()
    for text in slow:
        reading(text)
    assert time.process_time() - started < 2
    assert reading("1984," * MAX_LENGTH) == (False, None)


def test_an_error_never_holds_the_text_of_the_cell() -> None:
    marker = "Gulbahar"
    for form in (
        "{}",
        "1984-{}",
        "{}/1985",
        "1985/{}",
        "[1984,{}]",
        "{{{}..}}",
        "1985-04-12T{}",
        "Y{}",
        "1985S{}",
    ):
        with pytest.raises(EdtfError) as caught:
            parse(form.format(marker))
        seen: BaseException | None = caught.value
        while seen is not None:
            assert marker not in f"{seen!s}{seen!r}"
            seen = seen.__cause__ or seen.__context__
    for text in ("2017-13-97", "2017-02-97", "9797-97"):
        with pytest.raises(EdtfError) as caught:
            parse(text)
        assert "97" not in str(caught.value)


@st.composite
def _plain_expressions(draw: st.DrawFn) -> str:
    """What python-edtf reads right: levels 0 and 1, positive years, seasons but for winter, known ends."""

    def one(when: date) -> str:
        text = when.isoformat()
        form = draw(
            st.sampled_from(["day", "month", "year", "decade", "century", "X-month", "X-day", "season"])
        )
        return {
            "day": text,
            "month": text[:7],
            "year": text[:4],
            "decade": text[:3] + "X",
            "century": text[:2] + "XX",
            "X-month": text[:4] + "-XX",
            "X-day": text[:7] + "-XX",
            "season": f"{text[:4]}-{draw(st.integers(21, 23))}",
        }[form]

    when = draw(st.dates(date(1000, 1, 1), date(2999, 1, 1)))
    if draw(st.booleans()):
        return one(when) + draw(st.sampled_from(["", "", "?", "~", "%"]))
    later = draw(st.dates(when, date(2999, 12, 31)))
    pair = draw(st.sampled_from([(10, 10), (7, 7), (4, 4), (10, 4), (4, 10), (7, 4)]))
    text = f"{when.isoformat()[: pair[0]]}/{later.isoformat()[: pair[1]]}"
    return draw(st.sampled_from([text, text, f"{when}/..", f"../{when}"]))


def _iso(bound: Any) -> str:
    if isinstance(bound, float):
        return "inf" if bound > 0 else "-inf"
    return f"{bound.tm_year:04d}-{bound.tm_mon:02d}-{bound.tm_mday:02d}"


@given(_plain_expressions())
@settings(max_examples=120, deadline=None)
def test_python_edtf_gives_the_same_bounds_where_it_is_right(text: str) -> None:
    """An independent reader of levels 0 and 1; it neither knows season qualifiers nor orders ends."""
    valid, bounds = reading(text)
    try:
        theirs = python_edtf.parse_edtf(text)
    except EDTFParseException:
        assume(False)
    if not valid:
        first, _, last = text.partition("/")
        assert strict_bounds(last)[0] < strict_bounds(first)[0]
        return
    assert bounds == (_iso(theirs.lower_strict()), _iso(theirs.upper_strict()))
