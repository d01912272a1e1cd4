"""What is particular to folders: sticks that are pulled out, strangers' sticks, and ten thousand names."""

from __future__ import annotations

import errno
import io
import os
import resource
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from estelik.vault.carriers import naming
from estelik.vault.carriers.failures import (
    MissingError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    UnreachableError,
    UnsuitableError,
)
from estelik.vault.carriers.folder import FolderCarrier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAME = "a" * 26
OTHER = "b" * 26


def test_a_writer_that_is_killed_leaves_nothing_that_is_seen(tmp_path: Path) -> None:
    """What it left is swept later, and the name can be written."""
    code = f"""
import io, os, signal, sys
from pathlib import Path
from estelik.vault.carriers.folder import FolderCarrier

class Killed(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 3_000_000:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)

FolderCarrier(Path(sys.argv[1])).put("segment", "{NAME}", Killed(bytes(9_000_000)))
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (left,) = (tmp_path / "estelik" / "segment").iterdir()
    assert left.stat().st_size > 1_000_000
    carrier = FolderCarrier(tmp_path)
    assert carrier.names("segment") == {}
    carrier.write("segment", NAME, b"data")
    os.utime(left, (time.time() - 90_000,) * 2)
    assert carrier.sweep() == 1
    assert [path.name for path in (tmp_path / "estelik" / "segment").iterdir()] == [NAME]


def test_a_disk_that_takes_files_and_gives_no_names_is_said_to_refuse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not that it would let one file replace another: nobody could mend that."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("os.link", refused)
    monkeypatch.setattr(naming, "_rename_function", lambda: None)
    monkeypatch.setattr("os.rename", refused)
    with pytest.raises(RefusedError, match="refuses access"):
        FolderCarrier(tmp_path).write("segment", NAME, b"data")
    assert list((tmp_path / "estelik" / "segment").iterdir()) == []


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As seen from the calls to the system, in their order."""
    calls = []
    sync, link, unlink = os.fsync, os.link, os.unlink

    def seen_sync(file: int) -> None:
        calls.append("folder" if os.path.isdir(f"/proc/self/fd/{file}") else "file")  # noqa: PTH112 (a descriptor)
        sync(file)

    def seen_link(*args: object, **settings: object) -> None:
        calls.append("name")
        link(*args, **settings)  # type: ignore[arg-type]

    def seen_unlink(*args: object, **settings: object) -> None:
        calls.append("unlink")
        unlink(*args, **settings)  # type: ignore[arg-type]

    carrier = FolderCarrier(tmp_path)
    carrier.write("page", OTHER, b"makes the folders")
    for name, seen in (("fsync", seen_sync), ("link", seen_link), ("unlink", seen_unlink)):
        monkeypatch.setattr(os, name, seen)
    carrier.write("page", NAME, b"data")
    assert calls == ["file", "name", "unlink", "folder"]
    calls.clear()
    carrier.remove("page", NAME)
    assert calls == ["unlink", "folder"]


def test_links_and_special_files_on_a_strangers_stick_are_not_followed(tmp_path: Path) -> None:
    """Nor does a pipe make the reader wait."""
    outside = tmp_path / "outside"
    outside.write_bytes(b"of the office")
    stick = tmp_path / "stick"
    carrier = FolderCarrier(stick)
    stick.mkdir()
    carrier.write("segment", OTHER, b"data")
    room = stick / "estelik" / "segment"
    (room / NAME).symlink_to(outside)
    os.mkfifo(room / ("c" * 26))
    (room / ("d" * 26)).mkdir()
    assert carrier.names("segment") == {OTHER: 4}
    for name in (NAME, "c" * 26, "d" * 26):
        with pytest.raises(MissingError):
            carrier.read("segment", name, 100)
        with pytest.raises(MissingError):
            carrier.fetch("segment", name, io.BytesIO())


@pytest.mark.parametrize("part", ["estelik", "estelik/page"])
def test_a_folder_that_leads_elsewhere_is_refused(tmp_path: Path, part: str) -> None:
    outside = tmp_path / "outside"
    (outside / "page").mkdir(parents=True)
    stick = tmp_path / "stick"
    (stick / part).parent.mkdir(parents=True)
    (stick / part).symlink_to(outside)
    with pytest.raises(UnsuitableError):
        FolderCarrier(stick).write("page", NAME, b"data")
    assert not any(path.is_file() for path in outside.rglob("*"))


def test_what_is_no_file_in_the_place_of_evidence_is_not_taken_for_it(tmp_path: Path) -> None:
    """Whoever can write there could else keep a file from being handed on, and nobody would hear of it."""
    (tmp_path / "estelik" / "blob" / NAME).mkdir(parents=True)
    folder = FolderCarrier(tmp_path)
    assert folder.names("blob") == {}
    with pytest.raises(ThereAlreadyError):
        folder.write("blob", NAME, b"sealed")


def test_a_folder_that_is_called_like_a_half_does_not_keep_others_from_being_swept(tmp_path: Path) -> None:
    room = tmp_path / "estelik" / "blob"
    halves = [room / f"{NAME}.{letter * 16}.half" for letter in "abc"]
    halves[1].mkdir(parents=True)
    for path in (halves[0], halves[2]):
        path.write_bytes(b"half")
    for path in halves:
        os.utime(path, (1, 1))
    assert FolderCarrier(tmp_path).sweep() == 2
    assert [path.exists() for path in halves] == [False, True, False]


def test_a_stick_that_was_pulled_out_is_not_replaced_by_the_disk_behind_it(
    tmp_path: Path, small_disk: Callable[[Path], Callable[[str], None]]
) -> None:
    """Its mount point is still there, empty."""
    carrier = FolderCarrier(tmp_path)
    small_disk(tmp_path)
    carrier.write("page", NAME, b"data")
    subprocess.run(["umount", "--lazy", tmp_path], check=True)
    try:
        for attempt in (lambda: carrier.write("page", OTHER, b"data"), lambda: carrier.names("page")):
            with pytest.raises(UnreachableError):
                attempt()
        assert list(tmp_path.iterdir()) == []
    finally:
        # The fixture takes away what it mounted.
        subprocess.run(["mount", "-t", "tmpfs", "tmpfs", tmp_path], check=True)


def test_a_stick_that_fails_while_it_is_read_is_said_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carrier = FolderCarrier(tmp_path)
    carrier.write("page", NAME, b"data")

    def gone(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as broken:
        broken.setattr(os, "lstat", gone)
        with pytest.raises(UnreachableError):
            carrier.read("page", NAME, 10)


def test_a_file_too_large_for_the_file_system_is_not_called_a_full_disk(tmp_path: Path) -> None:
    """FAT takes files up to 4 GiB; here the limit is lower."""
    carrier = FolderCarrier(tmp_path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        with pytest.raises(TooLargeError, match="file system"):
            carrier.write("blob", NAME, bytes(2_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert carrier.names("blob") == {}
    assert list((tmp_path / "estelik" / "blob").iterdir()) == []


def test_ten_thousand_names_are_listed_at_once(tmp_path: Path) -> None:
    """In less than a fifth of a second of a core, which is felt as at once."""
    room = tmp_path / "estelik" / "segment"
    room.mkdir(parents=True)
    letters = "abcdefghij"
    for number in range(10_000):
        (room / ("".join(letters[int(digit)] for digit in f"{number:05}") + "a" * 21)).touch()
    carrier = FolderCarrier(tmp_path)
    taken = []
    for _ in range(3):
        start = time.process_time()
        found = carrier.names("segment")
        taken.append(time.process_time() - start)
    assert len(found) == 10_000
    assert min(taken) < 0.2
