"""A desk: a casebook that opens at once, and the commands as they are called."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import pytest

from estelik.casebook import Casebook
from estelik.cli import run
from estelik.records import Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Two lives that may be one, of whom a third speaks; and two unnamed people.
ROWS = [
    Statement("a1", "Qalisbek", "visit", "Saule", "2020-01", event="birth", when="1962"),
    Statement("a2", "Qalisbek", "visit", "Saule", "2020-01", event="arrest", when="2018-03", place="Tekes"),
    Statement("b1", "Калисбек", "register", "Ministry", "2019-05", event="release", when="2019-01",
              after="arrest"),
    Statement("b2", "Калисбек", "register", "Ministry", "2019-05", event="arrest", when="2018",
              place="Tekes"),
    Statement("c1", "Qalisbek", "letter", "Aman", "2021", event="arrest", when="2018-03/2018-04"),
    Statement("d1", "Dana", "letter", "Aman", "2021", event="arrest", after="Калисбек/release", gap="P7D"),
    Statement("e1", "Erkin", "letter", "Aman", "2021", event="shelter-entry", when="2022"),
    Statement("u1", "?cellmate", "letter", "Aman", "2021", event="camp-entry", when="2018-06"),
    Statement("u2", "?cellmate", "visit", "Saule", "2020-01", event="camp-entry", when="2018-07"),
]  # fmt: skip


class Said(NamedTuple):
    """What a command printed, and how it ended."""

    out: str
    err: str
    status: int

    def json(self) -> Any:
        """The document that it printed."""
        return msgspec.json.decode(self.out)


class _Terminal(io.StringIO):
    """What is typed at a terminal."""

    def isatty(self) -> bool:
        return True


class Desk:
    """One casebook and its commands."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.folder = folder / "case"
        Casebook.create(
            self.folder, b"apple tree", name="Aigul", cost=Cost(memory=8, passes=1, lanes=1)
        ).close()
        (folder / "passphrase").write_text("apple tree\n")
        patch.setenv("ESTELIK_CASEBOOK", str(self.folder))
        patch.setenv("ESTELIK_PASSPHRASE_FILE", str(folder / "passphrase"))
        self._capture, self._patch = capture, patch

    def open(self) -> Casebook:
        """The casebook itself."""
        return Casebook.open(self.folder, b"apple tree")

    def enter(self, rows: Iterable[Statement]) -> None:
        """Enters statements."""
        with self.open() as casebook:
            casebook.add_statements(rows)

    def run(self, *words: str, typed: str = "", terminal: bool = False) -> Said:
        """Runs ``estelik`` with these words; what is ``typed`` comes from a terminal, or is piped."""
        self._patch.setattr(sys, "stdin", _Terminal(typed) if terminal else io.StringIO(typed))
        self._capture.readouterr()
        status = run(words)
        sys.stdout.flush()
        return Said(*self._capture.readouterr(), status)

    def does(self, *words: str, typed: str = "", terminal: bool = False) -> Said:
        """Runs a command that has to succeed."""
        said = self.run(*words, typed=typed, terminal=terminal)
        assert said.status == 0, said.err
        return said

    def judge(self, *words: str) -> str:
        """Judges who is who, for a reason; the judgement's id."""
        found = self.does(*words, "--reason", "seen by Saule", "--json").json()
        assert found["recorded"]
        return str(found["id"])

    def life(self, subject: str) -> Any:
        """The one timeline of a subject."""
        (found,) = self.does("timeline", subject, "--json").json()
        return found


@pytest.fixture
def desk(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    made = Desk(tmp_path, capfd, monkeypatch)
    made.enter(ROWS)
    return made
