"""Population: all people that somebody could be, and which of them a fact is known to fit.

Of whom nothing is known a fact fits nobody: who hides only where we know
nothing may be told apart by those who know more (decision 24). Nor does it fit
who may be born in 1984 or in 1985, where it says 1984.

Each list of people is a pool of its own, since one person may stand on two:
those that somebody could be are counted in each, and the largest count stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.errors import UsageError
from estelik.protection.fact import EVER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.protection.fact import Fact

_WORD: Final = 64


class Topic(NamedTuple):
    """All occasions of one topic (r): whose each is, its word and its place as codes (-1: not known, or
    sources differ), between which days it was, how many there are at least and at most; what the codes
    stand for."""

    person: Any
    value: Any
    place: Any
    first: Any
    last: Any
    low: Any
    high: Any
    values: dict[str, int]
    places: tuple[str, ...]


class Population:
    """People by number, pool after pool, each pool beginning at a multiple of 64.

    ``pools``: lists of facts as finely as they are known; the first is the own
    registry. ``areas``: of each place what it lies in. Raises UsageError where
    there is no pool.
    """

    def __init__(self, pools: Sequence[Iterable[Fact]], areas: Mapping[str, Sequence[str]]) -> None:
        if not pools:
            raise UsageError("There is nobody to compare with.", do="Give the registry, or a list of people.")
        self.areas = areas
        self.keys: dict[str, int] = {}
        self.starts: list[int] = []
        gathered: dict[str, _Gathered] = {}
        size = self.largest = 0
        for pool in pools:
            self.starts.append(size // _WORD)
            own: dict[str, int] = {}
            for fact in pool:
                number = own.setdefault(fact.person, size + len(own))
                topic = gathered.get(fact.topic)
                if topic is None:
                    topic = gathered[fact.topic] = _Gathered()
                topic.add(number, fact)
            if len(self.starts) == 1:
                self.keys = own
            self.largest = max(self.largest, len(own))
            size = max(-(-(size + len(own)) // _WORD), self.starts[-1] + 1) * _WORD
        self.size = size
        self._topics = {topic: found.laid_out() for topic, found in gathered.items()}
        self._fits: dict[tuple[Any, ...], Any] = {}
        self._people: dict[tuple[tuple[Any, ...], ...], Any] = {}
        self._often: dict[tuple[str, int], Any] = {}

    def counts(self, people: Any) -> Any:
        """How many are in sets of people (... x words): the largest count of any pool."""
        return np.add.reduceat(np.bitwise_count(people), self.starts, axis=-1, dtype=np.int64).max(axis=-1)

    def people(self, facts: Sequence[Fact]) -> Any:
        """The set of those with an occasion that all these facts, of one occasion, are known to fit."""
        said = tuple(sorted({fact.said for fact in facts}))
        found = self._people.get(said)
        if found is None:
            topic = self._topics.get(facts[0].topic)
            if topic is None:
                found = self.packed(np.zeros(0, np.int64))
            else:
                fits = np.ones(len(topic.person), bool)
                for fact in facts:
                    fits = fits & self._fitting(topic, fact)
                found = self.packed(topic.person[fits])
            self._people[said] = found
        return found

    def often(self, topic: str, times: int) -> Any:
        """The set of those with at least so many occasions of a topic."""
        found = self._often.get((topic, times))
        if found is None:
            rows = self._topics.get(topic)
            person = rows.person if rows is not None else np.zeros(0, np.int64)
            found = self.packed(np.flatnonzero(np.bincount(person, minlength=self.size) >= times))
            self._often[topic, times] = found
        return found

    def packed(self, numbers: Any) -> Any:
        """A set of people by their numbers, 64 to a word."""
        there = np.zeros(self.size, bool)
        there[numbers] = True
        return np.packbits(there).view(np.uint64)

    def _fitting(self, topic: Topic, fact: Fact) -> Any:
        found = self._fits.get(fact.said)
        if found is None:
            found = self._fits[fact.said] = self._fit(topic, fact)
        return found

    def _fit(self, topic: Topic, fact: Fact) -> Any:
        _, aspect, value, first, last = fact.said
        match aspect:
            case "kind":
                return np.ones(len(topic.person), bool)
            case "value":
                return topic.value == topic.values.get(value, -2)
            case "place":
                inside = [place == value or value in self.areas.get(place, ()) for place in topic.places]
                # The last stands for those without one.
                return np.array([*inside, False])[topic.place]
            case "when":
                return (topic.first >= first) & (topic.last <= last)
            case _:
                return (topic.low >= first) & (topic.high <= last)


class _Gathered:
    """The occasions of one topic while they are read."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, str], int] = {}
        self._codes: dict[str, dict[str, int]] = {"value": {}, "place": {}}
        self._said: dict[str, tuple[list[int], list[int], list[int]]] = {
            aspect: ([], [], []) for aspect in ("value", "place", "when", "number")
        }

    def add(self, number: int, fact: Fact) -> None:
        """Takes a fact in, of the person with this number."""
        row = self._rows.setdefault((number, fact.occasion), len(self._rows))
        aspect = fact.aspect
        if aspect == "kind":
            return
        if aspect in self._codes:
            codes = self._codes[aspect]
            first = last = codes.setdefault(fact.value, len(codes))
        else:
            first = -EVER if fact.first is None else fact.first
            last = EVER if fact.last is None else fact.last
        rows, firsts, lasts = self._said[aspect]
        rows.append(row)
        firsts.append(first)
        lasts.append(last)

    def laid_out(self) -> Topic:
        """The topic as columns."""
        person = np.array([number for number, _ in self._rows], np.int64)
        value, place = (self._only(aspect) for aspect in ("value", "place"))
        when, number = (self._hull(aspect) for aspect in ("when", "number"))
        return Topic(person, value, place, *when, *number, self._codes["value"], tuple(self._codes["place"]))

    def _hull(self, aspect: str) -> tuple[Any, Any]:
        """From the first to the last of what is said: where sources differ, any of it may be so."""
        rows, firsts, lasts = (np.array(one, np.int64) for one in self._said[aspect])
        first, last = np.full(len(self._rows), EVER), np.full(len(self._rows), -EVER)
        np.minimum.at(first, rows, firsts)
        np.maximum.at(last, rows, lasts)
        told = first <= last
        # What nobody knows is within no stretch of time but one without ends.
        return np.where(told, first, -EVER), np.where(told, last, EVER)

    def _only(self, aspect: str) -> Any:
        """The code that all who say one agree on, else -1."""
        first, last = self._hull(aspect)
        return np.where(first == last, first, -1)
