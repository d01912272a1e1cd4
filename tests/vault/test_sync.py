"""Sync: what a carrier lacks, what it lost, and what is damaged here."""

from __future__ import annotations

import errno
import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from estelik.errors import CasebookError
from estelik.vault import office
from estelik.vault.carriers.failures import CarrierError, FullError, ReadOnlyError, UnreachableError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.office import Place

if TYPE_CHECKING:
    from tests.vault.conftest import Rig


def test_what_is_there_is_not_sent_again(rig: Rig) -> None:
    """A second sync moves nothing; after new records it moves those alone."""
    rig.add(rig.first, "one")
    assert rig.carry(rig.first).files > 0
    assert rig.carry(rig.first) == (0, 0, (), 0)
    rig.add(rig.first, "two", 1)
    assert 0 < rig.carry(rig.first).files <= 9
    assert rig.first.vault.health().nowhere == 0


def test_a_carrier_put_back_to_an_earlier_state_is_noticed(rig: Rig) -> None:
    """``verify`` names what is gone, sync names it and hands it on again, and then all is well."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    shutil.copytree(rig.root() / "estelik", rig.folder / "earlier")
    rig.add(rig.first, "two")
    rig.carry(rig.first)
    shutil.rmtree(rig.root() / "estelik")
    shutil.copytree(rig.folder / "earlier", rig.root() / "estelik")
    gone = {(one.kind, one.name) for one in rig.verify(rig.first).troubles if one.what == "missing"}
    assert {kind for kind, _ in gone} >= {"page", "table"}
    moved = rig.carry(rig.first)
    assert {one.what for one in moved.troubles} == {"lost"}
    assert len(moved.troubles) == moved.files
    assert gone <= {(one.kind, one.name) for one in moved.troubles}
    assert rig.carry(rig.first) == (0, 0, (), 0)
    assert rig.verify(rig.first).troubles == ()


def test_a_table_under_another_name_is_no_other_table(rig: Rig) -> None:
    """Whoever can write to a carrier could else let the office carry any number of doubles."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    for table in rig.files("table"):
        shutil.copy(table, table.with_name("a" * 26))
    known = set(rig.first.vault.shelf.names("table"))
    for name in ("stick", "other", "stick"):
        assert rig.carry(rig.first, name).troubles == ()
    assert set(rig.first.vault.shelf.names("table")) == known
    assert {path.name for path in rig.files("table", "other")} == known
    (rig.root() / "estelik" / "table" / ("a" * 26)).unlink()
    assert rig.carry(rig.first).troubles == ()
    assert rig.verify(rig.first).troubles == ()


@pytest.mark.parametrize("synced", [False, True])
@pytest.mark.parametrize("left", ["nothing", "an empty folder", "another's files"])
def test_an_empty_folder_is_not_taken_for_the_carrier(rig: Rig, synced: bool, left: str) -> None:
    """A stick that is not plugged in, or another one: nothing is written there, nor counted as carried."""
    rig.add(rig.first, "one")
    rig.first.vault.add_carrier(Place("stick", str(rig.root())), FolderCarrier(rig.root()))
    if synced:
        rig.carry(rig.first)
    before = rig.first.vault.health()
    shutil.move(rig.root(), rig.folder / "unplugged")
    rig.root()
    if left != "nothing":
        (rig.root() / "estelik" / "segment").mkdir(parents=True)
    if left == "another's files":
        FolderCarrier(rig.root()).write("segment", "q" * 26, b"of somebody else")
        FolderCarrier(rig.root()).write("mark", "q" * 26, b"of somebody else")
    there = {path: path.stat().st_mtime_ns for path in rig.root().rglob("*")}
    rig.add(rig.first, "two")
    for attempt in (rig.carry, rig.verify):
        with pytest.raises(UnreachableError, match="not the carrier"):
            attempt(rig.first)
    assert {path: path.stat().st_mtime_ns for path in rig.root().rglob("*")} == there
    assert rig.first.vault.health().places == before.places
    shutil.rmtree(rig.root())
    shutil.move(rig.folder / "unplugged", rig.folder / "stick")
    assert rig.carry(rig.first).troubles == ()
    assert rig.verify(rig.first).troubles == ()


