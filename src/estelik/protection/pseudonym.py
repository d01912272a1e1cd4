"""Pseudonyms: what somebody is called who may not be named: one for each audience, never used again.

They are drawn, not derived: no key leads from them to anybody. They are easy to say and read in any script
that people here write, and mean nothing in any language that they speak; a number keeps them from looking
like a name.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from estelik.errors import ConsentError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

_CONSONANTS: Final = "bdgklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = 3
_NUMBERS: Final = 90
#: So many are drawn before it is given up.
_TRIES: Final = 1000


def fresh(
    taken: Collection[str], real: Callable[[str], bool], draw: Callable[[int], bytes] = os.urandom
) -> str:
    """A pseudonym that nobody has or had (``taken``), and that is nobody's name (``real``)."""
    used = {one.casefold() for one in taken}
    for _ in range(_TRIES):
        word = "".join(_one(_CONSONANTS, draw) + _one(_VOWELS, draw) for _ in range(_SYLLABLES)).capitalize()
        name = f"{word}-{10 + _below(_NUMBERS, draw)}"
        if name.casefold() not in used and not real(word):
            return name
    raise ConsentError("No free pseudonym was found.", do="Choose one yourself.")


def check(name: str, taken: Collection[str], real: Callable[[str], bool]) -> None:
    """Raises ``ConsentError`` where a pseudonym was used before, or is like a real name."""
    if name.casefold() in {one.casefold() for one in taken}:
        raise ConsentError(
            "This pseudonym was used before.", do="Choose another: one is never used for two, nor twice."
        )
    if real(name):
        raise ConsentError(
            "This pseudonym is, or is like, a name that somebody in this casebook bears.",
            do="Choose one that is nobody's name, or let one be drawn.",
        )


def _one(letters: str, draw: Callable[[int], bytes]) -> str:
    return letters[_below(len(letters), draw)]


def _below(count: int, draw: Callable[[int], bytes]) -> int:
    """A number below ``count``, each as likely."""
    limit = 256 - 256 % count
    while True:
        number = draw(1)[0]
        if number < limit:
            return number % count
