"""Spelling of Uyghur: from ULY into Arabic letters (as in Xinjiang) and Cyrillic ones (as in Kazakhstan)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from training import listed

if TYPE_CHECKING:
    from random import Random
    from re import Match

_LETTERS: Final = listed.table("uyghur_letters")
_ARABIC: Final = {latin: arabic for latin, arabic, _ in _LETTERS}
_CYRILLIC: Final = {latin: cyrillic for latin, _, cyrillic in _LETTERS} | {"ya": "я", "yu": "ю", "'": ""}
_VOWELS: Final = frozenset("aeouöüëi")
_LETTER: Final = re.compile("ch|sh|zh|gh|ng|.", re.DOTALL)
_CYRILLIC_LETTER: Final = re.compile("ch|sh|zh|gh|ng|ya|yu|.", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
#: How else keyboards give the letters that Uyghur has and Arabic has not.
_KEYBOARD: Final = (("ھ", "ه"), ("ى", "ی"), ("ك", "ک"))
_OTHER_KEYBOARD: Final = 0.05
#: How people type the letters with two dots.
_TYPED: Final = (str.maketrans("ëË", "éÉ"), str.maketrans("ëËöÖüÜ", "eEoOuU"), str.maketrans("wW", "vV"))
_TYPED_OTHERWISE: Final = 0.25


def arabic(text: str, rng: Random) -> str:
    """Words of ULY in Arabic letters; a vowel with no consonant before it stands on a hamza."""
    written = _WORD.sub(_arabic_word, text)
    if rng.random() < _OTHER_KEYBOARD:
        written = written.replace(*rng.choice(_KEYBOARD))
    return written


def _arabic_word(match: Match[str]) -> str:
    out, open_ = [], True
    for letter in _LETTER.findall(match[0].lower()):
        if letter == "'":
            open_ = True
        elif letter in _VOWELS:
            out.append(("ئ" if open_ else "") + _ARABIC[letter])
            open_ = True
        else:
            out.append(_ARABIC.get(letter, letter))
            open_ = False
    return "".join(out)


def cyrillic(text: str, rng: Random) -> str:
    """Words of ULY in Cyrillic letters; some have only those that Russian has too."""

    def word(match: Match[str]) -> str:
        letters = _CYRILLIC_LETTER.findall(match[0].lower())
        written = "".join(_CYRILLIC.get(letter, letter) for letter in letters)
        return written[:1].upper() + written[1:] if match[0][0].isupper() else written

    written = _WORD.sub(word, text)
    return written.translate(_PLAIN) if rng.random() < _OTHER_KEYBOARD else written


_PLAIN: Final = str.maketrans("җғқңһөүәҖҒҚҢҺӨҮӘ", "жгкнхоуаЖГКНХОУА")


def latin(text: str, rng: Random) -> str:
    """ULY as it is typed: é or e for ë, no dots, v for w, no apostrophe."""
    if rng.random() < _TYPED_OTHERWISE:
        text = text.translate(rng.choice(_TYPED))
    return text.replace("'", "") if rng.random() < _TYPED_OTHERWISE else text
