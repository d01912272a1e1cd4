"""Somebody leaves, or a computer is stolen: what it writes later is kept back, what comes is not for it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pyrage
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyrage.x25519 import Identity

from estelik.errors import CasebookError, MembershipError
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import custody
from estelik.vault.ledger import Ledger

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.conftest import Rig

    from estelik.casebook import Casebook


def _ids(casebook: Casebook) -> set[str]:
    return {one.statement for one in casebook.statements()}


def _names(casebook: Casebook) -> set[str]:
    return {name.rsplit("-", 1)[0] for name in _ids(casebook)}


def _whats(troubles: object) -> set[str]:
    return {one.what for one in troubles}  # type: ignore[attr-defined]


def test_what_a_withdrawn_computer_writes_later_is_kept_back_everywhere(rig: Rig) -> None:
    """Up to the cut all is there on every computer; after it nothing, told once, and kept sealed."""
    thief = rig.join("second", "Aigul", COMPARTMENTS)
    third = rig.join("third", "Dina", COMPARTMENTS)
    rig.add(thief, "before", 10)
    rig.meet(thief, rig.first, third)
    rig.add(thief, "after", 10)
    rig.carry(thief)
    # The third has it already when the coordinator, who has not, withdraws the computer.
    rig.carry(third)
    assert _names(third) == {"before", "after"}
    found = rig.first.withdraw(thief.vault.registrar.device)
    assert set(found.records) == set(COMPARTMENTS)
    assert found.others == ()
    synced = rig.carry(rig.first)
    assert "held" in _whats(synced.troubles)
    assert _whats(rig.carry(rig.first).troubles) <= {"gap"}
    synced = rig.carry(third)
    assert "held" in _whats(synced.troubles)
    rig.add(rig.first, "later", 10)
    rig.meet(rig.first, third)
    for opened in (rig.first, third):
        assert _names(opened) == {"before", "later"}
        assert opened.group("Person 1")
        before = opened.statements()
        opened.rebuild_index()
        assert opened.statements() == before
    assert third.statements() == rig.first.statements()
    made, _ = rig.restore("fourth")
    assert made.statements() == rig.first.statements()


def test_whoever_was_withdrawn_can_read_nothing_that_comes_later(rig: Rig) -> None:
    """Not by its program, and not with its keys: every file from then on is closed to it."""
    thief = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(rig.first, "before", 10)
    rig.meet(rig.first, thief)
    there = {kind: set(rig.files(kind)) for kind in ("table", "epoch", "roll")}
    keys = list(thief.vault.registrar.identities)
    with thief._store.read() as connection:
        for schema in thief._store.schemas.values():
            keys += [Identity.from_str(one.identity) for one in Ledger(connection, schema).epochs()]
    rig.first.withdraw(rig.first.vault.registrar.member("Aigul").id)
    rig.add(rig.first, "later", 10)
    rig.carry(rig.first)
    fresh = [path for kind, before in there.items() for path in set(rig.files(kind)) - before]
    assert len(fresh) >= 11
    for path in fresh:
        with pytest.raises(pyrage.DecryptError):
            pyrage.decrypt(path.read_bytes(), keys)
    synced = rig.carry(thief)
    assert "closed" in _whats(synced.troubles)
    assert _names(thief) == {"before"}


def test_a_withdrawal_is_taken_back_by_admitting_her_again(rig: Rig) -> None:
    """On a new computer, as a new member; what she had written stays."""
    member = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(member, "before", 10)
    rig.meet(member, rig.first)
    rig.first.withdraw(rig.first.vault.registrar.member("Aigul").id)
    again = rig.join("third", "Aigul", COMPARTMENTS)
    rig.add(again, "later", 5)
    rig.meet(again, rig.first)
    assert _names(rig.first) == {"before", "later"}
    assert again.statements() == rig.first.statements()


def test_the_last_coordinator_and_those_of_others_cannot_be_withdrawn(rig: Rig) -> None:
    """A member withdraws none but her own computers."""
    member = rig.join("second", "Aigul", ("testimony",))
    with pytest.raises(MembershipError, match="without a coordinator"):
        rig.first.withdraw(rig.first.vault.registrar.own().id)
    with pytest.raises(MembershipError, match="Only a coordinator"):
        member.withdraw(rig.first.vault.registrar.device)
    member.withdraw(member.vault.registrar.device)
    with pytest.raises(MembershipError, match="no longer belongs"):
        member.vault.seal()


def _plain(folder: Path, casebook: Casebook) -> bytes:
    """All bytes of a casebook's files, the databases decrypted page by page, free pages included."""
    out = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for name in casebook._store.held:
        data = (folder / f"{name}.db").read_bytes()
        for start in range(0, len(data), 4096):
            page = data[start + 16 if start == 0 else start : start + 4096]
            cipher = Cipher(algorithms.AES(casebook._keyring[name]), modes.CBC(page[-80:-64]))
            out.append(cipher.decryptor().update(page[:-80]))
    out.append(repr(casebook.vault.office.identities).encode())
    return b"".join(out)


