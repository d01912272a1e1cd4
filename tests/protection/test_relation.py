"""Relatives and others in reach are found in a text that speaks of them without a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.protection.relation import kin, relations, singled_out
from estelik.records import Statement

REACH = {"Aigul": ("жена",), "Nurlan": ("son",), "Bolat": ("cellmate",)}


@pytest.mark.parametrize(
    ("text", "told", "people"),
    [
        ("his wife in Ghulja was asked again", "wife", ("Aigul",)),
        ("his wife's house", "wife's", ("Aigul",)),
        ("его жену в Кульдже допросили", "жену", ("Aigul",)),
        ("його дружина вдома", "дружина", ("Aigul",)),
        ("оның әйелі үйде", "әйелі", ("Aigul",)),
        ("ئۇنىڭ ئايالى ئۆيدە", "ئايالى", ("Aigul",)),
        ("他的妻子还在伊宁", "妻子", ("Aigul",)),
        ("their only son is at school", "son", ("Nurlan",)),
        ("о его сыне ничего не знают", "сыне", ("Nurlan",)),
        ("the children are alone", "children", ("Nurlan",)),
        ("a former cellmate said so", "cellmate", ("Bolat",)),
        ("all his relatives were called", "relatives", ("Aigul", "Nurlan")),
    ],
)
def test_who_is_singled_out_by_a_relation_is_found(text: str, told: str, people: tuple[str, ...]) -> None:
    (found,) = singled_out(text, REACH)
    assert (text[found.start : found.end], found.people, found.told) == (told, people, True)


@pytest.mark.parametrize(
    "text",
    ["his mother is dead", "the reason was a season", "заместитель, мужество, сынгапур", "", "the prison"],
)
def test_who_is_not_in_reach_is_not(text: str) -> None:
    """A relation that nobody in reach stands in is left alone, and so are words that only look like one."""
    assert singled_out(text, REACH) == ()


def test_whose_relation_nobody_tells_may_be_meant_by_any() -> None:
    (found,) = singled_out("his uncle came", {"Serik": (), "Aigul": ("wife",)})
    assert (found.people, found.told) == (("Serik",), False)
    assert singled_out("his uncle came", {}) == ()


def test_relations_are_read_from_both_sides() -> None:
    """Whose husband he is, is his wife; whose father, his child."""
    said = [
        Statement("s1", "Zarkin", fact="relation:wife", value="Aigul"),
        Statement("s2", "Nurlan", fact="relation:father", value="Zarkin"),
        Statement("s3", "Nurlan", fact="relation:friend", value="Other"),
        Statement("s4", "Zarkin", fact="relation:brother", value="Serik", answer="no"),
    ]
    found = relations(said, "Zarkin", ["Aigul", "Nurlan", "Serik"])
    assert found == {"Aigul": ("wife",), "Nurlan": ("son", "daughter", "child"), "Serik": ()}


def test_words_of_a_casebook_for_relations_are_understood() -> None:
    assert kin("older brother") == ("brother",)
    assert kin("двоюродная сестра") == ("cousin", "sister")
    assert kin("something else") == ()


@given(text=st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for one in singled_out(text, REACH):
        assert 0 <= one.start < one.end <= len(text)
