"""Pseudonyms: what somebody is called who may not be named: one for each audience, never used again.

They are drawn, not derived: no key leads from them to anybody. They are easy to say and read in any script
that people here write, and mean nothing in any language that they speak; a number keeps them from looking
like a name.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from estelik.errors import ConsentError
from estelik.protection.disguise import looks
from estelik.protection.named import Named
from estelik.records.mention import nobody, roughly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from estelik.records.consent import Pseudonym

_CONSONANTS: Final = "bdgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = 3
_NUMBERS: Final = 90
#: So many are drawn before it is given up.
_TRIES: Final = 1000
#: So many letters are a word of which another is near when one of them is another.
_NEAR: Final = 4
_NUMBER: Final = re.compile(r"\d+")
_WORDS: Final = re.compile(r"[^\W\d_]+")
#: So many capitals together are initials.
_CAPITALS: Final = 3


def fresh(
    taken: Collection[str],
    real: Callable[[str], bool],
    draw: Callable[[int], bytes] = os.urandom,
    *,
    own: Collection[str] = (),
    hers: Collection[str] = (),
) -> str:
    """A pseudonym that nobody has or had (``taken``), that is nobody's name (``real``), and leads to none of
    her ``own``, and to no other pseudonym of ``hers``."""
    used = {each for one in taken for each in _taken_as(one)}
    for _ in range(_TRIES):
        word = "".join(_one(_CONSONANTS, draw) + _one(_VOWELS, draw) for _ in range(_SYLLABLES)).capitalize()
        name = f"{word}-{10 + _below(_NUMBERS, draw)}"
        if used.isdisjoint(_taken_as(name)) and not (real(word) or leads_to(name, own) or near(name, hers)):
            return name
    raise ConsentError("No free pseudonym was found.", do="Choose one yourself.")


def check(
    name: str,
    taken: Collection[str],
    real: Callable[[str], bool],
    own: Collection[str] = (),
    hers: Collection[str] = (),
) -> None:
    """Raises ``ConsentError`` where a pseudonym was used before (or one that looks or reads the same, in any
    script), is like a real name, leads to one of her ``own`` names, by a part of it in any script or by an
    initial, or to another pseudonym of ``hers``."""
    if not _compared(name):
        raise ConsentError("The pseudonym is empty.", do="Choose another, or let one be drawn.")
    if not _taken_as(name).isdisjoint(each for one in taken for each in _taken_as(one)):
        raise ConsentError(
            "This pseudonym was used before.", do="Choose another: one is never used for two, nor twice."
        )
    if real(name):
        raise ConsentError(
            "This pseudonym is, or is like, a name that somebody in this casebook bears.",
            do="Choose one that is nobody's name, or let one be drawn.",
        )
    if leads_to(name, own):
        raise ConsentError(
            "This pseudonym has something of her own name in it: a part, or its first letters.",
            do="Choose one that has nothing of it, or let one be drawn.",
        )
    if near(name, hers):
        raise ConsentError(
            "This pseudonym is like the one that she has before others: one would lead to the other.",
            do="Choose one that has no word and no number of it, or let one be drawn.",
        )


def leads_to(name: str, own: Collection[str]) -> bool:
    """Whether a pseudonym has a part of one of these names in it, in any script, or an initial of one."""
    if any(Named({"": own}).find([normalize("NFKC", name)])):
        return True
    words = {word for one in own for word in roughly(one) if len(word) > 1}
    if not words.isdisjoint(roughly(normalize("NFKC", name))):
        return True
    first = {word[0] for one in own for word in roughly(one)}
    return any(roughly(letter)[:1] == [one] for letter in _initials(name) for one in first)


def near(name: str, hers: Collection[str]) -> bool:
    """Whether a pseudonym leads to another of hers: by a word (but "witness" and its like) that looks or
    reads like one of it, or by its number."""
    words, numbers = _words(name), set(_numbers(name))
    for one in hers:
        if not numbers.isdisjoint(_numbers(one)):
            return True
        if any(_alike(word, other) for word in words for other in _words(one)):
            return True
    return False


def borne(pseudonyms: Iterable[Pseudonym], people: Iterable[str]) -> list[Pseudonym]:
    """The pseudonyms that are the label of somebody who came into the casebook later."""
    labels = {each for one in people for each in _taken_as(one)}
    return [one for one in pseudonyms if not labels.isdisjoint(_taken_as(one.name))]


def _initials(name: str) -> Iterator[str]:
    """Letters that stand alone, or two or three together that are all capitals."""
    for word in _WORDS.findall(normalize("NFKC", name)):
        if len(word) == 1 or (len(word) <= _CAPITALS and word == word.upper() != word.lower()):
            yield from word


def _compared(name: str) -> str:
    """A pseudonym as it is compared: whatever its spaces, capitals and composition."""
    return " ".join(normalize("NFKC", name).casefold().split())


def _taken_as(name: str) -> set[tuple[str, ...]]:
    """A pseudonym as it is taken: as it is written, as it looks, and as it is read in any script."""
    read = normalize("NFKC", name)
    words, numbers = roughly(_NUMBER.sub(" ", read)), _numbers(read)
    out = {("is", _compared(name)), ("looks", *looks(name))}
    return out | ({("reads", *words, *numbers)} if any(len(one) >= _NEAR for one in words) else set())


def _numbers(name: str) -> list[str]:
    """The numbers of a pseudonym, in figures of whatever script."""
    return [str(int(one)) for one in _NUMBER.findall(normalize("NFKC", name))]


def _words(name: str) -> set[str]:
    """The words of a pseudonym that are its own, as they look and as they are read."""
    own = [word for word in _WORDS.findall(normalize("NFKC", name)) if len(word) > 1 and not nobody(word)]
    return {each for word in own for each in (*roughly(word), *looks(word))}


def _alike(word: str, other: str) -> bool:
    """Whether two words are the same, or long ones of which a single letter is another, more or less."""
    if word == other or min(len(word), len(other)) < _NEAR:
        return word == other
    short, long = sorted((word, other), key=len)
    at = next((place for place, letter in enumerate(short) if letter != long[place]), len(short))
    return long[at + 1 :] in (short[at:], short[at + 1 :])


def _one(letters: str, draw: Callable[[int], bytes]) -> str:
    return letters[_below(len(letters), draw)]


def _below(count: int, draw: Callable[[int], bytes]) -> int:
    """A number below ``count``, each as likely."""
    limit = 256 - 256 % count
    while True:
        number = draw(1)[0]
        if number < limit:
            return number % count
