"""Spelling of Kazakh: from Cyrillic letters into Arabic ones (töte jazu) and the Latin ones of 2018 and 2021.

What offices print and people type, with its habits: the hamza that makes a
word front forgotten, a letter with a mark typed without it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from training import listed

if TYPE_CHECKING:
    from random import Random
    from re import Match

_WORD: Final = re.compile(r"[^\W\d_]+")
_HAMZA: Final = "ٴ"
_LETTERS: Final = listed.table("kazakh_letters")
_TOTE: Final = {row[0]: row[1] for row in _LETTERS}
_LATIN_2018: Final = {row[0]: row[2] for row in _LETTERS}
_LATIN_2021: Final = {row[0]: row[3] for row in _LETTERS}
#: Letters whose vowels are front anyway: no hamza is written with them.
_FRONT_ANYWAY: Final = set("кге")
_FRONT: Final = set("әөүі")
_UNMARKED: Final = str.maketrans("áǵńóýúäğñöūüşıÁǴŃÓÝÚÄĞÑÖŪÜŞİ", "agnoyuagnouusiAGNOYUAGNOUUSI")
_FORGETS_HAMZA: Final = 0.15
_FORGETS_MARKS: Final = 0.1


def arabic(text: str, rng: Random) -> str:
    """Kazakh words in Arabic letters."""
    forgets = rng.random() < _FORGETS_HAMZA

    def word(match: Match[str]) -> str:
        letters = match[0].lower()
        plain = "".join(_TOTE.get(letter, letter) for letter in letters.replace("ия", "я").replace("ию", "ю"))
        front = set(letters) & _FRONT and not set(letters) & _FRONT_ANYWAY
        return _HAMZA + plain if front and not forgets else plain

    return _WORD.sub(word, text)


def latin_2018(text: str, rng: Random) -> str:
    """Kazakh words by the table of 19 February 2018."""
    return _latin(text, _LATIN_2018, rng)


def latin_2021(text: str, rng: Random) -> str:
    """Kazakh words by the table of 28 January 2021."""
    return _latin(text, _LATIN_2021, rng)


def _latin(text: str, table: dict[str, str], rng: Random) -> str:
    def word(match: Match[str]) -> str:
        letters = match[0].lower().replace("ия", "я").replace("ию", "ю")
        written = "".join(table.get(letter, letter) for letter in letters)
        return _capital(written, table) if match[0][0].isupper() else written

    written = _WORD.sub(word, text)
    return written.translate(_UNMARKED) if rng.random() < _FORGETS_MARKS else written


def _capital(word: str, table: dict[str, str]) -> str:
    # Of 2021, i with a dot keeps it in capitals; of 2018 and without a dot there is none.
    dotted = table is _LATIN_2021 and word[:1] == "i"
    return ("İ" if dotted else word[:1].upper()) + word[1:]
