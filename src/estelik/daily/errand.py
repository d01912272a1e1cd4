"""Errand: a long act that is done beside the requests, and how far it has come.

One that changes something at a time in a casebook. It ends with the process, whatever it was at: what it does
is safe to be cut off.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.errors import EstelikError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook


class StoppedError(Exception):
    """Whoever began it has signed out."""


class Errand:
    """``kind`` of act; whether it only ``reads``; ``step``: what is being done, to what (``name``), and how
    many are ``done`` of how many (``every``; 0: not known). ``came``: what came of it, or ``trouble``, where
    it is not ``running`` any more."""

    def __init__(self, kind: str, *, reads: bool = False) -> None:
        self.kind, self.reads = kind, reads
        self.step = self.name = ""
        self.done = self.every = 0
        self.came: object = None
        self.trouble: EstelikError | None = None
        self.running = True
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def at(self, step: str, name: str = "") -> None:
        """Begins a step. Raises ``StoppedError`` where it is not to go on."""
        self.step, self.name, self.done, self.every = step, name, 0, 0
        self.go_on()

    def count(self, done: int, every: int = 0) -> None:
        """So many are done. Raises ``StoppedError`` where it is not to go on."""
        self.done, self.every = done, every
        self.go_on()

    def go_on(self) -> None:
        """Raises ``StoppedError`` where it is not to go on."""
        if self._stopped.is_set():
            raise StoppedError

    def stop(self) -> None:
        """Asks it to end at the next place where it can."""
        self._stopped.set()

    def begin(self, act: Callable[[Errand], object]) -> None:
        """Does it in a thread of its own."""

        def done() -> None:
            try:
                self.came = act(self)
            except StoppedError:
                self.trouble = EstelikError(
                    "It was stopped, since whoever began it signed out.",
                    safe="What was done before that stays.",
                    do="Begin it again: it goes on where it stopped.",
                )
            except EstelikError as error:
                self.trouble = error
            except Exception:  # noqa: BLE001 (nobody waits in this thread; no value may leave by it)
                self.trouble = EstelikError(
                    "Something went wrong in Estelik itself.",
                    safe="What was done before that stays.",
                    do="Try again; if it happens again, tell the makers what you did, without names.",
                )
            finally:
                self.running = False

        self._thread = threading.Thread(target=done, daemon=True)
        self._thread.start()

    def ended(self, seconds: float) -> bool:
        """Whether it has ended within so many seconds."""
        if self._thread is not None:
            self._thread.join(seconds)
        return not self.running


_ERRANDS: Final[WeakKeyDictionary[Casebook, dict[str, Errand]]] = WeakKeyDictionary()
_LOCK: Final = threading.Lock()


def begin(casebook: Casebook, kind: str, act: Callable[[Errand], object], *, reads: bool = False) -> Errand:
    """Begins an act in this casebook. Raises ``UsageError`` where another is not done yet that is not to meet
    it: one of its kind, or two that do more than read."""
    with _LOCK:
        there = _ERRANDS.setdefault(casebook, {})
        others = [one for one in there.values() if one.running]
        if any(one.kind == kind or not (reads or one.reads) for one in others):
            raise UsageError(
                "Something else is still being done.", safe="Nothing was begun.", do="Wait until it is done."
            )
        found = there[kind] = Errand(kind, reads=reads)
        found.begin(act)
    return found


def last(casebook: Casebook, kind: str) -> Errand | None:
    """The last act of this kind since the casebook was opened."""
    with _LOCK:
        return _ERRANDS.get(casebook, {}).get(kind)


def stopped(casebook: Casebook) -> bool:
    """Asks what is being done in a casebook to end; whether nothing is."""
    with _LOCK:
        running = [one for one in _ERRANDS.get(casebook, {}).values() if one.running]
    for one in running:
        one.stop()
    return not running
