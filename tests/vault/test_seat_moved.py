"""A folder that was moved in the middle of a commit, and is opened first by somebody who holds a part."""

from __future__ import annotations

import shutil
import signal
import sys
from subprocess import run
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS

if TYPE_CHECKING:
    from pathlib import Path

_IMPORTER = """
import sys
from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement

with Casebook.open(sys.argv[1], b"apple tree") as casebook:
    print("open", flush=True)
    casebook.add_statements(
        Statement(f"s{n}", "Person", source="a", event="arrest", when="2018", compartment=COMPARTMENTS[n % 5])
        for n in range(20)
    )
"""


@pytest.mark.skipif(
    shutil.which("strace") is None, reason="needs strace, to stop a program at a step of ours"
)
def test_what_was_cut_off_is_whole_in_all_files_though_a_seat_is_opened_first(tmp_path: Path) -> None:
    """She rolls back what she holds; the files that she does not hold must not be taken for finished then."""
    whole = tmp_path / "whole"
    with Casebook.create(whole, b"apple tree", cost=CHEAP) as made:
        made.seats.add("Aigul", b"Aigul", ("testimony",), cost=CHEAP)
    several = 0
    for step in range(1, 80):
        folder = tmp_path / f"case {step}"
        shutil.copytree(whole, folder)
        killed = run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,fdatasync",
             "-e", f"inject=fsync,fdatasync:signal=KILL:when={step}",
             sys.executable, "-c", _IMPORTER, str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if "open" not in killed.stdout and killed.returncode != -signal.SIGKILL:
            pytest.skip("this machine does not let a program be traced")
        if not list(folder.glob("*-mj*")):
            shutil.rmtree(folder)
            if killed.returncode == 0 or several > 2:
                break
            continue
        several += 1
        moved = folder.rename(tmp_path / f"moved {step}")
        with Casebook.open_seat(moved, 1, b"Aigul") as there:
            seen = len(there.statements())
        with Casebook.open(moved, b"apple tree") as casebook:
            there_are = [one.compartment for one in casebook.statements()]
        assert sorted(there_are) in ([], sorted(COMPARTMENTS * 4))
        assert seen == there_are.count("testimony")
    assert several
