"""Lines as documenters type them, in five languages, each with the fields that it gives.

``lines/*.tsv``: the line, its cells (``column=value | ...``) and, if there are any, the words that nobody can
be sure of and that are named as not understood.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from estelik.intake.line import read
from estelik.intake.reading import Context
from estelik.intake.table import LANGUAGES

FOLDER = Path(__file__).with_name("lines")
#: What is known while each of the lines is typed.
KNOWN = {
    "en": Context("", ("arrest", "release"), "2023-01-04", None, ("Askar",), ("Tekes", "Mongolküre")),
    "kk": Context("", ("arrest", "release"), "2023-01-04", None, ("Асқар",), ("Текес", "Мұңғұлкүре")),
    "ru": Context("", ("arrest", "release"), "2023-01-04", None, ("Аскар",), ("Текес", "Бахмут")),
    "uk": Context("", ("arrest", "release"), "2023-01-04", None, ("Аскар",), ("Бахмут", "Харків")),
    "zh": Context("", ("arrest", "release"), "2023-01-04", None, ("阿斯卡尔",), ("特克斯", "昭苏")),
}


def lines(language: str) -> list[tuple[str, dict[str, str], list[str]]]:
    """The lines of a language, with what is expected of each."""
    out = []
    for row in (FOLDER / f"{language}.tsv").read_text(encoding="utf-8").splitlines():
        line, cells, *unread = row.split("\t")
        expected = dict(cell.split("=", 1) for cell in cells.split(" | "))
        out.append((line, expected, unread[0].split(" | ") if unread and unread[0] else []))
    return out


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_its_share_of_lines(language: str) -> None:
    """No language is read less well because nobody wrote down how it is typed."""
    assert len({line for line, _, _ in lines(language)}) >= 120


@pytest.mark.parametrize(
    ("language", "line", "cells", "unread"),
    [(language, *one) for language in LANGUAGES for one in lines(language)],
)
def test_a_line_gives_its_fields(language: str, line: str, cells: dict[str, str], unread: list[str]) -> None:
    """Every word becomes a cell, says nothing by itself, or is named."""
    found = read(line, language, KNOWN[language])
    assert found.cells == cells
    assert [one.text for one in found.unread] == unread


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stretch_lies_in_the_line(language: str) -> None:
    """Each field says where it was typed, or that no word says it."""
    for line, _, _ in lines(language):
        for field in read(line, language, KNOWN[language]).fields:
            assert field.assumed or 0 <= field.start < field.end <= len(line), (line, field)
