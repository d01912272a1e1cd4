"""Desks that begin at once: forked off a process that has read the program already.

To read the program, its templates and catalogs takes more than two seconds of a core, and tests begin two
hundred desks. The command, its two processes, their pipes, signals and sockets are as they are otherwise;
what is left out is that Python begins anew. ``serving(..., anew=True)`` leaves nothing out.

Run as a program it is the process that is forked: it opens no casebook and knows no passphrase.
"""

from __future__ import annotations

import gc
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[2]
#: Languages in which tests look at many pages.
_LANGUAGES: Final = ("en", "ug")
#: What is read beside the application, later or by the command.
_READ: Final = (
    "casebook", "cli.serve", "daily.errands", "daily.overview",
    "web.connection", "web.process", "web.serving",
)  # fmt: skip
#: More than a request has: a command line and an environment.
_LONGEST: Final = 1 << 18
#: More than the handles of files that any process of tests has open.
_HANDLES: Final = 4096


class Desk:
    """A process that was forked off, as far as tests know processes."""

    def __init__(self, pid: int, said: IO[str], complained: IO[str], ended: int) -> None:
        self.pid, self.stdout, self.stderr, self._ended = pid, said, complained, ended
        self.returncode: int | None = None

    def terminate(self) -> None:
        """Asks it to end, if it is there."""
        if self.returncode is None:
            # Its number is its own until we have read how it ended.
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it still says and complains of until it ends. Raises ``subprocess.TimeoutExpired``."""
        if self.returncode is not None:
            return "", ""
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._ended, selectors.EVENT_READ)
            if not waiting.select(timeout):
                raise subprocess.TimeoutExpired("estelik serve", timeout)
        self.returncode = int(os.read(self._ended, 16))
        os.close(self._ended)
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


def begun(arguments: Sequence[str], environment: dict[str, str]) -> Desk:
    """``estelik`` with these arguments."""
    pipes = [os.pipe() for _ in range(3)]
    asked = json.dumps({"arguments": list(arguments), "environment": environment}).encode()
    asking = _warm()
    socket.send_fds(asking, [asked], [there for _, there in pipes])
    for _, there in pipes:
        os.close(there)
    (said, complained, ended) = (here for here, _ in pipes)
    return Desk(int(asking.recv(16)), os.fdopen(said), os.fdopen(complained), ended)


@cache
def _warm() -> socket.socket:
    """Where desks are asked for: once this end is closed, the process at the other ends."""
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with there:
        subprocess.Popen(
            [sys.executable, "-m", "tests.web.warm", str(there.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(there.fileno(),),
            cwd=ROOT,
        )
    return here


def main(handle: int) -> None:
    """Forks until nobody asks any more."""
    _read()
    gc.collect()
    gc.freeze()
    ended: dict[int, int] = {}
    told, telling = os.pipe()
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    with socket.socket(fileno=handle) as asked, selectors.DefaultSelector() as waiting:
        waiting.register(asked, selectors.EVENT_READ)
        waiting.register(told, selectors.EVENT_READ)
        while True:
            for key, _ in waiting.select():
                if key.fileobj == told:
                    os.read(told, 4096)
                    _reaped(ended)
                    continue
                data, handles, _, _ = socket.recv_fds(asked, _LONGEST, 3)
                if not data:
                    _ended(ended)
                    return
                pid = os.fork()
                if not pid:
                    _serve(json.loads(data), handles)
                ended[pid] = handles.pop()
                for one in handles:
                    os.close(one)
                asked.send(str(pid).encode())


def _read() -> None:
    """Reads what the first pages of a desk would read."""
    for one in _READ:
        import_module(f"estelik.{one}")
    from estelik.chronology.kernel import compiled
    from estelik.language.reader import languages, reader
    from estelik.web.app import application
    from estelik.web.desk import Desk as Ours
    from estelik.web.page import _environment

    application(Ours(Path("/"), idle=1, end=1), "desk.localhost", 1)
    compiled()
    for one in languages():
        reader(one)
    for one in _LANGUAGES:
        every = _environment(one)
        for name in every.list_templates(extensions=["j2"]):
            every.get_template(name)


def _reaped(ended: dict[int, int]) -> None:
    """Says of each that has ended how."""
    for pid in list(ended):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            with suppress(OSError):
                os.write(ended[pid], str(os.waitstatus_to_exitcode(status)).encode())
            os.close(ended.pop(pid))


def _ended(ended: dict[int, int]) -> None:
    """Ends those who are still there."""
    for pid in ended:
        os.kill(pid, signal.SIGTERM)


def _serve(task: dict[str, Any], handles: Sequence[int]) -> NoReturn:
    """In the forked process: runs the command, whose own process is forked, too."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(handles[0], 1)
    os.dup2(handles[1], 2)
    os.closerange(3, _HANDLES)
    _settled(task["environment"])
    from estelik import cli
    from estelik.web import serving

    # Whatever it begins is begun so; there is one thing that it begins.
    vars(serving)["subprocess"] = _Forking
    status = 1
    try:
        status = cli.run(task["arguments"])
    finally:
        os._exit(status)


class _Forking:
    """What ``subprocess`` is to the process without keys."""

    PIPE, DEVNULL = subprocess.PIPE, subprocess.DEVNULL

    @staticmethod
    def Popen(  # noqa: N802 (it stands for that class)
        command: Sequence[str], *, env: dict[str, str], pass_fds: tuple[int, ...], **more: Any
    ) -> subprocess.Popen[bytes]:
        """The process with the keys."""
        assert command[1:] == ["-I", "-m", "estelik.web.process"]
        become = partial(_keep, env, pass_fds)
        return subprocess.Popen(command, pass_fds=pass_fds, preexec_fn=become, **more)  # noqa: PLW1509 (see above)


def _keep(environment: dict[str, str], handles: tuple[int, ...]) -> None:
    """In that process, instead of beginning Python anew: it has its pipes and its folder already."""
    first = 3
    for one in sorted(handles):
        os.closerange(first, one)
        first = one + 1
    os.closerange(first, _HANDLES)
    _settled(environment)
    gc.enable()
    from estelik.web import process

    try:
        process.main()
    finally:
        os._exit(1)


def _settled(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


if __name__ == "__main__":
    main(int(sys.argv[1]))
