"""Durations in words, read into duration text by a table of versioned rules.

``13 years four months.`` is P13Y4M, ``about two years`` is ~P2Y, ``two to
seven days`` is P2D/P7D. A reading names its rule and version, so that what
became of somebody's words can be followed and done again. Text that no rule
reads as a whole is not read at all.

The words of each language are in ``words.json``; whoever changes the meaning
of a rule or of a word there raises the version of that language.

A half is of a year only, and as rough as it sounds: half a unit either side,
as for every duration, is here a quarter of a year (half a year: P3M/P9M).
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.age import MAX_AGE
from estelik.chronology.duration import DurationError, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAX_TEXT: Final = 200
_UNITS: Final = "YMWD"
_DASHES: Final = str.maketrans({"‐": "-", "‑": "-", "–": "-", "—": "-", "’": "'", "ʼ": "'", "ё": "е"})


class Reading(msgspec.Struct, frozen=True):
    """What words were read as: duration text, and the rule and version that read them."""

    duration: str
    rule: str
    version: int


class Language(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a language, as in the table."""

    version: int
    #: Whether words stand apart.
    spaced: bool
    ones: dict[str, int]
    tens: dict[str, int]
    #: What stands between tens and ones.
    links: list[str]
    units: dict[str, str]
    joins: list[str]
    #: Words before or after a length, and the sign they become.
    before: dict[str, str]
    after: dict[str, str]
    #: What opens a range, and what stands between its ends.
    ranges: list[tuple[str, str]]
    choices: list[str]
    half_year: list[str]
    #: "and a half" after the unit, and between number and unit.
    half_after: list[str]
    half_between: list[str]
    year_and_half: list[str] = []
    #: Units that say one by themselves.
    bare: list[str] = []
    #: Words for a number that is left open, and its least and most.
    loose: dict[str, tuple[int, int]] = {}
    #: Whether the unit before the number means "about".
    inverted: bool = False
    #: What then stands between the two, where that is how much later something was.
    inward: list[str] = []
    phrases: dict[str, str] = {}


class _Length(msgspec.Struct, frozen=True):
    """Counts by unit; ``half`` says that half a year comes on top."""

    counts: tuple[tuple[str, int], ...]
    half: bool = False

    def text(self) -> str:
        counts = self.counts + ((("M", 6),) if self.half else ())
        return "P" + "".join(f"{count}{unit}" for unit, count in counts)

    def signed(self, sign: str) -> str:
        if self.half and sign in ("", "~"):
            months = 12 * sum(count for _, count in self.counts) + 6
            return f"P{months - 3}M/P{months + 3}M"
        return sign + self.text()


