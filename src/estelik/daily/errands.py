"""Errands: what takes seconds, done beside the day's work in a thread of its own, one after the other."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from estelik.daily.today import today
from estelik.errors import EstelikError
from estelik.index import changes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from estelik.casebook import Casebook

#: Errands that are remembered, those that were begun last.
_KEPT: Final = 6


class StoppedError(Exception):
    """Nobody who began it is signed in any more."""


class Errand:
    """``done``: whether it came to an end; ``value``: what came of it; ``error``: what kept it from that, in
    words; ``mark``: the state of the casebook (``mark``) that it began from.

    Some say how far they are: which ``step`` they are at, of what (``name``), and how many are ``counted``,
    of how many (``every``; 0: not known)."""

    def __init__(self, mark: object) -> None:
        self.mark = mark
        self.done = False
        self.value: Any = None
        self.error: EstelikError | None = None
        self.step = self.name = ""
        self.counted = self.every = 0
        self._stopped, self._over = threading.Event(), threading.Event()

    def at(self, step: str, name: str = "") -> None:
        """Begins a step. Raises ``StoppedError`` where it is not to go on."""
        self.step, self.name, self.counted, self.every = step, name, 0, 0
        self.go_on()

    def count(self, counted: int, every: int = 0) -> None:
        """So many are done. Raises ``StoppedError`` where it is not to go on."""
        self.counted, self.every = counted, every
        self.go_on()

    def go_on(self) -> None:
        """Raises ``StoppedError`` where it is not to go on."""
        if self._stopped.is_set():
            raise StoppedError

    def stop(self) -> None:
        """Asks it to end at the next place where it can."""
        self._stopped.set()

    def over(self) -> None:
        """It has come to its end."""
        self.done = True
        self._over.set()

    def ended(self, seconds: float) -> bool:
        """Whether it comes to its end within so many seconds."""
        return self._over.wait(seconds)


class Errands:
    """The errands of one open casebook."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._found: OrderedDict[str, Errand] = OrderedDict()
        self._running = 0
        self._ended: Callable[[], object] | None = None

    def begin(self, name: str, work: Callable[[], object]) -> Errand:
        """Begins an errand; where one of this name is under way, that one goes on."""
        return self.begin_told(name, lambda _: work())

    def begin_told(self, name: str, work: Callable[[Errand], object]) -> Errand:
        """The same, for work that says how far it is."""
        with self._lock:
            there = self._found.get(name)
            if there is not None and not there.done:
                return there
            errand = self._found[name] = Errand(mark(self._casebook))
            self._found.move_to_end(name)
            old = [one for one, each in self._found.items() if each.done]
            for other in old[: max(0, len(old) - _KEPT)]:
                del self._found[other]
            self._running += 1
        threading.Thread(target=self._run, args=(errand, work), daemon=True).start()
        return errand

    @contextmanager
    def beside(self) -> Iterator[Errand]:
        """Around what is done elsewhere and takes no turn; the casebook is not closed before it has
        come to its end, and it is asked to (``go_on``) when that is to happen."""
        errand, name = Errand(None), secrets.token_urlsafe(12)
        with self._lock:
            self._found[name] = errand
            self._running += 1
        try:
            yield errand
        finally:
            with self._lock:
                self._found.pop(name, None)
            self._one_less(errand)

    def of(self, name: str) -> Errand | None:
        """The errand of this name, if it was not forgotten."""
        with self._lock:
            return self._found.get(name)

    def drop(self, name: str) -> None:
        """Forgets an errand that came to its end."""
        with self._lock:
            if name in self._found and self._found[name].done:
                del self._found[name]

    def end(self, then: Callable[[], object]) -> None:
        """Forgets all, and does the last thing (``then``) when nothing of the casebook is in use: at once, or
        at the end of what is under way, which ends at the next place where it can."""
        with self._lock:
            for one in self._found.values():
                one.stop()
            self._found.clear()
            if self._running:
                self._ended = then
                return
        then()

    def _run(self, errand: Errand, work: Callable[[Errand], object]) -> None:
        try:
            # One at a time: each reads everything.
            with self._turn:
                if self._ended is None:
                    errand.mark = mark(self._casebook)
                    errand.value = work(errand)
        except EstelikError as error:
            errand.error = error
        except StoppedError:
            errand.error = EstelikError(
                "It was stopped, since whoever began it signed out.",
                safe="What was done before that stays.",
                do="Begin it again: it goes on where it stopped.",
            )
        except Exception:  # noqa: BLE001 (a thread that fails says so on the page, and nothing of what it read)
            errand.error = EstelikError("Something went wrong in Estelik itself.")
        finally:
            self._one_less(errand)

    def _one_less(self, errand: Errand) -> None:
        errand.over()
        with self._lock:
            self._running -= 1
            then = self._ended if not self._running else None
        if then is not None:
            then()


def mark(casebook: Casebook) -> object:
    """How far the records go, and which day it is: what is reckoned from them stays as long."""
    store = casebook.vault.store
    with store.read() as connection:
        return changes.marks(connection, store.schemas), today()
