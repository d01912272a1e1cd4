"""Where words lie in the map is the same however it is worked out; a name that was written is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import example, given, settings
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
from estelik.names.sought import COSTS, Sought
from estelik.names.vectors import Remembered, vectors
from estelik.names.weights import weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.names.slots import Form, Slot

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


NAMES = st.lists(
    st.sampled_from(
        [
            *("Ali Ali", "Али", "Ali bin Ali", "Қалисбек Бабанұлы", "Qalisbek Baban-Uly", "哈力斯别克·巴班"),
            *(
                "陳大文",
                "Chan Tai-man",
                "Chan Tai Man Man",
                "Sasha Petrov",
                "Александр Петров",
                "习近平",
                "q",
            ),
            *("محمد علی", "elderly woman", "Li Li", "李", "Mohammed Ali Mohamed"),
        ]
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(name=NAMES.filter(bool).map(lambda names: names[0]), others=NAMES)
@example(name="Ali Ali", others=["Ali bin Ali", "Mohammed Ali Mohamed"])
def test_a_name_comes_as_close_to_each_of_many_as_word_by_word(name: str, others: list[str]) -> None:
    sought = Sought(parse(name))
    lines = [written(slots(parse(other), weights())) for other in others]
    close = sought.closeness(lines)
    assert np.allclose(close, [_close(sought, line) for line in lines], atol=1e-5)
    known = Remembered(most=3)
    for _ in range(2):
        assert np.array_equal(sought.closeness(lines, known), close)


def _close(sought: Sought, line: str) -> float:
    """How close one name comes: of all ways to cut it and to read the other the best, greedily matched."""
    best = 0.0
    for spot, mine in enumerate(sought.alternatives):
        for theirs in read(line):
            if not mine or not theirs:
                continue
            rows = [[_nearest(sought, forms, slot) for slot in theirs] for forms in mine]
            total, left = 0.0, {(row, column) for row in range(len(mine)) for column in range(len(theirs))}
            while left:
                row, column = max(left, key=lambda at: (rows[at[0]][at[1]], at))
                total += max(rows[row][column], 0)
                left = {at for at in left if at[0] != row and at[1] != column}
            words = total / (len(mine) * len(theirs)) ** 0.5
            if spot < sought.written[1]:
                own = sum(sought.vectors[forms[0][0]] for forms in mine)
                other = sum(_vector(slot.forms[0]) for slot in theirs)
                lengths = float(np.linalg.norm(own) * np.linalg.norm(other))
                words = (words + (float(own @ other) / lengths if lengths else 0.0)) / 2
            best = max(best, words)
    return best


def _nearest(sought: Sought, forms: Sequence[tuple[int, float]], slot: Slot) -> float:
    return max(
        float(sought.vectors[word] @ _vector(form)) - cost - COSTS[form.kind]
        for word, cost in forms
        for form in slot.forms
    )


def _vector(form: Form) -> Any:
    return vectors([(form.script, form.letters)], weights())[0]


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
    pairs = neighbours([written(slots(parse(name), weights())) for name in names])
    found = set(map(tuple, pairs.tolist()))
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
