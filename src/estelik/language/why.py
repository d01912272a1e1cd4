"""Why: how a date is known, and the sum that leads to it, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from estelik.language import dates
from estelik.language.direction import run, trusted
from estelik.language.durations import around, duration
from estelik.language.events import label, referred
from estelik.language.numbers import digits, listed, number, roman
from estelik.language.statements import circumstance, says

if TYPE_CHECKING:
    from estelik.language.reader import Reader
    from estelik.language.summary import Cite
    from estelik.views.person import Bounds, Ledger, LedgerLine, PersonPage, Reason


def reasons(reader: Reader, bounds: Bounds, cite: Cite) -> Markup:
    """How it is known, with the numbers: "the age 2; counted from the release 3"."""
    parts = [_reason(reader, reason, cite) for reason in bounds.reasons]
    words = parts[0] if parts else Markup("")
    for part in parts[1:]:
        words = reader._("%(first)s; %(second)s", first=words, second=part)
    return words


def title(reader: Reader, ledger: Ledger) -> Markup:
    """The heading over a sum."""
    event, day = label(reader, ledger.event), dates.day(reader, ledger.day)
    if ledger.side == "earliest":
        words = reader._("%(event)s: why not before %(date)s", event=event, date=day)
    else:
        words = reader._("%(event)s: why not after %(date)s", event=event, date=day)
    return words


def account(reader: Reader, ledger: Ledger) -> Markup:
    """Under which account the sum is made, or nothing."""
    if not ledger.account:
        return Markup("")
    return reader._("in account %(account)s", account=roman(ledger.account))


def sign(line: LedgerLine) -> str:
    """The sign before a line of a sum."""
    if line.step in ("plus", "minus") and not line.days:
        return ""
    return {"start": "", "plus": "+", "minus": "\u2212", "total": "="}[line.step]


def amount(reader: Reader, line: LedgerLine) -> Markup:
    """The day or the number of days of a line."""
    if line.step in ("start", "total"):
        return dates.day(reader, line.day)
    if not line.days:
        return trusted("")
    return reader.ngettext("%(count)s day", "%(count)s days", line.days, count=digits(reader, line.days))


def ground(reader: Reader, page: PersonPage, ledger: Ledger, line: LedgerLine, cite: Cite) -> Markup:
    """What a line of a sum rests on, with its number."""
    first = ledger.side == "earliest"
    if line.step == "total":
        event = label(reader, line.event, whose=line.whose)
        if first:
            return reader._("%(event)s: not before this day", event=event)
        return reader._("%(event)s: not after this day", event=event)
    if not line.statement:
        return _axiom(reader, line, first=first)
    statement = page.line(line.statement).statement
    numbers = cite((line.statement,))
    whose = page.whose(statement)
    if line.step == "start":
        what = says(reader, statement, whose)
        if line.cell == "told":
            return reader._("the day on which this was told: %(what)s%(numbers)s", what=what, numbers=numbers)
        if first:
            return reader._("the first day that this allows: %(what)s%(numbers)s", what=what, numbers=numbers)
        return reader._("the last day that this allows: %(what)s%(numbers)s", what=what, numbers=numbers)
    if line.cell == "age":
        years = run(statement.age)
        if line.step == "plus" and first:
            return reader._(
                "%(years)s completed years, less a day for leap years%(numbers)s",
                years=years,
                numbers=numbers,
            )
        return reader._(
            "%(years)s completed years and the year that follows%(numbers)s", years=years, numbers=numbers
        )
    if line.cell == "gap" and statement.gap and line.days:
        length = duration(reader, around(statement.gap) or statement.gap)
        # Forward in time the least length counts for "not before", the greatest for "not after".
        if (line.step == "plus") == first:
            return reader._("%(length)s, at the least%(numbers)s", length=length, numbers=numbers)
        return reader._("%(length)s, at the most%(numbers)s", length=length, numbers=numbers)
    when = circumstance(reader, statement)
    if when and line.cell in ("order", "gap"):
        own = label(reader, statement.event, whose=whose)
        return reader._("%(event)s %(when)s%(numbers)s", event=own, when=when, numbers=numbers)
    return reader._("%(what)s%(numbers)s", what=says(reader, statement, whose), numbers=numbers)


def _axiom(reader: Reader, line: LedgerLine, *, first: bool) -> Markup:
    if line.cell == "told" and line.step == "start":
        if first:
            return reader._("the first day on which it can have been told")
        return reader._("the last day on which it can have been told")
    if line.cell == "told":
        return reader._("nothing is told before it happens")
    if first:
        return reader._("no event of a life comes before the birth")
    return reader._("no event of a life comes after the death")


def _reason(reader: Reader, reason: Reason, cite: Cite) -> Markup:
    numbers = cite(reason.statements)
    if reason.ground == "date":
        source = run(reason.source) if reason.source else reader._("a telling")
        return reader._("%(source)s%(numbers)s", source=source, numbers=numbers)
    if reason.ground == "age":
        return reader._("the age%(numbers)s", numbers=numbers)
    if reason.ground == "also":
        return reader._("worked out with%(numbers)s", numbers=numbers)
    event = referred(reader, reason.event) if reason.event != "told" else reader._("the telling")
    if reason.ground == "counted":
        return reader._("counted from %(event)s%(numbers)s", event=event, numbers=numbers)
    if reason.ground == "after":
        return reader._("after %(event)s%(numbers)s", event=event, numbers=numbers)
    return reader._("before %(event)s%(numbers)s", event=event, numbers=numbers)


def chains(reader: Reader, count: int) -> Markup:
    """How many independent chains lead back to those who perceived an event."""
    if count == 0:
        return reader._("no chain to anyone who perceived it")
    return reader.ngettext(
        "%(count)s chain", "%(count)s independent chains", count, count=number(reader, count, feminine=True)
    )


def order(reader: Reader, event: str, after: tuple[str, ...], before: tuple[str, ...]) -> Markup:
    """An event whose day nobody told: "after the release, day not told"."""
    parts = [reader._("after %(event)s", event=referred(reader, one)) for one in after]
    parts += [reader._("before %(event)s", event=referred(reader, one)) for one in before]
    words = label(reader, event)
    if not parts:
        return reader._("%(event)s: day not told", event=words)
    return reader._("%(event)s: %(order)s, day not told", event=words, order=listed(reader, parts))
