"""When: where in a line a time stands, as a sheet writes it or in words, and what is said of it."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from estelik.chronology import edtf
from estelik.intake import dates, shifts

if TYPE_CHECKING:
    from estelik.intake.pattern import Pattern
    from estelik.intake.scan import Scan

_EDTF: Final = re.compile(
    r"(?<![\w.,/=-])(?:[\[{][0-9x.][0-9a-z.,/~?%+ -]*[\]}]|[0-9x.][0-9a-z./~?%+-]*)(?=$|[\s;!,])",
    re.IGNORECASE,
)
#: A date that no sentence has: it is taken as it is.
_NOTED: Final = re.compile(r"-|/|\.\.|x|[~%?]$|s[0-9]", re.IGNORECASE)
#: Dates that are one day, or several; and a day in digits, which words cannot make something else.
_DAYS: Final = ("day", "dmy", "mdy", "days", "days to", "dmy or mdy")
_DIGITS: Final = re.compile(
    r"(?<![\w.,/-])(?:\d{1,2}([./-])\d{1,2}\1\d{4}|\d{4}([./-])\d{1,2}\2\d{1,2})(?![\w/-])"
)
#: What makes "the next Friday" one that is counted from what follows, or went before.
_COUNTED: Final = re.compile(
    r"\s*(?:after|before|since|following|после|перед|до|після|кейин|сон|бурын|дейин)(?!\w)"
)
_ENDS: Final = re.compile(r"\s*(?:$|[.,;!。，；])")


def as_written(scan: Scan) -> None:
    """Dates as a sheet has them; days in digits that no calendar has are named."""
    for match in _EDTF.finditer(scan.text):
        start, end = match.span()
        cell = scan.typed(start, end).upper()
        if len(cell) < 4 or not _NOTED.search(cell):
            continue
        try:
            edtf.parse(cell)
        except ValueError:
            continue
        scan.put("date", start, end, [cell])
    for match in _DIGITS.finditer(scan.text):
        parts = [int(part) for part in re.findall(r"\d+", match[0])]
        if not _is_day(parts[::-1] if match[1] else parts) and not (
            match[1] == "/" and _is_day([parts[2], parts[0], parts[1]])
        ):
            scan.no_days.append(match.span())
            scan.done(*match.span())


def in_words(scan: Scan) -> None:
    """Dates in words. One without a year is that of the line before, where that leaves no doubt; else which
    year it was has to be asked."""
    for match, pattern, how in scan.longest(scan.rules.dates, scan.text):
        rest = how.removesuffix(" ?")
        slots = [(slot, match.string[a:b]) for slot, a, b in pattern.slots(match)]
        if rest != how and "feast" not in dict(slots) and not _is_alone(scan, match, rest):
            continue
        if rest == how:
            options = dates.written(scan.rules.grammar, how, slots, scan.context.day)
        else:
            options = dates.without_year(scan.rules.grammar, rest, slots, scan.context.day, scan.context.when)
        if options:
            scan.put("date", *match.span(), options)
            if rest != how:
                scan.from_before = "day" if rest in dates.FROM_A_DAY else "year"
        elif rest != how and rest not in dates.FROM_A_DAY and not _is_none(scan, rest, slots):
            scan.no_years.append(match.span())
            scan.done(*match.span())
        elif rest in _DAYS:
            scan.no_days.append(match.span())
            scan.done(*match.span())


def _is_none(scan: Scan, how: str, slots: list[tuple[str, str]]) -> bool:
    """Whether a day without a year is one that no year has: 30 February."""
    leap = [*slots, ("year", "2020")]
    return how in _DAYS and not dates.written(scan.rules.grammar, how, leap, scan.context.day)


def _is_alone(scan: Scan, match: re.Match[str], how: str) -> bool:
    """Whether words for a time without a year are sure to mean one: many are other words too."""
    start, end = match.span()
    if how == "weekday next":
        return not _COUNTED.match(scan.text, end)
    if how in dates.FROM_A_DAY:
        # "The Friday after" at an end; what follows else is what it was after.
        return bool(_ENDS.match(scan.text, end))
    rules = scan.rules
    return bool(rules.alone.fullmatch(match[0]) or rules.alone_after.search(scan.text[:start]))


def said_of(scan: Scan) -> None:
    """Puts dates together until nothing more is said of them."""
    for _ in range(4):
        before = scan.text
        for match, pattern, how in scan.longest(scan.rules.when, scan.text):
            stretches = [(a, b) for slot, a, b in pattern.slots(match) if slot == "date"]
            if len(stretches) == 1 and stretches[0] == match.span():
                continue
            held = [list(scan.at("date", a)) for a, _ in stretches]  # type: ignore[call-overload]
            options = _shifted(scan, match, pattern, how, held) or _together(how, held)
            if options:
                scan.put("date", *match.span(), options)
                (scan.since.add if how == "since" else scan.since.discard)(match.start())
                (scan.until.add if how == "till" else scan.until.discard)(match.start())
            elif how == "weekday of" and shifts.is_day(held[0][0]):
                scan.no_days.append(match.span())
                scan.done(*match.span())
            elif how in shifts.HOWS:
                scan.not_counted.append(match.span())
                scan.done(*match.span())
        if scan.text == before:
            return


def _shifted(
    scan: Scan, match: re.Match[str], pattern: Pattern, how: str, held: list[list[str]]
) -> list[str]:
    """Dates counted from another by days or weekdays."""
    if how not in shifts.HOWS:
        return []
    own = scan.rules.grammar
    found = {slot: match.string[a:b] for slot, a, b in pattern.slots(match)}
    count = own.number(found["n"]) if "n" in found else 1
    weekday = int(own.key("weekdays", found["weekday"])) if "weekday" in found else 0
    made = [shifts.shifted(how, one, count, weekday) for one in held[0]]
    return [one for one in dict.fromkeys(made) if one]


def _together(how: str, held: list[list[str]]) -> list[str]:
    """The dates as they are said, other readings of one of them after the first."""
    if how in shifts.HOWS:
        return []
    firsts = [one[0] for one in held]
    made = [dates.said(how, firsts)]
    for place, one in enumerate(held):
        made += [dates.said(how, [*firsts[:place], other, *firsts[place + 1 :]]) for other in one[1:]]
    return [one for one in dict.fromkeys(made) if one]


def _is_day(parts: list[int]) -> bool:
    """Whether a year, month and day are one."""
    try:
        date(*parts)
    except ValueError:
        return False
    return True
