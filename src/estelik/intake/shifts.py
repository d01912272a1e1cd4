"""Shifts: a day that is said by another, by how many days lie between or which day of the week it was.

Days are exact; a week is meant as a week, half a week either side. Only days are counted from: "two days
before 2018" is no day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

HOWS: Final = frozenset(
    {
        *("days before", "days after", "weeks before", "weeks after"),
        *("weekday before", "weekday after", "weekday of"),
    }
)
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)([~?%]?)")
_MONTH: Final = re.compile(r"(\d{4})-(0\d|1[0-2])")
_HALF: Final = 3
#: More is no way to say a day.
_MOST: Final = 366


def is_day(text: str) -> bool:
    """Whether a date is one day."""
    return bool(_DAY.fullmatch(text))


def shifted(how: str, text: str, count: int, weekday: int) -> str:
    """A date counted from another, as EDTF; "" where nothing comes of it. ``count``: days or weeks;
    ``weekday``: from 1, Monday."""
    if how == "weekday of":
        return _weekday_of(text, weekday)
    parts = text.split("/")
    first, last = _DAY.fullmatch(parts[0]), _DAY.fullmatch(parts[-1])
    if first is None or last is None or not 0 < count <= _MOST:
        return ""
    try:
        days = [date.fromisoformat(one[1]) for one in (first, last)]
    except ValueError:
        return ""
    unit, _, side = how.partition(" ")
    sign = 1 if side == "after" else -1
    if unit == "weekday":
        return _beside(days[0], weekday, sign) + first[2] if len(parts) == 1 else ""
    if unit == "weeks":
        days = [days[0] - timedelta(_HALF), days[1] + timedelta(_HALF)]
    by = timedelta(count * (7 if unit == "weeks" else 1) * sign)
    made = [f"{day + by}{end[2]}" for day, end in zip(days, (first, last), strict=True)]
    return made[0] if made[0] == made[1] else "/".join(made)


def _beside(day: date, weekday: int, sign: int) -> str:
    """The next such day of the week after a day, or the last before it."""
    by = (weekday - day.isoweekday()) * sign % 7 or 7
    return (day + timedelta(by * sign)).isoformat()


def _weekday_of(text: str, weekday: int) -> str:
    """A day, where it was that day of the week; of a month, each such day."""
    day = _DAY.fullmatch(text)
    if day:
        try:
            return text if date.fromisoformat(day[1]).isoweekday() == weekday else ""
        except ValueError:
            return ""
    month = _MONTH.fullmatch(text)
    if not month:
        return ""
    year, number = int(month[1]), int(month[2])
    days = (date(year, number, one) for one in range(1, monthrange(year, number)[1] + 1))
    return f"[{','.join(str(one) for one in days if one.isoweekday() == weekday)}]"
