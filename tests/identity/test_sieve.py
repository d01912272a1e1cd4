"""Sieve: pairs weigh what Splink finds that they do, and none is lost that it would tell."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from training.blocking import profiles
from training.population import population

from estelik.identity import blocking, features, glance, linkage, proposing, sieve
from estelik.identity.glance import Glance
from estelik.identity.linkage_duckdb import duckdb_engine
from estelik.identity.linkage_settings import settings, weighed
from estelik.identity.profile import Profile
from estelik.identity.proposing import proposed, sieve_of
from estelik.identity.reading import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

PLAIN = SimpleNamespace(**{one.__name__: one for one in (*sieve.FUNCTIONS, *glance.FUNCTIONS)})
DAY = date(1981, 6, 1)
#: Names that stand in another order, as one word, or alone; papers, kin, and several places.
ODD = [
    Profile("a", ("Қалисбек Бабан",), "m", places=("x", "y"), documents=(("passport", "N1"),)),
    Profile("b", ("Бабан Қалисбек",), "m", places=("y",), relatives=(("father", "Бабан"),)),
    Profile("c", ("Қалисбекбабан",), "m", places=("z", "y"), relatives=(("father", "Babam"),)),
    Profile("d", ("Qalisbek",), "f", (date(1980, 1, 1), date(1980, 12, 31)), documents=(("id", "N1"),)),
    Profile("e", ("Калисбег Папан",), "", (DAY, DAY), relatives=(("father", "Baban"),)),
    Profile("f", ("Вова Вава",), "m", (date(1981, 6, 1), date(1981, 6, 1))),
    Profile("g", ("Вова Вова", "Вава Вова"), "m", (date(1999, 6, 1), date(1999, 6, 1))),
    Profile("h", ("Бабанбек Калисулы",), "m", (date(1979, 6, 1), date(1979, 6, 1)), ("x",)),
]
PEOPLE = [*profiles(population(250, 5, processes=1)), *ODD]
COLUMNS = features.columns(PEOPLE)


def test_a_pair_weighs_what_splink_finds() -> None:
    """The weight of every pair of some is Splink's to the sixth place, whatever they have in common."""
    size = len(COLUMNS.given)
    one, other = np.triu_indices(size, 1)
    table = linkage.Table(COLUMNS)
    rate = linkage.rate(size)
    found = duckdb_engine([table.part(one, other)], settings(rate, weighed().weights), -1000.0)
    assert len(found.one) == len(one)
    made = sieve_of(COLUMNS)
    own = np.array([sieve.weight(*made, *pair) for pair in zip(found.one, found.other, strict=True)])
    assert np.abs(own - (found.weight - np.log2(rate / (1 - rate))) * np.log(2)).max() < 1e-6


