"""The names that have most in common with one are gathered as by looking at each."""

from __future__ import annotations

from collections import defaultdict
from math import isclose
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.casebook import Casebook
from estelik.index import directory, gathering, placing, tables
from estelik.records import Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from estelik.identity.namesakes import Found

CHEAP = Cost(memory=8, passes=1, lanes=1)
PEOPLE = [
    f"{given} {father}" for given in ("Nurlan", "Erlan", "Murat") for father in ("Seitov", "Qoja", "Ali")
]
#: Names of one word to three, by number; each of some terms is in some of them.
TERMS = range(5)
LISTS = st.fixed_dictionaries({}, optional={term: st.sets(st.integers(1, 12), min_size=1) for term in TERMS})
SLOTS = st.lists(
    st.lists(st.tuples(st.sampled_from(TERMS), st.integers(1, 64).map(lambda part: part / 64)), max_size=4),
    max_size=3,
)


@settings(max_examples=150)
@given(names=LISTS, slots=SLOTS, most=st.integers(1, 5))
def test_names_come_as_close_as_the_nearest_of_their_words(
    names: dict[int, set[int]], slots: list[list[tuple[int, float]]], most: int
) -> None:
    lists = {
        term: np.array([directory.packed(one, one % 3 + 1) for one in sorted(found)], "<u4")
        for term, found in names.items()
    }
    slots = [[(term, value) for term, value in slot if term in lists] for slot in slots]
    expected = defaultdict[int, float](float)
    for slot in slots:
        nearest: dict[int, float] = {}
        for term, value in slot:
            for one in names[term]:
                nearest[one] = max(nearest.get(one, 0.0), value)
        for one, value in nearest.items():
            expected[one] += value
    every = {one: value / (len(slots) * (one % 3 + 1)) ** 0.5 for one, value in expected.items()}
    found = dict(gathering._closest(slots, lists, most))
    assert len(found) == min(most, len(every))
    assert all(isclose(value, every[one], rel_tol=1e-6) for one, value in found.items())
    assert (
        min(found.values(), default=0) >= max((every[one] for one in every.keys() - found), default=0) - 1e-6
    )


def _casebook(folder: Path, people: list[str]) -> Casebook:
    made = Casebook.create(folder / "case", b"x", cost=CHEAP)
    _enter(made, people)
    return made


def _enter(casebook: Casebook, people: list[str]) -> None:
    casebook.add_statements(
        Statement(f"r{name}", name, "visit", "Saule", "2020", event="birth", when="1962") for name in people
    )
    casebook.namesakes().place(few=0)


def _found(casebook: Casebook) -> list[list[Found]]:
    return [casebook.namesakes().find(query, 5) for query in ("Нурлан Сеитов", "موراد", "艾尔兰")]


def test_what_was_read_is_forgotten_when_a_file_is_changed(tmp_path: Path) -> None:
    with _casebook(tmp_path, PEOPLE) as casebook:
        term = directory.word_term("Latn", "qoja")
        _found(casebook)
        casebook.namesakes().find("Қожа", 5)
        assert any(term in terms for terms, _ in gathering.cells_of(casebook._store)._read.values())
        for name in PEOPLE[1::3]:
            casebook.decisions.erase(casebook.decisions.closure("subject", name), "asked")
        casebook.namesakes().place(few=0)
        assert all("Qoja" not in one.key for one in casebook.namesakes().find("Қожа", 9))
        assert not any(term in terms for terms, _ in gathering.cells_of(casebook._store)._read.values())
        _enter(casebook, ["Qoja Ahmet"])
        assert casebook.namesakes().find("Қожа Ахмет", 1)[0].key == "Qoja Ahmet"


def test_what_is_kept_of_what_was_read_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with _casebook(tmp_path, PEOPLE) as casebook:
        before = _found(casebook)
        assert gathering.cells_of(casebook._store)._size > 500
    monkeypatch.setattr(gathering, "_KEPT", 500)
    with Casebook.open(tmp_path / "case", b"x") as casebook:
        assert _found(casebook) == before == _found(casebook)
        assert 0 < gathering.cells_of(casebook._store)._size <= 500


def test_the_words_of_a_cell_are_brought_together_where_many_were_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One row for each cell, and what is added later behind it; the same people are found."""
    monkeypatch.setattr(placing, "_PIECE", 2)
    monkeypatch.setattr(directory, "_TOGETHER", 1)
    alike = [
        "Nurlan Seitov",
        "Nurlana Seitova",
        "Nurlanov Seit",
        "Nurlanova Seity",
        "Nurlanbek Seituly",
        "Nurlankhan",
    ]
    with _casebook(tmp_path, alike) as casebook:
        before, rows = _found(casebook), _rows(casebook)
        assert len(rows) > len({key // tables.BATCHES for key in rows})
        monkeypatch.setattr(directory, "_MUCH", 1)
        _enter(casebook, ["Zhanar Seitqyzy"])
        settled = _rows(casebook)
        assert len(settled) == len({key // tables.BATCHES for key in settled})
        assert {key % tables.BATCHES for key in settled} == {tables.BATCHES - 1}
        assert _found(casebook) == before
        # Little is left as it is.
        _enter(casebook, ["Ayan Beket"])
        assert set(settled) < set(_rows(casebook))
        assert casebook.namesakes().find("Аян Бекет", 1)[0].key == "Ayan Beket"
        assert casebook.namesakes().find("Жанар", 1)[0].key == "Zhanar Seitqyzy"


def _rows(casebook: Casebook) -> list[int]:
    with casebook._store.read() as connection:
        assert casebook._store.schemas["testimony"] == "main"
        return list(connection.execute("SELECT key FROM main.index_cell").scalars())
