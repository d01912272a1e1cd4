"""Mending: what has to be changed in a draft for a finding to be gone: cells that say less, rows left out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from estelik.protection.finding import ByName, Corrected, FewPeople, OnlyOneKnew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from estelik.protection.examination import Examined
    from estelik.protection.fact import Fact
    from estelik.records import Statement


class Rougher(NamedTuple):
    """A cell of a statement (its own id) that is to be ``to``; without a column the row is left out."""

    statement: str
    column: str = ""
    to: str = ""


#: Cells without which a row still says what it says.
_BLANK = frozenset({"quote", "evidence", "by", "after", "before"})
#: What tells when something was, besides ``when``.
_TIMES = ("age", "after", "before", "gap")


def mends(
    found: Examined, statements: Mapping[str, Statement], place: Callable[[str], str]
) -> tuple[Rougher, ...]:
    """What to change for a finding. ``statements`` by own id, as the draft has them; ``place``: the name of a
    place's key."""
    out: dict[Rougher, None] = {}
    for one in _mends(found, statements, place):
        out[one] = None
        if not one.column:
            out |= dict.fromkeys(Rougher(each) for each in corrected(one.statement, statements))
    return tuple(out)


def corrected(statement: str, statements: Mapping[str, Statement]) -> Iterator[str]:
    """The statements (own ids) that one corrects, and those that these correct: without it they would count
    again."""
    seen = {statement}
    while (one := statements.get(statement)) is not None and one.corrects and one.corrects not in seen:
        statement = one.corrects
        seen.add(statement)
        if statement in statements:
            yield statement


def _mends(
    found: Examined, statements: Mapping[str, Statement], place: Callable[[str], str]
) -> Iterator[Rougher]:
    match found.finding:
        case FewPeople(steps=steps):
            for step in steps:
                for own in step.fact.statements:
                    yield from _less(statements[own], step.fact, step.wider, place)
        case OnlyOneKnew(what=what):
            for own in what.statements:
                yield from _less(statements[own], what.fact, what.wider, place)
        case Corrected(statement=own):
            yield Rougher(own)
        case ByName(statements=every):
            yield from map(Rougher, every)
        case finding:
            if not finding.statements:
                # The title is no statement's.
                return
            own, column = finding.where.rsplit(" ", 1)
            # Without its content a row says nothing; without its quote it says what it says.
            yield Rougher(own, column) if column in _BLANK else Rougher(own)


def _less(
    statement: Statement, fact: Fact, wider: Fact | None, place: Callable[[str], str]
) -> Iterator[Rougher]:
    own = statement.statement
    if fact.aspect == "place":
        yield Rougher(own, "place", place(wider.value) if wider else "")
    elif fact.aspect == "when":
        cells = [column for column in ("when", *_TIMES) if getattr(statement, column)]
        to = _edtf(wider.first, wider.last) if wider else ""
        for column in cells:
            yield Rougher(own, column, to if column == "when" else "")
        if not cells:
            # It rests on what nobody can take out of the row but the row.
            yield Rougher(own)
    elif fact.aspect == "number" and wider:
        yield Rougher(own, "value", "2..")
    else:
        yield Rougher(own)


def _edtf(first: int | None, last: int | None) -> str:
    """A stretch of days in EDTF, as roughly as it is."""
    if first is None or last is None:
        start = ".." if first is None else date.fromordinal(first).isoformat()
        return f"{start}/{'..' if last is None else date.fromordinal(last).isoformat()}"
    start_, end = date.fromordinal(first), date.fromordinal(last)
    whole = (start_.month, start_.day) == (1, 1) and (end.month, end.day) == (12, 31)
    if whole and start_.year == end.year:
        return f"{start_.year:04d}"
    if whole:
        return f"{start_.year:04d}/{end.year:04d}"
    following = date.fromordinal(last + 1)
    if start_.day == 1 and following.day == 1:
        months = f"{start_.year:04d}-{start_.month:02d}", f"{end.year:04d}-{end.month:02d}"
        return months[0] if months[0] == months[1] else "/".join(months)
    return f"{start_.isoformat()}/{end.isoformat()}"
