"""Names go from one writing into another as the published systems say."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.names.alphabets import chinese, kazakh, kyrgyz, russian, ukrainian, uyghur

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.names.letters import System

SYSTEMS = [
    russian.PASSPORT,
    russian.BGN,
    russian.GOST,
    ukrainian.LATIN_2010,
    kyrgyz.BGN,
    kazakh.LATIN_2021,
    kazakh.LATIN_2018,
    kazakh.BGN,
    kazakh.ARABIC,
    uyghur.LATIN,
    uyghur.CYRILLIC,
    uyghur.ARABIC,
    uyghur.ARABIC_OF_CYRILLIC,
]

#: Pairs that others have published, by the name of the system there; and of how many at most ours differs.
PUBLISHED = [
    ("ua-ukr-Cyrl-Latn-2010", ukrainian.LATIN_2010, 0),
    ("un-ukr-Cyrl-Latn-2012", ukrainian.LATIN_2010, 0),
    ("bgnpcgn-kaz-Cyrl-Latn-1979", kazakh.BGN, 0),
    ("odni-kaz-Cyrl-Latn-2015", kazakh.BGN, 0),
    ("bgnpcgn-kir-Cyrl-Latn-1979", kyrgyz.BGN, 0),
    # Seven use the dot that the system allows between letters that are no pair, one a straight quote for ъ.
    ("bgnpcgn-rus-Cyrl-Latn-1947", russian.BGN, 8),
]

WRITTEN = [
    (russian.PASSPORT, "Щукин Юрий Подъячев", "Shchukin Iurii Podieiachev"),
    (russian.PASSPORT, "СЕМЁН ЩУКИН", "SEMEN SHCHUKIN"),
    (russian.BGN, "Елена Соловьёва", "Yelena Solov’yëva"),
    (russian.GOST, "Цой Цецилия Щукина", "Czoj Ceciliya Shhukina"),
    (ukrainian.LATIN_2010, "Їжак Згурський Юлія", "Yizhak Zghurskyi Yuliia"),
    (kyrgyz.BGN, "Жеңиш Өмүрзаков", "Jengish Ömürzakov"),
    (kazakh.LATIN_2021, "Қалисбек Бабанұлы", "Qalisbek Babanūly"),
    (kazakh.LATIN_2021, "Іңкәр ИЛИЯС", "Iñkär İLİİAS"),
    (kazakh.LATIN_2018, "Шыңғыс Әуезов", "Shyńǵys Áýezov"),
    (kazakh.BGN, "Жұлдыз Хасенқызы", "Zhuldyz Khasenqyzy"),
    (kazakh.ARABIC, "Қалисбек Бабанұлы", "قاليسبەك بابانۇلى"),
    (kazakh.ARABIC, "Өмірзақ Сәуле Мәди", "ٴومىرزاق ساۋلە ٴمادي"),
    (uyghur.LATIN, "ئابدۇراخمان رەيھانگۈل مەسئۇت", "abduraxman reyhan'gül mes'ut"),
    (uyghur.CYRILLIC, "ئابدۇراخمان", "абдурахман"),
    (uyghur.ARABIC, "Ürümchi Erkin", "ئۈرۈمچى ئەركىن"),
]


KAZAKH = "Қалисбек Бабанұлы Әсел Нұрлан Гүлзира Өмірзақ Үлжан Сәуле Ербол Қайрат Мәди Юсуп Ғалия"
UYGHUR = "ئابدۇراخمان گۈلنىسا ئەركىن ئىبراھىم رەيھانگۈل مەسئۇت ئۈرۈمچى تۇرسۇن"


@pytest.mark.parametrize(("system", "text", "other"), WRITTEN)
def test_a_name_is_written_as_its_system_says(system: System, text: str, other: str) -> None:
    assert system.write(text) == other


@pytest.mark.parametrize(("name", "system", "differing"), PUBLISHED)
def test_published_pairs_come_out_the_same(shared: Path, name: str, system: System, differing: int) -> None:
    with (shared / "outside/translit/interscript_tests.csv").open(encoding="utf-8") as file:
        pairs = [
            (row["source"].replace("\\n", "\n"), row["expected"].replace("\\n", "\n"))
            for row in csv.DictReader(file)
            if row["system"] == name
        ]
    assert pairs
    assert sum(system.write(source) != expected for source, expected in pairs) == differing


@pytest.mark.parametrize("word", KAZAKH.split())
def test_kazakh_comes_back_from_arabic_letters(word: str) -> None:
    assert kazakh.cyrillic(kazakh.ARABIC.write(word)) == word.lower()


@pytest.mark.parametrize(
    "word", ["ئابدۇراخمان", "گۈلنىسا", "ئەركىن", "ئىبراھىم", "رەيھانگۈل", "مەسئۇت", "ئۈرۈمچى", "تۇرسۇن"]
)
def test_uyghur_comes_back_from_latin_letters(word: str) -> None:
    assert uyghur.ARABIC.write(uyghur.LATIN.write(word)) == word


@given(st.lists(st.sampled_from("ابتجدرزسمنگكلو"), min_size=1, max_size=8))
def test_uyghur_consonants_and_vowels_come_back_from_cyrillic(letters: list[str]) -> None:
    """Letters whose reading depends on nothing beside them, without the seat of a hamza between vowels."""
    word = "ب".join(letters)
    back = uyghur.ARABIC_OF_CYRILLIC.write(uyghur.CYRILLIC.write(word))
    assert back.replace("ئ", "") == word


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("哈力斯别克·巴班", "Halisibieke·Baban"),
        ("阿卜杜热合曼", "Abudureheman"),
        ("努尔兰", "Nu'erlan"),
        ("买买提 A1", "Maimaiti A1"),
        ("吕绿", "Lülü"),
        ("贾马力", "Jiamali"),
        ("", ""),
    ],
)
def test_chinese_is_read_in_pinyin(text: str, other: str) -> None:
    assert chinese.pinyin(text) == other


def test_names_of_turkic_people_are_read_as_chinese_documents_write_them(shared: Path) -> None:
    with (shared / "outside/translit/chinese_turkic_pairs.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            assert chinese.pinyin(row["hanzi"]).lower() == row["pinyin_no_tones"].lower()


@given(st.sampled_from(SYSTEMS), st.text(max_size=40))
def test_no_text_makes_a_system_fail(system: System, text: str) -> None:
    assert isinstance(system.write(text), str)


@given(st.sampled_from(SYSTEMS), st.text(alphabet="0123456789 .,!?()[]", max_size=40))
def test_what_no_rule_is_for_stays_as_it_is(system: System, text: str) -> None:
    assert system.write(text) == text


@given(st.text(max_size=20))
def test_no_text_makes_the_reading_of_chinese_fail(text: str) -> None:
    assert isinstance(chinese.pinyin(text), str)
    assert isinstance(kazakh.cyrillic(text), str)
