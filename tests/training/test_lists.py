"""The lists of names are lists, and every name on them can be written in every kind of document."""

from __future__ import annotations

import csv
from collections import Counter
from itertools import product
from random import Random
from typing import TYPE_CHECKING

import pytest
from pypinyin import lazy_pinyin

from estelik.names import script
from training import forms, listed, sounds, spelling_chinese, spelling_kazakh, spelling_uyghur, split

if TYPE_CHECKING:
    from pathlib import Path

    from training.listed import Language

LEAST = {
    "kazakh_male": 300,
    "kazakh_female": 200,
    "kazakh_roots": 100,
    "uyghur_male": 250,
    "uyghur_female": 200,
}
KAZAKH_LETTERS = set("аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя")
UYGHUR_LETTERS = set("abcdefghijklmnopqrstuwxyzöüë'")

#: The table leaves out the apostrophe that parts letters which are not one.
APOSTROPHES = {"Ishaq": "Is'haq", "Reyhangül": "Reyhan'gül"}
#: Chinese has names of its own for these places, which transcribe nothing.
OTHER_NAMES = {"Ghulja", "Qeshqer", "Tarbaghatay"}


@pytest.mark.parametrize(("name", "least"), LEAST.items())
def test_a_list_is_sorted_without_repetition_and_long_enough(name: str, least: int) -> None:
    text = (listed.FOLDER / "lists" / f"{name}.txt").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()]
    names = [row[0] for row in rows]
    assert len(names) >= least
    assert names == sorted(set(names))
    assert {row[1] for row in rows} <= set("1234")
    letters = KAZAKH_LETTERS if name.startswith("kazakh") else UYGHUR_LETTERS
    assert set("".join(names).lower()) <= letters


def test_no_root_is_on_the_list_of_men_as_well() -> None:
    assert not listed.read("kazakh_roots").keys() & listed.read("kazakh_male").keys()


def test_common_names_are_drawn_more_often() -> None:
    names, weights = listed.given("kk", "m")
    commonness = listed.read("kazakh_male")
    drawn = Counter(commonness[name] for name in Random(1).choices(names, weights, k=4000))
    listed_so = Counter(commonness.values())
    rates = [drawn[common] / listed_so[common] for common in (1, 2, 3, 4)]
    assert rates == sorted(rates)
    assert rates[3] > 5 * rates[0]


@pytest.mark.parametrize("language", listed.LANGUAGES)
def test_every_name_is_written_in_the_script_of_each_kind_of_document(language: Language) -> None:
    rng = Random(7)
    for name in listed.every(language):
        for kind, writing in forms.KINDS[language].items():
            word = forms.word(name, language, kind, rng)
            found = {script.of_letter(letter) for letter in word} - {"Zyyy"}
            assert found == {writing}, (name, kind, word)


@pytest.mark.parametrize("language", listed.LANGUAGES)
def test_every_tenth_name_is_kept_out_of_training_for_the_report(language: Language) -> None:
    names = listed.every(language)
    parts = Counter(split.of_name(name, language) for name in names)
    assert 0.08 < parts["held"] / len(names) < 0.12
    assert 0.08 < parts["dev"] / len(names) < 0.12
    rng = Random(1)
    known = [name for name in names if split.of_name(name, language) == "train"]
    found = Counter(split.of(language, rng.choice(known), (rng.choice(known),)) for _ in range(2000))
    assert set(found) == {("train", ""), ("dev", "combination"), ("held", "combination")}
    assert 0.12 < found["held", "combination"] / 2000 < 0.18


@pytest.mark.parametrize(
    ("kazakh", "uyghur"), [("Мұхтар", "Muxter"), ("Ербол", "Erbol"), ("Тұрсын", "Tursun")]
)
def test_a_name_that_both_languages_have_is_kept_out_of_both(kazakh: str, uyghur: str) -> None:
    assert split.of_name(kazakh, "kk") == split.of_name(uyghur, "ug")


def test_characters_are_read_as_the_dictionary_reads_them() -> None:
    """But for a few that names read otherwise."""
    read = {row[0]: row[1] for row in listed.table("chinese_readings")}
    other = {letter for letter, sound in read.items() if lazy_pinyin(letter)[0].replace("v", "ü") != sound}
    assert other <= set("佛什都卜勒")
    written = {
        letter
        for name in ("chinese_syllables", "chinese_words")
        for row in listed.table(name)
        for letter in row[1].replace(" ", "")
    }
    assert written == read.keys()


