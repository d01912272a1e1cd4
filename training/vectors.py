"""Vectors: learns one for each n-gram, so that a word and the same word in Latin letters lie together.

A word's vector is the sum of its n-grams' vectors. Of a batch, each word is to
be nearer to its own counterpart than to those of the others (van den Oord, Li
and Vinyals, 2018); Adagrad, one step size a row.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np

from estelik.names import kernel
from estelik.names.scripts import KINDS, PINYIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from training.words import Pair

AXES: Final = 96
_ROUNDS: Final = 10
_BATCH: Final = 512
_TEMPERATURE: Final = 0.07
#: What its random numbers start from.
SEED: Final = 20261122
#: An n-gram that fewer words have is not learned.
_LEAST: Final = {"Latn": 15, "Cyrl": 14, "Arab": 7, "Hani": 4}

_keys = numba.njit(kernel.keys)


class Vectors(NamedTuple):
    """``keys`` of n-grams, ascending (n), and their ``vectors`` (n x ``AXES``)."""

    keys: np.ndarray[Any, np.dtype[np.int64]]
    vectors: np.ndarray[Any, np.dtype[np.float32]]


def ngrams(script: str, word: str, syllables: dict[str, str]) -> list[int]:
    """The numbers of a word's n-grams; of a Chinese one those of its characters and of its pinyin."""
    out = np.empty(400, np.int64)
    letters = np.array([ord(one) for one in word], np.int64)
    if script != "Hani":
        return list(out[: _keys(letters, KINDS[script], 4, out)])
    found = list(out[: _keys(letters, KINDS[script], 2, out)])
    said = np.array([ord(one) for letter in word for one in syllables.get(letter, "")], np.int64)
    return found + (list(out[: _keys(said, PINYIN, 4, out)]) if len(said) else [])


def learned(pairs: Sequence[Pair], syllables: dict[str, str], progress: Callable[[str], object]) -> Vectors:
    """Learns from ``pairs``; the same from the same, on any machine with the same libraries."""
    own = [ngrams(pair.script, pair.word, syllables) for pair in pairs]
    latin = [ngrams("Latn", pair.latin, syllables) for pair in pairs]
    counts = dict[int, list[int]]()
    for pair, left, right in zip(pairs, own, latin, strict=True):
        for number in set(left):
            counts.setdefault(number, [0, _LEAST[pair.script]])[0] += 1
        for number in set(right):
            counts.setdefault(number, [0, _LEAST["Latn"]])[0] += 1
    keys = np.array(sorted(number for number, (seen, least) in counts.items() if seen >= least), np.int64)
    row = {number: place for place, number in enumerate(keys.tolist())}
    progress(f"{len(pairs):,} pairs, {len(keys):,} n-grams")

    own, latin, kept = _known(own, latin, row)
    scripts = np.array([KINDS[pairs[number].script] for number in kept])
    rng = np.random.default_rng(SEED)
    vectors = (rng.standard_normal((len(keys), AXES)) * 0.1).astype(np.float32)
    groups = [np.flatnonzero(scripts == kind) for kind in sorted(set(scripts.tolist()))]
    weights = np.array([pairs[number].weight for number in kept])
    _move_all(vectors, _flat(own), _flat(latin), weights, groups, rng, progress, fixed=False)
    return Vectors(keys, vectors)


def beside(
    fixed: Vectors,
    pairs: Sequence[Pair],
    wanted: AbstractSet[int],
    least: int,
    progress: Callable[[str], object],
) -> Vectors:
    """Learns the n-grams ``wanted`` that at least so many words of ``pairs`` have, beside others that are
    ``fixed`` and stay where they lie. The pairs are of one script with letters."""
    own = [ngrams(pair.script, pair.word, {}) for pair in pairs]
    latin = [ngrams("Latn", pair.latin, {}) for pair in pairs]
    seen = Counter(number for one in own for number in set(one) & wanted)
    keys = np.array(sorted(number for number, count in seen.items() if count >= least), np.int64)
    progress(f"{len(pairs):,} pairs, {len(keys):,} n-grams")
    row = {number: place for place, number in enumerate(fixed.keys.tolist())}
    row |= {number: len(row) + place for place, number in enumerate(keys.tolist())}
    own, latin, kept = _known(own, latin, row)
    rng = np.random.default_rng(SEED)
    vectors = (rng.standard_normal((len(keys), AXES)) * 0.1).astype(np.float32)
    every = np.concatenate((fixed.vectors, vectors))
    weights = np.array([pairs[number].weight for number in kept])
    groups = [np.arange(len(kept))]
    _move_all(every, _flat(own), _flat(latin), weights, groups, rng, progress, fixed=True)
    return Vectors(keys, every[len(fixed.keys) :])


