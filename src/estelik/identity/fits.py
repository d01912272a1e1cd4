"""Fits: how well two words of names fit each other, by the map between scripts that comes with ``names``."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.bank import Bank, room
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import SimpleNamespace

    from estelik.identity.lexicon import Word

#: What a fit tells: the cosine in the map, the logarithm of how much likelier both are together than apart,
#: and that as a share of a perfect fit.
TELLS: Final = 3
#: From so many on all cores are at work.
_MANY: Final = 10_000


class Fits:
    """Words that are compared with each other, by their numbers."""

    def __init__(
        self, words: Sequence[Word], engine: SimpleNamespace, asked: Sequence[int] | None = None
    ) -> None:
        """``asked``: the numbers of those that are; all of them without."""
        bank = Bank(weights(), engine)
        self._engine = engine
        self._number = np.zeros(len(words), np.int64)
        for number in range(len(words)) if asked is None else asked:
            self._number[number] = bank.word(words[number].script, words[number].letters)
        self._words = bank.words()

    def fits(self, ones: Any, others: Any, *, where: Any) -> Any:
        """What is told of each pair of words (n x ``TELLS``); NaN but ``where`` it is asked for."""
        out = np.full((len(ones), TELLS), np.nan, np.float32)
        left, right = self._number[ones[where]], self._number[others[where]]
        # The same two words come again and again, the one before or behind the other.
        size = len(self._words.kind)
        codes, back = np.unique(np.minimum(left, right) * size + np.maximum(left, right), return_inverse=True)
        found = np.zeros((len(codes), TELLS))

        def fit(part: slice) -> None:
            some = codes[part]
            self._engine.fit_all(self._words, some // size, some % size, room(), found[part])

        step = -(-len(codes) // (os.cpu_count() or 1))
        if len(codes) < _MANY:
            fit(slice(None))
        else:
            with ThreadPoolExecutor() as threads:
                list(threads.map(fit, (slice(start, start + step) for start in range(0, len(codes), step))))
        out[where] = found[back]
        return out
