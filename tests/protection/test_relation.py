"""Relatives and others in reach are found in a text that speaks of them without a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.protection.relation import Kinship, kin, relations, said_of, singled_out
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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("My husband was taken from our bed.", "husband"),
        ("They came. I am his wife. It was cold.", "wife"),
        ("Моего мужа увели ночью", "мужа"),
        ("Мого чоловіка забрали", "чоловіка"),
        ("Күйеуімді алып кетті", "Күйеуімді"),
        ("Менің әкем үйде жоқ", "әкем"),
        ("Әйелім жылады", "Әйелім"),
        ("ئېرىمنى ئېلىپ كەتتى، مېنىڭ", "ئېرىمنى"),
        ("我的丈夫被带走了", "丈夫"),
    ],
)
def test_who_speaks_of_her_own_says_who_she_is(text: str, told: str) -> None:
    """In a quote, also where no statement says what the two are to each other; elsewhere it must."""
    (found,) = said_of(text, "Patime", (), quoted=True)
    assert (text[found.start : found.end], found.people, found.told) == (told, ("Patime",), False)
    assert said_of(text, "Patime", (), quoted=False) == ()


@pytest.mark.parametrize("text", ["His wife wept. I saw nothing.", "Его мать умерла", "我看见了"])
def test_what_somebody_says_of_others_relatives_does_not(text: str) -> None:
    """Unless statements say that she stands in that relation."""
    assert said_of(text, "Patime", (), quoted=True) == ()


def test_what_two_are_to_each_other_is_known_from_either_side() -> None:
    """The words "his wife" and "the husband" both tell of a wife, "my brother" tells of somebody else."""
    told = [Statement("s1", "Daulet", fact="relation:wife", value="Patime")]
    known = Kinship(told, str).between("Patime", "Daulet")
    assert set(known) == {"wife", "husband"}
    for text in ("his wife was there", "the husband was taken"):
        (found,) = said_of(text, "Patime", known, quoted=False)
        assert found.told
    assert said_of("my brother was there", "Patime", known, quoted=True) == ()
    assert Kinship(told, str).between("Patime", "Aigul") == ()


@given(text=st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    for one in singled_out(text, REACH):
        assert 0 <= one.start < one.end <= len(text)
