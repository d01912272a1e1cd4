"""What a statement says, as a sentence of the desk's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from estelik.language import dates
from estelik.language.direction import run
from estelik.language.durations import around, duration
from estelik.language.events import fact, label, referred
from estelik.language.numbers import digits, listed
from estelik.records.vocabulary import TOLD

if TYPE_CHECKING:
    from estelik.language.reader import Reader
    from estelik.records import Statement


def says(reader: Reader, statement: Statement, whose: str = "") -> Markup:
    """The statement as one sentence, neutral as to who the person is; where it is
    somebody else than the page is about, ``whose`` label it is."""
    if statement.answer in ("unknown", "refused"):
        return _unanswered(reader, statement, whose)
    what = _event(reader, statement, whose) if statement.event else _fact(reader, statement, whose)
    if statement.answer == "no":
        return reader._("Not so: %(what)s.", what=what)
    if statement.expected:
        return reader._("Still to come when told: %(what)s.", what=what)
    return reader.capital(reader._("%(what)s.", what=what))


def circumstance(reader: Reader, statement: Statement) -> Markup:
    """When it was, as this statement alone tells it: "in 2019", "at the age of 76"."""
    parts = _times(reader, statement)
    return listed(reader, parts) if parts else Markup("")


def age(reader: Reader, cell: str) -> Markup:
    """An age cell with its preposition."""
    text = cell.strip()
    if ".." in text:
        low, high = text.split("..", 1)
        return reader.ngettext(
            "between the ages of %(low)s and %(high)s",
            "between the ages of %(low)s and %(high)s",
            _completed(high),
            low=run(low),
            high=run(high),
        )
    if text.startswith("~"):
        years = text[1:]
        return reader.ngettext(
            "at the age of about %(age)s", "at the age of about %(age)s", _completed(years), age=run(years)
        )
    return reader.ngettext("at the age of %(age)s", "at the age of %(age)s", _completed(text), age=run(text))


def _completed(text: str) -> int:
    """The years of an age, for the form of the sentence; of what is no age, those of most people."""
    return int(text) if text.isdecimal() and len(text) <= 3 else 50


def years(reader: Reader, least: int, greatest: int) -> Markup:
    """Ages that are possible: "76", "74 or 75", "75 to 77"."""
    low, high = digits(reader, least), digits(reader, greatest)
    if least == greatest:
        return low
    if greatest == least + 1:
        return reader._("%(first)s or %(second)s", first=low, second=high)
    return reader._("%(first)s to %(last)s", first=low, last=high)


def _event(reader: Reader, statement: Statement, whose: str) -> Markup:
    moved = statement.event == "transfer" and bool(statement.place)
    words = label(reader, statement.event, statement.place if moved else "", whose)
    for part in _times(reader, statement):
        words = reader.pgettext(
            "event and circumstance", "%(event)s %(circumstance)s", event=words, circumstance=part
        )
    if statement.place and not moved:
        place = reader._("place: %(place)s", place=run(statement.place))
        words = reader._("%(first)s; %(second)s", first=words, second=place)
    if statement.by:
        actor = reader._("done by: %(actor)s", actor=run(statement.by))
        words = reader._("%(first)s; %(second)s", first=words, second=actor)
    return words


def _fact(reader: Reader, statement: Statement, whose: str) -> Markup:
    if statement.value:
        language = statement.language if statement.fact.split(":")[0] == "name" else ""
        words = reader._(
            "%(fact)s: %(value)s",
            fact=fact(reader, statement.fact, whose),
            value=run(statement.value, language),
        )
    else:
        words = fact(reader, statement.fact, whose)
    for part in _times(reader, statement):
        words = reader._("%(first)s, %(second)s", first=words, second=part)
    if statement.place:
        words = reader._("%(first)s, %(second)s", first=words, second=run(statement.place))
    return words


def _times(reader: Reader, statement: Statement) -> list[Markup]:
    parts = []
    if statement.when:
        parts.append(dates.edtf(reader, statement.when))
    if statement.age:
        parts.append(age(reader, statement.age))
    gap = statement.gap
    if statement.after:
        parts.append(_relation(reader, statement.after, gap if not statement.before else "", after=True))
    if statement.before:
        parts.append(_relation(reader, statement.before, gap, after=False))
    return parts


def _relation(reader: Reader, other: str, gap: str, *, after: bool) -> Markup:
    same = around(gap)
    if other == TOLD:
        if same:
            return reader._("at about the time when it was told")
        if not gap:
            return reader._("after it was told") if after else reader._("before it was told")
        length = duration(reader, gap)
        if after:
            return reader._("%(length)s after it was told", length=length)
        return reader._("%(length)s before it was told", length=length)
    event = referred(reader, other)
    if same:
        return reader._("around the same time as %(event)s", event=event)
    if not gap:
        return (
            reader._("after %(event)s", event=event) if after else reader._("before %(event)s", event=event)
        )
    if gap == "P0D":
        return reader._("on the same day as %(event)s", event=event)
    length = duration(reader, gap)
    if after:
        return reader._("%(length)s after %(event)s", length=length, event=event)
    return reader._("%(length)s before %(event)s", length=length, event=event)


def _unanswered(reader: Reader, statement: Statement, whose: str) -> Markup:
    event = statement.event
    what = label(reader, event, whose=whose) if event else fact(reader, statement.fact, whose)
    if statement.answer == "unknown":
        return reader._("%(what)s: could not say.", what=what)
    return reader._("%(what)s: would not say.", what=what)
