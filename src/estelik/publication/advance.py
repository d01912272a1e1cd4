"""Advance: how wide text is, reckoned on the server, so that labels keep apart.

``advance-widths.json`` holds the advance widths of Noto Sans and Noto Sans
Arabic (isolated forms, the widest) in thousandths of an em, rounded up to tens.
"""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from importlib.resources import files

#: Fallback faces are up to this much wider than Noto Sans.
_MARGIN = 1.06
_BOLD = 1.08
_UNKNOWN, _WIDE = 700, 1000


def width(text: str, size: float = 13.0, *, bold: bool = False) -> float:
    """The width of one line in px, rather too much than too little."""
    table = _table()
    total = sum(table.get(letter) or _reckoned(letter) for letter in text)
    return total / 1000 * size * _MARGIN * (_BOLD if bold else 1.0)


def wrapped(text: str, room: float, size: float = 13.0, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that fit, broken between words, or within a word that
    is wider than the room."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, size, bold=bold) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _cut(word, room, size, bold=bold)
        lines += whole
    return (*lines, line) if line else tuple(lines)


def _cut(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    """A word in pieces that fit; one piece where it does."""
    pieces = []
    rest = word
    while width(rest, size, bold=bold) > room and len(rest) > 1:
        end = len(rest) - 1
        while end > 1 and width(rest[:end], size, bold=bold) > room:
            end -= 1
        pieces.append(rest[:end])
        rest = rest[end:]
    return [*pieces, rest]


@cache
def _table() -> dict[str, int]:
    text = files("estelik.publication").joinpath("advance-widths.json").read_text(encoding="utf-8")
    return {letter: int(size) for size, letters in json.loads(text).items() for letter in letters}


@cache
def _reckoned(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf", "Cc"):
        return 0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _UNKNOWN
