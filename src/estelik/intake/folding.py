"""Folding: a line as it is compared, and where in the line each letter of it was typed."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Dashes, apostrophes and the letters that look alike on every keyboard.
_ALIKE: Final = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("’ʼ`´ʹ", "'"),
    "ё": "е",
}

#: Marks of direction and what has no width, which no label may hold.
_UNSEEN: Final = dict.fromkeys(
    [0x61C, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF]
)


class Folded(msgspec.Struct, frozen=True):
    """``text``: lower case, composed, without marks of direction, one space where there were many;
    ``places[i]``: where its letter ``i`` begins in the line; one more place for the end."""

    line: str
    text: str
    places: tuple[int, ...]

    def typed(self, start: int, end: int) -> str:
        """What was typed between two places of the folded text, marks of direction left out."""
        return self.line[slice(*self.span(start, end))].translate(_UNSEEN).strip()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the line between two places of the folded text, without white space at its ends."""
        if start >= end:
            return self.places[start], self.places[start]
        first, last = self.places[start], self.places[end]
        while last > first and self.line[last - 1].isspace():
            last -= 1
        return first, last


def fold(line: str, letters: Mapping[str, str]) -> Folded:
    """The line folded; ``letters`` of a language that are typed in more than one way."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(line):
        end = at + 1
        while end < len(line) and unicodedata.category(line[end])[0] == "M":
            end += 1
        for letter in _letters(line[at:end], letters):
            if letter == " " and (not out or out[-1] == " "):
                continue
            out.append(letter)
            places.append(at)
        at = end
    return Folded(line, "".join(out), (*places, len(line)))


def word(text: str, letters: Mapping[str, str]) -> str:
    """A word of a table, folded as the line is."""
    return fold(text, letters).text


def _letters(cluster: str, letters: Mapping[str, str]) -> str:
    if cluster.isascii() and cluster.isprintable():
        return cluster.lower()
    out = []
    for letter in unicodedata.normalize("NFKC", cluster).lower():
        kind = unicodedata.category(letter)
        if kind in ("Cf", "Cs", "Co", "Cn"):
            continue
        if kind[0] == "Z" or kind == "Cc":
            out.append(" ")
            continue
        plain = _ALIKE.get(letter, letter)
        out.append(letters.get(plain, plain))
    return "".join(out)
