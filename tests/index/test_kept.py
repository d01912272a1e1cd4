"""What is read once of records of one kind is what the records say, also after more came and some went."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.waiting import Waiting
from estelik.index import acts, consents, journeys, releases
from estelik.records import Statement
from estelik.records.risk import RISK, Risk
from estelik.vault.tables import _LATER, FEW, THINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _of_place(id_: str, place: str) -> Statement:
    return Statement(
        id_, place, source="list", told="2020", about_kind="place", fact="kind", value="facility"
    )


def _places(casebook: Casebook) -> list[str]:
    return [one.about for one in casebook.lives.about_places()]


def test_places_that_are_entered_later_are_there_and_erased_ones_are_not(tmp_path: Path) -> None:
    """In the order of entry, people not among them; as another reader finds them who reads all of it."""
    folder = tmp_path / "casebook"
    with Casebook.create(folder, b"x", cost=CHEAP) as casebook:
        assert _places(casebook) == []
        casebook.add_statements([_of_place("1", "Tekes camp"), Statement("2", "Aigul", source="list")])
        assert _places(casebook) == ["Tekes camp"]
        casebook.add_statements([_of_place("3", "Aksu camp"), _of_place("4", "Tekes camp")])
        assert _places(casebook) == ["Tekes camp", "Aksu camp", "Tekes camp"]
        casebook.vault.seal()
        casebook.decisions.erase(casebook.decisions.closure("statement", "3"), "She asked for it.")
        with Casebook.open(folder, b"x") as other:
            assert _places(casebook) == _places(other) == ["Tekes camp", "Tekes camp"]


def test_a_risk_waits_once_it_was_entered(tmp_path: Path) -> None:
    """Also where what waits was asked for before."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as casebook:
        waiting, day = Waiting(casebook), date(2026, 1, 1)
        assert waiting.due(day) == []
        for number in (1, 2):
            risk = Risk(str(number), "relative", f"Person {number}", "2026-01-02")
            consents.enter(casebook.vault.store, dangers=[risk])
            assert [one.id for one in waiting.due(day)] == [str(one + 1) for one in range(number)]


def test_a_casebook_that_was_made_before_is_read_alike(tmp_path: Path) -> None:
    """From its next opening on it finds what is rare without a look at all the rest, and the same."""
    folder = tmp_path / "casebook"
    with Casebook.create(folder, b"x", cost=CHEAP) as casebook:
        casebook.add_statements([_of_place("1", "Tekes camp"), Statement("2", "Aigul", source="list")])
        store = casebook.vault.store
        with store.changing() as connection:
            for schema in store.schemas.values():
                for name in _LATER:
                    connection.execute(f"DROP INDEX {schema}.{name}")
        assert _places(casebook) == ["Tekes camp"]
        assert _looks(casebook) == {False}
    with Casebook.open(folder, b"x") as casebook:
        assert _looks(casebook) == {True}
        assert _places(casebook) == ["Tekes camp"]
        casebook.add_statements([_of_place("3", "Aksu camp")])
        assert _places(casebook) == ["Tekes camp", "Aksu camp"]


def _looks(casebook: Casebook) -> set[bool]:
    """Whether what is rare is found by an index, in every file."""
    store = casebook.vault.store
    with store.read() as connection:
        return {
            any(name in row[3] for name in _LATER)
            for schema in store.schemas.values()
            for words in (FEW, THINGS)
            for row in connection.execute(
                f"EXPLAIN QUERY PLAN SELECT seq FROM {schema}.record WHERE {words}"  # noqa: S608 (of our own)
            )
        }


def _acts(casebook: Casebook) -> object:
    store = casebook.vault.store
    with store.read() as connection:
        return list(acts.since(connection, store.schemas, {}, (RISK,)))


@pytest.mark.parametrize(
    "asked",
    [
        _acts,
        lambda casebook: journeys.every(casebook.vault.store),
        lambda casebook: releases.every(casebook.vault.store, casebook.vault.registrar),
    ],
    ids=["acts", "journeys", "releases"],
)
def test_what_is_rare_is_found_without_a_look_at_all_records(
    tmp_path: Path, asked: Callable[[Casebook], object]
) -> None:
    """However many statements there are beside."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as casebook:
        store, said = casebook.vault.store, list[str]()
        with store.reading(), store.read() as connection:
            connection.driver.set_trace_callback(said.append)
            asked(casebook)
            connection.driver.set_trace_callback(None)
            looked = [one for one in said if ".record" in one and "kind" in one]
            plans = {row[3] for one in looked for row in connection.execute(f"EXPLAIN QUERY PLAN {one}")}
        assert looked
        assert not [one for one in plans if "record" in one and "record_few" not in one], plans
