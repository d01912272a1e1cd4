"""Evidence goes to carriers and comes back, and whatever is missing or changed is named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.media import files

from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.evidence.verification import Finding, on_carrier, verify
from estelik.evidence.working_copy import hand_out
from estelik.vault import blob
from estelik.vault.carriers.failures import FullError, UnreachableError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.office import Place

if TYPE_CHECKING:
    from typing import BinaryIO

    from tests.evidence.conftest import Desk


def _names(desk: Desk, where: str) -> set[str]:
    return {path.name for path in desk.blobs(where)}


def test_a_sync_carries_what_is_lacking_and_no_more(desk: Desk) -> None:
    """Blobs of sealed records, each once; health and verify count them."""
    desk.add("photo.jpg", "letter.pdf")
    vault = desk.casebook.vault
    assert vault.health().blobs == (2, (), 2)
    first = desk.carry()
    assert _names(desk, "stick/") == _names(desk, "case/sealed")
    assert first.troubles == ()
    assert (desk.carry().files, desk.carry().bytes) == (0, 0)
    assert vault.health().blobs == (2, (2,), 0)
    desk.file("film.mp4", files.film())
    desk.add("film.mp4")
    assert vault.health().blobs == (3, (2,), 1)
    place, carrier = vault.carrier("stick")
    checked = vault.verify(carrier, place)
    assert (checked.blobs, checked.blobs_behind, checked.troubles, checked.unknown) == (2, 1, (), 0)
    # Not before its record can be opened there.
    assert desk.casebook.sync("stick", carrier).files == 0
    desk.carry()
    assert vault.verify(carrier, vault.office.place("stick")).blobs == 3
    assert vault.verify(vault.shelf).blobs == 3


def test_a_file_that_two_have_added_is_counted_once(desk: Desk) -> None:
    """On two computers that had not met since: two sealed files, and one file of evidence."""
    desk.carry()
    other, _ = desk.restore("other")
    other.vault.add_carrier(Place("stick", str(desk.folder / "stick")))
    intake.add(other.vault, [str(desk.folder / "photo.jpg")], Particulars())
    other.vault.seal()
    other.sync("stick", FolderCarrier(desk.folder / "stick"))
    desk.add("photo.jpg")
    assert desk.casebook.vault.health().blobs == (1, (0,), 1)
    desk.carry()
    desk.carry()
    assert len(desk.blobs()) == 2
    assert desk.casebook.vault.health().blobs == (1, (1,), 0)
    desk.add("letter.pdf")
    assert desk.casebook.vault.health().blobs == (2, (1,), 1)


def test_what_is_gone_from_a_carrier_is_named_and_handed_on_again(desk: Desk) -> None:
    """Changed content and changed sizes are named by verify and by sync, and nothing there is replaced."""
    desk.add("photo.jpg", "letter.pdf")
    desk.carry()
    vault = desk.casebook.vault
    place, carrier = vault.carrier("stick")
    gone, changed = (desk.folder / "stick/estelik/blob" / one.evidence.blob.name for one in desk.all())
    gone.unlink()
    changed.write_bytes(bytes(changed.stat().st_size))
    found = {(trouble.what, trouble.kind, trouble.name) for trouble in vault.verify(carrier, place).troubles}
    assert found == {("missing", "blob", gone.name), ("damaged", "blob", changed.name)}
    moved = desk.carry()
    assert [(trouble.what, trouble.name) for trouble in moved.troubles] == [("lost", gone.name)]
    assert gone.exists()
    changed.write_bytes(b"short")
    assert [trouble.what for trouble in desk.carry().troubles] == ["differs"]
    assert changed.read_bytes() == b"short"
    assert vault.health().blobs.nowhere == 1


def test_what_is_no_file_in_the_place_of_evidence_is_named_and_the_rest_goes_on(desk: Desk) -> None:
    """On the carrier and here; as soon as it is out of the way, the file of evidence takes its place."""
    desk.add("photo.jpg", "letter.pdf")
    names = sorted(_names(desk, "case/sealed"))
    there, here = desk.folder / "stick/estelik/blob", desk.blobs()[0].parent
    (there / names[0]).mkdir(parents=True)
    moved = desk.carry()
    assert [(trouble.what, trouble.name) for trouble in moved.troubles] == [("differs", names[0])]
    assert (there / names[1]).is_file()
    (there / names[0]).rmdir()
    assert desk.carry().troubles == ()
    # What was there, and is gone, is not said to have been handed on again.
    (there / names[1]).unlink()
    (there / names[1]).mkdir()
    assert [trouble.what for trouble in desk.carry().troubles] == ["differs"]
    (here / names[0]).unlink()
    (here / names[0]).mkdir()
    moved = desk.carry()
    assert {(trouble.what, trouble.name) for trouble in moved.troubles} == {
        ("differs", names[0]),
        ("differs", names[1]),
    }
    (here / names[0]).rmdir()
    place, carrier = desk.casebook.vault.carrier("stick")
    checked = desk.casebook.vault.verify(carrier, place)
    assert [(trouble.what, trouble.name) for trouble in checked.troubles] == [("missing", names[1])]
    (there / names[1]).rmdir()
    assert [trouble.what for trouble in desk.carry().troubles] == ["lost"]
    assert _names(desk, "stick/") == _names(desk, "case/sealed") == set(names)


def test_what_is_damaged_here_goes_nowhere_and_comes_back_from_a_carrier(desk: Desk) -> None:
    """A sync fetches what this computer has lost, as far as the carrier has it whole."""
    desk.add("photo.jpg", "letter.pdf")
    desk.carry("first")
    one, other = desk.blobs()
    whole = one.read_bytes()
    one.write_bytes(whole[:-1] + b"x")
    moved = desk.carry("second")
    assert [(trouble.what, trouble.name) for trouble in moved.troubles] == [("unsent", one.name)]
    assert _names(desk, "second") == {other.name}
    one.unlink()
    assert [trouble.what for trouble in desk.carry("second").troubles] == ["missing"]
    assert desk.carry("first").troubles == ()
    assert one.read_bytes() == whole
    assert desk.carry("second").troubles == ()
    assert _names(desk, "second") == _names(desk, "first")


def test_a_good_copy_takes_the_place_of_a_damaged_one_when_asked(desk: Desk) -> None:
    """From this computer to a carrier and back; never one that is not whole itself."""
    desk.add("photo.jpg", "letter.pdf")
    desk.carry()
    vault = desk.casebook.vault
    place, carrier = vault.carrier("stick")
    whole = [path.read_bytes() for path in desk.blobs()]
    for name, side, good, bad in (
        ("stick", place, vault.shelf, carrier),
        ("case/sealed", None, carrier, vault.shelf),
    ):
        first, second = desk.blobs(name)
        first.unlink()
        second.write_bytes(b"x" * len(whole[1]))
        found = vault.verify(bad, side)
        assert len(found.troubles) == 2
        assert vault.mend(good, bad, found.troubles) == set(found.troubles)
        assert vault.verify(bad, side).troubles == ()
        assert [path.read_bytes() for path in desk.blobs(name)] == whole
    for name in ("stick", "case/sealed"):
        desk.blobs(name)[0].write_bytes(b"y" * len(whole[0]))
    found = vault.verify(carrier, place)
    assert vault.mend(vault.shelf, carrier, found.troubles) == set()
    assert desk.blobs("stick")[0].read_bytes() == b"y" * len(whole[0])


def test_an_office_comes_back_with_its_evidence(desk: Desk) -> None:
    """Every file is as it was brought; what the carrier does not have is named, and fetched from another."""
    desk.add("photo.jpg", "letter.pdf", source="Zulfiya")
    desk.carry("whole")
    desk.carry()
    before = desk.all()
    desk.blobs("stick")[0].unlink()
    changed = desk.blobs("stick")[0]
    changed.write_bytes(changed.read_bytes()[:-1] + b"x")
    back, found = desk.restore("back")
    assert found.blobs == 0
    assert {(trouble.what, trouble.kind) for trouble in found.troubles} == {
        ("missing", "blob"),
        ("damaged", "blob"),
    }
    assert desk.all(back) == before
    assert desk.blobs("back/sealed") == []
    files_found = back.vault.fetch_blobs(FolderCarrier(desk.folder / "whole"))
    assert (files_found.files, files_found.troubles) == (2, ())
    assert verify(desk.all(back), back.vault.shelf, "") == (2, [])
    whole, again = desk.restore("again", "whole")
    assert (again.blobs, again.troubles) == (2, ())
    hand_out(whole.vault, before[0].id, str(desk.folder / "out.jpg"), "")
    assert (desk.folder / "out.jpg").read_bytes() == files.photograph()


class _Failing(FolderCarrier):
    """A carrier that ends in the middle of the second blob."""

    def __init__(self, *arguments: object, error: type[Exception]) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self._left = 1
        self._failure = error

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        if kind == blob.KIND:
            self._left -= 1
            if self._left < 0:
                source.read(1000)
                raise self._failure
        return super().put(kind, name, source)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        if kind == blob.KIND:
            self._left -= 1
            if self._left < 0:
                target.write(b"some")
                raise self._failure
        return super().fetch(kind, name, target, start)


def test_a_carrier_that_breaks_off_has_the_records_and_goes_on_later(desk: Desk) -> None:
    """In a sync what was carried stays; in a restore all records are there, and a sync brings the rest."""
    desk.file("film.mp4", files.film() + os.urandom(200_000))
    desk.add("photo.jpg", "letter.pdf", "film.mp4")
    desk.carry("first")
    vault = desk.casebook.vault
    root = desk.folder / "stick"
    root.mkdir()
    desk.casebook.vault.add_carrier(vault.office.carriers[0].__class__("stick", str(root)))
    with pytest.raises(FullError):
        desk.casebook.sync("stick", _Failing(root, error=FullError))
    assert len(desk.blobs("stick")) == 1
    assert vault.health().nowhere == 0
    assert vault.health().places[1][1] == vault.health().records
    assert desk.carry().files == 2
    back, found = desk.restore("back", "stick")
    assert found.blobs == 3
    for path in desk.blobs("back/sealed"):
        path.unlink()
    moved = back.vault.fetch_blobs(_Failing(root, error=UnreachableError))
    assert (moved.files, [trouble.what for trouble in moved.troubles]) == (1, ["missing"] * 2)
    assert back.vault.fetch_blobs(FolderCarrier(root)).files == 2


def test_verification_says_what_is_wrong_where(desk: Desk) -> None:
    """Missing, damaged, or another file than was brought; and what was not handed on yet is no fault."""
    added = desk.add("photo.jpg", "letter.pdf")
    desk.carry()
    desk.file("film.mp4", files.film())
    desk.add("film.mp4")
    vault = desk.casebook.vault
    place, carrier = vault.carrier("stick")
    due, behind = on_carrier(vault.store, desk.all(), carrier, place.blobs)
    assert ([one.id for one in due], behind) == ([one.id for one in added], 1)
    assert verify(due, carrier, "stick") == (2, [])
    by_id = {one.id: one.evidence.blob.name for one in desk.all()}
    first, second = (desk.folder / "stick/estelik/blob" / by_id[one.id] for one in added)
    second.unlink()
    first.write_bytes(first.read_bytes()[:-9])
    due, behind = on_carrier(vault.store, desk.all(), carrier, place.blobs)
    good, findings = verify(due, carrier, "stick")
    assert (good, behind) == (0, 1)
    assert findings == [Finding(added[0].id, "stick", "damaged"), Finding(added[1].id, "stick", "missing")]
    other = desk.all()[0]._replace(evidence=desk.all()[1].evidence)
    lying = other._replace(
        evidence=other.evidence.__class__(
            other.evidence.blob, "0" * 64, other.evidence.bytes, "x", "", other.evidence.device
        )
    )
    assert verify([lying], vault.shelf, "") == (0, [Finding(lying.id, "", "differs")])


def test_a_drill_brings_evidence_back_and_notices_what_does_not_open(desk: Desk) -> None:
    """The sealed files themselves are left alone."""
    desk.add("photo.jpg", "letter.pdf")
    before = [path.read_bytes() for path in desk.blobs()]
    found = desk.casebook.drill()
    assert (found.identical, found.blobs, found.all_blobs) == (True, 2, 2)
    assert [path.read_bytes() for path in desk.blobs()] == before
    desk.blobs()[0].write_bytes(before[0][:-1])
    found = desk.casebook.drill()
    assert (found.identical, found.blobs, found.all_blobs) == (False, 1, 2)
