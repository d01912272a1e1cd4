"""Where words lie in the map is the same however it is worked out; a name that was written is read again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.names import matching
from estelik.names.bank import Bank
from estelik.names.engine import PLAIN
from estelik.names.kernel import settle
from estelik.names.name import parse
from estelik.names.neighbours import neighbours
from estelik.names.readings import readings
from estelik.names.skeleton import skeleton
from estelik.names.slots import read, slots, written
from estelik.names.sought import Sought
from estelik.names.vectors import vectors
from estelik.names.weights import weights

LETTERS = {"Latn": "abcdefghiz", "Cyrl": "абвгқұшң", "Arab": "ابتثکلم", "Hani": "哈力斯别克习近平"}
WORDS = st.lists(
    st.sampled_from(sorted(LETTERS)).flatmap(
        lambda script: st.tuples(
            st.just(script), st.text(LETTERS[script], min_size=1, max_size=5)
        )
    ),
    min_size=1,
    max_size=4,
    unique=True,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(words=WORDS)
def test_vectors_of_many_words_are_those_of_the_kernel(words: list[tuple[str, str]]) -> None:
    bank = Bank(weights(), PLAIN)
    for script, letters in words:
        bank.word(script, letters)  # type: ignore[arg-type]
    laid = bank.words()
    laid.vector[:] = 0
    settle(laid, 0, len(words))
    assert np.allclose(vectors(words, weights()), laid.vector, atol=1e-5)


@pytest.mark.parametrize(
    "name",
    [
        "Қалисбек Бабанұлы",
        "Qalisbek Baban-Uly",
        "哈力斯别克·巴班",
        "习近平",
        "欧阳修",
        "محمد علی",
        "X. Ivanov",
        "Ли",
    ],
)
def test_the_words_of_a_name_are_read_as_they_were_written(name: str) -> None:
    laid = slots(parse(name), weights())
    kept = [
        [[form for form in slot.forms if form.kind != matching.SHORT] for slot in alternative]
        for alternative in laid.alternatives
    ]
    again = [
        [[form for form in slot.forms if form.kind != matching.SHORT] for slot in alternative]
        for alternative in read(written(laid))
    ]
    assert again == kept


def test_what_is_no_name_has_no_words() -> None:
    assert written(slots(parse("elderly woman"), weights())) == ""
    assert read("") == ((),)


def test_the_same_name_in_another_script_comes_closer_than_a_brother() -> None:
    lines = [
        written(slots(parse(name), weights()))
        for name in (
            "Qalisbek Babanuly",
            "哈力斯别克·巴班",
            "Erkin Babanuly",
            "Qalisbek Seitov",
            "John Smith",
        )
    ]
    close = Sought(parse("Қалисбек Бабанұлы")).closeness(lines)
    assert min(close[:2]) > max(close[2:4])
    assert min(close[2:4]) > close[4]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Cyrl", "мухаммед"), ("Latn", "muhammad")),
        (("Arab", "محمد"), ("Latn", "mohamed")),
        (("Latn", "schmidt"), ("Latn", "shmidt")),
        (("Cyrl", "нұрлан"), ("Latn", "nurlan")),
    ],
)
def test_spellings_have_one_skeleton(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert skeleton(*one, weights()) == skeleton(*other, weights()) != ""


def test_neighbours_are_the_pairs_worth_comparing() -> None:
    names = ("Қалисбек Бабанұлы", "Kalisbek Babanovich", "John Smith", "Мария Иванова", "Mariya Ivanova")
    found = set(neighbours([written(slots(parse(name), weights())) for name in names]))
    assert found == {(0, 1), (3, 4)}


@pytest.mark.parametrize(
    ("name", "read_as"),
    [("陳大文", "chan tai man"), ("朴正熙", "park jeonghui"), ("蔣經國", "chiang ching kuo")],
)
def test_a_chinese_name_is_read_as_offices_elsewhere_write_it(name: str, read_as: str) -> None:
    found = list(readings(slots(parse(name), weights()).native, weights()))
    wanted = read_as.split()
    assert any(
        len(one) == len(wanted) and all(word in words for word, words in zip(wanted, one, strict=True))
        for one in found
    )


@pytest.mark.parametrize("name", ["哈力斯别克", "哈力斯别克·巴班", "Chan Tai-man", "习", "欧阳修远"])
def test_a_name_that_is_no_native_one_has_no_other_reading(name: str) -> None:
    assert list(readings(slots(parse(name), weights()).native, weights())) == []
    sought = Sought(parse(name))
    assert sought.written == (len(sought.words), len(sought.alternatives))
