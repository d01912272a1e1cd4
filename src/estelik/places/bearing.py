"""Bearing: on which side of one place another lies, as far as coordinates tell.

"In the east of a region" is where its eastern half is, "east of a town" a quarter of the
compass. Near the middle, and where coordinates are not known, nothing is said.
"""

from __future__ import annotations

from math import atan2, cos, degrees, radians
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from estelik.places.place import Coordinates, Extent, Place
    from estelik.places.reading import Direction

#: Clockwise from the north, a step of 45 degrees each.
_SIDES: Final[tuple[Direction, ...]] = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)
#: How far a place may lie off the middle of a side that somebody named, in degrees.
_OFF: Final = 67.5
#: How much of an area, from its middle to its edge, counts as its middle.
_MIDDLE: Final = 0.15


def bearing(start: Coordinates, end: Coordinates) -> float:
    """The direction from one point to another, in degrees clockwise from the north (0 .. 360); over
    hundreds of kilometres it is rough."""
    east = (end.longitude - start.longitude) * cos(radians((start.latitude + end.latitude) / 2))
    return degrees(atan2(east, end.latitude - start.latitude)) % 360


def side(start: Coordinates, end: Coordinates) -> Direction:
    """The side of ``start`` on which ``end`` lies."""
    return _SIDES[round(bearing(start, end) / 45) % len(_SIDES)]


def lies(place: Place, direction: Direction, anchor: Place) -> bool | None:
    """Whether a place lies on one side of another, or in that part of an area; None where nobody can tell."""
    if place.coordinates is None or not direction:
        return None
    if anchor.extent is not None:
        return _in_part(place.coordinates, direction, anchor.extent)
    if anchor.coordinates is None or anchor.coordinates == place.coordinates:
        return None
    off = abs(bearing(anchor.coordinates, place.coordinates) - 45 * _SIDES.index(direction))
    return min(off, 360 - off) <= _OFF


def _in_part(at: Coordinates, direction: Direction, box: Extent) -> bool | None:
    north = _share(at.latitude, box.south, box.north)
    east = _share(at.longitude, box.west, box.east)
    told = [north if "north" in direction else -north] if "north" in direction or "south" in direction else []
    told += [east if "east" in direction else -east] if "east" in direction or "west" in direction else []
    if any(one < -_MIDDLE for one in told):
        return False
    return True if all(one > _MIDDLE for one in told) else None


def _share(at: float, low: float, high: float) -> float:
    """Where something lies between two edges, from -1 to 1; 0 is the middle."""
    half = (high - low) / 2
    return (at - low - half) / half if half else 0.0
