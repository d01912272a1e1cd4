"""Rows: bars, whiskers and their labels on one line of a lane, kept apart.

A row is laid out around y = 0, the middle of its bars; lines beneath and above
are 18 px apart.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.language import captions
from estelik.language.direction import plain
from estelik.publication.advance import width
from estelik.publication.marks import Box, Label, Piece, Role, Shape, Strokes, diamond, hatching

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.language.reader import Reader
    from estelik.publication.scale import Scale
    from estelik.views.course import Lane, Mark, Range, Row, Stint

Sign = Literal[
    "certain",
    "possible",
    "whisker",
    "hearsay",
    "day",
    "goes-on",
    "end-untold",
    "telling",
    "depends",
    "before",
    "today",
]
_HALF = 7.0
LINE = 18.0
_AFTER = 8.0
_MOST_LINES = 12
#: How far apart triangles of tellings stand; those of one week or so stand one above the other.
_APART = 13.0
_LINES_OF_TELLINGS = 4
#: A bar never becomes a hairline.
_LEAST = 3.0


class RowDrawing(msgspec.Struct, frozen=True):
    """A row's pieces about y = 0, how far they reach up and down, and which signs occur."""

    pieces: tuple[Piece, ...]
    top: float
    bottom: float
    signs: frozenset[Sign]


class Room:
    """Where marks and labels already stand: nothing is set upon anything else."""

    def __init__(self, left: float, right: float, today: float | None = None) -> None:
        self.left, self.right = left, right
        #: The line of today: a mark may cross it, words may not.
        self._today = today
        self._taken: list[tuple[float, float, float, float]] = []

    def take(self, x0: float, x1: float, y: float) -> None:
        """Marks a stretch about ``y`` as taken."""
        self._taken.append((x0, x1, y - 8, y + 8))

    def free(self, x0: float, x1: float, y: float, *, within: bool = True, today: bool = True) -> bool:
        """Whether nothing stands there, with 3 px to spare, and it is inside the plot."""
        if within and (x0 < self.left - 0.5 or x1 > self.right + 0.5):
            return False
        if today and self._today is not None and x0 - 4 < self._today < x1 + 4:
            return False
        return not any(
            x0 - 3 < right and left < x1 + 3 and y - 8 < low and high < y + 8
            for left, right, high, low in self._taken
        )


class _Layout:
    def __init__(self, found: Scale, today: int, reader: Reader, *, labels: bool) -> None:
        self.scale, self.today, self.reader, self.labels = found, today, reader, labels
        self.now = found.x(today + 1)
        self.room = Room(found.left, found.right, self.now)
        self.pieces: list[Piece] = []
        self.signs: set[Sign] = set()
        self.lines = [0.0]

    def text(self, words: str, x: float, y: float, *, end: bool = False, quiet: bool = False) -> None:
        role: Role = "quiet" if quiet else "label"
        wide = width(words)
        label = Label(role, x, y, words, wide, "end" if end else "start", halo=True)
        self.pieces.append(label)
        self.room.take(*label.extent(), y)
        self.lines.append(y)

    def unknown(self, x: float, y: float, *, end: bool) -> None:
        words = plain(self.reader.pgettext("an end or beginning that nobody told", "?"))
        wide = width(words, bold=True)
        self.pieces.append(Label("untold", x, y, words, wide, "start" if end else "end"))
        self.room.take(x, x + wide, y) if end else self.room.take(x - wide, x, y)
        self.signs.add("end-untold")

    def done(self) -> RowDrawing:
        return RowDrawing(
            tuple(self.pieces), min(self.lines) - 11, max(self.lines) + 11, frozenset(self.signs)
        )


def row(one: Row, found: Scale, today: int, reader: Reader, *, labels: bool = True) -> RowDrawing:
    """Lays out one row of stints and marks."""
    at = _Layout(found, today, reader, labels=labels)
    ends = [(stint, _bar(at, stint)) for stint in one.stints]
    waiting = [pair for pair in ends if labels and not _label_after(at, *pair)]
    # A bar keeps the line below it for the marks of that bar.
    first_line = 1 if one.stints else 0
    for mark in sorted(one.marks, key=lambda mark: _order(mark.ranges)):
        _mark(at, mark, first_line)
    for stint, extent in waiting:
        _label_beside(at, stint, extent)
    return at.done()


