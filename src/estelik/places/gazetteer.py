"""Gazetteer: the places that come with the package, found by name.

Three files of lines: names to the keys of places, places by their key, and further names of some of these.
They are read when the first place is asked for, in some hundredths of a second; a place is taken apart only
when it is found. What they are made of, and under which licence, is in ``gazetteer-LICENCE.txt``;
``training/gazetteer.py`` makes them.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.places.dated_name import DatedName
from estelik.places.level import LEVELS, Level
from estelik.places.place import Coordinates, Extent, Origin, PartOf, Place
from estelik.places.spelled import key as spelled_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PLACES: Final = Path(__file__).with_name("gazetteer-places.tsv")
KEYS: Final = Path(__file__).with_name("gazetteer-keys.tsv")
FURTHER: Final = Path(__file__).with_name("gazetteer-further.tsv")


#: What the key of a place of GeoNames begins with, before its number there.
GEONAMES: Final = "g"


class Row(NamedTuple):
    """A place as the file has it: key, level, origin, keys of the areas, names (each with its time, if that
    is known), where its centre is, and the box around what is known in it."""

    key: str
    level: Level
    origin: Origin
    parts_of: list[str]
    names: list[list[str]]
    at: Sequence[float] = ()
    box: Sequence[float] = ()


#: One letter for the levels that are called by each other's words.
_CLASS: Final[dict[Level, str]] = {
    "facility": "f",
    "settlement": "s",
    "city": "s",
    "county": "c",
    "prefecture": "r",
    "region": "r",
    "country": "r",
}
_ORIGINS: Final[dict[str, Origin]] = {"g": "GeoNames", "l": "list"}


def line(row: Row) -> bytes:
    """A place as a line of the file: cells between tabs, of several things in a cell each behind a bar."""
    cells = [
        row.key,
        str(LEVELS.index(row.level)),
        row.origin[0].lower(),
        "|".join(row.parts_of),
        cell_of(row.names),
        "|".join(f"{one:g}" for one in (*row.at, *row.box)),
    ]
    return "\t".join(cells).encode() + b"\n"


def cell_of(names: Iterable[Sequence[str]]) -> str:
    """Names, each with its time if that is known, as a cell of a file."""
    return "|".join("@".join(name) for name in names)


def _names(cell: str) -> list[list[str]]:
    return [name.split("@") for name in cell.split("|")] if cell else []


def _row(key: str, cells: str) -> Row:
    level, origin, areas, names, numbers = cells.split("\t")
    degrees = [float(one) for one in numbers.split("|") if one]
    return Row(
        key,
        LEVELS[int(level)],
        _ORIGINS[origin],
        [one for one in areas.split("|") if one],
        [*_names(names), *_names(_further().get(key, ""))],
        degrees if len(degrees) == len(("latitude", "longitude")) else (),
        degrees if len(degrees) == len(("south", "west", "north", "east")) else (),
    )


def leveled(name: str, level: Level) -> str:
    """What a name without the word for its level is looked up by: "Donetsk" of "Donetsk Oblast" is no
    city."""
    return f"{spelled_key(name)}#{_CLASS[level]}"


def named(spelled: str) -> tuple[Place, ...]:
    """The places of which a name has these letters (``spelled.key``, or ``leveled``)."""
    found = (place(one) for one in _keys().get(spelled, "").split(" "))
    return tuple(one for one in found if one is not None)


@lru_cache(maxsize=1 << 13)
def place(key: str) -> Place | None:
    """The place with this key."""
    cells = _places().get(key)
    if cells is None:
        return None
    row = _row(key, cells)
    return Place(
        key=row.key,
        names=tuple(DatedName(*one) for one in row.names),
        level=row.level,
        parts_of=tuple(PartOf(one) for one in row.parts_of),
        origin=row.origin,
        coordinates=Coordinates(*row.at) if row.at else None,
        extent=Extent(*row.box) if row.box else None,
    )


@cache
def _places() -> dict[str, str]:
    """What stands behind the first tab of each line, by what stands before it."""
    return _lines(PLACES)


@cache
def _further() -> dict[str, str]:
    """Names of places by their key, beyond those that stand there."""
    return _lines(FURTHER)


def _lines(file: Path) -> dict[str, str]:
    pairs = (one.partition("\t") for one in file.read_text(encoding="utf-8").splitlines())
    return {word: rest for word, _, rest in pairs}


@cache
def _keys() -> dict[str, str]:
    """The same, of lines with one tab each: quicker, for they are many."""
    cells = KEYS.read_text(encoding="utf-8").replace("\n", "\t").split("\t")
    return dict(zip(cells[::2], cells[1::2], strict=False))
