"""EDTF: when something was, in the notation of ISO 8601-2:2019, as days.

Levels 0, 1 and 2 of the Library of Congress specification. Where the
specification leaves room, these rules hold (the conformance table's, see
``docs/accuracy.md``):

- an interval's end may not begin before its start begins; where the end has
  unspecified digits it is enough that they can be read so;
- years written with ``Y`` or with significant digits (``S``), and times of
  day, stand alone, not in intervals or sets;
- significant digits do not widen a year, they make it approximate;
- a time of day keeps the day that is written, whatever its zone;
- a space is allowed only after a comma of a set.

Qualifiers never widen: they lower the grade, which is for others to do.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import msgspec

from estelik.chronology.edtf_date import MAX_DAY, Dated, EdtfError, Precision, day_text, read_date

__all__ = ["Edtf", "EdtfError", "Precision", "Span", "parse", "strict_bounds", "wide"]

#: Longer text is no date that anybody wrote.
MAX_LENGTH: Final = 4096


class Span(msgspec.Struct, frozen=True, gc=False):
    """The days from ``first`` to ``last``, both included, as ordinals; None is unbounded."""

    first: int | None
    last: int | None


class Edtf(msgspec.Struct, frozen=True, gc=False):
    """What an expression allows.

    ``spans`` are disjoint and ascending: one for each member of a set, two for
    a winter, one for anything else. Days before 0001-01-01 or after 9999-12-31
    are moved to that day (ordinals 1 and 3652059), which lies outside the
    horizon on the same side; ``strict_bounds`` gives them exactly.
    ``precisions`` are those of the two ends of each of ``members``, which are
    the spans as they were written where some of them overlapped, else empty.
    """

    spans: tuple[Span, ...]
    uncertain: bool = False
    approximate: bool = False
    open_start: bool = False
    open_end: bool = False
    unknown_start: bool = False
    unknown_end: bool = False
    precisions: tuple[tuple[Precision, Precision], ...] = (("day", "day"),)
    members: tuple[Span, ...] = ()

    @property
    def first_precision(self) -> Precision:
        """How fine the first written end is."""
        return self.precisions[0][0]

    @property
    def last_precision(self) -> Precision:
        """How fine the last written end is."""
        return self.precisions[-1][1]


class _Member(msgspec.Struct, frozen=True, gc=False):
    """A stretch of an expression: its two dates, None for an end without one."""

    start: Dated | None
    end: Dated | None


_BOTH: Final[dict[Precision, tuple[tuple[Precision, Precision], ...]]] = {
    "day": (("day", "day"),),
    "month": (("month", "month"),),
    "season": (("season", "season"),),
    "year": (("year", "year"),),
}
_HOUR_MINUTE_SECOND = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)"
# Zones as in ISO 8601: up to 14 hours, and no negative zero.
_ZONE = r"(?:Z|[+-](?:0[1-9]|1[0-3])(?::[0-5][0-9])?|[+-]14(?::00)?|[+-]00:(?!00)[0-5][0-9]|\+00(?::00)?)"
_DATE_TIME: Final = re.compile(rf"(-?[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})T{_HOUR_MINUTE_SECOND}{_ZONE}?")
_LONG_YEAR: Final = re.compile(r"Y(-?)([1-9][0-9]*)(?:E([1-9][0-9]{0,3}))?(S[1-9][0-9]*)?")
_SIGNIFICANT_YEAR: Final = re.compile(r"(-?[0-9]{4})S[1-9][0-9]*")
_SET_COMMA: Final = re.compile(", *")


@lru_cache(maxsize=1 << 17)
def parse(text: str) -> Edtf:
    """What an EDTF expression allows, in days; EdtfError where it is none."""
    _check_length(text)
    if "/" in text:
        return _interval(text)
    if text[:1] in ("[", "{"):
        return _set(text)
    if text[:1] == "Y":
        long_year = _long_year(text)
        edge = 1 if long_year[1] else MAX_DAY
        return Edtf((Span(edge, edge),), approximate=bool(long_year[4]), precisions=_BOTH["year"])
    dated, significant = _single(text)
    marks = dated.marks
    if dated.alternatives:
        spans = _merged([Span(_within(first), _within(last)) for first, last in dated.alternatives])
    else:
        spans = (Span(_within(dated.first), _within(dated.last)),)
    precisions = _BOTH[dated.precision] * len(spans)
    if not marks and not significant:
        return Edtf(spans, precisions=precisions)
    return Edtf(
        spans,
        "?" in marks or "%" in marks,
        "~" in marks or "%" in marks or significant,
        precisions=precisions,
    )


def strict_bounds(text: str) -> tuple[str, str]:
    """The first and the last day as ISO text of years of any size; ``-inf`` and ``inf`` where unbounded."""
    _check_length(text)
    if text[:1] == "Y" and "/" not in text:
        sign, digits, exponent, _ = _long_year(text).groups()
        year = sign + digits + "0" * int(exponent or 0)
        return f"{year}-01-01", f"{year}-12-31"
    if "/" in text:
        stretch = _ends(text)
        members = [_Member(*stretch)]
    elif text[:1] in ("[", "{"):
        members = _members(text)
    else:
        dated, _ = _single(text)
        members = [_Member(dated, dated)]
    firsts = [member.start.first if member.start else None for member in members]
    lasts = [member.end.last if member.end else None for member in members]
    first = None if None in firsts else min(day for day in firsts if day is not None)
    last = None if None in lasts else max(day for day in lasts if day is not None)
    return "-inf" if first is None else day_text(first), "inf" if last is None else day_text(last)


def wide(edtf: Edtf) -> tuple[Span, ...]:
    """The wide reading: each end moved outwards by how far people are usually off at its precision.

    A day by 7 days, a month or season by 16 (half of 30.4375, rounded up), a
    year or coarser by 183 (half of 365.25, rounded up); ends without a date
    stay. Spans that then overlap are one.
    """
    return _merged(
        [
            Span(
                None if span.first is None else max(1, span.first - _SLACK[first]),
                None if span.last is None else min(MAX_DAY, span.last + _SLACK[last]),
            )
            for span, (first, last) in zip(edtf.members or edtf.spans, edtf.precisions, strict=True)
        ]
    )


_SLACK: Final[dict[Precision, int]] = {"day": 7, "month": 16, "season": 16, "year": 183}


def _within(day: int) -> int:
    return 1 if day < 1 else min(day, MAX_DAY)


def _check_length(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise EdtfError("The text is longer than any date.")


def _single(text: str) -> tuple[Dated, bool]:
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


def _long_year(text: str) -> re.Match[str]:
    """The sign, digits, exponent and significant digits of a year written with Y."""
    match = _LONG_YEAR.fullmatch(text)
    if match is None or len(match[2]) + int(match[3] or 0) < 5:
        raise EdtfError("Y is for years of more than four digits, which stand alone.")
    return match


def _ends(text: str) -> tuple[Dated | None, Dated | None]:
    """The two dates of an interval, in order; None for an end that is open or unknown."""
    start_text, _, end_text = text.partition("/")
    if start_text == end_text == "":
        raise EdtfError("The interval has neither a start nor an end.")
    start = None if start_text in ("", "..") else read_date(start_text)
    end = None if end_text in ("", "..") else read_date(end_text)
    _check_order(start, end)
    return start, end


def _check_order(start: Dated | None, end: Dated | None) -> None:
    if start is None or end is None:
        return
    if start.season_start is not None and end.season_start is not None:
        begins, may_begin = start.season_start, end.last if end.unspecified else end.season_start
    elif end.alternatives or end.unspecified:
        begins, may_begin = start.first, end.last
    else:
        begins, may_begin = start.first, end.first
    if begins > may_begin:
        raise EdtfError("The interval or range ends before it starts.")


def _interval(text: str) -> Edtf:
    start, end = _ends(text)
    if start is not None and end is not None:
        marks = start.marks + end.marks
        spans = (Span(_within(start.first), _within(end.last)),)
        precisions = (
            _BOTH[end.precision] if start.precision == end.precision else ((start.precision, end.precision),)
        )
        if not marks:
            return Edtf(spans, precisions=precisions)
        return Edtf(spans, "?" in marks or "%" in marks, "~" in marks or "%" in marks, precisions=precisions)
    one = start or end
    precision: Precision = one.precision if one else "year"
    marks = one.marks if one else ""
    return Edtf(
        (Span(_within(start.first) if start else None, _within(end.last) if end else None),),
        "?" in marks or "%" in marks,
        "~" in marks or "%" in marks,
        open_start=text.startswith("../"),
        open_end=text.endswith("/.."),
        unknown_start=text.startswith("/"),
        unknown_end=text.endswith("/"),
        precisions=_BOTH[precision],
    )


def _members(text: str) -> list[_Member]:
    """The members of a set, as they are written."""
    if text[-1] != ("]" if text[0] == "[" else "}"):
        raise EdtfError("The set of dates is not closed.")
    pieces = _SET_COMMA.split(text[1:-1])
    members = []
    for place, piece in enumerate(pieces):
        before, dots, after = piece.partition("..")
        if not dots:
            dated = read_date(piece)
            members.append(_Member(dated, dated))
            continue
        if not before and not after:
            raise EdtfError("A range in the set has neither a start nor an end.")
        if (not before and place > 0) or (not after and place < len(pieces) - 1):
            raise EdtfError("Only the first member of a set may lack a start and only the last an end.")
        start = read_date(before) if before else None
        end = read_date(after) if after else None
        _check_order(start, end)
        members.append(_Member(start, end))
    return members


def _set(text: str) -> Edtf:
    spans: list[Span] = []
    precisions: list[tuple[Precision, Precision]] = []
    marks = ""
    members = _members(text)
    for member in members:
        start, end = member.start, member.end
        first = start or end
        last = end or start
        if first is None or last is None:  # a member has at least one date
            continue
        marks += first.marks + last.marks
        if start is end and first.alternatives:
            written = [Span(_within(a), _within(b)) for a, b in first.alternatives]
        else:
            written = [Span(_within(start.first) if start else None, _within(end.last) if end else None)]
        spans += written
        precisions += [(first.precision, last.precision)] * len(written)
    if not _is_ascending(spans):
        order = sorted(range(len(spans)), key=lambda place: _start_key(spans[place]))
        spans = [spans[place] for place in order]
        precisions = [precisions[place] for place in order]
    merged = _merged(spans)
    return Edtf(
        merged,
        "?" in marks or "%" in marks,
        "~" in marks or "%" in marks,
        open_start=members[0].start is None,
        open_end=members[-1].end is None,
        precisions=tuple(precisions),
        members=() if len(merged) == len(spans) else tuple(spans),
    )


def _start_key(span: Span) -> int:
    return 0 if span.first is None else span.first


def _is_ascending(spans: list[Span]) -> bool:
    """Whether each span begins after the one before has ended."""
    last: int | None = 0
    for span in spans:
        if last is None or span.first is None or span.first <= last:
            return len(spans) == 1
        last = span.last
    return True


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    """The same days as disjoint spans, ascending; spans that only touch stay apart."""
    if _is_ascending(spans):
        return tuple(spans)
    merged: list[Span] = []
    for span in sorted(spans, key=_start_key):
        if merged:
            before = merged[-1]
            if before.last is None or span.first is None or span.first <= before.last:
                last = None if before.last is None or span.last is None else max(before.last, span.last)
                merged[-1] = Span(before.first, last)
                continue
        merged.append(span)
    return tuple(merged)
