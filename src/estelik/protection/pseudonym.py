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
from estelik.protection.named import Named
from estelik.records.mention import roughly

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from estelik.records.consent import Pseudonym

_CONSONANTS: Final = "bdgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = 3
_NUMBERS: Final = 90
#: So many are drawn before it is given up.
_TRIES: Final = 1000
_WORDS: Final = re.compile(r"[^\W\d_]+")
#: So many capitals together are initials.
_CAPITALS: Final = 3


def fresh(
    taken: Collection[str],
    real: Callable[[str], bool],
    draw: Callable[[int], bytes] = os.urandom,
    *,
    own: Collection[str] = (),
) -> str:
    """A pseudonym that nobody has or had (``taken``), that is nobody's name (``real``), and leads to none of
    her ``own``."""
    used = {_compared(one) for one in taken}
    for _ in range(_TRIES):
        word = "".join(_one(_CONSONANTS, draw) + _one(_VOWELS, draw) for _ in range(_SYLLABLES)).capitalize()
        name = f"{word}-{10 + _below(_NUMBERS, draw)}"
        if _compared(name) not in used and not real(word) and not leads_to(name, own):
            return name
    raise ConsentError("No free pseudonym was found.", do="Choose one yourself.")


def check(name: str, taken: Collection[str], real: Callable[[str], bool], own: Collection[str] = ()) -> None:
    """Raises ``ConsentError`` where a pseudonym was used before, is like a real name, or leads to one of her
    ``own`` names: by a part of it in any script, or by an initial."""
    if not _compared(name):
        raise ConsentError("The pseudonym is empty.", do="Choose another, or let one be drawn.")
    if _compared(name) in {_compared(one) for one in taken}:
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


def leads_to(name: str, own: Collection[str]) -> bool:
    """Whether a pseudonym has a part of one of these names in it, in any script, or an initial of one."""
    if any(Named({"": own}).find([normalize("NFKC", name)])):
        return True
    words = {word for one in own for word in roughly(one) if len(word) > 1}
    if not words.isdisjoint(roughly(normalize("NFKC", name))):
        return True
    first = {word[0] for one in own for word in roughly(one)}
    return any(roughly(letter)[:1] == [one] for letter in _initials(name) for one in first)


def borne(pseudonyms: Iterable[Pseudonym], people: Iterable[str]) -> list[Pseudonym]:
    """The pseudonyms that are the label of somebody who came into the casebook later."""
    labels = {_compared(one) for one in people}
    return [one for one in pseudonyms if _compared(one.name) in labels]


def _initials(name: str) -> Iterator[str]:
    """Letters that stand alone, or two or three together that are all capitals."""
    for word in _WORDS.findall(normalize("NFKC", name)):
        if len(word) == 1 or (len(word) <= _CAPITALS and word == word.upper() != word.lower()):
            yield from word


def _compared(name: str) -> str:
    """A pseudonym as it is compared: whatever its spaces, capitals and composition."""
    return " ".join(normalize("NFKC", name).casefold().split())


def _one(letters: str, draw: Callable[[int], bytes]) -> str:
    return letters[_below(len(letters), draw)]


def _below(count: int, draw: Callable[[int], bytes]) -> int:
    """A number below ``count``, each as likely."""
    limit = 256 - 256 % count
    while True:
        number = draw(1)[0]
        if number < limit:
            return number % count
