"""The pairs that a review proposes, by all that is recorded of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stdnum.cn import ric

from estelik.records import Statement

if TYPE_CHECKING:
    from tests.identity.conftest import Desk

NUMBER = "65432119610307001" + ric.calc_check_digit("654321196103070010")


def _pairs(desk: Desk) -> dict[frozenset[str], dict[str, object]]:
    found = desk.does("review", "--json").json()
    return {frozenset(one["subjects"]): one for one in found}


def test_births_places_and_numbers_of_documents_speak_for_two_being_one(desk: Desk) -> None:
    """And are said in words, without the number."""
    before = _pairs(desk)[frozenset(("Qalisbek", "Калисбек"))]
    desk.enter(
        [
            Statement("p1", "Qalisbek", "t1", "Saule", fact="document:id", value=NUMBER),
            Statement("p2", "Калисбек", "t2", "Ministry", fact="document:id", value=NUMBER),
            Statement("p4", "Калисбек", "t2", "Ministry", event="birth", when="1962-03"),
        ]
    )
    after = _pairs(desk)[frozenset(("Qalisbek", "Калисбек"))]
    assert after["score"] > before["score"]  # type: ignore[operator]
    reasons = after["reasons"]
    assert isinstance(reasons, list)
    assert {"birth ranges overlap", "the number of a document is the same"} <= set(reasons)
    assert NUMBER not in str(after)
    assert any("given name" in one or "word" in one for one in reasons)


def test_who_is_told_to_be_the_others_brother_is_hardly_the_same(desk: Desk) -> None:
    """The pair stays in the queue, at its end, and says why."""
    desk.enter([Statement("p1", "Qalisbek", "t1", "Saule", fact="relation:brother", value="Калисбек")])
    pair = _pairs(desk)[frozenset(("Qalisbek", "Калисбек"))]
    assert pair["score"] < 0.1  # type: ignore[operator]
    assert "one is told to be the other's relative" in str(pair["reasons"])
