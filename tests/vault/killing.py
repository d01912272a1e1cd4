"""A child process that does some work, and is killed in the middle of it."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class PowerCut(BaseException):
    """Nothing that follows happens."""


class Worker:
    """A child process that does some work, and can be killed at any moment; it is not waited for to load."""

    def __init__(self, work: Callable[[Callable[[str], None]], None]) -> None:
        self._pipe, back = os.pipe()
        self._pid = os.fork()
        if not self._pid:
            status = 1
            try:
                work(lambda text: void(os.write(back, f"{text}\n".encode())))
                status = 0
            finally:
                os._exit(status)
        os.close(back)

    def kill(self) -> None:
        """Ends it as a loss of power would."""
        os.kill(self._pid, signal.SIGKILL)

    def said(self) -> tuple[int, list[str]]:
        """Waits for its end: its status (below zero: the signal), and the lines that it said."""
        with os.fdopen(self._pipe, encoding="utf-8") as pipe:
            lines = pipe.read().splitlines()
        _, status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(status), lines


def void(_: object) -> None:
    """What is not asked for."""


def long(work: Callable[[Callable[[str], None]], None]) -> float:
    """How many seconds it takes undisturbed, now; a second at most, however busy the machine is."""
    start = time.perf_counter()
    status, _ = Worker(work).said()
    assert status == 0
    return min(1, time.perf_counter() - start)
