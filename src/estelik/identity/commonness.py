"""Commonness: how likely somebody else agrees with a row, by what the rows themselves have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.identity.features import Columns


class Commonness:
    """How common what rows have is among them; by names of ``linkage_settings.COMPARISONS``."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._bones = numbered([one.skeleton for one in columns.words])

    def of(self, name: str) -> Any:
        """How likely anybody else is at the level that goes by ``name``, by rows."""
        columns, bones = self._columns, self._bones
        if name == "place1":
            return _counted(columns.places[:, 0])
        if name == "exchanged":
            return _counted(bones[columns.given]) * _counted(bones[columns.father])
        if name == "kin_bones":
            return np.maximum(_counted(bones[columns.father]), _counted(bones[columns.surname]))
        role = columns.father if name == "both" else getattr(columns, name.removesuffix("_bones"))
        return _counted(bones[role])


def numbered(texts: Sequence[str]) -> Any:
    """A number for each text, 0 for ""."""
    numbers = {"": 0}
    return np.array([numbers.setdefault(one, len(numbers)) for one in texts], np.int64)


def in_order(texts: Sequence[str]) -> list[str]:
    """The letters of each text in the order of the alphabet."""
    # Many are the same.
    known = {one: "".join(sorted(one)) for one in set(texts)}
    return [known[one] for one in texts]


def _counted(values: Any) -> Any:
    """How often each value is there, of all that are; 0 is none."""
    _, back, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.where(values != 0, counts[back] / max(1, int((values != 0).sum())), 0.0)
