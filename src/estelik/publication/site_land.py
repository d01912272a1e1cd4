"""Land: the part of the world that a map shows, as paths.

A degree is as high as it is wide at the middle of the map: true enough for a region. The outlines in
``countries.json`` are Natural Earth's (``countries-LICENCE.txt``).
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.publication.site_places import Spot

#: Steps to a degree in the file.
_FINE: Final = 20
#: Degrees around the dots, and the least width of a map.
_AROUND: Final = 3.0
_LEAST: Final = 16.0
WIDTH: Final = 960


class View(NamedTuple):
    """The part that is shown, in degrees, and how high it is in px where it is ``WIDTH`` wide."""

    west: float
    north: float
    scale: float
    stretch: float
    height: float

    def at(self, north: float, east: float) -> tuple[float, float]:
        """A place in px."""
        return (east - self.west) * self.scale, (self.north - north) * self.scale * self.stretch


def view(spots: Iterable[Spot]) -> View:
    """The part of the world that holds these places, with room around them; all of it for none."""
    found = list(spots)
    if not found:
        return View(-180.0, 84.0, WIDTH / 360, 1.0, 144 * WIDTH / 360)
    north, south = max(one.north for one in found) + _AROUND, min(one.north for one in found) - _AROUND
    west, east = min(one.east for one in found) - _AROUND, max(one.east for one in found) + _AROUND
    middle = (north + south) / 2
    stretch = 1 / max(math.cos(math.radians(middle)), 0.2)
    width = max(east - west, _LEAST, (north - south) * stretch)
    spare = (width - (east - west)) / 2
    height = max(north - south, width / stretch / 2)
    top = middle + height / 2
    scale = WIDTH / width
    return View(west - spare, top, scale, stretch, height * scale * stretch)


def paths(shown: View) -> Iterator[str]:
    """The outlines of each country that the view touches."""
    for rings in _countries().values():
        drawn = "".join(_path(shown, ring) for ring in rings if _touches(shown, ring))
        if drawn:
            yield drawn


def _touches(shown: View, ring: list[tuple[float, float]]) -> bool:
    found = [shown.at(north, east) for east, north in ring]
    return (
        max(x for x, _ in found) > 0
        and min(x for x, _ in found) < WIDTH
        and max(y for _, y in found) > 0
        and min(y for _, y in found) < shown.height
    )


def _path(shown: View, ring: list[tuple[float, float]]) -> str:
    parts: list[str] = []
    for east, north in ring:
        x, y = shown.at(north, east)
        # What lies far outside need not be exact, only outside.
        part = f"{min(max(x, -2000), 3000):.0f} {min(max(y, -2000), 3000):.0f}"
        if not parts or parts[-1] != part:
            parts.append(part)
    return "M" + "L".join(parts) + "z"


@cache
def _countries() -> dict[str, list[list[tuple[float, float]]]]:
    text = files("estelik.publication").joinpath("countries.json").read_text(encoding="utf-8")
    out: dict[str, list[list[tuple[float, float]]]] = {}
    for name, rings in json.loads(text).items():
        out[name] = []
        for ring in rings:
            x = y = 0
            points = []
            for across, up in zip(ring[::2], ring[1::2], strict=True):
                x, y = x + across, y + up
                points.append((x / _FINE, y / _FINE))
            out[name].append(points)
    return out
