"""The review in the terminal: one pair at a time, each decision a record at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from estelik.casebook import Casebook
from estelik.identity.candidate import Candidate
from estelik.index import reader
from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk

PAIRS = [
    Candidate("Dana", "Erkin", 0.4, ("same village",)),
    Candidate("Qalisbek", "Калисбек", 0.9, ("same given name, Latin and Cyrillic", "births meet")),
    Candidate("Erkin", "?cellmate\x1fu1", 0.6),
]


@pytest.fixture
def proposed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Three pairs, as a search would propose them."""
    monkeypatch.setattr(Casebook, "candidates", lambda _: PAIRS)
    return desk


def _decided(desk: Desk) -> list[tuple[str, list[str], str]]:
    found = desk.does("judgements", "--json").json()["judgements"]
    return [(one["decision"], one["subjects"], one["reason"]) for one in found]


def test_an_empty_queue_says_so(desk: Desk) -> None:
    desk.judge("different", "Калисбек", "Qalisbek")
    assert "nobody to be judged" in desk.does("review").out
    assert desk.does("review", "--json").json() == []


def test_pairs_come_best_first_side_by_side_and_each_key_is_recorded(proposed: Desk) -> None:
    said = proposed.does("review", typed="s\nu the coat\nd she is his aunt\n")
    places = [said.out.index(word) for word in ("births meet", "?cellmate (u1)", "same village")]
    assert places == sorted(places)
    assert "told by: Saule, Aman" in said.out
    assert any(line.startswith("Qalisbek ") and line.endswith("Калисбек") for line in said.out.splitlines())
    assert "Told of both, and taken for one event each: arrest" in said.out
    assert "Recorded: 3" in said.out
    assert _decided(proposed) == [
        ("same", ["Qalisbek", "Калисбек"], "same given name, Latin and Cyrillic; births meet"),
        ("unsure", ["Erkin", "?cellmate (u1)"], "the coat"),
        ("different", ["Dana", "Erkin"], "she is his aunt"),
    ]
    assert "nobody to be judged" in proposed.does("review").out
    assert [one["subjects"] for one in proposed.does("review", "--unsure", "--json").json()] == [
        ["Erkin", "?cellmate (u1)"]
    ]


def test_undo_is_a_withdrawal_and_puts_the_pair_back(proposed: Desk) -> None:
    said = proposed.does("review", typed="s\nz\nd not he\nh\nq\n")
    assert said.out.count("births meet") == 2
    assert _decided(proposed) == [("different", ["Qalisbek", "Калисбек"], "not he")]
    assert "Qalisbek and Калисбек are not the same (" in said.out
    with proposed.open() as casebook:
        assert [one.decision for one in casebook.judgements()] == ["same", "withdrawn", "different"]


def test_skipping_leaving_and_wrong_keys_record_nothing(
    proposed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Casebook, "offered", lambda *_: None)
    said = proposed.does("review", typed="x\nz\nn\nu\n")
    assert "Not one of the keys" in said.err
    assert "Nothing was decided yet" in said.err
    assert "a decision needs a reason" in said.err
    assert _decided(proposed) == []


def test_what_would_contradict_is_recorded_only_when_confirmed(proposed: Desk) -> None:
    proposed.enter(
        [Statement("b3", "Калисбек", "register", "Ministry", "2019-05", event="birth", when="1971")]
    )
    said = proposed.does("review", typed="s\nn\nq\n")
    assert "both of these could not be true" in said.out
    assert _decided(proposed) == []
    proposed.does("review", typed="s\ny\nq\n")
    assert [decision for decision, _, _ in _decided(proposed)] == ["same"]


