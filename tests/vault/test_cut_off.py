"""The power cut between two things that have to stand together, or two processes that do both at once."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from tests.vault.conftest import PASSPHRASE
from tests.vault.killing import PowerCut

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.records import Statement
from estelik.vault import arrival, keys, team_ledger
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.epochs import Epochs
from estelik.vault.ledger import Ledger
from estelik.vault.office import Place
from estelik.vault.registrar import Registrar
from estelik.vault.store import Store
from estelik.vault.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.conftest import Rig
    from tests.vault.team import Team

HELD = ("source", "testimony")


def _cut(*_: object, **__: object) -> None:
    raise PowerCut


def _again(rig: Rig, casebook: Casebook) -> Casebook:
    """The casebook, opened by the next process."""
    name = casebook.folder.name
    casebook.close()
    return rig.reopen(name)


def _given(rig: Rig) -> Casebook:
    """A member's computer that is about to learn that she holds one more compartment."""
    second = rig.join("second", "Aigul", HELD)
    rig.add(rig.first, "one", 20)
    rig.meet(rig.first, second)
    rig.first.vault.registrar.change_compartments("Aigul", (*HELD, "public"))
    rig.meet(rig.first)
    return second


def test_a_process_that_learns_late_of_a_compartment_leaves_what_another_has_entered_there(rig: Rig) -> None:
    second = _given(rig)
    late = rig.reopen("second")
    rig.carry(second)
    mine = Statement("mine", "Person 9", source="x", event="arrest", compartment="public")
    second.add_statements([mine])
    second.close()
    rig.carry(late)
    assert mine in late.statements()
    assert mine in _again(rig, late).statements()


def test_epochs_that_were_taken_in_before_a_cut_bring_their_records_after_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = _given(rig)
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Registrar, "reopen", _cut)
        rig.carry(second)
    second = _again(rig, second)
    rig.carry(second)
    wanted = [one for one in rig.first.statements() if one.compartment in (*HELD, "public")]
    assert second.statements() == wanted


