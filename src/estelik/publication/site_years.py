"""Years: the course of a life as a public page draws it, one row a lane, by years.

Each row is an SVG as wide as there is room: what stands in it has its place in hundredths of the width and
its size in px, so that one drawing serves wide, narrow and print. Words stand beside it, not in it: the page
can change its language. Read from the right, the style turns the whole row around, for nothing in it but a
question mark has a direction.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from markupsafe import Markup

from estelik.publication.rows import stacked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.language.reader import Reader
    from estelik.views.course import Course, Mark, Range, Ranges, Row, Stint

Sign = Literal["certain", "possible", "hearsay", "whisker", "day", "goes-on", "end-untold", "telling"]
#: Years that one column stands for, and how many columns there may be.
_STEPS: Final = (1, 2, 5, 10, 20, 50, 100)
_COLUMNS: Final = 12
_HALF_YEAR: Final = 183
#: A bar never becomes a hairline (hundredths of the width), a whisker has room for its caps.
_LEAST, _LEAST_WHISKER = 0.6, 2.0
_BAR: Final = 14
#: Triangles of tellings that are nearer (hundredths: 12 px of the narrowest drawing) stand one above the
#: other, so many px.
_TRIANGLE, _LINE = 4.8, 13


class Scale(msgspec.Struct, frozen=True):
    """Columns of ``step`` years each, the first beginning with the year ``first``."""

    first: int
    step: int
    columns: int

    @property
    def heads(self) -> tuple[int, ...]:
        """The year in which each column begins."""
        return tuple(self.first + self.step * column for column in range(self.columns))

    def at(self, day: float) -> float:
        """Where a day begins, in hundredths of the width, kept within it."""
        when = date.fromordinal(max(int(day), 1))
        start = date(when.year, 1, 1).toordinal()
        length = (366 if _leap(when.year) else 365) or 1
        years = when.year - self.first + (day - start) / length
        return min(max(years / (self.step * self.columns) * 100, 0.0), 100.0)


class Drawn(msgspec.Struct, frozen=True):
    """A row that is drawn: its SVG, and the signs that occur in it."""

    svg: Markup
    signs: frozenset[Sign]


def scale(course: Course) -> Scale | None:
    """The columns of a course: from half a year before its first day to the year in which the page is made;
    None where nothing has a day."""
    days = [day for first, last in _spans(course) for day in (first, last) if day is not None]
    if not days:
        return None
    start = date.fromordinal(max(min(*days, course.today) - _HALF_YEAR, 1)).year
    end = date.fromordinal(course.today).year
    step = next((one for one in _STEPS if end // one - start // one < _COLUMNS), _STEPS[-1])
    first = start // step * step
    return Scale(first, step, (end - first) // step + 1)


def row(one: Row, found: Scale, today: int, reader: Reader) -> Drawn:
    """A row of stints."""
    at = _Row(found, today, reader)
    for stint in one.stints:
        at.stint(stint)
    return at.done()


def mark(one: Mark, found: Scale, today: int, reader: Reader) -> Drawn:
    """An event in a row of its own."""
    at = _Row(found, today, reader)
    at.mark(one.ranges, hearsay=one.hearsay, weighed=one.weighed)
    return at.done()


def tellings(course: Course, found: Scale, reader: Reader) -> Drawn:
    """When it was told: what is given by a year stands in the middle of it."""
    at = _Row(found, course.today, reader)
    places = set()
    for telling in course.tellings:
        first, last = telling.told
        if first is not None or last is not None:
            middle = (
                (first if first is not None else last or 0) + (last if last is not None else first or 0)
            ) / 2
            places.add(round(found.at(middle), 2))
    lines = list(stacked(places, _TRIANGLE))
    most = max((line for _, line in lines), default=0)
    for place, line in lines:
        at.figure(place, "telling", "M-6-5H6L0 5z", 12 + _LINE * (most - line))
        at.signs.add("telling")
    return at.done(24 + _LINE * most)


class _Row:
    """A row while it is drawn; its middle is 12 px below its upper edge."""

    def __init__(self, found: Scale, today: int, reader: Reader) -> None:
        self.x, self.reader = found.at, reader
        self.now = found.at(today + 1)
        self.parts: list[str] = []
        self.signs: set[Sign] = set()

    def done(self, height: int = 24) -> Drawn:
        parts = "".join(dict.fromkeys(self.parts))
        head = f'<svg class="bars" aria-hidden="true" width="100%" height="{height}">'
        return Drawn(Markup(head + parts + "</svg>"), frozenset(self.signs))  # noqa: S704 - numbers and signs of our own

    def stint(self, one: Stint) -> None:
        (es, ls), (ee, le) = _hull(one.start), _hull(one.end)
        left = 0.0 if es is None else self.x(es)
        goes_on = one.goes_on if le is None else None
        right = (
            self.x(goes_on + 1) if goes_on is not None else self.now if le is None or le < 0 else self.x(le)
        )
        if right - left < _LEAST:
            right = min(left + _LEAST, 100)
            left = right - _LEAST
        certain = right if ls is None else min(max(self.x(ls), left), right)
        over = ee if one.end else one.sure
        until = left if over is None else min(max(self.x(over), left), right)
        if goes_on is not None or one.final:
            until = right
        if certain >= until or one.weighed:
            certain = until = right
        if one.hearsay:
            self.parts.append(_rect("outline", left, right, 5.75, _BAR - 1.5))
            self.signs.add("hearsay")
        else:
            for start, end in ((left, certain), (until, right)):
                if end - start > 0.05:
                    self.parts.append(
                        f'<svg x="{_n(start)}%" y="5" width="{_n(end - start)}%" height="{_BAR}">'
                        '<use href="#hatch"/></svg>'
                    )
                    self.signs.add("possible")
            if certain < until:
                self.parts.append(_rect("solid", certain, until, 5, _BAR))
                self.signs.add("certain")
            if es is not None and left > 0:
                self.parts.append(_line("close", left, left, 5, 5 + _BAR))
            if goes_on is None and le is not None and right < 100:
                self.parts.append(_line("close", right, right, 5, 5 + _BAR))
        if goes_on is not None:
            self.figure(right, "solid", "M-.5-7L0-7 12 0 0 7-.5 7z")
            self.signs.add("goes-on")
        elif le is None and not one.final:
            self.untold(right, 10)
        if es is None or (one.untold and left <= 0):
            self.untold(left, -8)

    def mark(self, spans: Ranges, *, hearsay: bool, weighed: bool) -> None:
        for first, last in spans:
            if first is None and last is None:
                continue
            if first is not None and first == last and not weighed:
                kind = "outline" if hearsay else "solid"
                self.figure(self.x(first + 0.5), kind, "M0-6L6 0 0 6-6 0z")
                self.signs.add("hearsay" if hearsay else "day")
                continue
            left = 0.0 if first is None else self.x(first)
            right = self.now if last is None else self.x(last + 1)
            if right - left < _LEAST_WHISKER:
                centre = min(max((left + right) / 2, _LEAST_WHISKER / 2), 100 - _LEAST_WHISKER / 2)
                left, right = centre - _LEAST_WHISKER / 2, centre + _LEAST_WHISKER / 2
            self.parts.append(_line("dashed" if hearsay else "whisker", left, right, 12, 12))
            for side, known in ((left, first), (right, last)):
                if known is not None and 0 <= side <= 100:
                    self.parts.append(_line("whisker", side, side, 7, 17))
                else:
                    self.untold(side, 10 if side == right else -8)
            self.signs.add("hearsay" if hearsay else "whisker")

    def figure(self, x: float, kind: str, path: str, y: int = 12) -> None:
        self.parts.append(f'<svg class="at" x="{_n(x)}%" y="{y}"><path class="{kind}" d="{path}"/></svg>')

    def untold(self, x: float, px: int) -> None:
        words = self.reader.pgettext("an end or beginning that nobody told", "?")
        sign = str(words).replace("<span", "<tspan").replace("</span", "</tspan")
        self.parts.append(
            f'<svg class="at" x="{_n(x)}%" y="12"><text class="untold" x="{px}" y="4.6" text-anchor="middle">'
            f"{sign}</text></svg>"
        )
        self.signs.add("end-untold")


def hatch() -> Markup:
    """What ``#hatch`` refers to: strokes as long as any bar, cut off by the bar itself; once on each page."""
    strokes = "".join("l14-14m-8 14" for _ in range(200))
    return Markup(  # noqa: S704 - strokes of our own
        '<svg class="defs" aria-hidden="true" width="0" height="0"><defs><g id="hatch">'
        f'<path class="hatch" d="M-14 14{strokes}"/>'
        '<path class="hatch" d="M0 .7H1200M0 13.3H1200"/></g></defs></svg>'
    )


