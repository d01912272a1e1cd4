"""Errands: what takes seconds, done beside the day's work in a thread of its own, one after the other."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from estelik.daily.today import today
from estelik.errors import EstelikError
from estelik.index import changes

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.casebook import Casebook

#: Errands that are remembered, those that were begun last.
_KEPT: Final = 6


class Errand:
    """``done``: whether it came to an end; ``value``: what came of it; ``error``: what kept it from that, in
    words; ``mark``: the state of the casebook (``mark``) that it began from."""

    def __init__(self, mark: object) -> None:
        self.mark = mark
        self.done = False
        self.value: Any = None
        self.error: EstelikError | None = None


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
        at the end of what is under way."""
        with self._lock:
            self._found.clear()
            if self._running:
                self._ended = then
                return
        then()

    def _run(self, errand: Errand, work: Callable[[], object]) -> None:
        try:
            # One at a time: each reads everything.
            with self._turn:
                if self._ended is None:
                    errand.mark = mark(self._casebook)
                    errand.value = work()
        except EstelikError as error:
            errand.error = error
        except Exception:  # noqa: BLE001 (a thread that fails says so on the page, and nothing of what it read)
            errand.error = EstelikError("Something went wrong in Estelik itself.")
        finally:
            errand.done = True
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
