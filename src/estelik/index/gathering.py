"""Gathering: the names of a directory that have most in common with one, by their words alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.index import directory
from estelik.names.skeleton import skeleton
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.index.directory import Reach
    from estelik.names.sought import Sought
    from estelik.vault.connection import Connection

#: How many cells are read for a word, and how many words near it are followed; how near.
_CELLS: Final = 24
_NEAREST: Final = 60
_NEAR: Final = 0.25
#: How near a word counts that has the same consonants, and how long a list of such is still read (bytes).
_BONES: Final = 0.45
_LIST: Final = 40_000


class Cells:
    """The words of the cells that were read: their terms, and their vectors of length 1."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], tuple[Any, Any]] = {}
        self._reach: dict[str, Reach] = {}

    def near(
        self, connection: Connection, schema: str, there: Reach, cells: Sequence[int], vectors: Any
    ) -> tuple[Any, Any]:
        """The terms (n) of the words in these cells, and how near they are to ``vectors`` (n x m); ``there``:
        how far the directory goes."""
        if self._reach.get(schema) != there:
            self._read = {key: found for key, found in self._read.items() if key[0] != schema}
            self._reach[schema] = there
        axes = weights().cells.shape[1]
        missing = [cell for cell in cells if (schema, cell) not in self._read]
        found = directory.cell_words(connection, schema, missing, axes)
        for cell in missing:
            words = found.get(cell, np.zeros(0, directory.word_type(axes)))
            rows = words["row"].astype(np.float32)
            rows /= np.sqrt(np.maximum(np.einsum("ij,ij->i", rows, rows), 1))[:, None]
            self._read[schema, cell] = words["term"], rows
        chosen = [self._read[schema, cell] for cell in cells]
        turned = vectors.T
        return np.concatenate([terms for terms, _ in chosen]), np.concatenate(
            [rows @ turned for _, rows in chosen]
        )


def gathered(
    connection: Connection, schema: str, there: Reach, cells: Cells, sought: Sought, most: int
) -> list[int]:
    """The numbers of the names that have most in common with the one sought, by their words alone."""
    near = _near_words(connection, schema, there, cells, sought)
    bones = [
        directory.skeleton_term(consonants) if (consonants := skeleton(*word, weights())) else 0
        for word in sought.words[: sought.written[0]]
    ]
    bones += [0] * (len(sought.words) - len(bones))
    wanted = {term for terms, _ in near for term in terms}
    lists = directory.bearers(connection, schema, wanted)
    lists |= directory.bearers(connection, schema, {one for one in bones if one}, _LIST)
    best: dict[int, float] = {}
    for alternative in sought.alternatives:
        found: list[Any] = []
        values: list[Any] = []
        for forms in alternative:
            entries, closeness = [np.zeros(0, "<u4")], [np.zeros(0, np.float32)]
            for word, cost in forms:
                pairs = [*zip(*near[word], strict=True), (bones[word], _BONES)]
                for term, value in pairs:
                    if term in lists and value > cost:
                        entries.append(lists[term])
                        closeness.append(np.full(len(lists[term]), value - cost, np.float32))
            every, value = _highest(np.concatenate(entries), np.concatenate(closeness))
            found.append(every)
            values.append(value)
        if not found:
            continue
        every, back = np.unique(np.concatenate(found), return_inverse=True)
        sums = np.bincount(back, weights=np.concatenate(values), minlength=len(every))
        numbers, sizes = directory.unpacked(every)
        sums = sums / np.sqrt(len(alternative) * np.maximum(sizes, 1))
        top = np.argsort(-sums, kind="stable")[:most]
        for number, value in zip(numbers[top].tolist(), sums[top].tolist(), strict=True):
            best[number] = max(best.get(number, 0.0), value)
    return sorted(best, key=lambda number: (-best[number], number))[:most]


def _highest(entries: Any, values: Any) -> tuple[Any, Any]:
    """Each of the entries once, with the highest of its values."""
    order = np.lexsort((-values, entries))
    entries, values = entries[order], values[order]
    first = np.flatnonzero(np.diff(entries.astype(np.int64), prepend=-1))
    return entries[first], values[first]


def _near_words(
    connection: Connection, schema: str, there: Reach, cells: Cells, sought: Sought
) -> list[tuple[list[int], list[float]]]:
    """Of each word sought the terms of words near it, and how near they are; its own among them."""
    # A reading is one of many: those are met as they are, or not at all.
    written = sought.vectors[: sought.written[0]]
    far = np.argsort(-(written @ weights().cells.T), axis=1, kind="stable")[:, :_CELLS]
    wanted = sorted(set(far.ravel().tolist()))
    terms, near = cells.near(connection, schema, there, wanted, written)
    out = []
    for number, word in enumerate(sought.words):
        if number >= len(written):
            out.append(([directory.word_term(*word)], [1.0]))
            continue
        column = near[:, number]
        top = (
            np.argpartition(-column, _NEAREST)[:_NEAREST]
            if len(column) > _NEAREST
            else np.arange(len(column))
        )
        top = top[column[top] >= _NEAR]
        found = dict(zip(terms[top].tolist(), column[top].tolist(), strict=True))
        found[directory.word_term(*word)] = 1.0
        out.append((list(found), list(found.values())))
    return out
