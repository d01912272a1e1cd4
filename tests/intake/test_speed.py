"""Speed: a keystroke is answered before the next one, and nothing that is pasted stops the desk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from estelik.chronology.words import words_of
from estelik.intake.line import MAX_LINE, read
from estelik.intake.reading import Context
from estelik.intake.table import LANGUAGES, table
from estelik.intake.tongues import understood, wanted

KNOWN = Context(events=("arrest", "release"), day="2023-01-04", places=("Tekes",), people=("Askar",))


def taken(line: str, language: str) -> float:
    """Seconds of the processor for one reading."""
    start = time.process_time()
    read(line, language, KNOWN)
    return time.process_time() - start


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_keystroke_takes_less_than_five_milliseconds(language: str) -> None:
    """At the 95th percentile, with its read-back and other readings, over every keystroke of many lines."""
    rows = (Path(__file__).with_name("lines") / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    lines = [row.partition("\t")[0] for row in rows][::4]
    for line in lines:
        read(line, language, KNOWN)
    times = sorted(taken(line[:end], language) for line in lines for end in range(1, len(line) + 1))
    assert times[len(times) * 95 // 100] < 0.005


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_keystroke_at_a_desk_in_another_language_takes_no_longer_than_three(language: str) -> None:
    """At most three languages share an alphabet: 15 ms at the 95th percentile."""
    rows = (Path(__file__).with_name("lines") / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    lines = [row.partition("\t")[0] for row in rows][::12]
    languages = wanted("ug", "fr")
    for line in lines:
        understood(line, languages, KNOWN)
    times = []
    for line in lines:
        for end in range(1, len(line) + 1):
            start = time.process_time()
            understood(line[:end], languages, KNOWN)
            times.append(time.process_time() - start)
    assert sorted(times)[len(times) * 95 // 100] < 0.015


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_line_takes_long(language: str) -> None:
    """A word, a number, a length, a sign said again and again: no rule runs away."""
    own, lengths = table(language), words_of(language)
    one, unit = list(lengths.ones)[3], next(iter(lengths.units))
    parts = [
        f"{one} {unit} ",
        f"{one} ",
        f"{unit} ",
        "1 ",
        "1",
        "2017 ",
        "2017..",
        "P1Y ",
        "P1Y",
        "[",
        "[2017,",
    ]
    parts += ['" ', "a=", "1/2/", "a", "Aa ", "1y9m ", "? ", "- ", own.fillers[0] + " "]
    parts += [own.months["3"][0] + " ", own.events["release"][-1] + " ", own.told[0] + " "]
    parts += [f"{own.relatives['brother'][-1]} ", lengths.joins[0] + " ", lengths.choices[0] + " "]
    for part in parts:
        line = (part * MAX_LINE)[:MAX_LINE]
        assert taken(line, language) < 0.5, part
