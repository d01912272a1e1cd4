"""Durations: how far apart two events were, in days, by the contract's table.

A year is 365.25 days, a month 30.4375, a week 7; the least is rounded down and
the most rounded up, from exact fractions. Every form has two readings:
*strict* is the contract's table; *wide* takes one whole unit, the finest
named, either side where strict takes half a unit or none.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from typing import Final

import msgspec

#: Least and most days; None is unbounded.
Days = tuple[int | None, int | None]

#: Days of each unit, coarsest first.
UNITS: Final[dict[str, Fraction]] = {
    "Y": Fraction(36525, 100),
    "M": Fraction(304375, 10000),
    "W": Fraction(7),
    "D": Fraction(1),
}

_LENGTH: Final = re.compile(r"P(?:([0-9]{1,6})Y)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?")
_MAX_TEXT: Final = 1024


class DurationError(ValueError):
    """The text is no duration. The message never holds the text."""


class Duration(msgspec.Struct, frozen=True, gc=False):
    """What a duration allows: alternatives of (least, most) days, disjoint and ascending."""

    strict: tuple[Days, ...]
    wide: tuple[Days, ...]


class _Length(msgspec.Struct, frozen=True, gc=False):
    """A written length: its days, and the days of the finest unit named."""

    days: Fraction
    unit: Fraction


@lru_cache(maxsize=1 << 14)
def parse(text: str) -> Duration:
    """What a duration of the contract's forms allows in days; DurationError for anything else."""
    if len(text) > _MAX_TEXT:
        raise DurationError("The text is longer than any duration.")
    if text.startswith("["):
        if not text.endswith("]"):
            raise DurationError("The choice of durations is not closed.")
        members = [_one(member) for member in re.split(", *", text[1:-1])]
        return Duration(_merged([m.strict[0] for m in members]), _merged([m.wide[0] for m in members]))
    for sign in ("±", "+-"):
        if text.startswith(sign):
            length = _length(text.removeprefix(sign))
            strict, wide = ceil(length.days), ceil(length.days + length.unit)
            return Duration(((-strict, strict),), ((-wide, wide),))
    return _one(text)


def _one(text: str) -> Duration:
    """A duration without alternatives that has one direction."""
    if text.startswith(">="):
        length = _length(text[2:])
        return _duration(floor(length.days), None, floor(length.days - length.unit), None)
    if text.startswith("<="):
        length = _length(text[2:])
        return _duration(0, ceil(length.days), 0, ceil(length.days + length.unit))
    if text.startswith(">"):
        length = _length(text[1:])
        return _duration(floor(length.days) + 1, None, floor(length.days - length.unit) + 1, None)
    if text.startswith("<"):
        length = _length(text[1:])
        if length.days == 0:
            raise DurationError("Nothing is shorter than no time at all.")
        return _duration(0, ceil(length.days) - 1, 0, ceil(length.days + length.unit) - 1)
    if text.startswith("~"):
        length = _length(text[1:])
        least, most = floor(length.days - length.unit), ceil(length.days + length.unit)
        return _duration(least, most, least, most)
    if "/" in text:
        first, last = (_length(end) for end in _two(text))
        if first.days > last.days:
            raise DurationError("The range of durations ends before it starts.")
        return _duration(
            floor(first.days), ceil(last.days), floor(first.days - first.unit), ceil(last.days + last.unit)
        )
    length = _length(text)
    # Days are exact: whoever counts days does not round them.
    half = Fraction(0) if length.unit == 1 else length.unit / 2
    return _duration(
        floor(length.days - half),
        ceil(length.days + half),
        floor(length.days - length.unit),
        ceil(length.days + length.unit),
    )


def _duration(least: int, most: int | None, wide_least: int, wide_most: int | None) -> Duration:
    return Duration(((max(0, least), most),), ((max(0, wide_least), wide_most),))


def _two(text: str) -> tuple[str, str]:
    first, _, last = text.partition("/")
    return first, last


def _length(text: str) -> _Length:
    """A length like P1Y9M; at least one of its units is named."""
    match = _LENGTH.fullmatch(text)
    if match is None or match.lastindex is None:
        raise DurationError("The duration is not written like P1Y9M, in years, months, weeks and days.")
    days = Fraction(0)
    finest = Fraction(0)
    for unit, count in zip(UNITS.values(), match.groups(), strict=True):
        if count is not None:
            days += int(count) * unit
            finest = unit
    return _Length(days, finest)


def _merged(alternatives: list[Days]) -> tuple[Days, ...]:
    """The same days as disjoint alternatives, ascending. No least here is unbounded."""
    merged: list[Days] = []
    for least, most in sorted(alternatives, key=lambda days: days[0] or 0):
        if merged:
            before_least, before_most = merged[-1]
            if before_most is None or (least or 0) <= before_most:
                joined = None if before_most is None or most is None else max(before_most, most)
                merged[-1] = (before_least, joined)
                continue
        merged.append((least, most))
    return tuple(merged)
