"""The shapes of an EDTF expression: one date, an interval, a set, a long year.

Each function takes the whole expression apart into its dates and checks the
rules that hold between them; what the dates mean is ``edtf``'s.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from estelik.chronology.edtf_date import Dated, EdtfError, read_date


class Member(msgspec.Struct, frozen=True, gc=False):
    """A member of a set: its first and last date, None for an end without one; one date is both."""

    start: Dated | None
    end: Dated | None


_TIME: Final = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)"
# Zones as in ISO 8601: up to 14 hours, and no negative zero.
_ZONE: Final = r"(?:Z|[+-](?:(?:0[1-9]|1[0-3])(?::[0-5][0-9])?|14(?::00)?|00:(?!00)[0-5][0-9])|\+00(?::00)?)"
_DATE_TIME: Final = re.compile(rf"(-?[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_TIME}{_ZONE}?")
_LONG_YEAR: Final = re.compile(r"Y(-?)([1-9][0-9]*)(?:E([1-9][0-9]{0,3}))?(S[1-9][0-9]*)?")
_SIGNIFICANT_YEAR: Final = re.compile(r"(-?[0-9]{4})S[1-9][0-9]*")
_COMMA: Final = re.compile(", *")


def single(text: str) -> tuple[Dated, bool]:
    """The date of an expression that is one date, and whether it has significant digits."""
    if "T" in text:
        date_time = _DATE_TIME.fullmatch(text)
        if date_time is None:
            raise EdtfError("The date with a time of day is not written as EDTF.")
        return read_date(date_time[1]), False
    if "S" in text:
        significant = _SIGNIFICANT_YEAR.fullmatch(text)
        if significant is None:
            raise EdtfError("The year with significant digits is not written as EDTF.")
        return read_date(significant[1]), True
    return read_date(text), False


def long_year(text: str) -> tuple[str, str, bool]:
    """The sign and the digits of a year written with Y, and whether it has significant digits."""
    match = _LONG_YEAR.fullmatch(text)
    if match is None or len(match[2]) + int(match[3] or 0) < 5:
        raise EdtfError("Y is for years of more than four digits, which stand alone.")
    return match[1], match[2] + "0" * int(match[3] or 0), match[4] is not None


def ends(text: str) -> tuple[Dated | None, Dated | None]:
    """The two dates of an interval, in order; None for an end that is open or unknown."""
    start_text, _, end_text = text.partition("/")
    if start_text == end_text == "":
        raise EdtfError("The interval has neither a start nor an end.")
    start = None if start_text in ("", "..") else read_date(start_text)
    end = None if end_text in ("", "..") else read_date(end_text)
    _check_order(start, end)
    return start, end


def members(text: str) -> list[Member]:
    """The members of a set, as they are written; only the first and the last may be open."""
    if text[-1] != ("]" if text[0] == "[" else "}"):
        raise EdtfError("The set of dates is not closed.")
    pieces = _COMMA.split(text[1:-1])
    found = []
    for place, piece in enumerate(pieces):
        before, dots, after = piece.partition("..")
        if not dots:
            dated = read_date(piece)
            found.append(Member(dated, dated))
            continue
        if not before and not after:
            raise EdtfError("A range in the set has neither a start nor an end.")
        if (not before and place > 0) or (not after and place < len(pieces) - 1):
            raise EdtfError("Only the first member of a set may lack a start and only the last an end.")
        start = read_date(before) if before else None
        end = read_date(after) if after else None
        _check_order(start, end)
        found.append(Member(start, end))
    return found


def _check_order(start: Dated | None, end: Dated | None) -> None:
    """The end may not begin before the start; where its digits or its season leave it
    open when it begins, it is enough that it need not."""
    if start is None or end is None:
        return
    begins, may_begin = start.first, end.first
    if start.season_start is not None and end.season_start is not None:
        begins, may_begin = start.season_start, end.season_start
    if end.unspecified or (end.alternatives and start.season_start is None):
        may_begin = end.last
    if begins > may_begin:
        raise EdtfError("The interval or range ends before it starts.")
