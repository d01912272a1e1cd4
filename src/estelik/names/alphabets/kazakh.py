"""Kazakh in its three writings, and on maps.

Cyrillic (1940), Latin by the tables of 19 February 2018 and 28 January 2021,
Arabic (töte jazu, as in Xinjiang), and BGN/PCGN 1979.

In Arabic letters a word is front or back as a whole: a hamza before it makes
its vowels front, and so do ك, گ and ە, with which none is written. Read back,
ا and و are ә and ө in the first syllable alone, as in native words, and a word
with ق or ع and no hamza is taken for back: compounds such as Қалисбек are both.
"""

from __future__ import annotations

import re
from typing import Final

from estelik.names.letters import Rule, System

_SAME: Final = {
    **dict(zip("абвгдежзклмнопрстфхһыэ", "abvgdejzklmnoprstfhhye", strict=True)),
    "қ": "q",
    "ъ": "",
    "ь": "",
}

LATIN_2021: Final = System(
    "kk-Cyrl-Latn-2021",
    _SAME
    | dict(zip("әғийңөуұүшщі", "äğiiñöuūüşşı", strict=True))
    | {"ё": "io", "ц": "ts", "ч": "ch", "ю": "iu", "я": "ia"},
    capitals={"i": "İ", "ı": "I"},
)

LATIN_2018: Final = System(
    "kk-Cyrl-Latn-2018",
    _SAME
    | dict(zip("әғийңөуұүі", "áǵıińóýuúi", strict=True))
    | {"й": "ı", "ё": "ıo", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shsh", "ю": "ıý", "я": "ıa"},
)

BGN: Final = System(
    "kk-Cyrl-Latn-bgn",
    _SAME
    | dict(zip("әийөуұүі", "äīyöūuüi", strict=True))
    | {"ғ": "gh", "ж": "zh", "ң": "ng", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch"}
    | {"ё": "yo", "ъ": "”", "ь": "’", "э": "ė", "ю": "yu", "я": "ya"},
)

#: Back from any of these, roughly: и stands for й and і, too.
OF_LATIN: Final = System(
    "kk-Latn-Cyrl",
    {
        **dict(zip("abvgdejzklmnoprstfhyqxw", "абвгдежзклмнопрстфхықху", strict=True)),
        **dict(zip("äáğǵiıñńöóūúüuýş", "әәғғииңңөөұүүууш", strict=True)),
        "ch": "ч",
        "sh": "ш",
        "zh": "ж",
        "gh": "ғ",
        "ng": "ң",
        "kh": "х",
        "ts": "ц",
    },
)

_HAMZA: Final = "\u0674"
#: Spelled with a hamza each (U+0675 to U+0678), which means the word as well.
_SEATED: Final = str.maketrans({"ٵ": f"{_HAMZA}ا", "ٶ": f"{_HAMZA}و", "ٷ": f"{_HAMZA}ۇ", "ٸ": f"{_HAMZA}ى"})
_FRONT: Final = dict(zip("әөүі", "аоұы", strict=True))
_WORD: Final = re.compile(r"[^\W\d_]+", re.UNICODE)


def _hamza_before(word: re.Match[str]) -> str:
    """A word with its front vowels as back ones, and a hamza before it where nothing else makes it front."""
    text = word[0]
    plain = "".join(_FRONT.get(letter, letter) for letter in text.lower())
    if plain == text.lower() or set(plain) & set("кге"):
        return plain
    return _HAMZA + plain


ARABIC: Final = System(
    "kk-Cyrl-Arab",
    {
        **dict(zip("абвгғдежзийкқлмнңопрстуұфхһчшыэ", "ابۆگعدەجزييكقلمنڭوپرستۋۇفحھچشىە", strict=True)),
        "ё": "يو",
        "ц": "تس",
        "щ": "شش",
        "ъ": "",
        "ь": "",
        "ю": "يۋ",
        "я": "يا",
    },
    words=lambda text: _WORD.sub(_hamza_before, text),
)

_ARABIC_WORD: Final = re.compile(rf"[{_HAMZA}\w]+")
_BACK: Final = {"ұ": "ү", "ы": "і"}
_BACK_AT_FIRST: Final = {"а": "ә", "о": "ө"} | _BACK
_FIRST_VOWEL: Final = re.compile("[аоұыеияю]")
_VOWELS: Final = "اوۇىە"

_BACKWARDS: Final = System(
    "kk-Arab-Cyrl",
    {
        **dict(zip("ابۆگعدەجزيكقلمنڭوپرستۋۇفحھچشى", "абвгғдежзикқлмнңопрстуұфхһчшы", strict=True)),
        _HAMZA: "",
        "ء": "",
    },
    (
        Rule("يا", "я"),
        Rule("يۋ", "ю"),
        Rule("ي", "й", after=_VOWELS),
        Rule("ي", "й", before=_VOWELS),
    ),
)


def _cyrillic(word: re.Match[str]) -> str:
    text = word[0].translate(_SEATED)
    written = _BACKWARDS.write(text)
    if not set(text) & {_HAMZA, "ء"} and (set(text) & set("قع") or not set(text) & set("كگە")):
        return written
    first = _FIRST_VOWEL.search(written)
    end = first.end() if first else 0
    return "".join(
        (_BACK_AT_FIRST if place < end else _BACK).get(letter, letter) for place, letter in enumerate(written)
    )


def cyrillic(text: str) -> str:
    """Kazakh in Arabic letters in Cyrillic ones, all small: Arabic letters have no capitals."""
    return _ARABIC_WORD.sub(_cyrillic, text)
