"""Sought: a name that is looked for among many, by where its words lie in the map.

Cheaper than a comparison, and without the compiler: it says which names are
worth one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from estelik.names.readings import readings
from estelik.names.slots import read, slots
from estelik.names.vectors import vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.names.name import Name
    from estelik.names.slots import Slot
    from estelik.names.vectors import Vectors

#: What it costs that a word is found without its ending, or by a short form (by ``Form.kind``).
COSTS: Final = (0.0, 0.1, 0.35)
#: What it costs that a Chinese name is read in another way than as written.
READING: Final = 0.1
#: More words of a name than these are not looked at.
_MOST: Final = 7


class Sought:
    """The words of a name and their vectors.

    ``words``: each folded word once (script, letters); ``vectors``: theirs;
    ``alternatives``: of each way to cut the name its slots, each with the numbers
    of its words and what each costs; the first ``written`` of both are of the
    name as it is written, the others of other readings of its characters.
    """

    def __init__(self, name: Name) -> None:
        number: dict[tuple[str, str], int] = {}
        laid = slots(name, weights())
        as_written = _numbered(laid.alternatives, number)
        self.written = len(number), len(as_written)
        self.alternatives = (*as_written, *_read(laid.native, number))
        self.words = tuple(number)
        self.vectors = vectors(self.words, weights())

    def closeness(self, others: Sequence[str], known: Vectors = vectors) -> Any:
        """How close each of ``others`` (``slots.written``) comes: up to 1, which is the same words.

        ``known``: where words lie, as ``vectors`` gives it.
        """
        number: dict[tuple[str, str], int] = {}
        laid = [
            (place, other)
            for place, line in enumerate(others)
            for other in _numbered(read(line), number)
            if other
        ]
        out = np.zeros(len(others))
        if not laid:
            return out
        theirs = known(tuple(number), weights())
        columns = _Columns([other for _, other in laid])
        owners = np.array([place for place, _ in laid])
        cosines = self.vectors @ theirs.T
        wholes = _even(np.add.reduceat(theirs[columns.first], columns.begins, axis=0)).T
        late: list[tuple[float, int, Any, int]] = []
        for spot, one in enumerate(self.alternatives):
            if not one:
                continue
            near = columns.near(one, cosines)
            sums, certain = columns.sums(near)
            close = sums / (len(one) * columns.sizes) ** 0.5
            if spot < self.written[1]:
                # Of another reading nothing is known as a whole: its words have many spellings.
                close = (close + (_sum(self.vectors, one) @ wholes).astype(float)) / 2
            np.maximum.at(out, owners[certain], close[certain])
            late += [(float(close[which]), which, near, spot) for which in np.flatnonzero(~certain).tolist()]
        # Where two words go best with the same one less is left than their sum.
        for most, which, near, spot in late:
            if most > out[owners[which]]:
                begin, size = columns.begins[which], columns.sizes[which]
                one = self.alternatives[spot]
                words = _matched(near[:, begin : begin + size].tolist()) / (len(one) * size) ** 0.5
                if spot < self.written[1]:
                    words = (words + float(_sum(self.vectors, one) @ wholes[:, which])) / 2
                out[owners[which]] = max(out[owners[which]], words)
        return out


class _Columns:
    """The words of other names, one behind the other.

    ``first``: of each its number as written; ``begins``, ``sizes``: of each name its first word and how many.
    """

    def __init__(self, names: Sequence[Numbered]) -> None:
        forms = [slot for name in names for slot in name]
        self.sizes = np.array([len(name) for name in names])
        self.begins = np.cumsum(self.sizes) - self.sizes
        self.first = np.array([slot[0][0] for slot in forms])
        self._words = np.array([word for slot in forms for word, _ in slot])
        self._costs = np.array([cost for slot in forms for _, cost in slot])
        lengths = np.array([len(slot) for slot in forms])
        self._forms = np.cumsum(lengths) - lengths

    def near(self, name: Numbered, cosines: Any) -> Any:
        """How near each word comes to each of ``name`` (r x n), by the forms of both that are nearest."""
        rows = [
            (cosines[[word for word, _ in forms]] - np.array([cost for _, cost in forms])[:, None]).max(
                axis=0
            )
            for forms in name
        ]
        return np.maximum.reduceat(np.array(rows)[:, self._words] - self._costs, self._forms, axis=1)

    def sums(self, near: Any) -> tuple[Any, Any]:
        """Of each name the sum of what comes nearest to each row, and whether these are different words, so
        that each can go with its own."""
        highest = np.maximum.reduceat(near, self.begins, axis=1)
        own = np.repeat(highest, self.sizes, axis=1)
        # Of equal ones the last, which is taken first where they are matched.
        last = np.maximum.reduceat(np.where(near == own, np.arange(near.shape[1]), -1), self.begins, axis=1)
        counted = np.where(highest > 0, highest, 0.0)
        spots = np.sort(np.where(highest > 0, last, -1 - np.arange(len(near))[:, None]), axis=0)
        return -np.sort(-counted, axis=0).sum(axis=0), (spots[1:] != spots[:-1]).all(axis=0)


#: Slots of words: the number of each form, and what it costs.
Numbered = tuple[tuple[tuple[int, float], ...], ...]


def _numbered(
    alternatives: Sequence[Sequence[Slot]], number: dict[tuple[str, str], int]
) -> tuple[Numbered, ...]:
    return tuple(
        tuple(
            tuple(
                (number.setdefault((form.script, form.letters), len(number)), COSTS[form.kind])
                for form in slot.forms
            )
            for slot in alternative[:_MOST]
        )
        for alternative in alternatives
    )


def _read(native: Sequence[int], number: dict[tuple[str, str], int]) -> tuple[Numbered, ...]:
    """The other readings of a Chinese name."""
    return tuple(
        tuple(
            tuple((number.setdefault(("Latn", one), len(number)), READING) for one in spellings)
            for spellings in words
        )
        for words in readings(native, weights())
    )


def _sum(vectors: Any, slots: Numbered) -> Any:
    """The vector of a whole name."""
    return _even(vectors[[forms[0][0] for forms in slots]].sum(axis=0))


def _even(vectors: Any) -> Any:
    """Vectors of length 1, but for those that are nothing."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return vectors / np.where(lengths > 0, lengths, 1)


def _matched(near: Sequence[Sequence[float]]) -> float:
    """The sum over the rows and columns that go together best, each once."""
    every = sorted((value, row, column) for row, line in enumerate(near) for column, value in enumerate(line))
    rows, columns, total = set[int](), set[int](), 0.0
    for value, row, column in reversed(every):
        if value > 0 and row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            total += value
    return total
