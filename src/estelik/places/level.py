"""Level: how wide a place is, from a building to a country."""

from __future__ import annotations

from typing import Final, Literal

#: From the narrowest to the widest. A town and a city are "city" from some tens of thousands of people on;
#: what lies between a county and a region is a "prefecture" (China's), and a district is a county.
Level = Literal["facility", "settlement", "city", "county", "prefecture", "region", "country"]
LEVELS: Final[tuple[Level, ...]] = (
    "facility",
    "settlement",
    "city",
    "county",
    "prefecture",
    "region",
    "country",
)
#: What one language calls by one word, and offices by another: a county that became a city, a town or a
#: village.
_NEIGHBOURS: Final[tuple[frozenset[Level], ...]] = (
    frozenset({"settlement", "city"}),
    frozenset({"city", "county"}),
    frozenset({"prefecture", "region"}),
)


def compatible(one: Level, other: Level) -> bool:
    """Whether a place of the one level may be called by a word for the other."""
    return one == other or any({one, other} <= both for both in _NEIGHBOURS)


def local(level: Level) -> bool:
    """Whether two people in one place of this level may, for that alone, have met: up to a county."""
    return LEVELS.index(level) <= LEVELS.index("county")


def level_of(kind: str) -> Level | None:
    """The level that a statement's word for the kind of a place means; None where it is no word of ours."""
    return _KINDS.get(kind.strip().casefold())


_KINDS: Final[dict[str, Level]] = {
    **{one: one for one in LEVELS},
    **dict.fromkeys(("building", "site", "room"), "facility"),
    **dict.fromkeys(("village", "town", "township", "село", "ауыл", "村", "乡", "镇"), "settlement"),
    **dict.fromkeys(("город", "місто", "қала", "市"), "city"),
    **dict.fromkeys(("district", "raion", "rayon", "район", "аудан", "县", "区"), "county"),
    **dict.fromkeys(("州", "地区"), "prefecture"),
    **dict.fromkeys(("oblast", "province", "область", "облыс", "省"), "region"),
    **dict.fromkeys(("state", "страна", "країна", "ел"), "country"),
}
