"""Rulebook: all patterns of one language, made ready once."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from estelik.intake import prose
from estelik.intake.readback import slack
from estelik.intake.table import grammar

if TYPE_CHECKING:
    from estelik.intake.pattern import Pattern


class Rulebook:
    """The patterns by family, each with what it does."""

    def __init__(self, language: str) -> None:
        self.grammar = own = grammar(language)
        table = own.table
        self.dates: list[tuple[Pattern, str]] = [*own.rules("dates")]
        self.when: list[tuple[Pattern, str]] = [*own.rules("when")]
        self.counting: list[tuple[Pattern, str]] = [*own.rules("counting")]
        ages = own.rules("ages")
        self.ages: list[tuple[Pattern, str]] = [rule for rule in ages if rule[1] not in ("now", "running")]
        self.ages_running = [rule for rule in ages if rule[1] == "running"]
        #: Those that say an age of today, not of what happened.
        self.ages_today = [rule for rule in ages if rule[1] == "now"]
        #: Those that take a number with a sign of its own: "лет шестьдесят".
        self.bare_ages = [rule for rule in self.ages if "number" not in rule[0].marks]
        self.births: list[tuple[Pattern, str]] = [(own.pattern(text), "") for text in table.births]
        self.gives = tuple(own.fold(text) for text in table.gives)
        self.counts: list[tuple[Pattern, str]] = [(own.pattern(text), "") for text in table.counts]
        self.relations: list[tuple[Pattern, tuple[str, str]]] = [
            (own.pattern(rule[0]), (rule[1], rule[2] if len(rule) > 2 else ""))
            for rule in [*table.relations, *prose.relations(language)]
        ]
        named: list[list[str | dict[str, str]]] = [
            [text, {"fact": "relation:{relative}", "value": "{who}"}] for text in table.relations_named
        ]
        self.cells: list[tuple[Pattern, list[dict[str, str]]]] = [
            (own.pattern(str(rule[0])), [one for one in rule[1:] if isinstance(one, dict)])
            for rule in [*table.cells, *named, *prose.cells(language)]
        ]
        said = prose.answers(language)
        #: Words that stand beside what they are about: not, again, still to come, could not say ...
        self.beside = {
            "unknown": self._words([*table.unknown, *said["unknown"]]),
            "refused": self._words([*table.refused, *said["refused"]]),
            "again": self._words(table.again),
            "not": self._words(table.not_),
            "expected": self._words(table.expected),
        }
        #: The same at the head of a sentence that the desk reads back.
        self.opening = {name: self._words(said[name]) for name in ("not", "expected")}
        self.asks = {ask: self._words(words) for ask, words in table.asks.items()}
        self.places: list[tuple[Pattern, str]] = [(own.pattern(text), "") for text in table.places]
        self.places_from: list[tuple[Pattern, str]] = [(own.pattern(text), "") for text in table.places_from]
        self.place_word = self._words(table.place_words)
        self.fillers = self._words([*table.fillers, *slack(language)])
        self.alone = re.compile(table.alone or "(?!)")
        self.alone_after = re.compile(table.alone_after or "(?!)")
        self.between = _between(table.between, spaced=table.spaced)
        self.persons = [re.compile(one) for one in table.persons]
        self.relative = self._words([one for group in table.relatives.values() for one in group])
        links = "|".join(own.expression(one) for one in table.chain_links)
        self.chain = re.compile(f" ?(?:{links}) ?", re.IGNORECASE)

    def _words(self, words: list[str]) -> re.Pattern[str]:
        parts = sorted((self.grammar.expression(one) for one in words), key=len, reverse=True)
        within = "|".join(parts) or "(?!)"
        return re.compile(rf"(?<!\w)(?:{within})(?!\w)" if self.grammar.table.spaced else f"(?:{within})")


def _between(words: list[str], *, spaced: bool) -> re.Pattern[str]:
    """What stands between two things that are told: a sign, or one of these words, or both."""
    either = "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True)) or "(?!)"
    word = rf"(?<!\w)(?:{either})(?!\w)" if spaced else f"(?:{either})"
    # No point between digits: 3.3.2018.
    return re.compile(rf"(?:[,;，；。、]|\.(?!\d))\s*(?:{word})?|{word}", re.IGNORECASE)


@cache
def rulebook(language: str) -> Rulebook:
    """The rulebook of a language of ``table.LANGUAGES``."""
    return Rulebook(language)
