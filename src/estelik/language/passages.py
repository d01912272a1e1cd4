"""Passages: words in which something was found, cut to a line, with what was found marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: How many letters of a text are shown, and how many of these before what was found first.
_SHOWN: Final = 160
_BEFORE: Final = 50
#: Between letters of a word, where they say how these are written.
_JOINERS: Final = "\u200c\u200d"
_FSI, _PDI = "\u2068", "\u2069"
_MORE: Final = "\u2026"


def excerpt(text: str, spans: Sequence[tuple[int, int]], marked: Callable[[str], str]) -> str:
    """A line of a text around what was found in it (from which letter to which), kept apart from the sentence
    around it; ``marked`` is asked for each piece that was found."""
    first = spans[0][0] if spans else 0
    begin = 0 if first <= _BEFORE or len(text) <= _SHOWN else _at_space(text, first - _BEFORE, first)
    end = min(len(text), begin + _SHOWN)
    if end < len(text):
        end = max(_back_to_space(text, end, begin), min(spans[0][1], begin + _SHOWN) if spans else 0)
    parts, place = [_MORE if begin else ""], begin
    for start, stop in spans:
        if start >= end:
            break
        parts += [_line(text[place:start]), marked(_line(text[start : min(stop, end)]))]
        place = min(stop, end)
    parts += [_line(text[place:end]), _MORE if end < len(text) else ""]
    return f"{_FSI}{''.join(parts)}{_PDI}"


def _at_space(text: str, start: int, before: int) -> int:
    """Where a word begins from ``start`` on."""
    found = text.find(" ", start, before)
    return found + 1 if found >= 0 else start


def _back_to_space(text: str, end: int, begin: int) -> int:
    """Where a word ends, not far before ``end``."""
    found = text.rfind(" ", max(begin, end - _BEFORE), end)
    return found if found > begin else end


def _line(text: str) -> str:
    """Without what would end the line, move a cursor or turn what follows around."""
    return "".join(
        one if one.isprintable() or one in _JOINERS else " " if one.isspace() else "" for one in text
    )
