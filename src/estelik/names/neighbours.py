"""Neighbours: of many names the pairs whose words lie near each other in the map."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.matching import SHORT
from estelik.names.slots import read
from estelik.names.vectors import vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: How near two words have to lie, how many of these are followed for each, and in how many cells they are
#: looked for.
_NEAR: Final = 0.4
_WORDS: Final = 24
_CELLS: Final = 16
#: Of each name so many are proposed, that come at least as close.
_NAMES: Final = 12
_CLOSE: Final = 0.45
#: A word that more names have tells two of them from no other, unless it is their only one.
_COMMON: Final = 3000


def neighbours(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The pairs of names (``slots.written``) that are worth comparing, each once, the lower number first."""
    number: dict[tuple[str, str], int] = {}
    laid: list[list[list[list[int]]]] = []
    bearers = defaultdict[int, list[int]](list)
    for name, line in enumerate(lines):
        alternatives = [
            [
                [
                    number.setdefault((form.script, form.letters), len(number))
                    for form in slot.forms
                    if form.kind != SHORT
                ]
                for slot in alternative
            ]
            for alternative in read(line)
        ]
        laid.append(alternatives)
        for word in {one for slots in alternatives for forms in slots for one in forms}:
            bearers[word].append(name)
    near = _near(vectors(tuple(number), weights()))
    sizes = np.array([max(len(one[0]), 1) for one in laid])
    seen: set[tuple[int, int]] = set()
    for name, alternatives in enumerate(laid):
        for other in _close(name, alternatives, near, bearers, sizes):
            pair = (name, other) if name < other else (other, name)
            if pair not in seen:
                seen.add(pair)
                yield pair


def _close(
    name: int,
    alternatives: list[list[list[int]]],
    near: list[list[tuple[int, float]]],
    bearers: dict[int, list[int]],
    sizes: Any,
) -> list[int]:
    best = defaultdict[int, float](float)
    for slots in alternatives:
        sums = defaultdict[int, float](float)
        for forms in slots:
            values: dict[int, float] = {}
            for form in forms:
                for word, value in near[form]:
                    if len(bearers[word]) <= _COMMON or len(slots) == 1:
                        for other in bearers[word]:
                            if value > values.get(other, 0):
                                values[other] = value
            for other, value in values.items():
                sums[other] += value
        for other, value in sums.items():
            close = value / (len(slots) * float(sizes[other])) ** 0.5
            if other != name and close > best[other]:
                best[other] = close
    close_ = [other for other, value in best.items() if value >= _CLOSE]
    return sorted(close_, key=lambda other: (-best[other], other))[:_NAMES]


def _near(rows: Any) -> list[list[tuple[int, float]]]:
    """Of each row those that lie near it, itself among them: their numbers and the cosine."""
    middles = weights().cells
    out: list[list[tuple[int, float]]] = [[] for _ in range(len(rows))]
    cell = (rows @ middles.T).argmax(axis=1) if len(rows) else np.zeros(0, np.int64)
    of = {one: np.flatnonzero(cell == one) for one in np.unique(cell).tolist()}
    around = np.argsort(-(middles @ middles.T), axis=1, kind="stable")
    for one, mine in of.items():
        others = np.concatenate([of[other] for other in around[one].tolist()[:_CELLS] if other in of])
        cosines = rows[mine] @ rows[others].T
        for row, word in enumerate(mine.tolist()):
            line = cosines[row]
            top = np.argsort(-line, kind="stable")[:_WORDS]
            found = [(int(others[spot]), float(line[spot])) for spot in top.tolist() if line[spot] >= _NEAR]
            out[word] = found if any(other == word for other, _ in found) else [(word, 1.0), *found]
    return out
