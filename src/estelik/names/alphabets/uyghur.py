"""Uyghur in its three writings: Arabic (as in Xinjiang), Latin (ULY) and Cyrillic (as in Kazakhstan).

A vowel at the beginning of a syllable that has no consonant there stands on a
hamza seat in Arabic letters. ULY writes nothing for it, and an apostrophe
where one consonant comes before, as it does between letters that are not one.
"""

from __future__ import annotations

from typing import Final

from estelik.names.letters import START, Rule, System

_ARABIC_VOWELS: Final = "اەوۇۆۈېى"
_SEAT: Final = "ئ"
_CONSONANTS: Final = "بپتجچخدرزژسشغفقكگڭلمنھۋي"

LATIN: Final = System(
    "ug-Arab-Latn-uly",
    {
        **dict(zip("اەبپتجخدرزسفقكگلمنھوۇۆۈۋېىي", "aebptjxdrzsfqkglmnhouöüwëiy", strict=True)),
        "چ": "ch",
        "ژ": "zh",
        "ش": "sh",
        "غ": "gh",
        "ڭ": "ng",
        _SEAT: "",
        "ء": "'",
    },
    (
        Rule(_SEAT, "'", after=_CONSONANTS),
        Rule("ن", "n'", before="گغ"),
        Rule("س", "s'", before="ھ"),
        Rule("گ", "g'", before="ھ"),
        Rule("ز", "z'", before="ھ"),
    ),
)

CYRILLIC: Final = System(
    "ug-Arab-Cyrl",
    {
        **dict(zip("اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىي", "аәбптҗчхдрзжсшғфқкгңлмнһоуөүвеий", strict=True)),
        "يا": "я",
        "يۇ": "ю",
        _SEAT: "",
        "ء": "",
    },
)

_LATIN_VOWELS: Final = "aeouöüëiéə"

ARABIC: Final = System(
    "ug-Latn-Arab",
    {
        **dict(zip("aebptjxdrzsfqkglmnhouöüwëiyéəv", "اەبپتجخدرزسفقكگلمنھوۇۆۈۋېىيېەۋ", strict=True)),
        "ch": "چ",
        "zh": "ژ",
        "sh": "ش",
        "gh": "غ",
        "ng": "ڭ",
        "'": "",
        "’": "",
    },
    tuple(
        Rule(letter, f"{_SEAT}{arabic}", after=f"{START}{_LATIN_VOWELS}'’")
        for letter, arabic in zip("aeouöüëiéə", "اەوۇۆۈېىېە", strict=True)
    ),
)

ARABIC_OF_CYRILLIC: Final = System(
    "ug-Cyrl-Arab",
    {
        **dict(zip("аәбптҗчхдрзжсшғфқкгңлмнһоуөүвеийэ", "اەبپتجچخدرزژسشغفقكگڭلمنھوۇۆۈۋېىيې", strict=True)),
        "я": "يا",
        "ю": "يۇ",
        "ё": "يو",
        "ц": "تس",
        "щ": "ش",
        "ы": "ى",
        "ъ": "",
        "ь": "",
    },
    tuple(
        Rule(letter, f"{_SEAT}{arabic}", after=f"{START}аәоуөүеияюёэ")
        for letter, arabic in zip("аәоуөүеиэ", "اەوۇۆۈېىې", strict=True)
    ),
)
