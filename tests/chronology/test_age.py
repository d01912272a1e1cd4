from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.age import MAX_AGE, AgeError, parse


@pytest.mark.parametrize(
    ("text", "ages", "strict", "wide"),
    [
        # 76 x 365.2425 = 27758.43, less one; 77 x 365.2425 = 28123.6725
        ("76", (76, 76), (27757, 28124), (27392, 28489)),
        # 60 x 365.2425 = 21914.55; 66 x 365.2425 = 24106.005
        ("60..65", (60, 65), (21913, 24107), (21548, 24472)),
        # 49 x 365.2425 = 17896.8825; 52 x 365.2425 = 18992.61
        ("~50", (49, 51), (17895, 18993), (17530, 19358)),
        ("0", (0, 0), (-1, 366), (-367, 731)),
        ("~0", (0, 1), (-1, 731), (-367, 1096)),
    ],
)
def test_an_age_is_completed_years_as_days_after_birth(
    text: str, ages: tuple[int, int], strict: tuple[int, int], wide: tuple[int, int]
) -> None:
    age = parse(text)
    assert (age.low, age.high) == ages
    assert age.strict == strict
    assert age.wide == wide


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-1",
            "131",
            "999",
            "1000",
            "65..60",
            "60..131",
            "60..",
            "..65",
            "~60..65",
            "60~",
            "~",
            "50?",
        ),
        *("fifty", "50.5", "5O", "٥٠", "50\n", " 50", "60...65", "60-65", "+50"),
    ],
)
def test_what_is_no_age_is_refused(text: str) -> None:
    with pytest.raises(AgeError) as caught:
        parse(text)
    assert caught.value.__context__ is None


def test_an_error_never_holds_the_text_of_the_cell() -> None:
    marker = "Gulbahar"
    for text in (marker, f"60..{marker}", "977"):
        with pytest.raises(AgeError) as caught:
            parse(text)
        assert marker not in str(caught.value)
        assert "977" not in str(caught.value)


@given(st.dates(date(1850, 1, 1), date(2020, 12, 31)), st.integers(0, MAX_AGE), st.integers(0, 365))
def test_every_day_at_that_age_is_within_the_strict_reading(birth: date, years: int, later: int) -> None:
    """Against the calendar: birthdays counted as people count them."""
    on = date.fromordinal(birth.toordinal() + int(years * 365.25) + later)
    completed = on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))
    lived = on.toordinal() - birth.toordinal()
    if 0 <= completed <= MAX_AGE:
        least, most = parse(str(completed)).strict
        assert least <= lived <= most
        wide_least, wide_most = parse(str(completed)).wide
        assert wide_least < least
        assert most < wide_most


@given(st.text())
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    try:
        age = parse(text)
    except AgeError:
        return
    assert 0 <= age.low <= age.high <= MAX_AGE + 1
