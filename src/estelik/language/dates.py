"""Dates in words: never digits only, never raw EDTF."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from estelik.language.numbers import listed
from estelik.language.reader import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from estelik.language.reader import Reader

#: What has a name of its own.
_Whole = Literal["day", "month", "season", "year", "decade"]
#: By its first month a season, and how it is said when something was in it.
_SEASONS = {
    3: (N_("spring"), N_("in spring %(year)s")),
    6: (N_("summer"), N_("in summer %(year)s")),
    9: (N_("autumn"), N_("in autumn %(year)s")),
}


def month(reader: Reader, number: int, *, short: bool = False, alone: bool = True) -> Markup:
    """The name of a month, 1 to 12; not ``alone`` as it is beside a day: сентябрь, 14 сентября."""
    return reader.month(number, short=short, alone=alone)


@lru_cache(1 << 14)
def day(reader: Reader, ordinal: int, *, short: bool = False) -> Markup:
    """A day in full: 14 September 2019."""
    when = date.fromordinal(ordinal)
    name = month(reader, when.month, short=short, alone=False)
    number = _of_month(reader, when)
    return reader._("%(day)s %(month)s %(year)s", day=number, month=name, year=str(when.year))


def period(reader: Reader, first: int, last: int, *, short: bool = False, season: bool = False) -> Markup:
    """A stretch of days as it would be said: a day, a month, a season, a year,
    a decade, or from the one to the other."""
    whole = _whole(reader, first, last, short=short, season=season)
    if whole is not None:
        return whole
    return _pair(reader, first, last, preposition=False, short=short)


def named(reader: Reader, first: int, last: int, *, short: bool = False) -> Markup:
    """A stretch by its own name, without a preposition; "between" where it has none."""
    whole = _whole(reader, first, last, short=short, season=True)
    return whole if whole is not None else between(reader, first, last, short=short)


def is_whole(first: int, last: int) -> bool:
    """Whether a stretch has a name of its own: a day, a month, a season, a year."""
    return _kind(first, last, season=True) is not None


def between(reader: Reader, first: int, last: int, *, short: bool = False, season: bool = False) -> Markup:
    """When something was, with its preposition: "in March 2017", "between ... and ..."."""
    if first == last:
        return reader._("on %(date)s", date=day(reader, first, short=short))
    start, kind = date.fromordinal(first), _kind(first, last, season=season)
    # Each season has its own preposition in some languages, and so has a decade: au printemps, en été.
    if kind == "season":
        return reader._(_SEASONS[start.month][1], year=str(start.year))
    if kind == "decade":
        return reader._("in the %(year)ss", year=str(start.year))
    whole = _whole(reader, first, last, short=short, season=season)
    if whole is not None:
        return reader._("in %(date)s", date=whole)
    return _pair(reader, first, last, preposition=True, short=short)


def sometime(
    reader: Reader, first: int | None, last: int | None, *, short: bool = False, season: bool = False
) -> Markup:
    """As ``between``, where one end or both may be open."""
    if first is not None and last is not None:
        return between(reader, first, last, short=short, season=season)
    if first is not None:
        return reader._("not before %(date)s", date=day(reader, first, short=short))
    if last is not None:
        return reader._("not after %(date)s", date=day(reader, last, short=short))
    return reader._("day not told")


def ranges(reader: Reader, spans: Sequence[tuple[int | None, int | None]], *, short: bool = False) -> Markup:
    """One of several stretches: "in March 2017 or in May 2018"."""
    return listed(reader, [sometime(reader, first, last, short=short) for first, last in spans], choice=True)


def coarse(reader: Reader, spans: Sequence[tuple[int | None, int | None]]) -> Markup:
    """Several stretches by their months: "Nov 2018 to Jan 2019"."""
    words = []
    for first, last in spans:
        if first is None or last is None:
            words.append(sometime(reader, first, last, short=True))
        elif first == last:
            words.append(day(reader, first, short=True))
        else:
            end = date.fromordinal(last)
            end = end.replace(day=monthrange(end.year, end.month)[1])
            start = date.fromordinal(first).replace(day=1)
            words.append(period(reader, start.toordinal(), end.toordinal(), short=True))
    return listed(reader, words, choice=True)


def edtf(reader: Reader, text: str, *, short: bool = False) -> Markup:
    """A date as it was told, with its preposition, its doubt said beside it."""
    from estelik.chronology.edtf import parse

    told = parse(text)
    season = told.first_precision == "season" and told.last_precision == "season"
    if season and len(told.spans) == 2:
        # The only season with two stretches, for it begins at one end of its year and ends at the other.
        winter = date.fromordinal(told.spans[0].first or 1)
        words = reader._("in winter %(year)s", year=str(winter.year))
    else:
        parts = [sometime(reader, one.first, one.last, short=short, season=season) for one in told.spans]
        words = listed(reader, parts, choice=True)
    if told.approximate:
        words = reader._("%(when)s, about", when=words)
    if told.uncertain:
        words = reader._("%(when)s, not certain", when=words)
    return words


def told(reader: Reader, text: str, *, short: bool = False) -> Markup:
    """The day of a telling, without a preposition."""
    from estelik.chronology.edtf import parse

    if not text:
        return reader._("day not told")
    spans = parse(text).spans
    first, last = spans[0].first, spans[-1].last
    if first is None or last is None:
        return sometime(reader, first, last, short=short)
    return period(reader, first, last, short=short)


def _of_month(reader: Reader, when: date) -> str | Markup:
    """The number of a day beside its month: 1er janvier, 2 janvier."""
    return reader.pgettext("the first day of a month", "1") if when.day == 1 else str(when.day)


def _kind(first: int, last: int, *, season: bool) -> _Whole | None:
    """What the stretch is called by one name as, if it has one."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    if first == last:
        return "day"
    if not _is_month_start(start) or not _is_month_end(end):
        return None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 1:
        return "month"
    if season and months == 3 and start.month in _SEASONS:
        return "season"
    if start.month == 1 and months == 12:
        return "year"
    return "decade" if start.month == 1 and start.year % 10 == 0 and months == 120 else None


