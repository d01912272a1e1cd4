"""What a command that was cut off leaves lying is taken away, and nothing else is."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.cheap import CHEAP
from tests.vault.conftest import PASSPHRASE
from tests.vault.killing import PowerCut, Worker

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS
from estelik.vault import keys, remnants
from estelik.vault import vault as vaults
from estelik.vault.carriers.carrier import STALE
from estelik.vault.registrar import Registrar

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from tests.vault.conftest import Rig

HELD = ("testimony", "public")


def _cut(*_: object, **__: object) -> None:
    raise PowerCut


def _killed_while_making(folder: Path) -> Path:
    """The folder in which a casebook was being made."""

    def work(_: object) -> None:
        Casebook.create(folder, PASSPHRASE, cost=CHEAP, fill=lambda *_: os._exit(0))

    assert Worker(work).said() == (0, [])
    (left,) = folder.parent.glob(f".{folder.name}.*")
    return left


def _later(path: Path, seconds: float) -> None:
    """Lets it be so much older."""
    when = time.time() - seconds
    os.utime(path, (when, when))


def test_what_a_killed_maker_left_goes_when_the_next_casebook_is_made_beside_it(tmp_path: Path) -> None:
    """Whatever that is called; it may be a copy of all records, which nobody would ever find."""
    left = _killed_while_making(tmp_path / "trip")
    with Casebook.create(tmp_path / "other", PASSPHRASE, cost=CHEAP):
        assert not left.exists()


def test_what_somebody_is_making_stays_when_another_is_made_beside_it(tmp_path: Path) -> None:
    def fill(*_: object) -> None:
        Casebook.create(tmp_path / "two", PASSPHRASE, cost=CHEAP).close()

    with Casebook.create(tmp_path / "one", PASSPHRASE, cost=CHEAP, fill=fill) as made:
        assert made.statements() == []


def test_a_hidden_folder_that_is_no_maker_s_stays(tmp_path: Path) -> None:
    """Neither somebody's own, whatever its name, nor a casebook whose maker was cut off when it was whole."""
    own = tmp_path / ".notes.0a1b2c3d"
    own.mkdir()
    (own / "notes.txt").write_text("mine")
    _later(own, 1000)
    left = _killed_while_making(tmp_path / "trip")
    hidden = left.rename(tmp_path / ".kept.0a1b2c3d")
    Casebook.create(tmp_path / "other", PASSPHRASE, cost=CHEAP).close()
    assert (own / "notes.txt").exists()
    assert (hidden / keys.KEY_FILE).exists()


def test_a_maker_who_is_cut_off_once_it_is_whole_leaves_a_casebook(tmp_path: Path) -> None:
    """What said that it was being made goes when it is opened."""
    folder, settle = tmp_path / "case", keys.sync_folder

    def settling(of: Path) -> None:
        if (folder / remnants.AT_WORK).exists():
            os._exit(0)
        settle(of)

    def work(_: object) -> None:
        setattr(keys, "sync_folder", settling)  # noqa: B010 (in the child alone)
        Casebook.create(folder, PASSPHRASE, cost=CHEAP)

    assert Worker(work).said() == (0, [])
    assert [path.name for path in tmp_path.iterdir()] == ["case"]
    assert (folder / remnants.AT_WORK).exists()
    with Casebook.open(folder, PASSPHRASE) as opened:
        assert opened.statements() == []
    assert not (folder / remnants.AT_WORK).exists()


def test_the_file_of_a_compartment_that_was_being_dropped_goes_at_the_next_opening(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = rig.join("second", "Aigul", HELD)
    rig.meet(rig.first, second)
    file = rig.folder / "second" / "public.db"
    before = {path.name for path in file.parent.iterdir()}
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(remnants, "sweep", _cut)
        second._store.drop("public")
    second.close()
    assert file.exists()
    assert rig.reopen("second")._store.held == ("testimony",)
    assert {path.name for path in file.parent.iterdir()} == before - {file.name}


def test_a_compartment_that_was_not_dropped_yet_stays(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its key is there still."""
    rig.add(rig.first, "one")
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(keys.Keyring, "change", _cut)
        rig.first._store.drop("public")
    rig.first.close()
    files = {path.name for path in (rig.folder / "first").glob("*.db")}
    opened = rig.reopen("first")
    assert opened._store.held == COMPARTMENTS
    assert {path.name for path in (rig.folder / "first").glob("*.db")} == files
    assert {path.name for path in (rig.folder / "first").glob(".*")} == set()
    assert len(opened.statements()) == 6


def test_a_file_whose_key_is_not_here_is_not_taken_for_one_that_was_dropped(rig: Rig) -> None:
    """The key file was put back from an older copy: its key may be in another."""
    folder = rig.folder / "second"
    second = rig.join("second", "Aigul", ("testimony",))
    rig.meet(rig.first, second)
    older = (folder / keys.KEY_FILE).read_bytes()
    rig.first.vault.registrar.change_compartments("Aigul", HELD)
    rig.meet(rig.first, second)
    second.close()
    (folder / keys.KEY_FILE).write_bytes(older)
    assert rig.reopen("second")._store.held == ("testimony",)
    assert (folder / "public.db").exists()


def test_a_roll_that_nobody_noted_before_a_cut_goes_with_other_orphans(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a day: another process may be about to note it."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    known = rig.first.vault.shelf.names("roll").keys()
    rig.join("second", "Aigul", HELD)
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(Registrar, "note", _cut)
        rig.first.vault.registrar.change_compartments("Aigul", ("testimony",))
        rig.carry(rig.first)
    room = rig.first.vault.shelf_folder / "estelik" / "roll"
    left = {path.name for path in room.iterdir()} - {one.name for one in rig.first.vault.office.rolls}
    assert len(left - known) == 1
    for path in room.iterdir():
        _later(path, 2 * STALE)
    rig.carry(rig.first)
    kept = {path.name for path in room.iterdir()}
    assert not kept & left
    assert kept <= {one.name for one in rig.first.vault.office.rolls}
    assert kept


def test_a_withdrawal_that_was_cut_off_is_settled_by_the_next_sync(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came from a computer that only the distrusted one had admitted is kept back then."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    second.vault.registrar.admit_device(rig.request("third"))
    third = rig.opened[-1]
    rig.meet(second, rig.first, third)
    rig.add(third, "strange")
    rig.meet(third, rig.first)
    assert len(rig.first.statements()) == 6
    with monkeypatch.context() as patched, suppress(PowerCut):
        patched.setattr(vaults, "settle", _cut)
        rig.first.withdraw(second.vault.registrar.device, distrusted_since=1)
    rig.first.close()
    first = rig.reopen("first")
    rig.carry(first)
    assert first.statements() == []
