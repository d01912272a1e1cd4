"""Transcripts: what is typed, and all that is seen.

In ``transcripts/*.txt``, ``$ `` begins a command, ``! `` a line on stderr,
``? `` the exit status where it is not 0; all else is stdout. ``...`` alone in a
line stands for any lines. After the first ``-- NAME --`` come files.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

TRANSCRIPTS = sorted((Path(__file__).parent / "transcripts").glob("*.txt"))


def matches(expected: list[str], text: str) -> bool:
    parts = [r"(?:.*\n)*?" if line == "..." else re.escape(line) + r"\n" for line in expected]
    return re.fullmatch("".join(parts), text) is not None


@pytest.mark.parametrize("transcript", TRANSCRIPTS, ids=lambda path: path.stem)
def test_what_is_typed_shows_what_is_written(transcript: Path, shell: Shell) -> None:
    steps, *files = re.split(r"^-- (.+) --\n", transcript.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for name, content in zip(files[::2], files[1::2], strict=True):
        (shell.folder / name).write_text(content, encoding="utf-8")
    for step in re.split(r"^\$ ", steps, flags=re.MULTILINE)[1:]:
        command, *lines = step.rstrip("\n").split("\n")
        program, *arguments = shlex.split(command)
        assert program == "estelik"
        said = shell.run(*arguments)
        context = f"$ {command}\n{said.out}{said.err}? {said.status}"
        assert matches([line for line in lines if line[:2] not in ("! ", "? ") and line], said.out), context
        assert matches([line[2:] for line in lines if line[:2] == "! "], said.err), context
        assert said.status == int(next((line[2:] for line in lines if line[:2] == "? "), "0")), context


def test_there_are_transcripts() -> None:
    assert len(TRANSCRIPTS) >= 4