def test_a_mark_that_was_taken_away_is_told_and_left_again(rig: Rig) -> None:
    """Where the files of the office are there, it is the carrier all the same."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    (mark,) = rig.files("mark")
    mark.unlink()
    (told,) = rig.verify(rig.first).troubles
    assert (told.what, told.kind, told.name) == ("missing", "mark", mark.name)
    (told,) = rig.carry(rig.first).troubles
    assert (told.what, told.kind, told.name) == ("lost", "mark", mark.name)
    assert rig.verify(rig.first).troubles == ()
    (again,) = rig.files("mark")
    assert again.name != mark.name
    assert rig.carry(rig.first) == (0, 0, (), 0)
    assert rig.files("mark") == [again]


def test_a_carrier_that_was_emptied_gets_everything_once_it_is_added_again(rig: Rig) -> None:
    """As the message says; nobody takes it for lost then."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    shutil.rmtree(rig.root() / "estelik")
    with pytest.raises(UnreachableError, match="estelik carrier remove, then add it again"):
        rig.carry(rig.first)
    rig.first.vault.remove_carrier("stick")
    assert rig.carry(rig.first).troubles == ()
    assert rig.verify(rig.first).troubles == ()
    assert rig.first.vault.health().nowhere == 0


@pytest.mark.parametrize("kind", ["segment", "page", "table", "roll"])
@pytest.mark.parametrize("harm", ["flipped", "missing", "huge"])
def test_what_is_damaged_is_mended_from_a_good_copy(rig: Rig, kind: str, harm: str) -> None:
    """On a carrier from this computer, on this computer from a carrier; then all is well again."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    vault, stick = rig.first.vault, FolderCarrier(rig.root())
    for good, bad, home in (
        (vault.shelf, stick, rig.root()),
        (stick, vault.shelf, rig.folder / "first" / "sealed"),
    ):
        path = min((home / "estelik" / kind).iterdir())
        data = path.read_bytes()
        path.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
        if harm == "huge":
            os.truncate(path, 65 * 1024 * 1024)
        elif harm == "missing":
            path.unlink()
        found = vault.verify(bad).troubles
        assert path.name in {one.name for one in found}
        assert path.name in {one.name for one in vault.mend(good, bad, found)}
        assert path.read_bytes() == data
        assert vault.verify(bad).troubles == ()
    assert rig.carry(rig.first) == (0, 0, (), 0)


@pytest.mark.parametrize("renewed", [False, True])
def test_a_roll_that_was_changed_on_a_carrier_is_told_by_every_sync(rig: Rig, *, renewed: bool) -> None:
    """Its size stays what it was; without it shares open nothing."""
    rig.add(rig.first, "one")
    if renewed:
        rig.first.vault.renew_custody(())
    rig.carry(rig.first)
    (path,) = rig.files("roll")
    data = path.read_bytes()
    path.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    for _ in range(2):
        (told,) = rig.carry(rig.first).troubles
        assert (told.what, told.kind, told.name) == ("differs", "roll", path.name)
    vault, stick = rig.first.vault, FolderCarrier(rig.root())
    vault.mend(vault.shelf, stick, vault.verify(stick).troubles)
    assert path.read_bytes() == data
    assert rig.carry(rig.first) == (0, 0, (), 0)


@pytest.mark.parametrize("other", ["folder", "full folder", "link"])
def test_what_is_no_file_under_one_of_our_names_is_told_and_nothing_else(rig: Rig, other: str) -> None:
    """Neither is it said to be handed on, nor does it keep anything else from being mended."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    path, table = rig.files("segment")[0], rig.files("table")[0]
    path.unlink()
    path.symlink_to("/etc/hostname") if other == "link" else path.mkdir()
    if other == "full folder":
        (path / "not ours").touch()
    table.write_bytes(b"damaged")
    (told, other_told) = sorted(rig.carry(rig.first).troubles, key=lambda one: one.kind)
    assert (told.what, told.kind, told.name) == ("differs", "segment", path.name)
    assert (other_told.what, other_told.kind) == ("differs", "table")
    vault, stick = rig.first.vault, FolderCarrier(rig.root())
    mended = vault.mend(vault.shelf, stick, vault.verify(stick).troubles)
    assert table.name in {one.name for one in mended}
    assert (path.name in {one.name for one in mended}) == (other != "full folder")


