"""Proposing: the pairs of rows that have a key in common and are worth handing to an engine.

Where there are many they are gone through in parts, on all cores, and those that weigh too little are left
out (``sieve``): never more than some million are in memory.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

from estelik.identity import blocking, glance, sieve, trees
from estelik.identity.commonness import Commonness, in_order, numbered
from estelik.identity.linkage_settings import COMPARISONS, RAREST, counted, frequency, weighed
from estelik.identity.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.identity.features import Columns
    from estelik.identity.glance import Glance

#: So many pairs an engine goes through before the compiler would be ready.
FEW: Final = 300_000
#: Pairs at a time.
_PAIRS: Final = 2_000_000
#: Of a number those without a sign.
_BITS: Final = 31
#: Less than what two ways to add up the same weights differ by.
_SLACK: Final = 1e-6


def proposed(columns: Columns, least: float, looked: Glance | None = None) -> tuple[Any, Any]:
    """The pairs of rows (numbers, the lower one first, in order) with a key in common, of two people each.

    Where there are many, only those for which Splink would find ``least`` (natural logarithm: how much
    likelier all that is known of them is of one person than of two), and that are ``looked`` at and worth
    more than a glance.
    """
    rules = blocking.learned()
    values, rows = blocking.keyed(columns, rules.rules, rules.bound)
    begins = np.append(np.flatnonzero(np.append(True, values[1:] != values[:-1])), len(values))
    sizes = np.diff(begins)
    pairs, size = sizes * (sizes - 1) // 2, len(columns.given)
    if not len(values):
        codes = np.zeros(0, np.int64)
    elif pairs.sum() <= FEW:
        codes = np.unique(_all(rows, begins, columns.person))
    else:
        codes = np.sort(_sifted(sieve_of(columns), rows, begins, least - _SLACK, looked))
    return codes // size, codes % size


def _all(rows: Any, begins: Any, person: Any) -> Any:
    """All pairs, as numbers."""
    behind = np.repeat(begins[1:], np.diff(begins)) - np.arange(len(rows)) - 1
    first = np.repeat(np.arange(len(rows)), behind)
    step = np.arange(len(first)) - np.repeat(np.cumsum(behind) - behind, behind) + 1
    one, other = rows[first].astype(np.int64), rows[first + step].astype(np.int64)
    apart = person[one] != person[other]
    return np.minimum(one, other)[apart] * len(person) + np.maximum(one, other)[apart]


def _sifted(made: Sieve, rows: Any, begins: Any, least: float, looked: Glance | None) -> Any:
    """The pairs that weigh ``least``, and are worth more than a glance, as numbers."""
    run, size = compiled(), len(made.rows)
    last = np.maximum.reduceat(rows, begins[:-1])
    starts = np.append(0, np.cumsum(np.bincount(rows, minlength=size) - np.bincount(last, minlength=size)))
    places, behind = np.empty(starts[-1], np.int32), np.zeros(size, np.int64)
    run.placed(rows, begins, starts[:-1].copy(), places, behind)
    total = np.append(0, np.cumsum(behind))
    ends = np.searchsorted(total, np.append(np.arange(_PAIRS, total[-1], _PAIRS), total[-1]))

    def sift(part: tuple[int, int]) -> Any:
        first, last = part
        out, met = np.empty(total[last] - total[first], np.int64), np.full(size, -1, np.int32)
        found = out[: run.sifted(made, rows, starts, places, first, last, least, met, out)]
        return found[worth(made, found // size, found % size, looked)] if looked else found.copy()

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        parts = pairwise(np.unique([0, *ends]).tolist())
        return np.concatenate(list(threads.map(sift, parts)))


def glances(made: Sieve, one: Any, other: Any) -> Any:
    """What there is to be seen of pairs at a glance (n x ``glance.NUMBERS``)."""
    out = np.empty((len(one), glance.NUMBERS))
    compiled().glanced(made, one, other, out)
    return out


def worth(made: Sieve, one: Any, other: Any, looked: Glance) -> Any:
    """Which pairs are worth more than a glance."""
    seen, out = glances(made, one, other), np.zeros(len(one), bool)
    compiled().papers(made, one, other, out)
    out |= seen[:, : glance.WEIGHTS].sum(axis=1) >= looked.sure
    out[~out] = trees.weighed(trees.learned("glance.npz", glance.NUMBERS), seen[~out]) >= looked.probable
    return out


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
        numbered(in_order(bones)),
        alone_,
    )
    letters = np.stack((ends[:-1], ends[1:]), 1).reshape(2, -1, 2)
    near = columns.cells.astype(np.int64)
    regions = np.bitwise_or.reduce(np.where(near != 0, 1 << near % _BITS, 0), axis=1)
    more = np.stack((_sorts(sounds), _sorts(bones), numbered(sounds), regions), 1)
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
    letters = np.frombuffer("".join(texts).encode("utf-32-le"), np.uint32)
    sizes = np.array([len(one) for one in texts])
    known, which = np.unique(letters, return_inverse=True)
    out = np.zeros(len(texts), np.int64)
    if len(known):
        bits = 1 << np.arange(len(known)) % _BITS
        some = sizes > 0
        out[some] = np.bitwise_or.reduceat(bits[which], (np.cumsum(sizes) - sizes)[some])
    return out


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
    """The functions of ``sieve`` and ``glance``, compiled by numba (kept beside the modules between runs)."""
    import numba

    # Numba keeps compiled functions by name, and sees changes of their own file only.
    mark = crc32(b"".join(Path(str(module.__file__)).read_bytes() for module in (sieve, glance)))
    scope = vars(sieve) | vars(glance)
    functions = (*sieve.FUNCTIONS, *glance.FUNCTIONS)
    for function in functions:
        again = FunctionType(function.__code__, scope, function.__name__)
        again.__qualname__ = f"{function.__qualname__}_{mark:08x}"
        # Nothing is made on the way: that nobody counts who holds what makes it a quarter faster.
        made: Any = {"cache": True, "nogil": True, "_nrt": False}
        scope[function.__name__] = numba.njit(**made)(again)
    return SimpleNamespace(**{one.__name__: scope[one.__name__] for one in functions})
