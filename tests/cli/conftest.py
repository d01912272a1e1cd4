"""Runs the command line as a user would: another process, a folder of its own."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from tests import warm
from tests.cheap import CHEAP, at_once

from estelik.casebook import Casebook
from estelik.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PASSPHRASE: Final = b"what the children called the dog"


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    out: str
    err: str
    status: int


class Shell:
    """A folder with a passphrase file, and the variables that name it and a casebook."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.casebook = folder / "casebook"
        (folder / "passphrase.txt").write_bytes(PASSPHRASE + b"\n")
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ESTELIK_")}
        self.environment = at_once(inherited) | {
            "ESTELIK_CASEBOOK": str(self.casebook),
            "ESTELIK_PASSPHRASE_FILE": str(folder / "passphrase.txt"),
            "ESTELIK_RUNTIME": os.environ["ESTELIK_RUNTIME"],
            "COLUMNS": "100",
        }

    def run(self, *arguments: str, **environment: str) -> Said:
        """Runs ``estelik`` with these arguments, in a process of its own."""
        if any(name.startswith("PYTHON") for name in environment):
            return self.anew(*arguments, **environment)
        return Said(*warm.ran(warm.Task(arguments, self.environment | environment, str(self.folder))))

    def anew(self, *arguments: str, **environment: str) -> Said:
        """The same by a Python that is begun for it, as users begin it."""
        done = subprocess.run(
            [sys.executable, "-m", "estelik", *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return Said(done.stdout, done.stderr, done.returncode)

    def prints(self) -> dict[str, str]:
        """The hash of every file of the casebook."""
        return {
            str(path.relative_to(self.casebook)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.casebook.rglob("*"))
            if path.is_file()
        }


class Desk:
    """A folder in which commands are run, each in this very process: there are many of them."""

    def __init__(self, shell: Shell, printed: pytest.CaptureFixture[str]) -> None:
        self.folder, self.prints, self._printed = shell.folder, shell.prints, printed

    def run(self, *arguments: str) -> Said:
        """Runs ``estelik`` with these arguments."""
        status = run(arguments)
        return Said(*self._printed.readouterr(), status)


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def office_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], None]:
    """Puts a casebook with the rows of a sheet somewhere: one that is made once, and then copied."""
    there: dict[str, Path] = {}

    def put(sheet: str, folder: Path) -> None:
        if sheet not in there:
            shell = Shell(tmp_path_factory.mktemp("office"))
            (shell.folder / "sheet.csv").write_text(sheet)
            Casebook.create(shell.casebook, PASSPHRASE, name="Zhanar", cost=CHEAP).close()
            said = shell.run("import", "sheet.csv")
            assert said.status == 0, said
            there[sheet] = shell.casebook
        shutil.copytree(there[sheet], folder)

    return put


@pytest.fixture
def new_desk(
    shell: Shell,
    office_of: Callable[[str, Path], None],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Callable[[str], Desk]:
    """Makes a casebook with the rows of a sheet, and a desk at which commands are run on it."""

    def made(sheet: str) -> Desk:
        (shell.folder / "sheet.csv").write_text(sheet)
        office_of(sheet, shell.casebook)
        for name in ("ESTELIK_CASEBOOK", "ESTELIK_PASSPHRASE_FILE"):
            monkeypatch.setenv(name, shell.environment[name])
        monkeypatch.chdir(shell.folder)
        return Desk(shell, capfd)

    return made
