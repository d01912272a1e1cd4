"""Fact: something harmless that tells a person from some others, as precisely as it is released.

A fact has a topic ("occupation", "arrest") and one aspect of it. Those of one
occasion belong together: somebody taken in Ghulja, and in spring 2018, was taken
there and then. Each aspect has a ladder, from as it is released to nothing at
all: a day, a month, a season, a year, a decade; of a birth five years before the
decade; a village, a county, a region, a country; a number, two or more. What
stands higher always holds where the lower one does. A winter lies in two years,
so that a day of it has no season.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.records.vocabulary import BIRTH

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: ``kind``: that it happened at all; ``value``: a word for it; ``number``: how many.
Aspect = Literal["kind", "value", "number", "place", "when"]
Unit = Literal["month", "season", "year", "five years", "decade"]

#: Days that no calendar has: an open end.
EVER: Final = 1 << 40


class Fact(msgspec.Struct, frozen=True):
    """One aspect of one occasion in a life.

    ``person`` is an opaque key. ``value``: of "value" the folded word, of
    "place" the place's key. ``first`` and ``last``: of "when" the days between
    which it was (ordinals, None is unbounded), of "number" the least and the
    most. ``occasion`` tells events of one topic apart; facts of the same one
    belong together. ``release`` names the release or the public list that has
    it out already; "" is the draft, which can still be changed.
    """

    person: str
    topic: str
    aspect: Aspect = "value"
    value: str = ""
    first: int | None = None
    last: int | None = None
    occasion: str = ""
    statements: tuple[str, ...] = ()
    release: str = ""

    @property
    def said(self) -> tuple[str, Aspect, str, int, int]:
        """What it says, whoever it is about and wherever it stands."""
        first = -EVER if self.first is None else self.first
        return self.topic, self.aspect, self.value, first, EVER if self.last is None else self.last


def ladder(fact: Fact, areas: Mapping[str, Sequence[str]]) -> tuple[Fact, ...]:
    """A fact as it is, then ever wider; to leave it out is the step after the last. ``areas``: of each place
    what it lies in, the narrowest first."""
    if fact.aspect == "place":
        wider = [msgspec.structs.replace(fact, value=area) for area in areas.get(fact.value, ())]
    elif fact.aspect == "when":
        wider = [msgspec.structs.replace(fact, first=a, last=b) for a, b in _times(fact)]
    elif fact.aspect == "number" and fact.first is not None and fact.first >= 2:
        wider = [msgspec.structs.replace(fact, first=2, last=None)]
    else:
        wider = []
    return tuple({one.said: one for one in (fact, *wider)}.values())


def coarse(fact: Fact, unit: Unit) -> Fact:
    """A fact of a time, as whole months, seasons, years, five years or decades around it; a winter, which has
    no season here, as its months."""
    first, last = _around(fact.first, fact.last, _UNITS[unit])
    if unit == "season" and not _within((first, last), _around(fact.first, fact.last, _years(1))):
        return coarse(fact, "month")
    return msgspec.structs.replace(fact, first=first, last=last)


def _times(fact: Fact) -> list[tuple[int | None, int | None]]:
    """Stretches of whole months, a season, years and decades around it, each in the next."""
    if fact.first is None and fact.last is None:
        return []
    coarse: tuple[Callable[[date], tuple[date, date]], ...] = (_month, _season, _years(1), _years(10))
    if fact.topic == BIRTH:
        coarse = (_month, _years(1), _years(5), _years(10))
    found: list[tuple[int | None, int | None]] = [(fact.first, fact.last)]
    year = _around(fact.first, fact.last, _years(1))
    for unit in coarse:
        wide = _around(*found[-1], unit)
        if unit is _season and not _within(wide, year):
            continue
        found.append(wide)
    return found[1:]


def _around(
    first: int | None, last: int | None, unit: Callable[[date], tuple[date, date]]
) -> tuple[int | None, int | None]:
    start = None if first is None else unit(_day(first))[0].toordinal()
    return start, None if last is None else unit(_day(last))[1].toordinal()


def _within(one: tuple[int | None, int | None], other: tuple[int | None, int | None]) -> bool:
    starts = other[0] is None or (one[0] is not None and one[0] >= other[0])
    return starts and (other[1] is None or (one[1] is not None and one[1] <= other[1]))


def _day(ordinal: int) -> date:
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def _month(day: date) -> tuple[date, date]:
    return _months(day.year, day.month, 1)


def _season(day: date) -> tuple[date, date]:
    if day.month in (1, 2):
        # Winter began in the year before; there is none before the first.
        return _months(day.year - 1, 12, 3) if day.year > 1 else _months(1, 1, 2)
    return _months(day.year, day.month // 3 * 3, 3)


def _years(count: int) -> Callable[[date], tuple[date, date]]:
    def around(day: date) -> tuple[date, date]:
        first = max(day.year // count * count, 1)
        return date(first, 1, 1), date(min(day.year // count * count + count - 1, 9999), 12, 31)

    return around


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    """From the first day of a month to the last of the ``count``-th."""
    end = year * 12 + month - 1 + count
    if end // 12 > 9999:
        return date(year, month, 1), date.max
    return date(year, month, 1), date.fromordinal(date(end // 12, end % 12 + 1, 1).toordinal() - 1)


_UNITS: Final[dict[Unit, Callable[[date], tuple[date, date]]]] = {
    "month": _month,
    "season": _season,
    "year": _years(1),
    "five years": _years(5),
    "decade": _years(10),
}
