"""What `estelik unlock` and `estelik lock` print, and what they come to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Said, Shell


class Desk:
    """A casebook whose commands are called without a passphrase."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
        Casebook.create(shell.casebook, passphrase, cost=Cost(memory=8, passes=1, lanes=1)).close()
        del shell.environment["ESTELIK_PASSPHRASE_FILE"]
        (shell.folder / "sheet.csv").write_text("about,source,event\nMarhaba,Zulfiya,arrest\n")

    def unlock(self, *options: str) -> Said:
        """Unlocks the casebook."""
        return self.shell.run("unlock", "--passphrase-file", "passphrase.txt", *options)


@pytest.fixture
def desk(shell: Shell) -> Iterator[Desk]:
    made = Desk(shell)
    yield made
    made.shell.run("lock")


def test_a_morning_with_an_unlocked_casebook(desk: Desk) -> None:
    run = desk.shell.run
    assert run("unlock", "--status").out == "Locked.\n"
    said = desk.unlock("--for", "2h")
    assert (said.out, said.status) == ("", 0)
    assert (
        said.err
        == "Unlocked for 2 h, or until nobody has used it for 15 min. To lock it at once: estelik lock\n"
    )
    assert run("import", "sheet.csv").out == "1 imported, 0 already there.\n"
    status = json.loads(run("unlock", "--status", "--json").out)
    assert status["unlocked"]
    assert 7000 < status["end"] <= 7200
    # A passphrase that is named is what counts: a wrong one opens nothing.
    (desk.shell.folder / "wrong.txt").write_text("pear tree\n")
    assert run("health", "--passphrase-file", "wrong.txt").status == 2
    begun = time.monotonic()
    said = run("lock")
    assert time.monotonic() - begun < 5
    assert said.out.splitlines() == [
        "The casebook is locked.",
        "What stands on the screen is still there: close the windows, and clear the terminal.",
    ]
    assert (said.err, said.status) == ("", 0)
    said = run("health")
    assert (said.out, said.status) == ("", 2)
    assert said.err.startswith("There is no passphrase.")
    said = run("unlock", "--status", "--json")
    assert (json.loads(said.out), said.status) == ({"unlocked": False, "idle": 0, "end": 0}, 1)


def test_lock_kills_a_command_and_the_reader_that_it_began(desk: Desk) -> None:
    """An import that waits for the rest of its sheet; what it had read is nowhere."""
    desk.unlock()
    os.mkfifo(desk.shell.folder / "sheet.fifo")
    command = subprocess.Popen(
        [sys.executable, "-m", "estelik", "import", "sheet.fifo"],
        cwd=desk.shell.folder, env=desk.shell.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
    )  # fmt: skip
    # Opens only once its reader reads.
    sheet = os.open(desk.shell.folder / "sheet.fifo", os.O_WRONLY)
    os.write(sheet, b"about,source,event\nMarhaba,Zulfiya,arrest\n")
    assert json.loads(desk.shell.run("lock", "--json").out) == {"holders": 1, "commands": 1, "left": 0}
    assert command.wait(5) == -signal.SIGKILL
    assert _nobody_reads(sheet)
    assert desk.shell.run("health", "--passphrase-file", "passphrase.txt").out.startswith(
        "Copies: this computer has 0 records"
    )


def _nobody_reads(pipe: int) -> bool:
    """Whether nobody is left, before long, who would read on."""
    try:
        for _ in range(300):
            os.write(pipe, b"Marhaba,Zulfiya,release\n")
            time.sleep(0.01)
    except BrokenPipeError:
        return True
    finally:
        os.close(pipe)
    return False


def test_lock_all_locks_where_no_casebook_is_named(desk: Desk) -> None:
    desk.unlock()
    del desk.shell.environment["ESTELIK_CASEBOOK"]
    for words in (("lock", "--all"), ("lock",)):
        said = desk.shell.run(*words)
        assert (said.out.splitlines()[0], said.status) == ("Every casebook is locked.", 0)
    assert desk.shell.run("unlock", "--status", "--casebook", "casebook").out == "Locked.\n"


WRONG = [
    (("unlock", "--for", "0h"), "--for"),
    (("unlock", "--for", "25h"), "--for"),
    (("unlock", "--idle", "soon"), "--idle"),
    (("lock", "--casebook", "nowhere"), "Nothing was locked."),
    (("unlock", "--casebook", "nowhere"), "There is no casebook in this folder."),
    (("unlock", "--passphrase-file", "sheet.csv"), "does not open this casebook"),
]


def test_what_cannot_be_done_is_said_and_locks_or_unlocks_nothing(desk: Desk) -> None:
    for words, wrong in WRONG:
        said = desk.shell.run(*words)
        assert (said.out, said.status) == ("", 2)
        assert wrong in said.err
        assert desk.shell.run("unlock", "--status").out == "Locked.\n"
