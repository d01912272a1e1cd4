"""Atlas: what lies in what, and how near two places are; no circle is followed for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.places.atlas import Atlas
from estelik.records import Statement

if TYPE_CHECKING:
    from estelik.places.place import Place

#: Invented: the gazetteer knows none of them.
LABELS = ["Qorvanne", "Boztalek", "Cherlamay", "Dordoiqul", "Elmalitas"]


def place(number: int, about: str, **cells: str) -> Statement:
    return Statement(f"p{number}", about, about_kind="place", **cells)  # type: ignore[arg-type]


def get(atlas: Atlas, key: str) -> Place:
    found = atlas.place(key)
    assert found is not None
    return found


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), max_size=12))
def test_areas_are_met_once_and_circles_are_named(edges: list[tuple[str, str]]) -> None:
    """What lies in itself is what its own edges lead back to."""
    atlas = Atlas([place(n, one, fact="relation:in", value=area) for n, (one, area) in enumerate(edges)])
    out = {one.casefold(): {b.casefold() for a, b in edges if a == one} for one in LABELS}
    for label in {one for edge in edges for one in edge}:
        key, reached = label.casefold(), set[str]()
        pending = [key]
        while pending:
            fresh = out[pending.pop()] - reached
            reached |= fresh
            pending += fresh
        areas = [one.key for one in atlas.areas(get(atlas, key))]
        assert sorted(areas) == sorted(reached - {key})
        assert (key in atlas.circles(get(atlas, key))) == (key in reached)


def test_the_area_may_be_another_at_another_time() -> None:
    atlas = Atlas(
        [
            place(1, "Aqsai", fact="relation:in", value="Boztal", when="../2018"),
            place(2, "Aqsai", fact="relation:in", value="Cherla", when="2019/.."),
        ]
    )
    assert [one.key for one in atlas.areas(get(atlas, "aqsai"), "2015")] == ["boztal"]
    assert [one.key for one in atlas.areas(get(atlas, "aqsai"), "2020")] == ["cherla"]
    assert [one.key for one in atlas.areas(get(atlas, "aqsai"))] == ["boztal", "cherla"]


def test_how_near_two_places_are() -> None:
    atlas = Atlas()
    tekes, zhaosu, kashgar = (get(atlas, key) for key in ("g1529147", "g1528992", "g1280849"))
    bakhmut = get(atlas, "g713174")
    assert atlas.nearness(tekes, tekes) == "same"
    assert atlas.nearness(tekes, get(atlas, "CN.13")) == "inside"
    assert atlas.nearness(get(atlas, "CN"), tekes) == "inside"
    assert atlas.nearness(tekes, zhaosu) == "prefecture"
    assert atlas.nearness(tekes, kashgar) == "region"
    assert atlas.nearness(tekes, bakhmut) == "apart"


def test_where_statements_put_a_place_tells_which_of_the_gazetteer_it_is() -> None:
    """There are villages called so in several regions."""
    told = [place(1, "Komsomolsk", fact="relation:in", value="Poltava Oblast")]
    assert [one.key for one in Atlas(told).twins("komsomolsk")] == ["g6559559"]
    assert len(Atlas().twins("komsomolsk")) > 1
