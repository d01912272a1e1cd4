"""The pairs that a review proposes, by all that is recorded of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def _document(id_: str, about: str, number: str, **cells: Any) -> Statement:
    return Statement(id_, about, f"t-{id_}", "Saule", fact="document:id", value=number, **cells)


def test_who_has_the_same_number_of_a_document_is_proposed_whatever_the_names(desk: Desk) -> None:
    """However the number is set out, and in whichever compartments it lies; somebody unnamed too."""
    desk.enter(
        [
            _document("p1", "Dana", f"{NUMBER[:6]} {NUMBER[6:14]} {NUMBER[14:]}"),
            _document("p2", "Erkin", NUMBER, compartment="casework"),
            _document("p3", "?cellmate", NUMBER),
            _document("p4", "Qalisbek", "N 1234567"),
            _document("p5", "Qalisbek", "N1234567", compartment="casework"),
        ]
    )
    pairs = _pairs(desk)
    unlike = {one for one in pairs if "the number of a document is the same" in str(pairs[one]["reasons"])}
    assert unlike == {
        frozenset(("Dana", "Erkin")),
        frozenset(("Dana", "?cellmate (p3)")),
        frozenset(("Erkin", "?cellmate (p3)")),
    }
    # With a right check digit it outweighs the names.
    assert pairs[frozenset(("Dana", "Erkin"))]["score"] > 0.5  # type: ignore[operator]
    assert NUMBER not in str(pairs)
    desk.judge("different", "Dana", "Erkin")
    assert frozenset(("Dana", "Erkin")) not in _pairs(desk)


STRANGERS = ("Aygul", "Bolat", "Marat", "Timur", "Oxana", "Nurlan", "Zhibek", "Ospan", "Yerke")


def test_a_number_that_was_corrected_or_stands_for_nobody_proposes_no_pair(desk: Desk) -> None:
    desk.enter(
        [
            *(_document("p1", "Dana", NUMBER), _document("p2", "Erkin", NUMBER)),
            _document("p3", "Erkin", "N 7654321", corrects="p2"),
            *(_document(f"q{number}", name, "0000000") for number, name in enumerate(STRANGERS)),
        ]
    )
    assert not any("number of a document" in str(one["reasons"]) for one in _pairs(desk).values())
