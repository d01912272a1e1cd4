"""Cells: the regions of the map of names that a word lies nearest, whatever its script and spelling.

Finer than those that the index files words in: two who share a cell of the given name and one of the
father's are worth comparing. Their middles were learned of invented names (``training/blocking.py``).
"""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.vectors import vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.identity.lexicon import Word

#: How many cells a word is looked for in.
NEAREST: Final = 2
_BLOCK: Final = 8192


@cache
def middles() -> Any:
    """The middles of the cells (n x axes)."""
    with as_file(files("estelik.identity") / "cells.npy") as file:
        return np.load(file, allow_pickle=False).astype(np.float32)


def cells(words: Sequence[Word]) -> Any:
    """The numbers of the cells that each word lies nearest, the nearest first, from 1 on (n x ``NEAREST``);
    0 for a word of which the map knows nothing."""
    out = np.zeros((len(words), NEAREST), np.uint64)
    for start in range(0, len(words), _BLOCK):
        some = vectors([(one.script, one.letters) for one in words[start : start + _BLOCK]], weights())
        close = some @ middles().T
        nearest = np.argpartition(-close, NEAREST, axis=1)[:, :NEAREST]
        order = np.take_along_axis(-close, nearest, 1).argsort(axis=1, kind="stable")
        known = some.any(axis=1)[:, None]
        out[start : start + _BLOCK] = np.where(known, np.take_along_axis(nearest, order, 1) + 1, 0)
    return out
