"""In which language a line was typed, whatever the language of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from estelik.intake.line import read
from estelik.intake.reading import Context
from estelik.intake.table import LANGUAGES
from estelik.intake.tongues import possible, understood, wanted

TOLD = Context(events=("arrest", "camp-entry", "release"), day="2023-01-04")
FOLDER = Path(__file__).with_name("lines")


@pytest.mark.parametrize("desk", [*LANGUAGES, "fr", "ug"])
@pytest.mark.parametrize(
    ("line", "language", "event", "when"),
    [
        ("arrested in the spring of 2018", "en", "arrest", "2018-21"),
        ("2018 жылдың көктемінде ұсталды", "kk", "detention", "2018-21"),
        ("освобождена весной 2018 года", "ru", "release", "2018-21"),
        ("звільнили навесні 2018 року", "uk", "release", "2018-21"),
        ("2018年春天被释放", "zh", "release", "2018-21"),
    ],
)
def test_a_line_is_understood_at_any_desk(desk: str, line: str, language: str, event: str, when: str) -> None:
    """Whoever writes goes from one language to another; the reading says which it was."""
    found = understood(line, wanted(desk), TOLD)
    assert found.language == language
    assert found.cells == {"event": event, "when": when}
    assert found.complete


def test_a_sign_or_a_number_is_read_as_at_the_desk() -> None:
    """It belongs to no language: month and day between slashes are read as that of the desk has them."""
    assert possible("4/3/2017", wanted("ru", "en")) == ("ru",)
    assert understood("?", wanted("uk"), Context(asked=("when", "arrest"))).language == "uk"


def test_the_language_of_the_telling_comes_second() -> None:
    """Where two languages understand as much, the desk's counts, then hers."""
    assert wanted("fr-FR", "kk-Cyrl")[0] == "kk"
    assert wanted("ru", "kk")[:2] == ("ru", "kk")
    assert set(wanted("ug", "ug")) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_of_the_tables_are_read_as_well_from_another_desk(language: str) -> None:
    """At a desk in any language, a line that its own understood is understood whole; nineteen in twenty as
    the same thing (some words are written alike in two languages, and mean the same or stand as another
    reading)."""
    lines = [
        row.partition("\t")[0]
        for row in (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines()
    ]
    desk = next(one for one in ("uk", "ru") if one != language)
    whole = {line: own for line in lines if (own := read(line, language, TOLD)).complete}
    read_elsewhere = {line: understood(line, wanted(desk), TOLD) for line in whole}
    assert all(found.complete for found in read_elsewhere.values())
    same = sum(
        whole[line].cells in (found.cells, *(one.cells for one in found.alternatives))
        for line, found in read_elsewhere.items()
    )
    assert same >= 0.95 * len(whole)
