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
#: Up to so many words each is compared with all, and so many rows at a time.
_FEW: Final = 4_000
_ROWS: Final = 2_000
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
    """Of each row those that lie near it, itself among them: their numbers and the cosine, the nearest first.

    They are looked for in the cells whose middles are nearest to the row itself: two scripts of one word may
    lie on two sides of a border.
    """
    count = len(rows)
    values = np.full((count, _WORDS), -1.0, np.float32)
    places = np.zeros((count, _WORDS), np.int64)
    for mine, others in _asked(rows):
        for start in range(0, len(mine), _ROWS):
            part = mine[start : start + _ROWS]
            cosines = rows[part] @ rows[others].T
            top = _greatest(cosines)
            all_values = np.hstack([values[part], np.take_along_axis(cosines, top, axis=1)])
            all_places = np.hstack([places[part], others[top]])
            best = np.argsort(-all_values, axis=1, kind="stable")[:, :_WORDS]
            values[part] = np.take_along_axis(all_values, best, axis=1)
            places[part] = np.take_along_axis(all_places, best, axis=1)
    out: list[list[tuple[int, float]]] = []
    for word in range(count):
        line = zip(places[word].tolist(), values[word].tolist(), strict=True)
        found = [(other, value) for other, value in line if value >= _NEAR]
        out.append(found if any(other == word for other, _ in found) else [(word, 1.0), *found])
    return out


def _asked(rows: Any) -> Iterator[tuple[Any, Any]]:
    """Rows, and among which others they are looked for: few among all, of many those in each cell."""
    count = len(rows)
    if count <= _FEW:
        yield np.arange(count), np.arange(count)
        return
    middles = weights().cells
    nearest = np.vstack(
        [
            np.argsort(-(rows[start : start + _ROWS] @ middles.T), axis=1, kind="stable")[:, :_CELLS]
            for start in range(0, count, _ROWS)
        ]
    )
    asking = np.repeat(np.arange(count), nearest.shape[1])
    wanted = nearest.reshape(-1)
    order = np.argsort(wanted, kind="stable")
    asking, wanted = asking[order], wanted[order]
    lie = np.argsort(nearest[:, 0], kind="stable")
    first = nearest[lie, 0]
    for cell in np.unique(first).tolist():
        begin, end = np.searchsorted(wanted, [cell, cell + 1])
        yield asking[begin:end], lie[slice(*np.searchsorted(first, [cell, cell + 1]))]


def _greatest(cosines: Any) -> Any:
    """Where the greatest of each row stand, in any order."""
    if cosines.shape[1] <= _WORDS:
        return np.broadcast_to(np.arange(cosines.shape[1]), cosines.shape)
    return np.argpartition(-cosines, _WORDS, axis=1)[:, :_WORDS]
