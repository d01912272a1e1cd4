from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology import duration
from estelik.chronology.words import Reading, _grammar, _tables, languages, read

if TYPE_CHECKING:
    from pathlib import Path

_SOME_WORDS = "a an one two twenty - and or to half years months over about , 3 17"
_WORDS = {1: "one", 2: "two", 4: "four", 5: "five", 7: "seven", 8: "eight", 9: "nine"}


def said(text: str, language: str = "en") -> str | None:
    reading = read(text, language)
    return None if reading is None else reading.duration


def test_durations_as_newspapers_write_them_are_all_read(shared: Path) -> None:
    """A public list of 2015; its last entry is a time stamp, and no duration."""
    *written, stamp = json.loads((shared / "outside/chronology/durations_in_words.json").read_text("utf-8"))
    numbers = {word: number for number, word in _WORDS.items()}
    for text in written:
        years, _, *rest = text.rstrip(".").split()
        months = rest[0] if rest else None
        expected = f"P{years}Y"
        if months is not None:
            expected += f"{numbers.get(months, months)}M"
        assert said(text) == expected
    assert said(stamp) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13 years four months.", "P13Y4M"),
        ("a year and nine months", "P1Y9M"),
        ("One year, two months, and 3 days", "P1Y2M3D"),
        ("twenty-one days", "P21D"),
        ("thirty five weeks", "P35W"),
        ("about two years", "~P2Y"),
        ("two years or so", "~P2Y"),
        ("a couple of months", "~P2M"),
        ("more than a year", ">P1Y"),
        ("at least 3 months", ">=P3M"),
        ("three months or more", ">=P3M"),
        ("less than three months", "<P3M"),
        ("no more than ten days", "<=P10D"),
        ("two to seven days", "P2D/P7D"),
        ("2\N{EN DASH}7 days", "P2D/P7D"),
        ("between two weeks and a month", "P2W/P1M"),
        ("five or eight years", "[P5Y,P8Y]"),
        ("a year or two", "[P1Y,P2Y]"),
        ("a few days", "P2D/P7D"),
        ("several weeks", "P3W/P12W"),
        ("half a year", "P3M/P9M"),
        ("a year and a half", "P15M/P21M"),
        ("two and a half years", "P27M/P33M"),
        ("over two and a half years", ">P2Y6M"),
        ("around the same time", "±P1M"),
    ],
)
def test_english_durations_are_read(text: str, expected: str) -> None:
    assert said(text) == expected
    assert said(text.upper() + ".") == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "23 años", "P23Y"),
        ("es", "dos meses", "P2M"),
        ("es", "un año y nueve meses", "P1Y9M"),
        ("es", "treinta y cinco días", "P35D"),
        ("es", "más de un año", ">P1Y"),
        ("es", "unos dos años", "~P2Y"),
        ("es", "entre dos y siete días", "P2D/P7D"),
        ("es", "de dos a siete días", "P2D/P7D"),
        ("es", "cinco u ocho años", "[P5Y,P8Y]"),
        ("es", "año y medio", "P15M/P21M"),
        ("ru", "тринадцать лет четыре месяца", "P13Y4M"),
        ("ru", "год и девять месяцев", "P1Y9M"),
        ("ru", "двадцать один день", "P21D"),
        ("ru", "около двух лет", "~P2Y"),
        ("ru", "лет пять", "~P5Y"),
        ("ru", "меньше трёх месяцев", "<P3M"),
        ("ru", "не менее года", ">=P1Y"),
        ("ru", "от двух до семи дней", "P2D/P7D"),
        ("ru", "полгода", "P3M/P9M"),
        ("ru", "полтора года", "P15M/P21M"),
        ("ru", "два с половиной года", "P27M/P33M"),
        ("uk", "рік і дев'ять місяців", "P1Y9M"),
        ("uk", "п\N{RIGHT SINGLE QUOTATION MARK}ять років", "P5Y"),
        ("uk", "близько двох років", "~P2Y"),
        ("uk", "понад рік", ">P1Y"),
        ("uk", "від двох до семи днів", "P2D/P7D"),
        ("kk", "он үш жыл төрт ай", "P13Y4M"),
        ("kk", "бір жыл тоғыз ай", "P1Y9M"),
        ("kk", "шамамен екі жыл", "~P2Y"),
        ("kk", "екі жылдан астам", ">P2Y"),
        ("kk", "бір жарым жыл", "P15M/P21M"),
        ("zh", "十三年四个月", "P13Y4M"),
        ("zh", "一年零九个月", "P1Y9M"),
        ("zh", "二十三天", "P23D"),
        ("zh", "大约两年", "~P2Y"),
        ("zh", "两年左右", "~P2Y"),
        ("zh", "不到三个月", "<P3M"),
        ("zh", "两到七天", "P2D/P7D"),
        ("zh", "一年半", "P15M/P21M"),
        ("zh", "2年3個月", "P2Y3M"),
    ],
)
def test_durations_of_other_languages_are_read(language: str, text: str, expected: str) -> None:
    assert said(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        *(
            ("en", ""),
            ("en", "year"),
            ("en", "years"),
            ("en", "and two years"),
            ("en", "two years and"),
            ("en", "two"),
        ),
        *(
            ("en", "four months two years"),
            ("en", "a year a year"),
            ("en", "1.5 years"),
            ("en", "two months and a half"),
        ),
        *(
            ("en", "three years later"),
            ("en", "a year ago"),
            ("en", "less than two to three years"),
            ("en", "decades"),
        ),
        *(
            ("en", "seven to two days"),
            ("en", "2015 years"),
            ("en", "many years"),
            ("en", "two years in prison"),
        ),
        *(
            ("es", "medio mes"),
            ("ru", "несколько лет назад"),
            ("ru", "весь год"),
            ("zh", "2015年"),
            ("zh", "三月"),
        ),
        *(("en", "dos años"), ("de", "zwei Jahre"), ("", "two years"), ("kk", "екі жылдан кейін")),
    ],
)
def test_what_is_not_sure_is_not_read(language: str, text: str) -> None:
    assert read(text, language) is None


