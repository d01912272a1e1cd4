"""Repair: what to say more roughly, or not at all, so that no few facts tell who it is.

Each step up a ladder costs what readers lose by it: the binary logarithm of how
many times more people the fact then fits. The cheapest way is looked for best
first; each branch takes one step with one fact of a combination that is still
too small, and no branch is taken that must come to cost more than another. If
it is not found within so many states, steps are taken where they help most for
what they cost, and those that are not needed in the end are taken back. The
answer is checked whole either way.
"""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import product
from math import log2
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.protection.anonymity import BOUND, MOST, Crowd
from estelik.protection.fact import Fact, ladder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.protection.population import Population

#: So many states are looked at before the search is cut short.
STATES: Final = 300
#: Costs that differ by less are the same.
_DIGITS: Final = 9

#: How many steps up its ladder each fact is.
State = tuple[int, ...]
#: Facts by their numbers, each with how many steps up it is.
Rungs = tuple[tuple[int, int], ...]


class Step(msgspec.Struct, frozen=True):
    """``fact`` is to be said as ``wider``; None: not at all."""

    fact: Fact
    wider: Fact | None


class Repair(msgspec.Struct, frozen=True):
    """``cost`` in bits; ``cheapest``: whether for certain nothing is cheaper. ``facts`` are all that is out
    then, and ``k`` how many people they fit together; ``left``: whether what is out already tells who it is
    all the same."""

    steps: tuple[Step, ...]
    cost: float
    cheapest: bool
    facts: tuple[Fact, ...]
    k: int
    left: bool = False


def repair(
    population: Population,
    facts: Sequence[Fact],
    *,
    bound: int = BOUND,
    most: int = MOST,
    states: int = STATES,
) -> Repair:
    """The cheapest way to say ``facts``, all of one person, so that each combination of up to ``most`` with a
    fact of the draft in it fits ``bound`` people. What is out already stays as it is."""
    return _Search(Crowd(population, facts), bound, most).found(states)


