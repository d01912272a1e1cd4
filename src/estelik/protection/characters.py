"""Characters: names in running Chinese, where no space parts words.

A Chinese name is looked for as it is written, and as it sounds; a given name
alone as it is written. Another name may be transcribed: a stretch of characters
that has the consonants of one of its words, or that stands beside the dot
between parts of a foreign name, is compared by where it lies in the map.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from estelik.names.skeleton import LEAST, skeleton
from estelik.names.spelling import DOT
from estelik.names.vectors import spoken, vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.protection.word import Word

#: A transcribed word has so many characters.
_SIZES: Final = range(2, 8)
#: How near a stretch has to lie to a word of a name, and so many words of each are kept.
_NEAR: Final = 0.62
_KEPT: Final = 12
_DOTS: Final = frozenset(f"{DOT}•・‧∙⋅●．-—")
_BLOCK: Final = 1024


class Stretch(NamedTuple):
    """Characters ``start`` to ``end`` of a text are like the words of names with these numbers."""

    start: int
    end: int
    words: tuple[tuple[int, float], ...]


class Transcribed:
    """The words of names, to be found transcribed in running Chinese. ``given``: script and letters of
    each; ``rows``: where they lie in the map."""

    def __init__(self, given: Sequence[tuple[str, str]], rows: Any) -> None:
        self._rows = rows
        self._every = np.arange(len(given))
        self._bones: dict[str, list[int]] = defaultdict(list)
        for at, (writing, letters) in enumerate(given):
            if bones := _bones(writing, letters):
                self._bones[bones].append(at)

    def find(self, texts: Sequence[str], runs: Sequence[Sequence[Word]]) -> list[list[Stretch]]:
        """Of each text the stretches that are like a word of a name."""
        asked: dict[str, bool] = {}
        spots: list[list[tuple[int, int, str]]] = []
        for text, each in zip(texts, runs, strict=True):
            mine = [spot for run in each for spot in self._windows(text, run)]
            for _, _, letters, dotted in mine:
                asked[letters] = asked.get(letters, False) or dotted
            spots.append([spot[:3] for spot in mine])
        near = self._near(asked)
        return [
            [Stretch(start, end, near[letters]) for start, end, letters in mine if near.get(letters)]
            for mine in spots
        ]

    def _windows(self, text: str, run: Word) -> Iterator[tuple[int, int, str, bool]]:
        """Stretches of a run that may be a word: where they stand, their characters, whether beside a dot."""
        before = run.start > 0 and text[run.start - 1] in _DOTS
        behind = run.end < len(text) and text[run.end] in _DOTS
        for size in _SIZES:
            for at in range(len(run.letters) - size + 1):
                letters = run.letters[at : at + size]
                dotted = (before and at == 0) or (behind and at + size == len(run.letters))
                if dotted or _bones("Hani", letters) in self._bones:
                    yield run.start + at, run.start + at + size, letters, dotted

    def _near(self, asked: dict[str, bool]) -> dict[str, tuple[tuple[int, float], ...]]:
        out: dict[str, tuple[tuple[int, float], ...]] = {}
        every = list(asked)
        for start in range(0, len(every), _BLOCK):
            block = every[start : start + _BLOCK]
            rows = vectors([("Hani", one) for one in block], weights())
            for letters, row in zip(block, rows, strict=True):
                if asked[letters]:
                    chosen = self._every
                else:
                    chosen = np.array(self._bones[_bones("Hani", letters)], np.int64)
                close = self._rows[chosen] @ row
                enough = np.flatnonzero(close >= _NEAR)
                best = enough[np.argsort(-close[enough], kind="stable")[:_KEPT]].tolist()
                kept = ((int(chosen[at]), float(close[at])) for at in best)
                out[letters] = tuple(kept)
        return out


def _bones(writing: str, letters: str) -> str:
    """The consonants by which a word and its transcription are compared: Chinese has l for r, too."""
    bones = skeleton(writing, letters, weights()).replace("R", "L")
    return bones if len(bones) >= LEAST else ""


def sound(letters: str) -> str:
    """How Chinese characters are read, without tones."""
    return spoken(letters, weights())


def within(run: Word, sizes: range) -> Iterator[tuple[int, int, str]]:
    """All stretches of a run of so many characters."""
    return chain.from_iterable(
        (
            (run.start + at, run.start + at + size, run.letters[at : at + size])
            for at in range(len(run.letters) - size + 1)
        )
        for size in sizes
    )