def test_what_a_decision_settles_is_not_put_again(proposed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    proposed.judge("same", "Qalisbek", "Erkin")
    more = [*PAIRS, Candidate("Dana", "Qalisbek", 0.3)]
    monkeypatch.setattr(Casebook, "candidates", lambda _: more)
    said = proposed.does("review", typed="n\nn\nd not she\n")
    assert said.out.count("May be the same") == 3
    assert [decision for decision, _, _ in _decided(proposed)] == ["same", "different"]


def test_at_a_terminal_one_key_is_enough_and_the_reason_is_asked(
    proposed: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys come without a line end; Enter at the question for a reason takes what was proposed."""
    keys = iter("sdq")
    monkeypatch.setattr(click, "getchar", lambda echo: next(keys) if echo else "")
    said = proposed.does("review", typed="\nhis mother knows both\n", terminal=True)
    assert "Why" in said.out
    assert [(decision, reason) for decision, _, reason in _decided(proposed)] == [
        ("same", "same given name, Latin and Cyrillic; births meet"),
        ("different", "his mother knows both"),
    ]


#: What only those read who hold the medical compartment.
_PLANTED = ("AB99117722", "Zharbulak", "number of a document", "child-of-rape", "Psychiatric")


@pytest.mark.parametrize(("typed", "terminal"), [("s\n", False), ("s\r\n", True)])
def test_a_reason_that_is_offered_has_only_what_is_told_where_the_judgement_lies(
    desk: Desk, typed: str, *, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A judgement on two whom testimonies know lies with these: nothing of the medical compartment, which
    made the pair likely and is on the screen of who judges, is in what she is offered as a reason."""
    medical = {"compartment": "medical", "event": "hospital-entry", "place": "Psychiatric clinic, Zharbulak"}
    desk.enter(
        [
            Statement("t1", "Aisulu Mergenkyzy", "visit", "Sister", "2020-01", event="arrest", when="2018-03",
                      place="Sholdala"),
            Statement("t2", "Айсулу Мергенқызы", "letter", "Brother", "2020-02", event="arrest", when="2018",
                      place="Sholdala"),
            *(
                Statement(f"m{number}", label, f"clinic {number}", "Doctor", "2020-03", **said)  # type: ignore[arg-type]
                for number, (label, said) in enumerate(
                    (label, said)
                    for label in ("Aisulu Mergenkyzy", "Айсулу Мергенқызы")
                    for said in (
                        medical,
                        {"compartment": "medical", "fact": "document:clinic-card", "value": "AB99117722"},
                        {"compartment": "medical", "fact": "relation:child-of-rape", "value": "Zeynep"},
                    )
                )
            ),
        ]
    )  # fmt: skip
    pair = Candidate("Aisulu Mergenkyzy", "Айсулу Мергенқызы", 0.9, linked=True)
    monkeypatch.setattr(Casebook, "candidates", lambda _: [pair])
    keys = iter("sq")
    monkeypatch.setattr(click, "getchar", lambda **_: next(keys))
    said = desk.does("review", typed=typed.replace("s\r", "") if terminal else typed, terminal=terminal)
    assert "the number of a document is the same" in said.out
    with desk.open() as casebook:
        (made,) = casebook.judgements()
        schemas = casebook.vault.store.schemas
        with casebook.vault.store.read() as connection:
            lying = [str(one) for one in reader.judged(connection, schemas["testimony"])]
    assert len(lying) == 1
    assert "both were in" in made.reason
    assert "Sholdala" in made.reason
    assert not [word for word in _PLANTED if word in made.reason or word in lying[0]]


def test_no_reason_is_offered_where_the_judgement_lies_apart_from_one_of_the_two(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One of the two is known to doctors alone: whoever judges says why herself."""
    desk.enter(
        [
            Statement(
                "m1", "Erkin A.", "clinic", "Doctor", "2020", event="hospital-entry", compartment="medical"
            )
        ]
    )
    monkeypatch.setattr(Casebook, "candidates", lambda _: [Candidate("Erkin", "Erkin A.", 0.9, linked=True)])
    assert "a decision needs a reason" in desk.does("review", typed="s\n").err
    assert _decided(desk) == []
    desk.does("review", typed="s the coat\n")
    assert [reason for *_, reason in _decided(desk)] == ["the coat"]


def test_a_reason_that_is_offered_speaks_for_the_decision(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For two people what speaks against one is offered, for one person what speaks for it; where there is
    nothing, whoever judges has to say why."""
    desk.enter(
        [
            Statement(
                "n1", "Aidana Kenes", "one", "Saule", "2020", event="birth", when="1980", place="Tekes"
            ),
            Statement("n2", "Айдана Кенес", "two", "Aman", "2021", event="birth", when="1950", place="Tekes"),
            Statement("n3", "Erlan Sabit", "three", "Saule", "2020", event="arrest", when="2018"),
            Statement("n4", "Ерлан Сабит", "four", "Aman", "2021", event="arrest", when="2018"),
        ]
    )
    pair = Candidate("Aidana Kenes", "Айдана Кенес", 0.9, linked=True)
    alike = Candidate("Erlan Sabit", "Ерлан Сабит", 0.8, linked=True)
    monkeypatch.setattr(Casebook, "candidates", lambda _: [pair, alike])
    said = desk.does("review", typed="d\nd\nq\n")
    ((decision, _, reason),) = _decided(desk)
    assert decision == "different"
    assert reason == "birth ranges do not meet"
    assert "a decision needs a reason" in said.err
