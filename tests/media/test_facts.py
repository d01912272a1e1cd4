"""Metadata is read by a child process that has nothing to lose."""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.media import files

from estelik.media import facts
from estelik.media.facts import Read
from estelik.records.evidence import Capture, Maker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Runs the real child process with a parser of the test's own.
_SPY = """
import sys, types
spy = types.ModuleType("estelik.media.spy")
exec({code!r}, spy.__dict__)
sys.modules["estelik.media.spy"] = spy
sys.argv = ["parser", "spy"]
from estelik.media import parser
parser.main()
"""


def _open(tmp_path: Path, data: bytes) -> int:
    path = tmp_path / "file"
    path.write_bytes(data)
    return os.open(path, os.O_RDONLY)


@pytest.fixture
def spy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], Read]]:
    """Reads a file with a parser of this code, in the child process that parsers run in."""
    handle = _open(tmp_path, b"content")

    def read(code: str) -> Read:
        command = [sys.executable, "-I", "-X", "utf8", "-c", _SPY.format(code=code)]
        monkeypatch.setattr(facts, "command", lambda _: command)
        return facts.read(handle, "image/jpeg")

    yield read
    os.close(handle)


@pytest.mark.parametrize(
    ("data", "kind", "expected"),
    [
        (
            files.photograph(),
            "image/jpeg",
            Read(
                Capture("2018-03-04T05:06:07+06:00", 40, 30),
                Maker("Nomad N95 [2J", "N-4711", "Zulfiya", "", (-43.258333, 76.916667)),
            ),
        ),
        (
            files.sheet("100000"),
            "application/pdf",
            Read(
                Capture("2019-02-03T04:05:06+06:00", pages=100_000), Maker(author="Zulfiya", software="press")
            ),
        ),
        (files.recording(), "audio/wav", Read(Capture(seconds=1.0))),
        (
            files.film(),
            "video/mp4",
            Read(Capture("2018-01-28T16:00:00Z"), Maker(position=(43.258, 76.916))),
        ),
        (b"only words", "text/plain", Read()),
    ],
)
def test_what_a_file_says_of_itself_is_read(tmp_path: Path, data: bytes, kind: str, expected: Read) -> None:
    """Content apart from whoever made it; without marks that would move a cursor or turn the writing."""
    handle = _open(tmp_path, data)
    os.lseek(handle, 3, os.SEEK_SET)
    assert facts.read(handle, kind) == expected
    os.close(handle)


@pytest.mark.parametrize("name", files.hostile())
def test_a_hostile_file_harms_nobody(tmp_path: Path, name: str) -> None:
    """It comes to an end soon, and what is said of it is a number, a word, or that it could not be read."""
    from estelik.media.kind import kind

    data = files.hostile()[name]
    sort = kind(data)
    assert sort in facts.PARSERS
    handle = _open(tmp_path, data)
    begun = time.monotonic()
    found = facts.read(handle, sort)
    os.close(handle)
    assert time.monotonic() - begun < 20
    assert found.capture.unread in {"", "damaged", "slow"}
    assert all(len(word) <= 200 and word.isprintable() for word in (found.maker.device, found.maker.author))


CASES = {
    "while True: pass": "damaged",
    "import time; time.sleep(60)": "slow",
    "bytearray(3 << 30)": "damaged",
    "import os; os.write(1, b'x' * 1_000_000)": "damaged",
    "import os; os.write(1, b'{\"author\":\"' + b'a' * 500_000 + b'\"}'); os._exit(0)": "damaged",
    "import os; os.write(1, b'{}x'); os._exit(0)": "damaged",
    'import os; os.write(1, b\'{"width": "wide"}\'); os._exit(0)': "damaged",
    "import os; os.write(1, b'{\"more\": 1}'); os._exit(0)": "damaged",
    "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)": "damaged",
    "raise SystemExit(0)": "damaged",
}