def swatch(one: Sign, reader: Reader) -> Markup:
    """A sign of the key."""
    at = _Row(Scale(1, 1, 1), 1, reader)
    if one == "certain":
        at.parts.append(_rect("solid", 0, 100, 5, _BAR))
    elif one == "possible":
        at.parts.append('<svg x="0" y="5" width="100%" height="14"><use href="#hatch"/></svg>')
        at.parts += [_line("close", side, side, 5, 19) for side in (2.5, 97.5)]
    elif one == "hearsay":
        at.parts.append(_rect("outline", 2, 98, 5.75, _BAR - 1.5))
    elif one == "whisker":
        at.parts += [
            _line("whisker", 2, 98, 12, 12),
            _line("whisker", 2, 2, 7, 17),
            _line("whisker", 98, 98, 7, 17),
        ]
    elif one == "day":
        at.figure(50, "solid", "M0-6L6 0 0 6-6 0z")
    elif one == "goes-on":
        at.parts.append(_rect("solid", 0, 68, 5, _BAR))
        at.figure(68, "solid", "M-.5-7L0-7 12 0 0 7-.5 7z")
    elif one == "telling":
        at.figure(50, "telling", "M-6-5H6L0 5z")
    else:
        at.parts.append('<svg x="0" y="5" width="60%" height="14"><use href="#hatch"/></svg>')
        at.untold(82, 0)
    wide = 16 if one in ("day", "telling") else 40
    body = "".join(at.parts)
    return Markup(f'<svg class="bars swatch" aria-hidden="true" width="{wide}" height="24">{body}</svg>')  # noqa: S704 - as above


def _spans(course: Course) -> Iterator[Range]:
    yield from (telling.told for telling in course.tellings)
    for lane in course.lanes:
        for one in lane.rows:
            for stint in one.stints:
                if not stint.untold:
                    yield from stint.start
                yield from stint.end
            for each in one.marks:
                yield from each.ranges


def _rect(kind: str, left: float, right: float, y: float, height: float) -> str:
    size = f'width="{_n(right - left)}%" height="{_n(height)}"'
    return f'<rect class="{kind}" x="{_n(left)}%" y="{_n(y)}" {size}/>'


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{_n(x1)}%" x2="{_n(x2)}%" y1="{_n(y1)}" y2="{_n(y2)}"/>'


def _hull(spans: Ranges) -> Range:
    return (spans[0][0], spans[-1][1]) if spans else (None, None)


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"