def _known(
    own: list[list[int]], latin: list[list[int]], row: dict[int, int]
) -> tuple[list[list[int]], list[list[int]], list[int]]:
    """The rows of the n-grams that have one, of those words of which both sides have any; and which these
    are."""
    kept = [
        number
        for number in range(len(own))
        if any(one in row for one in own[number]) and any(one in row for one in latin[number])
    ]
    ours, theirs = (
        [[row[one] for one in side[number] if one in row] for number in kept] for side in (own, latin)
    )
    return ours, theirs, kept


def _move_all(
    vectors: Any,
    left: tuple[Any, Any],
    right: tuple[Any, Any],
    weights: Any,
    groups: list[Any],
    rng: np.random.Generator,
    progress: Callable[[str], object],
    *,
    fixed: bool,
) -> None:
    """Moves vectors until words lie by their counterparts; of what is ``fixed`` only those on the left."""
    steps = np.full(len(vectors), 1e-6, np.float32)
    for turn in range(_ROUNDS):
        rate = 0.08 * (1 - turn / _ROUNDS) + 0.004
        batches = []
        for group in groups:
            share = weights[group] / weights[group].sum()
            size = min(_BATCH, len(group))
            drawn = rng.choice(group, size=len(group) // size * size, p=share)
            batches += [drawn[start : start + size] for start in range(0, len(drawn), size)]
        loss = 0.0
        for number in rng.permutation(len(batches)):
            loss += _step(vectors, steps, right, left, batches[number], rate, fixed=fixed)
        progress(f"round {turn + 1} of {_ROUNDS}: loss {loss / len(batches):.4f}")


def _flat(lists: list[list[int]]) -> tuple[Any, Any]:
    starts = np.zeros(len(lists) + 1, np.int64)
    starts[1:] = np.cumsum([len(one) for one in lists])
    return starts, np.array([number for one in lists for number in one], np.int32)


def _step(vectors: Any, steps: Any, right: Any, left: Any, rows: Any, rate: float, *, fixed: bool) -> float:
    ones, one_norms = _sums(vectors, right[0], right[1], rows)
    others, other_norms = _sums(vectors, left[0], left[1], rows)
    likeness = ones @ others.T / _TEMPERATURE
    down = np.exp(likeness - likeness.max(axis=1, keepdims=True))
    down /= down.sum(axis=1, keepdims=True)
    across = np.exp(likeness - likeness.max(axis=0))
    across /= across.sum(axis=0)
    slope = down + across
    diagonal = np.arange(len(rows))
    slope[diagonal, diagonal] -= 2
    slope /= _TEMPERATURE * len(rows)
    towards_one = (slope @ others).astype(np.float32)
    towards_other = (slope.T @ ones).astype(np.float32)
    if not fixed:
        _move(vectors, steps, right[0], right[1], rows, ones, one_norms, towards_one, rate)
    _move(vectors, steps, left[0], left[1], rows, others, other_norms, towards_other, rate)
    return float(-np.log(np.diag(down) + 1e-12).mean())


@numba.njit(fastmath=False)
def _sums(vectors: Any, starts: Any, ids: Any, rows: Any) -> Any:
    out = np.zeros((len(rows), vectors.shape[1]), np.float32)
    norms = np.zeros(len(rows), np.float32)
    for place in range(len(rows)):
        for number in range(starts[rows[place]], starts[rows[place] + 1]):
            for axis in range(vectors.shape[1]):
                out[place, axis] += vectors[ids[number], axis]
        square = 0.0
        for axis in range(vectors.shape[1]):
            square += out[place, axis] * out[place, axis]
        norms[place] = np.sqrt(square) + 1e-9
        for axis in range(vectors.shape[1]):
            out[place, axis] /= norms[place]
    return out, norms


@numba.njit(fastmath=False)
def _move(
    vectors: Any, steps: Any, starts: Any, ids: Any, rows: Any, sums: Any, norms: Any, slope: Any, rate: float
) -> None:
    axes = vectors.shape[1]
    for place in range(len(rows)):
        along = 0.0
        for axis in range(axes):
            along += slope[place, axis] * sums[place, axis]
        size = 0.0
        for axis in range(axes):
            slope[place, axis] = (slope[place, axis] - along * sums[place, axis]) / norms[place]
            size += slope[place, axis] * slope[place, axis]
        for number in range(starts[rows[place]], starts[rows[place] + 1]):
            row = ids[number]
            steps[row] += size / axes
            step = rate / np.sqrt(steps[row])
            for axis in range(axes):
                vectors[row, axis] -= step * slope[place, axis]