def test_published_transcriptions_of_names_are_among_ours(shared: Path) -> None:
    """22 of 25 pairs; the other three are places that Chinese calls otherwise."""
    with (shared / "outside/translit/chinese_turkic_pairs.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    missing = set()
    for row in rows:
        kazakh = any(letter.lower() in KAZAKH_LETTERS for letter in row["original"])
        name = (
            row["original"].capitalize() if kazakh else APOSTROPHES.get(row["latin"], row["latin"].strip("-"))
        )
        language: Language = "kk" if kazakh else "ug"
        ways = [ways for _, ways in spelling_chinese.pieces(sounds.of(name, language), language)]
        if row["hanzi"] not in {"".join(way) for way in product(*ways)}:
            missing.add(row["latin"])
        read = spelling_chinese.pinyin if set(row["hanzi"]) <= _readable() else None
        assert read is None or read(row["hanzi"], apostrophe=True).lower() == row["pinyin_no_tones"].lower()
    assert len(rows) == 25
    assert missing == OTHER_NAMES


def _readable() -> set[str]:
    return {row[0] for row in listed.table("chinese_readings")}


class Steady(Random):
    """Never forgets a mark and never types otherwise."""

    def random(self) -> float:
        """The last chance there is."""
        return 0.999


@pytest.mark.parametrize(
    ("name", "language", "text"),
    [
        ("Айгүл", "kk", "阿依古丽"),
        ("Әсел", "kk", "阿赛力"),
        ("Гүлайым", "kk", "古丽阿依木"),
        # What is a word at the end of a name is none before a vowel.
        ("Аяулым", "kk", "阿亚吾勒木"),
        ("Ayup", "ug", "阿玉甫"),
        ("Nurela", "ug", "努热拉"),
        ("Qurbanjan", "ug", "库尔班江"),
        ("Reyhan'gül", "ug", "热依汗古丽"),
        ("Turghunbay", "ug", "吐尔洪拜"),
    ],
)
def test_the_characters_that_are_usual_for_a_name(name: str, language: Language, text: str) -> None:
    assert spelling_chinese.usual(sounds.of(name, language), language) == text


def test_letters_of_kazakh_are_those_of_the_published_table(shared: Path) -> None:
    with (shared / "outside/translit/kazakh.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if not row["note"].startswith("loans")]
    seats = str.maketrans("ٵٶٷٸ", "اوۇى")
    for row in rows:
        letter, steady = row["cyrillic"], Steady(1)
        assert spelling_kazakh.arabic(letter, steady).strip("ٴ") == row["arabic_tote"].translate(seats)
        if row["latin_2018_02_20"]:
            assert spelling_kazakh.latin_2018(letter, steady) == row["latin_2018_02_20"]
        if row["latin_2021_01_28"].isalpha():
            assert spelling_kazakh.latin_2021(letter, steady) == row["latin_2021_01_28"]
    assert len(rows) > 30


def test_letters_of_uyghur_are_those_of_the_published_table(shared: Path) -> None:
    with (shared / "outside/translit/uyghur.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        steady = Steady(1)
        # At the beginning a vowel stands on a seat: behind a consonant it does not.
        assert spelling_uyghur.arabic("b" + row["uly_latin"], steady) == "ب" + row["uey_arabic"]
        if row["uly_latin"] != "yo":
            assert spelling_uyghur.cyrillic(row["uly_latin"], steady) == row["uky_cyrillic"]
    assert len(rows) > 30


@pytest.mark.parametrize(
    ("language", "given", "father", "texts"),
    [
        ("kk", "Қалисбек", "Бабан", {"kk-Cyrl": "Қалисбек Бабанұлы", "ru-Cyrl": "Калисбек Бабан-улы"}),
        ("kk", "Қалисбек", "Бабан", {"zh-Hani": "哈力斯别克·巴班", "zh-Latn": "Halisibieke Baban"}),
        ("kk", "Қалисбек", "Бабан", {"passport": "Kalisbek Babanuly", "en": "Qalisbek Baban-Uly"}),
        ("kk", "Жұмабек", "Серік", {"ru-Cyrl": "Джумабек Сериков", "kk-Arab": "جۇمابەك سەرىكۇلى"}),
        ("kk", "Жұмабек", "Серік", {"kk-Latn-2018": "Jumabek Serikuly", "kk-Latn-2021": "Jūmabek Serıkūly"}),
        ("kk", "Жұмабек", "Серік", {"passport": "Zhumabek Serikovich", "en": "Jumabek Serik"}),
        ("kk", "Мәди", "Әсет", {"kk-Arab": "ٴمادي اسەت"}),
        ("ug", "Abduraxman", "Memet", {"zh-Hani": "阿布都热合曼·买买提", "en": "Abdurahman Mehmet"}),
        ("ug", "Abduraxman", "Memet", {"ug-Arab": "ئابدۇراخمان مەمەت", "ug-Cyrl": "Абдурахман Мәмәт"}),
        ("ug", "Abduraxman", "Memet", {"ru-Cyrl": "Абдурахман Маматов", "zh-Latn": "Abudureheman Maimaiti"}),
    ],
)
def test_a_name_has_the_spellings_that_are_known_of_such_names(
    language: Language, given: str, father: str, texts: dict[str, str]
) -> None:
    names = forms.Names(language, "m", given, father, father)
    rng = Random(11)
    for kind, text in texts.items():
        assert any(forms.write(names, kind, rng).text == text for _ in range(20_000)), text
