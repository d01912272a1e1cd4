"""Places of a site: where the labels of entries are on a map, as exactly as they were told.

A label is looked up in the gazetteer. Where it can be several places, it is the area that all of them lie in;
where nothing is known of that, it is on no map.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.places import gazetteer
from estelik.places.atlas import Atlas

if TYPE_CHECKING:
    from estelik.places.place import Place

#: What an entry is listed under.#: Degrees between places that a map of a region shows as one.
_NEAR: Final = 0.5
_AREAS: Final = ("prefecture", "region", "country")


class Spot(NamedTuple):
    """A place or an area: key, name, degrees north and east; ``area``: the middle of one."""

    key: str
    name: str
    north: float
    east: float
    area: bool


@lru_cache(1 << 14)
def spot(label: str) -> Spot | None:
    """Where a label is, None where nobody can say."""
    found = [one.place for one in _atlas().known(label)] if label else []
    if len(found) > 1 and not _beside(found):
        found = [one for one in _shared(found) if one.coordinates or one.extent][:1]
    if not found:
        return None
    place = found[0]
    # Which of several beside one another it is, nobody said: it is called as it was told.
    name = label if len(found) > 1 else place.name
    if place.coordinates is not None:
        return Spot(place.key, name, place.coordinates.latitude, place.coordinates.longitude, area=False)
    if place.extent is not None:
        box = place.extent
        return Spot(place.key, place.name, (box.south + box.north) / 2, (box.west + box.east) / 2, area=True)
    return None


@lru_cache(1 << 14)
def region(label: str) -> tuple[str, str]:
    """The key and the name of the area that an entry is listed under: a prefecture, else a region, else a
    country; ("", "") where nobody can say."""
    found = [one.place for one in _atlas().known(label)] if label else []
    if not found:
        return "", ""
    around = _shared(found) if len(found) > 1 else [found[0], *_atlas().areas(found[0])]
    for level in _AREAS:
        for one in around:
            if one.level == level:
                return one.key, one.name
    return "", ""


def _beside(found: list[Place]) -> bool:
    """Whether all of these lie beside one another: a town and the county around it bear one name."""
    at = [one.coordinates for one in found]
    known = [one for one in at if one is not None]
    north, east = [one.latitude for one in known], [one.longitude for one in known]
    return len(known) == len(at) and max(north) - min(north) <= _NEAR and max(east) - min(east) <= _NEAR


def _shared(found: list[Place]) -> list[Place]:
    """The areas that all of these lie in, or are, the narrowest first."""
    sets = [[one, *_atlas().areas(one)] for one in found]
    keys = set.intersection(*({one.key for one in around} for around in sets))
    return [one for one in sets[0] if one.key in keys]


@cache
def _atlas() -> Atlas:
    return Atlas()


def licence() -> str:
    """What the gazetteer asks to be said of it."""
    text = gazetteer.PLACES.with_name("gazetteer-LICENCE.txt").read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith("Contains"))