def test_the_keys_of_an_epoch_that_is_over_are_gone_and_old_copies_stay_shut(rig: Rig) -> None:
    """Searched for in every byte; an old carrier does not open with any key that there still is."""
    other = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(rig.first, "one", 10)
    rig.add(other, "two", 10)
    rig.meet(rig.first, other)
    shutil.copytree(rig.root(), rig.folder / "old")
    before: dict[str, list[str]] = {}
    for opened, name in ((rig.first, "first"), (other, "second")):
        with opened._store.read() as connection:
            schemas = opened._store.schemas.values()
            before[name] = [e.identity for s in schemas for e in Ledger(connection, s).epochs()]
        before[name] += opened.vault.office.identities
        plain = _plain(rig.folder / name, opened)
        assert all(key.encode() in plain for key in before[name])
    for _ in range(2):
        # The second time for what the others were handed by keys that they had still.
        for opened in (rig.first, other):
            rig.carry(opened)
            opened.vault.rotate(now=True)
            rig.carry(opened)
    rig.meet(rig.first, other)
    for opened in (rig.first, other):
        opened.vault._hand_on(0)
    keys: list[Identity] = []
    for opened, name in ((rig.first, "first"), (other, "second")):
        plain = _plain(rig.folder / name, opened)
        assert not any(key.encode() in plain for key in before[name])
        keys += opened.vault.registrar.identities
        with opened._store.read() as connection:
            for schema in opened._store.schemas.values():
                periods = Ledger(connection, schema).epochs()
                keys += [Identity.from_str(one.identity) for one in periods if one.identity]
    shut = 0
    for kind in ("table", "epoch"):
        for path in (rig.folder / "old" / "estelik" / kind).iterdir():
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(path.read_bytes(), keys)
            shut += 1
    assert shut >= 15
    rig.add(rig.first, "three", 10)
    rig.meet(rig.first, other)
    assert other.statements() == rig.first.statements()
    assert _names(other) == {"one", "two", "three"}
    for opened in (rig.first, other):
        assert rig.verify(opened).troubles == ()
    assert rig.restore("third")[0].statements() == rig.first.statements()


def test_old_shares_open_nothing_that_is_written_after_a_renewal(rig: Rig) -> None:
    """New ones bring everything back, with the same ids for rows without one; the old root has no say."""
    other = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(rig.first, "one", 10)
    rig.meet(rig.first, other)
    key = rig.first.statement_key
    old = rig.shares
    secret = custody.join(old[:2])
    with pytest.raises(MembershipError):
        rig.first.vault.renew_custody(custody.split(bytes(32), 2, 2))
    rig.first.vault.renew_custody(old[:2])
    rig.shares = rig.first.vault.share_out(2, 3)
    rig.first.vault.forget_secret(2, 3)
    rig.add(rig.first, "two", 10)
    rig.add(other, "three", 10)
    rig.meet(rig.first, other)
    for kind in ("table", "epoch", "roll"):
        for path in rig.files(kind):
            with pytest.raises(pyrage.DecryptError):
                pyrage.decrypt(path.read_bytes(), [custody.recovery(secret)])
    made, found = rig.restore("third")
    assert found.troubles == ()
    assert made.statements() == rig.first.statements() == other.statements()
    assert _names(made) == {"one", "two", "three"}
    assert made.statement_key == key == other.statement_key
    rig.meet(made, rig.first)
    rig.shares = old
    with pytest.raises(CasebookError, match="open nothing"):
        rig.restore("fourth")
    with pytest.raises(MembershipError, match="not of this office"):
        rig.first.vault.registrar.root(secret)
    rig.first.vault.registrar.admit_member(rig.request("fifth"), "Dina", ("public",))


def test_a_second_coordinator_takes_the_custodians(rig: Rig) -> None:
    """And can do without the first from then on."""
    second = rig.request("second")
    secret = custody.join(rig.shares[:2])
    rig.first.vault.registrar.admit_member(second, "Aigul", COMPARTMENTS, secret)
    made = rig.opened[-1]
    rig.meet(rig.first, made)
    made.withdraw(made.vault.registrar.member(rig.name).id)
    rig.carry(made)
    made.vault.registrar.admit_member(rig.request("third"), "Dina", ("public",))
    rig.first.vault.registrar.learn(made.vault.office.roll)
    with pytest.raises(MembershipError, match="no longer belongs"):
        rig.first.vault.seal()


