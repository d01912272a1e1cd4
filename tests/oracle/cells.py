"""Time cells read a second time, straight from the contract's tables.

Only the forms that the strategies write are read; anything else is an error,
so that a case is never compared on a cell that the oracle has not understood.
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date
from fractions import Fraction
from typing import Literal

Reading = Literal["strict", "wide"]
#: Least and greatest number of days, or first and last day; None is unbounded.
Interval = tuple[int | None, int | None]

YEAR = Fraction(36525, 100)
MONTH = YEAR / 12
UNITS = {"Y": YEAR, "M": MONTH, "W": Fraction(7), "D": Fraction(1)}
AGE_YEAR = Fraction(3652425, 10000)
_SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11)}
#: How far a register is off in the wide reading, by the precision of a date.
_SLACK = {"day": Fraction(7), "month": MONTH / 2, "season": MONTH / 2, "year": YEAR / 2}


def edtf(text: str, reading: Reading) -> list[Interval]:
    """The days that a date allows, as alternatives."""
    text = text.strip()
    if text[0] in "[{" and text[-1] in "]}":
        return [span for member in text[1:-1].split(",") for span in edtf(member, reading)]
    if "/" in text:
        start, end = text.split("/")
        firsts = [None] if start in {"", ".."} else [first for first, _ in edtf(start, reading)]
        lasts = [None] if end in {"", ".."} else [last for _, last in edtf(end, reading)]
        return [(firsts[0], lasts[-1])]
    spans, precision = _date(text.rstrip("?~%"))
    if reading == "strict":
        return [(first, last) for first, last in spans]
    slack = _SLACK[precision]
    return [(math.floor(first - slack), math.ceil(last + slack)) for first, last in spans]


def _date(text: str) -> tuple[list[tuple[int, int]], str]:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        day = date.fromisoformat(text).toordinal()
        return [(day, day)], "day"
    if re.fullmatch(r"\d{4}-24", text):
        year = int(text[:4])
        return [(_first(year, 1), _last(year, 2)), (_first(year, 12), _last(year + 1, 2))], "season"
    if re.fullmatch(r"\d{4}-2[123]", text):
        first_month, last_month = _SEASONS[text[5:]]
        return [(_first(int(text[:4]), first_month), _last(int(text[:4]), last_month))], "season"
    if found := re.fullmatch(r"(\d{4})-(\d\d)(-XX)?", text):
        return [(_first(int(found[1]), int(found[2])), _last(int(found[1]), int(found[2])))], "month"
    if found := re.fullmatch(r"([\dX]{4})(-XX){0,2}", text):
        low, high = int(found[1].replace("X", "0")), int(found[1].replace("X", "9"))
        return [(_first(low, 1), _last(high, 12))], "year"
    raise ValueError(text)


def _first(year: int, month: int) -> int:
    return date(year, month, 1).toordinal()


def _last(year: int, month: int) -> int:
    return date(year, month, calendar.monthrange(year, month)[1]).toordinal()


def duration(text: str, reading: Reading) -> list[Interval]:
    """The days that a gap allows, as alternatives; blank is "after, before"."""
    text = text.strip()
    if not text:
        return [(0, None)]
    if text[0] == "[":
        return [part for member in text[1:-1].split(",") for part in duration(member, reading)]
    return [_duration(text, wide=reading == "wide")]


def _duration(text: str, *, wide: bool) -> Interval:
    if "/" in text:
        (first, first_unit, _), (second, second_unit, _) = (_length(end) for end in text.split("/"))
        slack = 1 if wide else 0
        return max(0, math.floor(first - slack * first_unit)), math.ceil(second + slack * second_unit)
    sign = re.match(r"±|~|>=|>|<=|<|", text)
    assert sign is not None
    length, unit, exact = _length(text[sign.end() :])
    more = unit if wide else Fraction(0)
    low, high = math.floor(length - more), math.ceil(length + more)
    match sign[0]:
        case "±":
            return math.floor(-length - more), high
        case "~":
            return max(0, math.floor(length - unit)), math.ceil(length + unit)
        case ">":
            return max(0, low + 1), None
        case ">=":
            return max(0, low), None
        case "<":
            return 0, high - 1
        case "<=":
            return 0, high
        case _:
            half = unit if wide else Fraction(0) if exact else unit / 2
            return max(0, math.floor(length - half)), math.ceil(length + half)


def _length(text: str) -> tuple[Fraction, Fraction, bool]:
    """Length in days, the finest unit named, and whether days were named."""
    found = re.fullmatch(r"P((?:\d+[YMWD])+)", text.strip())
    if found is None:
        raise ValueError(text)
    parts = re.findall(r"(\d+)([YMWD])", found[1])
    finest = parts[-1][1]
    return sum((int(n) * UNITS[unit] for n, unit in parts), Fraction(0)), UNITS[finest], finest == "D"


def age(text: str, reading: Reading) -> tuple[int, int]:
    """Least and greatest number of days between birth and an event at that age."""
    text = text.strip()
    if text[0] == "~":
        low = high = int(text[1:])
        low, high = low - 1, high + 1
    elif ".." in text:
        low, high = (int(end) for end in text.split(".."))
    else:
        low = high = int(text)
    slack = 1 if reading == "wide" else 0
    return (
        math.floor((low - slack) * AGE_YEAR) - 1,
        math.ceil((high + slack + 1) * AGE_YEAR),
    )