def outlines(before: Lane, lane: Lane, found: Scale, today: int, reader: Reader) -> RowDrawing | None:
    """How the bars and marks of a lane stood ``before`` that are not the same in it now, as dotted outlines
    on one line; None where nothing changed."""
    at = _Layout(found, today, reader, labels=True)
    # The days alone: by which statements they are known may change with each line.
    old = [(one.start, one.end, one.duration) for row in before.rows for one in row.stints]
    new = {(one.start, one.end, one.duration) for row in lane.rows for one in row.stints}
    spans = [(_hull(start)[0], _hull(end)[1]) for start, end, how in old if (start, end, how) not in new]
    marks = {(one.event, one.ranges) for row in lane.rows for one in row.marks}
    spans += [
        _hull(one.ranges)
        for row in before.rows
        for one in row.marks
        if (one.event, one.ranges) not in marks and one.ranges
    ]
    for first, last in spans:
        left = found.left if first is None else found.x(first)
        right = at.now if last is None else found.x(last + 1)
        if right - left < 12:
            middle = min(max((left + right) / 2, found.left + 6), found.right - 6)
            left, right = middle - 6, middle + 6
        box = (
            ((left, -_HALF), (right, -_HALF)),
            ((right, -_HALF), (right, _HALF)),
            ((right, _HALF), (left, _HALF)),
            ((left, _HALF), (left, -_HALF)),
        )
        at.pieces.append(Strokes("before", box))
        at.room.take(left, right, 0)
        at.signs.add("before")
    return at.done() if at.pieces else None


def tellings(
    told: tuple[tuple[Range, str], ...], found: Scale, today: int, reader: Reader, *, labels: bool = True
) -> RowDrawing:
    """Lays out the triangles of the tellings, and their dates on lines beneath."""
    at = _Layout(found, today, reader, labels=labels)
    placed: list[tuple[float, str]] = []
    for span, words in told:
        first, last = span
        if first is None and last is None:
            continue
        first = last if first is None else first
        last = first if last is None else last
        x = found.x(((first or 0) + (last or 0) + 1) / 2)
        if (round(x), words) not in {(round(other), said) for other, said in placed}:
            placed.append((x, words))
    for x, level in stacked({round(x, 1) for x, _ in placed}, _APART):
        y = -_APART * level
        at.pieces.append(Shape("telling", ((x - 6, y - 5), (x + 6, y - 5), (x, y + 5))))
        at.signs.add("telling")
        at.lines.append(y)
    if labels:
        at.room = Room(found.left, found.right)
        for x, words in sorted(placed):
            _telling_label(at, x, words)
    return at.done()


def stacked(places: Iterable[float], apart: float) -> Iterator[tuple[float, int]]:
    """Each place, in order, with the line on which a sign there covers no other: 0, or so many above it."""
    last: list[float] = []
    for x in sorted(places):
        level = next((line for line, before in enumerate(last) if x - before >= apart), len(last))
        if level == len(last) < _LINES_OF_TELLINGS:
            last.append(x)
        level = min(level, len(last) - 1)
        last[level] = x
        yield x, level


def _telling_label(at: _Layout, x: float, words: str) -> None:
    wide = width(words)
    for line in range(1, _MOST_LINES + 1):
        y = 2 + LINE * line
        if at.room.free(x - 6, x - 6 + wide, y):
            at.text(words, x - 6, y)
            return
        if x - 6 + wide > at.room.right and at.room.free(x + 6 - wide, x + 6, y):
            at.text(words, x + 6, y, end=True)
            return