def test_a_reading_names_its_rule_and_version() -> None:
    assert read("about two years") == Reading("~P2Y", "en:about", 1)
    assert read("два года", "ru-KZ") == Reading("P2Y", "ru:length", 2)


def test_every_language_reads_numbers_up_to_twenty_and_every_unit() -> None:
    """Each unit with each number in words gives that number; nothing of a table is left unread."""
    for language in languages():
        table = _tables()[language]
        numbers = _grammar(language).numbers
        assert set(range(1, 21)) <= set(numbers.values())
        for word, number in numbers.items():
            for unit, letter in table.units.items():
                text = f"{word} {unit}" if table.spaced else word + unit
                assert said(text, language) == f"P{number}{letter}"
        for sign_word, sign in table.before.items():
            text = f"{sign_word} 2 {next(iter(table.units))}"
            assert said(text if table.spaced else text.replace(" ", ""), language) == f"{sign}P2Y"
        for sign_word, sign in table.after.items():
            text = f"2 {next(iter(table.units))} {sign_word}"
            assert said(text if table.spaced else text.replace(" ", ""), language) == f"{sign}P2Y"


@given(st.text(max_size=40), st.sampled_from([*languages(), "xx"]))
def test_any_text_is_read_as_a_duration_or_not_at_all(text: str, language: str) -> None:
    reading = read(text, language)
    if reading is not None:
        duration.parse(reading.duration)


@given(
    st.lists(
        st.sampled_from(_SOME_WORDS.split()),
        max_size=9,
    )
)
def test_words_in_any_order_are_read_as_a_duration_or_not_at_all(words: list[str]) -> None:
    reading = read(" ".join(words))
    if reading is not None:
        duration.parse(reading.duration)


def test_no_text_takes_long() -> None:
    started = time.process_time()
    for text in ("a " * 10**6, "two to " * 28, "one year and " * 15, "9" * 200, "twenty " * 28, "-" * 200):
        for language in languages():
            read(text, language)
    assert time.process_time() - started < 2
