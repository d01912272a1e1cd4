"""Own places: those that a casebook's statements are about, as these have them.

A ``name`` fact gives another name, with its time in ``when``; ``kind`` the level; ``relation:in`` (or
``relation:part-of``) the area it lies in, and since when. All names of one place lead to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.places.dated_name import DatedName
from estelik.places.level import level_of
from estelik.places.place import PartOf, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.records import Statement


def is_area(fact: str) -> bool:
    """Whether a fact's value is an area that the place lies in."""
    return fact.startswith(("relation:in", "relation:part-of"))


class OwnPlaces:
    """The places of statements, by label: folded, and all labels of one place under one key."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._same: dict[str, str] = {}
        told = [one for one in statements if one.about_kind == "place" and one.answer == "yes" and one.value]
        for one in told:
            if one.fact == "name":
                self._join(one.about, one.value)
        self._told: dict[str, list[Statement]] = {}
        for one in told:
            self._told.setdefault(self.key(one.about), []).append(one)
        self._around = {self.key(one.value) for one in told if is_area(one.fact)}
        self._labels: dict[str, dict[str, None]] = {}
        for one in told:
            labels = [one.about, *([one.value] if one.fact == "name" or is_area(one.fact) else [])]
            for label in labels:
                self._labels.setdefault(self.key(label), {})[label] = None

    def _join(self, place: str, name: str) -> None:
        one, other = self.key(place), self.key(name)
        if one != other:
            self._same[other] = one

    def key(self, label: str) -> str:
        """The key of the place with this label, whether or not statements are about it."""
        key = label.casefold()
        while key in self._same:
            key = self._same[key]
        return key

    def every(self) -> list[str]:
        """The keys of all places that statements are about, or name as an area."""
        return list(self._labels)

    def labels(self, key: str) -> list[str]:
        """All labels that statements use for a place."""
        return list(self._labels.get(key, ()))

    def kind(self, key: str) -> str:
        """What the last statement says of its kind; empty where none does."""
        return next((one.value for one in reversed(self._told.get(key, ())) if one.fact == "kind"), "")

    def areas(self, key: str) -> tuple[str, ...]:
        """The labels of the areas that statements put it in."""
        return tuple(one.value for one in self._told.get(key, ()) if is_area(one.fact))

    def is_area(self, key: str) -> bool:
        """Whether statements put another place in it."""
        return key in self._around

    def place(self, key: str) -> Place | None:
        """The place with this key; None where no statement speaks of it."""
        if key not in self._labels:
            return None
        told = self._told.get(key, [])
        dated = [
            DatedName(one.value, one.when, one.language, one.statement) for one in told if one.fact == "name"
        ]
        known = {one.text.casefold() for one in dated}
        labels = [DatedName(label) for label in self._labels[key] if label.casefold() not in known]
        return Place(
            key=key,
            names=(*labels, *dated) or (DatedName(key),),
            level=level_of(self.kind(key)),
            parts_of=tuple(
                PartOf(self.key(one.value), one.when, one.statement) for one in told if is_area(one.fact)
            ),
            statements=tuple(one.statement for one in told if one.statement),
        )
