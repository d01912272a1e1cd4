"""Dated names: which name was right on which day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.places import gazetteer
from estelik.places.atlas import Atlas
from estelik.places.dated_name import DatedName
from estelik.places.finding import find

if TYPE_CHECKING:
    from estelik.places.place import Place

#: The gazetteer's places with names that held for a time, with their number at GeoNames.
RENAMED = {"Bakhmut": "g713174", "Dnipro": "g709930", "Astana": "g1526273", "Donetsk": "g709717"}


def renamed(name: str) -> Place:
    place = gazetteer.place(RENAMED[name])
    assert place is not None
    return place


@pytest.mark.parametrize(
    ("place", "on", "called"),
    [
        ("Bakhmut", "2016-02-03", "Artemivsk"),
        ("Bakhmut", "2016-02-04", "Bakhmut"),
        ("Bakhmut", "1900", "Bakhmut"),
        ("Bakhmut", "1970-05", "Artemivsk"),
        ("Dnipro", "2014", "Dnipropetrovsk"),
        ("Dnipro", "2022-02-24", "Dnipro"),
        ("Astana", "1975", "Tselinograd"),
        ("Astana", "1995", "Akmola"),
        ("Astana", "2018", "Astana"),
        ("Astana", "2021-01", "Nur-Sultan"),
        ("Astana", "2023", "Astana"),
        ("Donetsk", "1950", "Stalino"),
    ],
)
def test_a_place_is_called_what_it_was_called_then(place: str, on: str, called: str) -> None:
    assert renamed(place).called(on, "Latn") == called


def test_without_a_day_it_has_the_name_of_now() -> None:
    assert renamed("Astana").name == "Astana"
    assert renamed("Bakhmut").called("") == "Bakhmut"


def test_a_name_is_given_in_the_script_that_was_asked_for() -> None:
    assert renamed("Bakhmut").called("2015", "Cyrl") == "Артемівськ"
    assert renamed("Bakhmut").called("2015", "Arab") == renamed("Bakhmut").called("2015")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(RENAMED)), st.integers(1850, 2040), st.sampled_from(["Latn", "Cyrl"]))
def test_no_name_that_did_not_hold_is_said_where_another_did(name: str, year: int, script: str) -> None:
    place = renamed(name)
    called = place.called(str(year), script)  # type: ignore[arg-type]  # one of two scripts
    best = {one.held(str(year)) for one in place.names}
    held = {one.held(str(year)) for one in place.names if one.text == called}
    assert "yes" not in best or held != {"no"}


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(RENAMED)), st.integers(1850, 2040), st.data())
def test_every_name_finds_the_place_on_any_day_and_says_whether_it_was_called_so(
    name: str, year: int, data: st.DataObject
) -> None:
    place = renamed(name)
    asked = data.draw(st.sampled_from(place.names))
    (found,) = (one for one in find(Atlas(), asked.text, str(year)) if one.place == place)
    assert found.name.text == asked.text
    order = ["yes", "perhaps", "no"]
    mine = [one.held(str(year)) for one in place.names if one.text == asked.text]
    assert found.held == min(mine, key=order.index)


def test_a_name_whose_end_is_unknown_holds_perhaps() -> None:
    assert DatedName("Verny", "1867/").held("1900") == "perhaps"
    assert DatedName("Verny", "1867/1921").held("1900") == "yes"
    assert DatedName("Verny", "1867/1921").held("1921/1925") == "perhaps"
    assert DatedName("Verny", "1867/1921").held("1930") == "no"
    assert DatedName("Verny").held("1900") == "perhaps"
