"""Less: what an editor may put in the place of somebody's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from estelik.places.atlas import Atlas
from estelik.protection.less import less

ATLAS = Atlas()
SAID = "They came at night. I was beaten, and my brother saw it."


@pytest.mark.parametrize(
    ("column", "cell", "to"),
    [
        ("quote", SAID, "They came at night."),
        ("quote", SAID, "They came at night. […] my brother saw it."),
        ("quote", SAID, "[...] I was beaten"),
        ("when", "2017-04-19", "2017-04"),
        ("when", "2017-04", "2017"),
        ("when", "[2017-03, 2017-05]", "2017"),
        ("when", "2017-04", "2016/2018"),
        ("told", "2023-01-04", "2023"),
        ("age", "76", "70..79"),
        ("gap", "P1Y9M", "P1Y/P3Y"),
        ("value", "17", "2.."),
        ("value", "baker in Tekes", "baker"),
        ("place", "Ghulja", "Xinjiang"),
        ("place", "Bakhmut", "Ukraine"),
        ("evidence", "https://registry.example/1", ""),
    ],
)
def test_less_may_stand_there(column: str, cell: str, to: str) -> None:
    assert less(column, cell, to, ATLAS)


@pytest.mark.parametrize(
    ("column", "cell", "to"),
    [
        ("quote", SAID, "I was never beaten."),
        ("quote", SAID, "my brother saw it. They came at night."),
        ("quote", SAID, "They came at night, I was beaten"),
        ("quote", "I was not there", "I was no"),
        ("quote", "", "I forgive them."),
        ("when", "2017-04", "2017-04-19"),
        ("when", "2017", "2018"),
        ("when", "2017", "soon"),
        ("when", "", "2017"),
        ("told", "2023", "2030"),
        ("age", "76", "77"),
        ("age", "70..79", "76"),
        ("age", "76", "abc<script>"),
        ("gap", "P1Y9M", "P3Y"),
        ("gap", "P1Y9M", "years"),
        ("value", "17", "18.."),
        ("value", "baker", "teacher"),
        ("place", "Xinjiang", "Ghulja"),
        ("place", "Ghulja", "Ukraine"),
        ("evidence", "https://registry.example/1", "javascript:alert(1)"),
        ("after", "arrest", "release"),
        ("by", "county police", "army"),
    ],
)
def test_nothing_else_may(column: str, cell: str, to: str) -> None:
    """Not another word, not another order, not half a word, not a narrower time, no other place."""
    assert not less(column, cell, to, ATLAS)


@given(some.lists(some.text("abc ", min_size=1, max_size=6), min_size=1, max_size=5), some.data())
def test_words_that_are_left_were_said(pieces: list[str], data: some.DataObject) -> None:
    """Whatever is accepted in place of a quote has no word that the quote has not, as often and in order."""
    cell = " ".join(pieces)
    to = data.draw(some.text("abc […]", max_size=12))
    if to and less("quote", cell, to, ATLAS):
        left = iter(cell.split())
        assert all(word in left for word in to.replace("[…]", " ").replace("…", " ").split())
