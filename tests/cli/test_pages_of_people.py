"""`estelik report` and `estelik demo`."""

from __future__ import annotations

import re
import signal
import stat
import subprocess
import sys
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from estelik import demo

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A casebook that holds the demonstration."""
    assert shell.run("init").status == 0
    with as_file(demo.sheet()) as sheet:
        assert shell.run("import", str(sheet)).status == 0
    return shell


def test_a_report_is_about_those_who_were_named(filled: Shell) -> None:
    said = filled.run("report", "Yerke", "Erlan Aqboranuly", "-o", "two.html")
    assert (said.out, said.status) == ("", 0)
    page = filled.folder / "two.html"
    headings = re.findall(r"<h[12][^>]*>(.*?)</h[12]>", page.read_text(encoding="utf-8"), re.DOTALL)
    assert any("Yerke" in heading for heading in headings)
    assert not any("Saule" in heading for heading in headings)
    assert stat.S_IMODE(page.stat().st_mode) == 0o600


def test_a_report_of_one_day_is_the_same_page_each_time(filled: Shell) -> None:
    pages = []
    for name in ("first.html", "second.html"):
        assert filled.run("report", "-o", name, "--today", "2026-11-22").status == 0
        pages.append((filled.folder / name).read_bytes())
    assert pages[0] == pages[1]


def test_nobody_by_that_name_is_no_empty_page(filled: Shell) -> None:
    said = filled.run("report", "Nobody", "-o", "none.html")
    assert said.status == 2
    assert "Nobody" not in said.err
    assert not (filled.folder / "none.html").exists()


def test_a_day_that_is_none_is_refused(filled: Shell) -> None:
    said = filled.run("report", "-o", "none.html", "--today", "yesterday")
    assert (said.status, "2026-11-22" in said.err, "yesterday" in said.err) == (2, True, False)


def test_the_demonstration_checks_itself_and_leaves_nothing(shell: Shell, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    said = shell.run("demo", "--check", TMPDIR=str(away))
    assert (said.status, said.err) == (0, "")
    assert len(said.out.splitlines()) == 3
    assert list(away.iterdir()) == []


def test_the_demonstration_leaves_a_casebook_to_go_on_with(shell: Shell, tmp_path: Path) -> None:
    """It says where the desk is, and which passphrase opens it; Ctrl-C ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "estelik", "demo"],
        cwd=tmp_path,
        env=shell.environment | {"TMPDIR": str(tmp_path), "DISPLAY": "", "WAYLAND_DISPLAY": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = ""
    while "passphrase that it asks for" not in said:
        line = process.stdout.readline()
        assert line
        said += line
    assert process.stderr is not None
    assert process.stderr.readline().strip() == "Press Ctrl-C to close it."
    process.send_signal(signal.SIGINT)
    assert (process.communicate(timeout=20)[1].strip(), process.returncode) == ("", 0)
    named = dict(re.findall(r"export (\w+)=(\S+)", said))
    assert shell.run("timeline", "Yerke", **named).out.startswith("Yerke\n")
    passphrase = Path(named["ESTELIK_PASSPHRASE_FILE"])
    assert stat.S_IMODE(passphrase.stat().st_mode) == 0o600
    assert said.rstrip().endswith(passphrase.read_text(encoding="ascii").strip())
