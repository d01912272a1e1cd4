"""`estelik serve`: the desk, for as long as the command runs."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from tests.web.conftest import made, serving

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def test_the_desk_is_there_until_it_is_ended(tmp_path: Path) -> None:
    """Ended by Ctrl-C, it says nothing more, and nothing of what was shown is left on the disk."""
    folder = made(tmp_path / "casebook")
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with serving(folder, anew=True) as desk:
        assert desk.asked("GET", "/sign-in")[0] == 200
        os.kill(desk.process.pid, signal.SIGINT)
        out, err = desk.process.communicate(timeout=60)
        assert (desk.process.returncode, out) == (0, "")
        assert err.strip() == "Press Ctrl-C to close it."
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_port_that_is_taken_is_told(shell: Shell, tmp_path: Path) -> None:
    folder = made(tmp_path / "casebook")
    with serving(folder) as desk:
        port = desk.host.partition(":")[2]
        said = shell.run("serve", "--no-browser", "--port", port, "--casebook", str(folder))
        assert (said.status, said.out, "port" in said.err) == (2, "", True)


def test_a_folder_without_a_casebook_is_told(shell: Shell) -> None:
    said = shell.run("serve", "--no-browser")
    assert (said.status, said.out) == (2, "")
    assert "There is no casebook in this folder." in said.err


def test_the_how_to_opens_the_desk_with_this_command() -> None:
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "howto" / "desk.md").read_text(encoding="utf-8")
    assert re.findall(r"^\$ (.*)$", page, re.MULTILINE) == ["estelik serve"]
