"""Folding: the letters of a word that the map knows, in any script.

Coarser than ``spelling``: marks and what writers of one script disagree on are
gone. A fold is only ever compared with folds.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from estelik.names.script import Script

#: Letters that are no others with a mark.
LATIN: Final = {
    "ł": "l",
    "ø": "o",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ə": "a",
    "ŋ": "n",
    "ħ": "h",
    "ŧ": "t",
}
#: And marks that stand for a sound of two letters in English.
_LATIN: Final = str.maketrans(
    {
        **LATIN,
        "ß": "ss",
        "š": "sh",
        "č": "ch",
        "ž": "zh",
        "ş": "sh",
        "ș": "sh",
    }
)
_CYRILLIC: Final = str.maketrans({"ё": "е", "ѐ": "е", "ѝ": "и", "ў": "у"})
#: Keyboards of Arabic, Persian, Uyghur and Kazakh have different letters for the same.
_ARABIC: Final = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("يىئ", "ی"),
        "ك": "ک",
        "ة": "ه",
        "ۀ": "ه",
        "ھ": "ه",
        "ہ": "ه",
        "ؤ": "و",
        "ء": "",
        "ـ": "",
        # Urdu, Pashto and Kurdish have letters for what Arabic has no sound for: Latin ones say the same for
        # both.
        **dict.fromkeys("ٹټ", "ت"),
        **dict.fromkeys("ڈډ", "د"),
        **dict.fromkeys("ڑړڕ", "ر"),
        **dict.fromkeys("ںڼ", "ن"),
        **dict.fromkeys("ےۍ", "ی"),
        "ڵ": "ل",
        "ێ": "ې",
        "ګ": "گ",
        "ښ": "ش",
        "ږ": "ژ",
    }
)


@lru_cache(maxsize=1 << 16)
def folded(script: Script, word: str) -> str:
    """The letters of ``word`` that count, "" where there is none."""
    word = word.casefold()
    if script == "Latn":
        if not word.isascii():
            word = _bare(unicodedata.normalize("NFC", word).translate(_LATIN)).translate(_LATIN)
        return "".join(letter for letter in word if "a" <= letter <= "z")
    if script == "Cyrl":
        word = unicodedata.normalize("NFC", word).translate(_CYRILLIC)
    elif script == "Arab":
        word = _bare(word.translate(_ARABIC))
    elif script == "Hani":
        word = unicodedata.normalize("NFKC", word)
    return "".join(letter for letter in word if letter.isalpha())


def _bare(word: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter)
    )
