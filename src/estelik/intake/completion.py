"""Completion: what an unfinished word can become, for whoever would rather press a key than type it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import Sentence, UsageError
from estelik.intake.folding import fold
from estelik.intake.reading import Context
from estelik.intake.table import LANGUAGES, grammar
from estelik.language.direction import plain
from estelik.language.events import forms
from estelik.language.reader import reader
from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD: Final = re.compile(r"[^\s,;.=/\"«»]+$")
#: A pattern that is only words.
_WORDS: Final = re.compile(r"[\w '-]+")


class Completion(msgspec.Struct, frozen=True):
    """``text`` stands in place of the line from ``start`` to the cursor; ``meaning`` is the label, kind of
    event or column that it stands for, for a second line beside it, "" where it is only a word."""

    start: int
    text: str
    meaning: str = ""


def completions(
    line: str, cursor: int, language: str = "en", context: Context | None = None, most: int = 6
) -> tuple[Completion, ...]:
    """What the word before the cursor can become, the most useful first: events that were told, people and
    places of the context, words for events, months and seasons, relatives. At most ``most``.

    Nothing where the cursor stands behind a space, or after the first letter of what is typed in an alphabet.
    """
    if language not in LANGUAGES:
        raise UsageError(
            "No line can be typed in this language.",
            do=Sentence("Choose one of: %(words)s.", words=", ".join(LANGUAGES)),
        )
    context = context or Context()
    own = grammar(language)
    match = _WORD.search(line[:cursor])
    if match is None or len(line) > 500:
        return ()
    found: dict[str, Completion] = {}
    least = 2 if own.table.spaced else 1
    # A place or a kind of event can be several words: the last three are tried, the most first.
    starts = [m.start() for m in re.finditer(r"\S+", line[:cursor])][-3:]
    for start in starts if own.table.spaced else [match.start()]:
        typed = own.fold(line[start:cursor])
        if len(typed.strip()) < least:
            continue
        for text, meaning in _candidates(language, context):
            folded = _folded(language, text)
            if folded.startswith(typed) and folded != typed:
                found.setdefault(folded, Completion(start, text, meaning))
                if len(found) >= most:
                    return tuple(found.values())
    return tuple(found.values())


def _candidates(language: str, context: Context) -> Iterator[tuple[str, str]]:
    told = {kind_of(label): label for label in context.events}
    words = _words(language)
    yield from ((text, told[kind]) for text, kind in words if kind in told)
    yield from ((label, label) for label in (*context.people, *context.places))
    yield from words
    yield from ((label, label) for label in context.events)


@lru_cache(1 << 14)
def _folded(language: str, text: str) -> str:
    return grammar(language).fold(text)


@cache
def _words(language: str) -> tuple[tuple[str, str], ...]:
    """The words of the table that are plain words, with what they stand for."""
    own = grammar(language)
    table = own.table
    out: list[tuple[str, str]] = []
    for kind in vocabulary().kinds:
        out += [(word, kind) for word in table.events.get(kind, []) if _WORDS.fullmatch(word)]
        out += [(plain(one), kind) for one in forms(reader(language), kind)]
    for names in (own.groups["months"], own.groups["seasons"]):
        out += [(word, "") for group in names.values() for word in group if _WORDS.fullmatch(word)]
    out += [
        (word, code) for code, group in table.relatives.items() for word in group if _WORDS.fullmatch(word)
    ]
    out += [(word, "") for word in (*table.occupations, *table.peoples) if _WORDS.fullmatch(word)]
    # What is cut short is no word to be proposed.
    return tuple(
        (text, kind) for text, kind in dict.fromkeys(out) if len(fold(text, {}).text) > 3 or not table.spaced
    )
