"""Runs the commands that the documentation shows, and compares what they print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from tests import warm
from tests.cheap import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
PASSPHRASE: Final = b"a passphrase of the tests"
#: Marks that keep two directions of writing apart; nobody sees them, and pages leave them out.
_ISOLATES = re.compile("[\u2066-\u2069]")
_FENCE = re.compile(r"^```(?P<info>[^\n`]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a page: its language, the settings behind it, its text."""

    language: str
    settings: dict[str, str]
    text: str

    def commands(self) -> list[tuple[str, str]]:
        """The commands of a console block, each with the output that the page shows for it."""
        parts = re.split(r"^\$ ", self.text, flags=re.MULTILINE)
        assert parts[0] == "", "a console block begins with a command"
        return [
            (command, shown.rstrip("\n"))
            for command, _, shown in (part.partition("\n") for part in parts[1:])
        ]


class Console:
    """A shell in a folder of its own; what a command exports holds for the next. ``programs``: where
    ``estelik`` is, if it is not the one that was installed."""

    def __init__(self, folder: Path, programs: Path = Path(sys.executable).parent) -> None:
        self.folder = folder
        passphrase = folder / ".passphrase"
        passphrase.write_bytes(PASSPHRASE + b"\n")
        (folder / ".venv").symlink_to(sys.prefix)
        path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
        self.environment = {
            **at_once(os.environ),
            "PATH": path,
            "ESTELIK_PASSPHRASE_FILE": str(passphrase),
            "LC_ALL": "C.UTF-8",
        }

    def run(self, command: str) -> tuple[str, int]:
        """What a command prints (both streams as they come), and its exit status."""
        keep = self.folder / ".environment"
        done = subprocess.run(
            ["bash", "-c", f'{command}\nstatus=$?; env -0 >"$0"; exit $status', str(keep)],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        kept = keep.read_text(encoding="utf-8").split("\0")
        self.environment = dict(entry.split("=", 1) for entry in kept if entry)
        return _ISOLATES.sub("", done.stdout.rstrip("\n")), done.returncode

    def follow(self, block: Block) -> None:
        """Does what a block says: writes a file, or runs commands and compares."""
        if "file" in block.settings:
            (self.folder / block.settings["file"]).write_text(block.text, encoding="utf-8")
        if block.language != "console":
            return
        for command, shown in block.commands():
            printed, status = self.run(command)
            assert status == int(block.settings.get("exit", "0")), f"{command}\n{printed}"
            if shown:
                assert re.fullmatch(_pattern(shown), printed, re.DOTALL), f"{command}\n{printed}"


def _pattern(shown: str) -> str:
    """What a page shows, as a pattern: ``...`` stands for anything."""
    return ".*?".join(re.escape(part) for part in shown.split("..."))


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page of the repository, in order."""
    text = (ROOT / page).read_text(encoding="utf-8")
    found = []
    for match in _FENCE.finditer(text):
        language, *settings = match["info"].split() or [""]
        found.append(Block(language, dict(setting.split("=", 1) for setting in settings), match["body"]))
    return found


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A shell in an empty folder, with a passphrase and the installed command."""
    return Console(tmp_path)


@pytest.fixture
def quick(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Console:
    """The same with a command that begins at once (``warm``)."""
    return Console(tmp_path, warm.program(tmp_path_factory.mktemp("programs")).parent)


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return ROOT


@pytest.fixture
def page() -> Callable[[str], list[Block]]:
    """Reads the fenced blocks of a page."""
    return blocks
