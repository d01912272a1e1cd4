"""A name is taken apart into what each word of it does; what is no name has no parts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.names import markers, script, spelling
from estelik.names.name import parse

#: Text, then (role, root) of each part; sex that the name tells.
NAMES = [
    ("Қалисбек Бабанұлы", [("given", "Қалисбек"), ("patronym", "Бабан")], "m"),
    ("Калисбек Бабан-улы", [("given", "Калисбек"), ("patronym", "Бабан")], "m"),
    ("Qalisbek Baban-Uly", [("given", "Qalisbek"), ("patronym", "Baban")], "m"),
    ("Qalisbek Baban uly", [("given", "Qalisbek"), ("patronym", "Baban")], "m"),
    ("哈力斯别克·巴班", [("given", "哈力斯别克"), ("father", "巴班")], ""),
    ("قالىسبەك", [("any", "قالىسبەك")], ""),
    ("Гүлзира Ауелханқызы", [("given", "Гүлзира"), ("patronym", "Ауелхан")], "f"),
    ("Айгүл Серік қызы", [("given", "Айгүл"), ("patronym", "Серік")], "f"),
    ("Даулет Серикович", [("given", "Даулет"), ("patronym", "Серик")], "m"),
    ("Иванова, Анна Петровна", [("surname", "Иван"), ("given", "Анна"), ("patronym", "Петр")], "f"),
    ("Анна Петровна Иванова", [("given", "Анна"), ("patronym", "Петр"), ("surname", "Иван")], "f"),
    ("Иванов И.П.", [("surname", "Иван"), ("any", "И"), ("any", "П")], "m"),
    ("Abduraxman Tursun", [("any", "Abduraxman"), ("any", "Tursun")], ""),
    ("Dr. Omir Bekali", [("honorific", "Dr."), ("any", "Omir"), ("any", "Bekali")], ""),
    ("Sofia Kovalevskaya", [("given", "Sofia"), ("surname", "Kovalev")], "f"),
    ("Nurlan", [("any", "Nurlan")], ""),
    ("А", [("any", "А")], ""),
    ("uncle Bolat", [("honorific", "uncle"), ("any", "Bolat")], ""),
    ("Бабушка Зина", [("honorific", "Бабушка"), ("any", "Зина")], ""),
    ("Judge Bao Ming", [("any", "Judge"), ("any", "Bao"), ("any", "Ming")], ""),
    ("A Man", [("any", "A"), ("any", "Man")], ""),
    # A given name that ends in "man", and one in "woman".
    ("李胜男", [("any", "李胜男")], ""),
    ("王亚女", [("any", "王亚女")], ""),
]

NO_NAMES = [
    *("", "?", "-", "...", "12345", "😀", "\u200f", "elderly woman", "a man from Tekes", "unknown"),
    *("неизвестный", "не назвала", "белгісіз", "某人", "匿名"),
    *("old lady", "Old Lady", "nurse", "Nurse", "Grandmother", "soldier", "two women", "A man"),
    *("a nurse from Tekes", "Uyghur woman", "солдат", "Водитель", "Бабуся", "Пожилая дама", "кемпір", "Шал"),
    *("老太太", "一名老太太", "一名男子", "维吾尔族男", "女", "une vieille femme"),
    "I saw him at the camp near the river on Monday with the others",
]


@pytest.mark.parametrize(("text", "parts", "sex"), NAMES)
def test_a_name_is_taken_apart(text: str, parts: list[tuple[str, str]], sex: str) -> None:
    name = parse(text)
    assert name.kind == "name"
    assert [(part.role, part.root) for part in name.parts] == parts
    assert name.sex == sex


@pytest.mark.parametrize("text", NO_NAMES)
def test_what_stands_for_a_name_is_none(text: str) -> None:
    name = parse(text)
    assert (name.kind, name.parts) == ("declined", ())


@pytest.mark.parametrize("text", ["псевдоним: Аян", "Ayan (alias)", "化名:阿扬", "Pseudonym Ayan"])
def test_a_pseudonym_is_told_from_a_name(text: str) -> None:
    name = parse(text)
    assert name.kind == "pseudonym"
    assert len(name.parts) == 1


def test_initials_stand_for_names() -> None:
    surname, *initials = parse("Петров А. Б.").parts
    assert not surname.initial
    assert [(one.initial, one.root) for one in initials] == [(True, "А"), (True, "Б")]


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    name = parse(text)
    assert (name.kind == "declined") == (not name.parts) or name.parts == ()
    assert all(part.root for part in name.parts)


def test_a_name_of_ten_thousand_letters_is_cut() -> None:
    (part,) = parse("a" * 10_000).parts
    assert len(part.text) == spelling.LONGEST


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Бабан – улы", "Бабан-улы"),
        ("\u202bАлма\u202c", "алма"),
        ("哈力斯别克•巴班", "哈力斯别克·巴班"),
        ("O’Neil", "o'neil"),
        ("Али\u0306", "али\u0306"),
        ("И\u0306са", "йса"),
        ("ﻻله", "لاله"),
        ("  A \t\n B ", "a b"),
        ("ÄPPLE", "äpple"),
        ("کېرەم", "كېرەم"),
    ],
)
def test_the_same_name_however_it_was_typed_is_one(text: str, other: str) -> None:
    assert spelling.folded(text) == spelling.folded(other)


@given(st.text(max_size=80))
def test_one_spelling_is_its_own(text: str) -> None:
    once = spelling.folded(text)
    assert spelling.folded(once) == once


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("Қалисбек", "Cyrl"),
        ("Qalisbek", "Latn"),
        ("قالىسبەك", "Arab"),
        ("哈力斯别克·巴班", "Hani"),
        ("ნინო", "Zzzz"),
        ("123 · ?", "Zyyy"),
        ("A Қали", "Cyrl"),
    ],
)
def test_the_script_is_that_of_most_letters(text: str, writing: str) -> None:
    assert script.of(text) == writing


@given(st.text(max_size=60))
def test_runs_are_the_text_in_order(text: str) -> None:
    runs = list(script.runs(text))
    assert "".join(part for _, part in runs) == text
    assert all(one[0] != other[0] for one, other in pairwise(runs))


@pytest.mark.parametrize(
    "word", ["Бабанұлы", "Бабан-улы", "Бабан ұлы", "Бабанович", "Baban-uly", "Babanuly", "Babanovich"]
)
def test_a_fathers_name_has_one_root(word: str) -> None:
    found = markers.patronym(word)
    assert found is not None
    assert found.root.casefold() in ("бабан", "baban")
    assert found.sex == "m"


@pytest.mark.parametrize("word", ["Иван", "ов", "Ин", "Анна", "қызы", "улы"])
def test_a_plain_word_is_no_marked_one(word: str) -> None:
    assert markers.patronym(word) is None
    assert markers.surname(word) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("عبد الله غل", ["عبد الله", "غل"]),
        ("Abd al-Rahman Khan", ["Abd al Rahman", "Khan"]),
        ("حسن فضل الله", ["حسن", "فضل الله"]),
        ("Mubarak Al-Harees", ["Mubarak", "Al Harees"]),
        ("Al Gore", ["Al", "Gore"]),
    ],
)
def test_arabic_names_of_two_words_and_articles_are_one_part(text: str, words: list[str]) -> None:
    """At the beginning an article is short for a given name."""
    assert [part.text for part in parse(text).parts] == words
