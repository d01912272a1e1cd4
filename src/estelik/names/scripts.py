"""Scripts that the map knows, and the numbers it has them under."""

from __future__ import annotations

from typing import Final

#: In n-grams and units.
KINDS: Final = {"Latn": 1, "Cyrl": 2, "Arab": 3, "Hani": 4}
#: N-grams of what Chinese is read as.
PINYIN: Final = 5
