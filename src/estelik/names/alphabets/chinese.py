"""Chinese in Latin letters: pinyin without tones (GB/T 16159, ISO 7098).

Names of other peoples are written syllable by syllable, and read so: what
stands between two middle dots is one word, with an apostrophe before a
syllable that begins with a, e or o. The readings are those of ``pypinyin``, of
a character with several the one that names mostly have.
"""

from __future__ import annotations

import re
from typing import Final

#: Characters that transcribe a sound in names, and are read otherwise in words.
_IN_NAMES: Final = {
    "卜": "bu",
    "贾": "jia",
    "佛": "fo",
    "勒": "le",
    "都": "du",
    "娜": "na",
    "那": "na",
    "得": "de",
    "地": "di",
    "和": "he",
    "合": "he",
    "什": "shi",
    "扎": "zha",
    "单": "shan",
    "仇": "qiu",
    "翟": "zhai",
    "解": "xie",
    "曾": "zeng",
    "车": "che",
    "伽": "jia",
    "大": "da",
    "呢": "ni",
    "了": "le",
    "行": "xing",
    "別": "bie",
    "别": "bie",
}

_HAN: Final = re.compile(r"[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U00031fff]+")


def syllables(text: str) -> list[str]:
    """The syllables of a stretch of Chinese characters, in pinyin without tones, small; ü is v."""
    from pypinyin import Style, lazy_pinyin  # late: its tables take a moment

    read = lazy_pinyin(text, style=Style.NORMAL)
    if len(read) != len(text):
        # Of a character that nobody reads nothing is known; it must not shift the others.
        read = [lazy_pinyin(letter, style=Style.NORMAL)[0] for letter in text]
    return [_IN_NAMES.get(letter, sound) for letter, sound in zip(text, read, strict=True)]


def pinyin(text: str) -> str:
    """``text`` with its Chinese characters in pinyin; each stretch of them is a word."""
    return _HAN.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    first, *others = syllables(match[0]) or [""]
    word = first + "".join(f"'{one}" if one[:1] in ("a", "e", "o") else one for one in others)
    return word.replace("v", "ü").capitalize()
