"""Contradictions in words: two sides as wide as each other, neither preferred."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.events import label, noun, of_whom
from estelik.language.numbers import listed
from estelik.language.statements import circumstance

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.records import Statement
    from estelik.views.person import Contradiction, PersonPage


# Where many contradict each other, each is compared with all others.
@lru_cache(4096)
def aspect(reader: Reader, statement: Statement) -> Markup:
    """What one side rests on, short enough for the gutter: "Saule: the age"."""
    source = run(statement.source) if statement.source else reader._("a telling")
    if statement.age:
        return reader._("%(source)s’s age", source=source)
    if statement.gap:
        return reader._("%(source)s’s length of time", source=source)
    if statement.when:
        from estelik.chronology.edtf import parse

        precision = parse(statement.when).first_precision
        if precision == "day":
            return reader._("%(source)s’s day", source=source)
        if precision == "month":
            return reader._("%(source)s’s month", source=source)
        if precision == "season":
            return reader._("%(source)s’s season", source=source)
        return reader._("%(source)s’s year", source=source)
    if statement.after or statement.before:
        return reader._("%(source)s’s order", source=source)
    return reader._("%(source)s’s account", source=source)


def kept(reader: Reader, page: PersonPage, numbers: tuple[int, ...]) -> Markup:
    """What an account keeps, or sets aside, by name."""
    if not numbers:
        return reader._("all else")
    return listed(reader, [side(reader, page, number) for number in numbers])


def side(reader: Reader, page: PersonPage, number: int) -> Markup:
    """One side by its aspect; by what it says where another has the same aspect."""
    statement = page.line(number).statement
    short = aspect(reader, statement)
    others = _in_dispute(page) - {number}
    if any(aspect(reader, page.line(other).statement) == short for other in others):
        return account(reader, statement, page.whose(statement))
    return short


def _in_dispute(page: PersonPage) -> set[int]:
    """The numbers of all statements that are named as sides."""
    parties = {party.statement for one in page.contradictions for party in one.parties}
    return parties.union(*({*one.sets_aside, *one.keeps} for one in page.repairs))


def account(reader: Reader, statement: Statement, whose: str = "") -> Markup:
    """One side as a phrase: "the aunt's account of the release in 2019"; ``whose``
    release it is, if not of whom the page is about."""
    source = run(statement.source) if statement.source else reader._("a telling")
    what = (
        noun(reader, statement.event, whose)
        if statement.event
        else of_whom(reader, run(statement.fact), whose)
    )
    when = circumstance(reader, statement)
    if not when:
        return reader._("%(source)s’s account of %(event)s", source=source, event=what)
    return reader._("%(source)s’s account of %(event)s %(when)s", source=source, event=what, when=when)


def cannot_both(reader: Reader, page: PersonPage, contradiction: Contradiction) -> Markup:
    """The contradiction as one sentence."""
    told = [page.line(party.statement).statement for party in contradiction.parties]
    of_one = len({(one.subject, one.event) for one in told}) == 1 and not page.whose(told[0])
    if len(told) == 2 and of_one and _only_when(told[0]) and _only_when(told[1]):
        first, second = (run(one.source) if one.source else reader._("a telling") for one in told)
        return reader._(
            "%(first)s’s account of %(event)s %(then)s and %(second)s’s of %(other)s cannot both be true.",
            first=first,
            second=second,
            event=noun(reader, told[0].event),
            then=dates.edtf(reader, told[0].when),
            other=dates.told(reader, told[1].when),
        )
    parts = listed(reader, [account(reader, one, page.whose(one)) for one in told])
    numbers = sorted({number for party in contradiction.parties for number in party.joined})
    if numbers:
        joined = [page.line(number).statement for number in numbers]
        others = listed(reader, [account(reader, one, page.whose(one)) for one in joined])
        return _together(reader, len(told), parts, others)
    if len(told) == 2:
        return reader._("%(accounts)s cannot both be true.", accounts=parts)
    if len(told) == 1:
        return reader._("%(accounts)s cannot be true together with what else is told.", accounts=parts)
    return reader._("%(accounts)s cannot all be true.", accounts=parts)


def _together(reader: Reader, count: int, parts: Markup, others: Markup) -> Markup:
    if count == 2:
        return reader._(
            "%(accounts)s cannot both be true, together with %(others)s.", accounts=parts, others=others
        )
    if count == 1:
        return reader._(
            "%(accounts)s cannot be true together with %(others)s.", accounts=parts, others=others
        )
    return reader._(
        "%(accounts)s cannot all be true, together with %(others)s.", accounts=parts, others=others
    )


def title(reader: Reader, contradiction: Contradiction) -> Markup:
    """The heading over the sides."""
    event = label(reader, contradiction.event)
    if len(contradiction.parties) == 2:
        return reader._("%(event)s: these cannot both be true", event=event)
    return reader._("%(event)s: these cannot all be true", event=event)


def _only_when(statement: Statement) -> bool:
    return bool(statement.when and statement.event) and not (
        statement.age or statement.after or statement.before
    )
