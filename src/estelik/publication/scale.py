"""Scale: one linear scale of days, its lines, and the ages above them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from estelik.language.dates import month
from estelik.language.direction import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.language.reader import Reader
    from estelik.views.course import Course, Range

_HALF_YEAR = 183
#: What is due later than so many years ahead is not drawn: the past would be squeezed.
_YEARS_AHEAD = 20
#: Below this many days the scale has months.
_MONTHS = 548


class Tick(msgspec.Struct, frozen=True):
    """One year or month: where it begins and ends, and what stands above it.
    ``text`` is "" where there is no room for it; ``over`` is the year above a month."""

    first: int
    last: int
    text: str = ""
    over: str = ""
    age: str = ""


class Scale(msgspec.Struct, frozen=True):
    """Days to px. ``first`` and ``last`` are the first and last day of the plot."""

    left: float
    right: float
    first: int
    last: int
    months: bool = False

    def x(self, day: float) -> float:
        """Where a day begins, kept within the plot."""
        span = self.last + 1 - self.first
        at = self.left + (day - self.first) / span * (self.right - self.left)
        return min(max(at, self.left), self.right)

    def year_width(self) -> float:
        """The width of a year in px."""
        return (self.right - self.left) * 365.25 / (self.last + 1 - self.first)


def scale(course: Course, left: float, right: float) -> Scale:
    """From half a year before the first dated event to the end of the current year,
    or of the year in which something is due."""
    days = [day for span in _spans(course) for day in span if day is not None]
    far = date.fromordinal(course.today).year + _YEARS_AHEAD
    due = [date.fromordinal(day).year for day in _due(course)]
    year = max([date.fromordinal(course.today).year, *(one for one in due if one <= far)])
    last = date(year, 12, 31).toordinal()
    first = min([*days, course.today]) - _HALF_YEAR
    return Scale(left, right, max(first, 1), last, last - first < _MONTHS)


def _due(course: Course) -> Iterator[int]:
    """The last days on which something was expected."""
    for lane in course.lanes:
        for row in lane.rows:
            spans = [span for mark in row.marks if mark.expected for span in mark.ranges]
            spans += [span for stint in row.stints for span in stint.due]
            yield from (last for _, last in spans if last is not None)


def ticks(found: Scale, course: Course, reader: Reader, label_width: float) -> tuple[Tick, ...]:
    """The years or months of the scale, with as many names as there is room for."""
    if found.months:
        return _months(found, reader, label_width)
    end = date.fromordinal(found.last).year
    step = _step(found, label_width)
    ticks = []
    for year in range(date.fromordinal(found.first).year, end + 1):
        first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
        named = (end - year) % step == 0 if step <= 2 else year % step == 0
        middle = (found.x(first) + found.x(last + 1)) / 2
        whole = first >= found.first or middle - label_width / 2 > found.left + 4
        if not named or first < found.first or not whole:
            if first >= found.first and (found.year_width() >= 10 or named):
                ticks.append(Tick(first, last))
            continue
        ticks.append(Tick(first, last, str(year), age=_age(course.birth, first, last, reader)))
    return tuple(ticks)


def _step(found: Scale, label_width: float) -> int:
    years = (found.last - found.first) / 365.25
    for step in (1, 2, 5, 10, 20, 50, 100):
        if found.year_width() * step >= label_width + 6 and not (years > 25 and step == 1):
            return step
    return 100


def _months(found: Scale, reader: Reader, label_width: float) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    when = date.fromordinal(found.first)
    year, number = when.year, when.month
    while (first := date(year, number, 1).toordinal()) <= found.last:
        after = (year, number + 1) if number < 12 else (year + 1, 1)
        last = date(*after, 1).toordinal() - 1
        if first >= found.first:
            room = found.x(last + 1) - found.x(first) >= label_width
            text = plain(month(reader, number, short=True)) if room or number % 3 == 1 else ""
            over = str(year) if not ticks or number == 1 else ""
            ticks.append(Tick(first, last, text, over))
        year, number = after
    return tuple(ticks)


def _age(birth: Range | None, first: int, last: int, reader: Reader) -> str:
    """The completed years that are possible within a year: ``75/76``."""
    if birth is None or birth[0] is None or birth[1] is None or birth[0] == birth[1]:
        return ""
    least, most = completed(birth[1], first), completed(birth[0], last)
    if most < 0:
        return ""
    least = max(least, 0)
    if most - least > 1:
        return plain(reader._("%(first)s to %(last)s", first=str(least), last=str(most)))
    return str(least) if least == most else f"{least}/{most}"


def birthdays(found: Scale, course: Course) -> tuple[tuple[int, int], ...]:
    """Day and age of each birthday within the scale, of somebody whose day of birth is known."""
    birth = course.birth
    if birth is None or birth[0] is None or birth[0] != birth[1]:
        return ()
    born = date.fromordinal(birth[0])
    days = []
    for year in range(date.fromordinal(found.first).year, date.fromordinal(found.last).year + 1):
        leap = (born.month, born.day) == (2, 29) and not (year % 4 == 0 and (year % 100 or year % 400 == 0))
        day = (date(year, 3, 1) if leap else date(year, born.month, born.day)).toordinal()
        if found.first <= day <= found.last and year > born.year:
            days.append((day, year - born.year))
    return tuple(days)


def completed(birth: int, day: int) -> int:
    """Completed years on a day; negative before the birth."""
    born, then = date.fromordinal(birth), date.fromordinal(day)
    return then.year - born.year - ((then.month, then.day) < (born.month, born.day))


def _spans(course: Course) -> list[Range]:
    spans: list[Range] = [telling.told for telling in course.tellings]
    for lane in course.lanes:
        for row in lane.rows:
            for stint in row.stints:
                # What began nobody knows when, the drawing begins in the midst of.
                spans += [*(stint.start if not stint.untold else ()), *stint.end]
            for mark in row.marks:
                spans += mark.ranges
    return spans