class _Grammar:
    """The rules of one language, ready to read."""

    def __init__(self, words: Language) -> None:
        self.words = words
        self.gap = " " if words.spaced else ""
        self.numbers = dict(words.ones) | dict(words.tens)
        for ten, tens in words.tens.items():
            for one, ones in words.ones.items():
                if ones < 10 and one not in ("a", "an"):
                    self.numbers |= {ten + link + one: tens + ones for link in words.links}
        number = rf"[0-9]{{1,4}}|{_either(self.numbers)}"
        self.number = re.compile(number)
        space = "[ -]?" if words.spaced else " ?"
        edge = r"(?!\w)" if words.spaced else ""
        self.term = re.compile(rf"(?:({number}){space})?({_either(words.units)}){edge}")
        self.between = re.compile(
            rf" ?,? ?(?:(?:{_either(words.joins)}){'(?: |$)' if words.spaced else ''})?"
        )

    def read(self, said: str) -> tuple[str, str] | None:
        """The duration and the rule's name, from the rule that reads the whole of what was said."""
        words = self.words
        if said in words.phrases:
            return words.phrases[said], "phrase"
        for phrase, sign, rest in self._signed(said):
            length = self._length(rest)
            if length is not None:
                return length.signed(sign), phrase
        for loose, (least, most) in words.loose.items():
            unit = words.units.get(said.removeprefix(loose + self.gap))
            if unit is not None and said.startswith(loose + self.gap):
                return (f"~P{least}{unit}" if least == most else f"P{least}{unit}/P{most}{unit}"), loose
        length = self._length(said)
        if length is not None:
            return length.signed(""), "half" if length.half else "length"
        for rule, written, first, last in self._pairs(said):
            ends = self._ends(first, last)
            if ends is not None:
                return written.format(*ends), rule
        if words.inverted:
            unit_word, _, number = said.partition(" ")
            if unit_word in words.units and self._number(number) is not None:
                return f"~P{self._number(number)}{words.units[unit_word]}", "inverted"
        return None

    def _signed(self, said: str) -> Iterator[tuple[str, str, str]]:
        """Each word before or after that fits, its sign, and what is left."""
        for phrase, sign in self.words.before.items():
            start = self._opened(phrase)
            if said.startswith(start):
                yield phrase, sign, said[len(start) :]
        for phrase, sign in self.words.after.items():
            if said.endswith(self.gap + phrase):
                yield phrase, sign, said[: -len(self.gap + phrase)]

    def _opened(self, words: str) -> str:
        """Words, and the gap before what follows: none where a vowel is left out (plus d'un an)."""
        return words if not words or words.endswith("'") else words + self.gap

    def _pairs(self, said: str) -> Iterator[tuple[str, str, str, str]]:
        """Each way to take the whole apart into two ends: the rule, how it is written, the ends."""
        for opening, middle in self.words.ranges:
            start = self._opened(opening)
            if said.startswith(start):
                gap = "" if middle == "-" else self.gap
                for first, last in _splits(said[len(start) :], gap + middle + gap):
                    yield f"{opening} {middle}".strip(), "{}/{}", first, last
        for choice in self.words.choices:
            for first, last in _splits(said, self.gap + choice + self.gap):
                yield choice, "[{},{}]", first, last

    def _ends(self, first: str, last: str) -> tuple[str, str] | None:
        """The two lengths; an end that is only a number takes the unit of the other."""
        start, end = self._length(first), self._length(last)
        if start is None and end is not None and len(end.counts) == 1:
            start = self._counted(first, end.counts[0][0])
        elif end is None and start is not None and len(start.counts) == 1:
            end = self._counted(last, start.counts[0][0])
        if start is None or end is None or start.half or end.half:
            return None
        return start.text(), end.text()

    def _counted(self, number: str, unit: str) -> _Length | None:
        count = self._number(number)
        return None if count is None else _Length(((unit, count),))

    def _number(self, text: str) -> int | None:
        if self.number.fullmatch(text) is None:
            return None
        return int(text) if text.isdigit() else self.numbers[text]

    def _length(self, text: str) -> _Length | None:
        """Counts of units, coarsest first, with nothing left over."""
        words = self.words
        if text in words.half_year:
            return _Length((), half=True)
        if text in words.year_and_half:
            return _Length((("Y", 1),), half=True)
        for half in (*words.half_after, *words.half_between):
            shortened = self._without_half(text, half)
            if shortened is not None:
                length = self._length(shortened)
                years = length is not None and not length.half and [u for u, _ in length.counts] == ["Y"]
                return _Length(length.counts, half=True) if length is not None and years else None
        counts: list[tuple[str, int]] = []
        place = 0
        while place < len(text):
            if counts:
                between = self.between.match(text, place)
                place = between.end() if between else place
            term = self.term.match(text, place)
            if term is None or (term[1] is None and term[2] not in words.bare):
                return None
            unit = words.units[term[2]]
            count = 1 if term[1] is None else self._number(term[1])
            if count is None or (unit == "Y" and count > MAX_AGE):
                return None  # a calendar year, or nothing that a life could hold
            if counts and _UNITS.index(unit) <= _UNITS.index(counts[-1][0]):
                return None
            counts.append((unit, count))
            place = term.end()
        return _Length(tuple(counts)) if counts else None

    def _without_half(self, text: str, half: str) -> str | None:
        """The text without its "and a half", or None where it has none."""
        if half in self.words.half_after and text.endswith(self.gap + half):
            return text[: -len(self.gap + half)]
        middle = f"{self.gap}{half}{self.gap}"
        if half in self.words.half_between and middle in text:
            return text.replace(middle, self.gap, 1)
        return None


def _either(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _splits(text: str, middle: str) -> Iterator[tuple[str, str]]:
    """Each way to cut the text at the middle, nothing left empty."""
    place = text.find(middle, 1)
    while place > 0:
        first, last = text[:place].strip(), text[place + len(middle) :].strip()
        if first and last:
            yield first, last
        place = text.find(middle, place + 1)


@cache
def _tables() -> dict[str, Language]:
    raw = files("estelik.chronology").joinpath("words.json").read_text(encoding="utf-8")
    return msgspec.convert(json.loads(raw), dict[str, Language])


def words_of(language: str) -> Language:
    """The words for lengths of time of one of ``languages()``."""
    return _tables()[language]


@cache
def _grammar(language: str) -> _Grammar:
    return _Grammar(_tables()[language])


def languages() -> tuple[str, ...]:
    """The languages (BCP 47) in which durations can be read."""
    return tuple(_tables())


@lru_cache(maxsize=4096)
def read(text: str, language: str = "en") -> Reading | None:
    """The duration that words of a language say; None where that is not sure.

    ``language`` is a BCP 47 tag of which only the language itself counts.
    """
    code = language.partition("-")[0].lower()
    if len(text) > _MAX_TEXT or code not in _tables():
        return None
    said = " ".join(unicodedata.normalize("NFKC", text).lower().translate(_DASHES).split())
    found = _grammar(code).read(said.strip(" .,;!。，；！"))
    if found is None:
        return None
    duration, rule = found
    try:
        parse(duration)
    except DurationError:
        return None
    return Reading(duration, f"{code}:{rule}", _tables()[code].version)
