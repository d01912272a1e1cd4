"""Keys are held by one process for a while, and panic leaves nobody who has them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from subprocess import PIPE, Popen
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.vault.conftest import PASSPHRASE
from tests.vault.processes import Room, gone, is_there, locking, memory_holds, soon, younger_than_this

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import holding, keys, running
from estelik.vault.holder import Term

if TYPE_CHECKING:
    from collections.abc import Callable

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")


def test_an_unlocked_casebook_opens_without_its_passphrase(room: Room) -> None:
    assert Casebook.held(room.folder) is None
    room.unlock()
    opened = Casebook.held(room.folder)
    assert opened is not None
    with opened:
        assert [one.statement for one in opened.statements()] == ["1"]
        opened.add_statements([Statement("2", "Marhaba", source="Zulfiya", event="release")])
        opened.vault.seal()
    assert room.statements() == ["1", "2"]


def test_keys_that_are_held_change_the_casebook_s_keys_like_those_that_were_derived(room: Room) -> None:
    """The master key is held too; and a key file that was changed locks the casebook."""
    keeper = room.unlock()
    opened = Casebook.held(room.folder)
    assert opened is not None
    with opened:
        opened._store.drop("medical")
    assert "medical" not in keys.unlock(room.folder, PASSPHRASE)
    assert gone(keeper)


def test_the_holder_has_nothing_but_the_keys_in_memory_that_is_not_swapped(room: Room) -> None:
    """Not the passphrase; what can be seen of it from outside names neither the folder nor the casebook."""
    keeper = room.unlock()
    status = Path(f"/proc/{keeper}/status").read_text()
    locked = int(next(line for line in status.splitlines() if line.startswith("VmLck")).split()[1])
    assert locked >= 4
    seen = Path(f"/proc/{keeper}/cmdline").read_bytes() + Path(f"/proc/{keeper}/environ").read_bytes()
    assert str(room.folder).encode() not in seen
    assert PASSPHRASE not in seen
    assert memory_holds(keeper, room.keyring["testimony"]) == 1
    assert memory_holds(keeper, PASSPHRASE) == 0
    assert Path(f"/proc/{keeper}/cwd").readlink() == Path("/")
    assert os.getsid(keeper) == keeper
    assert not any(room.folder.name in path.name for path in room.mark.parent.iterdir())


def test_panic_leaves_no_process_that_has_the_keys(room: Room) -> None:
    """The holder and every command; all memory of whatever began since is searched."""
    keeper = room.unlock()
    commands = [room.command(), room.command()]
    key = room.keyring["source"]
    having = [one for one in younger_than_this() if _holds(one, key)]
    assert {keeper, *(one.pid for one in commands)} <= set(having)
    begun = time.monotonic()
    assert running.end(room.folder) == (1, 2, 0)
    # Waiting for who holds it to end by itself, or to be asked, would take longer.
    assert time.monotonic() - begun < 3
    assert [one for one in younger_than_this() if _holds(one, key)] == []
    assert [one.wait(5) for one in commands] == [-signal.SIGKILL] * 2
    assert holding.left(room.folder) is None
    assert running.end(room.folder) == (0, 0, 0)


def _holds(process: int, key: bytes) -> bool:
    with suppress(OSError):
        return is_there(process) and memory_holds(process, key) > 0
    return False


def test_an_import_that_panic_cuts_off_is_taken_back(room: Room) -> None:
    command = room.command("enter")
    assert running.end(room.folder) == (0, 1, 0)
    assert command.wait(5) == -signal.SIGKILL
    assert room.statements() == ["1"]


def test_panic_reaches_a_command_that_does_not_answer(room: Room) -> None:
    command = room.command()
    command.send_signal(signal.SIGSTOP)
    assert running.end(room.folder) == (0, 1, 0)
    assert command.wait(5) == -signal.SIGKILL


def test_a_casebook_that_is_being_made_is_locked_with_any_other(room: Room, tmp_path: Path) -> None:
    code = (
        "import sys, time\nfrom estelik.casebook import Casebook\nfrom estelik.vault.keys import Cost\n"
        "def fill(*_):\n    print('making', flush=True)\n    time.sleep(60)\n"
        "Casebook.create(sys.argv[1], b'pear', cost=Cost(8, 1, 1), fill=fill)\n"
    )
    with Popen([sys.executable, "-c", code, str(tmp_path / "new")], stdout=PIPE) as command:
        assert command.stdout is not None
        assert command.stdout.readline() == b"making\n"
        assert running.end(room.folder) == (0, 1, 0)
        assert command.wait(5) == -signal.SIGKILL
    assert not (tmp_path / "new").exists()


def test_one_of_two_casebooks_is_locked_and_then_both(room: Room, tmp_path: Path) -> None:
    other = Room(tmp_path / "other")
    processes = room.unlock(), other.unlock()
    command = other.command()
    assert running.end(room.folder) == (1, 0, 0)
    assert [is_there(one) for one in processes] == [False, True]
    assert holding.left(other.folder) is not None
    assert command.poll() is None
    room.unlock()
    assert running.end(None) == (2, 1, 0)
    assert command.wait(5) == -signal.SIGKILL
    assert not is_there(processes[1])


def test_a_command_that_closed_the_casebook_is_left_alone(room: Room) -> None:
    """And one that opened it twice is on record until it has closed both."""
    one, two = (Casebook.open(room.folder, PASSPHRASE) for _ in range(2))
    one.close()
    assert locking(room.mark) == [os.getpid()]
    two.close()
    two.close()
    assert locking(room.mark) == []


def test_a_forked_process_is_on_record_itself(room: Room) -> None:
    with Casebook.open(room.folder, PASSPHRASE):
        child = os.fork()
        if not child:
            with suppress(BaseException):
                Casebook.open(room.folder, PASSPHRASE)
                time.sleep(60)
            os._exit(0)
        assert soon(lambda: set(locking(room.mark)) == {os.getpid(), child})
        # This process itself is spared.
        assert running.end(room.folder).commands == 1
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        assert locking(room.mark) == [os.getpid()]


def test_what_a_command_forked_ends_with_it(room: Room) -> None:
    """It has the keys too, and may be slow to notice that nobody listens any more; what it forked itself,
    too."""
    code = (
        "import os, sys, time\nfrom estelik.casebook import Casebook\n"
        "casebook = Casebook.open(sys.argv[1], b'apple tree')\n"
        "for _ in range(2):\n    if os.fork():\n        break\n"
        "os.write(1, b'%d\\n' % os.getpid())\ntime.sleep(60)\n"
    )
    with Popen([sys.executable, "-c", code, str(room.folder)], stdout=PIPE) as command:
        assert command.stdout is not None
        every = [int(command.stdout.readline()) for _ in range(3)]
        assert command.pid in every
        assert running.end(room.folder) == (0, 1, 0)
        assert all(map(gone, every))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_locks_and_the_next_unlock_works(room: Room, number: signal.Signals) -> None:
    """What is left of a killed holder is a file at which nobody listens."""
    keeper = room.unlock()
    os.kill(keeper, number)
    assert gone(keeper)
    assert running.socket_of(room.folder).exists() == (number == signal.SIGKILL)
    assert holding.held(room.folder) is None
    room.unlock()
    assert holding.held(room.folder) is not None


def test_a_second_unlock_takes_the_place_of_the_first(room: Room) -> None:
    """And leaves commands alone."""
    command = room.command()
    first = room.unlock()
    second = room.unlock(end=9)
    assert (is_there(first), is_there(second), command.poll()) == (False, True, None)
    left = holding.left(room.folder)
    assert left is not None
    assert left.end <= 9


def _change(folder: Path) -> None:
    keyring = keys.unlock(folder, PASSPHRASE)
    keyring.change(folder, put={"another": bytes(32)})


@pytest.mark.parametrize(
    "happens",
    [
        lambda room: (room.folder / "keys.json").unlink(),
        lambda room: room.folder.rename(room.folder.with_name("moved")),
        lambda room: _change(room.folder),
        lambda room: running.socket_of(room.folder).unlink(),
    ],
    ids=["key file gone", "folder moved", "key file changed", "private folder emptied"],
)
def test_what_happens_to_the_casebook_locks_it(room: Room, happens: Callable[[Room], None]) -> None:
    keeper = room.unlock()
    happens(room)
    assert gone(keeper)


def test_a_key_file_that_was_only_touched_does_not(room: Room) -> None:
    keeper = room.unlock()
    (room.folder / "keys.json").touch()
    time.sleep(1.5)
    assert is_there(keeper)
    assert holding.held(room.folder) is not None


def test_the_end_of_the_terminal_locks(room: Room) -> None:
    """The holder is begun from a session whose leader then ends."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom estelik.vault import holding, keys\n"
        "folder = Path(sys.argv[1])\n"
        "if not os.fork():\n"
        "    holding.begin(folder, keys.unlock(folder, b'apple tree'), idle=60, end=60)\n"
        "    print('unlocked', flush=True)\n    os._exit(0)\n"
        "sys.stdin.readline()\n"
    )
    leader = Popen(
        [sys.executable, "-c", code, str(room.folder)], stdin=PIPE, stdout=PIPE, start_new_session=True
    )
    assert leader.stdout is not None
    assert leader.stdout.readline() == b"unlocked\n"
    (keeper,) = locking(room.mark)
    time.sleep(1.2)
    assert is_there(keeper)
    leader.communicate(b"\n")
    assert gone(keeper)


