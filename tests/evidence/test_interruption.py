"""Adding evidence that is killed leaves all of it or nothing, and what is left is swept away."""

from __future__ import annotations

import os
import random
import sys
import time
from subprocess import DEVNULL, PIPE, Popen
from typing import TYPE_CHECKING

from estelik.evidence.verification import verify
from estelik.vault import blobs

if TYPE_CHECKING:
    from tests.evidence.conftest import Desk

_ADDER = """
import sys
from estelik.casebook import Casebook
from estelik.evidence.intake import Particulars, add
with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    print("open", flush=True)
    add(casebook.vault, sys.argv[2:], Particulars(source="Zulfiya"))
    print("done", flush=True)
"""


def test_an_addition_killed_at_a_random_moment_is_whole_or_absent(desk: Desk) -> None:
    """No record without its blob; and after the next command no blob, whole or half, without its record."""
    dice = random.Random(7)
    acknowledged: set[str] = set()
    killed = halves = 0
    for turn in range(6):
        names = [f"{turn}-{number}.bin" for number in range(3)]
        paths = [desk.file(name, os.urandom(4 << 20)) for name in names]
        command = [sys.executable, "-c", _ADDER, str(desk.folder / "case"), *paths]
        with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as adder:
            assert adder.stdout is not None
            assert adder.stdout.readline() == "open\n"
            if turn:
                known = len(desk.blobs())
                # Every second time not before the first of its files lies there, half or whole.
                while turn % 2 and len(desk.blobs()) == known and adder.poll() is None:
                    time.sleep(0.001)
                time.sleep(dice.uniform(0.0, 0.15))
                adder.kill()
            if adder.stdout.readline() == "done\n":
                acknowledged.update(names)
            else:
                killed += 1
        there = desk.all()
        came = {one.accessions[0].file for one in there}
        assert acknowledged <= came
        assert came & set(names) in (set(), set(names))
        assert verify(there, desk.casebook.vault.shelf, "") == (len(there), [])
        halves += len(desk.blobs()) > len(there)
        desk.casebook.vault.sweep_blobs()
        assert {path.name for path in desk.blobs()} == {one.evidence.blob.name for one in there}
    assert acknowledged
    assert killed
    assert halves


def test_what_others_are_making_is_not_swept(desk: Desk) -> None:
    """Neither a blob that is being written, nor one whose record is not entered yet; and never one that
    nobody noted, whatever it is."""
    vault = desk.casebook.vault
    desk.add("photo.jpg")
    folder = vault.shelf_folder / "estelik" / "blob"
    (folder / ("b" * 26)).write_bytes(b"somebody's")
    with blobs.making(vault.shelf_folder):
        blobs.begin(vault.store, "testimony", ["a" * 26])
        (folder / ("a" * 26)).write_bytes(b"being made")
        assert vault.sweep_blobs() == 0
        assert len(desk.blobs()) == 3
    assert vault.sweep_blobs() == 1
    assert vault.sweep_blobs() == 0
    assert ("b" * 26) in {path.name for path in desk.blobs()}
    assert len(desk.blobs()) == 2
