"""Sought: a name that is looked for among many, by where its words lie in the map.

Cheaper than a comparison, and without the compiler: it says which names are
worth one.
"""

from __future__ import annotations

from itertools import zip_longest
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

    def closeness(self, others: Sequence[str]) -> Any:
        """How close each of ``others`` (``slots.written``) comes: up to 1, which is the same words."""
        number: dict[tuple[str, str], int] = {}
        laid = [_numbered(read(line), number) for line in others]
        theirs = vectors(tuple(number), weights())
        cosines = self.vectors @ theirs.T
        wholes = [_sum(self.vectors, one) for one in self.alternatives[: self.written[1]]]
        mine = [[_nearest(forms, cosines) for forms in one] for one in self.alternatives]
        out = np.zeros(len(others))
        for place, alternatives in enumerate(laid):
            for other in alternatives:
                whole = _sum(theirs, other)
                for one, own in zip_longest(mine, wholes):
                    if one and other:
                        words = _matched(one, other) / (len(one) * len(other)) ** 0.5
                        # Of another reading nothing is known as a whole: its words have many spellings.
                        near = words if own is None else float(own @ whole)
                        out[place] = max(out[place], (words + near) / 2)
        return out


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
    found = vectors[[forms[0][0] for forms in slots]].sum(axis=0)
    length = float(np.linalg.norm(found))
    return found / length if length > 0 else found


def _nearest(forms: Sequence[tuple[int, float]], cosines: Any) -> list[float]:
    """How near each of the other words comes to one of these forms."""
    costs = np.array([cost for _, cost in forms])[:, None]
    nearest: list[float] = (cosines[[one for one, _ in forms]] - costs).max(axis=0).tolist()
    return nearest


def _matched(one: Sequence[Sequence[float]], other: Numbered) -> float:
    """The sum over the words of ``one`` (``_nearest``) and of ``other`` that go together best, each once."""
    every = sorted(
        (max(near[right] - more for right, more in theirs), row, column)
        for row, near in enumerate(one)
        for column, theirs in enumerate(other)
    )
    rows, columns, total = set[int](), set[int](), 0.0
    for value, row, column in reversed(every):
        if value > 0 and row not in rows and column not in columns:
            rows.add(row)
            columns.add(column)
            total += value
    return total
