"""Neighbours: of many names the pairs whose words lie near each other in the map."""

from __future__ import annotations

from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.matching import SHORT
from estelik.names.slots import read
from estelik.names.vectors import vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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
#: So many names are looked at between two pauses.
_OFTEN: Final = 16


def neighbours(lines: Sequence[str], pause: Callable[[], object] = lambda: None) -> Any:
    """The pairs of names (``slots.written``) that are worth comparing, each once, the lower number first:
    n x 2, in the order in which they are met. ``pause`` is called now and then."""
    number: dict[tuple[str, str], int] = {}
    laid: list[list[list[list[int]]]] = []
    bearing = defaultdict[int, list[int]](list)
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
            bearing[word].append(name)
        if name % _OFTEN == 0:
            pause()
    near = _near(vectors(tuple(number), weights()), pause)
    closest = _Closest(
        {word: np.array(names, np.int64) for word, names in bearing.items()},
        near,
        np.array([max(len(one[0]), 1) for one in laid]),
    )
    del bearing
    # A pair as one number: a set of pairs is ten times as large.
    met: list[Any] = [np.zeros(0, np.int64)]
    for name, alternatives in enumerate(laid):
        others = np.array(closest.of(name, alternatives), np.int64)
        met.append(np.minimum(others, name) * len(laid) + np.maximum(others, name))
        if name % _OFTEN == 0:
            pause()
    every, first = np.unique(np.concatenate(met), return_index=True)
    return np.stack(np.divmod(every[np.argsort(first)], max(len(laid), 1)), axis=1)


class _Closest:
    """Which names come closest to one. ``bearers``: of each word the names that have it; ``near``: the words
    near it; ``sizes``: how many words each name has."""

    def __init__(self, bearers: dict[int, Any], near: list[list[tuple[int, float]]], sizes: Any) -> None:
        self._bearers, self._near, self._sizes = bearers, near, sizes
        #: By how many words two names have, what their sum is divided by.
        most = int(sizes.max(initial=1))
        self._roots = [
            np.array([(ours * theirs) ** 0.5 for theirs in range(most + 1)]) for ours in range(most + 1)
        ]
        # Of every name what it has in common with the one that is looked at; none of it between two.
        self._value, self._sum, self._best = (np.zeros(len(sizes)) for _ in range(3))

    def of(self, name: int, alternatives: Sequence[Sequence[Sequence[int]]]) -> list[int]:
        """The numbers of those that come closest to one name, the closest first."""
        found = [self._along(slots) for slots in alternatives if slots]
        if not found:
            return []
        others = np.unique(np.concatenate(found))
        best = self._best[others]
        self._best[others] = 0
        kept = (best >= _CLOSE) & (others != name)
        others, best = others[kept], best[kept]
        return others[np.argsort(-best, kind="stable")][:_NAMES].tolist()  # type: ignore[no-any-return]

    def _along(self, slots: Sequence[Sequence[int]]) -> Any:
        """Notes how close each name comes to these words; the names that come close enough."""
        value, sums = self._value, self._sum
        touched = [np.zeros(0, np.int64)]
        for forms in slots:
            nearest: dict[int, float] = {}
            for form in forms:
                for word, near in self._near[form]:
                    if near > nearest.get(word, 0):
                        nearest[word] = near
            met = []
            # The nearest last: it is what stays.
            for word, near in sorted(nearest.items(), key=itemgetter(1)):
                names = self._bearers[word]
                if len(names) <= _COMMON or len(slots) == 1:
                    value[names] = near
                    met.append(names)
            if met:
                there = np.concatenate(met)
                # A name that is met twice is given the same sum twice.
                sums[there] = sums[there] + value[there]
                value[there] = 0
                touched.append(there)
        every = np.concatenate(touched)
        roots = self._root(len(slots))
        close = sums[every] / roots[self._sizes[every]]
        sums[every] = 0
        enough = close >= _CLOSE
        every, close = every[enough], close[enough]
        self._best[every] = np.maximum(self._best[every], close)
        return every

    def _root(self, ours: int) -> Any:
        if ours < len(self._roots):
            return self._roots[ours]
        return np.array([(ours * theirs) ** 0.5 for theirs in range(len(self._roots))])


def _near(rows: Any, pause: Callable[[], object]) -> list[list[tuple[int, float]]]:
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
        pause()
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
