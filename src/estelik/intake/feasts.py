"""Feasts: on which days one that moves was kept in a year, as widely as it is kept.

Those of the Islamic year begin with the new moon as it is seen: the day is reckoned by its calendar's rule
(thirty years of which eleven are longer by a day, from 16 July 622), a day either way is left open, and the
date is about (``~``). The Chinese new year is ICU's (its Chinese calendar, release 78) for 1920 to 2050: what
lies outside is not read. Easter is that of the old calendar, which the Orthodox keep, and in English either.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, NamedTuple

#: The Chinese new year from 1920 on, in days after 20 January.
_NEW_YEARS: Final = (
    "31 19 8 27 16 4 24 13 3 21 10 28 17 6 25 15 4 22 11 30 19 7 26 16 5 24 13 2 21 9 28 17 7 25 15 4 "
    "23 11 29 19 8 26 16 5 24 13 1 20 10 28 17 7 26 14 3 22 11 29 18 8 27 16 5 24 13 31 20 9 28 17 7 "
    "26 15 3 21 11 30 18 8 27 16 4 23 12 2 20 9 29 18 6 25 14 3 21 11 30 19 8 27 16 5 23 12 2 21 9 28 "
    "18 6 24 13 3 22 11 30 19 8 26 15 4 23 12 2 21 10 28 17 6 25 13 3"
)
_FIRST_NEW_YEAR: Final = 1920
#: The day before 1 Muharram of the year 1, as ``date.toordinal`` counts.
_EPOCH: Final = 227_014
#: The years for which the Islamic year's rule is used.
_ISLAMIC_YEARS: Final = range(1900, 2101)


class Feast(NamedTuple):
    """Between which days it was kept. ``begun``: by when it had begun at the latest; ``over``: from when on
    it may have been "after" it; ``seen``: whether its day hangs on the moon being seen."""

    first: date
    last: date
    begun: date
    over: date
    seen: bool = False

    def __str__(self) -> str:
        mark = "~" if self.seen else ""
        return f"{self.first}{mark}/{self.last}{mark}"

    @property
    def before(self) -> str:
        """A time before it, as late as it can have been."""
        return f"../{self.begun - timedelta(1)}{'~' if self.seen else ''}"

    def by_days(self, days: int) -> str:
        """So many days after it, or before it (less than 0), from whenever it can have ended or begun."""
        ends = (self.first, self.begun) if days < 0 else (self.over - timedelta(1), self.last)
        mark = "~" if self.seen else ""
        return "/".join(f"{end + timedelta(days)}{mark}" for end in ends)

    @property
    def after(self) -> str:
        """A time after it, as early as it can have been."""
        return f"{self.over}{'~' if self.seen else ''}/.."


def kept(feast: str, year: int) -> tuple[Feast, ...]:
    """The times at which a feast was kept in a year: two where it came twice (Ramadan 1997), none where that
    is not known. ``feast``: a key of a table's ``feasts``."""
    if feast == "some eid":
        return (*_islamic("eid", year), *_islamic("qurban", year))
    if feast in _ISLAMIC:
        return _islamic(feast, year)
    if feast == "chinese new year":
        return _spring_festival(year)
    easters = {"orthodox easter": (_julian,), "easter": (_julian, _gregorian)}[feast]
    days = [date.fromordinal(one(year)) for one in easters]
    # With the night before it and the Monday.
    return tuple(Feast(day - timedelta(1), day + timedelta(1), day, day) for day in dict.fromkeys(days))


#: Month and first day in the Islamic year, days that it lasts, and whether "after" it is after its last.
_ISLAMIC: Final = {"ramadan": (9, 1, 30, True), "eid": (10, 1, 3, False), "qurban": (12, 10, 4, False)}


def _islamic(feast: str, year: int) -> tuple[Feast, ...]:
    month, day, lasts, whole = _ISLAMIC[feast]
    out = []
    if year not in _ISLAMIC_YEARS:
        return ()
    about = (year - 622) * 33 // 32
    for islamic in range(about - 2, about + 3):
        start = date.fromordinal(_fixed(islamic, month, day))
        if start.year == year:
            one, over = timedelta(1), start + timedelta(lasts - 2 if whole else 0)
            out.append(Feast(start - one, start + timedelta(lasts), start + one, over, seen=True))
    return tuple(out)


def _fixed(year: int, month: int, day: int) -> int:
    """A day of the Islamic calendar, as ``date.toordinal`` counts."""
    return _EPOCH + (year - 1) * 354 + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day


def _spring_festival(year: int) -> tuple[Feast, ...]:
    """From its eve to the feast of lanterns, a fortnight later."""
    days = _NEW_YEARS.split()
    if not 0 <= year - _FIRST_NEW_YEAR < len(days):
        return ()
    day = date(year, 1, 20) + timedelta(int(days[year - _FIRST_NEW_YEAR]))
    return (Feast(day - timedelta(1), day + timedelta(14), day, day),)


def _julian(year: int) -> int:
    """Easter of the old calendar (Meeus, Astronomical Algorithms, chapter 8) as ``date.toordinal`` counts."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    behind = year // 100 - year // 400 - 2
    return date(year, month, day + 1).toordinal() + behind


def _gregorian(year: int) -> int:
    """Easter of the new calendar (the same), as ``date.toordinal`` counts."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    h = (19 * a + b - d - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + rest - 7 * ((a + 11 * h + 22 * rest) // 451) + 114, 31)
    return date(year, month, day + 1).toordinal()
