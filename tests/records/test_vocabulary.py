"""The vocabulary says what the contract's table says, and its codes exist."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from estelik.records.vocabulary import fact_kind_of, is_sensitive, kind_of, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

#: The contract's table: what opens a state, and the state in the contract's words.
OPENS = {
    "arrest": "detained",
    "detention": "detained",
    "camp-entry": "in camp",
    "sentence": "in prison",
    "prison-entry": "in prison",
    "house-arrest": "under house arrest",
    "labour-entry": "in forced labour",
    "passport-taken": "passport withheld",
    "hospital-entry": "in hospital",
    "missing": "missing",
    "contact-lost": "missing",
    "displacement": "displaced",
    "departure": "displaced",
    "shelter-entry": "sheltering",
    "death": "dead",
}
#: What closes which state; a release, every custody.
CLOSES = {
    "camp-exit": {"in camp"},
    "prison-exit": {"in prison"},
    "house-arrest-end": {"under house arrest"},
    "labour-exit": {"in forced labour"},
    "passport-returned": {"passport withheld"},
    "hospital-exit": {"in hospital"},
    "found": {"missing"},
    "contact-restored": {"missing"},
    "arrival": {"displaced"},
    "return": {"displaced"},
    "shelter-exit": {"sheltering"},
}
POSTHUMOUS = {"burial", "body-returned", "death-confirmed", "death-notified", "exhumation", "rehabilitation"}
CUSTODY = {"detained", "in camp", "in prison", "under house arrest", "in forced labour"}


def words(state: str) -> str:
    """A state's code as the contract writes it."""
    return state.replace("-", " ")


def test_kinds_open_the_states_of_the_contract() -> None:
    kinds = vocabulary().kinds
    assert {name: words(kind.opens) for name, kind in kinds.items() if kind.opens} == OPENS


def test_kinds_close_the_states_of_the_contract() -> None:
    kinds = vocabulary().kinds
    closing = {name: {words(state) for state in kind.closes} for name, kind in kinds.items() if kind.closes}
    assert closing == CLOSES
    assert [name for name, kind in kinds.items() if kind.closes_custody] == ["release"]
    assert [name for name, kind in kinds.items() if kind.moves] == ["transfer"]


def test_custody_is_what_a_release_ends() -> None:
    assert {words(name) for name, state in vocabulary().states.items() if state.custody} == CUSTODY


def test_only_these_may_come_after_death() -> None:
    """The posthumous ones, and those that only say what others knew."""
    kinds = vocabulary().kinds
    assert {name for name, kind in kinds.items() if kind.posthumous} == POSTHUMOUS
    assert {name for name, kind in kinds.items() if kind.knowledge} == {"missing", "contact-lost", "found"}


def test_every_state_that_is_opened_or_closed_is_in_the_vocabulary() -> None:
    known = vocabulary()
    mentioned = {kind.opens for kind in known.kinds.values() if kind.opens}
    mentioned |= {state for kind in known.kinds.values() for state in kind.closes}
    assert mentioned == set(known.states)


def test_the_worst_is_not_asked_about() -> None:
    """Death, sexual violence, abortion, torture and injury, under each of their names."""
    sensitive = {name for name, kind in vocabulary().kinds.items() if kind.sensitive}
    assert sensitive == {
        "death",
        "sexual-violence",
        "rape",
        "abortion",
        "forced-abortion",
        "torture",
        "injury",
    }


@pytest.mark.parametrize(
    "label",
    ["execution", "stillbirth", "Stillborn#2", "forced miscarriage", "выкидыш", "мертворождение", "өлім"],
)
def test_nor_is_the_worst_in_words_that_are_no_known_kind(label: str) -> None:
    assert kind_of(label) not in vocabulary().kinds
    assert is_sensitive(label)
    assert not is_sensitive("still waiting")


def test_health_facts_go_to_the_medical_compartment() -> None:
    health = {name for name, fact in vocabulary().facts.items() if fact.health}
    assert {"condition", "injury", "illness", "treatment"} <= health
    assert not health & {"name", "relation", "charge", "sentence", "attribution"}


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("release", "release"),
        ("release#2", "release"),
        ("camp-entry:Tekes", "camp-entry"),
        ("camp-entry #2", "camp-entry"),
        ("neurologist", "neurologist"),
        ("a#b:c", "a"),
    ],
)
def test_the_kind_of_an_event_is_its_label_up_to_a_sign(label: str, kind: str) -> None:
    assert kind_of(label) == kind


def test_the_kind_of_a_fact_is_its_label_up_to_a_colon() -> None:
    assert fact_kind_of("relation:brother") == "relation"
    assert fact_kind_of("name") == "name"


def test_every_huridocs_code_is_in_the_list_that_is_named(shared: Path) -> None:
    path = shared / "outside" / "huridocs" / "microthesauri.csv"
    with path.open(encoding="utf-8", newline="") as file:
        table = {(int(row["list_code"]), row["huri_code"]) for row in csv.DictReader(file)}
    lists = {number for number, _ in table}
    known = vocabulary()
    coded = [
        (name, thing.list, thing.huridocs)
        for part in (known.states, known.kinds, known.facts)
        for name, thing in part.items()
        if thing.huridocs
    ]
    assert len(coded) > 20
    assert [entry for entry in coded if entry[1:] not in table] == []
    assert {fact.list for fact in known.facts.values() if fact.list} <= lists
