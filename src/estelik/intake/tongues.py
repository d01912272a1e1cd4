"""Tongues: in which language a line was typed.

Whoever writes down what somebody tells goes from one language to another within a telling. So each line is
read by itself in every language that its letters allow; the one in which most of it is understood counts.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.intake.clauses import clauses
from estelik.intake.line import read
from estelik.intake.table import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.intake.reading import Context, Reading

#: The languages by the script of their letters, as Unicode names it.
_SCRIPTS: Final = {"LATIN": ("en",), "CYRILLIC": ("kk", "ru", "uk"), "CJK": ("zh",)}
#: Letters that a language in Cyrillic letters does not have.
_FOREIGN: Final = {
    "kk": frozenset("єїґ"),
    "ru": frozenset("іїєґәғқңөұүһ"),
    "uk": frozenset("ыэёъәғқңөұүһ"),
}


def wanted(*tags: str) -> tuple[str, ...]:
    """The languages that a line can be typed in, those of ``tags`` (BCP 47) first."""
    codes = (tag.replace("_", "-").partition("-")[0].lower() for tag in tags)
    return tuple(dict.fromkeys((*(code for code in codes if code in LANGUAGES), "en", *LANGUAGES)))


def possible(line: str, languages: Iterable[str]) -> tuple[str, ...]:
    """Those of ``languages`` in whose letters a word of the line is written, all but the first left out where
    it has no letter that any of them has: a sign, a number."""
    letters = {letter for letter in line if letter.isalpha()}
    scripts = {unicodedata.name(letter, "").partition(" ")[0] for letter in letters}
    there = {language for script, group in _SCRIPTS.items() if script in scripts for language in group}
    languages = tuple(languages)
    return tuple(one for one in languages if one in there) or languages[:1]


def understood(
    line: str, languages: Iterable[str], context: Context | None = None, *, apart: bool = True
) -> Reading:
    """What a line says, in that of ``languages`` in which most of it is understood, the earlier where two
    understand as much; ``Reading.language`` says which. A line that two languages understand as a whole, each
    otherwise, has the other reading beside the first. ``apart``: whether one line may tell several things."""
    own = clauses if apart else read
    found = [own(line, language, context) for language in possible(line, languages)]
    found.sort(key=_missed)
    first = found[0]
    others = [
        one
        for one in found[1:]
        if one.complete
        and not (one.parts or first.parts)
        and one.cells != first.cells
        and not _strange(one)
        and _is_said(one)
    ]
    if not (first.complete and others):
        return first
    return msgspec.structs.replace(first, alternatives=(*first.alternatives, *others))


def _missed(found: Reading) -> tuple[bool, int, int]:
    """How much of a line a reading leaves: none comes first."""
    unread = sum(len(one.text) for one in found.unread)
    return not found.complete, unread + (not (found.fields or found.parts)) * len(found.line), _strange(found)


def _strange(found: Reading) -> int:
    """How many letters of the line its language does not have."""
    return sum(letter in _FOREIGN.get(found.language, ()) for letter in found.line.lower())


def _is_said(found: Reading) -> bool:
    """Whether the line itself names what it is about."""
    return any(one.column in ("event", "fact") and not one.assumed for one in found.fields)