def test_what_another_took_away_for_new_keys_is_not_said_to_be_lost(rig: Rig) -> None:
    """Both begin new keys, and destroy those before, until they meet: the second cannot open the first's."""
    rig.add(rig.first, "one")
    bek = rig.join("bek", "Bek", ("testimony", "medical"))
    rig.meet(rig.first, bek)
    rig.first.vault.rotate(now=True)
    assert rig.carry(rig.first).troubles == ()
    bek.vault.rotate(["medical"], now=True)
    told = rig.carry(bek).troubles
    assert {(one.what, one.kind) for one in told} == {("taken", "table"), ("taken", "epoch")}
    rig.meet(rig.first, bek)
    assert rig.carry(bek).troubles == rig.carry(rig.first).troubles == ()
    # What nobody of the office can have taken away is said to be lost all the same.
    rig.files("segment")[0].unlink()
    assert {one.what for one in rig.carry(rig.first).troubles} == {"lost"}


def test_a_roll_that_is_damaged_here_is_made_anew(rig: Rig) -> None:
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    (here,) = (rig.folder / "first" / "sealed" / "estelik" / "roll").iterdir()
    here.write_bytes(b"another")
    assert [(one.what, one.kind) for one in rig.first.vault.verify(rig.first.vault.shelf).troubles] == [
        ("damaged", "roll")
    ]
    assert rig.carry(rig.first).troubles == ()
    (there,) = rig.files("roll")
    assert there.name != here.name
    assert rig.first.vault.verify(rig.first.vault.shelf).troubles == ()


def test_what_is_damaged_in_both_places_stays_as_it_is(rig: Rig) -> None:
    """A bad copy takes no other's place, not even a bad one's."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    vault, stick = rig.first.vault, FolderCarrier(rig.root())
    there = rig.files("segment")[0]
    here = rig.folder / "first" / "sealed" / "estelik" / "segment" / there.name
    for path, data in ((here, b"one"), (there, b"other")):
        path.write_bytes(data)
    found = vault.verify(stick).troubles
    assert {one.name for one in found} == {there.name}
    assert vault.mend(vault.shelf, stick, found) == set()
    assert (here.read_bytes(), there.read_bytes()) == (b"one", b"other")


def test_what_was_not_handed_on_yet_is_no_trouble(rig: Rig) -> None:
    """Records that were sealed since the last sync are counted as behind, not called missing."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    records = rig.first.vault.health().records
    rig.add(rig.first, "two")
    found = rig.verify(rig.first)
    assert (found.records, found.troubles) == (records, ())
    assert found.behind == rig.first.vault.health().records - records == rig.first.vault.health().nowhere


@pytest.mark.parametrize("kind", ["segment", "page", "table"])
def test_what_is_damaged_here_is_not_handed_on(rig: Rig, kind: str) -> None:
    """A fault of this disk does not reach the carriers, nor does the office count it as carried."""
    rig.add(rig.first, "one")
    path = next((rig.folder / "first" / "sealed" / "estelik" / kind).iterdir())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    moved = rig.carry(rig.first)
    # Without its page nobody can tell whether a segment is whole.
    assert {one.what for one in moved.troubles} == {"unsent"}
    assert path.name in {one.name for one in moved.troubles}
    assert path.name not in {file.name for file in rig.files(kind)}
    assert rig.first.vault.health().nowhere == rig.first.vault.health().records
    path.write_bytes(whole)
    assert rig.carry(rig.first).troubles == ()
    assert rig.first.vault.health().nowhere == 0


def test_another_file_under_one_of_our_names_is_named(rig: Rig) -> None:
    """A cut file, or something that only bears the name, does not pass for a copy."""
    rig.add(rig.first, "one")
    rig.carry(rig.first, "whole")
    rig.carry(rig.first)
    cut, replaced = rig.files("segment")[:2]
    cut.write_bytes(cut.read_bytes()[:100])
    replaced.unlink()
    replaced.mkdir()
    moved = rig.carry(rig.first)
    assert {(one.what, one.name) for one in moved.troubles} == {
        ("differs", cut.name),
        ("differs", replaced.name),
    }


