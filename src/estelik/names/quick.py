"""Quick: what the kernel does in loops, by calls of numpy and on lists: for a few names, uncompiled.

Each function takes the place of the one of the same name and gives the same, but
for what is rounded in the last places where sums are taken in another order.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from math import log
from typing import Any, Final

import numpy as np

from estelik.names.forest import both_ways
from estelik.names.kernel import FLOOR, LONGEST, NONE, PRIME, STEP


def find(table: Any, value: int) -> int:
    """``kernel.find``."""
    place = int(np.searchsorted(table, table.dtype.type(value)))
    return place if place < len(table) and table[place] == value else NONE


def units(letters: Any, kind: int, table: Any, order: Any, out: Any) -> None:
    """``kernel.units``."""
    single = (kind * STEP + letters.astype(np.int64)) % PRIME
    out[:, 1] = NONE
    for wide, number in enumerate((single, (single[:-1] * STEP + letters[1:]) % PRIME)):
        found = _found(table, number)
        out[: len(found), wide] = np.where(found >= 0, order[found], NONE)


def chunks(letters: Any, table: Any, out: Any) -> None:
    """``kernel.chunks``."""
    size = len(letters)
    out[:, 0] = 0
    out[:, 1:] = NONE
    number = np.zeros(size, np.int64)
    for length in range(1, min(LONGEST, size) + 1):
        number = (number[: size + 1 - length] * STEP + letters[length - 1 :]) % PRIME
        found = _found(table, number)
        out[: len(found), length] = np.where(found >= 0, found + 1, NONE)


def _found(table: Any, values: Any) -> Any:
    places = np.minimum(np.searchsorted(table, values.astype(table.dtype)), len(table) - 1)
    return np.where(table[places] == values, places, NONE)


def apart(ids: Any, first: int, shares: Any, _ways: Any) -> float:
    """``kernel.apart``."""
    size = len(ids) - first
    each = ids[:size, first:]
    steps = np.where(each >= 0, shares[each], 0).tolist()
    ways = [1.0] + [0.0] * (size + LONGEST)
    for start, step in enumerate(steps):
        way = ways[start]
        for length, share in enumerate(step, 1):
            ways[start + length] += way * share
    return log(ways[size]) if ways[size] > 0 else FLOOR


def together(
    own: Any, first: int, last: int, latin: Any, begin: int, end: int,
    table: Any, narrow: Any, added: Any, longest: int, _room: Any,
) -> float:  # fmt: skip
    """``kernel.together``."""
    rows, columns = int(last - first), int(end - begin - 1)
    units_ = own[first:last]
    cuts = latin[begin:end, : longest + 1]
    spots = np.where(cuts >= 0, narrow[cuts], NONE)
    # What is not known, and what lies beyond the end, is as likely as nothing: the last unit of the table.
    pairs = np.where(spots[:, :, None, None] >= 0, table[spots[:, :, None, None], units_], 0)
    pairs[:, :, -1, 1] = 0
    singles, doubles = np.moveaxis(pairs, -1, 0).tolist()
    lone = np.where(cuts[:, 1] >= 0, added[cuts[:, 1]], 0).tolist()
    known = (spots >= 0).tolist()
    ways = [[0.0] * (rows + 2) for _ in range(columns + 1)]
    ways[0][0] = 1.0
    for column, here in enumerate(ways):
        for length in range(min(longest, columns - column) + 1):
            if known[column][length]:
                there = ways[column + length]
                ones, twos = singles[column][length], doubles[column][length]
                for row in range(rows):
                    if way := here[row]:
                        there[row + 1] += way * ones[row]
                        there[row + 2] += way * twos[row]
        if column < columns and (alone := lone[column]):
            there = ways[column + 1]
            for row in range(rows + 1):
                there[row] += here[row] * alone
    found = ways[columns][rows]
    return log(found) if found > 0 else FLOOR


def cosine(vectors: Any, one: int, other: int) -> float:
    """``kernel.cosine``."""
    return float(vectors[one] @ vectors[other])


def even(vector: Any) -> None:
    """``kernel.even``."""
    length = float(np.linalg.norm(vector))
    if length > 0:
        vector /= length


def _syllable(
    said_from: Any, variant_from: Any, variants: Any, character: int, language: int,
    latins: Any, word: int, begin: int, end: int, _row: Any,
) -> float:  # fmt: skip
    """``romanisation._syllable``."""
    letters = latins[word, begin:end].tobytes()
    best = 0.3
    place = 4 * character + language
    starts = variant_from[said_from[place] : said_from[place + 1] + 1].tolist()
    for start, stop in pairwise(starts):
        best = max(best, _alike(variants[start:stop].tobytes(), letters))
    return best


@lru_cache(maxsize=1 << 14)
def _alike(one: bytes, other: bytes) -> float:
    line = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, line[0] = line[0], place
        for right, like in enumerate(other, 1):
            here = line[right]
            line[right] = min(before + (letter != like), here + 1, line[right - 1] + 1)
            before = here
    return 1 - 1.2 * line[-1] / max(len(one), len(other), 1)


def settle_names(names: Any, words: Any) -> None:
    """``matching.settle_names``."""
    for name, alternative in enumerate(names.alt_from[:-1].tolist()):
        slots = slice(names.slot_from[alternative], names.slot_from[alternative + 1])
        those = names.form_word[names.form_from[slots]]
        names.whole[name] += words.vector[those].sum(axis=0)
        names.size[name] += words.latin_size[those].sum()
        even(names.whole[name])


def descend(forest: Any, numbers: Any, count: int, _at: Any, out: Any) -> None:
    """``forest.descend``: all rows go down all trees side by side."""
    rows = np.arange(count)[:, None]
    at = np.repeat(forest.roots[None, :], count, axis=0)
    for _ in range(int(forest.steps.max())):
        at = forest.below[at] + (numbers[rows, forest.asked[at]] > forest.limit[at])
    # One after the other: a sum would take them in another order.
    parts = np.hstack((np.full((count, 1), forest.base), forest.part[at]))
    out[:count] = parts.cumsum(axis=1)[:, -1]


def all_scores(forest: Any, numbers: Any, out: Any) -> None:
    """``forest.all_scores``."""
    if len(numbers):
        descend(forest, both_ways(numbers), len(numbers), None, out)
        np.divide(1, 1 + np.exp(-out), out=out)


#: What takes the place of functions of the same names.
FUNCTIONS: Final = (
    *(find, units, chunks, apart, together, cosine, even, _syllable, settle_names, descend, all_scores),
)
