"""What is worked out by calls of numpy is what the loops give, plain and compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from estelik.names import comparison, engine
from estelik.names.bank import Bank, room
from estelik.names.comparison import Scorer, compare_all
from estelik.names.engine import PLAIN, QUICK
from estelik.names.name import parse
from estelik.names.weights import weights

NAMES = (
    *(
        "Қалисбек Бабанұлы",
        "Qalisbek Baban-Uly",
        "哈力斯别克·巴班",
        "قالىسبەك بابان ۇلى",
        "Анна И.",
        "A. Ivanova",
    ),
    *(
        "陳大文",
        "Chan Tai-man",
        "朴正熙",
        "Park Chung-hee",
        "欧阳修",
        "Li",
        "李",
        "Sasha Petrov",
        "Александр Петров",
    ),
    *("Mohammed bin Ali al-Rashid", "محمد بن علي الراشد", "x" * 90, "q", "Ժան"),
)
WORDS = st.one_of(
    st.text("abdeghiklmnoqrstuyz", min_size=1, max_size=9),
    st.text("абвгқұшңерлиоы", min_size=1, max_size=9),
    st.text("ابتثکلمنوی", min_size=1, max_size=7),
    st.text("哈力斯别克习近平陳大文", min_size=1, max_size=4),
)
TEXTS = st.one_of(st.sampled_from(NAMES), st.lists(WORDS, min_size=1, max_size=4).map(" ".join))


@settings(max_examples=40, deadline=None)
@given(one=TEXTS, other=TEXTS)
@example(one="陳大文", other="Chan Tai-man")
def test_names_have_the_same_in_common_by_the_quick_functions_as_by_the_loops(one: str, other: str) -> None:
    found: list[Any] = []
    for functions in (PLAIN, QUICK):
        bank = Bank(weights(), functions)
        pair = np.array([bank.add(parse(one))]), np.array([bank.add(parse(other))])
        names, words = bank.both()
        found.append(comparison.features(functions, names, words, *pair, room()))
    plain, quick = found
    assert np.allclose(plain, quick, rtol=1e-4, atol=1e-5, equal_nan=True)


def test_scores_are_the_same() -> None:
    pairs = [(one, other) for one in NAMES for other in NAMES[::3]]
    found = Scorer(QUICK).scores(pairs)
    assert np.array_equal(np.round(Scorer(PLAIN).scores(pairs), 4), np.round(found, 4))
    assert np.array_equal(Scorer(QUICK).scores([pair[::-1] for pair in pairs]), found)


def test_who_has_loaded_what_is_compiled_compares_by_it_and_finds_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = [compare_all(one, NAMES) for one in NAMES[:3]]
    monkeypatch.setattr(engine, "_READY", type(engine._READY)())
    monkeypatch.setattr(engine, "QUICK", None)
    comparison.prepared()
    for found, known in zip([compare_all(one, NAMES) for one in NAMES[:3]], before, strict=True):
        assert [one.why for one in found] == [one.why for one in known]
        assert [one.score for one in found] == pytest.approx([one.score for one in known], abs=2e-4)
