"""Atlas: the places of a casebook before those of the gazetteer, and what lies in what.

A place of statements and one of the gazetteer are taken as one where their names leave only that one.
Statements may put A in B and B in A: that is named, and nothing goes round and round for it.
"""

from __future__ import annotations

from collections import deque
from functools import reduce
from typing import TYPE_CHECKING, Literal

from estelik.places import gazetteer
from estelik.places.dated_name import DatedName
from estelik.places.level import LEVELS, level_of
from estelik.places.matching import Match, fits, matches, matching
from estelik.places.own import OwnPlaces
from estelik.places.reading import read
from estelik.places.spelled import key as letters
from estelik.places.spelled import written

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.places.place import PartOf, Place
    from estelik.places.reading import Reading
    from estelik.records import Statement

#: How near two places are: one and the same, one in the other, both in one area of a level, or in none
#: that is known.
Nearness = Literal[
    "same", "inside", "facility", "settlement", "city", "county", "prefecture", "region", "country", "apart"
]


class Atlas:
    """Places by key and by name."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self.own = OwnPlaces(statements)
        self._named: dict[str, list[Place]] | None = None
        self._twins: dict[str, tuple[Place, ...]] = {}

    def place(self, key: str) -> Place | None:
        """The place with this key: of the casebook, or of the gazetteer."""
        return self.own.place(key) or gazetteer.place(key)

    def known(self, label: str, *, guess: bool = True) -> tuple[Match, ...]:
        """The places of the gazetteer that a label's anchor may be, by its words alone; where the label
        names areas around it, only those that lie in them, if any does. ``guess``: as ``matches`` has
        it."""
        return self._meant(read(label), guess=guess)

    def _meant(self, reading: Reading, *, guess: bool = True) -> tuple[Match, ...]:
        found: tuple[Match, ...] = ()
        if reading.relation == "is" and not reading.within:
            found = matches(reading.text, guess=False)
        if not found and reading.anchor:
            found = matches(reading.anchor, reading.level, guess=guess)
        for area in reading.within:
            wanted = {one.place.key for one in matches(area)}
            inside = tuple(one for one in found if wanted & {around.key for around in self.areas(one.place)})
            found = inside or found
        return found

    def own_named(self, label: str) -> tuple[Match, ...]:
        """The places of statements that a label may be the name of."""
        if not self.own.every():
            return ()
        if self._named is None:
            self._named = {}
            for key in self.own.every():
                place = self.own.place(key)
                if place is None:
                    continue
                for name in place.names:
                    spelled = (name.text, *(other for _, other in written(name.text)))
                    for one in spelled:
                        self._named.setdefault(letters(one), []).append(place)
        named = self._named
        reading = read(label)
        found = matching(reading.text, None, lambda wanted: named.get(wanted, ()))
        if not found and reading.anchor:
            found = matching(reading.anchor, reading.level, lambda wanted: named.get(wanted, ()))
        return found

    def twins(self, key: str) -> tuple[Place, ...]:
        """The places of the gazetteer that a place of statements may be, by all its names together: those
        that every name which is known there allows, and that lie where statements put it."""
        found = self._twins.get(key)
        if found is None:
            self._twins[key] = ()  # while it is looked for: areas ask for theirs
            found = self._twins[key] = self._twin(key)
        return found

    def _twin(self, key: str) -> tuple[Place, ...]:
        level = level_of(self.own.kind(key))
        if level == "facility":
            return ()
        sets = []
        for label in self.own.labels(key) or [key]:
            reading = read(label)
            if reading.relation == "is" and not reading.facility:
                sets.append({one.place.key: one.place for one in self._meant(reading)})
        sets = [found for found in sets if found]
        if not sets:
            return ()
        shared = reduce(lambda one, other: {key: one[key] for key in one if key in other} or one, sets)
        if level is not None:
            shared = {key: one for key, one in shared.items() if fits(one, level)}
        wanted = {twin.key for area in self.own.areas(key) for twin in self.twins(self.own.key(area))}
        return tuple(
            one for one in shared.values() if not wanted or wanted & {area.key for area in self.areas(one)}
        )

    def areas(self, place: Place, on: str = "") -> tuple[Place, ...]:
        """What a place lies in, the nearest first, each once: on the days of ``on``, or at any time."""
        return self._around(place, on)[0]

    def circles(self, place: Place) -> tuple[str, ...]:
        """The keys of those places, of this one and those around it, that lie in themselves by what
        statements say: none, if nothing is wrong."""
        around = (place, *self.areas(place))
        return tuple(one.key for one in around if one.key in self._around(one, "")[1])

    def _around(self, place: Place, on: str) -> tuple[tuple[Place, ...], set[str]]:
        """The areas around a place, and the keys of all that was come upon: the place's own, if it lies in
        itself."""
        found: dict[str, Place] = {}
        met: set[str] = set()
        pending = deque([place])
        while pending:
            for part in self._parts(pending.popleft()):
                if on and DatedName("", part.when).held(on) == "no":
                    continue
                met.add(part.key)
                area = self.place(part.key)
                if area is not None and area.key != place.key and area.key not in found:
                    found[area.key] = area
                    pending.append(area)
        return tuple(found.values()), met

    def _parts(self, place: Place) -> Sequence[PartOf]:
        if place.origin != "statements" or place.parts_of:
            return place.parts_of
        twins = self.twins(place.key)
        return twins[0].parts_of if len(twins) == 1 else ()

    def nearness(self, one: Place, other: Place, on: str = "") -> Nearness:
        """How near two places are to each other: "same"; "inside", one in the other; the level of the
        narrowest area that both lie in; "apart" where none is known."""
        if one.key == other.key:
            return "same"
        ones, others = self.areas(one, on), self.areas(other, on)
        theirs = {area.key for area in others}
        if other.key in {area.key for area in ones} or one.key in theirs:
            return "inside"
        shared = [area.level for area in ones if area.key in theirs and area.level is not None]
        return min(shared, key=LEVELS.index, default="apart")
