"""Reading: what a label of a place says, word by word.

"A village in the east of Tekes county" names a county, and says of a village that it
lies in its east; which village stays unknown. Nothing is looked up here, and no
text fails: what cannot be read is a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

import msgspec

from estelik.names.spelling import cleaned
from estelik.places.facility import Kind, facility
from estelik.places.level import Level
from estelik.places.units import alone, chain, unit

#: How what is meant lies to the place that is named: it is that place, in it, near it, or on one side of it.
Relation = Literal["is", "inside", "near", "beyond"]
Direction = Literal[
    "", "north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west"
]
Unknown = Literal["which", "distance", "place"]


class Reading(msgspec.Struct, frozen=True):
    """What a label says.

    ``anchor``: the place that is named, as it is written there; ``name``: the same without the word for its
    ``level``. ``relation`` and ``direction``: how what is meant lies to it. ``what``: the level of what is
    meant, where that is not the anchor itself; ``facility`` and ``number``: which kind of building.
    ``within``: the areas that are named behind it, the narrowest first. ``unknown``: "which" of several,
    at which "distance", or even the "place".
    """

    text: str
    anchor: str
    name: str
    level: Level | None = None
    relation: Relation = "is"
    direction: Direction = ""
    what: Level | None = None
    facility: Kind | Literal[""] = ""
    number: str = ""
    within: tuple[str, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def vague(self) -> bool:
        """Whether it leaves open which place is meant."""
        return bool(self.unknown)


_SIDES: Final[tuple[tuple[Direction, str], ...]] = (
    ("north-east", r"north-?east|северо-?восток\w*|північн\w+ сх\w+|东北|солтүстік-?шығыс\w*"),
    ("north-west", r"north-?west|северо-?запад\w*|північн\w+ зах\w+|西北|солтүстік-?батыс\w*"),
    ("south-east", r"south-?east|юго-?восток\w*|південн\w+ сх\w+|东南|оңтүстік-?шығыс\w*"),
    ("south-west", r"south-?west|юго-?запад\w*|південн\w+ зах\w+|西南|оңтүстік-?батыс\w*"),
    ("north", r"north|север\w*|північ|півночі|солтүстік\w*|北|شىمال\w*"),
    ("south", r"south|юг\w*|південь|півдні|оңтүстік\w*|南|جەنۇب\w*"),
    ("east", r"east|восток\w*|схід|сході|шығыс\w*|东|東|شەرق\w*"),
    ("west", r"west|запад\w*|захід|заході|батыс\w*|西|غەرب\w*"),
)
_THE_SIDE: Final = [(side, re.compile(words, re.IGNORECASE)) for side, words in _SIDES]
#: A word, or two, that may be one of these.
_SIDE: Final = r"(?P<side>(?:північн|південн)\w+ \w+|[\w-]+?)"
_HAN_SIDE: Final = "(?P<side>[东東南西北]{1,2})"
#: In the east of X; east of X; near X: each language's way of saying it.
_INSIDE: Final = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:(?:in|at)\s+)?the\s+{_SIDE}(?:ern)?(?:\s+(?:part|side|end|edge))?\s+of\s+(?P<rest>.+)$",
        rf"^in\s+{_SIDE}ern\s+(?P<rest>.+)$",
        rf"^(?:на|в|во)\s+{_SIDE}\s+(?P<rest>.+)$",
        rf"^(?P<rest>.{{2,}}?){_HAN_SIDE}(?:部|边|面)(?:的.*)?$",
        rf"^(?P<rest>.+?)(?:ның|нің|дың|дің|тың|тің|نىڭ)\s+{_SIDE}$",
    )
]
_BEYOND: Final = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^(?:to\s+the\s+)?{_SIDE}\s+of\s+(?P<rest>.+)$",
        rf"^(?:к|на)\s+{_SIDE}\s+(?:от|від)\s+(?P<rest>.+)$",
        r"^(?P<side>север|юг|юж|восточн|западн)(?:нее|ее)\s+(?P<rest>.+)$",
        rf"^(?P<rest>.{{2,}}?)(?:以){_HAN_SIDE}$",
    )
]
_NEAR: Final = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            r"^(?:near(?:by)?|close to|around|outside|beside|not far from"
            r"|on the outskirts of)\s+(?:to\s+)?(?P<rest>.+)$"
        ),
        r"^(?:недалеко от|возле|около|рядом с|вблизи|под|близ|неподал[её]ку от)\s+(?P<rest>.+)$",
        r"^(?:біля|поблизу|неподалік(?: від)?|недалеко від|поруч з|коло)\s+(?P<rest>.+)$",
        r"^(?P<rest>.+?)\s+(?:маңында|маңындағы|жанында|жанындағы|ئەتراپى\w*|يېنى\w*|ئەتراپىدا)$",
        r"^(?P<rest>.{2,}?)(?:附近|旁边|周边)$",
    )
]
_STEMS: Final[dict[str, Direction]] = {"юж": "south", "восточн": "east", "западн": "west"}
_INTO: Final = re.compile(r"^(?:in|at|inside|within|в|во|у|із|з|на|from|из)\s+(?P<rest>.+)$", re.IGNORECASE)
_OF: Final = re.compile(r"^(?:of|the)\s+(?P<rest>.+)$", re.IGNORECASE)
#: One of several: no more is said of which.
_ANY: Final = re.compile(
    r"^(?:an?|some|any|another|one of the|one of|unknown|unnamed|какой-то|какая-то|какое-то|один из"
    r"|одна из|неизвестн\w+"
    r"|якийсь|якась|якесь|бір|белгісіз|بىر|نامەلۇم|某个?|一个)\s*(?P<rest>.*)$",
    re.IGNORECASE,
)
_PLACED: Final = re.compile(
    r"^(?P<what>[^,]+?)\s+(?P<how>(?:in|at|near|close to|not far from|outside|to the|в|во|на|у|под|біля"
    r"|возле|около|поблизу"
    r"|недалеко|неподалік|рядом|к|east|west|north|south|north-?east|north-?west|south-?east|south-?west)\s+.+)$",
    re.IGNORECASE,
)
_LONGEST: Final = 300


@lru_cache(maxsize=1 << 13)
def read(text: str) -> Reading:
    """What a label says of where."""
    label = cleaned(text)[:_LONGEST]
    head, *within = [part.strip() for part in re.split(r"[,;(]", label) if part.strip(" )")] or [""]
    within = [part.strip(" )") for part in within]
    unknown: list[Unknown] = []
    some = _some(head)
    if some is not None:
        unknown.append("which")
        head = some
    what: Level | None = None
    kind: Kind | Literal[""] = ""
    number = ""
    into = _INTO.match(head)
    placed = _PLACED.match(into["rest"] if into else head)
    if placed is not None and (alone(placed["what"]) or facility(placed["what"]) or some is not None):
        found = facility(placed["what"])
        what = "facility" if found else alone(placed["what"])
        if found is not None:
            kind, number = found.kind, found.number
        relation, direction, rest = _related(placed["how"])
        if found is None or not number:
            unknown.append("which")
        if relation == "is":
            relation = "inside"
    else:
        relation, direction, rest = _related(head)
        built = facility(rest)
        if built is not None:
            kind, number = built.kind, built.number
            what, rest = "facility", _bare(built.rest)
            relation = "inside" if relation == "is" else relation
        elif some is not None and alone(rest) is not None:
            what, rest = alone(rest), ""
        elif relation == "inside":
            unknown.append("which")
    if relation in ("near", "beyond"):
        unknown.append("distance")
    rest, *wider = _chained(rest)
    anchor = _bare(rest)
    name, level = unit(anchor)
    if not anchor and within:
        anchor, *within = within
        name, level = unit(anchor)
        relation = "inside"
    if not anchor:
        unknown.append("place")
    return Reading(
        text=label,
        anchor=anchor,
        name=name,
        level=level,
        relation=relation,
        direction=direction,
        what=what,
        facility=kind,
        number=number,
        within=(*wider, *within),
        unknown=tuple(dict.fromkeys(unknown)),
    )


def _some(head: str) -> str | None:
    match = _ANY.match(head)
    # "An" and "Any" may begin a name: only before a space, or a word of Chinese.
    if match is None or (
        match["rest"] and not re.match(r"[^\w]|[\u4e00-\u9fff]", head[match.start("rest") - 1])
    ):
        return None
    return match["rest"]


def _related(phrase: str) -> tuple[Relation, Direction, str]:
    """How a phrase says that something lies, in which direction, and the rest of it."""
    for relation, patterns in _RELATIONS:
        for pattern in patterns:
            match = pattern.match(phrase)
            if match is None:
                continue
            said = match.groupdict().get("side")
            side = _side(said) if said else ""
            if side or said is None:
                return relation, side, _bare(match["rest"])
    match = _INTO.match(phrase)
    if match is not None:
        return "inside", "", match["rest"]
    return "is", "", phrase


#: Which is looked for first: "на схід від" begins as "на сході" does.
_RELATIONS: Final[tuple[tuple[Relation, list[re.Pattern[str]]], ...]] = (
    ("beyond", [_BEYOND[1]]),
    ("inside", _INSIDE),
    ("beyond", _BEYOND),
    ("near", _NEAR),
)


def _side(word: str) -> Direction:
    small = word.casefold()
    if small in _STEMS:
        return _STEMS[small]
    return next((side for side, pattern in _THE_SIDE if pattern.fullmatch(small)), "")


def _bare(text: str) -> str:
    text = text.strip(" -,.")
    for pattern in (_INTO, _OF):
        match = pattern.match(text)
        if match is not None:
            text = match["rest"].strip(" -,.")
    return text


def _chained(text: str) -> list[str]:
    """A Chinese label that runs from the widest to the narrowest, the other way round."""
    areas: list[str] = []
    while True:
        text, area = chain(text)
        if not area:
            return [text, *reversed(areas)]
        areas.append(area)
