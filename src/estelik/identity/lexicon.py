"""Lexicon: the words that the names of many people are made of, each once, with all that is read of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from estelik.identity.reading import reading
from estelik.names.slots import letters_of
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.names.script import Script


class Word(NamedTuple):
    """A word of a name: its ``script``, its ``letters`` as names are compared, and of its reading the
    ``sounds``, the ``skeleton`` and the ``consonants`` (``reading.Reading``)."""

    script: Script
    letters: str
    sounds: str
    skeleton: str
    consonants: str


#: Where there is none.
NONE = Word("Zyyy", "", "", "", "")


@lru_cache(maxsize=1 << 17)
def word(script: Script, text: str) -> Word:
    """What is read of a word as it was written."""
    found = reading(script, text)
    return Word(script, letters_of(script, text, weights()), *found) if found.sounds else NONE


class Lexicon:
    """Words by their numbers; number 0 is none."""

    def __init__(self, words: Iterable[Word] = ()) -> None:
        self._numbers = {NONE: 0}
        for one in words:
            self.number(one)

    def number(self, one: Word) -> int:
        """The number of a word, which is taken in."""
        return self._numbers.setdefault(one, len(self._numbers))

    @property
    def words(self) -> list[Word]:
        """All of them, by number."""
        return list(self._numbers)

    def __len__(self) -> int:
        """How many there are, none among them."""
        return len(self._numbers)