def test_two_who_begin_an_epoch_at_once_agree_on_one(rig: Rig) -> None:
    """And what each has sealed under his own is read by the other."""
    other = rig.join("second", "Aigul", COMPARTMENTS)
    third = rig.join("third", "Dina", COMPARTMENTS)
    rig.meet(rig.first, other, third)
    for opened, name in ((rig.first, "one"), (other, "two")):
        opened.vault.rotate()
        rig.add(opened, name, 10)
    rig.meet(rig.first, other, third)
    assert _names(third) == {"one", "two"}
    presents = [
        {(one.name, one.epoch, one.since) for one in opened.vault.compartments()}
        for opened in (rig.first, other, third)
    ]
    assert presents[0] == presents[1] == presents[2]
    assert rig.first.statements() == other.statements() == third.statements()


def test_whoever_loses_a_compartment_loses_its_file(rig: Rig) -> None:
    """With all of it handed on before; what she holds still goes on."""
    member = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(member, "before", 10)
    rig.meet(member, rig.first)
    rig.first.vault.registrar.change_compartments("Aigul", ("testimony", "source"))
    rig.meet(rig.first, member)
    assert {path.stem for path in (rig.folder / "second").glob("*.db")} == {"testimony", "source"}
    rig.add(rig.first, "later", 10)
    rig.meet(rig.first, member)
    shown = [one for one in rig.first.statements() if one.compartment in {"testimony", "source"}]
    assert member.statements() == shown
    assert rig.verify(member).troubles == ()


@pytest.mark.parametrize("sealed", [False, True])
def test_what_she_entered_before_she_knew_is_handed_on_and_kept_back(rig: Rig, *, sealed: bool) -> None:
    """Nothing of the compartment stays on her computer, nobody is told that anything was lost, and what she
    entered counts where she gets the compartment back."""
    member = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(rig.first, "before", 10)
    rig.meet(rig.first, member)
    rig.first.vault.registrar.change_compartments("Aigul", ("testimony", "medical"))
    rig.carry(rig.first)
    late = Statement("late", "Person 1", source="A late source", event="arrest", when="2018")
    member.add_statements([late])
    if sealed:
        member.vault.seal()
    for _ in range(2):
        assert {one.what for one in rig.carry(member).troubles} <= {"held"}
        member.vault.seal()
    assert {path.stem for path in (rig.folder / "second").glob("*.db")} == {"testimony", "medical"}
    assert {one.what for one in rig.carry(rig.first).troubles} == {"held"}
    assert "A late source" not in {one.source for one in rig.first.statements()}
    rig.first.vault.registrar.change_compartments("Aigul", COMPARTMENTS)
    rig.meet(rig.first, member)
    assert "A late source" in {one.source for one in rig.first.statements()}
    assert rig.verify(rig.first).troubles == ()


def test_two_coordinators_who_withdrew_each_other_are_settled_by_the_custodians(rig: Rig) -> None:
    """Whoever still belongs to the office admits the one they believe, on a new computer; a restore names
    what was kept back meanwhile."""
    rig.add(rig.first, "one", 10)
    secret = custody.join(rig.shares[:2])
    rig.first.vault.registrar.admit_member(rig.request("bek"), "Bek", COMPARTMENTS, secret)
    bek = rig.opened[-1]
    rig.meet(rig.first, bek)
    cem = rig.join("cem", "Cem", COMPARTMENTS)
    rig.meet(rig.first, bek, cem)
    (mine,) = (who for who, one in cem.vault.registrar.standing.members.items() if one.name == "Bek")
    (hers,) = (
        who for who, one in cem.vault.registrar.standing.members.items() if one.name not in {"Bek", "Cem"}
    )
    rig.first.vault.withdraw(mine)
    bek.vault.withdraw(hers)
    rig.carry(rig.first)
    rig.carry(bek)
    rig.carry(cem)
    assert [one.name for one in cem.vault.registrar.standing.members.values() if one.present] == ["Cem"]
    rig.add(rig.first, "late", 10)
    rig.carry(rig.first)
    with pytest.raises(MembershipError):
        cem.vault.registrar.admit_member(rig.request("ana"), "Ana", COMPARTMENTS)
    cem.vault.registrar.admit_member(rig.request("anew"), "Ana", COMPARTMENTS, secret)
    ana = rig.opened[-1]
    rig.carry(cem)
    rig.carry(ana)
    assert ana.statements() == cem.statements() != []
    ana.vault.withdraw(cem.vault.device)
    made, found = rig.restore("second")
    assert "held" in {one.what for one in found.troubles}
    assert not found.whole
    assert made.statements() != []
