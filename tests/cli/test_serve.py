"""`estelik serve`: the report in the browser, from memory."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
from importlib.resources import as_file
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from estelik import demo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import Shell


@pytest.fixture
def served(shell: Shell, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str, Path]]:
    """A running command, the address that it printed and its folder for what is temporary."""
    assert shell.run("init").status == 0
    with as_file(demo.sheet()) as sheet:
        assert shell.run("import", str(sheet)).status == 0
    away = tmp_path / "away"
    away.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "estelik", "serve", "--no-browser"],
        cwd=away,
        env=shell.environment | {"TMPDIR": str(away), "HOME": str(away), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    found = re.search(r"http://\S+", process.stdout.readline())
    assert found is not None
    try:
        yield process, found[0], away
    finally:
        process.kill()
        process.communicate()


def _asked(address: str, path: str | None = None, **headers: str) -> tuple[int, str, str]:
    parts = urlsplit(address)
    assert parts.hostname == "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", parts.port or 80, timeout=10)
    connection.request("GET", parts.path if path is None else path, headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.getheader("Cache-Control", "")


def test_the_page_is_there_for_whoever_has_the_address_and_leaves_nothing_behind(
    served: tuple[subprocess.Popen[str], str, Path],
) -> None:
    """Not for a guess, not for a name that was made to lead here; ended by Ctrl-C, as it should be."""
    process, address, away = served
    status, page, kept = _asked(address)
    assert (status, kept) == (200, "no-store")
    assert "Erlan Aqboranuly" in page
    for path, headers in (("/", {}), ("/favicon.ico", {}), (None, {"Host": "elsewhere.example"})):
        status, said, _ = _asked(address, path, **headers)
        assert (status, "Erlan" in said) == (404, False)
    assert "Erlan" not in address
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    assert urlsplit(address).path not in err
    assert [file for file in away.rglob("*") if file.is_file()] == []


def test_a_port_that_is_taken_is_told(shell: Shell, served: tuple[subprocess.Popen[str], str, Path]) -> None:
    port = str(urlsplit(served[1]).port)
    said = shell.run("serve", "--no-browser", "--port", port)
    assert (said.status, said.out, "port" in said.err) == (2, "", True)
