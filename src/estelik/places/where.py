"""Where: facilities and areas, from what statements and the labels' own words say.

A place that was renamed is one place under all its names (``name`` facts about
it). A label names one facility only if a statement (fact ``kind``), a word or a
number in it says so: two people in one county were not, for that, in one room,
and "Tekes" alone is a county. "Tekes county camp" and "a camp in Tekes" may be
any of several; "Tekes county camp 3" is one, and so is "Tekes county detention
center": a county has one, named after it. ``relation:in`` puts a place in an
area.

An area is also what the gazetteer knows under its name: a county by its old or its
Russian name is that county. Two facilities whose labels say the same of kind,
number and county, in two languages, are alike: perhaps one, not certainly.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from estelik.places import gazetteer
from estelik.places.atlas import Atlas
from estelik.places.level import local
from estelik.places.reading import read
from estelik.places.spelled import key as letters
from estelik.places.units import unit
from estelik.records.whereabouts import Whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from estelik.places.place import Place
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


#: How many letters of a name declension may change, and how short a name is looked for whole.
_CHANGES: Final = 2
_WHOLE: Final = 4
#: What the key of a place of the gazetteer begins with among those of labels.
_KNOWN: Final = "gazetteer:"
#: Kinds of facility that are called by each other's names.
_ALIKE: Final = {"training centre": "camp"}


class Where:
    """Looks labels of places up; callable: label -> ``Whereabouts``.

    ``labels``: all labels of places in the casebook, for ``names``; asked for only where the gazetteer knows
    the place.
    """

    def __init__(
        self, statements: Iterable[Statement] = (), labels: Callable[[], Iterable[str]] = tuple
    ) -> None:
        self._atlas = Atlas(statements)
        self._own = self._atlas.own
        self._labels = labels
        self._found: dict[str, Whereabouts] = {}
        self._names: dict[str, set[str]] = {}
        self._casebook: _Labels | None = None
        # Pages of several members look places up at once; what is half found is no answer.
        self._lock = threading.RLock()

    def __call__(self, label: str) -> Whereabouts:
        """What a label stands for."""
        found = self._found.get(label)
        if found is None:
            with self._lock:
                found = self._found[label] = self._looked_up(label)
        return found

    def _looked_up(self, label: str) -> Whereabouts:
        key = self._own.key(label)
        inside = self._areas(key)
        spots = self._spots(label, key)
        if self._is_area(label, self._own.kind(key)):
            return Whereabouts(label, None, frozenset(inside | {key} | spots))
        # What statements say of where it lies comes before what its name seems to say.
        areas = inside or spots
        reading = read(label)
        kind = _ALIKE.get(reading.facility, reading.facility)
        like = (f"{area}/{kind}/{reading.number}" for area in areas) if kind else ()
        return Whereabouts(label, key, frozenset(areas), frozenset(like))

    def _spots(self, label: str, key: str, *, guess: bool = True) -> set[str]:
        """The places of the gazetteer that a label names, or up to a county in which it puts what it means:
        all that its name may be of. ``guess``: as ``matches`` has it."""
        reading = read(label)
        if reading.relation in ("near", "beyond"):
            return set()
        inside = reading.relation == "inside"
        return {
            _KNOWN + place.key
            for place in self._meant(label, key, guess=guess)
            if not inside or (place.level is not None and local(place.level))
        }

    def _meant(self, label: str, key: str, *, guess: bool) -> tuple[Place, ...]:
        # Of a place that statements speak of they say which it can be: the name of another proves nothing.
        if self._own.labels(key):
            if self._own.areas(key) and read(label).relation == "inside":
                return ()
            if read(label).relation == "is" and self._own.kind(key).casefold() not in _FACILITY_KINDS:
                return self._atlas.twins(key)
        return tuple(one.place for one in self._atlas.known(label, guess=guess))

    def names(self, label: str) -> set[str]:
        """Every label under which statements may speak of the same place, or of what lies in
        the same areas."""
        found = self._names.get(label)
        if found is None:
            with self._lock:
                found = self._names[label] = self._named(label)
        return found

    def _named(self, label: str) -> set[str]:
        here = self(label)
        known = {one for key in self._own.every() for one in self._own.labels(key)}
        found = {label, *self._own.labels(self._own.key(label))}
        found.update(one for one in known if self._told_of(one) and self(one).areas & here.areas)
        return found | {one for one in self._alike(here) if self._meet(here, self(one))}

    def _told_of(self, label: str) -> bool:
        """Whether a statement says of a place what it is or lies in, or puts another in it."""
        key = self._own.key(label)
        return bool(self._own.kind(key) or self._own.areas(key) or self._own.is_area(key))

    def same(self, one: str, other: str) -> bool:
        """Whether two labels are names of one place: by what statements say, or by the gazetteer where
        one of the two names is of no other place. What lies in, near or beside a place is not it."""
        if self._own.key(one) == self._own.key(other):
            return True
        if any(read(label).relation != "is" for label in (one, other)):
            return False
        with self._lock:
            return self._same_spot(one, other)

    def _same_spot(self, one: str, other: str) -> bool:
        here = self._spots(one, self._own.key(one), guess=False)
        there = self._spots(other, self._own.key(other), guess=False)
        if not here and not there:
            # What a name may be a form of is looked for only beside a place that is known: it takes time.
            return False
        here = here or self._spots(one, self._own.key(one))
        there = there or self._spots(other, self._own.key(other))
        return bool(here & there) and (here == there or 1 in (len(here), len(there)))

    @staticmethod
    def _meet(here: Whereabouts, there: Whereabouts) -> bool:
        return bool(here.areas & there.areas or here.like & there.like)

    def _alike(self, here: Whereabouts) -> Iterator[str]:
        """The casebook's labels that hold a name of a place that the gazetteer has for this one, or the
        beginning of one: the others need no closer look."""
        keys = {one.removeprefix(_KNOWN) for one in here.areas if one.startswith(_KNOWN)}
        places = [place for key in keys if (place := gazetteer.place(key)) is not None]
        if not places:
            return
        if self._casebook is None:
            self._casebook = _Labels(self._labels())
        stems = {_stem(letters(unit(name.text)[0])) for place in places for name in place.names} - {""}
        for stem in stems:
            yield from self._casebook.holding(stem)

    def _areas(self, key: str) -> set[str]:
        found: set[str] = set()
        pending = [key]
        while pending:
            for area in map(self._own.key, self._own.areas(pending.pop())):
                if area not in found:
                    found.add(area)
                    pending.append(area)
        return found

    @staticmethod
    def _is_area(label: str, kind: str) -> bool:
        if kind:
            return kind.casefold() not in _FACILITY_KINDS and not _FACILITY.search(kind)
        if _NUMBERED.search(label):
            return bool(_AREA.search(label)) and not _OWN_NUMBER.search(label)
        if _SOLE.search(label) and not _ANY.search(label):
            return False
        return not _FACILITY.search(label) or bool(_AREA.search(label) or _ANY.search(label))


def _stem(spelled: str) -> str:
    """What of a name stays when its end is declined."""
    return spelled if len(spelled) <= _WHOLE else spelled[:-_CHANGES]


class _Labels:
    """Many labels, to be looked through for a few letters at once."""

    def __init__(self, labels: Iterable[str]) -> None:
        self._every = list(labels)
        spelled = [letters(label) for label in self._every]
        self._text = "\n".join(spelled)
        self._starts = list(accumulate((len(one) + 1 for one in spelled), initial=0))

    def holding(self, wanted: str) -> Iterator[str]:
        """Those whose letters hold these."""
        at = self._text.find(wanted)
        while at >= 0:
            number = bisect_right(self._starts, at) - 1
            yield self._every[number]
            at = self._text.find(wanted, self._starts[number + 1])
