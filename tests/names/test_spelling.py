"""Spelling and script: the short way for plain names comes to the same as the long one."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from estelik.names import script, spelling

#: Letters as names have them, and what may stand beside them.
_TEXTS = st.text("абвйёқұӘІ Zzaéñ-'·‧قېۇى ھ某人 1.", max_size=12)
_NEVER = re.compile(r"(?!)")


@given(_TEXTS)
@example("Қалисбек Бабанұлы")
@example("Қалисбек  Бабанұлы ")
@example("и\u0306")
def test_what_is_clean_stays(text: str) -> None:
    """A name that is taken as it is would have come out as it is."""
    short = spelling.cleaned(text)
    plain, spelling._CLEAN = spelling._CLEAN, _NEVER  # type: ignore[misc] # to go the long way
    try:
        assert spelling.cleaned(text) == short
    finally:
        spelling._CLEAN = plain  # type: ignore[misc] # as it was


def test_every_letter_that_is_left_alone_is_composed() -> None:
    """No letter that is taken as it is would become another one."""
    for letter in map(chr, range(0x10000)):
        if spelling._CLEAN.fullmatch(letter):
            assert unicodedata.normalize("NFKC", letter) == letter


@given(_TEXTS)
@example("Қалисбек Бабанұлы")
@example("قالىسبەك بابان")
@example("哈力斯别克")
def test_a_text_of_one_script_is_not_counted(text: str) -> None:
    """The script that is told at a look is the one that most letters are in."""
    short = script.of(text)
    plain, script._OF_ONE = script._OF_ONE, ()  # type: ignore[misc] # to go the long way
    try:
        assert script.of(text) == short
    finally:
        script._OF_ONE = plain  # type: ignore[misc] # as it was


def test_every_letter_that_is_told_at_a_look_is_of_that_script() -> None:
    """Each letter that a script is told by belongs to it."""
    for letter in map(chr, range(0x21, 0x10000)):
        for letters, of in script._OF_ONE:
            if letters.fullmatch(letter):
                assert script.of_letter(letter) == of
