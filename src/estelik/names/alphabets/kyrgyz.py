"""Kyrgyz in Latin letters: BGN/PCGN 1979."""

from __future__ import annotations

from typing import Final

from estelik.names.letters import System

BGN: Final = System(
    "ky-Cyrl-Latn-bgn",
    {
        **dict(zip("абвгдежзийклмноөпрстуүфыэ", "abvgdejziyklmnoöprstuüfye", strict=True)),
        "ё": "yo",
        "ң": "ng",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ъ": "”",
        "ь": "’",
        "ю": "yu",
        "я": "ya",
    },
)
