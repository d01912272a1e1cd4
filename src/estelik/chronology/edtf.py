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

from functools import lru_cache
from typing import Final

import msgspec

from estelik.chronology.edtf_date import MAX_DAY, EdtfError, Precision, day_text, plain_day
from estelik.chronology.edtf_expression import Member, ends, long_year, members, single

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


_BOTH: Final[dict[Precision, tuple[tuple[Precision, Precision], ...]]] = {
    "day": (("day", "day"),),
    "month": (("month", "month"),),
    "season": (("season", "season"),),
    "year": (("year", "year"),),
}


@lru_cache(maxsize=1 << 17)
def parse(text: str) -> Edtf:
    """What an EDTF expression allows, in days; EdtfError where it is none."""
    day = plain_day(text)
    if day is not None:
        return Edtf((Span(day, day),))
    _check_length(text)
    if "/" in text:
        return _interval(text)
    if text[:1] in ("[", "{"):
        return _set(text)
    if text[:1] == "Y":
        sign, _, significant = long_year(text)
        edge = 1 if sign else MAX_DAY
        return Edtf((Span(edge, edge),), approximate=significant, precisions=_BOTH["year"])
    dated, significant = single(text)
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
        sign, digits, _ = long_year(text)
        return f"{sign}{digits}-01-01", f"{sign}{digits}-12-31"
    if "/" in text:
        written = [Member(*ends(text))]
    elif text[:1] in ("[", "{"):
        written = members(text)
    else:
        dated, _ = single(text)
        written = [Member(dated, dated)]
    firsts = [member.start.first if member.start else None for member in written]
    lasts = [member.end.last if member.end else None for member in written]
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


def _interval(text: str) -> Edtf:
    start, end = ends(text)
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


def _set(text: str) -> Edtf:
    spans: list[Span] = []
    precisions: list[tuple[Precision, Precision]] = []
    marks = ""
    written = members(text)
    for member in written:
        start, end = member.start, member.end
        first = start or end
        last = end or start
        if first is None or last is None:  # a member has at least one date
            continue
        marks += first.marks + last.marks
        if start is end and first.alternatives:
            stretches = [Span(_within(a), _within(b)) for a, b in first.alternatives]
        else:
            stretches = [Span(_within(start.first) if start else None, _within(end.last) if end else None)]
        spans += stretches
        precisions += [(first.precision, last.precision)] * len(stretches)
    if not _is_ascending(spans):
        order = sorted(range(len(spans)), key=lambda place: _start_key(spans[place]))
        spans = [spans[place] for place in order]
        precisions = [precisions[place] for place in order]
    merged = _merged(spans)
    return Edtf(
        merged,
        "?" in marks or "%" in marks,
        "~" in marks or "%" in marks,
        open_start=written[0].start is None,
        open_end=written[-1].end is None,
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
