"""Skeleton: the consonants of a word, coarsely, so that it is the same in most scripts and spellings."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from estelik.names.vectors import spoken

if TYPE_CHECKING:
    from estelik.names.weights import Weights

#: Shorter ones are anybody's.
LEAST: Final = 3
#: Letters that go together, by the one that stands for them; what is not here is a vowel, or often left out.
_CLASSES: Final = {
    "P": "bpбпبپ",
    "T": "dtдтدتطضث",
    "F": "fvфвفۋ",
    "K": "kgqxhкгқғхһҳңكگکقعغخحهھ",
    "S": "szjcсзжшщчцџјسزژشچجصظذڭ",
    "M": "mмم",
    "N": "nнن",
    "L": "lлل",
    "R": "rрر",
}
_CLASS: Final = {letter: one for one, letters in _CLASSES.items() for letter in letters}
#: Two Latin letters for one sound: the second says nothing more.
_PAIRS: Final = (("kh", "k"), ("gh", "k"), ("ph", "f"), ("th", "t"), ("ng", "n"), ("ck", "k"), ("dzh", "j"))


def skeleton(script: str, letters: str, weights: Weights) -> str:
    """The skeleton of a folded word; "" where it has too little of one."""
    if script == "Hani":
        letters = spoken(letters, weights)
    for pair, one in _PAIRS:
        letters = letters.replace(pair, one)
    classes = (_CLASS.get(letter, "") for letter in letters)
    found = "".join(one for one, _ in groupby("".join(classes)))
    return found if len(found) >= LEAST else ""
