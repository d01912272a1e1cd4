"""Table: the rules of one language, as its speakers can read and mend them (``tables/*.json``).

Whoever changes what a line of a table means raises that table's version. ``reviewed`` is false where the
table was drafted by a machine and no speaker has read it yet.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology import words
from estelik.intake import prose
from estelik.intake.folding import word
from estelik.intake.pattern import RUNS, Pattern, either, expression

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Stretches of lines are remembered up to here.
_KEPT: Final = 4096
_DAYS: Final = 31
#: No sign of a year: what is cut short there says that somebody was born in it (г.р., р.н., ж.т.).
_BORN: Final = r"(?!\.? ?[рнт](?!\w))"
#: The languages in which a line can be typed.
LANGUAGES: Final = ("en", "kk", "ru", "uk", "zh")

#: A pattern and what it does.
Rule = tuple[str, str]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A language's rules. Patterns are written as ``pattern.Pattern`` says."""

    version: int
    reviewed: bool
    #: Whether words stand apart.
    spaced: bool
    #: Letters that are also typed as others, for want of a key.
    letters: dict[str, str]
    #: Short cuts for parts that many patterns share.
    macros: dict[str, str]
    #: Numbers in words beyond those that lengths of time have.
    numbers: dict[str, int]
    #: Units as they are cut short after digits: 1y9m.
    short_units: dict[str, str]
    #: What may stand after the digits of a year.
    year_after: list[str]
    months: dict[str, list[str]]
    #: By EDTF's numbers, 21 to 24.
    seasons: dict[str, list[str]]
    #: Ten years of a century or of a life: the nineties, her sixties.
    tens: dict[str, int]
    #: Days of a month, and years of a century, in words.
    ordinals: dict[str, int]
    #: A date, and how it is put together (``dates.WRITTEN``).
    dates: list[Rule]
    #: What is said of a date, and what that makes of it (``dates.SAID``).
    when: list[Rule]
    #: How many: a number, and how sharp it is (``numbers.SHARP``).
    counting: list[Rule]
    #: An age; the second is "", "tens" (only of ten years), "about", "now" (of today), "running" (the year of
    #: her life), or "nominal" (as it is counted in China).
    ages: list[Rule]
    #: How an event lies to another: the pattern, after, before ..., and a fixed length of time if any.
    relations: list[list[str]]
    #: What the telling itself is called.
    told: list[str]
    #: Kind of event: its words.
    events: dict[str, list[str]]
    #: Words that may mean any of several kinds, the most usual first.
    several: list[tuple[str, list[str]]]
    #: What says, right before or after an event, that it did not happen; in a language whose
    #: verbs say it by their ending, ``not_within`` (a regular expression) finds it there.
    not_: list[str] = msgspec.field(name="not")
    again: list[str]
    expected: list[str]
    unknown: list[str]
    refused: list[str]
    #: What is asked for: where, when, how long, who told, who did it.
    asks: dict[str, list[str]]
    relatives: dict[str, list[str]]
    counted: dict[str, list[str]]
    counts: list[str]
    relations_named: list[str]
    #: Anything else: a pattern and the cells it fills; more of them are other readings.
    cells: list[list[str | dict[str, str]]]
    actors: list[str]
    #: What stands between two tellers of a chain.
    chain_links: list[str]
    articles: list[str]
    occupations: list[str]
    peoples: list[str]
    places: list[str]
    #: The same for where somebody came away from: no place of a transfer.
    places_from: list[str]
    #: Words that make a place of what stands before them, capital letter or not.
    place_words: list[str]
    #: Endings that a place has in a sentence, and what stands there without one.
    place_endings: list[tuple[str, str]]
    #: Words that say nothing by themselves.
    fillers: list[str]
    not_within: str = ""
    #: Whether such a word stands behind its event.
    not_behind: bool = False
    #: Whether a word cut short stands for the only event that begins so. Not where words change their ends:
    #: there what is left may be another word (родила, родилась).
    cut_short: bool = False
    #: Endings as in ``place_endings``, looked for only where a place of that name is known.
    place_forms: list[tuple[str, str]] = []
    #: What makes years after it a sentence, not an age: дали ему 9 лет.
    gives: list[str] = []
    #: Feasts that move (``feasts.kept``), and days of the week from "1", Monday.
    feasts: dict[str, list[str]] = {}
    weekdays: dict[str, list[str]] = {}
    #: A time without its year is one only where it looks so, or where such words stand before it (regular
    #: expressions): "march" and "may" are other words too. Its rules in ``dates`` end with " ?".
    alone: str = ""
    alone_after: str = ""
    #: The age of somebody else, by who it is to her or by name.
    births: list[str] = []
    #: Letters that no name of a person has, where names have no capital ones.
    not_in_names: str = ""
    #: What stands between two things that are told in one line.
    between: list[str] = []
    #: Words for who tells, her, him (regular expressions). Two of them in a line may be two people.
    persons: list[str] = []


@cache
def table(language: str) -> Table:
    """The table of a language of ``LANGUAGES``."""
    raw = files("estelik.intake").joinpath("tables").joinpath(f"{language}.json").read_bytes()
    return msgspec.json.decode(raw, type=Table)


