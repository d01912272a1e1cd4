"""A working copy is what was brought, and there is none without a record."""

from __future__ import annotations

import errno
import json
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.evidence.conftest import PASSPHRASE
from tests.media import files
from tests.vault.killing import Worker

from estelik.casebook import Casebook
from estelik.errors import EvidenceError, FileError, NotFoundError
from estelik.evidence.working_copy import hand_out
from estelik.index import evidence as index
from estelik.index.evidence import Fresh
from estelik.vault import new_file
from estelik.vault.new_file import NewFile

if TYPE_CHECKING:
    from pathlib import Path

    from tests.evidence.conftest import Desk


def test_a_copy_is_as_it_was_brought_and_recorded(desk: Desk) -> None:
    """Byte for byte, readable by its owner alone; the sealed file stays as it is; each has its record."""
    (added,) = desk.add("photo.jpg", compartment="medical")
    sealed = [path.read_bytes() for path in desk.blobs()]
    target = desk.folder / "out.jpg"
    hand_out(desk.casebook.vault, added.id, str(target), " for the doctor ")
    hand_out(desk.casebook.vault, added.id, str(desk.folder / "again.jpg"), "")
    assert target.read_bytes() == files.photograph()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    (one,) = desk.all()
    assert [copy.reason for copy in one.derivations] == ["for the doctor", ""]
    assert {copy.device for copy in one.derivations} == {desk.casebook.vault.device}
    assert [path.read_bytes() for path in desk.blobs()] == sealed
    with desk.casebook.vault.store.read() as connection:
        bodies = connection.execute("SELECT body FROM medical.record WHERE kind = 'evidence'")
        assert [json.loads(body)["what"] for body in bodies.scalars()] == ["file", "copy", "copy"]


@pytest.fixture
def taken(desk: Desk) -> list[str]:
    """Names under which nothing may be written."""
    (desk.folder / "there").write_text("mine")
    (desk.folder / "dangling").symlink_to(desk.folder / "nowhere")
    (desk.folder / "folder").mkdir()
    return [str(desk.folder / name) for name in ("there", "dangling", "folder", "none/out", "nul\0")]


def test_nothing_is_replaced(desk: Desk, taken: list[str]) -> None:
    """No file, no link, no folder; nothing is recorded then, and nothing is left lying."""
    (added,) = desk.add("photo.jpg")
    before = sorted(desk.folder.rglob("*"))
    for path in taken:
        with pytest.raises(FileError):
            hand_out(desk.casebook.vault, added.id, path, "")
    assert sorted(desk.folder.rglob("*")) == before
    assert (desk.folder / "there").read_text() == "mine"
    assert desk.all()[0].derivations == []


def test_a_file_that_is_not_the_one_recorded_is_not_handed_out(desk: Desk) -> None:
    """Though it opens: its record says another hash."""
    desk.add("photo.jpg")
    (one,) = desk.all()
    other = msgspec.structs.replace(one.evidence, sha256="0" * 64)
    index.enter(desk.casebook.vault.store, [Fresh("testimony", other, "a" * 26)])
    with pytest.raises(EvidenceError, match="damaged"):
        hand_out(desk.casebook.vault, "a" * 26, str(desk.folder / "out.jpg"), "")
    assert not (desk.folder / "out.jpg").exists()


def test_one_who_is_faster_keeps_his_file(desk: Desk) -> None:
    """A file that appears while the copy is being made is not replaced."""
    path = desk.folder / "out.bin"
    made = NewFile(str(path))
    made.write(b"ours")
    path.write_bytes(b"his")
    with pytest.raises(FileError, match="something of that name"):
        made.appear()
    made.close(keep=False)
    assert path.read_bytes() == b"his"


def _without_nameless_files(patched: pytest.MonkeyPatch) -> None:
    opening = os.open

    def without(path: Path | str, flags: int, mode: int = 0o777, **more: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(95, "not supported")
        return opening(path, flags, mode, **more)

    patched.setattr(os, "open", without)


def test_a_file_system_without_nameless_files_will_do(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file has its name from the start then, and loses it where something goes wrong; of what is damaged
    no copy is recorded."""
    (added,) = desk.add("photo.jpg")
    _without_nameless_files(monkeypatch)
    hand_out(desk.casebook.vault, added.id, str(desk.folder / "out.jpg"), "")
    assert (desk.folder / "out.jpg").read_bytes() == files.photograph()
    (sealed,) = desk.blobs()
    sealed.write_bytes(sealed.read_bytes()[:-1])
    with pytest.raises(EvidenceError):
        hand_out(desk.casebook.vault, added.id, str(desk.folder / "second.jpg"), "")
    assert not (desk.folder / "second.jpg").exists()
    assert len(desk.all()[0].derivations) == 1


@pytest.mark.parametrize("nameless", [True, False])
def test_what_a_power_cut_leaves_of_a_copy_is_recorded(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, nameless: bool
) -> None:
    """Where the file has a name from the start, what was written of it stays."""
    (added,) = desk.add("photo.jpg")
    target, write = desk.folder / "out.jpg", NewFile.write

    def written(file: NewFile, data: bytes | memoryview) -> int:
        write(file, data)
        os._exit(0)

    def work(_: object) -> None:
        if not nameless:
            _without_nameless_files(monkeypatch)
        monkeypatch.setattr(NewFile, "write", written)
        hand_out(Casebook.open(desk.folder / "case", PASSPHRASE).vault, added.id, str(target), "")

    assert Worker(work).said() == (0, [])
    assert target.exists() is not nameless
    assert len(desk.all()[0].derivations) == (0 if nameless else 1)


def test_a_copy_outlasts_a_power_cut_or_is_not_there(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name as well, but on file systems that have no later moment to lose it in."""
    (added,) = desk.add("photo.jpg")
    for number, wrong in enumerate((errno.EIO, errno.EINVAL)):

        def failing(_: Path, wrong: int = wrong) -> None:
            raise OSError(wrong, "the disk fails")

        target = desk.folder / f"{number}.jpg"
        monkeypatch.setattr(new_file, "sync_folder", failing)
        with suppress(FileError):
            hand_out(desk.casebook.vault, added.id, str(target), "")
        assert target.exists() is (wrong == errno.EINVAL)


def test_a_damaged_or_missing_file_is_not_handed_out(desk: Desk) -> None:
    """No part of it is written, and no copy is recorded; nor for an id that nobody has."""
    desk.file("film.mp4", files.film() + os.urandom(300_000))
    (added,) = desk.add("film.mp4")
    (sealed,) = desk.blobs()
    whole = sealed.read_bytes()
    for data, says in (
        (whole[:-40_000], "damaged"),
        (whole[:150_000] + bytes([whole[150_000] ^ 1]) + whole[150_001:], "damaged"),
        (None, "not on this computer"),
    ):
        sealed.unlink() if data is None else sealed.write_bytes(data)
        with pytest.raises(EvidenceError, match=says):
            hand_out(desk.casebook.vault, added.id, str(desk.folder / "out.mp4"), "")
        assert not (desk.folder / "out.mp4").exists()
    with pytest.raises(NotFoundError):
        hand_out(desk.casebook.vault, "a" * 26, str(desk.folder / "out.mp4"), "")
    assert desk.all()[0].derivations == []
