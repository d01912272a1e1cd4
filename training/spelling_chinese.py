"""Spelling of Chinese offices: a name by its syllables, each in one of its characters; and its pinyin.

What the tables ``tables/chinese_*.txt`` say; a sequence of sounds that is no
syllable of theirs is written by the nearest, with what is left as a character of its own.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from training import listed, sounds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from training.listed import Language

#: A way of writing after another is this much less usual.
_LESS: Final = (8, 3, 1, 1, 1, 1)
_GLIDES: Final = "yw"
#: Where a vowel has no syllable of its own.
_BROADER: Final = (
    str.maketrans("öüıä", "ouia"),
    str.maketrans("öüıä", "ouee"),
    str.maketrans("ıüeä", "eöiı"),
)
#: Written by few: the end of a syllable that Chinese has no sound for.
_DROPS: Final = {"r": 0.06, "h": 0.1, "x": 0.04, "y": 0.03}


@cache
def _table(name: str, language: Language) -> dict[str, tuple[str, ...]]:
    general: dict[str, tuple[str, ...]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for key, ways in listed.table(name):
        start, _, rest = key.rpartition(":")
        if start in ("", language):
            (own if start else general)[rest] = tuple(ways.split())
    return general | own


@cache
def _words(language: Language) -> tuple[tuple[str, bool, bool, tuple[str, ...]], ...]:
    """Sounds, whether at the beginning alone, whether at the end alone, ways; the longest first."""
    rows = []
    for key, ways in _table("chinese_words", language).items():
        first, last = key[0] in "^=", key[-1] == "$" or key[0] == "="
        rows.append((_single(key.strip("^=$")), first, last, ways))
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), -row[1] - row[2], row[0])))


def _single(sound: str) -> str:
    """Two of a consonant as one: Chinese writes them so."""
    return "".join(letter for place, letter in enumerate(sound) if letter != sound[place - 1 : place])


@cache
def pieces(sound: str, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The parts of a name that are written for themselves, each with the ways to write it."""
    text, place, out = _single(sound), 0, []
    while place < len(text):
        length, ways = _word(text, place, language) or _syllable(text, place, language)
        out.append((text[place : place + length], ways))
        place += length
    return tuple(out)


def _word(text: str, place: int, language: Language) -> tuple[int, tuple[str, ...]] | None:
    for letters, first, last, ways in _words(language):
        end = place + len(letters)
        if (first and place) or (last and end != len(text)) or not text.startswith(letters, place):
            continue
        # A consonant before a vowel begins the next syllable; of ``gül`` it does not.
        if letters[-1] in sounds.VOWELS or letters == "gül" or text[end : end + 1] not in _vowels():
            return len(letters), ways
    return None


@cache
def _vowels() -> frozenset[str]:
    return frozenset(sounds.VOWELS)


def _syllable(text: str, place: int, language: Language) -> tuple[int, tuple[str, ...]]:
    table = _table("chinese_syllables", language)
    onset = text[place] if text[place] not in sounds.VOWELS else ""
    vowel = text[place + len(onset) : place + len(onset) + 1]
    if vowel not in _vowels():
        return 1, table[onset]
    end = place + len(onset) + 1
    behind = text[end : end + 1]
    closed = behind == "N" or (
        behind and behind in _GLIDES + "n" and text[end + 1 : end + 2] not in _vowels()
    )
    for sound in _near(onset, vowel, behind) if closed else ():
        if sound in table:
            return len(onset) + 2, table[sound]
    return len(onset) + 1, next(table[sound] for sound in _near(onset, vowel, "") if sound in table)


def _near(onset: str, vowel: str, behind: str) -> Iterator[str]:
    for coda in (behind, "n") if behind == "N" else (behind,):
        yield onset + vowel + coda
        for broader in _BROADER:
            yield onset + vowel.translate(broader) + coda


def write(sound: str, language: Language, rng: Random) -> str:
    """A name in Chinese characters."""
    out = []
    for number, (piece, ways) in enumerate(pieces(sound, language)):
        if number and rng.random() < _DROPS.get(piece, 0):
            continue
        out.append(rng.choices(ways, _LESS[: len(ways)])[0])
    return "".join(out)


def usual(sound: str, language: Language) -> str:
    """A name in the characters that are usual for its syllables."""
    return "".join(ways[0] for _, ways in pieces(sound, language))


@cache
def _readings() -> dict[str, str]:
    return {row[0]: row[1] for row in listed.table("chinese_readings")}


def pinyin(text: str, *, apostrophe: bool = False) -> str:
    """Chinese characters of the tables in pinyin, the syllables joined; ``apostrophe``: before a, e, o."""
    read = [_readings()[letter] for letter in text]
    first, *others = read
    joined = first + "".join(f"'{one}" if apostrophe and one[0] in "aeo" else one for one in others)
    return joined.capitalize()
