"""Bearing: the side on which a place lies, where coordinates tell."""

from __future__ import annotations

import pytest

from estelik.places import gazetteer
from estelik.places.bearing import lies, side
from estelik.places.place import Coordinates, Place


def get(key: str) -> Place:
    place = gazetteer.place(key)
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("latitude", "longitude", "expected"),
    [(1, 0, "north"), (1, 1, "north-east"), (0, 1, "east"), (-1, -1, "south-west"), (0, -1, "west")],
)
def test_sides_go_round_the_compass(latitude: float, longitude: float, expected: str) -> None:
    assert side(Coordinates(0, 0), Coordinates(latitude, longitude)) == expected


def test_towns_lie_in_the_parts_of_a_region_that_maps_show() -> None:
    donetsk_oblast, mariupol, bakhmut = get("UA.05"), get("g701822"), get("g713174")
    assert lies(mariupol, "south", donetsk_oblast) is True
    assert lies(mariupol, "north", donetsk_oblast) is False
    assert lies(bakhmut, "north", donetsk_oblast) is True
    assert lies(bakhmut, "north", mariupol) is True
    assert lies(mariupol, "north", bakhmut) is False


def test_nothing_is_said_where_nobody_can_tell() -> None:
    assert lies(get("UA.05"), "south", get("UA")) is None
    assert lies(get("g713174"), "", get("UA.05")) is None
    assert lies(get("g713174"), "east", get("g713174")) is None
