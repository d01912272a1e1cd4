"""Restoring from carriers that are whole, and from those that are not."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.errors import CasebookError, CustodyError
from estelik.ids import new_id
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from tests.vault.conftest import Rig

CHEAP = Cost(memory=8, passes=1, lanes=1)
PASSPHRASE = b"apple tree"


def _whats(troubles: object) -> set[tuple[str, str]]:
    assert isinstance(troubles, tuple)
    return {(trouble.what, trouble.kind) for trouble in troubles}


def test_all_that_was_carried_comes_back_the_same(rig: Rig) -> None:
    """A whole carrier gives every statement back, in order of entry, with nothing to complain about."""
    rig.add(rig.first, "one", 40)
    rig.add(rig.first, "two", 7)
    rig.carry(rig.first)
    made, found = rig.restore("second")
    assert found.troubles == ()
    assert found.records == rig.first.vault.health().records
    assert made.statements() == rig.first.statements()
    assert made.group("Person 1") == rig.first.group("Person 1")


def test_a_restored_computer_is_a_device_of_its_own_whose_shelf_is_whole(rig: Rig) -> None:
    """What was restored verifies here and on the carrier, and that carrier lacks nothing."""
    rig.add(rig.first, "one", 12)
    rig.carry(rig.first)
    made, _ = rig.restore("second")
    assert made.vault.registrar.device != rig.first.vault.registrar.device
    here = made.vault.verify(made.vault.shelf)
    assert (here.troubles, here.unknown) == ((), 0)
    assert made.vault.seal() == 0
    before = {kind: rig.files(kind) for kind in ("segment", "page", "table")}
    # Others learn that there is one more computer, and it is handed the keys of each compartment.
    assert rig.carry(made).files == 6
    assert before == {kind: rig.files(kind) for kind in before}
    assert rig.carry(made).files == 0
    assert rig.carry(made, "other").files > 0
    assert rig.restore("third", "other")[0].statements() == rig.first.statements()


def test_two_devices_share_a_carrier_and_a_third_reads_both(rig: Rig) -> None:
    """Records of two chains come back in the order of entry, and each chain is whole."""
    rig.add(rig.first, "one", 10)
    rig.carry(rig.first)
    second, _ = rig.restore("second")
    rig.add(second, "two", 5)
    rig.add(rig.first, "three", 5)
    rig.carry(second)
    rig.carry(rig.first)
    third, found = rig.restore("third")
    assert found.troubles == ()
    ids = [statement.statement for statement in third.statements()]
    assert ids == [
        f"{name}-{n}" for name, count in (("one", 10), ("two", 5), ("three", 5)) for n in range(count)
    ]
    by_id = {one.statement: one for one in (*rig.first.statements(), *second.statements())}
    assert third.statements() == [by_id[id_] for id_ in ids]
    for opened in (rig.first, second):
        assert rig.verify(opened).troubles == ()


def test_one_row_entered_on_two_computers_is_restored_and_the_casebook_opens(rig: Rig) -> None:
    """The same statement in two chains stops neither the restore nor the index."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    second, _ = rig.restore("second")
    for opened in (rig.first, second):
        rig.add(opened, "same")
        rig.carry(opened)
    third, found = rig.restore("third")
    assert found.troubles == ()
    assert {one.statement for one in third.statements()} == {
        one.statement for one in (*rig.first.statements(), *second.statements())
    }
    assert third.group("Person 1")


