"""Tokens: the words of a text as they are filed and looked for, and where each stands in it.

Letters count without capitals, marks (ё is е) and what keyboards of one writing
disagree on; digits of any script are one. In writings without spaces each
character is a token. What is no letter and no digit parts tokens, but for
apostrophes and marks that nobody sees, which are as if they were not there.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple
from unicodedata import category, combining, decimal, normalize
from zlib import crc32

from estelik.names.folding import LATIN
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Another number where these rules change: what was filed by others is filed anew.
_RULES: Final = 1
#: Of a longer word its beginning counts.
_LONGEST: Final = 64
_APOSTROPHES: Final = frozenset("'’‘ʼʻ`´ʹʿʾ‛ˈـ")
#: Parts words where nobody sees a space, in writings that have none.
_SPACE: Final = "\u200b"
#: Where writings without spaces lie: Thai, Lao, Burmese, Khmer, Japanese, Chinese.
_ALONE: Final = (
    *((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007)),
    *((0x3021, 0x3029), (0x3040, 0x312F), (0x31F0, 0x31FF), (0x3400, 0x9FFF), (0xF900, 0xFAFF)),
    (0x20000, 0x323AF),
)
_ALIKE: Final = str.maketrans(
    {
        **LATIN,
        # Keyboards of Arabic, Persian, Uyghur and Kazakh have different letters for the same; seats and high
        # hamzas are written by some and not by others.
        **dict.fromkeys("ىی", "ي"),
        **dict.fromkeys("ھہة", "ه"),
        **dict.fromkeys("ئءٴ", ""),
        "ک": "ك",
    }
)
_RUN: Final = re.compile("h(?:[mi]*m)?|w(?:[wmi]*[wm])?")


class Token(NamedTuple):
    """A word as it is compared, and where it stands in its text."""

    word: str
    start: int
    end: int


class _Classes(dict[int, str]):
    """What each character does, found out when it is first met: ``w`` a letter or digit of a word, ``h`` one
    that is a word, ``m`` a mark on either, ``i`` nothing, and a space."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        kind = category(letter)
        if letter in _APOSTROPHES or (kind == "Cf" and letter != _SPACE):
            found = "i"
        elif kind[0] == "M":
            found = "m"
        elif letter.isalnum():
            found = "h" if _alone(letter) or _alone(normalize("NFKC", letter)[0]) else "w"
        else:
            found = " "
        self[code] = found
        return found


def _alone(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _ALONE)


_CLASSES: Final = _Classes()


class _Parted(dict[int, str]):
    """What stands for each character where only spaces part words."""

    def __missing__(self, code: int) -> str:
        kind = _CLASSES[code]
        self[code] = found = {"i": "", " ": " "}.get(kind, chr(code))
        return found


_PARTED: Final = _Parted()


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, in order."""
    for run in _RUN.finditer(text.translate(_CLASSES)):
        if word := _folded(text[run.start() : run.end()]):
            yield Token(word, run.start(), run.end())


def words(text: str) -> list[str]:
    """The words of a text alone."""
    if "h" in text.translate(_CLASSES):
        return [one.word for one in tokens(text)]
    # Three times as fast, where no character is a word by itself.
    return [word for run in text.translate(_PARTED).split() if (word := _folded(run))]


@cache
def edition() -> int:
    """A number that is another one where texts would be filed otherwise."""
    return crc32("".join(weights().simplified).encode(), _RULES)


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> str:
    if word.isascii():
        return "".join(filter(str.isalnum, word.lower()))[:_LONGEST]
    plain = normalize("NFKC", normalize("NFKC", word).casefold()).translate(_ALIKE)
    kept = [_digit(one) for one in normalize("NFKD", plain) if not combining(one) and _counts(one)]
    # A mark that came first, apart from its letter, is on none.
    while kept and not kept[0].isalnum():
        del kept[0]
    return normalize("NFC", "".join(kept)).translate(_simplified())[:_LONGEST]


def _counts(letter: str) -> bool:
    return letter not in _APOSTROPHES and (letter.isalnum() or category(letter)[0] == "M")


def _digit(letter: str) -> str:
    return str(decimal(letter)) if letter.isdecimal() else letter


@cache
def _simplified() -> dict[int, str]:
    """The simplified forms of Chinese characters that have another one."""
    known = weights()
    places, plain = known.characters, known.simplified
    return {ord(one): plain[place] for one, place in places.items() if plain[place] != one}
