"""Persons: invented, with their names as documents write them; and whom they may be taken for.

Nobody here is anybody: given name, father and family are drawn apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from training import forms, listed, slips, sounds, spelling_chinese, split
from training.forms import Names

if TYPE_CHECKING:
    from random import Random

    from training.forms import Form
    from training.listed import Language, Sex
    from training.slips import Slips
    from training.split import Split, Unseen

#: A Kazakh family's name is the father's own, or else that of one before him. A Uyghur's is the father's.
_OF_FATHER: Final = 0.65
#: Letters at the beginning or end that make two names akin.
_ALIKE: Final = 3
#: Drawn so often before a person is said not to exist.
_TRIES: Final = 2000


@dataclass(frozen=True, slots=True)
class Person:
    """An invented person; ``surname`` is what the family's name is formed from."""

    language: Language
    sex: Sex
    given: str
    father: str
    surname: str
    part: Split
    unseen: Unseen
    forms: tuple[Form, ...]

    @property
    def names(self) -> Names:
        """What the person is called."""
        return Names(self.language, self.sex, self.given, self.father, self.surname)


def of(names: Names, rng: Random, likely: Slips = slips.USUAL) -> Person | None:
    """The person of these names with a form of each kind; None where nobody has them."""
    found = _part(names)
    if found is None:
        return None
    written = tuple(forms.write(names, kind, rng, likely) for kind in forms.KINDS[names.language])
    return Person(*names, *found, written)


def draw(language: Language, part: Split, unseen: Unseen, rng: Random) -> Person:
    """A person of a part; common names come more often."""
    for _ in range(_TRIES):
        sex = rng.choice(listed.SEXES)
        father = _name(listed.roots(language), rng)
        own = language == "ug" or rng.random() < _OF_FATHER
        surname = father if own else _name(listed.roots(language), rng)
        names = Names(language, sex, _name(listed.given(language, sex), rng), father, surname)
        if _part(names) == (part, unseen) and (person := of(names, rng)):
            return person
    raise LookupError(f"No person of {part}, unseen {unseen!r}")


def sibling(person: Person, rng: Random) -> Names | None:
    """A child of the same father, of another given name; None here and below where the part has none."""
    for _ in range(_TRIES):
        sex = rng.choice(listed.SEXES)
        given = _name(listed.given(person.language, sex), rng)
        other = person.names._replace(sex=sex, given=given)
        if not _same(given, person.given, person.language) and _beside(person, other):
            return other
    return None


def namesake(person: Person, rng: Random) -> Names | None:
    """Somebody of the same given name and sex, of another father and family."""
    for _ in range(_TRIES):
        father = _name(listed.roots(person.language), rng)
        if any(_same(father, root, person.language) for root in (person.father, person.surname)):
            continue
        other = person.names._replace(father=father, surname=father)
        if _beside(person, other):
            return other
    return None


def mistaken(person: Person, rng: Random) -> Names | None:
    """Somebody whose given name, or whose father's, is another name a letter or two apart."""
    own = person.names
    others = [own._replace(given=given) for given in near(own.given, own.language, own.sex)]
    rng.shuffle(others)
    fathers = [
        own._replace(father=father, surname=father)
        for father in near(own.father, own.language)
        if own.surname == own.father
    ]
    rng.shuffle(fathers)
    if rng.random() < 1 / 4:
        others, fathers = fathers, others
    return next((names for names in (*others, *fathers) if _beside(person, names)), None)


def akin(person: Person, rng: Random) -> Names | None:
    """Somebody of the same father whose given name begins or ends as this one does; most compounds do."""
    own = person.names
    others = [
        own._replace(given=given)
        for given in listed.given(own.language, own.sex).names
        if _begin_or_end_alike(given, own.given) and not _same(given, own.given, own.language)
    ]
    rng.shuffle(others)
    return next((names for names in others if _beside(person, names)), None)


def _begin_or_end_alike(one: str, other: str) -> bool:
    return one[:_ALIKE].lower() == other[:_ALIKE].lower() or one[-_ALIKE:] == other[-_ALIKE:]


@cache
def near(name: str, language: Language, sex: Sex | None = None) -> tuple[str, ...]:
    """Other names a letter or two apart, that are no spelling of it; of a sex, or among the roots."""
    among = listed.given(language, sex) if sex else listed.roots(language)
    index = _index(language, sex)
    found = {other for key in _less(name) for other in index.get(key, ())}
    return tuple(
        one for one in among.names if one in found and one != name and not _alike(one, name, language)
    )


@cache
def _index(language: Language, sex: Sex | None) -> dict[str, tuple[str, ...]]:
    among = listed.given(language, sex) if sex else listed.roots(language)
    index: dict[str, tuple[str, ...]] = {}
    for name in among.names:
        for key in _less(name):
            index[key] = (*index.get(key, ()), name)
    return index


def _less(name: str) -> set[str]:
    """The name, and what it is without one of its letters."""
    word = name.lower()
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _alike(one: str, other: str, language: Language) -> bool:
    """Whether two names may be spellings of one, or are written alike in Chinese."""
    first, second = sounds.of(one, language), sounds.of(other, language)
    return sounds.confusable(first, second) or spelling_chinese.usual(
        first, language
    ) == spelling_chinese.usual(second, language)


def _same(one: str, other: str, language: Language) -> bool:
    """Whether two names have the same consonants: too close to be given to two children."""
    return sounds.skeleton(sounds.of(one, language)) == sounds.skeleton(sounds.of(other, language))


def _part(names: Names) -> tuple[Split, Unseen] | None:
    # Nobody is called as his father.
    if _same(names.given, names.father, names.language):
        return None
    return split.of(names.language, names.given, (names.father, names.surname))


def _beside(person: Person, names: Names) -> bool:
    """Whether there can be somebody of these names in the part that a person is of."""
    found = _part(names)
    return found is not None and found[0] == person.part


def _name(among: listed.Listed, rng: Random) -> str:
    return rng.choices(among.names, among.weights)[0]
