"""Matching: which places of the gazetteer a name may be of, and how the name led there.

As it is spelled; else as a name and a word for its level; else as a form of a name; else in another
script. Each step is taken only where the ones before found nothing, and gives all that
it finds: which of several is meant is for a person to say.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.places import gazetteer
from estelik.places.dated_name import DatedName
from estelik.places.declension import forms
from estelik.places.gazetteer import leveled
from estelik.places.level import Level, compatible
from estelik.places.place import Place
from estelik.places.spelled import key, same_spelling, written
from estelik.places.units import unit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: How a name led to a place: letter for letter; but for marks, hyphens and spaces; as a form of the name;
#: by a
#: system of transliteration.
How = Literal["spelled", "typed otherwise", "declined", "transliterated"]


#: One level of each class of levels that have words of their own.
_ANY: Final[tuple[Level, ...]] = ("region", "county", "city")


class Match(msgspec.Struct, frozen=True):
    """A place, the name of it that was found, and how; ``system`` is the transliteration's code."""

    place: Place
    name: DatedName
    how: How
    system: str = ""


@lru_cache(maxsize=1 << 14)
def matches(text: str, level: Level | None = None, *, guess: bool = True) -> tuple[Match, ...]:
    """The places of the gazetteer that ``text`` may be the name of. ``level``: what the label's own words
    say; ``guess``: also as a form of a name, and in another script."""
    return matching(text, level, gazetteer.named, guess=guess)


def matching(
    text: str, level: Level | None, named: Callable[[str], Iterable[Place]], *, guess: bool = True
) -> tuple[Match, ...]:
    """The same among the places that ``named`` gives for the letters of a name."""
    bare, said = unit(text)
    level = level or said
    found = _matched(text, bare, level, named)
    if not found and guess:
        found = [
            msgspec.structs.replace(one, how="declined")
            for form in _forms(text, bare)
            for one in _matched(form, unit(form)[0], level, named)
        ]
    if not found and guess:
        found = [
            msgspec.structs.replace(one, how="transliterated", system=system)
            for system, other in written(bare)
            for one in _matched(other, other, level, named)
        ]
    once: dict[str, Match] = {}
    for one in found:
        once.setdefault(one.place.key, one)
    return tuple(once.values())


def _matched(
    text: str, bare: str, level: Level | None, named: Callable[[str], Iterable[Place]]
) -> list[Match]:
    found = [_match(place, text) for place in named(key(text))]
    if level is None:
        # "North Kazakhstan" is the name of a region without the word for one.
        return found or [_match(place, text) for one in _ANY for place in named(leveled(text, one))]
    if bare != text:
        found += [_match(place, bare) for place in named(key(bare))]
    found += [_match(place, bare) for place in named(leveled(bare, level))]
    found = [one for one in found if fits(one.place, level)]
    return [one for one in found if one.place.level in (level, None)] or found


def fits(place: Place, level: Level) -> bool:
    """Whether people call such a place by a word for this level."""
    if place.level is None or place.level == level:
        return True
    # In China a city of the rank of a county has villages; elsewhere a town is not the district around it.
    counties = any(one.key.startswith("CN") for one in place.parts_of)
    return compatible(place.level, level) and (counties or {place.level, level} != {"city", "county"})


def _match(place: Place, text: str) -> Match:
    """With the name of the place that has these letters; where only a part of one has, the first that
    does."""
    wanted = key(text)
    fit = [name for name in place.names if key(name.text) == wanted]
    fit = fit or [name for name in place.names if key(unit(name.text)[0]) == wanted] or [place.names[0]]
    name = next((one for one in fit if same_spelling(one.text, text)), fit[0])
    how: How = "spelled" if same_spelling(name.text, text) else "typed otherwise"
    if key(name.text) == wanted or key(unit(name.text)[0]) == wanted:
        return Match(place, name, "spelled" if same_spelling(unit(name.text)[0], text) else how)
    # A spelling that a published system makes of a name; the gazetteer has it beside those that people write.
    return Match(place, name, "transliterated")


def _forms(text: str, bare: str) -> Iterator[str]:
    yield from forms(bare)
    if text != bare:
        yield from forms(text)
