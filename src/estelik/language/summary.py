"""The summary: about three sentences, the contradiction among them, each with its numbers."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from markupsafe import Markup

from estelik.language import captions, dates
from estelik.language.durations import duration
from estelik.language.events import held, noun
from estelik.language.numbers import number

if TYPE_CHECKING:
    from estelik.language.reader import Reader
    from estelik.views.course import Lane
    from estelik.views.person import PersonPage

#: Statement numbers as links, with the no-break space before each.
Cite = Callable[[tuple[int, ...]], Markup]
#: States and places that the summary names, the last ones of a long course.
_LANES = 3
#: Contradictions that it names; of more it says how many there are.
_APART = 3


def summary(reader: Reader, page: PersonPage, cite: Cite) -> tuple[tuple[Markup, bool], ...]:
    """The sentences, each with whether it tells of a contradiction."""
    sentences: list[tuple[Markup, bool]] = []
    birth = next((row for row in page.events if row.event == "birth"), None)
    if birth is not None and len(birth.bounds) == 1 and birth.bounds[0].earliest is not None:
        bounds = birth.bounds[0]
        born = dates.sometime(reader, *_months(bounds.earliest, bounds.latest))
        numbers = tuple(n for reason in bounds.reasons for n in reason.statements)
        sentences.append((reader._("Born %(when)s%(numbers)s.", when=born, numbers=cite(numbers)), False))
    lanes = [lane for lane in page.course.lanes if lane.kind != "events"][-_LANES:]
    told_apart = False
    for lane in lanes:
        sentences.append((_lane(reader, lane, cite), False))
        if lane.depends and not told_apart:
            told_apart = True
            sentences += _contradictions(reader, page, cite)
    if not told_apart:
        sentences += _contradictions(reader, page, cite)
    return tuple(sentences)


def _lane(reader: Reader, lane: Lane, cite: Cite) -> Markup:
    stints = [stint for row in lane.rows for stint in row.stints]
    starts = [stint.start[0][0] if stint.start and not stint.untold else None for stint in stints]
    ends = [stint.end[-1][1] if stint.end else None for stint in stints]
    numbers = cite(tuple(sorted({n for stint in stints for n in stint.statements})))
    first, last = _least(starts), _greatest(ends)
    name = held(reader, lane.name) if lane.kind == "state" else captions.lane(reader, lane)
    begun, ended = _months(first, last)
    # Where accounts differ, nothing that only the first of them says is said of all.
    begins = [stint.start[-1][1] if stint.start else None for stint in stints]
    latest_start = _greatest(begins if lane.depends else begins[:1])
    open_ended = all(not stint.end for stint in stints) or not lane.depends
    if any(stint.goes_on is not None for stint in stints):
        if first is not None and latest_start is not None and dates.is_whole(*_closed(first, latest_start)):
            since = dates.named(reader, *_closed(first, latest_start))
            return reader._("%(state)s since %(when)s%(numbers)s.", state=name, when=since, numbers=numbers)
        return reader._(
            "%(state)s, beginning %(when)s; still so when last told%(numbers)s.",
            state=name,
            when=dates.sometime(reader, *_months(first, latest_start)),
            numbers=numbers,
        )
    if last is None and first is not None and open_ended:
        earliest_start = first if lane.depends else stints[0].start[0][0]
        when = dates.sometime(reader, *_months(earliest_start, latest_start), season=True)
        due = next((stint.due for stint in reversed(stints) if not stint.end), ())
        if all(stint.final for stint in stints):
            # Of all states, only death never ends.
            return reader._("Died %(when)s%(numbers)s.", when=when, numbers=numbers)
        if due and due[-1][1] is not None:
            return reader._(
                "%(state)s, beginning %(when)s; the end was expected %(due)s and was not told%(numbers)s.",
                state=name,
                when=when,
                due=dates.sometime(reader, *_months(due[0][0], due[-1][1])),
                numbers=numbers,
            )
        return reader._(
            "%(state)s, beginning %(when)s; the end was not told%(numbers)s.",
            state=name,
            when=when,
            numbers=numbers,
        )
    when = dates.sometime(reader, begun, ended)
    lengths = {stint.duration for stint in stints}
    if len(lengths) == 1 and (length := next(iter(lengths))):
        return reader._(
            "%(state)s for %(length)s, at some time %(when)s%(numbers)s.",
            state=name,
            length=duration(reader, length),
            when=when,
            numbers=numbers,
        )
    if first is None and last is None and latest_start is not None:
        return reader._(
            "%(state)s, beginning %(when)s; the end was not told%(numbers)s.",
            state=name,
            when=dates.sometime(reader, *_months(None, latest_start)),
            numbers=numbers,
        )
    if first is None and last is None:
        return reader._("%(state)s: nothing told so far says when%(numbers)s.", state=name, numbers=numbers)
    return reader._("%(state)s at some time %(when)s%(numbers)s.", state=name, when=when, numbers=numbers)


def _contradictions(reader: Reader, page: PersonPage, cite: Cite) -> list[tuple[Markup, bool]]:
    sentences = []
    named = page.contradictions if len(page.contradictions) <= _APART + 1 else page.contradictions[:_APART]
    for one in named:
        numbers = cite(tuple(party.statement for party in one.parties))
        count = len(one.parties)
        told = [page.line(party.statement).statement for party in one.parties]
        # What each is about, and about whom, is said where they stand side by side.
        of_one = len({(said.subject, said.event) for said in told}) == 1
        words = _of_one(reader, count, noun(reader, one.event)) if of_one else _apart(reader, count)
        sentences.append(
            (reader._("%(sentence)s%(numbers)s.", sentence=reader.capital(words), numbers=numbers), True)
        )
    left = len(page.contradictions) - len(named)
    if left:
        sentences.append((reader._("And %(count)s more.", count=number(reader, left)), True))
    return sentences


def _of_one(reader: Reader, count: int, event: Markup) -> Markup:
    """Accounts of one event of one person."""
    if count == 1:
        return reader._(
            "One account of %(event)s cannot be true together with what else is told", event=event
        )
    if count == 2:
        return reader._("Two accounts of %(event)s cannot both be true", event=event)
    return reader.ngettext(
        "%(count)s account of %(event)s cannot be true beside the others",
        "%(count)s accounts of %(event)s cannot all be true",
        count,
        count=number(reader, count),
        event=event,
    )


def _apart(reader: Reader, count: int) -> Markup:
    """Accounts of several events, or of several people."""
    if count == 1:
        return reader._("One account cannot be true together with what else is told")
    if count == 2:
        return reader._("Two accounts cannot both be true")
    return reader.ngettext(
        "%(count)s account cannot be true beside the others",
        "%(count)s accounts cannot all be true",
        count,
        count=number(reader, count),
    )


def _months(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    """Whole months around the days: a summary does not name days it need not."""
    if first is not None and first == last:
        return first, last
    start = date.fromordinal(first).replace(day=1).toordinal() if first is not None else None
    return start, _month_end(last) if last is not None else None


def _closed(first: int, last: int) -> tuple[int, int]:
    if first == last:
        return first, last
    return date.fromordinal(first).replace(day=1).toordinal(), _month_end(last)


def _month_end(ordinal: int) -> int:
    when = date.fromordinal(ordinal)
    return when.replace(day=monthrange(when.year, when.month)[1]).toordinal()


def _least(days: list[int | None]) -> int | None:
    known = [day for day in days if day is not None]
    return min(known) if known and len(known) == len(days) else None


def _greatest(days: list[int | None]) -> int | None:
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None
