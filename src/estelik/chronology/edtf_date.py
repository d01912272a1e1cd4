"""One date of an EDTF expression: its digits, its qualifiers, its seasons.

A date here is what may stand at one end of an interval or in a set: a year, a
month, a season or a day, of which digits may be unspecified (``X``) and parts
qualified (``?``, ``~``, ``%`` left or right of a part). Source: ISO 8601-2:2019
and the Library of Congress specification of EDTF, levels 0 to 2.

Days are ordinals (``calendar``) continued without limit in both directions by
the proleptic Gregorian calendar, in which year 0 is a leap year.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from typing import Final, Literal

import msgspec

Precision = Literal["day", "month", "season", "year"]

#: The ordinal of 9999-12-31, the last day that ``datetime.date`` knows.
MAX_DAY: Final = date.max.toordinal()
_CYCLE: Final = 146_097  # days in 400 Gregorian years


class EdtfError(ValueError):
    """The text is no EDTF expression. The message never holds the text."""


class Dated(msgspec.Struct, frozen=True, gc=False):
    """One date as days: the first and the last that its digits allow.

    ``alternatives`` are the disjoint stretches of a winter, else empty;
    ``unspecified`` is true where a digit is X; ``season_start`` is the day a
    season of 21-41 is counted from when two seasons are put in order.
    """

    first: int
    last: int
    precision: Precision
    marks: str = ""
    unspecified: bool = False
    alternatives: tuple[tuple[int, int], ...] = ()
    season_start: int | None = None


def day_number(year: int, month: int, day: int) -> int:
    """The ordinal of a day of any year; ValueError where the calendar has no such day."""
    if 1 <= year <= 9999:
        return date(year, month, day).toordinal()
    cycles, rest = divmod(year, 400)
    return date(rest + 400, month, day).toordinal() + (cycles - 1) * _CYCLE


def day_text(day: int) -> str:
    """An ordinal as ISO text of any year: ``-0044-03-15``, ``170000000-01-01``."""
    if 1 <= day <= MAX_DAY:
        return date.fromordinal(day).isoformat()
    cycles, rest = divmod(day - 1, _CYCLE)
    within = date.fromordinal(rest + 1)
    year = within.year + 400 * cycles
    sign = "-" if year < 0 else ""
    return f"{sign}{abs(year):04d}-{within.month:02d}-{within.day:02d}"


def _readings(limit: int) -> dict[str, tuple[int, ...]]:
    """What two digits, each perhaps an X, can mean within 1..limit; nothing for the impossible."""
    table: dict[str, tuple[int, ...]] = {}
    for number in range(1, limit + 1):
        tens, ones = str(number // 10), str(number % 10)
        for pair in (tens + ones, tens + "X", "X" + ones, "XX"):
            table[pair] = (*table.get(pair, ()), number)
    return table


_MONTHS: Final = _readings(12)
_DAYS: Final = _readings(31)
_LENGTHS: Final = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _length(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else _LENGTHS[month]


#: First month and number of months of each season or part of a year. The specification leaves 21-32
#: without months: 21-28 are the contract's (Mar-May is spring), 29-32 the same half a year away.
_SEASONS: Final[dict[str, tuple[int, int]]] = {
    **{str(code): (3 + 3 * (code - 21), 3) for code in range(21, 25)},
    **{str(code): (3 + 3 * (code - 25), 3) for code in range(25, 29)},
    **{str(code): ((9, 12, 3, 6)[code - 29], 3) for code in range(29, 33)},
    **{str(code): (1 + 3 * (code - 33), 3) for code in range(33, 37)},
    **{str(code): (1 + 4 * (code - 37), 4) for code in range(37, 40)},
    **{str(code): (1 + 6 * (code - 40), 6) for code in range(40, 42)},
}

_PLAIN: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([?~%]?)")
_QUALIFIED: Final = re.compile(
    r"([?~%]?)(-?)([0-9X]{4})([?~%]?)"
    r"(?:-([?~%]?)([0-9X]{2})([?~%]?)(?:-([?~%]?)([0-9X]{2})([?~%]?))?)?"
)


def plain_day(text: str) -> int | None:
    """The day of ``YYYY-MM-DD``, the shape of most dates, by the fastest way; None for anything else."""
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return date.fromisoformat(text).toordinal()
        except ValueError:
            return None
    return None


def read_date(text: str) -> Dated:
    """The days of one date; EdtfError where it is none or names no day that exists."""
    day = plain_day(text)
    if day is not None:
        return Dated(day, day, "day")
    plain = _PLAIN.fullmatch(text)
    if plain is not None:
        year_text, month_text, written_day, marks = plain.groups()
        year = int(year_text)
        if year:
            try:
                if month_text is None:
                    return Dated(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), "year", marks)
                month = int(month_text)
                if written_day is not None:
                    day = date(year, month, int(written_day)).toordinal()
                    return Dated(day, day, "day", marks)
                if month <= 12:
                    first = date(year, month, 1).toordinal()
                    return Dated(first, first + _length(year, month) - 1, "month", marks)
                if month_text in _SEASONS:
                    return _season(year, year, month_text, marks, unspecified=False)
            except ValueError:
                raise EdtfError("The date names a month or a day that does not exist.") from None
    return _read_any_date(text)


def _read_any_date(text: str) -> Dated:
    match = _QUALIFIED.fullmatch(text)
    if match is None:
        raise EdtfError("The date is not written as EDTF.")
    sign, year_text, month_text, written_day = match.group(2, 3, 6, 9)
    marks = "".join(mark or "" for mark in match.group(1, 4, 5, 7, 8, 10))
    lowest, highest = _years(sign, year_text)
    unspecified = "X" in text
    if month_text in _SEASONS and written_day is None:
        return _season(lowest, highest, month_text, marks, unspecified=unspecified)
    months = _MONTHS.get(month_text or "XX")
    days = _DAYS.get(written_day or "XX")
    if months is None or days is None:
        raise EdtfError("The date names a month or a day that does not exist.")
    if not any(days[0] <= _LENGTHS[month] for month in months):
        # Only a 29 February can be meant: the year must be able to be a leap year.
        if 2 not in months or days[0] != 29:
            raise EdtfError("The date names a month or a day that does not exist.")
        leap = [year for year in _matching_years(sign, year_text) if _is_leap(year)]
        if not leap:
            raise EdtfError("The date names a month or a day that does not exist.")
        lowest, highest = leap[0], leap[-1]
    first_month = next(m for m in months if days[0] <= _length(lowest, m))
    last_month = next(m for m in reversed(months) if days[0] <= _length(highest, m))
    last_day = next(d for d in reversed(days) if d <= _length(highest, last_month))
    precision: Precision = "day"
    if written_day in (None, "XX"):
        precision = "year" if month_text in (None, "XX") else "month"
    return Dated(
        day_number(lowest, first_month, days[0]),
        day_number(highest, last_month, last_day),
        precision,
        marks,
        unspecified,
    )


def _years(sign: str, digits: str) -> tuple[int, int]:
    """The first and the last year that the digits allow; there is no year -0000."""
    low, high = int(digits.replace("X", "0")), int(digits.replace("X", "9"))
    if not sign:
        return low, high
    if low == 0:
        place = digits[::-1].find("X")
        if place < 0:
            raise EdtfError("The date names the year -0000, which does not exist.")
        low = 10**place
    return -high, -low


def _matching_years(sign: str, digits: str) -> list[int]:
    """Every year that the digits allow, ascending."""
    choices = ["0123456789" if digit == "X" else digit for digit in digits]
    years = [int("".join(choice)) for choice in product(*choices)]
    return [-year for year in reversed(years) if year] if sign else years


def _season(lowest: int, highest: int, code: str, marks: str, *, unspecified: bool) -> Dated:
    month, months = _SEASONS[code]
    start = day_number(lowest, month, 1)
    if month < 12:
        last_month = month + months - 1
        last = day_number(highest, last_month, _length(highest, last_month))
        return Dated(start, last, "season", marks, unspecified, (), start)
    # A season over the turn of the year: its name can mean the one that ends in the year or the one
    # that begins in it; with years left open all of them run into one another through the months.
    january = day_number(lowest, 1, 1)
    next_february = day_number(highest + 1, 2, _length(highest + 1, 2))
    stretches = (
        (january, day_number(lowest, 2, _length(lowest, 2))),
        (start, next_february),
    )
    return Dated(
        january, next_february, "season", marks, unspecified, () if unspecified else stretches, start
    )
