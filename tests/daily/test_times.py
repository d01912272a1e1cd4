"""The time that a member asks the state of, in words of any language of the lines."""

from __future__ import annotations

from datetime import date

import pytest

from estelik.daily.states import time_of
from estelik.errors import UsageError


@pytest.mark.parametrize("desk", ["en", "ru", "zh", "fr", "ug"])
@pytest.mark.parametrize(
    ("words", "time"),
    [
        ("spring 2018", "2018-21"),
        ("весной 2018", "2018-21"),
        ("навесні 2018", "2018-21"),
        ("2018 жылдың көктемінде", "2018-21"),
        ("2018年春天", "2018-21"),
        ("2018-03", "2018-03"),
    ],
)
def test_a_time_is_read_in_any_language_at_any_desk(desk: str, words: str, time: str) -> None:
    """As a line is."""
    assert time_of(words, desk, date(2023, 1, 4)) == time


@pytest.mark.parametrize("words", ["30.02.2018", "31 April 2018", "some day", "arrested in 2018"])
def test_what_is_no_time_is_said_to_be_none(words: str) -> None:
    """Nothing is made of a part of it."""
    with pytest.raises(UsageError, match="This time cannot be read"):
        time_of(words, "en", date(2023, 1, 4))