class _Search:
    def __init__(self, crowd: Crowd, bound: int, most: int) -> None:
        self._crowd, self._bound, self._most = crowd, bound, most
        self._population = crowd.population
        areas = self._population.areas
        self._ladders: list[tuple[Fact | None, ...]] = [
            (fact,) if fact.release else (*ladder(fact, areas), None) for fact in crowd.facts
        ]
        self._costs = [self._lost(rungs) for rungs in self._ladders]
        self._out = {(fact.said, fact.occasion) for fact in crowd.facts if fact.release}
        self._small: dict[tuple[int, ...], None] = {}
        self._enough: dict[Rungs, bool] = {}
        self._least: dict[Rungs, tuple[float, Rungs]] = {}

    def found(self, states: int) -> Repair:
        start = (0,) * len(self._ladders)
        state, cheapest = self._best(start, states) if self._new(start) else (start, True)
        steps = tuple(
            Step(rungs[0], rungs[up])
            for rungs, up in zip(self._ladders, state, strict=True)
            if up and rungs[0] is not None
        )
        rest = Crowd(self._population, [fact for fact in self._facts(state) if fact])
        left = bool(rest.smallest(self._bound, self._most))
        k = rest.k(range(len(rest.facts)))
        return Repair(steps, round(self._cost(state), _DIGITS), cheapest, rest.facts, k, left)

    def _lost(self, rungs: Sequence[Fact | None]) -> list[float]:
        """The bits that are lost up to each rung."""
        counts = [self._fitting(rungs[0], fact) for fact in rungs]
        most = [log2(max(1, *counts[: at + 1])) for at in range(len(counts))]
        return [one - most[0] for one in most]

    def _fitting(self, whole: Fact | None, fact: Fact | None) -> int:
        if fact is None and whole is not None and whole.aspect in ("place", "when"):
            # That it happened is told by others.
            fact = msgspec.structs.replace(whole, aspect="kind", value="", first=None, last=None)
        population = self._population
        return int(population.counts(population.people([fact]))) if fact else population.largest

    def _cost(self, state: State) -> float:
        return sum(costs[up] for costs, up in zip(self._costs, state, strict=True))

    def _facts(self, state: State) -> list[Fact | None]:
        return [rungs[up] for rungs, up in zip(self._ladders, state, strict=True)]

    def _new(self, state: State) -> bool:
        """Whether any combination is too small; those that are, are kept in mind."""
        there = self._facts(state)
        number = {(fact.said, fact.occasion): at for at, fact in reversed([*enumerate(there)]) if fact}
        rest = Crowd(self._population, [fact for fact in there if fact])
        before = len(self._small)
        for one in rest.smallest(self._bound, self._most):
            said = [(fact.said, fact.occasion) for fact in (rest.facts[at] for at in one)]
            if any(each not in self._out for each in said):
                self._small[tuple(sorted(number[each] for each in said))] = None
        return len(self._small) > before

    def _holds(self, rungs: Rungs) -> bool:
        """Whether facts so far up fit enough people, or are all out already."""
        found = self._enough.get(rungs)
        if found is None:
            facts = [fact for at, up in rungs if (fact := self._ladders[at][up])]
            # Of those that said the same from the start one stands for the other.
            found = all((fact.said, fact.occasion) in self._out for fact in facts)
            found = found or self._crowd.fitting(facts) >= self._bound
            self._enough[rungs] = found
        return found

    def _broken(self, state: State) -> list[Rungs]:
        each = (tuple((at, state[at]) for at in one) for one in self._small)
        return [rungs for rungs in each if not self._holds(rungs)]

    def _mend(self, rungs: Rungs) -> tuple[float, Rungs]:
        """The least that one combination costs to be enough, and how far up its facts are then."""
        found = self._least.get(rungs)
        if found is None:
            ways = [
                (self._dearer(rungs, ups), ups)
                for ups in product(*(range(was, len(self._ladders[at])) for at, was in rungs))
            ]
            for cost, ups in sorted(ways, key=lambda way: (round(way[0], _DIGITS), sum(way[1]), way[1])):
                mended = tuple((at, up) for (at, _), up in zip(rungs, ups, strict=True))
                if self._holds(mended):
                    found = cost, mended
                    break
            else:  # all that may change left out: what stays is out already
                found = 0.0, rungs
            self._least[rungs] = found
        return found

    def _dearer(self, rungs: Rungs, ups: Sequence[int]) -> float:
        return sum(
            self._costs[at][up] - self._costs[at][was] for (at, was), up in zip(rungs, ups, strict=True)
        )

    def _ahead(self, broken: Iterable[Rungs]) -> float:
        """No less than this is still to come: combinations that share no fact are mended apart."""
        taken: set[int] = set()
        total = 0.0
        for rungs in sorted(broken, key=lambda one: -self._mend(one)[0]):
            if taken.isdisjoint(at for at, _ in rungs):
                taken.update(at for at, _ in rungs)
                total += self._mend(rungs)[0]
        return total

    def _best(self, start: State, states: int) -> tuple[State, bool]:
        heap: list[tuple[float, int, State]] = [(0.0, 0, start)]
        seen = {start}
        state = start
        for _ in range(states):
            _, _, state = heappop(heap)
            broken = self._broken(state)
            if not broken:
                if not self._new(state):
                    return state, True
                broken = self._broken(state)
                self._push(heap, state, broken)
                continue
            rungs = min(broken, key=lambda one: sum(up < len(self._ladders[at]) - 1 for at, up in one))
            for at, up in rungs:
                if up + 1 < len(self._ladders[at]):
                    after = (*state[:at], up + 1, *state[at + 1 :])
                    if after not in seen:
                        seen.add(after)
                        self._push(heap, after, self._broken(after))
        return self._good(state), False

    def _push(self, heap: list[tuple[float, int, State]], state: State, broken: Sequence[Rungs]) -> None:
        cost = round(self._cost(state) + self._ahead(broken), _DIGITS)
        heappush(heap, (cost, sum(state), state))

    def _good(self, state: State) -> State:
        """A state in which all holds, by what helps most for what it costs."""
        while True:
            while broken := self._broken(state):
                ways = [self._mend(one) for one in broken]
                after = [_moved(state, mended) for _, mended in ways]
                worth = [
                    (len(broken) - len(self._broken(one))) / (cost + 1e-6)
                    for one, (cost, _) in zip(after, ways, strict=True)
                ]
                state = after[max(range(len(after)), key=worth.__getitem__)]
            if not self._new(state):
                state = self._back(state)
                # What was taken back may have brought up another combination.
                if not self._new(state):
                    return state

    def _back(self, state: State) -> State:
        """Without the steps that are not needed, the dearest first."""
        for at in sorted(range(len(state)), key=lambda one: -self._costs[one][state[one]]):
            for up in range(state[at]):
                lower = (*state[:at], up, *state[at + 1 :])
                if not self._broken(lower):
                    state = lower
                    break
        return state


def _moved(state: State, rungs: Rungs) -> State:
    after = list(state)
    for at, up in rungs:
        after[at] = up
    return tuple(after)
