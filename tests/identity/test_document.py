"""Numbers of documents: what they tell, and when they tell nothing."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from estelik.identity.document import Document, is_doubtful, plain, read, slip

_BIRTHS = st.dates(date(1900, 1, 1), date(1999, 12, 31))
_DIGITS = st.sampled_from("0123456789")


def _kazakh(birth: date, century: str, order: str) -> list[str]:
    """All numbers of somebody that are right, by trying each last digit."""
    begun = f"{birth:%y%m%d}{century}{order}"
    return [begun + digit for digit in "0123456789" if read(begun + digit).valid]


def test_a_chinese_number_tells_the_day_of_birth_and_the_sex() -> None:
    number = "65432119610307002"
    whole = number + ric.calc_check_digit(number + "0")
    assert read(whole) == Document(whole, "cn-id", True, date(1961, 3, 7), "f")
    assert read(whole[:6] + " " + whole[6:14] + " " + whole[14:]) == read(whole)


def test_a_chinese_number_of_the_old_form_is_the_same_as_that_of_today() -> None:
    number = "65432119610307002"
    assert read("654321610307002") == read(number + ric.calc_check_digit(number + "0"))


@given(
    st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.text(_DIGITS, min_size=4, max_size=4), st.booleans()
)
def test_a_kazakh_number_tells_the_day_of_birth_and_the_sex(birth: date, order: str, woman: bool) -> None:
    """At most one last digit is right; a few orders are given to nobody."""
    found = _kazakh(birth, "4" if woman else "3", order)
    assert len(found) <= 1
    for number in found:
        assert read(number) == Document(number, "kz-iin", True, birth, "f" if woman else "m")


@given(_BIRTHS, st.integers(0, 9999), st.sampled_from([*range(10), 11]), _DIGITS)
def test_a_kazakh_number_with_one_wrong_digit_is_hardly_ever_right(
    birth: date, order: int, at: int, digit: str
) -> None:
    """Its check digit finds every single slip but where the weights change."""
    for number in _kazakh(birth, "5" if birth.year >= 2000 else "3", f"{order:04}"):
        wrong = number[:at] + digit + number[at + 1 :]
        told = read(wrong)
        assert wrong == number or not told.valid or _second_weights(number) or _second_weights(wrong)


def _second_weights(number: str) -> bool:
    return sum(at * int(digit) for at, digit in enumerate(number[:11], 1)) % 11 == 10


@pytest.mark.parametrize(
    "text", ["", "N 1234567", "1" * 12, "1" * 18, "a" * 10_000, "65432119611332002X", "👩", "=1+1"]
)
def test_what_is_no_such_number_tells_nothing(text: str) -> None:
    found = read(text)
    assert (found.valid, found.born, found.sex) == (False, None, "")


@pytest.mark.parametrize(
    ("one", "other"),
    [("n 12-34 56", "N123456"), ("١٢٣٤٥٦", "123456"), ("１２３４５６", "123456"), ("№ 12/34", "1234")],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_slip_is_one_character_or_two_neighbours_that_changed_places() -> None:
    assert slip("12345", "12355")
    assert slip("12345", "13245")
    assert not slip("12345", "12345")
    assert not slip("12345", "54321")
    assert not slip("12345", "1234")
    assert not slip("12345", "42315")


@pytest.mark.parametrize("digits", ["85030130012", "65432119610307002"])
def test_of_all_last_digits_that_could_stand_there_only_one_is_not_doubted(digits: str) -> None:
    """However the number is set out; facts of another kind and numbers of another form never are."""
    every = [digits + last for last in "0123456789X"[: 10 if len(digits) == 11 else 11]]
    assert sum(not is_doubtful("document:id", one) for one in every) == 1
    spaced = [f"{one[:6]} {one[6:10]}-{one[10:]}" for one in every]
    assert [is_doubtful("document", one) for one in spaced] == [is_doubtful("document", one) for one in every]
    assert not any(is_doubtful("name", one) or is_doubtful("document:id", one[:-2]) for one in every)
