"""Company: what others say of a pair: who is one with both of them, and who with one alone.

Three rows of one person bear each other out, also where two of them would not be known for the same by
themselves. How much that weighs was learned on invented persons (``training/appraisal.py``).
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from estelik.identity.trees import learned, weighed

#: What is less probable is no company.
_LEAST: Final = 0.02
#: Two who were not compared are told if it is as probable as this that somebody is one with both.
_THIRD: Final = 0.1
#: Of so many others of a row each is looked at together with each.
_MOST: Final = 60
#: Company alone makes nobody so much likelier (natural logarithm of the odds) who has none.
_FAR: Final = 3.0
_SURE: Final = 1e-6
#: How many numbers there are to be weighed of a pair.
_NUMBERS: Final = 7


class Pairs(NamedTuple):
    """Two people each (numbers, the lower one first), once, and the natural logarithms of the odds that they
    are one: arrays."""

    one: Any
    other: Any
    odds: Any


def borne_out(pairs: Pairs, people: int, least: float = -np.inf) -> Pairs:
    """The pairs, and those that were not compared but have company enough, by what others say of them.

    Those that are far from odds of ``least`` by themselves are left out where nobody says anything of them.
    """
    found, numbers = numbers_of(pairs, people, least - _FAR)
    if not len(found.one):
        return found
    return found._replace(odds=weighed(learned("company.npz", _NUMBERS), numbers))


def numbers_of(pairs: Pairs, people: int, least: float = -np.inf) -> tuple[Pairs, Any]:
    """The pairs that ``borne_out`` tells, with the odds they had by themselves, NaN where they were not
    compared; and what there is to be weighed of each (n x numbers)."""
    probability = 1 / (1 + np.exp(-pairs.odds))
    thirds = _thirds(pairs, probability, people)
    direct = pairs.one * people + pairs.other
    told = pairs.odds >= least
    told |= np.isin(direct, thirds.codes)
    pairs, direct = Pairs(*(values[told] for values in pairs)), direct[told]
    codes = np.union1d(direct, thirds.codes[thirds.best >= _THIRD])
    odds = np.full(len(codes), np.nan)
    odds[np.searchsorted(codes, direct)] = pairs.odds
    one, other = codes // people, codes % people
    own = np.where(np.isnan(odds), 0, 1 / (1 + np.exp(-odds)))
    ones, others = thirds.company[one] - own, thirds.company[other] - own
    at = np.searchsorted(thirds.codes, codes)
    there = at < len(thirds.codes)
    there[there] = thirds.codes[at[there]] == codes[there]
    best, none, all_ = (
        np.where(there, values[np.where(there, at, 0)] if len(values) else 0.0, 0.0)
        for values in (thirds.best, thirds.none, thirds.all)
    )
    less, more = np.minimum(ones, others), np.maximum(ones, others)
    numbers = [odds, best, none, all_, less, more, all_ / np.maximum(less, 1e-3)]
    return Pairs(one, other, odds), np.stack(numbers, 1)


class _Thirds(NamedTuple):
    """By pairs (``codes``, ascending): how probable it is that the likeliest other is one with both
    (``best``), the logarithm of how probable that nobody is (``none``), how many are, all in all (``all``).
    ``company``: with how many others each of all people probably is one."""

    codes: Any
    best: Any
    none: Any
    all: Any
    company: Any


def _thirds(pairs: Pairs, probability: Any, people: int) -> _Thirds:
    likely = probability >= _LEAST
    whose = np.concatenate((pairs.one[likely], pairs.other[likely]))
    others = np.concatenate((pairs.other[likely], pairs.one[likely]))
    found = np.concatenate((probability[likely], probability[likely]))
    order = np.lexsort((others, whose))
    whose, others, found = whose[order], others[order], found[order]
    codes, both = [np.zeros(0, np.int64)], [np.zeros(0)]
    for step in range(1, _MOST):
        first = np.flatnonzero(whose[:-step] == whose[step:])
        if not len(first):
            break
        one, other = others[first], others[first + step]
        codes.append(np.minimum(one, other) * people + np.maximum(one, other))
        both.append(found[first] * found[first + step])
    code, share = np.concatenate(codes), np.concatenate(both)
    code, share = code[share >= _LEAST], share[share >= _LEAST]
    ordered, back = np.unique(code, return_inverse=True)
    best = np.zeros(len(ordered))
    np.maximum.at(best, back, share)
    none = np.bincount(back, weights=np.log1p(-np.minimum(share, 1 - _SURE)), minlength=len(ordered))
    all_ = np.bincount(back, weights=share, minlength=len(ordered))
    return _Thirds(ordered, best, none, all_, np.bincount(whose, weights=found, minlength=people))
