"""Letters: from one writing into another, by the rules of a published system.

A system is a list of rules. At each place of a text the first rule that fits
counts; what no rule is for stays as it is.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from re import Match, Pattern

#: In ``Rule.after``: at the beginning of a word.
START: Final = "^"
_WORD_START: Final = r"(?<![\w'’ʼ])"


class Rule(NamedTuple):
    """``letters`` (lower case) become ``other``.

    ``after``: only after one of these letters, or ``START``; ``before``: only before one
    of these.
    """

    letters: str
    other: str
    after: str = ""
    before: str = ""

    @property
    def pattern(self) -> str:
        """What the rule fits, as a regular expression."""
        ways = []
        if START in self.after:
            ways.append(_WORD_START)
        if rest := self.after.replace(START, ""):
            ways.append(f"(?<=[{rest}])")
        behind = f"(?:{'|'.join(ways)})" if ways else ""
        ahead = f"(?=[{self.before}])" if self.before else ""
        return f"{behind}{re.escape(self.letters)}{ahead}"


class System:
    """A system of transliteration.

    ``code``: language, scripts and edition, as in ``kk-Cyrl-Latn-2021``; ``rules``
    count in the order given, then ``letters``, longer ones first; ``capitals``: of
    letters whose capital is another than Unicode's; ``words``: what happens to a
    text first.
    """

    def __init__(
        self,
        code: str,
        letters: Mapping[str, str],
        rules: tuple[Rule, ...] = (),
        *,
        capitals: Mapping[str, str] | None = None,
        words: Callable[[str], str] | None = None,
    ) -> None:
        self.code = code
        self._rules = (
            *rules,
            *(Rule(one, letters[one]) for one in sorted(letters, key=len, reverse=True)),
        )
        self._capitals = dict(capitals or {})
        self._words = words

    @cached_property
    def _pattern(self) -> Pattern[str]:
        return re.compile("|".join(f"({rule.pattern})" for rule in self._rules), re.IGNORECASE)

    def write(self, text: str) -> str:
        """``text`` in the other writing."""
        return self._pattern.sub(self._put, self._words(text) if self._words else text)

    def _put(self, match: Match[str]) -> str:
        found, text = match[0], match.string
        other = self._rules[(match.lastindex or 1) - 1].other
        if not found[:1].isupper() or not other:
            return other
        # One letter that becomes several: only in a word in capitals are all of them.
        beside = found[1:2] or text[match.end() : match.end() + 1]
        if not beside.isalpha():
            beside = text[max(match.start() - 1, 0) : match.start()]
        return self._upper(other) if beside.isupper() else self._upper(other[:1]) + other[1:]

    def _upper(self, letters: str) -> str:
        return "".join(self._capitals.get(letter, letter.upper()) for letter in letters)
