"""Finding: a place by any of its names; every place that it may be."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.names import script
from estelik.places import gazetteer
from estelik.places.atlas import Atlas
from estelik.places.finding import Found, find
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

ATLAS = Atlas()
TEKES = "g1529147"
BAKHMUT = "g713174"


def place(number: int, about: str, **cells: str) -> Statement:
    return Statement(f"p{number}", about, about_kind="place", **cells)  # type: ignore[arg-type]


def keys(text: str, atlas: Atlas = ATLAS) -> list[str]:
    return [one.place.key for one in find(atlas, text)]


def only(text: str, on: str = "", atlas: Atlas = ATLAS) -> Found:
    (found,) = find(atlas, text, on)
    return found


@pytest.mark.parametrize(
    "text",
    [
        *("Tekes", "TEKES", "Tekes county", "Tekesi", "Tékes", "Tekes, Ili, Xinjiang"),
        *("Текес ауданы", "Текесский район", "в Текесском районе", "تېكەس", "تېكەس ناھىيىسى"),
        *("特克斯", "特克斯县", "新疆伊犁州特克斯县", "特克斯县看守所"),
        *("a village in the east of Tekes county", "Tekes county detention centre"),
    ],
)
def test_one_county_in_five_scripts_and_as_labels_have_it(text: str) -> None:
    assert keys(text) == [TEKES]


@pytest.mark.parametrize(
    "text",
    ["巴赫穆特", "巴赫穆特市", "باخمۇت", "Бахмут қаласы", "顿涅茨克州巴赫穆特"],
)
def test_a_town_of_the_war_is_found_as_chinese_kazakh_and_uyghur_papers_write_it(text: str) -> None:
    assert keys(text) == [BAKHMUT]


@pytest.mark.parametrize("text", ["顿涅茨克州", "頓涅茨克州", "Донецк облысы", "دونېتسك ئوبلاستى"])
def test_a_region_of_ukraine_is_found_in_their_languages_too(text: str) -> None:
    assert keys(text) == ["UA.05"]


def test_what_a_town_was_called_for_a_time_is_known_in_chinese_too() -> None:
    assert only("阿尔乔莫夫斯克", "2015").held == "yes"
    assert only("阿尔乔莫夫斯克", "2020").held == "no"


def test_how_a_name_was_found_is_said() -> None:
    assert only("Бахмут").how == "spelled"
    assert only("Horishni-Plavni").how == "typed otherwise"
    assert only("Бахмутом").how == "declined"
    turkic = only("Кунес")
    assert (turkic.how, turkic.place.name) == ("transliterated", "Xinyuan")


def test_a_name_of_several_places_gives_them_all_with_their_regions() -> None:
    found = find(ATLAS, "Artemivsk", "2015")
    assert [(one.place.name, one.areas[0].name) for one in found] == [
        ("Bakhmut", "Donetsk Oblast"),
        ("Kypuche", "Luhansk Oblast"),
    ]
    assert {one.held for one in found} == {"yes"}


def test_an_area_behind_the_name_tells_which_of_several() -> None:
    assert len(keys("Komsomolsk")) > 1
    assert only("Komsomolsk, Poltava Oblast").place.name == "Horishni Plavni"


def test_a_word_for_the_level_tells_a_county_from_the_city_of_the_same_name() -> None:
    assert len(keys("Ghulja")) == 2
    assert only("Ghulja county").place.level == "county"
    assert only("伊宁市").place.level == "city"
    assert only("Donetsk region").place.key == "UA.05"
    assert only("Донецкой области").place.key == "UA.05"


def test_a_town_is_not_the_district_around_it() -> None:
    """It is shown, and said to be something else; where people met, it counts for nothing."""
    found = only("Bakhmut district")
    assert (found.place.key, found.otherwise) == (BAKHMUT, True)
    assert ATLAS.known("Bakhmut district") == ()


def test_the_places_of_the_casebook_come_first_and_stand_for_the_gazetteers() -> None:
    atlas = Atlas(
        [
            place(1, "Bakhmut", fact="name", value="Артемівськ", when="1924/2016-02-03"),
            place(2, "Tekes", fact="kind", value="village"),
            place(3, "Tekes", fact="relation:in", value="Aqsai"),
        ]
    )
    bakhmut, other = find(atlas, "Артемівськ", "2015")
    assert other.place.name == "Kypuche"
    assert (bakhmut.place.statements, bakhmut.twin, bakhmut.held) == (("p1",), BAKHMUT, "yes")
    assert [area.name for area in bakhmut.areas] == ["Donetsk Oblast", "Ukraine"]
    assert find(atlas, "Tekes")[0].place.statements == ("p2", "p3")


def test_a_place_of_statements_is_found_in_another_script() -> None:
    atlas = Atlas([place(1, "Қызылағаш", fact="kind", value="village")])
    assert keys("Qyzylağaş", atlas)[0] == "қызылағаш"


def test_what_no_place_is_called_finds_none() -> None:
    assert keys("Nowhere at all") == []
    assert keys("") == []
    assert keys("🙂") == []


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_looked_for(text: str) -> None:
    for one in find(ATLAS, text, "2015"):
        assert one.place.names


def test_published_spellings_find_their_place(shared: Path) -> None:
    """GeoNames' own names of places in Xinjiang and Kazakhstan, those too that the gazetteer leaves out,
    but for
    those that programs put together of two scripts."""
    pairs = shared / "outside/names/geonames_xj_kz_altnames.csv"
    if not pairs.exists():
        pytest.skip("the published pairs are not here")
    found: dict[str, list[bool]] = defaultdict(list)
    with pairs.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = f"g{row['geonameid']}"
            scripts = set(map(script.of_letter, row["name"])) - {"Zyyy"}
            made = row["script"] in ("Latn", "Cyrl") and not row["name"][0].isupper()
            if gazetteer.place(key) is not None and len(scripts) == 1 and not made:
                found[scripts.pop()].append(key in keys(row["name"]))
    rates = {written: sum(hits) / len(hits) for written, hits in found.items() if len(hits) > 100}
    assert set(rates) >= {"Latn", "Cyrl", "Arab", "Hani"}, rates
    assert min(rates.values()) > 0.96, rates
