"""Completion: what an unfinished word can become."""

from __future__ import annotations

import pytest

from estelik.errors import UsageError
from estelik.intake.completion import completions
from estelik.intake.line import read
from estelik.intake.reading import Context
from estelik.intake.table import LANGUAGES

KNOWN = Context(events=("release",), people=("Askar",), places=("Tekes", "Mongolküre"))


def test_what_was_told_and_who_is_known_comes_first() -> None:
    """An event that was told before others, with its label beside it."""
    first, *_ = completions("after rel", 9, "en", KNOWN)
    assert (first.start, first.text, first.meaning) == (6, "release", "release")
    assert [one.text for one in completions("in te", 5, "en", KNOWN)][:1] == ["Tekes"]
    assert [one.text for one in completions("brother as", 10, "en", KNOWN)][:1] == ["Askar"]


def test_a_word_that_stands_is_not_completed() -> None:
    """Nothing behind a space, nothing for one letter, never more than asked for."""
    assert completions("released ", 9) == ()
    assert completions("r", 1) == ()
    assert len(completions("ho", 2, most=2)) == 2


def test_words_of_more_than_one_part_are_completed_from_their_start() -> None:
    """House ar -> house arrest."""
    found = completions("house ar", 8)
    assert found[0].start == 0
    assert found[0].text.startswith("house arrest")


@pytest.mark.parametrize(
    ("language", "line", "text"),
    [
        ("kk", "тұт", "тұтқындалу"),
        ("ru", "освоб", "освобождение"),
        ("uk", "звіль", "звільнення"),
        ("zh", "获", "获释"),
    ],
)
def test_every_language_completes_its_events(language: str, line: str, text: str) -> None:
    """In its own words."""
    assert text in [one.text.lower() for one in completions(line, len(line), language)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_proposed_is_understood(language: str) -> None:
    """A proposal for an event reads as that event."""
    for start in ("a", "re", "ha", "ос", "ар", "зв", "бо", "被", "释"):
        for one in completions(start + "", len(start), language, KNOWN, most=20):
            found = read(one.text, language)
            if one.meaning and "event" in found.cells:
                assert one.meaning in [found.cells["event"], *(o.cells["event"] for o in found.alternatives)]


def test_a_language_without_words_is_refused() -> None:
    """As for a line."""
    with pytest.raises(UsageError):
        completions("rel", 3, "fr")
