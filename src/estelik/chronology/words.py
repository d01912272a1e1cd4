"""Durations in words, read into duration text by a table of versioned rules.

``13 years four months.`` is P13Y4M, ``about two years`` is ~P2Y. A reading
names the rule and its version, so that what became of somebody's words can be
followed and done again; text that no rule reads as a whole is not read at all.
Word tables: ``words.json``; a change to the meaning of a rule or to the words
of a language raises the version there.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec

from estelik.chronology.duration import DurationError, parse

_MAX_TEXT: Final = 200
_UNIT_ORDER: Final = "YMWD"


class Reading(msgspec.Struct, frozen=True):
    """What words were read as: duration text, and the rule and version that read them."""

    duration: str
    rule: str
    version: int


class _Shape(msgspec.Struct, frozen=True):
    """A rule: the words around a length, and how the duration is then written."""

    rule: str
    pattern: re.Pattern[str]
    written: str


class _Language(msgspec.Struct, frozen=True):
    version: int
    token: re.Pattern[str]
    numbers: dict[str, int]
    tens: dict[str, int]
    units: dict[str, str]
    joins: frozenset[str]
    shapes: tuple[_Shape, ...]
    spaced: bool


def languages() -> tuple[str, ...]:
    """The languages (BCP 47) whose durations can be read."""
    return tuple(_tables())


@lru_cache(maxsize=4096)
def read(text: str, language: str = "en") -> Reading | None:
    """The duration that words of a language say; None where that is not sure.

    ``language`` is a BCP 47 tag of which only the language itself counts.
    """
    name = language.split("-")[0].lower()
    if name not in _tables() or len(text) > _MAX_TEXT:
        return None
    words = _language(name)
    said = " ".join(text.lower().replace("\u2019", "'").split()).strip(" .,;!")
    if not said:
        return None
    for shape in words.shapes:
        match = shape.pattern.fullmatch(said)
        if match is None:
            continue
        parts = {key: _length(part, words) for key, part in match.groupdict().items() if part is not None}
        if any(part is None for part in parts.values()):
            continue
        duration = shape.written.format(**parts)
        try:
            parse(duration)
        except DurationError:
            continue
        return Reading(duration, f"{name}:{shape.rule}", words.version)
    return None
