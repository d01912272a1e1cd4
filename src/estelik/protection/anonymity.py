"""Anonymity: how many people somebody could be by all that was ever released, and which facts make them few.

Counted is who is known to fit, in the pool in which most do; the person always
fits. Of two arrests that are told of somebody nobody fits who was arrested once.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from estelik.errors import Sentence, UsageError
from estelik.protection.fact import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.protection.population import Population

#: Fewer people than these are too few to hide among.
BOUND: Final = 5
#: Of so many facts at most each combination is looked at.
MOST: Final = 3
#: More words of 64 people are not gone through for one person: it would take minutes.
_WORK: Final = 3e10


class Combination(msgspec.Struct, frozen=True):
    """Facts that together fit no more than ``k`` people; without any of them they fit enough."""

    facts: tuple[Fact, ...]
    k: int


class Anonymity(msgspec.Struct, frozen=True):
    """``k``: how many people somebody could be by all facts together; ``combinations``: all smallest ones
    that leave fewer than the bound, those of fewer facts first."""

    person: str
    k: int
    combinations: tuple[Combination, ...]


def anonymity(
    population: Population, facts: Sequence[Fact], *, bound: int = BOUND, most: int = MOST
) -> Anonymity:
    """What ``facts``, all that were ever released of one person, tell of who it is.

    Raises UsageError where they are of several people, or more than can be
    looked at together.
    """
    people = {fact.person for fact in facts}
    if len(people) > 1:
        raise UsageError(
            Sentence("Facts of %(count)s people were given as one person's.", count=len(people)),
            do="Check one person at a time.",
        )
    crowd = Crowd(population, facts)
    every = range(len(crowd.facts))
    found = tuple(
        Combination(tuple(crowd.facts[one] for one in each), crowd.k(each))
        for each in crowd.smallest(bound, most)
    )
    return Anonymity(next(iter(people), ""), crowd.k(every), found)


class Crowd:
    """Those whom facts of one person leave. ``facts``: each thing that is said once; of what is out already
    and in the draft too, the one that is out."""

    def __init__(self, population: Population, facts: Sequence[Fact]) -> None:
        self.population = population
        once: dict[tuple[object, ...], Fact] = {}
        for fact in sorted(facts, key=lambda one: not one.release):
            once.setdefault((fact.said, fact.occasion), fact)
        self.facts = tuple(once.values())
        number = population.keys.get(facts[0].person) if facts else None
        self._own = population.packed([] if number is None else [number])

    def k(self, chosen: Sequence[int]) -> int:
        """How many people these facts fit: 1 at least."""
        return self.fitting([self.facts[one] for one in chosen])

    def people(self, chosen: Sequence[int]) -> Any:
        """The people whom these facts fit, and the person."""
        return self._with([self.facts[one] for one in chosen])

    def fitting(self, facts: Sequence[Fact]) -> int:
        """How many people any facts of the person fit: 1 at least."""
        return max(1, int(self.population.counts(self._with(facts))))

    def _with(self, facts: Sequence[Fact]) -> Any:
        grouped: dict[tuple[str, str], list[Fact]] = {}
        times: dict[str, int] = {}
        for fact in facts:
            same = grouped.setdefault((fact.topic, fact.occasion), [])
            times[fact.topic] = times.get(fact.topic, 0) + (not same)
            same.append(fact)
        population = self.population
        if not facts:
            return ~population.packed([])
        found = [population.people(one) for one in grouped.values()]
        found += [population.often(topic, count) for topic, count in times.items() if count > 1]
        return np.bitwise_and.reduce(found) | self._own

    def smallest(self, bound: int, most: int) -> list[tuple[int, ...]]:
        """All combinations of up to ``most`` facts that fit fewer than ``bound`` people, and of which no part
        does."""
        every = range(len(self.facts))
        if not self.facts or self.k(every) >= bound:
            return []
        alone = np.array([self._with([fact]) for fact in self.facts])
        few = self.population.counts(alone) < bound
        found: list[tuple[int, ...]] = [(one,) for one in every if few[one]]
        left = [one for one in every if not few[one]]
        work = len(left) ** min(most, 3) / 6 * alone.shape[1]
        if work > _WORK:
            raise UsageError(
                Sentence(
                    "%(count)s facts of one person are more than can be looked at together.", count=len(left)
                ),
                safe="Nothing was released.",
                do="Release fewer of them, or each more roughly.",
            )
        held: set[tuple[int, ...]] = {(one,) for one in left}
        for size in range(2, most + 1):
            found_now, held = self._longer(alone, left, held, size, bound)
            found += found_now
        return found

    def _longer(
        self, alone: Any, left: Sequence[int], held: set[tuple[int, ...]], size: int, bound: int
    ) -> tuple[list[tuple[int, ...]], set[tuple[int, ...]]]:
        """Of ``size`` facts each the combinations that fit few, and those that fit enough, where all their
        parts (``held``) do."""
        few, enough = [], set()
        for part in sorted(held):
            others = [
                one
                for one in left
                if one > part[-1] and all((*rest, one) in held for rest in combinations(part, size - 2))
            ]
            if not others:
                continue
            found = alone[others] & self.people(part)
            for at in self._bound_up(part, others):
                found[at] = self.people((*part, others[at]))
            for one, count in zip(others, self.population.counts(found).tolist(), strict=True):
                if count < bound:
                    few.append((*part, one))
                else:
                    enough.add((*part, one))
        return few, enough

    def _bound_up(self, part: Sequence[int], others: Sequence[int]) -> Iterator[int]:
        """Which of ``others`` are of a topic that is in ``part`` already: these count together."""
        topics = {self.facts[one].topic for one in part}
        return (at for at, one in enumerate(others) if self.facts[one].topic in topics)
