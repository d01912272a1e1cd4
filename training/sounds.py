"""Sounds: a Kazakh or Uyghur name with one letter for each sound, however it is spelled.

Vowels ``a ä e i ı o ö u ü``; of the consonants ``c`` is ch, ``S`` sh, ``Z`` zh, ``G`` gh,
``N`` ng, and ``x`` kh.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from training.listed import Language

VOWELS: Final = "aäeiıoöuü"

_KAZAKH: Final = {
    **dict(zip("абвгғдеэжзийкқлмнңоөпрсцтұүфхһчшщыі", "abwgGdeejziykqlmnNoöprsstuüfxhcSSıi", strict=True)),
    "ә": "ä",
    "ё": "yo",
    "ю": "yu",
    "я": "ya",
    "ъ": "",
    "ь": "",
}
_UYGHUR: Final = {letter: letter for letter in "abdfghijklmnopqrstuwxyzöü"} | {
    "ch": "c",
    "sh": "S",
    "zh": "Z",
    "gh": "G",
    "ng": "N",
    "e": "ä",
    "ë": "e",
}
_UYGHUR_LETTER: Final = re.compile("|".join(sorted(_UYGHUR, key=len, reverse=True)))


@cache
def of(name: str, language: Language) -> str:
    """The sounds of a name of the lists: Kazakh in Cyrillic letters, Uyghur in Latin ones (ULY)."""
    text = name.lower()
    if language == "ug":
        # An apostrophe parts letters that are not one.
        return "".join(
            _UYGHUR_LETTER.sub(lambda match: _UYGHUR[match[0]], piece) for piece in text.split("'")
        )
    out: list[str] = []
    for place, letter in enumerate(text):
        if letter == "у":
            out.append("w" if place == 0 or out[-1][-1:] in VOWELS else "u")
        elif letter == "и" and out and out[-1][-1:] in VOWELS:
            out.append("y")
        elif letter in "яю" and out and out[-1] == "i":
            out.append("ya" if letter == "я" else "yu")
        else:
            out.append(_KAZAKH[letter])
    return "".join(out)


@cache
def skeleton(sounds: str) -> str:
    """The consonants, those that spellings confuse as one: equal for all spellings of a name."""
    plain = sounds.translate(str.maketrans("qGxbdZ", "kghptj", VOWELS))
    return re.sub(r"(.)\1+", r"\1", plain) or sounds[:1]


#: Vowels that spellings confuse, in two ways: ``e`` of Uyghur stands for a and for i.
_WEAK: Final = tuple(
    str.maketrans("qGxbdZıöü" + weak, "kghptjiou" + strong) for weak, strong in (("äe", "ai"), ("äe", "ii"))
)


def confusable(one: str, other: str) -> bool:
    """Whether two names may be spellings of one: their sounds differ in what spellings leave open."""
    return any(_single(one.translate(weak)) == _single(other.translate(weak)) for weak in _WEAK)


def _single(text: str) -> str:
    return re.sub(r"(.)\1+", r"\1", text)
