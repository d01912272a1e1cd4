"""An import that is killed is there whole or not at all, in all files."""

from __future__ import annotations

import random
import shutil
import signal
import sys
import time
from subprocess import DEVNULL, PIPE, Popen, run
from typing import TYPE_CHECKING

import pytest
from tests.depth import DEPTH

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from pathlib import Path

_IMPORTER = """
import sys
from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement

folder, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with Casebook.open(folder, b"apple tree") as casebook:
    print("open", flush=True)
    casebook.add_statements(
        Statement(f"{name} {n}", f"Person {n % 50}", source=f"source {n % 30}", told="2019", event="arrest",
                  quote="x" * 200, place=f"place {n % 9}", compartment=COMPARTMENTS[n % 5])
        for n in range(count)
    )
    print("done", flush=True)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "case"
    Casebook.create(path, b"apple tree", cost=Cost(8, 1, 1)).close()
    return path


def _command(folder: Path, name: str, count: int) -> list[str]:
    return [sys.executable, "-c", _IMPORTER, str(folder), name, str(count)]


def _check(folder: Path, size: int) -> set[str]:
    """The names of the imports that are there; each must be whole, in every file and in the index."""
    with Casebook.open(folder, b"apple tree") as opened:
        every = opened.statements()
        imports: dict[str, list[Statement]] = {}
        for statement in every:
            imports.setdefault(statement.statement.split()[0], []).append(statement)
        for name, rows in imports.items():
            assert [row.statement for row in rows] == [f"{name} {n}" for n in range(size)]
            assert [row.source for row in rows] == [f"source {n % 30}" for n in range(size)]
            assert [row.compartment for row in rows] == [COMPARTMENTS[n % 5] for n in range(size)]
        found = opened.statements(["Person 7"])
        assert found == [row for row in every if row.about == "Person 7"]
        assert sum(opened.damaged_pages().values()) == 0
    # A journal whose header was never written belongs to no change; the next writer takes it over.
    assert all(path.read_bytes()[:1] in (b"", b"\0") for path in folder.glob("*-journal"))
    return set(imports)


def test_an_import_killed_at_a_random_moment_is_whole_or_absent(folder: Path) -> None:
    size, dice = 2_000, random.Random(20)
    acknowledged: set[str] = set()
    seen: set[str] = set()
    longest = 0.1
    for turn in range(10 * DEPTH):
        name = f"n{turn}"
        with Popen(_command(folder, name, size), stdout=PIPE, stderr=DEVNULL, text=True) as importer:
            assert importer.stdout is not None
            assert importer.stdout.readline() == "open\n"
            begun = time.monotonic()
            if turn:
                time.sleep(dice.uniform(0.2, 1.1) * longest)
                importer.kill()
            if importer.stdout.readline() == "done\n":
                acknowledged.add(name)
            if not turn:
                longest = time.monotonic() - begun
        seen = _check(folder, size)
        assert acknowledged <= seen
    assert seen


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="needs strace, to stop a program at a step of ours"
)
@pytest.mark.parametrize(
    ("call", "moved"), [("pwrite64", False), ("fsync", False), ("fsync", True), ("unlink", False)]
)
def test_an_import_killed_at_any_step_of_writing_is_whole_or_absent(
    folder: Path, call: str, *, moved: bool
) -> None:
    """The process dies as it enters the n-th such call, for n from 1 until it lives through the import.

    ``moved``: before it is opened again the folder gets another name, so that
    the full paths by which its journals know each other lead nowhere.
    """
    size, step, turn = 60, 1, 0
    outcomes = set()
    while True:
        name = f"n{turn}"
        killed = run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
             "-e", f"inject={call}:signal=KILL:when={step}", *_command(folder, name, size)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "open" not in killed.stdout and killed.returncode != -signal.SIGKILL:
            pytest.skip("this machine does not let a program be traced")
        done = "done" in killed.stdout
        if moved:
            folder = folder.rename(folder.with_name(f"moved {turn}"))
        present = name in _check(folder, size)
        assert present or not done
        outcomes.add(present)
        if killed.returncode == 0:
            break
        # Writes are many and alike: every step at first, then wider.
        step += 1 if step < 8 else step // 4
        turn += 1
    assert outcomes == {False, True}


def test_two_imports_at_once_wait_for_each_other(folder: Path) -> None:
    size = 3_000
    importers = [Popen(_command(folder, f"n{n}", size), stdout=PIPE, stderr=PIPE) for n in range(3)]
    results = [importer.communicate() for importer in importers]
    assert [importer.returncode for importer in importers] == [0, 0, 0], results
    assert all(err == b"" for _, err in results)
    assert _check(folder, size) == {"n0", "n1", "n2"}


def test_the_same_sheet_imported_twice_at_once_is_there_once(folder: Path) -> None:
    size = 3_000
    importers = [Popen(_command(folder, "n0", size), stdout=PIPE, stderr=PIPE) for _ in range(2)]
    results = [importer.communicate() for importer in importers]
    assert [importer.returncode for importer in importers] == [0, 0], results
    assert _check(folder, size) == {"n0"}


def test_a_casebook_killed_while_it_is_made_leaves_no_half_of_one(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from estelik.casebook import Casebook\n"
        "from estelik.vault.keys import Cost\n"
        "Casebook.create(sys.argv[1], b'apple tree', cost=Cost(8, 1, 1)).close()\n"
    )
    begun = time.monotonic()
    run([sys.executable, "-c", code, str(tmp_path / "whole")], check=True)
    longest = time.monotonic() - begun
    for turn in range(8):
        path = tmp_path / f"case{turn}"
        with Popen([sys.executable, "-c", code, str(path)], stderr=DEVNULL) as maker:
            time.sleep(longest * (0.4 + turn / 12))
            maker.kill()
        if path.exists():
            Casebook.open(path, b"apple tree").close()
        else:
            Casebook.create(path, b"apple tree", cost=Cost(8, 1, 1)).close()
