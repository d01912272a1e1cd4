"""Exhibits: the evidence that bears on one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.index.bearing import Bearing

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.casebook import Casebook
    from estelik.index.evidence import Exhibit

_READ: Final[WeakKeyDictionary[Casebook, Bearing]] = WeakKeyDictionary()


def exhibits(casebook: Casebook, keys: Collection[str], statements: Collection[str]) -> list[Exhibit]:
    """The evidence that bears on those with these ``keys`` (who are one), or on statements (ids) about them,
    as ``index.evidence.bearing`` has it."""
    subjects = dict.fromkeys((*keys, *(one.partition("\x1f")[0] for one in keys)))
    bearing = _READ.setdefault(casebook, Bearing())
    return bearing.of(casebook.vault.store, subjects, statements, casebook.out_of_sight())