def _whole(reader: Reader, first: int, last: int, *, short: bool, season: bool) -> Markup | None:
    """The stretch by one name, if it has one."""
    start = date.fromordinal(first)
    match _kind(first, last, season=season):
        case "day":
            return day(reader, first, short=short)
        case "month":
            name = month(reader, start.month, short=short)
            return reader._("%(month)s %(year)s", month=name, year=str(start.year))
        case "season":
            name = reader._(_SEASONS[start.month][0])
            return reader._("%(season)s %(year)s", season=name, year=str(start.year))
        case "year":
            return reader._("%(year)s", year=str(start.year))
        case "decade":
            return reader._("the %(year)ss", year=str(start.year))
        case None:
            return None


def _pair(reader: Reader, first: int, last: int, *, preposition: bool, short: bool) -> Markup:
    """Two ends, each as coarse as it may be; the year once if it is the same."""
    start, end = date.fromordinal(first), date.fromordinal(last)
    months = _is_month_start(start) and _is_month_end(end)
    if months and (start.month, end.month) == (1, 12):
        years = [reader._("%(year)s", year=str(one.year)) for one in (start, end)]
        return _joined(reader, years, preposition=preposition)
    if start.year == end.year:
        if months:
            ends = [
                reader._("%(month)s", month=month(reader, one.month, short=short)) for one in (start, end)
            ]
            return _in_year(reader, ends, str(start.year), preposition=preposition)
        ends = [
            reader._(
                "%(day)s %(month)s",
                day=_of_month(reader, one),
                month=month(reader, one.month, short=short, alone=False),
            )
            for one in (start, end)
        ]
        return _days_in_year(reader, ends, str(start.year), preposition=preposition)
    if months:
        ends = [
            reader._("%(month)s %(year)s", month=month(reader, one.month, short=short), year=str(one.year))
            for one in (start, end)
        ]
        return _joined(reader, ends, preposition=preposition)
    ends = [day(reader, first, short=short), day(reader, last, short=short)]
    return _joined_days(reader, ends, preposition=preposition)


def _joined(reader: Reader, ends: list[Markup], *, preposition: bool) -> Markup:
    if preposition:
        return reader._("between %(first)s and %(last)s", first=ends[0], last=ends[1])
    return reader._("%(first)s to %(last)s", first=ends[0], last=ends[1])


# A day has an article where a month and a year have none: entre mars et mai, entre le 2 mars et le 5 mai.
def _joined_days(reader: Reader, ends: list[Markup], *, preposition: bool) -> Markup:
    if preposition:
        return reader.pgettext("two days", "between %(first)s and %(last)s", first=ends[0], last=ends[1])
    return reader.pgettext("two days", "%(first)s to %(last)s", first=ends[0], last=ends[1])


def _in_year(reader: Reader, ends: list[Markup], year: str, *, preposition: bool) -> Markup:
    if preposition:
        return reader._("between %(first)s and %(last)s %(year)s", first=ends[0], last=ends[1], year=year)
    return reader._("%(first)s to %(last)s %(year)s", first=ends[0], last=ends[1], year=year)


def _days_in_year(reader: Reader, ends: list[Markup], year: str, *, preposition: bool) -> Markup:
    if preposition:
        return reader.pgettext(
            "two days",
            "between %(first)s and %(last)s %(year)s",
            first=ends[0],
            last=ends[1],
            year=year,
        )
    return reader.pgettext(
        "two days", "%(first)s to %(last)s %(year)s", first=ends[0], last=ends[1], year=year
    )


def _is_month_start(when: date) -> bool:
    return when.day == 1


def _is_month_end(when: date) -> bool:
    return when.day == monthrange(when.year, when.month)[1]
