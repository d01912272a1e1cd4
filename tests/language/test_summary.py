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
