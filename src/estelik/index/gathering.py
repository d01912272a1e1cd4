"""Gathering: the names of a directory that have most in common with one, by their words alone."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np

from estelik.index import directory
from estelik.names.skeleton import skeleton
from estelik.names.vectors import Remembered
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.names.sought import Sought
    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: How many cells are read for a word, and how many words near it are followed; how near.
_CELLS: Final = 24
_NEAREST: Final = 60
_NEAR: Final = 0.25
#: How near a word counts that has the same consonants, and how long a list of such is still read (bytes).
_BONES: Final = 0.45
_LIST: Final = 40_000
#: How many bytes of words are kept at most, for all compartments.
_KEPT: Final = 64 << 20
#: Bits of a number that is sorted: the name above, the word, the rank of a term.
_ENTRY: Final = np.uint64(32)
_RANK: Final = np.uint64(24)
_RANKS: Final = np.uint64((1 << 24) - 1)


class Cells:
    """The words of the cells that were read: their terms, and their vectors of length 1.

    Kept as long as nothing is changed in the file of their compartment, and no more than ``_KEPT`` bytes.
    ``vectors``: of words of names that were looked at.
    """

    def __init__(self) -> None:
        self.vectors = Remembered()
        self._read: dict[tuple[str, int], tuple[Any, Any]] = {}
        self._state: dict[str, object] = {}
        self._size = 0
        self._lock = Lock()

    def near(
        self, connection: Connection, schema: str, state: object, cells: Sequence[int], vectors: Any
    ) -> tuple[Any, Any]:
        """The terms (n) of the words in these cells, and how near they are to ``vectors`` (m x n); ``state``:
        another one where the file may have been changed."""
        found = self._known(schema, state, cells)
        missing = [cell for cell in cells if cell not in found]
        axes = weights().cells.shape[1]
        read = directory.cell_words(connection, schema, missing, axes)
        for cell in missing:
            words = read.get(cell, np.zeros(0, directory.word_type(axes)))
            rows = words["row"].astype(np.float32)
            rows /= np.sqrt(np.maximum(np.einsum("ij,ij->i", rows, rows), 1))[:, None]
            found[cell] = words["term"].copy(), rows
        self._keep(schema, state, {cell: found[cell] for cell in missing})
        return (
            np.concatenate([found[cell][0] for cell in cells]),
            np.concatenate([vectors @ found[cell][1].T for cell in cells], axis=1),
        )

    def _known(self, schema: str, state: object, cells: Sequence[int]) -> dict[int, tuple[Any, Any]]:
        with self._lock:
            if self._state.get(schema) != state:
                self._state[schema] = state
                self._read = {key: one for key, one in self._read.items() if key[0] != schema}
                self._size = sum(map(_bytes, self._read.values()))
            return {cell: self._read[schema, cell] for cell in cells if (schema, cell) in self._read}

    def _keep(self, schema: str, state: object, found: dict[int, tuple[Any, Any]]) -> None:
        with self._lock:
            # Another thread may see a later state by now.
            if self._state.get(schema) != state:
                return
            for cell, one in found.items():
                if (schema, cell) not in self._read:
                    self._read[schema, cell] = one
                    self._size += _bytes(one)
            # What was read first stands first.
            while self._size > _KEPT:
                self._size -= _bytes(self._read.pop(next(iter(self._read))))


#: What was read through each store.
_READ: Final[WeakKeyDictionary[Store, Cells]] = WeakKeyDictionary()


def cells_of(store: Store) -> Cells:
    """The cells that were read through a store: gone with it."""
    return _READ.setdefault(store, Cells())


def _bytes(words: tuple[Any, Any]) -> int:
    return sum(one.nbytes for one in words)


def gathered(
    connection: Connection, schema: str, state: object, cells: Cells, sought: Sought, most: int
) -> list[int]:
    """The numbers of the names that have most in common with the one sought, by their words alone; ``state``:
    as for ``Cells.near``."""
    if not sought.words:
        # Titles alone, or signs: no word is left of it.
        return []
    near = _near_words(connection, schema, state, cells, sought)
    bones = [
        directory.skeleton_term(consonants) if (consonants := skeleton(*word, weights())) else 0
        for word in sought.words[: sought.written[0]]
    ]
    bones += [0] * (len(sought.words) - len(bones))
    lists = directory.bearers(connection, schema, {term for words in near for term in words})
    lists |= directory.bearers(connection, schema, {one for one in bones if one}, _LIST)
    best: dict[int, float] = {}
    for alternative in sought.alternatives:
        slots = [
            [
                (term, value - cost)
                for word, cost in forms
                for term, value in (*near[word].items(), (bones[word], _BONES))
                if value > cost and term in lists
            ]
            for forms in alternative
        ]
        for number, value in _closest(slots, lists, most):
            best[number] = max(best.get(number, 0.0), value)
    return sorted(best, key=lambda number: (-best[number], number))[:most]


def _closest(
    slots: Sequence[Sequence[tuple[int, float]]], lists: Mapping[int, Any], most: int
) -> Iterable[tuple[int, float]]:
    """The numbers of the names that come closest, ``most`` at the most, and how close.

    ``slots``: of each word the terms it is met by, and how near these are.
    """
    terms = [one for slot in slots for one, _ in slot]
    if not terms:
        return ()
    values = np.array([value for slot in slots for _, value in slot], np.float32)
    # Of each name and each word the nearest term is wanted. A sort of numbers brings it to the end of its
    # group: the name, the word, the place of the term among all by its nearness.
    order = np.argsort(values, kind="stable")
    ranks = np.empty(len(order), np.uint64)
    ranks[order] = np.arange(len(order), dtype=np.uint64)
    places = np.repeat(np.arange(len(slots), dtype=np.uint64), [len(slot) for slot in slots])
    lower = places << _RANK | ranks
    sizes = [len(lists[one]) for one in terms]
    keys = np.concatenate([lists[one] for one in terms]).astype(np.uint64) << _ENTRY | np.repeat(lower, sizes)
    keys.sort()
    group = keys >> _RANK
    keys = keys[np.append(group[1:] != group[:-1], True)]
    nearest = values[order].astype(float)[(keys & _RANKS).astype(np.intp)]
    every = (keys >> _ENTRY).astype(np.uint32)
    first = np.flatnonzero(np.append(True, every[1:] != every[:-1]))
    every, sums = every[first], np.add.reduceat(nearest, first)
    numbers, words = directory.unpacked(every)
    sums = sums / np.sqrt(len(slots) * np.maximum(words, 1))
    if len(sums) > most:
        least = np.partition(sums, -most)[-most]
        kept = np.flatnonzero(sums >= least)
        numbers, sums = numbers[kept], sums[kept]
    top = np.argsort(-sums, kind="stable")[:most]
    return zip(numbers[top].tolist(), sums[top].tolist(), strict=True)


def _near_words(
    connection: Connection, schema: str, state: object, cells: Cells, sought: Sought
) -> list[dict[int, float]]:
    """Of each word sought the terms of words near it, and how near they are; its own among them."""
    # A reading is one of many: those are met as they are, or not at all.
    written = sought.vectors[: sought.written[0]]
    far = np.argsort(-(written @ weights().cells.T), axis=1, kind="stable")[:, :_CELLS]
    wanted = sorted(set(far.ravel().tolist()))
    terms, near = cells.near(connection, schema, state, wanted, written)
    out = []
    for number, word in enumerate(sought.words):
        if number >= len(written):
            out.append({directory.word_term(*word): 1.0})
            continue
        row = near[number]
        top = np.argpartition(-row, _NEAREST)[:_NEAREST] if len(row) > _NEAREST else np.arange(len(row))
        top = top[row[top] >= _NEAR]
        found = dict(zip(terms[top].tolist(), row[top].tolist(), strict=True))
        found[directory.word_term(*word)] = 1.0
        out.append(found)
    return out
