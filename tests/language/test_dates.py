"""Dates, lengths and numbers as they are said."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.calendar import HORIZON_FIRST, HORIZON_LAST
from estelik.language import dates
from estelik.language.durations import duration
from estelik.language.numbers import listed, number
from estelik.language.reader import languages, reader

EN = reader("en")


def on(text: str) -> int:
    """The ordinal of an ISO day."""
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("2019-09-14", "on 14 September 2019"),
        ("2017-03", "in March 2017"),
        ("2017", "in 2017"),
        ("194X", "in the 1940s"),
        ("2021-21", "in spring 2021"),
        ("2016-23", "in autumn 2016"),
        ("2016-24", "in winter 2016"),
        ("2017-03/2017-06", "between March and June 2017"),
        ("2017-03/2018-06", "between March 2017 and June 2018"),
        ("2014/2016", "between 2014 and 2016"),
        ("2019-05-30/2019-09-08", "between 30 May and 8 September 2019"),
        ("2018-11-14/2019-01-15", "between 14 November 2018 and 15 January 2019"),
        ("2014/..", "not before 1 January 2014"),
        ("../2014", "not after 31 December 2014"),
        ("[2017, 2019]", "in 2017 or in 2019"),
        ("2017?", "in 2017, not certain"),
        ("2017~", "in 2017, about"),
    ],
)
def test_a_date_is_said_as_it_was_told(cell: str, words: str) -> None:
    assert dates.edtf(EN, cell) == words


def test_months_are_cut_short_in_drawings_only() -> None:
    assert dates.day(EN, on("2019-09-14"), short=True) == "14 Sept 2019"
    assert dates.day(EN, on("2024-06-20"), short=True) == "20 June 2024"
    assert dates.coarse(EN, ((on("2018-11-14"), on("2019-01-15")),)) == "Nov 2018 to Jan 2019"


@given(st.integers(HORIZON_FIRST, HORIZON_LAST), st.integers(0, 4000), st.sampled_from(languages()))
def test_no_date_is_digits_only(first: int, length: int, language: str) -> None:
    """Never 2017-2019, never 14.09.2019, never raw EDTF."""
    last = min(first + length, HORIZON_LAST)
    for words in (
        dates.between(reader(language), first, last),
        dates.period(reader(language), first, last, short=True),
    ):
        assert not re.search(r"\d[-–/.]\d", words)
        if first == last:
            assert re.search(r"[^\W\d]{3}|年.*月.*日", words)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("P1Y9M", "one year and nine months"),
        ("P7D", "seven days"),
        ("~P2Y", "about two years"),
        ("P2D/P7D", "two to seven days"),
        ("[P5Y,P8Y]", "five or eight years"),
        ("P34Y/P34Y3M", "34 years to 34 years and three months"),
        (">P1Y", "more than one year"),
        (">=P60D", "at least 60 days"),
        ("<P3M", "less than three months"),
        ("<=P3M", "at most three months"),
        ("P0D/P7D", "at most seven days"),
        ("P2W", "two weeks"),
    ],
)
def test_a_length_is_said_in_words(cell: str, words: str) -> None:
    assert duration(EN, cell) == words


def test_numbers_up_to_ten_are_words() -> None:
    assert [number(EN, count) for count in (1, 7, 10, 11, 27757)] == ["one", "seven", "ten", "11", "27,757"]


def test_a_list_is_read_aloud() -> None:
    assert listed(EN, ["a"]) == "a"
    assert listed(EN, ["a", "b"]) == "a and b"
    assert listed(EN, ["a", "b", "c"], choice=True) == "a, b or c"


def test_the_year_comes_first_where_the_language_has_it_first() -> None:
    assert dates.day(reader("ug"), on("2019-09-14")).startswith("2019")


@pytest.mark.parametrize(
    ("language", "cell", "words"),
    [
        ("fr", "2019-09-14", "le 14 septembre 2019"),
        ("fr", "2019-09-01", "le 1er septembre 2019"),
        ("fr", "2017-03", "en mars 2017"),
        ("fr", "2017", "en 2017"),
        ("fr", "194X", "dans les années 1940"),
        ("fr", "2021-21", "au printemps 2021"),
        ("fr", "2021-22", "en été 2021"),
        ("fr", "2016-23", "en automne 2016"),
        ("fr", "2016-24", "en hiver 2016"),
        ("fr", "2017-03/2017-06", "entre mars et juin 2017"),
        ("fr", "2017-03/2018-06", "entre mars 2017 et juin 2018"),
        ("fr", "2014/2016", "entre 2014 et 2016"),
        ("fr", "2019-05-30/2019-09-01", "entre le 30 mai et le 1er septembre 2019"),
        ("fr", "2018-11-14/2019-01-15", "entre le 14 novembre 2018 et le 15 janvier 2019"),
        ("fr", "2014/..", "pas avant le 1er janvier 2014"),
        ("fr", "../2014", "pas après le 31 décembre 2014"),
        ("fr", "[2017, 2019]", "en 2017 ou en 2019"),
        ("fr", "2017?", "en 2017, sans certitude"),
        ("fr", "2017~", "en 2017, environ"),
        ("kk", "2019-09-14", "2019 жылғы 14 қыркүйек"),
        ("kk", "2019-09-01", "2019 жылғы 1 қыркүйек"),
        ("kk", "2021-21", "2021 жылғы көктем"),
        ("kk", "2017-03", "2017 жылғы наурыз"),
        ("kk", "2017-03/2017-06", "2017 жылғы наурыз\u00a0— маусым аралығында"),
        ("kk", "194X", "1940-жылдар"),
        ("ru", "2019-09-14", "14 сентября 2019 года"),
        ("ru", "2017-05", "май 2017 года"),
        ("ru", "2017-03/2017-06", "в промежутке март\u00a0— июнь 2017 года"),
        ("ru", "2019-05-30/2019-09-08", "в промежутке 30 мая\u00a0— 8 сентября 2019 года"),
        ("ru", "2021-21", "весна 2021 года"),
        ("ru", "2016-24", "зима 2016 года"),
        ("ru", "194X", "1940-е годы"),
        ("ug", "2021-21", "2021-\u2060يىلى باھار ئىچىدە"),
        ("ru", "2014/..", "не раньше 1 января 2014 года"),
        ("ru", "2017~", "2017 год, примерно"),
        ("uk", "2019-09-14", "14 вересня 2019 року"),
        ("uk", "2017-11", "листопад 2017 року"),
        ("uk", "2017?", "2017 рік, без певності"),
        ("zh", "2019-09-14", "2019年9月14日"),
        ("zh", "2017-03", "2017年3月"),
        ("zh", "2018-11-14/2019-01-15", "2018年11月14日至2019年1月15日之间"),
        ("zh", "2016-23", "2016年秋"),
    ],
)
def test_a_date_is_said_in_the_forms_of_the_language(language: str, cell: str, words: str) -> None:
    """A month beside a day is in another case than one alone, where months have cases. Where a
    language has it so, a day has an article, a season its own preposition, the first of a month a number of
    its own."""
    assert dates.edtf(reader(language), cell) == words


def test_a_short_month_alone_is_not_in_the_case_of_a_date() -> None:
    assert dates.month(reader("ru"), 5, short=True) == "май"
    assert dates.day(reader("ru"), on("2019-05-30"), short=True) == "30 мая 2019 года"


@pytest.mark.parametrize(
    ("language", "cell", "words"),
    [
        ("fr", "P1Y9M", "un an et neuf mois"),
        ("fr", "P1W", "une semaine"),
        ("fr", "P11M", "11 mois"),
        ("fr", "P0D/P1D", "au plus un jour"),
        ("fr", "[P5Y,P8Y]", "cinq ou huit ans"),
        ("fr", "[P1W,P2W]", "une ou deux semaines"),
        ("fr", "P2D/P7D", "deux à sept jours"),
        ("fr", "~P2Y", "environ deux ans"),
        ("fr", ">=P60D", "au moins 60 jours"),
        ("fr", "<=P3M", "au plus trois mois"),
        ("fr", ">P1Y", "plus d’un an"),
        ("fr", ">P1Y6M", "plus d’un an et six mois"),
        ("fr", ">P2Y", "plus de deux ans"),
        ("fr", ">P8Y", "plus de huit ans"),
        ("fr", ">P11M", "plus de 11 mois"),
        ("fr", "<P1W", "moins d’une semaine"),
        ("fr", "<P3M", "moins de trois mois"),
        ("kk", "P1Y9M", "бір жыл тоғыз ай"),
        ("kk", ">P1Y", "бір жыл уақыттан артық"),
        ("ru", "P1Y9M", "один год и девять месяцев"),
        ("ru", "P21Y", "21 год"),
        ("ru", "P12Y", "12 лет"),
        ("ru", "<P1M", "меньше чем один месяц"),
        ("ru", "P1W", "одна неделя"),
        ("ru", "[P2W,P3W]", "две или три недели"),
        ("ru", "[P5Y,P8Y]", "пять или восемь лет"),
        ("uk", "P2W", "два тижні"),
        ("uk", "P22M", "22 місяці"),
        ("uk", "<P5D", "менш ніж п’ять днів"),
        ("zh", "P1Y9M", "一年零九个月"),
        ("zh", "P2D/P7D", "两至七天"),
        ("zh", "~P2W", "大约两周"),
    ],
)
def test_a_length_is_said_in_the_forms_of_the_language(language: str, cell: str, words: str) -> None:
    assert duration(reader(language), cell) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2019-09-01", "2019-09-01", "1er sept. 2019"),
        ("2019-05-30", "2019-09-08", "du 30 mai au 8 sept. 2019"),
        ("2018-11-14", "2019-01-15", "du 14 nov. 2018 au 15 janv. 2019"),
        ("2017-03-01", "2017-06-30", "mars à juin 2017"),
        ("1940-01-01", "1949-12-31", "années 1940"),
    ],
)
def test_a_stretch_in_french_has_an_article_where_it_is_of_days(first: str, last: str, words: str) -> None:
    """Without a preposition, and with months cut short, as in drawings."""
    assert dates.period(reader("fr"), on(first), on(last), short=True) == words


def test_a_list_has_the_commas_of_its_language() -> None:
    assert listed(reader("zh"), ["甲", "乙", "丙"]) == "甲、乙和丙"
    assert listed(reader("ug"), ["a", "b", "c"]).startswith("a، b")
    assert listed(reader("kk"), ["a", "b", "c"], choice=True) == "a, b немесе c"
    assert listed(reader("fr"), ["a", "b", "c"], choice=True) == "a, b ou c"
