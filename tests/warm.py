"""Commands that begin at once: forked off a process that has read the program already.

To read the program takes half a second of a core, and for a desk with its templates and catalogs more than
two; tests begin hundreds of both. What they do, their pipes, signals, sockets, files and exits are as they
are otherwise; what is left out is that Python begins anew. Tests of how a command begins leave nothing out,
nor do some of each kind: ``Shell.anew``, ``serving(..., anew=True)``, the tutorial.

Run as a program it is the process that is forked: it opens no casebook and knows no passphrase.
"""

from __future__ import annotations

import ast
import gc
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final, Literal, NamedTuple

from tests.cheap import at_once

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
#: What has been read: a desk, with keys that cost what they do; commands that make keys at once.
Kind = Literal["desk", "commands"]
#: Languages in which tests look at many pages.
_LANGUAGES: Final = ("en", "ug")
#: What is read beside the application, later or by the command.
_DESK: Final = (
    "casebook", "cli.serve", "daily.errands", "daily.overview",
    "web.connection", "web.process", "web.serving",
)  # fmt: skip
#: What commands read when they are called.
_COMMANDS: Final = ("casebook", "exchange.sheet", "publication.report", "protection.release", "vault.sync")
#: More than a request has: a command line and an environment.
_LONGEST: Final = 1 << 18
#: More than the handles of files that any process of tests has open.
_HANDLES: Final = 4096
#: A program that has its command run so, and ends as that does.
_PROGRAM: Final = """\
#!{python} -IS
import os, socket, sys
asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
asked.connect({address!r})
task = (sys.argv[1:], dict(os.environ), os.getcwd())
socket.send_fds(asked, [repr(task).encode()], [0, 1, 2])
asked.recv(16)
status = int(asked.recv(16))
sys.exit(status if status >= 0 else 128 - status)
"""


class Task(NamedTuple):
    """A command line without the program, its environment and the folder it is run in."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str


class Process:
    """A process that was forked off, as far as tests know processes."""

    def __init__(self, asked: socket.socket, said: IO[str], complained: IO[str]) -> None:
        self.pid = int(asked.recv(16))
        self.stdout, self.stderr, self._asked = said, complained, asked
        self.returncode: int | None = None

    def terminate(self) -> None:
        """Asks it to end, if it is there."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGTERM)

    def communicate(self, timeout: float) -> tuple[str, str]:
        """What it still says and complains of until it ends. Raises ``TimeoutError``."""
        if self.returncode is not None:
            return "", ""
        with self._asked:
            self._asked.settimeout(timeout)
            self.returncode = int(self._asked.recv(16))
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


def begun(kind: Kind, task: Task) -> Process:
    """``estelik`` with these arguments; it must not say much before somebody listens."""
    pipes = [os.pipe() for _ in range(2)]
    asked = _asked(kind, task, [there for _, there in pipes])
    return Process(asked, *(os.fdopen(here, encoding="utf-8") for here, _ in pipes))


def ran(task: Task) -> tuple[str, str, int]:
    """What ``estelik`` says and complains of, with these arguments, and how it ends."""
    files = [os.memfd_create("said") for _ in range(2)]
    with _asked("commands", task, [os.dup(one) for one in files]) as asked:
        asked.recv(16)
        status = int(asked.recv(16))
    texts = []
    for one in files:
        with os.fdopen(one, "rb") as file:
            file.seek(0)
            # As text files are read: a table of signs that ends its lines as others do is kept so.
            texts.append(file.read().decode().replace("\r\n", "\n").replace("\r", "\n"))
    return texts[0], texts[1], status


def program(folder: Path) -> Path:
    """Puts a program ``estelik`` into a folder that has commands run so."""
    made = folder / "estelik"
    made.write_text(_PROGRAM.format(python=sys.executable, address=_warm("commands")[0]), encoding="utf-8")
    made.chmod(0o755)
    return made


def _asked(kind: Kind, task: Task, handles: Sequence[int]) -> socket.socket:
    asked = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    asked.connect(_warm(kind)[0])
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 (it is no file of ours)
        said = repr((list(task.arguments), dict(task.environment), task.folder)).encode()
        socket.send_fds(asked, [said], [nothing.fileno(), *handles])
    for one in handles:
        os.close(one)
    return asked


