"""Drawing: the whole timeline in px: head, lanes, names in the gutter, tellings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.language import captions
from estelik.language.accounts import kept
from estelik.language.direction import plain
from estelik.language.numbers import number, roman
from estelik.publication import rows
from estelik.publication.advance import width, wrapped
from estelik.publication.marks import Box, Label, Piece, Role, Strokes, sign
from estelik.publication.rows import Sign
from estelik.publication.scale import Scale, birthdays, scale, ticks
from estelik.views.course import ROWS_AT_MOST

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.publication.rows import RowDrawing
    from estelik.views.course import Course, Lane
    from estelik.views.person import PersonPage

_NAME_LINE = 16.0
#: Room at the right, and without a gutter at the left, for the question mark of what was not told.
_MARGIN = 14.0


class Frame(msgspec.Struct, frozen=True):
    """How large a drawing is. ``gutter`` 0: names stand above their bars and
    bars have no labels, unless they are to be ``labelled``."""

    width: float
    gutter: float
    #: Names stand above their bars, and bars have their labels all the same.
    labelled: bool = False

    @property
    def narrow(self) -> bool:
        """Whether names stand above their bars."""
        return self.gutter == 0

    @property
    def labels(self) -> bool:
        """Whether bars have labels."""
        return self.labelled or not self.narrow


WIDE = Frame(1184, 208)
MIDDLE = Frame(704, 176)
NARROW = Frame(288, 0)


class Drawing(msgspec.Struct, frozen=True):
    """A drawing in px from its upper corner at the start of reading."""

    width: float
    height: float
    plot: tuple[float, float]
    pieces: tuple[Piece, ...]
    signs: frozenset[Sign]
    mirrored: bool = False


class _Sheet:
    """A drawing while it is being set, from top to bottom."""

    def __init__(
        self, page: PersonPage, frame: Frame, reader: Reader, before: PersonPage | None = None
    ) -> None:
        self.page, self.frame, self.reader = page, frame, reader
        self.before = {} if before is None else {(one.kind, one.name): one for one in before.course.lanes}
        self.course: Course = page.course
        self.scale: Scale = scale(
            self.course, frame.gutter + (_MARGIN if frame.narrow else 0), frame.width - _MARGIN
        )
        self.ground: list[Piece] = []
        self.pieces: list[Piece] = []
        self.signs: set[Sign] = set()
        self.y = 0.0
        self.axis = 0.0
        self.years: tuple[float, ...] = ()
        self.head = 0.0
        self.bracket_named = False

    def add(self, drawn: RowDrawing, middle: float) -> None:
        self.pieces += [piece.moved(middle) for piece in drawn.pieces]
        self.signs |= drawn.signs

    def name(self, words: str, y: float, role: Role, *, room: float = 0) -> float:
        """Sets words in the gutter, in lines; gives the y below the last."""
        bold = role == "lane"
        lines = wrapped(words, room or (self.frame.gutter or self.frame.width) - 12, bold=bold)
        for line in lines:
            self.pieces.append(Label(role, 0, y, line, width(line, bold=bold)))
            y += _NAME_LINE
        return y


def draw(
    page: PersonPage, reader: Reader, frame: Frame = WIDE, before: PersonPage | None = None
) -> Drawing | None:
    """The drawing of a page, or None where nothing that was told has a day. ``before``: the page as it was
    before a line that is being written: what that line changes is dotted beside it."""
    if not _dated(page.course):
        return None
    sheet = _Sheet(page, frame, reader, before)
    _head(sheet)
    _lanes(sheet)
    _told(sheet)
    drawing = Drawing(
        frame.width,
        round(sheet.y, 1),
        (sheet.scale.left, sheet.scale.right),
        (*sheet.ground, *sheet.pieces),
        frozenset(sheet.signs),
    )
    return reflected(drawing) if reader.direction == "rtl" else drawing


def reflected(drawing: Drawing) -> Drawing:
    """The drawing for a script read from the right: all x turned, no text."""
    whole = drawing.width
    return Drawing(
        whole,
        drawing.height,
        (whole - drawing.plot[1], whole - drawing.plot[0]),
        tuple(piece.mirrored(whole) for piece in drawing.pieces),
        drawing.signs,
        not drawing.mirrored,
    )


def _dated(course: Course) -> bool:
    spans = [span for lane in course.lanes for row in lane.rows for mark in row.marks for span in mark.ranges]
    spans += [
        span
        for lane in course.lanes
        for row in lane.rows
        for stint in row.stints
        for span in (*stint.start, *stint.end)
    ]
    return any(day is not None for span in spans for day in span)


def _head(sheet: _Sheet) -> None:
    reader, found = sheet.reader, sheet.scale
    label_width = width("Mmm" if found.months else "2017", bold=True) + 6
    years = ticks(found, sheet.course, reader, label_width)
    born = birthdays(found, sheet.course)
    ages = any(tick.age for tick in years) or bool(born)
    y = 10.0
    if ages:
        # Ages keep clear of the words in the gutter.
        last = -1e9
        if sheet.course.birth is not None and not sheet.frame.narrow:
            words = plain(captions.born(reader, sheet.course.birth))
            lines = [
                Label("age", 0, y + index * 15, line, width(line))
                for index, line in enumerate(wrapped(words, sheet.frame.gutter - 8)[:2])
            ]
            sheet.pieces += lines
            last = lines[0].width
        _ages(sheet, [(found.x(t.first), found.x(t.last + 1), t.age) for t in years if t.age], y, last)
        for day, age in born:
            last = _age(sheet, found.x(day), y, str(age), last)
        y += 20
    if found.months:
        for tick in years:
            if tick.over:
                x = found.x(tick.first) + 2
                sheet.pieces.append(Label("year", x, y, tick.over, width(tick.over, bold=True)))
        y += 20
    for tick in years:
        if tick.text:
            middle = (found.x(tick.first) + found.x(tick.last + 1)) / 2
            wide = width(tick.text, bold=True)
            if middle + wide / 2 <= sheet.frame.width:
                sheet.pieces.append(Label("year", middle, y, tick.text, wide, "middle"))
    sheet.axis = y + 13
    sheet.head = y - 9
    sheet.years = (*(found.x(tick.first) for tick in years), found.right)
    sheet.y = sheet.axis + 6


def _ages(sheet: _Sheet, ages: list[tuple[float, float, str]], y: float, last: float) -> None:
    for left, right, words in ages:
        last = _age(sheet, (left + right) / 2, y, words, last)


def _age(sheet: _Sheet, middle: float, y: float, words: str, last: float) -> float:
    """Sets an age where there is room for all of it beside the one that ends at ``last``."""
    half = width(words) / 2
    if middle - half <= max(last + 4, 0) or middle + half > sheet.frame.width:
        return last
    sheet.pieces.append(Label("age", middle, y, words, 2 * half, "middle"))
    return middle + half


def _lanes(sheet: _Sheet) -> None:
    wash_from: float | None = None
    lanes = sheet.course.lanes
    for index, lane in enumerate(lanes):
        if lane.depends and wash_from is None:
            sheet.y += 6
            wash_from = sheet.y
        if lane.depends:
            _branching(sheet, lane)
        else:
            _single(sheet, lane)
        if wash_from is not None and (index + 1 == len(lanes) or not lanes[index + 1].depends):
            left = sheet.frame.gutter
            right = sheet.frame.width if sheet.frame.narrow else sheet.scale.right
            wash = Box("wash", left, wash_from, right - left, sheet.y + 5 - wash_from)
            sheet.ground.insert(0, wash)
            sheet.signs.add("depends")
            sheet.y += 11
            wash_from = None


def _single(sheet: _Sheet, lane: Lane) -> None:
    """A lane without accounts; a second row has what would else cover the first."""
    words = plain(captions.lane(sheet.reader, lane))
    below = sheet.y
    for index, row in enumerate(lane.rows):
        drawn = rows.row(row, sheet.scale, sheet.course.today, sheet.reader, labels=sheet.frame.labels)
        if sheet.frame.narrow:
            if index == 0:
                sheet.y = _old(sheet, lane, sheet.name(words, sheet.y + 9, "lane"))
            middle = sheet.y + 2 - min(drawn.top + 11, 0)
            sheet.add(drawn, middle)
            sheet.y = middle + drawn.bottom + 4
            continue
        middle = sheet.y + (4 if index == 0 else 0) - drawn.top
        if index == 0:
            below = sheet.name(words, middle, "lane")
        sheet.add(drawn, middle)
        sheet.y = middle + drawn.bottom + 4
    if not sheet.frame.narrow:
        sheet.y = max(sheet.y, below - 1)


def _old(sheet: _Sheet, lane: Lane, y: float) -> float:
    """Sets beneath the name of a lane how it stood before a line that is being written, where that changes
    it; gives the y below."""
    before = sheet.before.get((lane.kind, lane.name))
    drawn = rows.outlines(before, lane, sheet.scale, sheet.course.today, sheet.reader) if before else None
    if drawn is None:
        return y
    sheet.add(drawn, y + 2)
    return y + 2 + 20


def _branching(sheet: _Sheet, lane: Lane) -> None:
    """A lane with one row for each account, the first of all with the bracket."""
    reader, narrow = sheet.reader, sheet.frame.narrow
    first = not sheet.bracket_named
    sheet.bracket_named = True
    y = sheet.name(plain(captions.lane(reader, lane)), sheet.y + (12 if narrow else 18), "lane") + 6
    y = _old(sheet, lane, y) if narrow else y
    many = sheet.course.ways > ROWS_AT_MOST
    if first and (narrow or many):
        y = _warning(sheet, y - (4 if narrow else 0), many=many) + 2
    middles = []
    named = 0
    for index, row in enumerate(lane.rows):
        drawn = rows.row(row, sheet.scale, sheet.course.today, reader, labels=sheet.frame.labels)
        words = _row_name(sheet, row.account, full=first) if row.account != named else ""
        again, named = row.account == named, row.account
        middle = y - (drawn.top + 11)
        if narrow:
            if words:
                middle = sheet.name(words, y, "row") + 1
            sheet.add(drawn, middle)
            y = middle + drawn.bottom + 10
            continue
        if not again:
            middles.append(middle)
        below = sheet.name(words, middle, "row", room=sheet.frame.gutter - 50) if words else middle
        sheet.add(drawn, middle)
        y = max(middle + drawn.bottom + (11 if drawn.bottom <= 11 else 15), below + 6)
        if first and index == 0 and not many and len({row.account for row in lane.rows}) > 1:
            y = _bracket_words(sheet, middle, below, y)
    if first and len(middles) > 1:
        _bracket(sheet, middles[0], middles[-1], (middles[0] + middles[1]) / 2)
    sheet.y = y - (14 if narrow else 10)


def _bracket_words(sheet: _Sheet, middle: float, below: float, y: float) -> float:
    """The words of the contradiction, between the first row and the second."""
    words = plain(_apart(sheet))
    lines = wrapped(words, sheet.frame.gutter - 50)
    start = max(middle + 23, below + 4)
    sheet.name(words, start, "contradiction", room=sheet.frame.gutter - 50)
    return max(y, start + _NAME_LINE * (len(lines) - 1) + 23)


def _bracket(sheet: _Sheet, top: float, bottom: float, middle: float) -> None:
    x = sheet.frame.gutter - 35
    arms = (
        ((x + 9, top), (x, top)),
        ((x, top - 1), (x, middle - 11)),
        ((x, middle + 11), (x, bottom + 1)),
        ((x, bottom), (x + 9, bottom)),
    )
    sheet.pieces += [Strokes("bracket", arms), sign(x, middle)]


def _warning(sheet: _Sheet, y: float, *, many: bool) -> float:
    words = plain(_apart(sheet))
    if many:
        ways = sheet.course.ways
        words = plain(
            sheet.reader.ngettext(
                "%(count)s way; see below",
                "%(count)s ways; see below",
                ways,
                count=number(sheet.reader, ways),
            )
        )
    sheet.pieces.append(sign(10, y))
    room = (sheet.frame.gutter or sheet.frame.width) - 30
    lines = wrapped(words, room)
    for line in lines:
        sheet.pieces.append(Label("contradiction", 26, y, line, width(line)))
        y += _NAME_LINE
    return y


def _apart(sheet: _Sheet) -> Markup:
    """Two accounts cannot both be true where they are the sides themselves; else
    only together with what else is told."""
    accounts = sheet.course.accounts
    parties = {party.statement for one in sheet.page.contradictions for party in one.parties}
    named = {number for one in accounts for number in (*one.keeps, *one.sets_aside)}
    if len(accounts) > 2 or not named <= parties:
        return sheet.reader._("cannot all be true")
    return sheet.reader._("cannot both be true")


def _row_name(sheet: _Sheet, account: int, *, full: bool) -> str:
    if not account:
        return ""
    if not full:
        return roman(account)
    keeps = next((one.keeps for one in sheet.course.accounts if one.number == account), ())
    return f"{roman(account)}\u2002{plain(kept(sheet.reader, sheet.page, keeps))}"


def _told(sheet: _Sheet) -> None:
    told = tuple((one.told, plain(captions.telling(sheet.reader, one))) for one in sheet.course.tellings)
    bottom = sheet.y + 4
    drawn = rows.tellings(told, sheet.scale, sheet.course.today, sheet.reader, labels=not sheet.frame.narrow)
    if drawn.signs:
        words = plain(sheet.reader._("Told"))
        # Triangles that would cover each other stand one above the other.
        middle = sheet.y + 6 - drawn.top
        if sheet.frame.narrow:
            sheet.name(words, sheet.y + 12, "lane")
            middle = sheet.y + 19 - drawn.top
        else:
            sheet.name(words, middle, "lane")
        sheet.add(drawn, middle)
        bottom = middle + 11
        sheet.y = max(middle + drawn.bottom, bottom)
    else:
        sheet.y = bottom
    down = tuple(((x, sheet.head), (x, bottom)) for x in sheet.years)
    sheet.ground.append(Strokes("year-line", down))
    left = sheet.frame.gutter if not sheet.frame.narrow else 0.0
    now = sheet.scale.x(sheet.course.today + 1)
    sheet.ground.append(Strokes("axis", (((left, sheet.axis), (sheet.scale.right, sheet.axis)),)))
    sheet.ground.append(Strokes("today", (((now, sheet.axis), (now, bottom)),)))
    sheet.signs.add("today")
    sheet.y += 2