def _bar(at: _Layout, one: Stint) -> tuple[float, float, float]:
    """Draws a stint; gives its start, its end and the start of its certain part."""
    x = at.scale.x
    (es, ls), (ee, le) = _hull(one.start), _hull(one.end)
    left = at.scale.left if es is None else x(es)
    goes_on = one.goes_on if one.goes_on is not None and le is None else None
    if goes_on is not None:
        right = x(goes_on + 1)
    elif le is None or le < 0:
        right = at.now
    else:
        right = x(le)
    if right - left < _LEAST:
        middle = min(max((left + right) / 2, at.scale.left + _LEAST / 2), at.scale.right - _LEAST / 2)
        left, right = middle - _LEAST / 2, middle + _LEAST / 2
    certain_from = right if ls is None else min(max(x(ls), left), right)
    over = ee if one.end else one.sure
    certain_to = left if over is None else min(max(x(over), left), right)
    if goes_on is not None or one.final:
        certain_to = right
    solid = certain_from < certain_to and not one.weighed
    if not solid:
        certain_from = certain_to = right
    if one.hearsay:
        outline = (
            ((left, -_HALF), (right, -_HALF)),
            ((right, -_HALF), (right, _HALF)),
            ((right, _HALF), (left, _HALF)),
            ((left, _HALF), (left, -_HALF)),
        )
        at.pieces.append(Strokes("outline", outline))
        at.signs.add("hearsay")
    else:
        for start, end in ((left, certain_from), (certain_to, right)):
            if end - start > 0.3:
                _hatched(at, start, end)
        if solid:
            at.pieces.append(Box("solid", certain_from, -_HALF, certain_to - certain_from, 2 * _HALF))
            at.signs.add("certain")
        inside = at.scale.first, at.scale.last
        closed = []
        if es is not None and es >= inside[0]:
            closed.append(left)
        if goes_on is None and le is not None and le <= inside[1]:
            closed.append(right)
        if closed:
            sides = [max(min(side, right - 1.1), left + 1.1) for side in closed]
            at.pieces.append(Strokes("close", tuple(((side, -_HALF), (side, _HALF)) for side in sides)))
    end = right
    at.room.take(left, right, 0)
    if goes_on is not None:
        tip = min(right + 14, max(at.now - 2, right + 6))
        at.pieces.append(
            Shape(
                "arrow",
                ((right - 0.5, -_HALF), (right, -_HALF), (tip, 0), (right, _HALF), (right - 0.5, _HALF)),
            )
        )
        at.room.take(right, tip, 0)
        at.signs.add("goes-on")
        end = tip
    elif le is None and not one.final:
        at.unknown(right + 4, 0, end=True)
        end = right + 14
    if es is None or (one.untold and es < at.scale.first):
        at.unknown(left - 4, 0, end=False)
    return left, end, (certain_from if solid else left)


def _hatched(at: _Layout, start: float, end: float) -> None:
    rails = (((start, -_HALF + 0.7), (end, -_HALF + 0.7)), ((start, _HALF - 0.7), (end, _HALF - 0.7)))
    at.pieces.append(Strokes("hatch", hatching(start, end, -_HALF, _HALF) + rails))
    at.signs.add("possible")


def _label_after(at: _Layout, one: Stint, extent: tuple[float, float, float]) -> bool:
    words = plain(captions.stint(at.reader, one))
    start = extent[1] + _AFTER
    if not at.room.free(start, start + width(words), 0):
        return False
    at.text(words, start, 0, quiet=one.hearsay)
    return True


def _label_beside(at: _Layout, one: Stint, extent: tuple[float, float, float]) -> None:
    """Below at the start of the certain part, then above, then towards the open
    side; failing all, it stands only in the table."""
    words = plain(captions.stint(at.reader, one))
    wide = width(words)
    for y in (LINE + 1, -LINE - 1):
        if at.room.free(extent[2] + 2, extent[2] + 2 + wide, y):
            at.text(words, extent[2] + 2, y, quiet=one.hearsay)
            return
    edge = min(extent[1], at.now - 5)
    for y in (LINE + 1, -LINE - 1):
        if at.room.free(edge - wide, edge, y):
            at.text(words, edge, y, end=True, quiet=one.hearsay)
            return


