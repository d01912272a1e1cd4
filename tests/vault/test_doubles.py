"""One sheet that was imported on two computers of an office before they met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.records import COMPARTMENTS, Statement
from estelik.views.timeline import document, timelines

if TYPE_CHECKING:
    from tests.vault.conftest import Rig

    from estelik.casebook import Casebook


def _records(casebook: Casebook) -> int:
    with casebook._store.read() as connection:
        return sum(
            connection.execute(
                f"SELECT count(*) FROM {schema}.record WHERE kind = 'statement'"  # noqa: S608 (our own names)
            ).scalar_one()
            for schema in casebook._store.schemas.values()
        )


@pytest.mark.parametrize("anew", [False, True])
def test_rows_that_were_entered_on_both_are_seen_once_on_both(rig: Rig, anew: bool) -> None:
    """As they would be after one import, by whatever way they are read; also once the index was made anew."""
    sheet = rig.statements("same", 20)
    second = rig.join("second", "Aigul", COMPARTMENTS)
    rig.first.add_statements(sheet)
    second.add_statements([*sheet[10:], *sheet[:10], *rig.statements("hers", 4)])
    rig.meet(rig.first, second)
    alone, found = rig.restore("third")
    assert found.troubles == ()
    for casebook in (rig.first, second, alone):
        if anew:
            casebook.rebuild_index()
        assert _records(casebook) == 44
        told = casebook.statements()
        assert sorted(one.statement for one in told) == sorted({one.statement for one in told})
        assert {one for one in told if one.statement.startswith("same")} == set(sheet)
        assert told == rig.first.statements()
        for subject in ("Person 0", "Person 1"):
            assert casebook.group(subject) == [one for one in told if one.about == subject]
            assert casebook.statements([subject]) == casebook.group(subject)
        assert casebook.add_statements(sheet) == (0, 20, ())
        shown = [document(*one) for one in timelines(told, [], "strict")]
        once = [*sheet, *rig.statements("hers", 4)]
        assert shown == [document(*one) for one in timelines(once, [], "strict")]


def test_without_the_sources_they_are_seen_once_too(rig: Rig) -> None:
    second = rig.join("second", "Aigul", COMPARTMENTS)
    member = rig.join("third", "Nurlan", ("testimony", "public"))
    sheet = rig.statements("same", 20)
    rig.first.add_statements(sheet)
    second.add_statements(sheet)
    rig.meet(rig.first, second, member)
    expected = [one.statement for one in rig.first.statements() if one.compartment in ("testimony", "public")]
    assert [one.statement for one in member.statements()] == expected
    assert len(expected) == len(set(expected)) > 4


def test_what_has_the_same_id_and_says_something_else_is_shown_beside_it(rig: Rig) -> None:
    second = rig.join("second", "Aigul", COMPARTMENTS)
    one = Statement("k-1", "Marhaba", source="aunt", told="2019", event="arrest", when="2017")
    other = Statement("k-1", "Marhaba", source="aunt", told="2019", event="arrest", when="2018")
    rig.first.add_statements([one])
    second.add_statements([other])
    rig.meet(rig.first, second)
    assert rig.first.statements() == second.statements() == [one, other]


def test_an_erased_statement_is_gone_with_its_double(rig: Rig) -> None:
    second = rig.join("second", "Aigul", COMPARTMENTS)
    sheet = rig.statements("same", 10)
    rig.first.add_statements(sheet)
    second.add_statements(sheet)
    rig.meet(rig.first, second)
    decisions = rig.first.decisions
    decisions.erase(decisions.closure("statement", "same-1"), "asked for")
    rig.meet(rig.first, second)
    for casebook in (rig.first, second):
        assert {one.statement for one in casebook.statements()} == {one.statement for one in sheet} - {
            "same-1"
        }
        assert _records(casebook) == 18
