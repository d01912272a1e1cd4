"""Glance: what is seen of a pair of rows at once, and soon enough for many millions of them.

Trees find by it which pairs are not worth a second look (``proposing``); they were learned on invented
persons (``training/glance.py``). The functions here are compiled with those of ``sieve``.
"""

from __future__ import annotations

from math import log
from typing import Any, Final, NamedTuple

from estelik.identity.sieve import (
    AS_PLACE,
    FATHER,
    FIRST,
    GIVEN,
    LAST,
    SEX,
    SHARED,
    SOUNDS,
    SURNAME,
    of_given,
    of_kin,
    of_rest,
    shared,
)

#: How many numbers are seen of a pair, and how many of these, which come first, are weights.
NUMBERS: Final = 18
WEIGHTS: Final = 3
#: What is rarer is as rare as this.
RARE: Final = 1e-7


class Glance(NamedTuple):
    """Which pairs are proposed though they do not weigh as much as ``sure``: those that trees, at a glance,
    find one person's with odds of ``probable`` (both natural logarithms). Pairs of whom papers are known,
    which the trees do not know, are proposed as they are."""

    sure: float
    probable: float


def glanced(sieve: Any, ones: Any, others: Any, out: Any) -> None:
    """What there is to be seen of pairs of rows at a glance, into the rows of ``out``: what is said by given
    names, by fathers' and families', by all else; how common are their names, and a place that they share;
    how far apart they were born, in days; how much is known of both; how long their given names are."""
    rows, words, letters, often, levels = sieve.rows, sieve.words, sieve.letters, sieve.often, sieve.levels
    most = (rows.shape[1] - SHARED) // 3
    for pair in range(len(ones)):
        one, other = ones[pair], others[pair]
        out[pair, 0] = of_given(rows, words, letters, often, levels, one, other)
        out[pair, 1] = of_kin(rows, words, letters, often, levels, one, other)
        out[pair, 2] = of_rest(rows, often, levels, one, other)
        for role in range(3):
            out[pair, 3 + 2 * role] = log(min(often[one, role], often[other, role]) + RARE)
            out[pair, 4 + 2 * role] = log(max(often[one, role], often[other, role]) + RARE)
        place = shared(rows, one, other, SHARED, SHARED + most)
        out[pair, 9] = place
        out[pair, 10] = often[one, AS_PLACE] if place == 0 else 0.0
        first, last = rows[one, FIRST], rows[one, LAST]
        first_, last_ = rows[other, FIRST], rows[other, LAST]
        out[pair, 11] = -1.0
        out[pair, 12] = -1.0
        if first >= 0 and first_ >= 0:
            out[pair, 11] = abs(first + last - first_ - last_) / 2
            out[pair, 12] = (1 if first == last else 0) + (1 if first_ == last_ else 0)
        out[pair, 13] = (1 if rows[one, FATHER] != 0 else 0) + (1 if rows[other, FATHER] != 0 else 0)
        out[pair, 14] = (1 if rows[one, SURNAME] != 0 else 0) + (1 if rows[other, SURNAME] != 0 else 0)
        size = words[rows[one, GIVEN], SOUNDS + 1] - words[rows[one, GIVEN], SOUNDS]
        size_ = words[rows[other, GIVEN], SOUNDS + 1] - words[rows[other, GIVEN], SOUNDS]
        out[pair, 15] = min(size, size_)
        out[pair, 16] = max(size, size_)
        out[pair, 17] = 0.0
        if rows[one, SEX] != 0 and rows[other, SEX] != 0:
            out[pair, 17] = 1.0 if rows[one, SEX] == rows[other, SEX] else -1.0


def papers(sieve: Any, ones: Any, others: Any, out: Any) -> None:
    """Of which pairs of rows relatives or documents are known of both."""
    rows = sieve.rows
    most = (rows.shape[1] - SHARED) // 3
    for pair in range(len(ones)):
        one, other = ones[pair], others[pair]
        for kind in (1, 2):
            at = SHARED + kind * most
            if rows[one, at] != 0 and rows[other, at] != 0:
                out[pair] = True


FUNCTIONS: Final = (glanced, papers)
