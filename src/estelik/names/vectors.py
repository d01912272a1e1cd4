"""Vectors: where words lie in the map, of many words at once and without the compiler.

The same as ``kernel.learn`` has them: the sum of the vectors of a word's
n-grams, of length 1.
"""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.kernel import BEGIN, CHINESE, END, PRIME, STEP
from estelik.names.scripts import KINDS, PINYIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from estelik.names.weights import Weights

    #: As ``vectors`` is called.
    Vectors = Callable[[Sequence[tuple[str, str]], Weights], Any]

#: So many words at once: what they need on the way is some 100 MB.
_PIECE: Final = 2000
#: The longest n-gram of a script with letters, and of Chinese characters.
_LONGEST: Final = 4
_LONGEST_CHINESE: Final = 2


def vectors(words: Sequence[tuple[str, str]], weights: Weights) -> Any:
    """The vectors of folded words (script, letters): n x axes, each of length 1, or 0 where the map knows
    nothing of a word."""
    out = np.zeros((len(words), weights.rows.shape[1]), np.float32)
    of = defaultdict[int, list[int]](list)
    for number, (script, _) in enumerate(words):
        of[KINDS.get(script, KINDS["Latn"])].append(number)
    for kind, numbers in of.items():
        for start in range(0, len(numbers), _PIECE):
            piece = numbers[start : start + _PIECE]
            letters = [words[number][1] for number in piece]
            longest = _LONGEST_CHINESE if kind == CHINESE else _LONGEST
            out[piece] = _sums(letters, kind, longest, weights)
            if kind == CHINESE:
                out[piece] += _sums([spoken(word, weights) for word in letters], PINYIN, _LONGEST, weights)
    lengths = np.linalg.norm(out, axis=1, keepdims=True)
    return out / np.where(lengths > 0, lengths, 1)


class Remembered:
    """``vectors`` that remembers the last words it was asked for, some thousands."""

    def __init__(self, most: int = 1 << 13) -> None:
        self._most = most
        self._known: dict[tuple[str, str], Any] = {}
        self._lock = Lock()

    def __call__(self, words: Sequence[tuple[str, str]], weights: Weights) -> Any:
        """``vectors``."""
        found = [self._known.get(word) for word in words]
        missing = [place for place, one in enumerate(found) if one is None]
        rows = vectors([words[place] for place in missing], weights)
        for place, row in zip(missing, rows, strict=True):
            found[place] = row.copy()
        with self._lock:
            self._known |= {words[place]: found[place] for place in missing}
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return np.array(found, np.float32).reshape(len(words), -1)


def spoken(word: str, weights: Weights) -> str:
    """What a Chinese word is read as, in pinyin without tones."""
    places, syllable, syllables = weights.characters, weights.syllable, weights.syllables
    return "".join(syllables[syllable[places[letter]]] for letter in word if letter in places)


def _sums(words: Sequence[str], kind: int, longest: int, weights: Weights) -> Any:
    """The sum of the vectors of each word's n-grams with its ends."""
    out = np.zeros((len(words), weights.rows.shape[1]), np.float32)
    text = "".join(f"{chr(BEGIN)}{word}{chr(END)}" for word in words)
    letters = np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.int64)
    sizes = np.array([len(word) + 2 for word in words])
    owner = np.repeat(np.arange(len(words)), sizes)
    left = np.repeat(np.cumsum(sizes), sizes) - np.arange(len(letters))
    inner = (left > 1) & (left < sizes[owner])
    number = (kind * STEP + letters) % PRIME
    grams, owners = [number[inner]], [owner[inner]]
    for size in range(2, longest + 1):
        number = (number[:-1] * STEP + letters[size - 1 :]) % PRIME
        whole = left[: len(number)] >= size
        grams.append(number[whole])
        owners.append(owner[: len(number)][whole])
    # Numbers of another type than the table's: all of that would be turned into theirs first.
    found, whose = np.concatenate(grams).astype(weights.keys.dtype), np.concatenate(owners)
    places = np.minimum(np.searchsorted(weights.keys, found), len(weights.keys) - 1)
    known = weights.keys[places] == found
    places, whose = places[known], whose[known]
    if len(places):
        order = np.argsort(whose, kind="stable")
        places, whose = places[order], whose[order]
        first = np.flatnonzero(np.append(True, whose[1:] != whose[:-1]))
        rows = weights.rows[places].astype(np.float32) * weights.scales[places][:, None]
        out[whose[first]] = np.add.reduceat(rows, first, axis=0)
    return out
