"""What is kept out of sight is looked for once, and anew when anything has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.index.decisions import Decisions
from estelik.records import COMPARTMENTS, Statement

if TYPE_CHECKING:
    import pytest
    from tests.vault.conftest import Rig


def test_the_records_are_searched_once_for_each_state_of_them(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is read; again after an entry, a lift, a sync, and a withdrawal of whoever decided."""
    searched, search = [], Decisions._hidden

    def counted(decisions: Decisions) -> set[str]:
        searched.append(1)
        return search(decisions)

    monkeypatch.setattr(Decisions, "_hidden", counted)
    rig.add(rig.first, "one", 12)
    decisions = rig.first.decisions

    def seen() -> set[str]:
        return {one.about for subject in ("Person 1", "Person 2") for one in rig.first.statements([subject])}

    assert (seen(), searched) == ({"Person 1", "Person 2"}, [])
    made = decisions.restrict(decisions.closure("subject", "Person 1"), "asked for")
    searched.clear()
    assert [seen(), seen(), searched] == [{"Person 2"}, {"Person 2"}, [1]]
    rig.first.add_statements([Statement("late", "Person 1", event="release", source="source 1", told="2019")])
    assert (seen(), len(searched)) == ({"Person 2"}, 2)
    decisions.lift(made, "no longer")
    assert seen() == {"Person 1", "Person 2"}
    second = rig.join("second", "Aigul", COMPARTMENTS)
    second.decisions.restrict(second.decisions.closure("subject", "Person 2"), "asked for")
    rig.meet(second, rig.first)
    assert seen() == {"Person 1"}
    rig.first.withdraw(second.vault.registrar.device, distrusted_since=1)
    assert seen() == {one.about for one in rig.reopen("first").statements() if one.about != "Person 0"}
