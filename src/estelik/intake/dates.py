"""Dates: words for a time into EDTF, never narrower than they are.

"Early", "in the middle" and "late" are read as halves that overlap, since nobody means a day by them: of a
month the 1st to the 15th, the 6th to the 25th, the 16th to its last; of a year January to June, April to
September, July to December; of ten years the first six, the middle five and the last five and one more. Of a
season they change nothing. "Before" and "after" a time leave that time out.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from estelik.chronology import edtf
from estelik.intake import shifts
from estelik.intake.feasts import kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.intake.table import Grammar

Slots = list[tuple[str, str]]

#: First and last month, day and year of the early, middle and late part.
_PARTS: Final = {"early": (1, 6), "mid": (4, 9), "late": (7, 12)}
_DAYS: Final = {"early": (1, 15), "mid": (6, 25), "late": (16, 31)}
_YEARS: Final = {"early": (0, 5), "mid": (3, 7), "late": (4, 9)}
#: Feasts that do not move, as widely as they are kept: Nauryz from the 14th of March (in the west of
#: Kazakhstan) to the 25th; before and after it as late and as early as that allows.
_FEASTS: Final = {
    "new year": "{0:04}-12/{1:04}-01",
    "before new year": "../{0:04}-12",
    "after new year": "{1:04}-01/..",
    "nauryz": "{1:04}-03-14/{1:04}-03-25",
    "before nauryz": "../{1:04}-03-25",
    "after nauryz": "{1:04}-03-14/..",
}
#: No feast is further from what was counted from it.
_MOST_DAYS: Final = 60
#: What is counted from the day of the line before, not from its year.
FROM_A_DAY: Final = ("weekday after", "weekday before", "weekday next")
_WINTER_ENDS: Final = 2
#: First and last month of a season; winter is told apart.
_SEASON: Final = {21: (3, 5), 22: (6, 8), 23: (9, 11)}


def written(grammar: Grammar, how: str, slots: Slots, day: str) -> list[str]:
    """What a date of the table says, as EDTF; more than one where it can be read in several ways, none
    where there is no such day. ``day``: the day of telling (EDTF)."""
    values = [(slot, _value(grammar, slot, text)) for slot, text in slots if slot not in ("feast", "n")]
    if how in _RELATIVE:
        found = _RELATIVE[how](day)
        return [found] if found else []
    unit, _, year = how.partition(" ")
    if how == "last season":
        return _seasons_gone(values[0][1], day)
    feast = next((grammar.key("feasts", text) for slot, text in slots if slot == "feast"), "")
    if feast and year in _RELATIVE:
        told = _RELATIVE[year](day)
        return _of_feast(feast, unit, int(told), 1) if told else []
    if year in _RELATIVE:
        told = _RELATIVE[year](day)
        return [_made(unit, [*values, ("year", int(told))])] if told else []
    if feast:
        count = next((grammar.number(text) for slot, text in slots if slot == "n"), 1)
        if not 0 < count <= _MOST_DAYS:
            return []
        return _of_feast(feast, how, next(value for slot, value in values if slot == "year"), count)
    if how.startswith("short "):
        years = _centuries(next(value for slot, value in values if slot in ("yy", "yearth")), day)
        every = (_made(year, [*values, ("year", one)]) for one in years)
        return [one for one in every if one and _is_edtf(one)]
    out = []
    for one in how.split(" or ") if how == "dmy or mdy" else [how]:
        made = _made(one, values)
        if made and _is_edtf(made):
            out.append(made)
    return list(dict.fromkeys(out))


def without_year(grammar: Grammar, how: str, slots: Slots, day: str, before: str) -> list[str]:
    """What a date without a year says, as EDTF: in the year that the line before named (``before``, EDTF), or
    in the one after; none where that was not within one year, or this would lie before it. A day of the week
    is counted from the day that it named."""
    if how in FROM_A_DAY:
        weekday = int(grammar.key("weekdays", next(text for slot, text in slots if slot == "weekday")))
        made = shifts.shifted(how.replace("next", "after"), before, 1, weekday)
        return [made] if made else []
    try:
        spans = edtf.parse(before).spans
    except ValueError:
        return []
    first, last = spans[0].first, spans[-1].last
    if first is None or last is None:
        return []
    year = date.fromordinal(first).year
    if year != date.fromordinal(last).year:
        return []
    out = []
    for one in (year, year + 1):
        found = written(grammar, how, [*slots, ("year", str(one))], day)
        if one == year and not any(_reaches(each, first) for each in found):
            return []
        out += found
    return list(dict.fromkeys(out))


def _reaches(text: str, day: int) -> bool:
    """Whether a date can be that day or later."""
    last = edtf.parse(text).spans[-1].last
    return last is None or last >= day


def _of_feast(feast: str, how: str, year: int, count: int) -> list[str]:
    """A feast of a year, a time before or after it, or so many days."""
    kind, _, rest = how.partition(" ")
    out = []
    for one in kept(feast, year):
        if how == "feast":
            out.append(str(one))
        elif kind in ("before", "after"):
            out.append(one.before if kind == "before" else one.after)
        else:
            out.append(one.by_days(count if rest.startswith("after") else -count))
    return list(dict.fromkeys(out))


def _value(grammar: Grammar, slot: str, text: str) -> int:
    if slot in ("month", "season"):
        return int(grammar.key(slot + "s", text))
    if slot == "tens":
        return grammar.tens[text]
    if text in grammar.ordinals:
        return grammar.ordinals[text]
    digits = re.match(r"\d+", text)
    return int(digits[0]) if digits else 0


def _made(how: str, values: list[tuple[str, int]]) -> str:
    of: dict[str, list[int]] = {}
    for slot, value in values:
        of.setdefault("month" if slot == "mm" else slot, []).append(value)
    year = of.get("year", [0])[-1]
    months, days, seasons = of.get("month", []), of.get("day", []), of.get("season", [])
    if how in ("day", "dmy"):
        return f"{year:04}-{months[0]:02}-{days[0]:02}"
    if how == "mdy":
        return f"{year:04}-{days[0]:02}-{months[0]:02}" if days[0] <= 12 else ""
    if how == "days":
        return f"{year:04}-{months[0]:02}-{days[0]:02}/{year:04}-{months[0]:02}-{days[1]:02}"
    if how == "days to":
        ends = [f"{year:04}-{month:02}-{one:02}" for month, one in zip(months, days, strict=True)]
        return "/".join(ends)
    if how == "month":
        return f"{year:04}-{months[0]:02}"
    if how == "months or":
        return f"[{year:04}-{months[0]:02},{year:04}-{months[1]:02}]"
    if how == "months to":
        return f"{year:04}-{months[0]:02}/{year:04}-{months[1]:02}"
    if how == "season":
        return f"{year:04}-{seasons[0]}"
    if how == "seasons or":
        return f"[{year:04}-{seasons[0]},{year:04}-{seasons[1]}]"
    if how in _FEASTS:
        return _FEASTS[how].format(year - 1, year)
    if how == "year":
        return f"{year:04}"
    if how == "winter":
        first, second = of["year"][0], of["year"][-1] if "yy" not in of else of["yy"][0]
        return f"{first:04}-12/{first + 1:04}-02" if (second - first - 1) % 100 == 0 else ""
    if how.startswith("decade"):
        return f"{_decade(of) // 10:03}X"
    part, _, unit = how.partition(" ")
    if unit == "decade":
        first, last = _YEARS[part]
        start = of["decade"][0] if "decade" in of else _decade(of)
        return f"{start + first:04}/{start + last:04}"
    if unit == "year":
        first, last = _PARTS[part]
        return f"{year:04}-{first:02}/{year:04}-{last:02}"
    first, last = _DAYS[part]
    last = min(last, monthrange(year, months[0])[1])
    return f"{year:04}-{months[0]:02}-{first:02}/{year:04}-{months[0]:02}-{last:02}"


def _decade(of: dict[str, list[int]]) -> int:
    if "decade" in of:
        return of["decade"][0]
    # A decade by its tens alone is the last that those told of now can mean.
    two = of.get("two", of.get("tens", [0]))[0]
    return (1900 if two > 20 else 2000) + two


def _centuries(two: int, day: str) -> list[int]:
    """The years that two digits can be of a life that is told of: those of this century first."""
    now = re.match(r"20(\d\d)", day)
    return [1900 + two] if now and two > int(now[1]) else [2000 + two, 1900 + two]


def _seasons_gone(season: int, day: str) -> list[str]:
    """Last spring: the last that is over, or the one before it."""
    now = re.match(r"(\d{4})-(\d\d)", day)
    if not now:
        return []
    year = int(now[1]) - (season in _SEASON and _SEASON[season][1] >= int(now[2]))
    if season not in _SEASON:
        year -= 1 + (int(now[2]) <= _WINTER_ENDS)
    return [f"{one:04}-{season}" for one in (year, year - 1)]


def _told_day(day: str) -> date | None:
    """The day of telling, where it is one day."""
    try:
        span = edtf.parse(day).spans[0]
    except ValueError:
        return None
    return date.fromordinal(span.first) if span.first is not None and span.first == span.last else None


def _years_ago(day: str, count: int) -> str:
    match = re.match(r"\d{4}", day)
    return f"{int(match[0]) - count:04}" if match else ""


def _days_ago(day: str, count: int) -> str:
    told = _told_day(day)
    return (told - timedelta(count)).isoformat() if told else ""


def _months_ago(day: str, count: int) -> str:
    match = re.match(r"(\d{4})-(\d\d)", day)
    if not match:
        return ""
    month = int(match[1]) * 12 + int(match[2]) - 1 - count
    return f"{month // 12:04}-{month % 12 + 1:02}"


_RELATIVE: Final[dict[str, Callable[[str], str]]] = {
    "last year": lambda day: _years_ago(day, 1),
    "this year": lambda day: _years_ago(day, 0),
    "year before last": lambda day: _years_ago(day, 2),
    "last month": lambda day: _months_ago(day, 1),
    "this month": lambda day: _months_ago(day, 0),
    "yesterday": lambda day: _days_ago(day, 1),
    "today": lambda day: _days_ago(day, 0),
}


def said(how: str, members: list[str]) -> str:
    """What is said of dates, as EDTF; "" where nothing comes of it."""
    made = _SAID[how](members)
    return made if made not in ("", "../..", "../", "/..") and _is_edtf(made) else ""


def _marked(text: str, sign: str) -> str:
    """The date with its doubt, at each of its ends."""
    if text.startswith("["):
        return "[" + ",".join(_marked(one, sign) for one in text[1:-1].split(",")) + "]"
    for middle in ("/", ".."):
        if middle in text:
            first, last = text.split(middle, 1)
            return f"{_marked(first, sign)}{middle}{_marked(last, sign)}"
    if not text or text == ".." or text[-1] == sign or text[-1] == "%":
        return text
    return text[:-1] + "%" if text[-1] in "?~" else text + sign


def _start(text: str) -> str:
    """The first end of a date, written so that an interval can begin with it."""
    first = text.strip("[]").split(",")[0].split("/")[0].split("..")[0]
    if re.fullmatch(r"\d{3}X", first):
        return first[:3] + "0"
    if re.fullmatch(r"\d{4}-2[1-4]", first):
        season = int(first[5:])
        return f"{first[:4]}-{_SEASON[season][0]:02}" if season in _SEASON else f"{first[:4]}-01"
    return first


def _end(text: str) -> str:
    """The last end of a date, written so that an interval can end with it."""
    last = re.split(r"/|\.\.", text.strip("[]").split(",")[-1])[-1]
    if re.fullmatch(r"\d{3}X", last):
        return last[:3] + "9"
    if re.fullmatch(r"\d{4}-2[1-4]", last):
        season = int(last[5:])
        return f"{last[:4]}-{_SEASON[season][1]:02}" if season in _SEASON else f"{int(last[:4]) + 1}-02"
    return last


def _next(text: str, step: int) -> str:
    """The year, month or day beside one; its doubt stays."""
    sign = text[-1] if text[-1:] in ("?", "~", "%") else ""
    parts = [int(part) for part in text.removesuffix(sign).split("-")]
    if len(parts) == 1:
        return f"{parts[0] + step:04}{sign}"
    if len(parts) == 2:
        month = parts[0] * 12 + parts[1] - 1 + step
        return f"{month // 12:04}-{month % 12 + 1:02}{sign}"
    return (date(*parts) + timedelta(step)).isoformat() + sign


def _beside(text: str, step: int) -> str:
    try:
        return _next(text, step)
    except ValueError:
        return ""


def _before(text: str) -> str:
    end = _beside(_start(text), -1)
    return f"../{end}" if end else ""


def _after(text: str) -> str:
    start = _beside(_end(text), 1)
    return f"{start}/.." if start else ""


def _or(members: list[str]) -> str:
    flat = [part for one in members for part in one.strip("[]").split(",")]
    return "[" + ",".join(part.replace("/", "..") for part in flat) + "]"


_SAID: Final[dict[str, Callable[[list[str]], str]]] = {
    "at": lambda dates: dates[0],
    "about": lambda dates: _marked(dates[0], "~"),
    "perhaps": lambda dates: _marked(dates[0], "?"),
    "before": lambda dates: _before(dates[0]),
    "after": lambda dates: _after(dates[0]),
    "since": lambda dates: f"{_start(dates[0])}/..",
    "not before": lambda dates: f"{_start(dates[0])}/..",
    "until": lambda dates: f"../{_end(dates[0])}",
    "till": lambda dates: f"../{_end(dates[0])}",
    "between": lambda dates: f"{_start(dates[0])}/{_end(dates[1])}",
    "or": _or,
    "but": lambda dates: dates[1],
}


def _is_edtf(text: str) -> bool:
    try:
        spans = edtf.parse(text).spans
    except ValueError:
        return False
    return all(one.first is None or one.last is None or one.first <= one.last for one in spans)
