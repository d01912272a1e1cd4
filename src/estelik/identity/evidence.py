"""Evidence: what speaks for two people being one and what against it, beside their names, and how much.

Each piece multiplies the odds, as in Fellegi and Sunter (1969): by how much
oftener it is seen of one person than of two. The factors are set, not learned
(decision 21): of each it is said where it stands why it is what it is.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from estelik.identity import document
from estelik.names.comparison import SAME, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.identity.profile import Profile
    from estelik.places.atlas import Atlas
    from estelik.places.place import Place

#: ``born``: the days of birth overlap; ``born-apart``: they do not; ``sexes``: one is told to be a man, one a
#: woman; ``number``: one number of a document; ``number-slip``: two that differ by a slip, of which one fails
#: its check digit; ``numbers``: two right numbers of a sort of which everybody has one; ``relative``: one
#: relative; ``relatives``: two mothers, or two fathers; ``kin``: one is told to be the other's relative;
#: ``telling``: one telling has both; ``place``, ``county``: they were in one place, in one county;
#: ``common``: others here are called so too.
Kind = Literal[
    "born",
    "born-apart",
    "sexes",
    "number",
    "number-slip",
    "numbers",
    "relative",
    "relatives",
    "kin",
    "telling",
    "place",
    "county",
    "common",
]

#: The years over which births of people in a casebook lie.
_LIVES: Final = 60 * 365
#: However narrow the days of birth are, they say no more: who is sought has the days of who was found.
_BORN_AT_MOST: Final = 200.0
#: Up to so many days apart, and how much less likely: a slip of days, of months, of years.
_APART: Final = ((31, 0.5), (366, 0.3), (1100, 0.1))
_FAR_APART: Final = 0.01
#: Sex is seldom mistaken.
_OTHER_SEX: Final = 1e-3
#: A number with a check digit that is right is no chance; one without is, where it is short.
_NUMBER: Final = 1e5
_UNCHECKED: Final = 2e3
_SHORT: Final = 50.0
_LONG: Final = 7
_DIGITS: Final = 4
_SLIP: Final = 100.0
#: Some people were given two.
_OTHER_NUMBER: Final = 1e-3
#: Families are large, and names come again in them.
_RELATIVE: Final = 10.0
_OTHER_PARENT: Final = 0.1
_PARENTS: Final = frozenset({"mother", "father"})
#: Nobody is told to be his own brother.
_KIN: Final = 1e-4
#: Who tells of two people under two names seldom means one.
_TELLING: Final = 0.1
#: Most people of a casebook are of few places.
_NEAR: Final[dict[str, tuple[Literal["place", "county"], float]]] = {
    **dict.fromkeys(("same", "inside", "facility", "settlement", "city"), ("place", 3.0)),
    "county": ("county", 1.5),
}
#: So many of each one's places are looked up.
_PLACES: Final = 12


class Evidence(NamedTuple):
    """A piece of evidence: its ``kind``, the ``factor`` by which it multiplies the odds, and the label of the
    place, the relation, or the number of others that it is about."""

    kind: Kind
    factor: float
    about: str = ""


def evidence(one: Profile, other: Profile, atlas: Atlas, *, others: int = 0) -> tuple[Evidence, ...]:
    """All pieces there are on two people, in a set order. ``others``: how many more here have a name that
    fits both."""
    found: list[Evidence] = [
        *_numbers(one, other),
        *_births(one, other),
        *_sexes(one, other),
        *_kin(one, other),
        *_relatives(one, other),
        *_tellings(one, other),
        *_places(one, other, atlas),
    ]
    if others:
        found.append(Evidence("common", 1 / (1 + others), str(others)))
    return tuple(found)


def _births(one: Profile, other: Profile) -> Iterator[Evidence]:
    (first, last), (begin, end) = one.born, other.born
    starts, ends = [day for day in (first, begin) if day], [day for day in (last, end) if day]
    gap = (max(starts) - min(ends)).days if starts and ends else 0
    if gap > 0:
        yield Evidence("born-apart", next((factor for most, factor in _APART if gap <= most), _FAR_APART))
    elif first and last and begin and end:
        by_chance = (_days(first, last) + _days(begin, end)) / _LIVES
        yield Evidence("born", max(1.0, min(1 / by_chance, _BORN_AT_MOST)))


def _days(first: date, last: date) -> int:
    # Who knows but the year is often written down as born on its first day.
    if first == last and (first.month, first.day) == (1, 1):
        last = first.replace(month=12, day=31)
    return (last - first + timedelta(days=1)).days


def _sexes(one: Profile, other: Profile) -> Iterator[Evidence]:
    if one.sex and other.sex and one.sex != other.sex:
        yield Evidence("sexes", _OTHER_SEX)


def _numbers(one: Profile, other: Profile) -> Iterator[Evidence]:
    ours, theirs = ([document.read(number) for _, number in who.documents] for who in (one, other))
    pairs = [(mine, their) for mine in ours for their in theirs]
    equal = [mine for mine, their in pairs if mine.number == their.number and _is_number(mine.number)]
    if equal:
        best = max(map(_worth, equal))
        yield Evidence("number", best)
    elif any(_slipped(mine, their) for mine, their in pairs):
        yield Evidence("number-slip", _SLIP)
    elif any(mine.kind == their.kind and mine.valid and their.valid for mine, their in pairs):
        yield Evidence("numbers", _OTHER_NUMBER)


def _is_number(number: str) -> bool:
    return sum(map(str.isdigit, number)) >= _DIGITS


def _worth(found: document.Document) -> float:
    if found.valid:
        return _NUMBER
    return _UNCHECKED if len(found.number) >= _LONG else _SHORT


def _slipped(mine: document.Document, their: document.Document) -> bool:
    checked = bool(mine.kind) and mine.kind == their.kind and not (mine.valid and their.valid)
    return checked and document.slip(mine.number, their.number)


def _kin(one: Profile, other: Profile) -> Iterator[Evidence]:
    for who, whose in ((one, other), (other, one)):
        for relation, label in whose.relatives:
            if label in who.names:
                yield Evidence("kin", _KIN, relation)
                return


def _relatives(one: Profile, other: Profile) -> Iterator[Evidence]:
    shared, parents = "", False
    for relation, label in one.relatives:
        for again, name in other.relatives:
            if relation == again:
                if label == name or compare(label, name).score >= SAME:
                    shared = shared or relation
                elif relation in _PARENTS:
                    parents = True
    if shared:
        yield Evidence("relative", _RELATIVE, shared)
    elif parents:
        yield Evidence("relatives", _OTHER_PARENT)


def _tellings(one: Profile, other: Profile) -> Iterator[Evidence]:
    if set(one.tellings) & set(other.tellings):
        yield Evidence("telling", _TELLING)


def _places(one: Profile, other: Profile, atlas: Atlas) -> Iterator[Evidence]:
    found: dict[str, str] = {}
    equal = set(other.places)
    for label in one.places[:_PLACES]:
        if label in equal:
            found.setdefault("same", label)
            continue
        for mine in _known(label, atlas):
            for their in (known for name in other.places[:_PLACES] for known in _known(name, atlas)):
                found.setdefault(atlas.nearness(mine, their), label)
    near = [(_NEAR[level], label) for level, label in found.items() if level in _NEAR]
    if near:
        (kind, factor), label = max(near, key=lambda one: one[0][1])
        yield Evidence(kind, factor, label)


def _known(label: str, atlas: Atlas) -> Iterable[Place]:
    """The one place that a label names, if it is known."""
    named = {match.place.key: match.place for match in atlas.own_named(label) or atlas.known(label)}
    return named.values() if len(named) == 1 else ()
