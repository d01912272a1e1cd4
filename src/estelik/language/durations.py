"""Durations in words, from the cells of a sheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from estelik.language.direction import run
from estelik.language.numbers import listed, number

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader

_LENGTH = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")


def duration(reader: Reader, cell: str) -> Markup:
    """A duration cell in words: "one year and nine months", "five or eight years"."""
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        members = [part.strip() for part in text[1:-1].split(",")]
        return listed(reader, _series(reader, members), choice=True)
    if "/" in text:
        parts = [part.strip() for part in text.split("/", 1)]
        if not any(letter in "123456789" for letter in parts[0]):
            return reader._("at most %(length)s", length=_length(reader, parts[1]))
        first, last = _series(reader, parts)
        return reader._("%(first)s to %(last)s", first=first, last=last)
    if text.startswith(">="):
        return reader._("at least %(length)s", length=_length(reader, text[2:]))
    if text.startswith("<="):
        return reader._("at most %(length)s", length=_length(reader, text[2:]))
    if text.startswith(">"):
        length = _length(reader, text[1:])
        # Before "one" some languages leave out a vowel: plus d’un an, plus de deux ans.
        if _begins_with_one(text[1:]):
            return reader.pgettext("a length that begins with one", "more than %(length)s", length=length)
        return reader._("more than %(length)s", length=length)
    if text.startswith("<"):
        length = _length(reader, text[1:])
        if _begins_with_one(text[1:]):
            return reader.pgettext("a length that begins with one", "less than %(length)s", length=length)
        return reader._("less than %(length)s", length=length)
    if text.startswith("~"):
        return reader._("about %(length)s", length=_length(reader, text[1:]))
    return _length(reader, text)


def around(cell: str) -> str:
    """The length of a cell that says "around the same time", or ""."""
    for sign in ("±", "+-"):
        if cell.startswith(sign):
            return cell[len(sign) :].strip()
    return ""


def _series(reader: Reader, members: list[str]) -> list[Markup]:
    """Lengths of one unit share it: "five or eight years"."""
    found = [_LENGTH.fullmatch(member) for member in members]
    units = {tuple(bool(part) for part in match.groups()) for match in found if match}
    if all(found) and len(units) == 1 and sum(next(iter(units))) == 1:
        counts = [next(part for part in match.groups() if part) for match in found if match]
        weeks = members[-1].endswith("W")
        heads = [number(reader, int(count), feminine=weeks) for count in counts[:-1]]
        return [*heads, _length(reader, members[-1])]
    return [duration(reader, member) for member in members]


def _length(reader: Reader, text: str) -> Markup:
    match = _LENGTH.fullmatch(text.strip())
    if match is None or not any(match.groups()):
        return run(text)
    years, months, weeks, days = (int(part) if part else 0 for part in match.groups())
    parts = []
    if years:
        parts.append(reader.ngettext("%(count)s year", "%(count)s years", years, count=number(reader, years)))
    if months:
        parts.append(
            reader.ngettext("%(count)s month", "%(count)s months", months, count=number(reader, months))
        )
    if weeks:
        counted = number(reader, weeks, feminine=True)
        parts.append(reader.ngettext("%(count)s week", "%(count)s weeks", weeks, count=counted))
    if days or not parts:
        parts.append(days_long(reader, days))
    return listed(reader, parts, length=True)


def _begins_with_one(text: str) -> bool:
    match = _LENGTH.fullmatch(text.strip())
    return match is not None and next((int(part) for part in match.groups() if part and int(part)), 0) == 1


def days_long(reader: Reader, days: int) -> Markup:
    """A number of days."""
    return reader.ngettext("%(count)s day", "%(count)s days", days, count=number(reader, days))
