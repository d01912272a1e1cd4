"""Overview: what cannot be true, and who may be one, found beside the day's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.judging import decided
from estelik.daily.overview import Watch
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:
        yield made


@pytest.fixture
def watch(casebook: Casebook) -> Iterator[Watch]:
    """What looks through it."""
    made = Watch(casebook)
    yield made
    made.end()


def told(id_: str, about: str, event: str, when: str, source: str = "sister") -> Statement:
    """One statement."""
    return Statement(id_, about, source=source, told="2024", event=event, when=when)


def test_what_is_entered_is_looked_at_and_nothing_else(casebook: Casebook, watch: Watch) -> None:
    """A contradiction is there once it was told, and gone once a statement was set aside."""
    casebook.add_statements([told("1", "Aigul", "arrest", "2017"), told("2", "Erlan", "arrest", "2018")])
    assert [one.key for one in watch.looked().apart] == []
    casebook.add_statements([told("3", "Aigul", "arrest", "2019", "brother")])
    (found,) = watch.looked().apart
    assert (found.key, found.events, set(found.statements)) == ("Aigul", ("arrest",), {"1", "3"})
    casebook.add_statements([told("4", "Erlan", "arrest", "2020", "brother")])
    assert {one.key for one in watch.looked().apart} == {"Aigul", "Erlan"}
    casebook.add_judgement(decided(casebook, "set-aside", "A slip.", statement="3"))
    assert [one.key for one in watch.looked().apart] == ["Erlan"]


def test_it_finds_what_looking_at_everybody_anew_finds(casebook: Casebook, watch: Watch) -> None:
    for number in range(12):
        casebook.add_statements(
            [
                told(f"a{number}", f"Person {number % 4}", "arrest", str(2010 + number % 3)),
                told(f"b{number}", f"Person {number % 4}", "release", str(2011 + number % 2)),
            ]
        )
        watch.looked()
    fresh = Watch(casebook)
    assert sorted(watch.looked().apart, key=lambda one: one.key) == sorted(
        fresh.looked().apart, key=lambda one: one.key
    )
    fresh.end()


def test_who_may_be_one_waits_until_it_was_judged(casebook: Casebook, watch: Watch) -> None:
    casebook.add_statements(
        [told("1", "Қайрат Нұрланұлы", "arrest", "2017"), told("2", "Kairat Nurlanuly", "arrest", "2017-07")]
    )
    assert [set(one.pair) for one in watch.looked().pairs] == [{"Қайрат Нұрланұлы", "Kairat Nurlanuly"}]


def test_nothing_is_used_of_a_casebook_that_was_closed(tmp_path: Path) -> None:
    casebook = Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP)
    casebook.add_statements([told(str(number), f"Person {number}", "arrest", "2017") for number in range(50)])
    watch = Watch(casebook)
    watch.look()
    watch.end()
    casebook.close()
    assert watch.look().whole is False
