"""Comparison: whether two names may be one person's, how surely, and why.

A score says how likely two names are one person's among such as resemble each
other, between 0 and 1; from one half on they are taken for the same.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.names import kernel, matching
from estelik.names.bank import Bank, room
from estelik.names.engine import at_hand, compiled, ready
from estelik.names.forest import laid_out
from estelik.names.gathering import gathered
from estelik.names.name import parse
from estelik.names.reason import Reason, reasons
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import SimpleNamespace

    from estelik.names.bank import Names, Room, Words
    from estelik.names.forest import Forest
    from estelik.names.name import Name

#: From this score on two names are taken for one person's.
SAME: Final = 0.5
#: From so many pairs on all cores are at work.
_MANY: Final = 2000
#: So many pairs are scored at once on one: the same words come again in them.
_PART: Final = 50_000
#: On several, each has so many parts.
_SHARES: Final = 4
#: So many names are read between two pauses.
_OFTEN: Final = 64


class Comparison(NamedTuple):
    """``score`` between 0 and 1, whether that is taken for the ``same``, and ``why``."""

    score: float
    same: bool
    why: tuple[Reason, ...]


@cache
def forest() -> Forest:
    """The package's own trees."""
    parts = weights().forest
    base = float(parts["base"][0])
    return laid_out(parts["roots"], parts["nodes"], parts["limits"], base, matching.FEATURES)


def compare(one: str | Name, other: str | Name) -> Comparison:
    """Compares two names in any scripts. Never fails: what is no name is nobody's, and said to be so."""
    return compare_all(one, [other])[0]


def compare_all(one: str | Name, others: Sequence[str | Name]) -> list[Comparison]:
    """Compares a name with each of some others; without waiting for the compiler."""
    left, *rights = (parse(name) if isinstance(name, str) else name for name in (one, *others))
    out = [Comparison(0.0, same=False, why=reasons(left, right, (), sexes=0)) for right in rights]
    chosen = [place for place, right in enumerate(rights) if left.parts and right.parts]
    if not chosen:
        return out
    engine = at_hand()
    bank = Bank(weights(), engine)
    for name in (left, *(rights[place] for place in chosen)):
        bank.add(name)
    (names, words), space = bank.both(), room()
    for number, place in enumerate(chosen, 1):
        # Of two ways to match that are equally good the first is taken: which, must not hang on the order.
        turned = rights[place].text < left.text
        first, second = (np.array([spot]) for spot in ((number, 0) if turned else (0, number)))
        score = float(scores(engine, names, words, first, second, space)[0])
        if np.isnan(space.numbers[0, 0]):
            out[place] = Comparison(0.0, same=False, why=(Reason("nothing"),))
            continue
        sexes = int(space.numbers[0, matching.SEXES])
        why = reasons(left, rights[place], _matched(names, space, turned=turned), sexes=sexes)
        out[place] = Comparison(round(score, 4), score >= SAME, why)
    return out


def features(engine: SimpleNamespace, names: Names, words: Words, left: Any, right: Any, space: Room) -> Any:
    """``matching.features`` of the pairs ``left[n]``, ``right[n]`` (n x ``FEATURES``)."""
    fits, back = _fits(engine, names, words, left, right, space)
    out = np.zeros((len(left), matching.FEATURES))
    engine.all_features(names, words, left, right, fits, back, space, out)
    return out


def scores(engine: SimpleNamespace, names: Names, words: Words, left: Any, right: Any, space: Room) -> Any:
    """The scores of the pairs ``left[n]``, ``right[n]``."""
    fits, back = _fits(engine, names, words, left, right, space)
    out = np.zeros(len(left))
    engine.weighed(forest(), names, words, left, right, fits, back, space, out)
    return out


def _fits(
    engine: SimpleNamespace, names: Names, words: Words, left: Any, right: Any, space: Room
) -> tuple[Any, Any]:
    """How the words fit that are compared for the pairs of names, each two of them once; and which of these
    each comparison asks for, in the order of ``matching.spread``."""
    none = np.zeros(0, np.int64)
    count = engine.spread(names, left, right, none, none)
    ones, others, chosen, back = (np.zeros(count, np.int64) for _ in range(4))
    if count:
        engine.spread(names, left, right, ones, others)
    # The same two words come again and again.
    chosen = chosen[
        : engine.distinct(ones, others, np.zeros(2 << count.bit_length(), np.int64), chosen, back)
    ]
    fits = np.zeros((len(chosen), 3))
    engine.fit_all(words, ones[chosen], others[chosen], space, fits)
    return fits, back


