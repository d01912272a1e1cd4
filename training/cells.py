"""Cells: the middles of the cells that the index files words in, and writes them into the package.

    python -m training.cells --wikidata FOLDER [--words FILE]...

Of the words that the map is trained with (``training.map``), which comes first. Each word goes to the
nearest middle, and each middle to the mean of its words, some times over (k-means by cosine).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np

from estelik.names.vectors import vectors
from estelik.names.weights import weights
from training import origin, words
from training.map import OUT, write

_CELLS: Final = 512
_SAMPLE: Final = 60_000
_ROUNDS: Final = 12
_SEED: Final = 20261122
_BLOCK: Final = 8192


def main() -> int:
    """Learns and writes."""
    asked = argparse.ArgumentParser(prog="python -m training.cells", description=__doc__)
    asked.add_argument("--wikidata", type=Path, required=True)
    asked.add_argument("--words", type=Path, action="append", default=[])
    asked.add_argument("--out", type=Path, default=OUT)
    given = asked.parse_args()
    pairs = [
        *words.wikidata(given.wikidata, "80"),
        *(pair for file in given.words for pair in words.listed(file)),
    ]
    every = sorted({(pair.script, pair.word) for pair in pairs} | {("Latn", pair.latin) for pair in pairs})
    draw = np.random.default_rng(_SEED)
    chosen = draw.permutation(len(every))[:_SAMPLE]
    middles = learned(vectors([every[number] for number in chosen.tolist()], weights()), draw, _CELLS)
    made = write(given.out, "vectors", {"cells": packed(middles)})
    origin.told(
        given.out, "cells", made,
        command="python -m training.cells --wikidata FOLDER --words FILE",
        data=origin.TOKENS,
        words=len(chosen),
        seed=_SEED,
        sources=origin.digests([*given.wikidata.glob("wd_*_80.tsv"), *given.words]),
    )  # fmt: skip
    print(f"{len(chosen):,} words, {_CELLS} cells", file=sys.stderr)
    return 0


def packed(middles: Any) -> Any:
    """Middles in a byte an axis: only their directions count, and one scale does for all."""
    return np.round(middles * (127 / np.abs(middles).max())).astype(np.int8)


def learned(rows: Any, draw: np.random.Generator, count: int) -> Any:
    """The ``count`` middles (count x axes, of length 1) of rows of length 1."""
    middles = rows[:count].copy()
    for _ in range(_ROUNDS):
        nearest = np.concatenate(
            [
                (rows[start : start + _BLOCK] @ middles.T).argmax(axis=1)
                for start in range(0, len(rows), _BLOCK)
            ]
        )
        sums = np.zeros_like(middles)
        np.add.at(sums, nearest, rows)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        # A cell that nobody is in begins anew, somewhere else.
        others = rows[draw.integers(0, len(rows), count)]
        middles = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), others)
    return middles


if __name__ == "__main__":
    sys.exit(main())
