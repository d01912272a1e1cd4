"""Holding: the keys of an unlocked casebook are left with a key holder, and asked back."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from estelik.errors import CasebookError
from estelik.vault import running
from estelik.vault.holder import KEYS, TIME, Task, length, peer, print_of
from estelik.vault.keys import KEY_SIZE, Keyring

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds that the holder has to begin, and to answer.
_BEGIN: Final = 20
_PATIENCE: Final = 2.0
_LARGEST: Final = 64 * 1024


class Held(NamedTuple):
    """How a key holder was begun: whether its keys are ``kept`` out of the swap space, and whether it is
    ``hidden`` from other programs of the same user."""

    kept: bool
    hidden: bool


class Left(NamedTuple):
    """Seconds for which keys are still held: if nobody asks for them, and at most."""

    idle: float
    end: float


def begin(folder: Path, keyring: Keyring, *, idle: float, end: float) -> Held:
    """Begins the key holder of the casebook in ``folder``, in place of one that is there: for so many
    seconds without use, and so many in all.

    It ends with the terminal (its session) that this process was started from.
    Raises ``CasebookError``.
    """
    running.end(folder, holder_only=True)
    names, keys = keyring.packed()
    leader = os.getsid(0)
    task = Task(
        str(folder.resolve()),
        print_of(folder),
        idle,
        end,
        leader if leader != os.getpid() else 0,
        names,
    )
    said = json.dumps(task._asdict()).encode()
    # Its folder is not among its arguments: those can be seen by everybody.
    child = subprocess.Popen(
        [sys.executable, "-I", "-m", "estelik.vault.holder"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={running.FOLDER: str(running.socket_of(folder).parent)},
        cwd="/",
        start_new_session=True,
    )
    assert child.stdin is not None  # noqa: S101 (it was asked for above)
    assert child.stdout is not None  # noqa: S101 (the same)
    with child.stdin, child.stdout, suppress(OSError, ValueError):
        child.stdin.write(length.pack(len(said)) + said + keys)
        child.stdin.close()
        return Held(**json.loads(child.stdout.read(_LARGEST)))
    child.kill()
    child.wait()
    raise CasebookError(
        "The keys could not be left with a process of their own.",
        safe="The casebook is locked.",
        do="Go on with the passphrase. Is another `estelik unlock` running?",
    )


def held(folder: Path) -> Keyring | None:
    """The keys of the casebook in ``folder``, where a key holder has them."""
    found = _asked(folder, KEYS)
    return None if found is None else Keyring.unpacked(*found[1:])


def left(folder: Path) -> Left | None:
    """For how long the keys of the casebook in ``folder`` are still held, where they are."""
    found = _asked(folder, TIME)
    return None if found is None else found[0]


def _asked(folder: Path, what: bytes) -> tuple[Left, list[str], bytes] | None:
    with (
        suppress(OSError, ValueError, TypeError, KeyError, CasebookError),
        socket.socket(socket.AF_UNIX) as client,
    ):
        client.settimeout(_PATIENCE)
        client.connect(str(running.socket_of(folder)))
        if peer(client) != os.geteuid():
            return None
        client.sendall(what)
        size = length.unpack(_read(client, length.size))[0]
        said: Any = json.loads(_read(client, min(size, _LARGEST)))
        if said["format"] != 1 or said["print"] != print_of(folder):
            return None
        names = [str(name) for name in said["names"]]
        data = _read(client, KEY_SIZE * (len(names) + 1)) if what == KEYS else b""
        return Left(float(said["idle"]), float(said["end"])), names, data
    return None


def _read(client: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        piece = client.recv(size - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return bytes(data)
