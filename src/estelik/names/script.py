"""Script: which writing a text is in (ISO 15924)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal
from unicodedata import category

if TYPE_CHECKING:
    from collections.abc import Iterator
    from re import Pattern

#: ISO 15924; ``Zzzz`` is any other writing, ``Zyyy`` what all writings share (digits, marks, spaces).
Script = Literal["Latn", "Cyrl", "Arab", "Hani", "Zzzz", "Zyyy"]

#: Where a run of letters of one script begins (Unicode 15, Scripts.txt; what names are written in).
_BEGINS: Final[tuple[tuple[int, Script], ...]] = (
    (0x0000, "Zyyy"),
    (0x0041, "Latn"),
    (0x005B, "Zyyy"),
    (0x0061, "Latn"),
    (0x007B, "Zyyy"),
    (0x00AA, "Latn"),
    (0x00AB, "Zyyy"),
    (0x00BA, "Latn"),
    (0x00BB, "Zyyy"),
    (0x00C0, "Latn"),
    (0x00D7, "Zyyy"),
    (0x00D8, "Latn"),
    (0x00F7, "Zyyy"),
    (0x00F8, "Latn"),
    (0x02B9, "Zyyy"),
    (0x0370, "Zzzz"),
    (0x0400, "Cyrl"),
    (0x0530, "Zzzz"),
    (0x0600, "Arab"),
    (0x0700, "Zzzz"),
    (0x0750, "Arab"),
    (0x0780, "Zzzz"),
    (0x08A0, "Arab"),
    (0x0900, "Zzzz"),
    (0x1C80, "Cyrl"),
    (0x1C90, "Zzzz"),
    (0x1D00, "Latn"),
    (0x1D26, "Zzzz"),
    (0x1D2C, "Latn"),
    (0x1DC0, "Zyyy"),
    (0x1E00, "Latn"),
    (0x1F00, "Zzzz"),
    (0x2000, "Zyyy"),
    (0x2C60, "Latn"),
    (0x2C80, "Zzzz"),
    (0x2DE0, "Cyrl"),
    (0x2E00, "Zyyy"),
    (0x2E80, "Hani"),
    (0x3000, "Zyyy"),
    (0x3005, "Hani"),
    (0x3008, "Zyyy"),
    (0x3021, "Hani"),
    (0x302A, "Zyyy"),
    (0x3040, "Zzzz"),
    (0x30FB, "Zyyy"),
    (0x30FC, "Zzzz"),
    (0x3400, "Hani"),
    (0x4DC0, "Zzzz"),
    (0x4E00, "Hani"),
    (0xA000, "Zzzz"),
    (0xA640, "Cyrl"),
    (0xA6A0, "Zzzz"),
    (0xA720, "Latn"),
    (0xA800, "Zzzz"),
    (0xF900, "Hani"),
    (0xFB00, "Latn"),
    (0xFB07, "Zzzz"),
    (0xFB50, "Arab"),
    (0xFE00, "Zyyy"),
    (0xFE70, "Arab"),
    (0xFEFF, "Zyyy"),
    (0xFF21, "Latn"),
    (0xFF3B, "Zyyy"),
    (0xFF41, "Latn"),
    (0xFF5B, "Zyyy"),
    (0xFF66, "Zzzz"),
    (0x20000, "Hani"),
    (0x32000, "Zzzz"),
)
_STARTS: Final = [start for start, _ in _BEGINS]
#: Most texts are letters of one script, and what stands between words; these are spared to be counted.
_LETTERS: Final[dict[Script, str]] = {
    "Cyrl": "\u0410-\u044f\u0401\u0451\u0490-\u04f9",
    "Arab": "\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u06d5",
    "Hani": "\u4e00-\u9fff",
    "Latn": "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0259",
}
_OF_ONE: Final[tuple[tuple[Pattern[str], Script], ...]] = tuple(
    (re.compile(f"[ .,·'-]*+[{letters}][{letters} .,·'-]*+"), script) for script, letters in _LETTERS.items()
)
#: Marks, digits and emoji belong to no script, wherever they stand.
_SHARED: Final = frozenset(["M", "N", "P", "S", "Z", "C"])


@lru_cache(maxsize=1 << 14)
def of_letter(letter: str) -> Script:
    """The script of one character; ``Zyyy`` where it is no letter."""
    if category(letter)[0] in _SHARED:
        return "Zyyy"
    return _BEGINS[bisect_right(_STARTS, ord(letter)) - 1][1]


def of(text: str) -> Script:
    """The script that most letters of a text are in; ``Zyyy`` where it has no letter."""
    if text.isascii():
        return "Latn" if any(map(str.isalpha, text)) else "Zyyy"
    for letters, script in _OF_ONE:
        if letters.fullmatch(text):
            return script
    counts = Counter(map(of_letter, text))
    del counts["Zyyy"]
    # Of two that are used alike the one that comes first.
    return max(counts, key=counts.__getitem__) if counts else "Zyyy"


def runs(text: str) -> Iterator[tuple[Script, str]]:
    """A text in stretches of one script each, in order; what is no letter goes with what stands before it."""
    last: Script = "Zyyy"
    spans: list[tuple[Script, str]] = []
    for letter in text:
        found = of_letter(letter)
        last = found if found != "Zyyy" else last
        spans.append((last, letter))
    for script, letters in groupby(spans, key=lambda span: span[0]):
        yield script, "".join(letter for _, letter in letters)