def test_what_an_interrupted_sealing_left_does_no_harm(rig: Rig) -> None:
    """Files on the shelf that no ledger names are not carried, hinder nothing, and are gone after a day."""
    rig.add(rig.first, "one")
    shelf = rig.folder / "first" / "sealed" / "estelik"
    for kind in ("segment", "page", "table"):
        path = next((shelf / kind).iterdir())
        shutil.copyfile(path, path.with_name("q" * 26))
    rig.carry(rig.first)
    assert all(path.name != "q" * 26 for kind in ("segment", "page", "table") for path in rig.files(kind))
    found = rig.first.vault.verify(rig.first.vault.shelf)
    assert (found.troubles, found.unknown) == ((), 3)
    for path in shelf.rglob("*"):
        os.utime(path, (time.time() - 90_000,) * 2)
    rig.carry(rig.first)
    found = rig.first.vault.verify(rig.first.vault.shelf)
    assert (found.troubles, found.unknown) == ((), 0)
    assert not list(shelf.glob(f"*/{'q' * 26}"))


def test_what_no_table_hands_on_yet_is_not_counted_as_carried(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between a segment and its table: a carrier gets neither, and health does not say it has."""
    rig.add(rig.first, "one")
    rig.first.add_statements(rig.statements("two", 5))
    with monkeypatch.context() as patch:
        patch.setattr("estelik.vault.cut._table", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rig.first.vault.seal()
        patch.setattr("estelik.vault.cut._table", lambda *_: None)
        rig.carry(rig.first)
    assert rig.restore("second")[1].troubles == ()
    assert rig.first.vault.health().nowhere > 0
    rig.first.vault.seal()
    rig.carry(rig.first)
    assert rig.first.vault.health().nowhere == 0
    assert rig.restore("third")[0].statements() == rig.first.statements()


def test_a_carrier_that_leaves_in_the_middle_is_not_called_damaged(rig: Rig) -> None:
    """Pulled out while it is read, it is told as not there."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)

    def leave(_done: int, _all: int) -> None:
        if (rig.root() / "estelik").exists():
            shutil.move(rig.root(), rig.folder / "pulled out")

    carrier = FolderCarrier(rig.root())
    with pytest.raises(UnreachableError):
        rig.first.vault.verify(carrier, None, leave)


def test_places_that_are_no_copy_are_refused(rig: Rig) -> None:
    """Within the casebook, twice the same, or without a name: health would count copies that are none."""
    vault = rig.first.vault
    vault.add_carrier(Place("stick", str(rig.root())))
    sealed = rig.folder / "first" / "sealed"
    for name, address in (
        ("stick", "/elsewhere"),
        ("again", str(rig.root())),
        ("inside", str(sealed)),
        ("inside", f"file://{sealed}"),
        ("", "/elsewhere"),
        (" ", "/elsewhere"),
        ("a\x1b[2J", "/elsewhere"),
    ):
        with pytest.raises(CasebookError):
            vault.add_carrier(Place(name, address))
    assert [place.name for place in vault.office.carriers] == ["stick"]


class _Refusing(FolderCarrier):
    """A folder that takes nothing."""

    error: type[CarrierError]

    def write(self, kind: str, name: str, data: bytes) -> None:
        """Always fails."""
        del kind, name, data
        raise self.error("nothing can be written here")


def test_what_cannot_be_written_to_is_not_added(rig: Rig) -> None:
    """Without a mark an empty mount point would later pass for it: a read-only or full stick is refused, and
    is not on the list."""
    rig.add(rig.first, "one")
    for error in (ReadOnlyError, FullError):
        refusing = _Refusing(rig.root())
        refusing.error = error
        with pytest.raises(error):
            rig.first.vault.add_carrier(Place("stick", str(rig.root())), refusing)
        assert rig.first.vault.office.place("stick") is None
    rig.first.vault.add_carrier(Place("stick", str(rig.root())), FolderCarrier(rig.root()))
    assert rig.first.vault.office.place("stick") is not None


def test_a_full_disk_under_the_office_is_told_and_changes_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed on the worst day says what is safe, and what to do."""
    rig.carry(rig.first)
    before = (rig.first.folder / office.FILE).read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(CasebookError, match="The disk is full"):
            rig.first.vault.remove_carrier("stick")
    assert (rig.first.folder / office.FILE).read_bytes() == before
    assert rig.carry(rig.first).troubles == ()
