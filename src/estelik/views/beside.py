"""Beside: two lives row by row, to be judged: what meets, what does not, what cannot be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.chronology.timeline import Timeline
from estelik.records import Statement
from estelik.records.label import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


#: ``meets``: something is the same, or can be; ``differs``: nothing is; ``open``: nothing to compare.
Sign = Literal["meets", "differs", "open"]
Ranges = tuple[tuple[int | None, int | None], ...]
#: Of these everybody has one.
_ONE: frozenset[str] = frozenset({"sex"})


class Value(msgspec.Struct, frozen=True):
    """A word of somebody's, and the language that it is told in ("": nobody said)."""

    text: str
    language: str = ""


class Row(msgspec.Struct, frozen=True):
    """One thing of both lives: ``fact`` or ``event`` names it ("name" also for labels); words, or days on
    which an event can lie."""

    sign: Sign
    fact: str = ""
    event: str = ""
    one: tuple[Value, ...] = ()
    other: tuple[Value, ...] = ()
    one_days: Ranges = ()
    other_days: Ranges = ()


class Side(msgspec.Struct, frozen=True):
    """A life as it is laid beside another: its labels, what is told of it that still counts, its timeline,
    and who told (label and date of each telling)."""

    labels: tuple[str, ...]
    told: tuple[Statement, ...]
    timeline: Timeline | None


def tellers(side: Side) -> tuple[tuple[str, str], ...]:
    """Who told of a life, and when, each telling once."""
    return tuple(dict.fromkeys((one.source, one.told) for one in side.told if one.source))


def rows(one: Side, other: Side) -> tuple[Row, ...]:
    """Names first, then what happened, then all else."""
    names = _names(one), _names(other)
    out = [Row("meets" if _same(*names) else "open", fact="name", one=names[0], other=names[1])]
    mine, theirs = _events(one), _events(other)
    for event in dict.fromkeys((*mine, *theirs)):
        first, second = mine.get(event, ()), theirs.get(event, ())
        sign: Sign = "open"
        if first and second:
            sign = "meets" if _overlap(first, second) else "differs"
        out.append(Row(sign, event=event, one_days=first, other_days=second))
    facts = dict.fromkeys(said.fact for said in (*one.told, *other.told) if said.fact)
    for fact in facts:
        if fact == "name":
            continue
        values = _values(one.told, fact), _values(other.told, fact)
        if not any(values):
            continue
        sign = "open"
        if all(values):
            sign = "meets" if _same(*values) else "differs" if fact in _ONE else "open"
        out.append(Row(sign, fact=fact, one=values[0], other=values[1]))
    return tuple(out)


def _names(side: Side) -> tuple[Value, ...]:
    said = {value.text: value for value in _values(side.told, "name")}
    labels = (Value(label) for label in side.labels if label not in said)
    return (*labels, *said.values())


def _values(told: Sequence[Statement], fact: str) -> tuple[Value, ...]:
    found = (one for one in told if one.fact == fact and one.answer == "yes" and one.value)
    return tuple({one.value: Value(one.value, one.language) for one in found}.values())


def _events(side: Side) -> dict[str, Ranges]:
    if side.timeline is None:
        return {}
    return {one.event: one.ranges for one in side.timeline.events if one.ranges != ((None, None),)}


def _same(one: Iterable[Value], other: Iterable[Value]) -> bool:
    ours, theirs = ({composed(value.text).casefold() for value in values} for values in (one, other))
    return bool(ours & theirs)


def _overlap(one: Ranges, other: Ranges) -> bool:
    return any(
        (first is None or end is None or first <= end) and (begin is None or last is None or begin <= last)
        for first, last in one
        for begin, end in other
    )
