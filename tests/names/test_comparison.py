"""Names are compared across scripts, spellings and parts, and what comes out is said."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from estelik.names.comparison import SAME, compare
from estelik.names.reason import Kind, Reason

#: One man, as a sister, a ministry, a court, a cousin and a newspaper write him.
SPELLINGS = (
    "Қалисбек Бабанұлы",
    "Калисбек Бабан-улы",
    "哈力斯别克·巴班",
    "قالىسبەك بابان ۇلى",
    "Qalisbek Baban-Uly",
    "Калисбек Бабанович Бабанов",
    "Kalisbek Babanov",
    "QALISBEK  baban-uly\u200f",
)
TEXT = st.text(st.sampled_from("aбқ哈力ش·-'. ,9\u200f😀=ЙZé"), max_size=30) | st.text(max_size=40)


def kinds(why: tuple[Reason, ...]) -> list[Kind]:
    return [one.kind for one in why]


@pytest.mark.parametrize(("one", "other"), list(combinations(SPELLINGS, 2)))
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert compare(one, other).same


def test_a_name_alone_may_be_anyone_who_bears_it() -> None:
    assert compare("قالىسبەك", "Калисбек Бабанович").same


@pytest.mark.parametrize("other", ["Нұрлан Бабанұлы", "Nurlan Babanov", "努尔兰·巴班"])
def test_brothers_are_not_one_person(other: str) -> None:
    """Father and family are the same, and the given name is another: that speaks against, and is said."""
    found = compare("Қалисбек Бабанұлы", other)
    assert found.score < 0.1
    assert "siblings" in kinds(found.why)


def test_a_son_and_a_daughter_of_one_father_are_two() -> None:
    found = compare("Асыл Бабанұлы", "Асыл Бабанқызы")
    assert not found.same
    assert "sexes" in kinds(found.why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("elderly woman", "elderly woman"),
        ("elderly woman", "пожилая женщина"),
        ("?", "?"),
        ("", "Қалисбек"),
        ("不详", "不详"),
    ],
)
def test_who_is_not_named_is_nobody_however_alike_the_words(one: str, other: str) -> None:
    assert compare(one, other) == (0.0, False, (Reason("nothing"),))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("გიორგი ბერიძე", "გიორგი ბერიძე", True),
        ("გიორგი ბერიძე", "Giorgi Beridze", True),
        ("გიორგი ბერიძე", "Гиорги Беридзе", True),
        ("김철수", "김철수", True),
        ("김철수", "박영희", False),
        ("राम कुमार", "Ram Kumar", True),
    ],
)
def test_scripts_that_the_map_does_not_know_are_compared_as_they_sound(
    one: str, other: str, same: bool
) -> None:
    assert compare(one, other).same is same


@pytest.mark.parametrize(
    ("one", "other"), [("Old Lady", "old lady"), ("Nurse", "nurse"), ("老太太", "一名老太太")]
)
def test_who_is_described_alike_is_not_one_person(one: str, other: str) -> None:
    assert compare(one, other) == (0.0, False, (Reason("nothing"),))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ерлан Өтебайұлы", "Ерлан Утебаев"),
        ("Ерлан Жұмабайұлы", "Ерлан Жумабаевич"),
        ("Дина Нұртайқызы", "Дина Нуртаева"),
        ("Жаңыл Бөрүбай кызы", "Жаңыл Бөрүбаева"),
        ("Нурбек Төлөбай уулу", "Нурбек Толобаев"),
        ("Erlan Otebayuly", "Erlan Utebayev"),
    ],
)
def test_a_russian_ending_that_swallows_the_last_sound_of_a_father_s_name(one: str, other: str) -> None:
    found = compare(one, other)
    assert found.score > 0.9
    assert "root" in kinds(found.why)


def test_a_father_s_name_meets_a_family_s() -> None:
    found = compare("哈力斯别克·巴班", "Калисбек Бабанов")
    assert found.same
    assert (
        Reason("root", "father", "surname") in found.why or Reason("alike", "father", "surname") in found.why
    )
    assert found.why[0] == Reason("scripts", scripts=("Hani", "Cyrl"))


def test_order_commas_and_titles_do_not_matter() -> None:
    scores = {
        compare(one, "Qalisbek Baban-Uly").score > SAME
        for one in ("Бабанұлы Қалисбек", "Бабанұлы, Қалисбек", "г-н Қалисбек Бабанұлы")
    }
    assert scores == {True}


def test_a_short_form_is_known_for_one() -> None:
    found = compare("Саша Иванов", "Александр Иванов")
    assert found.same
    assert "short" in kinds(found.why)


def test_an_initial_stands_for_what_it_begins() -> None:
    assert (
        compare("Қ. Бабанұлы", "Қалисбек Бабанұлы").score > compare("Н. Бабанұлы", "Қалисбек Бабанұлы").score
    )


@pytest.mark.parametrize(
    ("one", "other", "stranger"),
    [
        ("برایان جی. شواتز", "Brian J. Schatz", "Brian K. Schatz"),
        ("بن آر. لویوان", "Ben R. Lujan", "Ben T. Lujan"),
    ],
)
def test_the_name_of_a_foreign_letter_is_an_initial(one: str, other: str, stranger: str) -> None:
    """Persian spells out what such a letter is called."""
    assert compare(one, other).score > compare(one, stranger).score
    assert "initial" in kinds(compare(one, other).why)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("برادلی نوروود", "Bradley Norwood"),
        ("بریڈلی نوروود", "Bradley Norwood"),
        ("عبد الخالق رشيد", "Abdulkhaliq Rashid"),
        ("أنور الخليل", "Anwar el-Khalil"),
        ("أنور الخليل", "Anwar Al Khalil"),
        ("Ioannes Walsh", "Jean Walsh"),
    ],
)
def test_conventions_of_arabic_letters_and_of_registers_are_known(one: str, other: str) -> None:
    """Persian and Urdu letters, Arabic names of two words, articles, and Latin forms of given names."""
    assert compare(one, other).same


@settings(max_examples=100, deadline=None)
@given(TEXT, TEXT)
@example("ЙZ", "ZЙЙ")
@example("哈力斯", "力哈斯")
def test_any_two_texts_can_be_compared_and_the_order_does_not_matter(one: str, other: str) -> None:
    found = compare(one, other)
    assert 0 <= found.score <= 1
    assert found.same == (found.score >= SAME)
    assert compare(other, one)[:2] == found[:2]


@pytest.mark.parametrize(
    "name",
    [
        "x" * 10_000,
        "Қ" * 10_000,
        "'; DROP TABLE record; --",
        "=1+1",
        "Айгүл 😀",
        "ab" * 300 + " " + "в" * 200,
        "12",
    ],
)
def test_what_is_hardly_a_name_does_no_harm(name: str) -> None:
    assert 0 <= compare(name, "Қалисбек Бабанұлы").score < SAME
    assert 0 <= compare(name, name).score <= 1
