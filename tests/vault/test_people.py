"""Several people and computers: each has what its member may read, and nothing of the rest."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.errors import CasebookError, MembershipError, UsageError
from estelik.records import COMPARTMENTS, Judgement, Statement
from estelik.vault import admission
from estelik.vault.carriers.folder import FolderCarrier

if TYPE_CHECKING:
    from tests.vault.conftest import Rig


def _ids(casebook: Casebook) -> set[str]:
    return {one.statement for one in casebook.statements()}


def test_what_two_computers_enter_both_have(rig: Rig) -> None:
    """In the same order on both, by whatever way it is read, and entered on either goes to the other."""
    rig.add(rig.first, "one", 10)
    second = rig.join("second", "Aigul", COMPARTMENTS)
    for turn in range(2):
        rig.add(second, f"there{turn}", 7)
        rig.add(rig.first, f"here{turn}", 6)
        rig.meet(rig.first, second)
    assert len(_ids(rig.first)) == 10 + 2 * 13
    assert second.statements() == rig.first.statements()
    for subject in ("Person 0", "Person 1", "Person 2"):
        assert second.group(subject) == rig.first.group(subject)
    assert second.subjects() == rig.first.subjects()
    for opened in (rig.first, second):
        assert rig.carry(opened) == (0, 0, (), 0)
        assert rig.verify(opened).troubles == ()
        before = opened.statements()
        opened.rebuild_index()
        assert opened.statements() == before
    made, found = rig.restore("third")
    assert found.troubles == ()
    assert made.statements() == rig.first.statements()


@pytest.mark.parametrize("held", [("testimony",), ("testimony", "public"), ("source", "medical")])
def test_a_member_has_her_compartments_and_nothing_of_the_others(rig: Rig, held: tuple[str, ...]) -> None:
    """No file, no count, no word of them; what she holds is all there."""
    rig.add(rig.first, "one", 20)
    member = rig.join("second", "Aigul", held)
    expected = {one.statement for one in rig.first.statements() if one.compartment in held}
    assert _ids(member) == expected
    files = {path.stem for path in (rig.folder / "second").glob("*.db")}
    assert files == set(held)
    health = member.vault.health()
    assert health.records < rig.first.vault.health().records
    found = rig.verify(member)
    assert (found.records, found.troubles, found.unknown) == (health.records, (), None)
    if "source" not in held:
        assert {one.source for one in member.statements()} == {""}


def test_she_can_be_given_a_compartment_later(rig: Rig) -> None:
    """With all that was entered in it before; and what she could read already stays."""
    rig.add(rig.first, "one", 20)
    member = rig.join("second", "Aigul", ("testimony",))
    rig.first.vault.registrar.change_compartments("Aigul", ("testimony", "source", "medical"))
    rig.meet(rig.first, member)
    shown = {one.statement: one for one in rig.first.statements()}
    assert member.statements() == [
        one for one in rig.first.statements() if one.compartment in {"testimony", "source", "medical"}
    ]
    member.close()
    with Casebook.open(rig.folder / "second", b"apple tree") as opened:
        opened.add_statements([Statement("new", "Person 1", source="source 1", event="arrest", when="2018")])
        opened.vault.seal()
        rig.carry(opened)
    rig.carry(rig.first)
    assert _ids(rig.first) == shown.keys() | {"new"}


def test_without_the_sources_nothing_can_be_entered_and_it_is_said_kindly(rig: Rig) -> None:
    """Decisions can, but for those that name a source."""
    rig.add(rig.first, "one", 10)
    member = rig.join("second", "Aigul", ("testimony",))
    with pytest.raises(CasebookError, match="sources are not open to you"):
        _ = member.statement_key
    with pytest.raises(CasebookError, match="sources are not open to you"):
        member.add_statements(rig.statements("two", 1))
    with pytest.raises(CasebookError, match="sources are not open to you"):
        member.add_judgement(
            Judgement("x" * 26, "allow-question", "why", "2020-01-01", subject="Person 0", source="s")
        )
    member.add_judgement(Judgement("y" * 26, "set-aside", "why", "2020-01-01", statement="one-0"))
    rig.meet(member, rig.first)
    assert [one.statement for one in rig.first.judgements()] == ["one-0"]


def test_nobody_is_admitted_by_whoever_exchanged_the_request(rig: Rig) -> None:
    """A changed request, another's, and an office with other words are refused."""
    waiting = Casebook.join(
        rig.folder / "second", b"x", admission.office_words(rig.first.vault.office.root), cost=rig.cost
    )
    rig.opened.append(waiting)
    text, words = waiting.vault.registrar.request()
    assert admission.read(text).words == words
    for wrong in (text[:-3], text[:40] + ("A" if text[40] != "A" else "B") + text[41:], "", "x" + text):
        with pytest.raises(UsageError):
            admission.read(wrong)
    with pytest.raises(MembershipError):
        rig.carry(waiting)
    # Another office, whose coordinator got hold of the request, cannot take the computer in.
    other = Casebook.create(rig.folder / "other", b"x", cost=rig.cost)
    rig.opened.append(other)
    rig.add(other, "strange")
    other.vault.registrar.admit_member(admission.read(text), "Aigul", ("testimony",))
    rig.carry(other)
    with pytest.raises(MembershipError):
        rig.carry(waiting)
    assert waiting.statements() == []
    rig.first.vault.registrar.admit_member(admission.read(text), "Aigul", ("testimony",))
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.carry(waiting)
    assert _ids(waiting) == {"one-0", "one-5"}


