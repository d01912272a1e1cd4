"""What is one word to somebody who looks for it, in any writing."""

from __future__ import annotations

from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.index.tokens import tokens, words

#: Letters of the writings of the sheets, marks, digits, and what parts or joins words.
LETTERS = st.text(
    st.one_of(
        st.sampled_from(
            "аёйіїқңәАЁ ئەىيكکھۇۋ ـ哈國国ーあกำ abIßłİﬁ½１٣ '’-·.,\u0301\u064e\u200c\u202e\u200b\n🙂\ud800"
        ),
        # Others than those that are short for several.
        st.characters(codec="utf-8").filter(lambda one: normalize("NFKC", one) == one),
    ),
    max_size=20,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлка", "елка"), ("МОЙ", "мой"), ("об’єкт", "об'єкт"), ("cafe\u0301", "CAFÉ"), ("Straße", "STRASSE"),
        ("İstanbul", "istanbul"), ("２０１８", "٢٠١٨"), ("ئۇيغۇر", "ۇيغۇر"), ("ٴبىر", "بىر"),
        ("كىتاب", "کىتاب"), ("كـــتاب", "كتاب"), ("مُحَمَّد", "محمد"), ("集中營", "集中营"),
        ("Нұр\u202cлан", "нұрлан"),
    ],
)  # fmt: skip
def test_what_looks_alike_to_a_reader_is_one_word(one: str, other: str) -> None:
    assert words(one) == words(other) != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("哈力斯别克·巴班", ["哈", "力", "斯", "别", "克", "巴", "班"]),
        ("Бабан-улы", ["бабан", "улы"]),
        ("2018年3月", ["2018", "年", "3", "月"]),
        ("они ушли", ["они", "ушли"]),
        ("ұлы/ағасы;тағы", ["ұлы", "ағасы", "тағы"]),
        (" \t\n…—«»“”()*\"'", []),
        ("🙂", []),
        ("कमल", ["कमल"]),
        ("한국어", ["한국어"]),
    ],
)
def test_words_are_parted_where_a_reader_parts_them(text: str, found: list[str]) -> None:
    assert words(text) == found


def test_letters_that_differ_in_more_than_marks_are_others() -> None:
    assert len({words(one)[0] for one in ("қ", "к", "ң", "н", "ә", "а", "ө", "о")}) == 8


@given(LETTERS)
def test_a_word_is_as_it_is_compared_already_and_has_nothing_but_letters(text: str) -> None:
    found = words(text)
    assert words(" ".join(found)) == found
    assert not any(set(one) & set(" \"'*()\ue000\x00") or not one for one in found)


@given(LETTERS)
def test_words_stand_where_they_are_said_to_stand(text: str) -> None:
    end = 0
    for one in tokens(text):
        assert end <= one.start < one.end <= len(text)
        assert words(text[one.start : one.end]) == [one.word]
        end = one.end


@given(LETTERS)
def test_words_alone_are_those_that_stand_somewhere(text: str) -> None:
    assert words(text) == [one.word for one in tokens(text)]
