"""Label: what makes two of them one (decision 6)."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import is_normalized, normalize

#: Spaces of any width, whether or not a line may break there (Unicode's Zs, but for the one that shows).
_SPACES: Final = re.compile("[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")


#: Joiners, which show by what they do to the letters beside them (Arabic script, and those of India).
_JOINERS: Final = dict.fromkeys((0x200C, 0x200D))


def is_seen(text: str) -> bool:
    """Whether all that a label is made of can be seen, by itself or by what it does to its neighbours."""
    return text.isprintable() or (bool(text.strip("\u200c\u200d")) and text.translate(_JOINERS).isprintable())


def composed(text: str) -> str:
    """A label as it is compared: letters and their marks composed (Unicode's form C), and
    one plain space where there are spaces of any kind."""
    return _SPACES.sub(" ", normalize("NFC", text))


def is_composed(text: str) -> bool:
    """Whether labels that this text is made of stand as they are compared; at times
    False where they do."""
    if "  " in text:
        return False
    return text.isascii() or (text.isprintable() and is_normalized("NFC", text))
