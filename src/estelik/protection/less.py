"""Less: whether a cell says nothing but less than the one whose place it takes.

What an editor changes in a release is published as somebody's words. So a cell may become blank, a quote or
a content may lose words, a date, an age or a length of time may become wider, a place an area around it;
nothing else can stand there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from estelik.chronology.age import AgeError
from estelik.chronology.age import parse as age
from estelik.chronology.duration import DurationError
from estelik.chronology.duration import parse as duration
from estelik.chronology.edtf import EdtfError
from estelik.chronology.network import days_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.places.atlas import Atlas

    Spans = Sequence[tuple[int | None, int | None]]

#: What stands for words that were taken out.
_OUT: Final = re.compile(r"\[(?:…|\.\.\.)\]|…|\.\.\.")
_COUNT: Final = re.compile(r"([0-9]+)?(\.\.)?([0-9]+)?")
#: Cells of which words can be taken out; the others are whole or blank.
_WORDS: Final = frozenset({"quote", "value", "by", "via", "place"})


def less(column: str, cell: str, to: str, atlas: Atlas) -> bool:
    """Whether ``to`` in place of ``cell`` says less, or the same, in this column."""
    if not to or to == cell:
        return True
    if not cell:
        return False
    try:
        if column in ("when", "told"):
            return _within(days_of(cell, "strict"), days_of(to, "strict"))
        if column == "gap":
            return _within(duration(cell).strict, duration(to).strict)
        if column == "age":
            one, other = age(cell), age(to)
            return other.low <= one.low and one.high <= other.high
    except (EdtfError, DurationError, AgeError):
        return False
    if column == "value" and _counts(cell) and _counts(to):
        return _within([_counts(cell) or (None, None)], [_counts(to) or (None, None)])
    if column == "place" and _around(cell, to, atlas):
        return True
    return column in _WORDS and _shortened(cell, to)


def _within(one: Spans, other: Spans) -> bool:
    """Whether each span of one lies in one of the other."""
    return all(
        any(
            (begin is None or (first is not None and begin <= first))
            and (end is None or (last is not None and last <= end))
            for begin, end in other
        )
        for first, last in one
    )


def _counts(text: str) -> tuple[int | None, int | None] | None:
    """The least and the most that a number or a range stands for."""
    found = _COUNT.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        return None
    if not found[2]:
        return (int(found[1]), int(found[1])) if found[1] and not found[3] else None
    return int(found[1]) if found[1] else None, int(found[3]) if found[3] else None


def _around(cell: str, to: str, atlas: Atlas) -> bool:
    """Whether the one label names an area in which the place of the other lies."""
    areas = {area.key for one in atlas.known(cell) for area in atlas.areas(one.place)}
    return any(one.place.key in areas for one in atlas.known(to))


def _shortened(cell: str, to: str) -> bool:
    """Whether words were taken out, and nothing else was done."""
    place = 0
    for piece in (part.strip() for part in _OUT.split(to)):
        found = _whole(piece, cell, place)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _whole(piece: str, cell: str, start: int) -> int:
    """Where a piece stands in a cell from ``start`` on, as whole words; -1: nowhere."""
    found = cell.find(piece, start)
    while found >= 0 and piece:
        end = found + len(piece)
        before, after = cell[max(0, found - 1) : found], cell[end : end + 1]
        if not (before.isalnum() and piece[0].isalnum()) and not (after.isalnum() and piece[-1].isalnum()):
            break
        found = cell.find(piece, found + 1)
    return found
