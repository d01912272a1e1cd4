"""Registry: a line about each life, to be listed, filtered and counted."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import msgspec
import numpy as np

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.status import Certainty, status
from estelik.records.vocabulary import BIRTH, fact_kind_of, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from estelik.chronology.timeline import EventBounds, Solution, Timeline
    from estelik.records import Statement

#: What a life may lack: the year of birth; the year in which she was taken; where she is or was held; whether
#: what is told ends; anything but a label.
Lack = Literal["birth", "taken", "place", "end", "all"]
LACKS: Final[tuple[Lack, ...]] = get_args(Lack)
_SUREST: Final[tuple[Certainty, ...]] = get_args(Certainty)


class State(msgspec.Struct, frozen=True, gc=False):
    """A state today, where ("": nobody said), and how surely."""

    state: str
    place: str
    certainty: Certainty


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A life (its key): its states today, the places and the facts (kind, value) that were told, the days
    between which she was first taken, what is lacking, whether all of it can be true, and the last day on
    which something was told (ordinals)."""

    key: str
    kind: str
    states: tuple[State, ...] = ()
    places: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    taken: tuple[int | None, int | None] | None = None
    lacks: tuple[Lack, ...] = ()
    consistent: bool = True
    told: int = 0


class Filter(msgspec.Struct, frozen=True):
    """What a list is of; each "" where it does not matter. ``surely``: only who is certainly in the state;
    ``since``, ``until``: years of being taken, as they are possible."""

    state: str = ""
    surely: bool = False
    place: str = ""
    ethnicity: str = ""
    since: int = 0
    until: int = 0
    lacks: str = ""
    apart: bool = False
    kind: str = "person"


def entry(solution: Solution, life: int, timeline: Timeline, told: Sequence[Statement], today: int) -> Entry:
    """The line about one solved life; ``told``: what of it still counts, ``today``: a day's ordinal."""
    window = [(today - HORIZON_FIRST, today - HORIZON_FIRST)]
    states = tuple(
        State(one.state, one.place or "", one.certainty)
        for one in status(solution, life, window)
        if one.certainty != "never"
    )
    yes = [one for one in told if one.answer == "yes"]
    facts = dict.fromkeys(
        (fact_kind_of(one.fact), one.value)
        for one in yes
        if one.fact and one.value and fact_kind_of(one.fact) in _KEPT
    )
    taken = next((one for one in timeline.events if _custody(one.event)), None)
    return Entry(
        timeline.key,
        told[0].about_kind if told else "person",
        states,
        tuple(dict.fromkeys(one.place for one in yes if one.place)),
        tuple(facts),
        (taken.earliest, taken.latest) if taken is not None else None,
        tuple(_lacks(timeline, taken, states, yes)),
        timeline.consistent,
    )


#: Facts that a list can be of, or shows.
_KEPT: Final = frozenset({"ethnicity", "sex", "occupation", "citizenship"})


def _custody(event: str) -> bool:
    kind = vocabulary().kinds.get(kind_of(event))
    return kind is not None and bool(kind.opens) and vocabulary().states[kind.opens].custody


def _lacks(
    timeline: Timeline, taken: EventBounds | None, states: Sequence[State], yes: Sequence[Statement]
) -> Iterable[Lack]:
    birth = next((one for one in timeline.events if one.event == BIRTH), None)
    if birth is None or birth.earliest is None or birth.latest is None:
        yield "birth"
    if taken is not None and (taken.earliest is None or taken.latest is None):
        yield "taken"
    held = [one for one in states if vocabulary().states[one.state].custody] if states else []
    if taken is not None and not any(one.place for one in yes if one.event and _custody(one.event)):
        yield "place"
    if held and not any(one.certainty in _SUREST[:2] for one in held):
        yield "end"
    if not timeline.events and not any(one.fact and one.fact != "name" for one in yes):
        yield "all"


def fits(one: Entry, wanted: Filter) -> bool:
    """Whether a life is in a list."""
    if wanted.kind and one.kind != wanted.kind:
        return False
    if wanted.state and not any(
        state.state == wanted.state and (not wanted.surely or state.certainty == "throughout")
        for state in one.states
    ):
        return False
    if wanted.place and wanted.place not in one.places:
        return False
    if wanted.ethnicity and ("ethnicity", wanted.ethnicity) not in one.facts:
        return False
    if wanted.lacks and wanted.lacks not in one.lacks:
        return False
    if wanted.apart and one.consistent:
        return False
    return not (wanted.since or wanted.until) or _within(one.taken, wanted)


def _within(taken: tuple[int | None, int | None] | None, wanted: Filter) -> bool:
    if taken is None:
        return False
    first, last = (None if day is None else year_of(day) for day in taken)
    return (not wanted.until or first is None or first <= wanted.until) and (
        not wanted.since or last is None or last >= wanted.since
    )


@lru_cache(1 << 16)
def year_of(day: int) -> int:
    """The year of a day's ordinal."""
    from datetime import date

    return date.fromordinal(day).year