def test_nothing_is_lost_in_the_sieve(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is sifted out is what Splink would not tell, and nothing else."""
    one, other = proposed(COLUMNS, 2.0)
    made = sieve_of(COLUMNS)
    heavy = [sieve.weight(*made, *pair) >= 2 for pair in zip(one, other, strict=True)]
    assert any(heavy)
    assert not all(heavy)
    monkeypatch.setattr(proposing, "FEW", 0)
    monkeypatch.setattr(proposing, "_PAIRS", 50)
    monkeypatch.setattr(
        proposing, "compiled", lambda: SimpleNamespace(**{one.__name__: one for one in sieve.FUNCTIONS})
    )
    sifted = proposed(COLUMNS, 2.0)
    assert sifted[0].tolist() == one[heavy].tolist()
    assert sifted[1].tolist() == other[heavy].tolist()


def test_what_is_sure_or_told_by_papers_is_worth_more_than_a_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    """However little trees make of a pair, it is proposed where it weighs enough, or papers are known of
    both; and each pair where trees are asked for nothing."""
    monkeypatch.setattr(proposing, "compiled", lambda: PLAIN)
    one, other = proposed(COLUMNS, 2.0)
    made = sieve_of(COLUMNS)
    papers = (COLUMNS.documents[:, 0] != 0) | (COLUMNS.relatives[:, 0] != 0)
    kept = proposing.worth(made, one, other, Glance(2.0, np.inf))
    heavy = [sieve.weight(*made, *pair) >= 2 for pair in zip(one, other, strict=True)]
    assert any(heavy)
    assert not all(heavy)
    assert kept[heavy].all()
    assert not (kept[~np.array(heavy)] & ~(papers[one] & papers[other])[~np.array(heavy)]).any()
    assert proposing.worth(made, one, other, Glance(np.inf, -np.inf)).all()


def test_of_very_many_rows_the_hopeless_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are very many rows fewer pairs are handed over, and the same are told in the end."""
    monkeypatch.setattr(proposing, "FEW", 0)
    monkeypatch.setattr(proposing, "compiled", lambda: PLAIN)
    handed: list[int] = []

    def engine(parts: Iterable[linkage.Part], asked: dict[str, Any], least: float) -> linkage.Scored:
        some = list(parts)
        handed.append(sum(len(part.one) for part in some))
        return duckdb_engine(some, asked, least)

    def told() -> set[tuple[int, int]]:
        return {(pair.one, pair.other) for pair in linkage.link(PEOPLE, engine, least=0.3)}

    every = told()
    monkeypatch.setattr(linkage, "_MANY", 0)
    # Among so few people hardly anybody is a little alike.
    monkeypatch.setattr(linkage, "_HOPELESS", -3.0)
    assert every
    assert told() == every
    assert handed[1] < handed[0]


def test_a_glance_is_the_same_from_both_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which of two rows is named first changes nothing of what is seen, of which the weights come first."""
    monkeypatch.setattr(proposing, "compiled", lambda: PLAIN)
    one, other = (side[::50] for side in np.triu_indices(len(COLUMNS.given), 1))
    made = sieve_of(COLUMNS)
    seen = proposing.glances(made, one, other)
    np.testing.assert_allclose(seen, proposing.glances(made, other, one))
    weights = [sieve.weight(*made, *pair) for pair in zip(one, other, strict=True)]
    np.testing.assert_allclose(seen[:, : glance.WEIGHTS].sum(axis=1), weights)


def test_pairs_weigh_the_same_in_one_part_and_in_several() -> None:
    """How many pairs an engine is handed at a time changes nothing, and none is told twice."""
    one, other = proposed(COLUMNS, 2.0)
    table = linkage.Table(COLUMNS)
    asked = settings(linkage.rate(len(COLUMNS.given)), weighed().weights), -1000.0

    def told(size: int) -> dict[tuple[int, int], float]:
        parts = (
            table.part(one[start : start + size], other[start : start + size])
            for start in range(0, len(one), size)
        )
        found = duckdb_engine(parts, *asked)
        assert len(found.one) == len(one)
        return {(a, b): round(weight, 6) for a, b, weight in zip(*(x.tolist() for x in found), strict=True)}

    assert told(len(one)) == told(len(one) // 3 + 1)


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_steps_are_counted_up_to_two(one: str, other: str) -> None:
    """From one stretch of letters to the other it takes as many steps as the whole table of them tells."""
    letters = np.array([*map(ord, one + other)])
    found = sieve.steps(letters, 0, len(one), len(one), len(one) + len(other))
    assert found == min(3, _table(one, other))


def _table(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row = row, [number]
        for spot, like in enumerate(other):
            row.append(min(before[spot] + (letter != like), before[spot + 1] + 1, row[-1] + 1))
    return row[-1]


@given(st.lists(st.text("akpt", max_size=5).map(lambda word: joined("k", "k" + word)[1:]), min_size=2))
def test_words_are_put_together_as_they_are_read(words: list[str]) -> None:
    """Of two words as one there is the hash of the skeleton of both, and none where one is missing."""
    ones = blocking.Ones([*words, *(joined(a, b) for a in words for b in words)])
    count = len(words)
    for a in range(count):
        for b in range(count):
            assert ones.joined(np.array([a]), np.array([b]))[0] == ones.alone[count + a * count + b]
