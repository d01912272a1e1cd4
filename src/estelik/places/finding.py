"""Finding: a place by a name in any script and spelling, with the reason; all that it may be, never one of
them silently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.places.dated_name import DatedName, Held
from estelik.places.level import LEVELS
from estelik.places.matching import How, Match, matches
from estelik.places.place import Place
from estelik.places.reading import read
from estelik.places.spelled import key

if TYPE_CHECKING:
    from estelik.places.atlas import Atlas


class Found(msgspec.Struct, frozen=True):
    """A place that a name may be of.

    ``name``: the name of it that was found, ``how`` and by which ``system``; ``held``: whether that was its
    name on the day that was asked for; ``then``: its name on that day, or now. ``areas``: what it lies in,
    the nearest first. ``otherwise``: the name was found, but what the label calls a district is a town,
    say. ``twin``: the key of the gazetteer's place that a place of statements is taken for.
    """

    place: Place
    name: DatedName
    how: How
    system: str
    held: Held
    then: str
    areas: tuple[Place, ...]
    twin: str = ""
    otherwise: bool = False


def find(atlas: Atlas, text: str, on: str = "") -> list[Found]:
    """The places that ``text`` may be the name of, or whose name it holds: those of the casebook first.
    ``on``: the days (EDTF) on which it is asked what they were called."""
    own = atlas.own_named(text)
    twins = {one.place.key: atlas.twins(one.place.key) for one in own}
    taken = {found[0].key for found in twins.values() if len(found) == 1}
    found = []
    for one in own:
        twin = twins[one.place.key]
        found.append(_found(atlas, one, on, twin[0].key if len(twin) == 1 else ""))
    known = [one for one in atlas.known(text) if one.place.key not in taken]
    others = [_found(atlas, one, on) for one in known]
    if not found and not others:
        others = [
            msgspec.structs.replace(_found(atlas, one, on), otherwise=True)
            for one in matches(read(text).name)
        ]
    return found + sorted(others, key=_rank)


def _rank(found: Found) -> tuple[bool, bool, int]:
    """The best first: what is known to be called so, then what is mostly called so, then the widest."""
    level = found.place.level
    return (
        found.held != "yes",
        key(found.place.name) != key(found.name.text),
        -LEVELS.index(level) if level else 0,
    )


def _found(atlas: Atlas, match: Match, on: str, twin: str = "") -> Found:
    place = match.place
    # The same words may have been its name twice.
    same = [one for one in place.names if one.text == match.name.text]
    rank = {"yes": 0, "perhaps": 1, "no": 2}
    name = min(same or [match.name], key=lambda one: rank[one.held(on) if on else _now(one)])
    return Found(
        place=place,
        name=name,
        how=match.how,
        system=match.system,
        held=name.held(on) if on else _now(name),
        then=_then(place, name, on),
        areas=atlas.areas(place, on),
        twin=twin,
    )


def _then(place: Place, name: DatedName, on: str) -> str:
    called = place.called(on, name.script) if on else place.called("", name.script)
    sure = any(one.text == called and one.held(on) == "yes" for one in place.names)
    return called if sure or name.when else name.text


def _now(name: DatedName) -> Held:
    if not name.when:
        return "perhaps"
    return "yes" if name.when.endswith("/..") else "no"
