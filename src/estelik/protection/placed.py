"""Placed: labels of places as facts have them, by key, with what each lies in.

A label that may be any of several places stands for itself, in what all of them
lie in; what is near a place, or on one side of it, only in its region.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.places.level import local
from estelik.places.reading import read
from estelik.places.spelled import key as letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.places.atlas import Atlas
    from estelik.places.level import Level
    from estelik.places.place import Place


class Placed:
    """``areas``: of each key that was given out, and of all around it, what it lies in, the narrowest first;
    ``levels``: how wide each is, where that is known."""

    def __init__(self, atlas: Atlas) -> None:
        self._atlas = atlas
        self._keys: dict[str, str] = {}
        self.areas: dict[str, Sequence[str]] = {}
        self.levels: dict[str, Level] = {}

    def key(self, label: str) -> str:
        """The key of the place that a label means."""
        found = self._keys.get(label)
        if found is None:
            found = self._keys[label] = self._looked_up(label)
        return found

    def called(self, key: str) -> str:
        """A label by which a key was asked for, the first; else what the atlas calls the place."""
        label = next((label for label, own in self._keys.items() if own == key), "")
        if label:
            return label
        place = self._atlas.place(key)
        return place.name if place is not None else key

    def at(self, key: str, level: Level) -> str:
        """What of this level a place is, or lies in; "" where none is known."""
        around = (key, *self.areas.get(key, ()))
        return next((one for one in around if self.levels.get(one) == level), "")

    def _looked_up(self, label: str) -> str:
        reading = read(label)
        found = self._atlas.own_named(label) or self._atlas.known(label)
        chains = [[one.place, *self._atlas.areas(one.place)] for one in found]
        for chain in chains:
            for at, place in enumerate(chain):
                self._take(place, chain[at + 1 :])
        if len(chains) == 1 and reading.relation == "is" and not reading.facility:
            return chains[0][0].key
        key = f"label {letters(label)}"
        shared = (
            [one for one in chains[0] if all(one.key in {two.key for two in each} for each in chains)]
            if chains
            else []
        )
        if reading.relation in ("near", "beyond"):
            shared = [one for one in shared if one.level is not None and not local(one.level)]
        self.areas[key] = tuple(one.key for one in shared)
        return key

    def _take(self, place: Place, around: Sequence[Place]) -> None:
        self.areas.setdefault(place.key, tuple(one.key for one in around))
        if place.level is not None:
            self.levels[place.key] = place.level