def test_only_those_who_may_admit_others(rig: Rig) -> None:
    """A member none but her own computers; a coordinator nobody to what she does not hold."""
    member = rig.join("second", "Aigul", ("testimony",))
    request = rig.request("third")
    with pytest.raises(MembershipError, match="Only a coordinator"):
        member.vault.registrar.admit_member(request, "Dina", ("testimony",))
    with pytest.raises(MembershipError, match="Only a coordinator"):
        member.vault.registrar.admit_device(request, rig.name)
    member.vault.registrar.admit_device(request)
    rig.add(rig.first, "one")
    rig.meet(rig.first, member, rig.opened[-1])
    assert _ids(rig.opened[-1]) == {"one-0", "one-5"}


def test_a_copied_casebook_is_told_once_and_both_copies_go_on_apart(rig: Rig) -> None:
    """Nothing of either branch is lost anywhere; afterwards each copy is a device of its own."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    rig.first.close()
    shutil.copytree(rig.folder / "first", rig.folder / "copy")
    first = rig.reopen("first")
    copy = rig.reopen("copy")
    assert first.vault.registrar.device == copy.vault.registrar.device
    rig.add(first, "here", 4)
    rig.add(copy, "there", 5)
    told = [rig.carry(opened) for opened in (first, copy, first, copy, first)]
    forks = [[one for one in synced.troubles if one.what == "fork"] for synced in told]
    assert [bool(found) for found in forks] == [False, True, True, False, False]
    assert len({first.vault.registrar.device, copy.vault.registrar.device, *rig.chains(first)}) == 3
    rig.add(first, "here again", 4)
    rig.add(copy, "there again", 5)
    rig.meet(first, copy)
    assert len(_ids(first)) == 9 + 18
    assert first.statements() == copy.statements()
    assert all(not synced.troubles for synced in (rig.carry(first), rig.carry(copy)))
    made, _ = rig.restore("third")
    assert made.statements() == first.statements()


def test_a_copy_that_renews_its_key_does_not_lock_the_other_out(rig: Rig) -> None:
    """What others hand on is then for the copy's key alone: the other begins a device of its own, and both
    have everything."""
    mine = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(rig.first, "one", 9)
    rig.meet(rig.first, mine)
    mine.close()
    shutil.copytree(rig.folder / "second", rig.folder / "copy")
    mine, copy = rig.reopen("second"), rig.reopen("copy")
    device = copy.vault.device
    copy.vault.rotate(now=True)
    rig.carry(copy)
    rig.first.vault.rotate(now=True)
    rig.add(rig.first, "later", 9)
    rig.meet(rig.first, copy)
    assert copy.vault.device == device
    for _ in range(2):
        rig.carry(mine)
        rig.carry(rig.first)
    rig.carry(mine)
    assert mine.vault.device != device
    assert mine.statements() == copy.statements() == rig.first.statements()


def test_computers_that_sync_day_by_day_are_told_nothing_until_a_table_is_withheld(rig: Rig) -> None:
    """What was taken in on earlier days is known; one day that is left out shows on the next."""
    second = rig.join("second", "Aigul", ("testimony", "source"))
    for day in range(3):
        for casebook, name in ((rig.first, "hers"), (second, "mine")):
            casebook.add_statements(
                one for one in rig.statements(f"{name}-{day}", 6) if one.compartment == "testimony"
            )
            casebook.vault.seal()
            assert rig.carry(casebook).troubles == ()
    rig.carry(rig.first)
    tables = [file.name for file in rig.files("table")]
    rig.add(second, "withheld", 1)
    rig.carry(second)
    (withheld,) = (file for file in rig.files("table") if file.name not in tables)
    rig.add(second, "after it", 1)
    second.vault.send("", FolderCarrier(rig.root()))
    withheld.unlink()
    told = rig.carry(rig.first).troubles
    assert [(one.what, one.kind, one.number) for one in told if one.kind == "table"] == [
        ("missing", "table", 4)
    ]
