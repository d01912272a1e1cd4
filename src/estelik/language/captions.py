"""Captions: the words in a drawing, short, with months cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.durations import duration
from estelik.language.events import clause, state

if TYPE_CHECKING:
    from markupsafe import Markup

    from estelik.language.reader import Reader
    from estelik.views.course import Lane, Mark, Range, Ranges, Stint, Telling


def lane(reader: Reader, one: Lane) -> Markup:
    """The name of a lane."""
    if one.kind == "state":
        return state(reader, one.name)
    if one.kind == "place":
        return reader._("In %(place)s", place=run(one.name))
    return reader._("Other events")


def stint(reader: Reader, one: Stint) -> Markup:
    """What a bar says: how long, and between which days."""
    words = _extent(reader, one)
    if one.place:
        words = reader._("%(first)s, %(second)s", first=run(one.place), second=words)
    if one.hearsay:
        return _hearsay(reader, words)
    return words


def mark(reader: Reader, one: Mark) -> Markup:
    """What a whisker or a diamond says."""
    words = clause(reader, one.event, one.place)
    if one.hearsay:
        return _hearsay(reader, words)
    if one.expected:
        return reader._("%(event)s, expected %(date)s", event=words, date=_named(reader, one.ranges))
    return reader._("%(event)s, %(date)s", event=words, date=_named(reader, one.ranges))


def telling(reader: Reader, one: Telling) -> Markup:
    """When it was told, and by whom."""
    when = _named(reader, (one.told,))
    if not one.source:
        return reader._("%(date)s, a telling", date=when)
    return reader._("%(date)s, %(source)s", date=when, source=run(one.source))


def born(reader: Reader, birth: Range) -> Markup:
    """The birth as words in the gutter."""
    return reader._("Age (born %(when)s)", when=dates.sometime(reader, *birth, short=True))


def _extent(reader: Reader, one: Stint) -> Markup:
    first, last = _hull(one.start), _hull(one.end)
    begun = _named(reader, one.start)
    whole = first[0] is not None and first[1] is not None and dates.is_whole(first[0], first[1])
    if one.goes_on is not None and whole:
        return reader._("since %(start)s; still so when last told", start=begun)
    if one.goes_on is not None:
        return reader._("begun %(start)s; still so when last told", start=begun)
    if last[1] is None and first == (None, None):
        return reader._("neither beginning nor end was told")
    if one.final and whole:
        return reader._("since %(start)s", start=begun)
    if one.final:
        return reader._("begun %(start)s", start=begun)
    if last[1] is None and one.due and _hull(one.due) != (None, None):
        due = dates.ranges(reader, one.due, short=True)
        if whole:
            return reader._("since %(start)s; expected to end %(due)s", start=begun, due=due)
        return reader._("begun %(start)s; expected to end %(due)s", start=begun, due=due)
    if last[1] is None and whole:
        return reader._("since %(start)s; the end was not told", start=begun)
    if last[1] is None:
        return reader._("begun %(start)s; the end was not told", start=begun)
    if first[0] is None or one.untold:
        return reader._("beginning not told; until %(end)s", end=_named(reader, one.end))
    if one.duration:
        return reader._(
            "%(length)s, %(when)s",
            length=duration(reader, one.duration),
            when=dates.between(reader, first[0], last[1], short=True),
        )
    if first[1] is not None and last[0] is not None and first[1] < last[0]:
        ended = _named(reader, one.end)
        if len(one.start) == 1 and whole:
            return reader._("%(start)s until %(end)s", start=begun, end=ended)
        return reader._("begun %(start)s, ended %(end)s", start=begun, end=ended)
    return dates.between(reader, first[0], last[1], short=True)


def _named(reader: Reader, spans: Ranges) -> Markup:
    """A day, month or year by its name; otherwise between which days."""
    first, last = _hull(spans)
    if len(spans) > 1:
        return dates.ranges(reader, spans, short=True)
    if first is None or last is None:
        return dates.sometime(reader, first, last, short=True)
    return dates.named(reader, first, last, short=True)


def _hull(spans: Ranges) -> Range:
    return (spans[0][0], spans[-1][1]) if spans else (None, None)


def _hearsay(reader: Reader, words: Markup) -> Markup:
    return reader._("%(what)s: only if hearsay is admitted", what=words)
