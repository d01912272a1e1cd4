"""Forked: work that a process forked off this one does beside it."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection


def second_core() -> bool:
    """Whether there is a core for it, on a system where a fork is safe and cheap; not for what is itself
    forked off so."""
    if sys.platform != "linux" or multiprocessing.current_process().daemon:
        return False
    return len(os.sched_getaffinity(0)) > 1


@contextmanager
def forked(work: Callable[[Connection], object]) -> Iterator[Connection]:
    """One end of a pipe; a forked process does ``work`` at the other. It is killed at the end."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    gc.freeze()
    try:
        child = context.Process(target=_run, args=(work, theirs, ours), daemon=True)
        child.start()
        theirs.close()
        try:
            yield ours
        finally:
            child.kill()
            child.join()
            ours.close()
    finally:
        gc.unfreeze()


def _run(work: Callable[[Connection], object], theirs: Connection, ours: Connection) -> None:
    # Otherwise this process would keep that end open itself.
    ours.close()
    gc.disable()
    work(theirs)
