"""Place: where something is, under all its names, and what it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.places.dated_name import DatedName
from estelik.places.level import Level

if TYPE_CHECKING:
    from estelik.names.script import Script

#: Where a place is known from.
Origin = Literal["statements", "GeoNames", "list"]


class Coordinates(msgspec.Struct, frozen=True):
    """Degrees north and east (WGS 84)."""

    latitude: float
    longitude: float


class Extent(msgspec.Struct, frozen=True):
    """The box, in degrees, around all settlements that are known in an area; its borders lie further out."""

    south: float
    west: float
    north: float
    east: float


class PartOf(msgspec.Struct, frozen=True):
    """In what a place lies: the other's key, and from when to when (EDTF; empty: nobody says)."""

    key: str
    when: str = ""
    statement: str = ""


class Place(msgspec.Struct, frozen=True):
    """One place.

    ``key`` tells it apart from all others: of the gazetteer, or the label of statements, folded.
    ``names``: the best known first. ``coordinates`` of a county are those of its seat. Regions have none, but
    an ``extent``.
    """

    key: str
    names: tuple[DatedName, ...]
    level: Level | None = None
    parts_of: tuple[PartOf, ...] = ()
    origin: Origin = "statements"
    coordinates: Coordinates | None = None
    extent: Extent | None = None
    statements: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name to show where no day is asked for: the one that it has now, if that is known."""
        lasting = next((one.text for one in self.names if one.when.endswith("/..")), "")
        return lasting or next((one.text for one in self.names if not one.when), self.names[0].text)

    def called(self, on: str, script: Script | None = None) -> str:
        """Its name on the days of ``on`` (EDTF), in ``script`` if there is one.

        A name that certainly held is before one that nobody dates, and that before one
        that may have held for some of these days.
        """
        if not on:
            return self.name
        rank = {"yes": 0, "perhaps": 1, "no": 2}
        first = self.name
        found = sorted(
            self.names,
            key=lambda one: (
                script is not None and one.script != script,
                rank[one.held(on)],
                bool(one.when),
                one.text != first,
            ),
        )
        if script is not None and (found[0].script != script or found[0].held(on) == "no"):
            return self.called(on)
        return found[0].text
