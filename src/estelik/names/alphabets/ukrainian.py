"""Ukrainian in Latin letters: resolution 55 of the Cabinet of Ministers, 27 January 2010."""

from __future__ import annotations

from typing import Final

from estelik.names.letters import START, Rule, System

LATIN_2010: Final = System(
    "uk-Cyrl-Latn-2010",
    {
        **dict(zip("абвгґдезиіклмнопрстуф", "abvhgdezyiklmnoprstuf", strict=True)),
        "є": "ie",
        "ж": "zh",
        "ї": "i",
        "й": "i",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ь": "",
        "ю": "iu",
        "я": "ia",
        "'": "",
        "’": "",
        "ʼ": "",
        "зг": "zgh",
    },
    (
        *(Rule(one, f"y{other}", START) for one, other in zip("єюя", "eua", strict=True)),
        Rule("ї", "yi", START),
        Rule("й", "y", START),
    ),
)
