"""Where: facilities and areas, from what statements and the labels' own words say.

A place that was renamed is one place under all its names (``name`` facts about
it). A label names one facility only if a statement (fact ``kind``), a word or a
number in it says so: two people in one county were not, for that, in one room,
and "Tekes" alone is a county. "Tekes county camp" and "a camp in Tekes" may be
any of several; "Tekes county camp 3" is one, and so is "Tekes county detention
center": a county has one, named after it. ``relation:in`` puts a place in an
area.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from estelik.records.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.records import Statement

#: Words that make a label an area, in the languages of the sheets, as whole
#: words; Chinese units end a label.
_AREA: Final = re.compile(
    r"\b(area|county|district|prefecture|region|province|oblast|raion|rayon|city|town|township|village|country"
    r"|state|republic|valley|border|xian|область|области|облысы|облыс|район|аудан|ауданы|районе|уезд|уезде|город|городе|қала|қаласы|село|ауыл|ауылы"
    r"|місто|село|округ|край|республика|ناھىيىسى|ناھىيە|ۋىلايىتى|شەھىرى|يېزىسى|comté|région|province|ville)\b"
    r"|[县縣]|[市州区區省乡鄉镇鎮村]$",
    re.IGNORECASE,
)
#: Words that make a label a facility; beside an area's they need a number.
_FACILITY: Final = re.compile(
    r"\b(camp|prison|jail|cell|detention|centre|center|school|hospital|station|shelter|basement|cellar|colony"
    r"|factory|building|лагерь|лагері|тюрьма|түрме|түрмесі|абақты|больница|аурухана|подвал|укриття|лікарня|школа"
    r"|block|ward|penitentiary|sizo|clinic|hotel|house|police|barracks|monastery|church|mosque|farm|mine"
    r"|сизо|изолятор|колония|отдел|отделение|полиция|завод|дом|үй|будинок|в'язниця|табір|lager|لاگېر|لاگېرى|تۈرمە|تۈرمىسى)\b|[监監狱獄营營所院校]$",
    re.IGNORECASE,
)
#: Facilities of which a county or district has one, which is called after it.
_SOLE: Final = re.compile(
    r"\b(detention (?:center|centre|house)|sizo|сизо|следственный изолятор)\b|看守所$|拘留所$", re.IGNORECASE
)
#: Words with which a label says that it may be one of several.
_ANY: Final = re.compile(
    r"\b(a|an|some|any|another|one of|unknown|unnamed|in|near|какой-то|какая-то|один из|одна из|неизвестный"
    r"|неизвестная|в|во|около|якийсь|якась|у|біля|бір|белгісіз|қандай да|بىر|نامەلۇم)\b|[某]",
    re.IGNORECASE,
)
#: A number makes a label one building, unless it is an area's.
_NUMBERED: Final = re.compile(r"\d")
#: A facility's word with a number before or behind it: beside an area's it is still one building.
_OWN_NUMBER: Final = re.compile(
    rf"(?:{_FACILITY.pattern})\W*(?:no|nr|№|number|номер)?\W*\d|\d\W*(?:{_FACILITY.pattern})", re.IGNORECASE
)
#: Values of the fact ``kind`` that say that a place is a facility.
_FACILITY_KINDS: Final = frozenset({"facility", "building", "site", "room"})


class Where:
    """Looks labels of places up; callable: label -> ``Whereabouts``."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        self._same: dict[str, str] = {}
        self._kind: dict[str, str] = {}
        self._inside: dict[str, set[str]] = {}
        self._spelled: set[str] = set()
        for statement in statements:
            if statement.about_kind != "place" or statement.answer != "yes" or not statement.value:
                continue
            place = statement.about
            if statement.fact == "name":
                self._join(place, statement.value)
            elif statement.fact == "kind":
                self._kind[place] = statement.value
            elif statement.fact.startswith("relation:in"):
                self._inside.setdefault(place, set()).add(statement.value)
        self._kinds = {self._key(place): kind for place, kind in self._kind.items()}
        self._parents: dict[str, set[str]] = {}
        for place, areas in self._inside.items():
            self._parents.setdefault(self._key(place), set()).update(self._key(area) for area in areas)

    def _join(self, place: str, name: str) -> None:
        self._spelled |= {place, name}
        one, other = self._key(place), self._key(name)
        if one != other:
            self._same[other] = one

    def _key(self, label: str) -> str:
        key = label.casefold()
        while key in self._same:
            key = self._same[key]
        return key

    def __call__(self, label: str) -> Whereabouts:
        """What a label stands for."""
        key = self._key(label)
        inside = self._areas(key)
        if self._is_area(label, self._kinds.get(key)):
            return Whereabouts(label, None, frozenset(inside | {key}))
        return Whereabouts(label, key, frozenset(inside))

    def names(self, label: str) -> set[str]:
        """Every label under which statements may speak of the same place, or of what lies in
        the same areas."""
        key, areas = self._key(label), self(label).areas
        known = {*self._inside, *self._kind, *(area for found in self._inside.values() for area in found)}
        return {label, *self._labels_of(key), *(p for p in known if self(p).areas & areas)}

    def _labels_of(self, key: str) -> set[str]:
        return {label for label in self._labels() if self._key(label) == key}

    def _labels(self) -> set[str]:
        return {*self._spelled, *self._kind, *self._inside}

    def _areas(self, key: str) -> set[str]:
        found: set[str] = set()
        pending = [key]
        while pending:
            for area in self._parents.get(pending.pop(), ()):
                if area not in found:
                    found.add(area)
                    pending.append(area)
        return found

    @staticmethod
    def _is_area(label: str, kind: str | None) -> bool:
        if kind is not None:
            return kind.casefold() not in _FACILITY_KINDS and not _FACILITY.search(kind)
        if _NUMBERED.search(label):
            return bool(_AREA.search(label)) and not _OWN_NUMBER.search(label)
        if _SOLE.search(label) and not _ANY.search(label):
            return False
        return not _FACILITY.search(label) or bool(_AREA.search(label) or _ANY.search(label))
