from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest

from estelik import cli
from estelik.cli import COMMANDS, estelik
from estelik.vault import keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell


def test_help_is_there_at_once() -> None:
    """In a quarter of a second of a core; the best of several, since other work may hold the machine up."""
    program = [sys.executable, "-m", "estelik", "--help"]
    taken = []
    for _ in range(7):
        before = os.times()
        subprocess.run(program, capture_output=True, check=True)
        after = os.times()
        taken.append(sum(after[2:4]) - sum(before[2:4]))
    assert min(taken) < 0.25


def test_help_loads_no_heavy_library() -> None:
    heavy = ("numpy", "numba", "sqlcipher3", "openpyxl", "jinja2", "msgspec", "argon2")
    code = (
        "import sys; from estelik.cli import run; status = run(['--help']); "
        f"print(status, [name for name in {heavy} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_is_there_and_has_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run([name, "--help"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("Usage: estelik ")
    command = estelik.get_command(click.Context(estelik), name)
    assert command is not None
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, option.name


def test_an_error_of_our_own_shows_its_kind_and_no_value(shell: Shell) -> None:
    """A passphrase file that is a device which fails in a way nobody foresaw."""
    code = (
        "import estelik.cli as c, estelik.cli.casebook as b\n"
        "def fail(*_): raise ZeroDivisionError('Sayragul')\n"
        "b.wanted_folder = fail\n"
        "raise SystemExit(c.run(['init']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=shell.environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "ZeroDivisionError" in done.stderr
    assert "Sayragul" not in done.stderr
    assert "Traceback" not in done.stderr
    loud = subprocess.run(
        [sys.executable, "-c", code],
        env=shell.environment | {"ESTELIK_DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" in loud.stderr


def test_json_is_one_document_alone_on_stdout(shell: Shell) -> None:
    shell.run("init")
    (shell.folder / "a.csv").write_text("about,event\nAnn,arrest\nAnn,arrest\n")
    said = shell.run("import", "--json", "a.csv")
    outcome = json.loads(said.out)
    assert (outcome["imported"], outcome["unchanged"], said.err) == (2, 0, "")
    assert len(set(outcome["statements"])) == 2
    again = json.loads(shell.run("import", "--json", "a.csv").out)
    assert again == {"imported": 0, "unchanged": 2, "statements": []}


def test_a_casebook_that_a_command_makes_takes_the_full_derivation(shell: Shell) -> None:
    """Those of other tests cost nothing; that of a user does."""
    assert shell.run("init", PYTHONPATH="").status == 0
    made = json.loads((shell.casebook / keys.KEY_FILE).read_bytes())["cost"]
    assert made == {"memory": 256 * 1024, "passes": 3, "lanes": 2}


def test_a_template_can_go_through_a_pipe(shell: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "estelik", "template"], env=shell.environment, capture_output=True, check=True
    )
    assert done.stdout.startswith(b"PK")


def on_a_terminal(shell: Shell, *arguments: str, typed: bytes = b"") -> tuple[str, int]:
    """What a user at a terminal sees, and the exit status."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(shell.folder)
        os.execve(  # noqa: S606 (a shell is what this test does without)
            sys.executable, [sys.executable, "-m", "estelik", *arguments], shell.environment
        )
    seen = b""
    for line in typed.splitlines(keepends=True):
        while b": " not in seen.rpartition(b"\n")[2]:
            seen += os.read(terminal, 1024)
        os.write(terminal, line)
        seen += b"\n"
    try:
        while block := os.read(terminal, 1024):
            seen += block
    except OSError:  # how a terminal says that nobody is there any more
        pass
    return seen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_the_passphrase_is_asked_for_and_not_shown(shell: Shell) -> None:
    secret = "the dog and the children"  # noqa: S105 (a test's)
    del shell.environment["ESTELIK_PASSPHRASE_FILE"]
    seen, status = on_a_terminal(shell, "init", typed=f"{secret}\n{secret}\n".encode())
    assert status == 0
    assert seen.count("Passphrase") == 1
    assert secret not in seen
    (shell.folder / "p").write_text(secret)
    (shell.folder / "a.csv").write_text("about,event\n")
    assert shell.run("import", "a.csv", "--passphrase-file", "p").status == 0


def test_without_a_terminal_the_passphrase_must_be_in_a_file(shell: Shell) -> None:
    del shell.environment["ESTELIK_PASSPHRASE_FILE"]
    said = shell.run("init")
    assert (said.status, said.out) == (2, "")
    assert "--passphrase-file" in said.err
    assert not shell.casebook.exists()


@pytest.mark.parametrize(("setting", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_whose_users_want_them(
    setting: dict[str, str],
    coloured: bool,
    shell: Shell,
) -> None:
    shell.environment.pop("NO_COLOR", None)
    shell.run("init")
    shell.environment |= setting
    seen, status = on_a_terminal(shell, "import", "nowhere.csv")
    assert status == 2
    assert ("\x1b[" in seen) == coloured
    assert "\x1b" not in shell.run("import", "nowhere.csv").err


def test_long_work_counts_on_a_terminal_only(shell: Shell) -> None:
    shell.run("init")
    sheet: Path = shell.folder / "long.csv"
    with sheet.open("w") as file:
        file.write("about,event,quote\n")
        file.writelines(f"Person {n},arrest,{'word ' * 40}{n}\n" for n in range(60_000))
    seen, status = on_a_terminal(shell, "import", "long.csv")
    assert status == 0
    assert 0 < seen.index("rows read") < seen.index("rows entered")
    assert re.search(r"[1-9]\d*,000 rows entered", seen)
    assert seen.rstrip().endswith("60,000 imported, 0 already there.")
    assert shell.run("import", "--dry-run", "long.csv").err == ""
