"""The sentences at the head of a page."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup

from estelik.language.direction import plain, run
from estelik.language.reader import reader
from estelik.language.summary import summary
from estelik.records import Statement
from estelik.records.vocabulary import vocabulary
from estelik.views.dossier import pages


def _said(*rows: Statement, language: str = "en") -> str:
    page = next(pages(rows, today=date(2026, 11, 22).toordinal()))
    return " ".join(plain(one) for one, _ in summary(reader(language), page, lambda _: Markup("")))


def test_a_state_that_began_not_after_a_day_is_said_to_have() -> None:
    said = _said(Statement("1", "Aman", event="shelter-entry", when="../2022-03"))
    assert "Sheltering, beginning not after 31 March 2022; the end was not told." in said


@pytest.mark.parametrize(
    ("when", "words"), [("2019~", "Died in 2019."), ("2019-03-02", "Died on 2 March 2019.")]
)
def test_who_died_is_not_said_to_be_dead_from_then_on(when: str, words: str) -> None:
    assert words in _said(Statement("1", "Aman", event="death", when=when))
    assert [name for name, state in vocabulary().states.items() if state.final] == ["dead"]


def test_a_sentence_begins_with_a_capital_but_a_label_as_it_was_written() -> None:
    assert reader().capital(Markup("a telling")) == "A telling"
    assert reader().capital(run("сестра")) == run("сестра")


def test_a_uyghur_date_does_not_break_at_its_hyphens() -> None:
    """A word joiner stands behind each."""
    said = _said(Statement("1", "Aman", event="death", when="2019-03-02"), language="ug")
    assert said.count("-") == said.count("-\u2060") == 2


def test_a_sentence_begins_with_a_capital_where_it_begins_with_the_event() -> None:
    said = _said(
        Statement("1", "Aman", source="a", event="release", when="2018", grade="A1"),
        Statement("2", "Aman", source="b", event="release", when="2019", grade="A1"),
        language="kk",
    )
    assert "Босатылу туралы екі баян екеуі бірдей рас бола алмайды." in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Three accounts cannot all be true."),
        ("fr", "Trois récits ne peuvent pas être tous vrais."),
        ("ru", "Три рассказа не могут быть верны все сразу."),
        ("uk", "Три розповіді не можуть бути правдивими всі разом."),
        ("zh", "三种讲述不可能全部为真。"),
    ],
)
def test_accounts_are_counted_in_the_form_of_their_number(language: str, words: str) -> None:
    told = [
        Statement("a", "S", source="a", event="arrest", before="release", grade="A1"),
        Statement("b", "S", source="b", event="release", before="hospital", gap=">P1D"),
        Statement("c", "S", source="b", event="hospital", before="arrest", gap=">P1D"),
    ]
    assert words in _said(*told, language=language)
