"""Neighbours: which names of many are worth comparing."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.names import neighbours
from estelik.names.matching import SHORT
from estelik.names.name import parse
from estelik.names.slots import read, slots, written
from estelik.names.vectors import vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Invented people, each pair one person in two scripts.
PAIRS = (
    ("海拉提·努尔兰", "Kairat Nurlanuly"),
    ("Қайрат Нұрланұлы", "Kairat Nurlanuly"),
    ("Gulnar Omarqyzy", "Гулнар Омарова"),
    ("Тарас Вигаданий", "Taras Vyhadanyi"),
    ("ئايگۈل تۇرسۇن", "Aygul Tursun"),
)


@pytest.mark.parametrize("few", [10_000, 0], ids=["each with all", "by cells"])
def test_one_name_in_two_scripts_is_worth_comparing(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    """Also where the words of one script lie on the other side of a cell's border."""
    monkeypatch.setattr(neighbours, "_FEW", few)
    names = list(dict.fromkeys(name for pair in PAIRS for name in pair))
    pairs = neighbours.neighbours([written(slots(parse(name), weights())) for name in names])
    found = set(map(tuple, pairs.tolist()))
    wanted = {tuple(sorted((names.index(one), names.index(other)))) for one, other in PAIRS}
    assert wanted <= found
    assert len(found) < len(names) * (len(names) - 1) / 2


WORDS = (
    "Aman",
    "Аман",
    "Amanov",
    "Nurlan",
    "Нұрлан",
    "Нурланов",
    "Sasha",
    "Александр",
    "海拉提",
    "Li",
    "Kairat",
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join), max_size=30))
def test_the_pairs_are_those_that_come_of_looking_at_each_name_by_itself(names: list[str]) -> None:
    """Name by name and word by word, without arrays."""
    lines = [written(slots(parse(name), weights())) for name in names]
    assert list(map(tuple, neighbours.neighbours(lines).tolist())) == _one_by_one(lines)


def _one_by_one(lines: list[str]) -> list[tuple[int, ...]]:
    laid = [
        [
            [[(f.script, f.letters) for f in slot.forms if f.kind != SHORT] for slot in one]
            for one in read(line)
        ]
        for line in lines
    ]
    words = list(dict.fromkeys(form for name in laid for one in name for forms in one for form in forms))
    cosines = vectors(words, weights()) @ vectors(words, weights()).T if words else np.zeros((0, 0))
    bearers = {word: [n for n, name in enumerate(laid) if _has(name, word)] for word in words}
    pairs: dict[tuple[int, ...], None] = {}
    for name, alternatives in enumerate(laid):
        best = defaultdict[int, float](float)
        for one in alternatives:
            sums = defaultdict[int, float](float)
            for forms in one:
                values = defaultdict[int, float](float)
                for form in forms:
                    for other, word in enumerate(words):
                        near = float(cosines[words.index(form), other])
                        # A word of which the map knows nothing is the same as itself.
                        near = 1.0 if word == form and near < 0.4 else near
                        if near >= 0.4:
                            for bearer in bearers[word]:
                                values[bearer] = max(values[bearer], near)
                for bearer, value in values.items():
                    sums[bearer] += value
            for bearer, value in sums.items():
                size = max(len(laid[bearer][0]), 1)
                best[bearer] = max(best[bearer], value / (len(one) * size) ** 0.5)
        close = sorted(
            (one for one in best if best[one] >= 0.45 and one != name), key=lambda n: (-best[n], n)
        )
        pairs |= {tuple(sorted((name, other))): None for other in close[:12]}
    return list(pairs)


def _has(name: Sequence[Sequence[Sequence[tuple[str, str]]]], word: tuple[str, str]) -> bool:
    return any(word in forms for one in name for forms in one)