def test_a_copy_that_is_cut_off_while_it_becomes_a_device_of_its_own_becomes_one(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not one more each time."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.first.close()
    shutil.copytree(rig.folder / "first", rig.folder / "copy")
    first = rig.reopen("first")
    first.vault.rotate()
    rig.carry(first)
    copy, change = rig.reopen("copy"), keys.Keyring.change
    for writes in (1, 2, 2, 1):
        left = [writes]

        def failing(*given: object, left: list[int] = left, **named: object) -> None:
            left[0] -= 1
            if left[0] == 0:
                raise PowerCut
            change(*given, **named)  # type: ignore[arg-type]

        with monkeypatch.context() as patched, suppress(PowerCut):
            patched.setattr(keys.Keyring, "change", failing)
            rig.carry(copy)
        copy = _again(rig, copy)
    rig.carry(copy)
    assert len(copy.vault.registrar.standing.present()) == 2
    assert not copy.vault.registrar.is_used_elsewhere()
    rig.meet(first, copy, first)
    assert first.statements() == copy.statements()


def test_a_copy_that_is_cut_off_as_it_meets_its_own_segments_becomes_a_device_of_its_own(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever of its writes comes last: what it had taken in before would never make it wonder again."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.first.close()
    shutil.copytree(rig.folder / "first", rig.folder / "copy")
    first = rig.reopen("first")
    rig.add(first, "two")
    rig.carry(first)
    copy = rig.reopen("copy")
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(keys.Keyring, "change", _cut)
        rig.carry(copy)
    copy = _again(rig, copy)
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(arrival, "entered", _cut)
        rig.carry(copy)
    copy = _again(rig, copy)
    rig.carry(copy)
    assert copy.vault.device != first.vault.device
    rig.add(copy, "three")
    rig.meet(copy, first)
    assert len(first.vault.registrar.standing.present()) == 2
    assert copy.statements() == first.statements()


def test_a_table_that_nobody_noted_before_a_cut_is_not_left_on_a_carrier(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore would miss those before it."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.add(rig.first, "two")
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Vault, "_note", _cut)
        rig.carry(rig.first)
    first = _again(rig, rig.first)
    first.vault.rotate(now=True)
    rig.carry(first)
    restored, found = rig.restore("second")
    assert found.whole, found
    assert restored.statements() == first.statements()


def test_a_carrier_without_what_led_to_something_erased_stays_so_when_keys_change(rig: Rig) -> None:
    """Tables and epochs that are over must go from it, too; they lead nowhere."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.first.decisions.erase(rig.first.decisions.closure("subject", "Person 1"), "asked for")
    rig.first.vault.seal()
    rig.carry(rig.first)
    (before,) = rig.first.vault.disposal.progress()
    rig.add(rig.first, "two")
    rig.carry(rig.first)
    rig.first.vault.rotate(now=True)
    assert [one.carriers for one in rig.first.vault.disposal.progress()] == [before.carriers]
    assert before.carriers == (("stick", True),)


def test_the_key_of_an_epoch_that_was_destroyed_does_not_come_back(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not from somebody who has heard of the new recipients, and of no new epoch before the power failed."""
    second = rig.join("second", "Aigul", HELD)
    rig.add(rig.first, "one")
    rig.meet(rig.first, second)
    rig.first.vault.rotate(now=True)
    rig.carry(rig.first)
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Epochs, "fetch", _cut)
        rig.carry(second)
    before = set(rig.files("epoch"))
    second.vault.send("stick", FolderCarrier(rig.root()))
    late = {path.name for path in set(rig.files("epoch")) - before}
    assert late
    rig.carry(rig.first)
    assert not late & rig.first.vault.shelf.names("epoch").keys()
    rig.meet(second, rig.first)
    assert second.statements() == [one for one in rig.first.statements() if one.compartment in HELD]


def test_the_identity_of_an_epoch_that_is_over_is_gone_also_after_a_cut(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Registrar, "burn", _cut)
        rig.first.vault.rotate(now=True)
    first = _again(rig, rig.first)
    # A month later: without another epoch that would take both away.
    first.vault._hand_on(0)
    assert len(first.vault.office.identities) == 1


def test_a_carrier_of_the_name_of_one_that_was_being_forgotten_has_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig.first.vault.add_carrier(Place("stick", str(rig.root())))
    rig.add(rig.first, "one")
    rig.first.vault.seal()
    rig.first.sync("stick", FolderCarrier(rig.root()))
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Ledger, "forget_carrier", _cut)
        rig.first.vault.remove_carrier("stick")
    first = _again(rig, rig.first)
    first.vault.remove_carrier("stick")
    new = rig.root("new")
    first.vault.add_carrier(Place("stick", str(new)), FolderCarrier(new))
    health = first.vault.health()
    assert health.nowhere == health.records


def test_what_a_killed_drill_leaves_opens_for_nobody(rig: Rig, tmp_path: Path) -> None:
    """It is a copy of all records: what is erased later would lie in it still."""
    rig.add(rig.first, "one")
    rig.first.close()
    away = tmp_path / "away"
    away.mkdir()
    child = os.fork()
    if not child:
        tempfile.tempdir = str(away)
        with suppress(BaseException):
            Casebook.open(rig.folder / "first", PASSPHRASE).drill(
                lambda step: os._exit(0) if step == "carry" else None
            )
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    (left,) = away.glob("*/office")
    ring = keys.unlock(rig.folder / "first", PASSPHRASE)
    with pytest.raises(CasebookError):
        Store(
            left, ring, [name for name in ring.packed()[0] if (left / f"{name}.db").exists()]
        ).check_version()


def test_a_ledger_whose_setting_was_cut_off_can_be_set_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    team_ledger.end(team.first.vault)
    whole = Vault.add_carrier

    def cut(*place: Any) -> None:
        whole(*place)
        raise PowerCut

    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Vault, "add_carrier", cut)
        team.set(team.first)
    first = _again(team, team.first)
    assert not first.vault.office.ledger
    team.set(first)
    assert first.vault.office.ledger


def test_a_key_file_that_was_left_half_written_is_taken_away(rig: Rig) -> None:
    """It may hold a key that was dropped since."""
    half = rig.folder / "first" / ".keys.json.0a1b2c3d"
    half.write_bytes((rig.folder / "first" / "keys.json").read_bytes())
    keys.unlock(rig.folder / "first", PASSPHRASE).change(rig.folder / "first", put={"other": bytes(32)})
    assert not half.exists()