def prepared() -> None:
    """Loads what is compiled, so that from then on ``compare_all`` takes a few milliseconds: a second of a
    core where that was done before on this computer, else about a minute. For a process that stays."""
    engine = compiled()
    Scorer(engine).scores([("Мұрат Серікұлы", "Murat Serikuly"), ("金大中", "Kim Daejung")])
    ready()


class Matched(NamedTuple):
    """A slot of the first name and of the second that were matched, how well (``share``: 1 is perfectly), and
    by which forms (``matching.FULL`` and so on)."""

    left: int
    right: int
    share: float
    kind: int


def _matched(names: Names, space: Room, *, turned: bool) -> tuple[Matched, ...]:
    """Which words of the two names in ``space`` go together; ``turned``: the second of them comes first
    there."""
    one, other = int(space.chosen[0]), int(space.chosen[1])
    first, _ = matching.ordered(names, one, other)
    rows = int(min(names.slot_from[first + 1] - names.slot_from[first], kernel.MOST))
    out = []
    for row in range(rows):
        column = int(space.column[row])
        pair = (row, column) if (first == one) != turned else (column, row)
        out.append(Matched(*pair, float(space.shares[row, column]), int(space.kinds[row, column])))
    return tuple(sorted(out))


def _in_order(number: Mapping[str, int], left: Any, right: Any) -> tuple[Any, Any, Any]:
    """Pairs of numbered names, of each the one first whose letters come first (see ``compare_all``), and in
    which order they are scored soonest: what is known of a name lies at hand for all its pairs."""
    every = np.array([number[name] for name in sorted(number)], np.int64)
    rank = np.empty(len(number), np.int64)
    rank[every] = np.arange(len(number))
    low, high = np.minimum(rank[left], rank[right]), np.maximum(rank[left], rank[right])
    return every[low], every[high], np.argsort(low * len(number) + high, kind="stable")


class Scorer:
    """Scores many pairs of names, with the compiled engine; each name is taken apart once."""

    def __init__(self, engine: SimpleNamespace) -> None:
        self._engine = engine

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Any:
        """The score of each pair; 0 where one of them is no name."""
        number: dict[str, int] = {}
        places = [number.setdefault(name, len(number)) for pair in pairs for name in pair]
        return self.scores_of(list(number), np.array(places, np.int64).reshape(-1, 2))

    def scores_of(
        self,
        called: Sequence[str],
        pairs: Any,
        pause: Callable[[], object] = lambda: None,
        *,
        alone: bool = False,
    ) -> Any:
        """The score of each pair of names (their numbers, n x 2), as ``scores`` has it. ``pause`` is called
        now and then; ``alone``: on one core."""
        asked = np.unique(pairs).tolist()
        number: dict[str, int] = {}
        places = np.zeros(len(called), np.int64)
        for place in asked:
            places[place] = number.setdefault(called[place], len(number))
        if not number:
            return np.zeros(0)
        if alone:
            bank = Bank(weights(), self._engine)
            for count, name in enumerate(number):
                bank.add(parse(name))
                if count % _OFTEN == 0:
                    pause()
        else:
            bank = gathered(list(number), weights(), self._engine)
        left, right, order = _in_order(number, places[pairs[:, 0]], places[pairs[:, 1]])
        names, words = bank.both()
        out = np.empty(len(pairs))

        def score(start: int) -> None:
            part = order[start : start + size]
            out[part] = scores(self._engine, names, words, left[part], right[part], room())

        size = _PART
        if alone or len(pairs) < _MANY:
            for start in range(0, len(pairs), size):
                score(start)
                pause()
            return out
        # What is compiled lets others work meanwhile; who is done first takes what is next.
        size = min(_PART, -(-len(pairs) // (_SHARES * (os.cpu_count() or 1))))
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            list(threads.map(score, range(0, len(pairs), size)))
        return out