@pytest.mark.parametrize("code", CASES)
def test_a_parser_gone_wrong_is_stopped(
    spy: Callable[[str], Read], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """Whether it computes, waits, takes memory, babbles, lies or dies."""
    # A second of work may take many by the clock beside others: only who waits is cut short.
    monkeypatch.setattr(facts, "_PATIENCE", 3 if CASES[code] == "slow" else 60)
    limits = "from estelik.media import confinement\nconfinement.SECONDS = 1\n"
    found = spy(f"{limits}def load(): pass\ndef parse(file):\n    {code}\n    return {{}}")
    assert found == Read(Capture(unread=CASES[code]))


def test_numbers_that_cannot_be_are_left_out(spy: Callable[[str], Read]) -> None:
    said = {"taken": "2018-01-01T00:00:00Z; DROP", "width": -4, "height": 1 << 70, "seconds": -1.0,
            "position": [91.0, 0.0], "author": "a" * 5000}  # fmt: skip
    found = spy(f"def load(): pass\ndef parse(file): return {said}")
    assert found in (Read(Capture(unread="damaged")), Read(maker=Maker(author="a" * 200)))
    said |= {"height": 0, "device": "\u202egnol\u2066 \x00\n x", "serial": "е\u0308"}
    found = spy(f"def load(): pass\ndef parse(file): return {said}")
    assert found == Read(maker=Maker("gnol x", "ё", "a" * 200))


_LOOK = """
import json, os, socket
def load(): pass
def attempt(what):
    try:
        what()
    except BaseException as error:
        return type(error).__name__
    return "done"
def parse(file):
    tries = [
        lambda: open({marked!r}), lambda: open("/etc/passwd"), lambda: os.listdir("/"),
        lambda: open("/proc/self/environ"), lambda: open("/proc/{parent}/mem", "rb"),
        lambda: open({marked!r} + ".new", "w"), lambda: os.kill({parent}, 0),
        lambda: os.execv("/bin/true", ["true"]),
        lambda: socket.socket().connect(("127.0.0.1", {port})),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", {port})),
        lambda: bytearray(2 << 30),
    ]
    return {{"author": " ".join(attempt(one) for one in tries), "software": file.read().decode()}}
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="confined further on Linux only")
def test_a_parser_reaches_no_file_no_network_and_no_other_process(
    spy: Callable[[str], Read], tmp_path: Path
) -> None:
    """What it was given it reads; whatever else it tries is refused, also what anybody may read."""
    marked = tmp_path / "passphrase"
    marked.write_text("secret")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        port = server.getsockname()[1]
        found = spy(_LOOK.format(marked=str(marked), parent=os.getpid(), port=port))
    assert found.maker.software == "content"
    tried = found.maker.author.split()
    # Asked of the kernel itself: which version of Landlock it has.
    if ctypes.CDLL(None).syscall(444, None, ctypes.c_size_t(0), 1) < 1:
        pytest.skip("this kernel has no Landlock")
    assert tried[:8] == ["PermissionError"] * 8
    assert set(tried[8:10]) <= {"PermissionError", "OSError", "ConnectionRefusedError"}
    assert tried[10] == "MemoryError"
    assert not (tmp_path / "passphrase.new").exists()


def _memory(pid: int) -> Iterator[bytes]:
    """All that a process has in its memory."""
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            first, last = (int(part, 16) for part in span.split("-"))
            if "r" in rights and "[v" not in line:
                try:
                    memory.seek(first)
                    yield memory.read(last - first)
                except OSError:
                    continue


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_a_parser_has_no_key_in_its_memory_environment_or_open_files(
    spy: Callable[[str], Read], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Planted in the parent: in its memory, its environment, its folder and a file that it holds open."""
    key = os.urandom(32)
    monkeypatch.setenv("ESTELIK_PASSPHRASE_FILE", f"/nowhere/{key.hex()}")
    secret = tmp_path / key.hex()
    secret.write_bytes(key)
    monkeypatch.chdir(tmp_path)
    held = os.open(secret, os.O_RDONLY)
    os.set_inheritable(held, True)
    found: list[Read] = []
    # It stops itself twice: when it is loaded, and when it parses.
    stop = "import os, signal\n    os.kill(os.getpid(), signal.SIGSTOP)\n"
    code = f"def load():\n    {stop}\ndef parse(file):\n    {stop}    return {{'author': 'lived'}}"
    thread = threading.Thread(target=lambda: found.append(spy(code)))
    thread.start()
    looks = 0
    while thread.is_alive():
        for child in _stopped_children():
            assert not any(key in part or key.hex().encode() in part for part in _memory(child))
            proc = Path(f"/proc/{child}")
            assert proc.joinpath("environ").read_bytes().strip(b"\0") in {b"", b"LC_CTYPE=C.UTF-8"}
            assert key.hex() not in proc.joinpath("cmdline").read_text()
            links = {str(path.readlink()) for path in proc.joinpath("fd").iterdir()}
            assert str(secret) not in links
            allowed = (str(tmp_path / "file"), r"pipe:\[\d+\]", "/dev/null")
            assert all(any(re.fullmatch(one, link) for one in allowed) for link in links), links
            assert str((proc / "cwd").readlink()) == "/"
            looks += 1
            os.kill(child, signal.SIGCONT)
        time.sleep(0.02)
    os.close(held)
    assert (looks, found) == (2, [Read(maker=Maker(author="lived"))])
    # The same look finds it where it is.
    assert any(key in part for part in _memory(os.getpid()))


def _stopped_children() -> list[int]:
    out = []
    for task in Path("/proc/self/task").iterdir():
        for child in task.joinpath("children").read_text().split():
            state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "T":
                out.append(int(child))
    return out


def test_the_child_is_started_apart_from_user_and_folder() -> None:
    """Python reads no variable, no user's packages and no module of the folder it is called from."""
    assert "-I" in facts.command("image")
    assert json.dumps(facts.command("image")).count(str(Path.home() / "lib")) == 0
