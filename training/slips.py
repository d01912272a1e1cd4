"""Slips: what happens to a name that is typed in a hurry, each with its probability."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from random import Random


class Slips(NamedTuple):
    """How often each happens to a name."""

    #: The order of the parts swapped, with a comma or without.
    swapped: float = 0.08
    #: The given name as an initial.
    initial: float = 0.02
    #: Nothing but the given name.
    alone: float = 0.02
    #: A letter left out, or typed twice, or two in the wrong order.
    dropped: float = 0.025
    doubled: float = 0.02
    exchanged: float = 0.01


USUAL: Final = Slips()
#: For forms that must say who is meant: of siblings an initial may be the same.
WHOLE: Final = Slips(initial=0, alone=0)
NONE: Final = Slips(0, 0, 0, 0, 0, 0)
#: Shorter words are typed right.
_SHORTEST: Final = 4


def mistyped(text: str, slips: Slips, rng: Random) -> str:
    """``text`` with a letter inside one of its longer words dropped, doubled or exchanged, or as it is."""
    drawn = rng.random()
    words = text.split(" ")
    number = rng.randrange(len(words))
    word = words[number]
    if len(word) < _SHORTEST or not word.isalpha():
        return text
    place = rng.randrange(1, len(word) - 1)
    if drawn < slips.dropped:
        word = word[:place] + word[place + 1 :]
    elif drawn < slips.dropped + slips.doubled:
        word = word[:place] + word[place] + word[place:]
    elif drawn < slips.dropped + slips.doubled + slips.exchanged:
        word = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    words[number] = word
    return " ".join(words)
