"""Child processes that are handed one hostile file: how they are started, listened to, and stopped.

Each has no key, no environment and no open file but those that it is given,
confines itself (``confinement``) before it looks at them, and is stopped when
it takes too long or says too much. What it answers is believed no more than
the file.
"""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_PIECE: Final = 1 << 20


def command(module: str, *words: str) -> list[str]:
    """How a module of this room is started as a process of its own; its words can be seen by anybody on this
    computer."""
    # Isolated: no environment, no folder of the user, nothing from where the command was called.
    return [sys.executable, "-I", "-X", "utf8", "-m", f"estelik.media.{module}", *words]


def run(
    started: Sequence[str],
    file: int,
    take: Callable[[bytes], object],
    *,
    largest: int,
    patience: float,
    keep: Sequence[int] = (),
) -> int | None:
    """Starts a child with ``file`` (a descriptor) as its input, and hands each piece of what it says to
    ``take``, ``largest`` bytes in all; its exit status.

    None where it was stopped: after ``patience`` seconds by the clock on the
    wall (a process that waits uses none of its own). Where it says more than it
    may it is stopped too, with a status that is not 0. It has the descriptors
    ``keep`` as well, by the same numbers.
    """
    os.lseek(file, 0, os.SEEK_SET)
    until, left = time.monotonic() + patience, largest
    with subprocess.Popen(  # noqa: S603 (our own program, with words from our own lists)
        started,
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        close_fds=True,
        pass_fds=keep,
        start_new_session=True,
    ) as child:
        assert child.stdout is not None  # noqa: S101 (it was asked for above)
        pipe = child.stdout.fileno()
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(pipe, selectors.EVENT_READ)
                while True:
                    if not selector.select(max(0.0, until - time.monotonic())):
                        return None
                    piece = os.read(pipe, _PIECE)
                    left -= len(piece)
                    if left < 0:
                        break
                    if not piece:
                        return child.wait(max(0.0, until - time.monotonic()))
                    take(piece)
        except subprocess.TimeoutExpired:
            return None
        finally:
            # One that has ended is not there to be stopped.
            child.kill()
        return child.wait() or -1
