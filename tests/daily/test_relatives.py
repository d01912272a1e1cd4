"""Relatives: a life shows whom it is told to be related to, and who is told to be related to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.dossiers import dossiers
from estelik.daily.judging import decided
from estelik.daily.relatives import relatives
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:
        yield made


def said(id_: str, about: str, relation: str, value: str, **cells: Any) -> Statement:
    """Who is whose."""
    return Statement(
        id_, about, source=cells.pop("source", "aunt"), told="2024", fact=f"relation:{relation}", value=value,
        **cells,
    )  # fmt: skip


def of(casebook: Casebook, label: str) -> list[tuple[str, str, bool]]:
    """The relatives that a page shows: the relation, who, and whether it is told of that one."""
    (page,) = dossiers(casebook, (label,), today=739_000)
    return [(one.fact.partition(":")[2], one.label, one.theirs) for one in relatives(casebook, page)]


def test_she_who_is_told_to_be_his_sister_has_him_on_her_page(casebook: Casebook) -> None:
    """Once, however often it is told; and not where her own page names him already."""
    casebook.add_statements(
        [
            said("1", "Erlan", "sister", "Aigul"),
            said("2", "Erlan", "sister", "Aigul", source="uncle"),
            said("3", "Bolat", "wife", "Aigul"),
            said("4", "Aigul", "husband", "Bolat"),
            Statement("5", "Erlan", source="aunt", told="2024", event="arrest", when="2018"),
            # Her name in another's story makes nobody a relative.
            Statement("6", "Dana", source="aunt", told="2024", fact="occupation", value="Aigul"),
        ]
    )
    assert of(casebook, "Aigul") == [("husband", "Bolat", False), ("sister", "Erlan", True)]
    assert of(casebook, "Erlan") == [("sister", "Aigul", False)]


def test_what_was_corrected_set_aside_or_answered_otherwise_names_nobody(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            said("0", "Aigul", "daughter", "Zere"),
            said("1", "Erlan", "sister", "Aigul"),
            said("2", "Erlan", "cousin", "Dana", corrects="1"),
            said("3", "Bolat", "wife", "Aigul"),
            said("4", "Serik", "aunt", "Aigul", answer="no"),
            said("5", "?a man", "wife", "Aigul"),
            said("6", "Marat", "niece", "Aigul"),
        ]
    )
    casebook.add_judgement(decided(casebook, "set-aside", "A slip.", statement="3"))
    assert of(casebook, "Aigul") == [("daughter", "Zere", False), ("niece", "Marat", True)]


def test_whoever_is_out_of_sight_is_out_of_sight_here_too(casebook: Casebook) -> None:
    casebook.add_statements([said("0", "Aigul", "daughter", "Zere"), said("1", "Erlan", "sister", "Aigul")])
    assert ("sister", "Erlan", True) in of(casebook, "Aigul")
    casebook.decisions.restrict(casebook.decisions.closure("subject", "Erlan"), "He asked for it.")
    assert of(casebook, "Aigul") == [("daughter", "Zere", False)]