@pytest.mark.parametrize("kind", ["segment", "page", "table"])
@pytest.mark.parametrize("place", range(5))
def test_a_file_that_is_missing_is_named_and_all_else_comes_back(rig: Rig, kind: str, place: int) -> None:
    """Whichever file is withheld: what else is there opens, and a trouble says that something is missing."""
    rig.add(rig.first, "one", 9)
    rig.add(rig.first, "two", 9)
    rig.carry(rig.first)
    every = rig.files(kind)
    every[place * len(every) // 5].unlink()
    made, found = rig.restore("second")
    assert {one.statement for one in made.statements()} < {
        one.statement for one in rig.first.statements()
    } or (found.records < rig.first.vault.health().records)
    assert found.troubles
    if kind != "table":
        assert ("missing", kind) in _whats(found.troubles)
    else:
        assert ("unnamed", "segment") in _whats(found.troubles)
    missing = rig.verify(rig.first).troubles
    assert ("missing", kind) in _whats(missing)


def test_the_end_of_a_chain_withheld_is_noticed_by_what_another_device_has_seen(rig: Rig) -> None:
    """Segment, page and table of the last entries taken away leave no hole: another chain bears witness."""
    rig.add(rig.first, "one", 10)
    rig.carry(rig.first)
    early = {kind: set(rig.files(kind)) for kind in ("segment", "page", "table")}
    rig.add(rig.first, "two", 10)
    rig.carry(rig.first)
    late = [path for kind, there in early.items() for path in set(rig.files(kind)) - there]
    second, _ = rig.restore("second")
    rig.add(second, "three", 10)
    rig.carry(second)
    for path in late:
        path.unlink()
    third, found = rig.restore("third")
    assert ("gap", "segment") in _whats(found.troubles)
    assert {one.device for one in found.troubles} == {rig.first.vault.registrar.device}
    assert {one.statement.split("-")[0] for one in third.statements()} == {"one", "three"}


@pytest.mark.parametrize("kind", ["segment", "page", "table"])
@pytest.mark.parametrize("harm", ["flipped", "truncated", "empty", "swapped", "huge"])
def test_a_file_that_was_changed_is_named_and_all_else_comes_back(rig: Rig, kind: str, harm: str) -> None:
    """Bytes that are not what was carried are refused, and only they."""
    rig.add(rig.first, "one", 9)
    rig.add(rig.first, "two", 9)
    rig.carry(rig.first)
    path, other = rig.files(kind)[:2]
    data = path.read_bytes()
    if harm == "flipped":
        path.write_bytes(data[:-5] + bytes([data[-5] ^ 1]) + data[-4:])
    elif harm == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif harm == "empty":
        path.write_bytes(b"")
    elif harm == "huge":
        with path.open("r+b") as file:
            file.truncate(65 * 1024 * 1024)
    else:
        path.write_bytes(other.read_bytes())
        other.write_bytes(data)
    made, found = rig.restore("second")
    checked = rig.verify(rig.first)
    assert ("damaged", kind) in _whats(checked.troubles)
    if kind == "table" and harm == "swapped":
        # A table's name says nothing: what it says is whole.
        assert found.troubles == ()
        assert made.statements() == rig.first.statements()
        return
    assert ("closed" if kind == "table" else "damaged", kind) in _whats(found.troubles)
    assert 0 < found.records < rig.first.vault.health().records
    assert len(made.statements()) >= 9


def test_junk_and_copies_of_files_do_no_harm(rig: Rig) -> None:
    """Files under other names, foreign files, folders and links change nothing that comes back."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    for kind in ("segment", "page", "table"):
        path = rig.files(kind)[0]
        shutil.copyfile(path, path.with_name(new_id()))
        path.with_name("notes.txt").write_text("junk")
        path.with_name(new_id()).mkdir()
        path.with_name(new_id()).symlink_to(path)
    made, found = rig.restore("second")
    assert made.statements() == rig.first.statements()
    assert found.records == rig.first.vault.health().records
    assert _whats(found.troubles) == {("unnamed", "segment")}
    assert rig.verify(rig.first).troubles == ()
    assert rig.verify(rig.first).unknown == 3
    assert rig.verify(made).troubles == ()


def test_another_office_on_the_same_carrier_is_left_alone(rig: Rig) -> None:
    """Its files open for nobody of this office: they are counted, and no fault of the carrier."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    with Casebook.create(rig.folder / "stranger", b"pear", cost=CHEAP) as stranger:
        stranger.add_statements(rig.statements("strange", 9))
        stranger.vault.seal()
        stranger.vault.add_carrier(Place("stick", str(rig.root())))
        stranger.sync("stick", FolderCarrier(rig.root()))
    made, found = rig.restore("second")
    assert made.statements() == rig.first.statements()
    assert (found.troubles, found.others) == ((), 2 * 5)
    # From the carrier alone it could be files of this office that are damaged.
    assert not found.whole
    assert rig.verify(rig.first).troubles == ()


def test_what_does_not_open_is_a_fault_where_no_other_office_is(rig: Rig) -> None:
    """A table whose head is damaged looks like another office's: only the mark of one makes it so."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    table = rig.files("table")[0]
    data = table.read_bytes()
    table.write_bytes(data.replace(b"X25519 ", b"X25519 A", 1))
    _, found = rig.restore("second")
    assert _whats(found.troubles) == {("closed", "table"), ("unnamed", "segment")}
    assert found.others == 0


@pytest.mark.parametrize("harm", ["", "damaged", "gone"])
def test_what_is_damaged_after_the_secret_was_renewed_is_no_other_offices(rig: Rig, harm: str) -> None:
    """The mark of before does not open with the new secret; what is lost is not passed over for that."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    rig.first.vault.renew_custody(rig.shares)
    shares = rig.first.vault.share_out(2, 3)
    rig.carry(rig.first)
    rig.add(rig.first, "two", 9)
    rig.carry(rig.first)
    table = max(rig.files("table"), key=lambda path: path.stat().st_mtime_ns)
    if harm == "damaged":
        data = table.read_bytes()
        table.write_bytes(data[:-20] + bytes([data[-20] ^ 1]) + data[-19:])
    elif harm:
        table.unlink()
    made, found = Casebook.restore(
        rig.folder / "second", b"x", FolderCarrier(rig.root()), shares[:2], cost=CHEAP
    )
    with made:
        assert (found.records == rig.first.vault.health().records) == (not harm)
        assert found.whole == (not harm)


def test_a_copied_casebook_used_in_both_places_is_named_and_nothing_of_it_is_lost(rig: Rig) -> None:
    """Both branches of a fork come back; the restore and each copy's verification name it."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    shutil.copytree(rig.folder / "first", rig.folder / "copy")
    with Casebook.open(rig.folder / "copy", PASSPHRASE) as copy:
        for turn in range(2):
            rig.add(rig.first, f"here{turn}", 4)
            rig.add(copy, f"there{turn}", 5)
            rig.carry(copy)
            rig.carry(rig.first)
        made, found = rig.restore("second")
        assert ("fork", "segment") in _whats(found.troubles)
        assert {one.statement for one in made.statements()} == {
            one.statement for opened in (rig.first, copy) for one in opened.statements()
        }
        for opened in (rig.first, copy):
            assert _whats(rig.verify(opened).troubles) == {("fork", "segment")}
        # Whoever has seen it withdraws the device that was copied: nothing is lost, and nothing told again.
        (copied,) = {one.device for one in found.troubles if one.what == "fork"}
        before = {one.statement for one in rig.first.statements()}
        rig.first.vault.withdraw(copied)
        rig.meet(rig.first, copy)
        for opened in (rig.first, copy):
            assert rig.verify(opened).troubles == ()
            assert {one.statement for one in opened.statements()} == before
    assert rig.verify(made).records == found.records


def test_nothing_is_made_where_the_shares_open_nothing(rig: Rig) -> None:
    """Too few shares, shares of another office and an empty carrier leave no folder behind."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    with Casebook.create(rig.folder / "stranger", b"pear", cost=CHEAP) as stranger:
        others = stranger.vault.share_out(2, 2)
    before = {path.name for path in rig.folder.iterdir()}
    carrier, empty = FolderCarrier(rig.root()), FolderCarrier(rig.root("empty"))
    with pytest.raises(CustodyError):
        Casebook.restore(rig.folder / "second", b"x", carrier, rig.shares[:1], cost=CHEAP)
    for place, shares in ((carrier, others), (empty, rig.shares)):
        with pytest.raises(CasebookError, match="open nothing"):
            Casebook.restore(rig.folder / "second", b"x", place, shares, cost=CHEAP)
    assert {path.name for path in rig.folder.iterdir()} == before | {"empty"}


def test_labels_whose_record_did_not_come_back_are_seen_by_their_ids(rig: Rig) -> None:
    """Statements outlive the record that names whom they are about, and the casebook opens again."""
    rig.add(rig.first, "one", 10)
    rig.carry(rig.first)
    early = rig.files("segment")
    rig.add(rig.first, "two", 10)
    rig.carry(rig.first)
    for path in early:
        path.unlink()
    made, _ = rig.restore("second")
    made.close()
    with Casebook.open(rig.folder / "second", PASSPHRASE) as opened:
        assert [one.statement for one in opened.statements()] == [f"two-{number}" for number in range(10)]
        opened.add_statements(rig.statements("three", 10))
        assert len(opened.statements()) == 20


def test_a_drill_finds_an_office_as_it_was_whose_computers_entered_side_by_side(rig: Rig) -> None:
    """In which order their records came to this one is no part of what they are."""
    rig.add(rig.first, "one", 3)
    rig.carry(rig.first)
    second, _ = rig.restore("second")
    rig.add(second, "two", 3)
    rig.add(rig.first, "three", 3)
    rig.carry(second)
    rig.carry(rig.first)
    drill = rig.first.drill()
    assert (drill.identical, drill.lost, drill.restored) == (True, 0, drill.records)
