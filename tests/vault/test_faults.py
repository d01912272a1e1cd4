"""Disks that are full, fail or cannot be written: told in words, nothing lost, and well again afterwards.

The kernel itself refuses the calls (seccomp), in a child process, from a given
moment on.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
import traceback
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.vault.conftest import CHEAP, PASSPHRASE

from estelik import cli
from estelik.casebook import Casebook
from estelik.errors import EstelikError
from estelik.records import COMPARTMENTS
from estelik.vault.carriers.folder import FolderCarrier

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.vault.conftest import Rig

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="the numbers of calls are Linux's"
)

#: Sealed files are written with ``write``, databases with ``pwrite64``.
CALLS: Final = {"write": 1, "pread64": 17, "pwrite64": 18, "fsync": 74}
FULL: Final = ("write", errno.ENOSPC)
READ_ONLY: Final = ("write", errno.EROFS)
FULL_DATABASE: Final = ("pwrite64", errno.ENOSPC)
LOST: Final = ("fsync", errno.EIO)
UNREADABLE: Final = ("pread64", errno.EIO)


def _refuse(call: int, error: int) -> None:
    """From now on the kernel refuses this call to this process (seccomp, filter mode)."""

    def step(code: int, then: int, otherwise: int, value: int) -> bytes:
        return struct.pack("HBBI", code, then, otherwise, value)

    program = ctypes.create_string_buffer(
        step(0x20, 0, 0, 0)
        + step(0x15, 1, 0, call)
        + step(6, 0, 0, 0x7FFF0000)
        + step(6, 0, 0, 0x50000 | error)
    )
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", 4, ctypes.addressof(program)))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, header, 0, 0) == 0


def _said(work: Callable[[Callable[[], None]], None], call: str, error: int) -> str:
    """What a child process says that does ``work``, and from where ``work`` says so is refused ``call``."""
    out, back = os.pipe()
    child = os.fork()
    if not child:
        try:
            work(lambda: _refuse(CALLS[call], error))
            said = "done"
        except EstelikError as failure:
            said = f"told: {failure}"
        except BaseException:  # noqa: BLE001 (the parent says what it was)
            said = traceback.format_exc()
        # Not ``write``: it may be the one.
        os.writev(back, [said.encode()])
        os._exit(0)
    os.close(back)
    with os.fdopen(out, "rb") as pipe:
        said = pipe.read().decode()
    os.waitpid(child, 0)
    return said


@pytest.mark.parametrize(
    ("what", "fault", "words"),
    [
        ("enter", FULL_DATABASE, "The disk is full"),
        ("enter", LOST, "The disk fails"),
        ("enter", UNREADABLE, "of this casebook is damaged"),
        ("seal", FULL, "The disk is full"),
        ("seal", FULL_DATABASE, "The disk is full"),
        ("seal", READ_ONLY, "sealed files of this casebook cannot be written"),
        ("seal", LOST, "disk of this computer fails"),
        ("sync", FULL, "The carrier is full"),
        ("sync", READ_ONLY, "The carrier is read-only"),
        ("sync", LOST, "The carrier is not there"),
        ("sync", UNREADABLE, "of this casebook is damaged"),
    ],
)
def test_a_disk_that_fails_is_told_and_nothing_is_lost(
    rig: Rig, what: str, fault: tuple[str, int], words: str
) -> None:
    """Entering, sealing and carrying: it fails in words; the next one does it all."""
    rig.add(rig.first, "one")
    rig.carry(rig.first)
    rig.first.add_statements(rig.statements("two", 6))
    if what == "sync":
        rig.first.vault.seal()
    rig.first.close()

    def work(refuse: Callable[[], None]) -> None:
        with Casebook.open(rig.folder / "first", PASSPHRASE) as opened:
            carrier = FolderCarrier(rig.root())
            opened.vault.health()
            refuse()
            if what == "enter":
                opened.add_statements(rig.statements("three", 6))
            elif what == "seal":
                opened.vault.seal()
            else:
                opened.sync("stick", carrier)

    said = _said(work, *fault)
    assert said.startswith("told: "), said
    assert words in said
    with Casebook.open(rig.folder / "first", PASSPHRASE) as opened:
        names = [one.statement.partition("-")[0] for one in opened.statements()]
        assert names.count("one") == names.count("two") == 6
        assert "three" not in names
        opened.vault.seal()
        assert {one.what for one in rig.carry(opened).troubles} <= {"lost"}
        assert rig.verify(opened).troubles == ()
        assert opened.vault.verify(opened.vault.shelf).troubles == ()
        assert opened.vault.health().nowhere == 0


def test_what_a_full_disk_ends_in_the_middle_of_a_sync_is_said_truly(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What came in before stays: nobody is told that nothing was written."""
    second = rig.join("second", "Aigul", COMPARTMENTS)
    rig.add(second, "theirs", 6)
    rig.carry(second)
    rig.first.add_statements(rig.statements("two", 6))
    rig.first.close()
    (tmp_path / "passphrase").write_bytes(PASSPHRASE)
    receive = Casebook.receive

    def work(refuse: Callable[[], None]) -> None:
        def received(casebook: Casebook, *more: Any) -> Any:
            taken = receive(casebook, *more)
            refuse()
            return taken

        with (tmp_path / "said").open("w") as said:
            monkeypatch.setattr(Casebook, "receive", received)
            monkeypatch.setattr(sys, "stderr", said)
            folder, file = str(rig.folder / "first"), str(tmp_path / "passphrase")
            assert cli.run(["sync", "--casebook", folder, "--passphrase-file", file]) == 2

    assert _said(work, *FULL_DATABASE) == "done"
    said = (tmp_path / "said").read_text()
    assert "The disk is full. What came in or was handed on before that stays" in said
    assert "Nothing was written" not in said
    with Casebook.open(rig.folder / "first", PASSPHRASE) as opened:
        names = [one.statement.partition("-")[0] for one in opened.statements()]
        assert (names.count("theirs"), names.count("two")) == (6, 6)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (FULL, "The disk is full"),
        (FULL_DATABASE, "The disk is full"),
        (LOST, "disk of this computer fails"),
        (UNREADABLE, "The disk fails"),
    ],
)
def test_a_disk_that_fails_in_a_restore_leaves_no_casebook(
    rig: Rig, fault: tuple[str, int], words: str
) -> None:
    """Half of one would pass for whole; the next restore brings everything."""
    rig.add(rig.first, "one", 9)
    rig.carry(rig.first)
    carrier = FolderCarrier(rig.root())

    def work(refuse: Callable[[], None]) -> None:
        def progress(done: int, _all: int) -> None:
            if done == 2:
                refuse()

        Casebook.restore(rig.folder / "b", PASSPHRASE, carrier, rig.shares[:2], cost=CHEAP, progress=progress)

    before = {path.name for path in rig.folder.iterdir()}
    said = _said(work, *fault)
    assert said.startswith("told: "), said
    assert words in said
    assert {path.name for path in rig.folder.iterdir()} == before
    made, found = rig.restore("b")
    assert (found.troubles, made.statements()) == ((), rig.first.statements())
