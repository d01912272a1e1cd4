"""Called alike: people of two lists who bear one name, nearly letter for letter, whatever else is told.

Linkage weighs a name against how many people there are, and says little where a name is all that is known;
whoever looks for somebody on a list wants to know that the name stands there.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from anyascii import anyascii

from estelik.identity.likeness import likeness
from estelik.names.comparison import SAME
from estelik.names.folding import folded
from estelik.names.name import parse
from estelik.names.skeleton import skeleton
from estelik.names.slots import slots
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from estelik.identity.profile import Profile
    from estelik.places.atlas import Atlas

#: With more people than these nobody is told from others by this name.
_MOST: Final = 50


class Alike(NamedTuple):
    """Two people by their numbers in their lists; ``score`` as ``likeness`` has it."""

    one: int
    other: int
    score: float


def called_alike(ones: Sequence[Profile], others: Sequence[Profile], atlas: Atlas) -> Iterator[Alike]:
    """The pairs of one of ``ones`` and one of ``others`` with the same words in their names, in any order and
    writing, as far as consonants tell; without those whom all else makes two."""
    bearing = defaultdict[tuple[str, ...], list[int]](list)
    for number, person in enumerate(ones):
        for key in _keys(person):
            bearing[key].append(number)
    for number, person in enumerate(others):
        found = {one for key in _keys(person) for one in bearing.get(key, ())[:_MOST]}
        for one in sorted(found):
            score = likeness(ones[one], person, atlas).score
            if score >= SAME:
                yield Alike(one, number, score)


def _keys(person: Profile) -> set[tuple[str, ...]]:
    keys = {_key(name) for name in person.names}
    return keys - {()}


def _key(name: str) -> tuple[str, ...]:
    """The words of a name, coarsely, in a set order; of one with a single word nothing."""
    written = slots(parse(name), weights()).alternatives[0]
    words = [slot.forms[0] for slot in written]
    if len(words) < 2 and not (words and words[0].script == "Hani"):
        return ()
    latin = (folded("Latn", anyascii(one.letters)) for one in words)
    return tuple(sorted(skeleton("Latn", one, weights()) or one for one in latin))
