"""Nobody else gets at keys that are held, and nothing that answers in their place is believed."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from subprocess import Popen
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from tests.vault.conftest import PASSPHRASE
from tests.vault.processes import Room, memory_holds, soon

from estelik.casebook import Casebook
from estelik.vault import holder, holding, process, running
from estelik.vault.holder import KEYS, length

if TYPE_CHECKING:
    from collections.abc import Callable

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")


def test_no_core_is_dumped_of_whoever_has_keys(room: Room, tmp_path: Path) -> None:
    """Of the holder, and of a command; but of a process that has none, where this machine dumps at all."""
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    before = resource.getrlimit(resource.RLIMIT_CORE)
    code = "import os, resource as r\nr.setrlimit(r.RLIMIT_CORE, (r.getrlimit(4)[1],) * 2)\nos.abort()"
    plain = [sys.executable, "-c", code]
    status = os.waitpid(Popen(plain, cwd=tmp_path).pid, 0)[1]
    assert os.WIFSIGNALED(status)
    if hard and Path("/proc/sys/kernel/core_pattern").read_text().strip() == "core":
        assert os.WCOREDUMP(status)
    assert resource.getrlimit(resource.RLIMIT_CORE) == before
    for one in (room.unlock(), room.command().pid):
        limits = Path(f"/proc/{one}/limits").read_text()
        assert "Max core file size        0 " in limits
        # As if somebody had raised the limit since.
        resource.prlimit(one, resource.RLIMIT_CORE, (hard, hard))
        os.kill(one, signal.SIGABRT)
        _, status = os.waitpid(one, 0)
        assert os.WTERMSIG(status) == signal.SIGABRT
        assert not os.WCOREDUMP(status)


@root_only
def test_no_other_program_of_the_same_user_looks_into_a_protected_process() -> None:
    """Both are somebody who is not root; a process that is not protected is looked into."""
    readable = []
    for protected in (False, True):
        target = _as_nobody(partial(_stay, protected=protected))
        assert soon(partial(_waits, target))
        reader = _as_nobody(partial(_look, target))
        readable.append(os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1]) == 0)
        os.kill(target, signal.SIGKILL)
        os.waitpid(target, 0)
    assert readable == [True, False]


@root_only
def test_memory_that_cannot_be_kept_from_the_swap_space_is_said_to_be_so() -> None:
    """Somebody who may keep none, and somebody who may keep a little."""
    kept = []
    for limit in (0, 1 << 16):
        child = _as_nobody(partial(_keep, limit))
        kept.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0)
    assert kept == [False, True]


def _keep(limit: int) -> None:
    resource.setrlimit(resource.RLIMIT_MEMLOCK, (limit, limit))
    os._exit(int(not holder._Keys(64).kept))


def _as_nobody(work: Callable[[], None]) -> int:
    child = os.fork()
    if not child:
        with suppress(BaseException):
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
            work()
        os._exit(9)
    return child


def _stay(*, protected: bool) -> None:
    # Whoever gave root up is protected by the kernel already: as if it had never been root.
    process.library().prctl(4, 1, 0, 0, 0)
    if protected:
        process.protect()
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    time.sleep(60)


def _look(target: int) -> None:
    os._exit(int(memory_holds(target, b"\0") == 0))


def _waits(target: int) -> bool:
    """Whether it has come so far that it ignores a signal."""
    status = Path(f"/proc/{target}/status").read_text()
    ignored = int(next(line for line in status.splitlines() if line.startswith("SigIgn")).split()[1], 16)
    return bool(ignored & 1 << signal.SIGUSR1 - 1)


@root_only
def test_another_user_gets_nothing_even_where_the_folder_is_open(room: Room) -> None:
    room.unlock()
    path = running.socket_of(room.folder)
    path.parent.chmod(0o755)
    path.chmod(0o777)
    answers = []
    try:
        answers.append(_received(path))
        asking = _as_nobody(lambda: os._exit(_received(path)))
        answers.append(os.waitstatus_to_exitcode(os.waitpid(asking, 0)[1]))
    finally:
        path.parent.chmod(0o700)
    assert answers == [4, 0]


def _received(path: Path) -> int:
    """How many bytes of four are answered to whoever asks for the keys."""
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(str(path))
        with suppress(ConnectionError):
            one.sendall(KEYS)
            return len(one.recv(4))
        return 0


@pytest.mark.parametrize(
    "answer",
    [b"", length.pack(4), length.pack(2) + b"{}", b"\xff" * 70_000],
    ids=["nothing", "a part", "no field", "junk"],
)
def test_whatever_answers_on_the_socket_the_passphrase_is_asked_for(room: Room, answer: bytes) -> None:
    """Also where a holder is killed in the middle of an answer."""
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(running.socket_of(room.folder)))
        server.listen()

        def serve() -> None:
            client, _ = server.accept()
            with client, suppress(OSError):
                client.recv(1)
                client.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        assert Casebook.held(room.folder) is None
        thread.join()


def test_keys_of_another_key_file_are_not_taken(room: Room) -> None:
    """Those that were held before it was changed, in the moment before the holder notices."""
    said = {"format": 1, "print": "0" * 64, "names": [], "idle": 1, "end": 1}
    for mark, taken in (("0" * 64, False), (holder.print_of(room.folder), True)):
        text = json.dumps(said | {"print": mark}).encode()
        path = running.socket_of(room.folder)
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
            server.listen()

            def serve(server: socket.socket = server, text: bytes = text) -> None:
                client, _ = server.accept()
                with client, suppress(OSError):
                    client.recv(1)
                    client.sendall(length.pack(len(text)) + text + bytes(32))

            thread = Thread(target=serve)
            thread.start()
            assert (holding.held(room.folder) is not None) == taken
            thread.join()


@pytest.mark.parametrize("mode", [0o755, 0o700], ids=["others may enter", "another's"])
def test_a_private_folder_that_is_not_private_is_refused(
    room: Room, tmp_path: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what to do about it; nothing is noted there."""
    place = tmp_path / "place"
    place.mkdir(mode=mode)
    if mode == 0o700:
        if os.geteuid() != 0:
            pytest.skip("only root can make a folder that is somebody else's")
        os.chown(place, 65534, 65534)
    monkeypatch.setenv(running.FOLDER, str(place))
    with pytest.raises(Exception, match="ESTELIK_RUNTIME") as caught:
        Casebook.open(room.folder, PASSPHRASE)
    assert "private folder" in str(caught.value)
    assert list(place.iterdir()) == []