def _mark(at: _Layout, one: Mark, first_line: int) -> None:
    """Sets a point event on the first line where it and its words are free."""
    pieces, x0, x1 = _figure(at, one)
    if not pieces:
        return
    words = plain(captions.mark(at.reader, one)) if at.labels else ""
    wide = width(words)
    lines = [line * LINE for line in range(first_line, first_line + _MOST_LINES)]
    free = [y for y in lines if at.room.free(x0, x1, y, within=False, today=False)] or lines[-1:]
    for y in free if words else ():
        spots = (
            (x1 + _AFTER, y, False),
            (x0, y + LINE, False),
            (x1, y + LINE, True),
            (x0 - _AFTER, y, True),
            # Beside a question mark that stands outside the plot, or the line of today.
            (max(x0, at.room.left), y + LINE, False),
            (min(x1, at.now - 5), y + LINE, True),
        )
        for x, line, end in spots:
            if at.room.free(x - wide if end else x, x if end else x + wide, line):
                _set(at, pieces, x0, x1, y)
                at.text(words, x, line, end=end, quiet=one.hearsay)
                return
    _set(at, pieces, x0, x1, free[0])


def _set(at: _Layout, pieces: list[Piece], x0: float, x1: float, y: float) -> None:
    at.pieces += [piece.moved(y) for piece in pieces]
    at.room.take(x0, x1, y)
    at.lines.append(y)


def _figure(at: _Layout, one: Mark) -> tuple[list[Piece], float, float]:
    """The pieces of a point event about y = 0, and the x that they take."""
    spans = [
        (first, last)
        for first, last in one.ranges
        if (first, last) != (None, None) and (first is None or first <= at.scale.last)
    ]
    pieces: list[Piece] = []
    ends: list[tuple[float, float]] = []
    role: Role = "dashed" if one.hearsay else "whisker"
    for first, last in spans:
        if first is not None and first == last and not one.weighed:
            x = at.scale.x(first + 0.5)
            if one.hearsay:
                pieces.append(Strokes("outline", _diamond_outline(x)))
                at.signs.add("hearsay")
            else:
                pieces.append(diamond(x, 0))
                at.signs.add("day")
            ends.append((x - 6, x + 6))
            continue
        left = at.scale.left if first is None else at.scale.x(first)
        right = at.now if last is None else at.scale.x(last + 1)
        if last is None and right <= left:
            right = at.scale.right
        within = at.scale.first, at.scale.last
        caps = [
            side
            for side, known in ((left, first), (right, last))
            if known is not None and within[0] <= known <= within[1]
        ]
        if right - left < 12 and len(caps) == 2:
            middle = min(max((left + right) / 2, at.scale.left + 6), at.scale.right - 6)
            left, right = middle - 6, middle + 6
            caps = [left, right]
        else:
            # What goes beyond the axis is seen to, however little of it there is.
            left = min(left, right - 6) if right == at.scale.right else left
            pieces.append(Strokes(role, (((left, 0), (right, 0)),)))
        if caps:
            pieces.append(Strokes("whisker", tuple(((cap, -5), (cap, 5)) for cap in caps)))
        at.signs.add("hearsay" if one.hearsay else "whisker")
        ends.append((left, right))
    for (_, before), (after, _) in pairwise(ends):
        if after > before:
            pieces.append(Strokes("gap", (((before, 0), (after, 0)),)))
    if not ends:
        return [], 0, 0
    x0, x1 = min(left for left, _ in ends), max(right for _, right in ends)
    mark_unknown = plain(at.reader.pgettext("an end or beginning that nobody told", "?"))
    wide = width(mark_unknown, bold=True)
    if spans[-1][1] is None:
        pieces.append(Label("untold", x1 + 4, 0, mark_unknown, wide))
        at.signs.add("end-untold")
        x1 += 4 + wide
    if spans[0][0] is None:
        pieces.append(Label("untold", x0 - 4, 0, mark_unknown, wide, "end"))
        at.signs.add("end-untold")
        x0 -= 4 + wide
    return pieces, x0, x1


def _diamond_outline(x: float) -> tuple[tuple[tuple[float, float], tuple[float, float]], ...]:
    corners = diamond(x, 0).points
    return tuple(zip(corners, corners[1:] + corners[:1], strict=True))


def _order(spans: tuple[Range, ...]) -> tuple[int, int]:
    first, last = _hull(spans)
    return (-1 if first is None else first), (1 << 30 if last is None else last)


def _hull(spans: tuple[Range, ...]) -> Range:
    return (spans[0][0], spans[-1][1]) if spans else (None, None)
