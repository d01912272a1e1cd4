"""Spelling: the same name however it was typed.

Marks of direction, ways to compose a letter, kinds of dashes, dots and
apostrophes, and capitals are the keyboard's, not the name's.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

#: Longer than any name: what comes behind is not looked at.
LONGEST: Final = 500

#: Between the parts of a name in Chinese, and in what was copied from it.
DOT: Final = "·"
_ONE_FOR_ALL: Final = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−﹣－⁃", "-"),
        **dict.fromkeys("’‘ʼʻ`´′＇ʹʿʾ‛ˈ", "'"),
        **dict.fromkeys("•・･‧∙⋅●．﹒᛫᠂", DOT),
        **dict.fromkeys("،，、", ","),
        "ـ": "",
    }
)
_SPACE: Final = re.compile(r"\s+")
_LOOSE_HYPHEN: Final = re.compile(r"\s*-\s*")
#: Keyboards and old encodings write these letters in two ways.
_ARABIC: Final = str.maketrans({"ﻻ": "لا", "ي": "ي", "ک": "ك", "ی": "ى", "ہ": "ھ", "ۀ": "ە", "ھ": "ھ"})


def _one_way(first: int, last: int) -> str:
    """The letters from one to another that are written in one way."""
    return "".join(
        letter
        for letter in map(chr, range(first, last + 1))
        if letter.isalpha()
        and unicodedata.is_normalized("NFKC", letter)
        and letter.translate(_ONE_FOR_ALL).translate(_ARABIC) == letter
    )


#: Most names are spelled so that nothing has to be done: words of letters that are written in one way, a
#: space, a hyphen, an apostrophe or a dot between two.
_LETTERS: Final = (
    f"A-Za-z{_one_way(0xC0, 0x17F)}ə{_one_way(0x400, 0x52F)}{_one_way(0x620, 0x6D5)}\u4e00-\u9fff"
)
_CLEAN: Final = re.compile(f"[{_LETTERS}]+(?:[ '{DOT}-][{_LETTERS}]+)*")


def cleaned(text: str) -> str:
    """``text`` in one spelling, with its capitals: what is to be taken apart."""
    if len(text) <= LONGEST and _CLEAN.fullmatch(text):
        return text
    text = text[: LONGEST * 2].translate(_ONE_FOR_ALL)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_ONE_FOR_ALL).translate(_ARABIC)
    if not text.isprintable():
        text = "".join(letter for letter in text if not _invisible(letter))
    return _SPACE.sub(" ", _LOOSE_HYPHEN.sub("-", text)).strip(" ,")[:LONGEST]


@lru_cache(maxsize=1 << 14)
def folded(text: str) -> str:
    """``text`` in one spelling and without capitals: equal for what is equal to the eye of a reader."""
    if text.isascii():
        return cleaned(text).lower()
    # Twice: folding may compose anew.
    return unicodedata.normalize("NFC", cleaned(text).casefold())


def _invisible(letter: str) -> bool:
    # Line ends and tabs are white space, and become a space.
    return unicodedata.category(letter) in ("Cf", "Cc", "Co", "Cs", "Cn") and not letter.isspace()
