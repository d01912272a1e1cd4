"""Cells: the regions of the map of names that a word lies nearest, whatever its script and spelling.

Finer than those that the index files words in: two who share a cell of the given name and one of the
father's are worth comparing. Their middles were learned of invented names (``training/blocking.py``).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.bank import Bank
from estelik.names.engine import PLAIN, compiled
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.identity.lexicon import Word

#: How many cells a word is looked for in.
NEAREST: Final = 4
#: Words at a time.
_BLOCK: Final = 4096
#: From so many on it is worth waiting for the compiler.
_MANY: Final = 20_000


@cache
def middles() -> Any:
    """The middles of the cells (n x axes)."""
    with as_file(files("estelik.identity") / "cells.npy") as file:
        return np.load(file, allow_pickle=False).astype(np.float32)


def cells(words: Sequence[Word]) -> Any:
    """The numbers of the cells that each word lies nearest, the nearest first, from 1 on (n x ``NEAREST``);
    0 for a word of which the map knows nothing."""
    out = np.zeros((len(words), NEAREST), np.uint64)
    bank = Bank(weights(), compiled() if len(words) > _MANY else PLAIN)
    number = np.array([bank.word(one.script, one.letters) for one in words], np.int64)
    every, centres = bank.vectors(), middles()

    def look(start: int) -> None:
        some = every[number[start : start + _BLOCK]]
        close = some @ centres.T
        known, rows = some.any(axis=1), np.arange(len(some))
        for rank in range(NEAREST):
            nearest = close.argmax(axis=1)
            close[rows, nearest] = -np.inf
            out[start : start + _BLOCK, rank] = np.where(known, nearest + 1, 0)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        list(threads.map(look, range(0, len(words), _BLOCK)))
    return out
