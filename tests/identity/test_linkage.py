"""Linkage: who may be there twice, and nothing of it on a disk."""

from __future__ import annotations

import random
import tempfile
import threading
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st
from training.blocking import profiles
from training.population import population

from estelik.errors import EstelikError
from estelik.identity import blocking, features, linkage
from estelik.identity.linkage import link
from estelik.identity.linkage_duckdb import database, duckdb_engine
from estelik.identity.linkage_settings import settings, weighed
from estelik.identity.profile import Profile
from estelik.identity.proposing import proposed
from estelik.identity.reading import reading
from training import ceiling

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.names.script import Script

ROWS = population(600, 5, processes=1)
#: Nobody's name; every one of its letters is a vowel's neighbour nowhere else on this machine.
PLANTED = "Zqwyxplanted Vkjhgmarker"


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("Cyrl", "Қалисбек"),
        ("Cyrl", "Калисбек"),
        ("Hani", "哈力斯别克"),
        ("Arab", "قالىسبەك"),
        ("Latn", "Qalisbek"),
    ],
)
def test_a_name_has_one_skeleton_in_all_scripts(script: Script, word: str) -> None:
    """What is spelled in five ways is read as one."""
    assert reading(script, word).skeleton == "klspk"


@running(deadline=None)  # the first call reads the tables
@given(st.text(max_size=60), st.sampled_from(("Latn", "Cyrl", "Arab", "Hani", "Zzzz")))
def test_any_text_is_read(text: str, script: Script) -> None:
    """A reading is made of few plain letters, whatever is read."""
    found = reading(script, text)
    assert found.sounds.isascii() or not found.skeleton
    assert set(found.skeleton) <= set("akptslmn") | set(found.sounds)


def test_rows_of_one_person_are_found_and_few_others() -> None:
    """Of invented persons in a dozen kinds of writing most are found again, and what is sure is right."""
    true = {tuple(pair) for pair in ceiling.true_pairs(ROWS).tolist()}
    found = link(profiles(ROWS), duckdb_engine, least=0.3)
    pairs = {(one.one, one.other) for one in found}
    assert len(pairs & true) > 0.7 * len(true)
    sure = {(one.one, one.other) for one in found if one.probability > 0.95}
    assert sure
    assert len(sure & true) > 0.97 * len(sure)
    assert found == sorted(found, key=lambda one: (-one.weight, one.one, one.other))


def test_the_order_of_people_changes_nothing() -> None:
    """Who is there first has no say in who may be one."""
    people = profiles(ROWS)
    mixed = random.Random(3).sample(people, len(people))

    def told(given_: list[Profile]) -> dict[frozenset[str], float]:
        return {
            frozenset((given_[one.one].key, given_[one.other].key)): round(one.weight, 6)
            for one in link(given_, duckdb_engine)
        }

    assert told(people) == told(mixed)


def test_nothing_is_spilled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file comes to be at any time, here or where temporary files do; DuckDB has nowhere to write."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", None)
    people = [Profile(str(number), (f"{PLANTED} {number % 40}",)) for number in range(3000)]
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        while not done.wait(0.01):
            seen.update(str(file) for file in tmp_path.rglob("*") if file.is_file())

    watch = threading.Thread(target=look)
    watch.start()
    try:
        link(people, duckdb_engine)
    finally:
        done.set()
        watch.join()
    seen.update(str(file) for file in tmp_path.rglob("*") if file.is_file())
    assert not seen
    with database() as api:
        where = api.duckdb_con.execute("select current_setting('temp_directory')").fetchone()
    assert where == ("",)


def test_too_little_memory_is_said() -> None:
    """Where memory does not suffice for parts either, the error says what to do."""
    columns = features.columns(profiles(ROWS))
    part = linkage.Table(columns).part(*proposed(columns, 0))
    with pytest.raises(EstelikError, match="not enough memory"):
        duckdb_engine([part], settings(linkage.rate(600), weighed().weights), 0, memory="1MB")


def test_a_key_that_many_share_is_none() -> None:
    """Keys bring together two rows at least, and never more than the bound."""
    columns = features.columns(profiles(ROWS))
    for bound in (2, 5, 50):
        starts, keys = blocking.keys(columns, blocking.learned().rules, bound)
        counts = np.unique(keys, return_counts=True)[1]
        assert starts[-1] == len(keys)
        assert counts.min() >= 2
        assert counts.max() <= bound


def test_a_number_of_a_document_joins_who_has_no_other_thing_in_common() -> None:
    """Two with one passport are proposed, whatever they are called."""
    people = [
        Profile("a", ("Айгүл Серікқызы",), documents=(("passport", "N1234567"),)),
        Profile("b", ("Нурлан Бабанов",), documents=(("passport", "N1234567"),)),
        Profile("c", ("Bob Smith",), documents=(("passport", "N7654321"),)),
    ]
    found = link(people, duckdb_engine, least=0.0001)
    assert [(one.one, one.other) for one in found] == [(0, 1)]


def test_births_that_cannot_meet_speak_against() -> None:
    """The same name is less probably one person's where the days of birth lie apart."""
    day, other = date(1980, 5, 3), date(1999, 1, 1)

    def probability(born: date) -> float:
        people = [
            Profile("a", ("Қалисбек Бабанұлы",), "m", (day, day)),
            Profile("b", ("哈力斯别克·巴班",), "m", (born, born)),
        ]
        return next((one.probability for one in link(people, duckdb_engine, least=1e-6)), 0.0)

    assert probability(day) > probability(other)


def test_nobody_and_one_are_no_pair() -> None:
    """Of nobody, one, and those without a name nothing is told."""
    for people in ([], [Profile("a", ("Нурлан",))], [Profile("a", ("",)), Profile("b", ("?",))]):
        assert link(people, duckdb_engine) == []
