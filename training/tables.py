"""Tables: learns how letters of a script and Latin ones go together, by expectation maximisation.

Many-to-many alignment (Jiampojamarn, Kondrak and Sherif, NAACL 2007): every way
of cutting two words into units and chunks counts as far as it is likely.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numba
import numpy as np

from estelik.names import kernel
from estelik.names.scripts import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.words import Pair

_ROUNDS: Final = 10
#: A unit of two letters, or a chunk of several, that is seen less often is not learned.
_LEAST_UNIT: Final = {"Latn": 60, "Cyrl": 30, "Arab": 20, "Hani": 1}
_LEAST_CHUNK: Final = {"Latn": 30, "Cyrl": 30, "Arab": 20, "Hani": 6}
#: The longest chunk that a unit stands for.
_LONGEST: Final = {"Latn": 3, "Cyrl": 3, "Arab": 3, "Hani": 5}
#: What stays under this many sightings is taken for chance.
_CHANCE: Final = 0.3


class Table(NamedTuple):
    """How likely units and chunks are together: rows of (unit, chunk, probability); units are the numbers of
    ``kernel.key`` (of Chinese, syllables), chunks Latin letters, "" among them."""

    units: list[int]
    chunks: list[str]
    rows: list[tuple[int, int, float]]


def own_units(script: str, word: str, syllables: dict[str, str], known: dict[str, int]) -> list[list[int]]:
    """At each letter of a word the numbers of the units of one letter and of two that begin there."""
    if script == "Hani":
        said = [syllables.get(letter, "") for letter in word]
        return [[known[one], kernel.NONE] for one in said if one]
    letters = [ord(one) for one in word]
    kind = KINDS[script]
    return [
        [
            kernel.key(letters, start, start + size, kind) if start + size <= len(letters) else kernel.NONE
            for size in (1, 2)
        ]
        for start in range(len(letters))
    ]


def learned(
    script: str,
    pairs: Sequence[Pair],
    syllables: dict[str, str],
    syllable_numbers: dict[str, int],
    progress: Callable[[str], object],
) -> Table:
    """Learns the table of ``script`` from those of the ``pairs`` that are in it."""
    pairs = [pair for pair in pairs if pair.script == script]
    words = [own_units(script, pair.word, syllables, syllable_numbers) for pair in pairs]
    singles = {units[0] for word in words for units in word}
    seen = Counter(unit for word in words for units in word for unit in units if unit >= 0)
    units = sorted(unit for unit, count in seen.items() if unit in singles or count >= _LEAST_UNIT[script])
    cuts = Counter(
        pair.latin[start : start + size]
        for pair in pairs
        for size in range(1, _LONGEST[script] + 1)
        for start in range(len(pair.latin) - size + 1)
    )
    chunks = [
        "",
        *sorted(cut for cut, count in cuts.items() if len(cut) == 1 or count >= _LEAST_CHUNK[script]),
    ]
    row, column = {one: n for n, one in enumerate(units)}, {one: n for n, one in enumerate(chunks)}
    own = [
        np.array([[row.get(unit, -1) for unit in one] for one in word], np.int32).reshape(-1, 2)
        for word in words
    ]
    latin = [_chunks(pair.latin, column) for pair in pairs]
    kept = [number for number in range(len(pairs)) if len(own[number])]
    joined = [np.concatenate([ids[number] for number in kept]) for ids in (own, latin)]
    starts = [np.cumsum([0, *(len(ids[number]) for number in kept)]) for ids in (own, latin)]
    weights = np.array([pairs[number].weight for number in kept])
    single = np.array([unit in singles for unit in units])
    length = np.array([len(chunk) for chunk in chunks])
    table = np.where(single, 1.0, 0.1)[:, None] * (0.3 ** np.maximum(length - 1, 0))[None, :]
    table /= table.sum()
    for turn in range(_ROUNDS):
        counts = np.zeros_like(table)
        total = _expected(joined[0], starts[0], joined[1], starts[1], table, weights, counts)
        counts = np.maximum(counts - (_CHANCE if turn > 1 else 0.0), 0.0)
        table = counts / counts.sum()
        progress(f"{script}, round {turn + 1} of {_ROUNDS}: {total / weights.sum():.4f} a word")
    some = [(int(u), int(c), float(table[u, c])) for u, c in np.argwhere(table > 0)]
    return Table(units, chunks, some)


def _chunks(latin: str, column: dict[str, int]) -> Any:
    return np.array(
        [
            [
                column.get(latin[start : start + size], -1) if start + size <= len(latin) else -1
                for size in range(kernel.LONGEST + 1)
            ]
            for start in range(len(latin) + 1)
        ],
        np.int32,
    )


@numba.njit
def _expected(
    own: Any, own_from: Any, latin: Any, latin_from: Any, table: Any, weights: Any, counts: Any
) -> float:
    total = 0.0
    for pair in range(len(weights)):
        units = own[own_from[pair] : own_from[pair + 1]]
        chunks = latin[latin_from[pair] : latin_from[pair + 1]]
        rows, columns = len(units), len(chunks) - 1
        before = np.zeros((rows + 1, columns + 1))
        behind = np.zeros((rows + 1, columns + 1))
        before[0, 0] = behind[rows, columns] = 1.0
        for row in range(rows):
            for column in range(columns + 1):
                if before[row, column] > 0:
                    for wide in range(units.shape[1]):
                        unit = units[row, wide]
                        if unit >= 0:
                            for size in range(min(chunks.shape[1] - 1, columns - column) + 1):
                                chunk = chunks[column, size]
                                if chunk >= 0:
                                    before[row + wide + 1, column + size] += (
                                        before[row, column] * table[unit, chunk]
                                    )
        whole = before[rows, columns]
        if whole <= 0:
            continue
        total += weights[pair] * np.log(whole)
        for row in range(rows - 1, -1, -1):
            for column in range(columns, -1, -1):
                way = 0.0
                for wide in range(units.shape[1]):
                    unit = units[row, wide]
                    if unit >= 0:
                        for size in range(min(chunks.shape[1] - 1, columns - column) + 1):
                            chunk = chunks[column, size]
                            if chunk >= 0:
                                step = table[unit, chunk] * behind[row + wide + 1, column + size]
                                way += step
                                counts[unit, chunk] += weights[pair] * before[row, column] * step / whole
                behind[row, column] = way
    return total