class Counts(msgspec.Struct, frozen=True):
    """How many of a list: by state today (certainly, possibly), by place, by ethnicity, by the year in which
    they were taken (None: not told to the year), the most first; years in order."""

    states: tuple[tuple[str, int, int], ...]
    places: tuple[tuple[str, int], ...]
    ethnicities: tuple[tuple[str, int], ...]
    years: tuple[tuple[int | None, int], ...]


def counted(found: Iterable[Entry]) -> Counts:
    """Counts the lives of a list."""
    return Rows(tuple(found)).of(Filter(kind=""))[1]


class Rows:
    """Many lives, to be filtered and counted again and again. Of most of them the same is told as of others:
    each that there is once is looked at once."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._entries = entries
        self._said = _Column(tuple((state.state, state.certainty) for state in one.states) for one in entries)
        self._places = _Column(one.places for one in entries)
        self._facts = _Column(one.facts for one in entries)
        self._taken = _Column(one.taken for one in entries)
        self._rest = _Column((one.kind, one.lacks, one.consistent) for one in entries)

    def of(self, wanted: Filter) -> tuple[tuple[Entry, ...], Counts]:
        """Those who fit (``fits``), in their order, and how many of what they are."""
        there = np.ones(len(self._entries), bool)
        if wanted.state:
            there &= self._said.where(lambda said: _said(said, wanted))
        if wanted.place:
            there &= self._places.where(lambda places: wanted.place in places)
        if wanted.ethnicity:
            there &= self._facts.where(lambda facts: ("ethnicity", wanted.ethnicity) in facts)
        if wanted.since or wanted.until:
            there &= self._taken.where(lambda taken: _within(taken, wanted))
        if wanted.kind or wanted.lacks or wanted.apart:
            there &= self._rest.where(lambda rest: _else(rest, wanted))
        found = np.flatnonzero(there)
        return tuple(self._entries[place] for place in found.tolist()), self._counts(found)

    def certain(self) -> tuple[Entry, ...]:
        """Those of whom a state is certain today, in their order."""
        there = self._said.where(lambda said: any(certainty == "throughout" for _, certainty in said))
        return tuple(self._entries[place] for place in np.flatnonzero(there).tolist())

    def _counts(self, found: Any) -> Counts:
        surely, possibly = Counter[str](), Counter[str]()
        places, ethnicities, years = Counter[str](), Counter[str](), Counter[int | None]()
        for states, count in self._said.counts(found):
            sure = {state for state, certainty in states if certainty == "throughout"}
            _add(surely, sure, count)
            _add(possibly, {state for state, _ in states} - sure, count)
        for several, count in self._places.counts(found):
            _add(places, several, count)
        for facts, count in self._facts.counts(found):
            _add(ethnicities, (value for fact, value in facts if fact == "ethnicity"), count)
        for taken, count in self._taken.counts(found):
            if taken is not None:
                years[_year(taken)] += count
        order = sorted(surely | possibly, key=lambda state: (-surely[state] - possibly[state], state))
        return Counts(
            tuple((state, surely[state], possibly[state]) for state in order),
            tuple(sorted(places.items(), key=_most)),
            tuple(sorted(ethnicities.items(), key=_most)),
            tuple(sorted(years.items(), key=lambda pair: (pair[0] is None, pair[0] or 0))),
        )


class _Column:
    """What is told of each life in one regard: numbers of what there is."""

    def __init__(self, told: Iterable[Any]) -> None:
        number: dict[Any, int] = {}
        self._numbers = np.array([number.setdefault(one, len(number)) for one in told], np.int64)
        self._every = list(number)

    def where(self, fits_: Callable[[Any], bool]) -> Any:
        """Of which lives it fits."""
        return np.array([fits_(one) for one in self._every], bool)[self._numbers]

    def counts(self, found: Any) -> Iterable[tuple[Any, int]]:
        """What is told of these lives (their places), and of how many."""
        counts = np.bincount(self._numbers[found], minlength=len(self._every)).tolist()
        return ((one, count) for one, count in zip(self._every, counts, strict=True) if count)


def _said(said: Iterable[tuple[str, str]], wanted: Filter) -> bool:
    return any(
        state == wanted.state and (not wanted.surely or certainty == "throughout")
        for state, certainty in said
    )


def _else(rest: tuple[str, tuple[str, ...], bool], wanted: Filter) -> bool:
    kind, lacks, consistent = rest
    return (
        (not wanted.kind or kind == wanted.kind)
        and (not wanted.lacks or wanted.lacks in lacks)
        and not (wanted.apart and consistent)
    )


def _add(counts: Counter[str], which: Iterable[str], count: int) -> None:
    for one in which:
        counts[one] += count


def _most(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]


def _year(taken: tuple[int | None, int | None]) -> int | None:
    first, last = taken
    if first is None or last is None or year_of(first) != year_of(last):
        return None
    return year_of(first)
