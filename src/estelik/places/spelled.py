"""Spelled: what is left of a place's name when typing is left out, and how else it may be written.

A place's name is looked up by its letters and digits alone: marks above letters, hyphens,
apostrophes and spaces are where sheets, maps and keyboards differ. In another script it is
looked up by the published systems of transliteration, one after the other.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from estelik.names import script
from estelik.names.spelling import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS: Final = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "ß": "ss", "ə": "e"})


@lru_cache(maxsize=1 << 14)
def key(text: str) -> str:
    """The letters and digits of a name, folded, without marks: what it is looked up by."""
    letters = unicodedata.normalize("NFKD", folded(text).translate(_LETTERS))
    return "".join(one for one in letters if unicodedata.category(one)[0] in "LN" and one != "ʹ")


def same_spelling(one: str, other: str) -> bool:
    """Whether two names are the same letters, however they were typed."""
    return folded(one) == folded(other)


def written(text: str) -> Iterator[tuple[str, str]]:
    """``text`` in other scripts, with the code of the system: each spelling once, the likeliest first."""
    seen = {key(text)}
    for code, other in _written(text):
        if key(other) and key(other) not in seen:
            seen.add(key(other))
            yield code, other


def _written(text: str) -> Iterator[tuple[str, str]]:
    # Late: the tables are read only for a name that was not found as it is.
    match script.of(text):
        case "Cyrl":
            from estelik.names.alphabets import kazakh, kyrgyz, russian, ukrainian, uyghur

            systems = (
                ukrainian.LATIN_2010,
                russian.PASSPORT,
                russian.BGN,
                kazakh.LATIN_2021,
                kazakh.BGN,
                kyrgyz.BGN,
                kazakh.ARABIC,
                uyghur.ARABIC_OF_CYRILLIC,
            )
            for system in systems:
                yield system.code, system.write(text)
        case "Arab":
            from estelik.names.alphabets import kazakh, uyghur

            yield uyghur.LATIN.code, uyghur.LATIN.write(text)
            yield uyghur.CYRILLIC.code, uyghur.CYRILLIC.write(text)
            cyrillic = kazakh.cyrillic(text)
            yield "kk-Arab-Cyrl", cyrillic
            yield "kk-Arab-Latn", kazakh.LATIN_2021.write(cyrillic)
        case "Hani":
            from estelik.names.alphabets import chinese

            yield "zh-Hani-Latn-pinyin", chinese.pinyin(text)
        case "Latn":
            from estelik.names.alphabets import uyghur

            yield uyghur.ARABIC.code, uyghur.ARABIC.write(text)
        case _:
            return
