"""Russian in Latin letters.

ICAO Doc 9303 (what passports have since 2013), BGN/PCGN 1947 (maps, newspapers)
and GOST 7.79-2000, system B (documents of offices).
"""

from __future__ import annotations

from typing import Final

from estelik.names.letters import START, Rule, System

_SAME: Final = {
    **dict(zip("абвгдзиклмнопрстуф", "abvgdziklmnoprstuf", strict=True)),
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "ы": "y",
    "э": "e",
    "е": "e",
}
_VOWELS: Final = "аеёиоуыэюя"

PASSPORT: Final = System(
    "ru-Cyrl-Latn-icao",
    _SAME | {"ё": "e", "й": "i", "х": "kh", "ц": "ts", "щ": "shch", "ъ": "ie", "ь": "", "ю": "iu", "я": "ia"},
)

BGN: Final = System(
    "ru-Cyrl-Latn-bgn",
    _SAME | {"ё": "ë", "й": "y", "х": "kh", "ц": "ts", "щ": "shch", "ъ": "”", "ь": "’", "ю": "yu", "я": "ya"},
    (Rule("е", "ye", START + _VOWELS + "йъь"), Rule("ё", "yë", START + _VOWELS + "йъь")),
)

GOST: Final = System(
    "ru-Cyrl-Latn-gost-b",
    _SAME
    | {
        "ё": "yo",
        "й": "j",
        "х": "x",
        "ц": "cz",
        "щ": "shh",
        "ъ": "``",
        "ы": "y`",
        "ь": "`",
        "э": "e`",
        "ю": "yu",
        "я": "ya",
    },
    (Rule("ц", "c", before="иеёыйюяэ"),),
)