class Grammar:
    """A table made ready: what several parts of the reading share."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.table = table(language)
        self.letters = self.table.letters
        lengths = words.words_of(language)
        self.numbers = self._numbers(lengths)
        #: Groups of words by what they mean, those of the prose among them.
        self.groups: dict[str, dict[str, list[str]]] = {
            "months": _joined(self.table.months, prose.months(language)),
            "seasons": _joined(self.table.seasons, prose.seasons(language)),
            "relatives": self.table.relatives,
            "counted": self.table.counted,
            "asks": self.table.asks,
            "feasts": self.table.feasts,
            "weekdays": self.table.weekdays,
        }
        self._compiled: dict[str, list[tuple[Pattern, str]]] = {}
        self._macros = {name: self.fold(text) for name, text in self.table.macros.items()}
        self.version = f"{language} {self.table.version}"
        tens = {self.fold(text): number for text, number in self.table.tens.items()}
        self.tens = tens
        self.ordinals = {self.fold(text): number for text, number in self.table.ordinals.items()}
        days = {text: number for text, number in self.ordinals.items() if 1 <= number <= _DAYS}
        # fmt: off
        self.slots = {
            "day": r"(?<!\d)(?:[12]\d|3[01]|0?[1-9])(?!\d)" + _or_words(days, spaced=self.table.spaced),
            "mm": r"(?<!\d)(?:1[0-2]|0?[1-9])(?!\d)",
            "year": r"(?<!\d)(?:1[89]|20)\d\d(?!\d)" + self._after_year(),
            "yy": r"\d\d(?!\d)",
            "yearth": either(self.ordinals) or "(?!)",
            "decade": r"(?<!\d)(?:1[89]|20)\d0(?!\d)",
            "two": r"(?<!\d)[1-9]0(?!\d)",
            "n": rf"(?<!\d)(?:\d{{1,6}}|{either(self.numbers)})(?!\d)",
            "month": self._any_of("months"),
            "season": self._any_of("seasons"),
            "feast": self._any_of("feasts"),
            "weekday": self._any_of("weekdays"),
            "tens": either(tens) or "(?!)",
            "occupation": self._any(self.table.occupations),
            "people": self._any(self.table.peoples),
            "relative": self._any_of("relatives"),
            "counted": self._any_of("counted"),
            "actor": self._any(self.table.actors),
        }
        # fmt: on
        run = r"[^\s:'?,;.!。、\ue000-\uf8ff-][^:,;.!。、\ue000-\uf8ff]{0,80}?"
        self.slots |= dict.fromkeys(RUNS, run) | {"which": r"[^()]+?"}
        self._kept: dict[str, dict[str, str]] = {}

    def fold(self, text: str) -> str:
        """A word of the table as lines are folded."""
        return word(text, self.letters)

    def pattern(self, text: str) -> Pattern:
        """A pattern of the table, made ready."""
        return Pattern(self.fold(text), self.slots, self._macros, spaced=self.table.spaced)

    def rules(self, family: str) -> list[tuple[Pattern, str]]:
        """The patterns of a family of two columns, the prose's among them, made ready."""
        if family not in self._compiled:
            spoken = {"dates": prose.dates, "when": prose.when, "ages": prose.ages}
            rules = [*getattr(self.table, family)]
            if family in spoken:
                rules += spoken[family](self.language)
            self._compiled[family] = [(self.pattern(text), does) for text, does in rules]
        return self._compiled[family]

    def expression(self, text: str) -> str:
        """A pattern without slots, as a regular expression."""
        return expression(self.fold(text), self._macros)

    def key(self, family: str, text: str) -> str:
        """Which of a family's entries a stretch of the line is: "brother" for "elder brother", or ""."""
        kept = self._kept.setdefault(family, {})
        if len(kept) > _KEPT:
            kept.clear()
        if text not in kept:
            kept[text] = next(
                (
                    key
                    for key, group in self.groups[family].items()
                    if any(re.fullmatch(self.expression(one), text) for one in group)
                ),
                "",
            )
        return kept[text]

    def number(self, text: str) -> int:
        """The number that a slot ``n`` holds."""
        return int(text) if text.isdecimal() else self.numbers[text]

    def _any_of(self, family: str) -> str:
        return self._any([one for group in self.groups[family].values() for one in group])

    def _any(self, group: list[str]) -> str:
        """Any of the words of a group, which may hold patterns."""
        parts = sorted((self.expression(one) for one in group), key=len, reverse=True)
        within = "|".join(parts) or "(?!)"
        return rf"(?<!\w)(?:{within})(?!\w)" if self.table.spaced else within

    def _after_year(self) -> str:
        after = "|".join(self.expression(one) for one in sorted(self.table.year_after, key=len, reverse=True))
        edge = r"(?!\w)" + _BORN if self.table.spaced else ""
        return f"(?: ?-?(?:{after}){edge})?" if after else ""

    def _numbers(self, lengths: words.Language) -> dict[str, int]:
        """Numbers in words, tens and ones joined."""
        ones = {self.fold(text): count for text, count in lengths.ones.items() if text not in ("a", "an")}
        tens = {self.fold(text): count for text, count in lengths.tens.items()}
        extra = {self.fold(text): count for text, count in self.table.numbers.items()}
        tens |= {text: count for text, count in extra.items() if count % 10 == 0}
        found = ones | tens | extra
        for ten, most in tens.items():
            if 20 <= most < 100 or (most == 10 and self.language in ("kk", "zh")):
                found |= {
                    ten + link + one: most + least
                    for one, least in ones.items()
                    if least < 10
                    for link in lengths.links
                }
        return found


def _or_words(words: Mapping[str, object], *, spaced: bool) -> str:
    if not words:
        return ""
    return rf"|(?<!\w)(?:{either(words)})(?!\w)" if spaced else f"|{either(words)}"


def _joined(*named: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {key: [one for each in named for one in each[key]] for key in named[0]}


@cache
def grammar(language: str) -> Grammar:
    """The grammar of a language of ``LANGUAGES``."""
    return Grammar(language)