def test_keys_are_forgotten_when_nobody_asks_and_after_their_time(room: Room) -> None:
    """Being asked for the time that is left is no use."""
    keeper = room.unlock(idle=1)
    assert holding.left(room.folder) is not None
    assert gone(keeper)
    keeper = room.unlock(idle=60, end=1.2)
    until = time.monotonic() + 20
    while time.monotonic() < until and holding.held(room.folder) is not None:
        time.sleep(0.05)
    assert time.monotonic() < until
    assert gone(keeper)


@given(
    st.lists(st.tuples(st.floats(0, 50), st.booleans()), max_size=20), st.integers(1, 60), st.integers(1, 200)
)
def test_time_is_over_when_it_is(steps: list[tuple[float, bool]], idle: int, end: int) -> None:
    """However long the computer slept between two looks."""
    now = [0.0]
    term, used = Term(idle, end, lambda: now[0]), 0.0
    for step, use in steps:
        now[0] += step
        if use:
            term.used()
            used = now[0]
        assert term.left() == (used + idle - now[0], end - now[0])


def test_the_clock_counts_the_time_that_the_computer_slept() -> None:
    """In a world where it has slept for longer than it was awake."""
    code = "import time\nfrom estelik.vault.holder import clock\nprint(clock() - time.monotonic())"
    done = subprocess.run(
        ["unshare", "--time", "--fork", "--boottime", "100000", sys.executable, "-c", code],
        capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("this kernel, or this user, makes no name spaces of time")
    assert float(done.stdout) > 99_000
