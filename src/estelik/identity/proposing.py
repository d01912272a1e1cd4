"""Proposing: the pairs of rows that have a key in common and are worth handing to an engine.

Where there are many they are gone through in parts, on all cores, and those that weigh too little are left
out (``sieve``): never more than some million are in memory.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache, reduce
from itertools import accumulate, pairwise
from operator import or_
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.identity import blocking, sieve
from estelik.identity.commonness import Commonness, numbered
from estelik.identity.linkage_settings import COMPARISONS, RAREST, counted, frequency, weighed
from estelik.identity.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.identity.features import Columns

#: So many pairs an engine goes through before the compiler would be ready.
FEW: Final = 300_000
#: Pairs at a time.
_PAIRS: Final = 2_000_000
#: Of a number those without a sign.
_BITS: Final = 31
#: Less than what two ways to add up the same weights differ by.
_SLACK: Final = 1e-6


def proposed(columns: Columns, least: float) -> tuple[Any, Any]:
    """The pairs of rows (numbers, the lower one first, in order) with a key in common, of two people each.

    Where there are many, only those for which Splink would find ``least`` (natural logarithm): how much
    likelier all that is known of them is of one person than of two.
    """
    rules = blocking.learned()
    values, rows = blocking.keyed(columns, rules.rules, rules.bound)
    begins = np.append(np.flatnonzero(np.append(True, values[1:] != values[:-1])), len(values))
    sizes = np.diff(begins)
    pairs, size = sizes * (sizes - 1) // 2, len(columns.given)
    if not len(values):
        codes = np.zeros(0, np.int64)
    elif pairs.sum() <= FEW:
        codes = _all(rows, begins, columns.person)
    else:
        codes = _sifted(sieve_of(columns), rows, begins, np.cumsum(pairs), least - _SLACK)
    codes = np.unique(codes)
    return codes // size, codes % size


def _all(rows: Any, begins: Any, person: Any) -> Any:
    """All pairs, as numbers."""
    behind = np.repeat(begins[1:], np.diff(begins)) - np.arange(len(rows)) - 1
    first = np.repeat(np.arange(len(rows)), behind)
    step = np.arange(len(first)) - np.repeat(np.cumsum(behind) - behind, behind) + 1
    one, other = rows[first].astype(np.int64), rows[first + step].astype(np.int64)
    apart = person[one] != person[other]
    return np.minimum(one, other)[apart] * len(person) + np.maximum(one, other)[apart]


def _sifted(made: Sieve, rows: Any, begins: Any, total: Any, least: float) -> Any:
    """The pairs that weigh ``least``, as numbers, some of them twice."""
    run = compiled()
    ends = np.unique(np.searchsorted(total, np.append(np.arange(0, total[-1], _PAIRS), total[-1])))

    def sift(part: tuple[int, int]) -> Any:
        first, last = part
        out = np.empty(int(total[last] - (total[first] if first >= 0 else 0)), np.int64)
        stretches = begins[first + 1 : last + 2]
        room = _room(made, int(np.diff(stretches).max()))
        return np.unique(out[: run.sifted(made, rows, stretches, least, room, out)])

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = pairwise([-1, *ends.tolist()])
        return np.concatenate(list(threads.map(sift, parts)))


def _room(made: Sieve, most: int) -> Sieve:
    """Where ``most`` rows are looked at together."""
    rows = np.zeros((most, made.rows.shape[1]), np.int32)
    words = np.zeros((3 * most + 1, made.words.shape[1]), np.int32)
    return made._replace(rows=rows, words=words, often=np.zeros((most, made.often.shape[1])))


def sieve_of(columns: Columns) -> Sieve:
    """What the rows are sifted by."""
    words = columns.words
    alone, whole = blocking.as_one(columns)
    hashes = (alone, whole, *columns.places.T, *columns.relatives.T, *columns.documents.T)
    alone_, whole_, *shared = _codes(hashes)
    born = (columns.first, columns.last)
    by_rows = (columns.person, columns.given, columns.father, columns.surname, whole_, columns.sex, *born)
    bones, sounds = [one.skeleton for one in words], [one.sounds for one in words]
    ends = np.array([0, *accumulate(map(len, (*bones, *sounds)))])
    numbers = (
        numbered(bones),
        numbered([one.consonants for one in words]),
        numbered(["".join(sorted(one)) for one in bones]),
        alone_,
    )
    letters = np.stack((ends[:-1], ends[1:]), 1).reshape(2, -1, 2)
    more = np.stack((_sorts(sounds), _sorts(bones), numbered(sounds)), 1)
    near = columns.cells.astype(np.int64)
    by_words = np.concatenate((np.stack(numbers, 1), *letters, more, near), axis=1)
    common = Commonness(columns)
    often = ("given", "father", "surname", "exchanged", "kin_bones", "place1")
    return Sieve(
        np.stack((*by_rows, *shared), 1).astype(np.int32),
        by_words.astype(np.int32),
        np.frombuffer("".join((*bones, *sounds)).encode("utf-32-le"), np.uint32),
        np.stack([common.of(one) for one in often], 1),
        _levels(),
    )


def _sorts(texts: Sequence[str]) -> Any:
    """Which letters each text has, a bit each."""
    known = sorted({letter for one in texts for letter in one})
    bit = {letter: 1 << number % _BITS for number, letter in enumerate(known)}
    return np.array([reduce(or_, map(bit.__getitem__, one), 0) for one in texts])


def _codes(columns: Iterable[Any]) -> list[Any]:
    """Small numbers for large ones, the same for the same; 0 stays."""
    columns = list(columns)
    found = np.unique(np.concatenate((np.zeros(1, np.uint64), *columns)))
    return [np.searchsorted(found, one) for one in columns]


def _levels() -> Any:
    """What each level of each comparison weighs, and the part of those who agree that agrees so."""
    weights = weighed().weights
    shares = counted(weights)
    most = max(len(levels) for _, levels in COMPARISONS.values()) + 1
    rows = []
    for name, (_, levels) in COMPARISONS.items():
        row = np.zeros((2, most))
        for number, (level, _, column) in enumerate((*levels, ("other", "", ""))):
            same, others = weights[name][level]
            # What is common counts in place of how often others are at the level.
            row[0, number] = np.log(same) - (0.0 if column else np.log(others))
            row[1, number] = shares[frequency(name, level)][1] if column else 0.0
        rows += list(row) if name in ("given", "kin") else [row[0]]
    return np.stack([*rows, np.full(most, RAREST)])


@cache
def compiled() -> SimpleNamespace:
    """The functions of ``sieve``, compiled by numba (kept beside the module between runs)."""
    import numba

    scope = dict(vars(sieve))
    for function in sieve.FUNCTIONS:
        again = FunctionType(function.__code__, scope, function.__name__)
        # Nothing is made on the way: that nobody counts who holds what makes it a quarter faster.
        made: Any = {"cache": True, "nogil": True, "_nrt": False}
        scope[function.__name__] = numba.njit(**made)(again)
    return SimpleNamespace(**{one.__name__: scope[one.__name__] for one in sieve.FUNCTIONS})
