"""Files for somebody to read: for their owner alone, whole or not at all, and never in place of another's."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from estelik.errors import FileError
from estelik.vault import new_file

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["nameless", "named"])
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder, on a file system that knows files without a name, and on one that does not."""
    opening = os.open

    def without(path: Path | str, flags: int, mode: int = 0o777, **more: int) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise OSError(95, "not supported")
        return opening(path, flags, mode, **more)

    if request.param == "named":
        monkeypatch.setattr(os, "open", without)
    return tmp_path


def test_a_new_file_is_for_its_owner_alone(folder: Path) -> None:
    path = folder / "page.html"
    new_file.write(path, b"whole")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"whole", 0o600)


@pytest.mark.parametrize("force", [None, False])
def test_what_is_there_stays(folder: Path, *, force: bool | None) -> None:
    """Only where it can be asked for the message says how."""
    path = folder / "page.html"
    path.write_bytes(b"mine")
    with pytest.raises(FileError) as refused:
        new_file.write(path, b"ours", force=force)
    assert ("--force" in str(refused.value)) is (force is False)
    assert path.read_bytes() == b"mine"


def test_by_force_a_new_file_takes_the_place_of_the_old_one(folder: Path) -> None:
    """Whoever has the old one open, or a second name for it, has the old words; the mode is that of a new
    one."""
    path, other = folder / "page.html", folder / "other.html"
    path.write_bytes(b"mine")
    path.chmod(0o644)
    os.link(path, other)
    new_file.write(path, b"ours", force=True)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"ours", 0o600)
    assert other.read_bytes() == b"mine"
    assert {one.name for one in folder.iterdir()} == {"page.html", "other.html"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_what_is_no_file_is_left_alone(folder: Path, kind: str, *, force: bool) -> None:
    """A link is not followed, wherever it leads."""
    path, target = folder / "page.html", folder / "target"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(target)
        if kind == "link":
            target.write_bytes(b"mine")
    with pytest.raises(FileError):
        new_file.write(path, b"ours", force=force)
    assert not target.exists() or target.read_bytes() == b"mine"
    assert path.is_symlink() is (kind in ("link", "dangling"))


@pytest.mark.parametrize("force", [False, True])
def test_what_fails_on_the_way_leaves_nothing(folder: Path, *, force: bool) -> None:
    """The old file stays where one is to be replaced."""
    path = folder / "page.html"
    if force:
        path.write_bytes(b"mine")
    with suppress(ValueError), new_file.new_file(path, force=force) as made:
        made.write(b"half")
        raise ValueError("broken")
    assert [one.name for one in folder.iterdir()] == (["page.html"] if force else [])
    assert not force or path.read_bytes() == b"mine"


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        new_file.write(tmp_path / "nowhere" / "page.html", b"ours")