@cache
def _warm(kind: Kind) -> tuple[str, subprocess.Popen[bytes]]:
    """Where commands are asked for, and the process there: it ends when this one does, which closes its
    input."""
    address = f"\0estelik-tests-{secrets.token_hex(8)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listening:
        listening.bind(address)
        listening.listen(64)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.warm", kind, str(listening.fileno())],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=(listening.fileno(),),
            cwd=ROOT,
            env=at_once(os.environ) if kind == "commands" else None,
        )
    return address, process


def _served(listening: socket.socket) -> Task | None:
    """Forks for each who asks: in the forked process, what it is to do. None once nobody can ask any more."""
    asked: dict[int, socket.socket] = {}
    told, telling = os.pipe()
    os.set_blocking(telling, False)
    signal.set_wakeup_fd(telling)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = selectors.DefaultSelector()
    for one in (0, listening, told):
        waiting.register(one, selectors.EVENT_READ)
    while True:
        there = {key.fileobj for key, _ in waiting.select()}
        if told in there:
            os.read(told, 4096)
            _reaped(asked)
        if 0 in there:
            for pid in asked:
                os.kill(pid, signal.SIGTERM)
            return None
        if listening in there:
            one, _ = listening.accept()
            data, handles, _, _ = socket.recv_fds(one, _LONGEST, 3)
            if pid := os.fork():
                asked[pid] = one
                one.send(str(pid).encode())
                for handle in handles:
                    os.close(handle)
                continue
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for number, handle in enumerate(handles):
                os.dup2(handle, number)
                os.close(handle)
            waiting.close()
            for each in (one, listening, *asked.values()):
                each.close()
            os.close(told)
            os.close(telling)
            return Task(*ast.literal_eval(data.decode()))


def _reaped(asked: dict[int, socket.socket]) -> None:
    """Says of each that has ended how."""
    for pid in list(asked):
        gone, status = os.waitpid(pid, os.WNOHANG)
        if gone:
            with asked.pop(pid) as one, suppress(OSError):
                one.send(str(os.waitstatus_to_exitcode(status)).encode())


def _read(kind: Kind) -> None:
    """Reads what a command of this kind would read."""
    from estelik.chronology.kernel import compiled

    compiled()
    if kind == "commands":
        from estelik.cli import COMMANDS
        from estelik.names.comparison import prepared

        for name in (*_COMMANDS, *(where.partition(":")[0][8:] for where, _ in COMMANDS.values())):
            import_module(f"estelik.{name}")
        prepared()
        return
    from estelik.language.reader import languages, reader
    from estelik.web.app import application
    from estelik.web.desk import Desk
    from estelik.web.page import _environment

    for name in _DESK:
        import_module(f"estelik.{name}")
    application(Desk(Path("/"), idle=1, end=1), "desk.localhost", 1)
    for one in languages():
        reader(one)
    for one in _LANGUAGES:
        every = _environment(one)
        for name in every.list_templates(extensions=["j2"]):
            every.get_template(name)


class _Forking:
    """What ``subprocess`` is to the process of a desk without keys: what that begins is forked, too."""

    PIPE, DEVNULL = subprocess.PIPE, subprocess.DEVNULL

    @staticmethod
    def Popen(  # noqa: N802 (it stands for that class)
        command: Sequence[str], *, env: dict[str, str], pass_fds: tuple[int, ...], **more: Any
    ) -> subprocess.Popen[bytes]:
        """The process with the keys."""
        assert command[1:] == ["-I", "-m", "estelik.web.process"]
        become = partial(_keep, env, pass_fds)
        return subprocess.Popen(command, pass_fds=pass_fds, preexec_fn=become, **more)  # noqa: PLW1509 (it is what is wanted)


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


def _settled(environment: Mapping[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None


def main(kind: Kind, handle: int) -> None:
    """Forks commands until nobody asks any more; in each, runs it, and ends as it ends."""
    _read(kind)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=handle) as listening:
        task = _served(listening)
    if task is None:
        return
    _settled(task.environment)
    os.chdir(task.folder)
    from estelik import cli

    if kind == "desk":
        from estelik.web import serving

        vars(serving)["subprocess"] = _Forking
    cli.main(task.arguments)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))  # type: ignore[arg-type] # our own, above
