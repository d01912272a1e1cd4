"""Throttle: whoever guesses passphrases waits, longer each time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from estelik.vault.holder import clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

#: Wrong passphrases in a row that cost nothing, and the longest wait in seconds.
_FREE: Final = 3
_LONGEST: Final = 60.0
#: A seat ("": any), how many passphrases were wrong there in a row, and when the last was (``clock``).
Wrong = tuple[str, int, float]


class Throttle:
    """Counts the wrong passphrases, for each seat and for all of them: there is one door, and trying many
    names is trying the door. ``before``: what was counted by the process before this one; ``told``: is told
    of every change, so that the next begins with it."""

    def __init__(
        self,
        before: Iterable[Wrong] = (),
        now: Callable[[], float] = clock,
        told: Callable[[list[Wrong]], object] | None = None,
    ) -> None:
        self._now, self._told = now, told
        self._lock = threading.Lock()
        self._wrong: dict[str, tuple[int, float]] = {seat: (count, last) for seat, count, last in before}

    def wait(self, seat: str) -> float:
        """Seconds until the next passphrase is looked at; 0: now."""
        with self._lock:
            return max(0.0, *(self._until(one, free) for one, free in ((seat, _FREE), ("", 4 * _FREE))))

    def _until(self, one: str, free: int) -> float:
        wrong, last = self._wrong.get(one, (0, 0.0))
        if wrong < free:
            return 0.0
        return last + min(_LONGEST, 2.0 ** (wrong - free)) - self._now()

    def wrong(self, seat: str) -> None:
        """A passphrase was wrong."""
        with self._lock:
            now = self._now()
            for one in {seat, ""}:
                self._wrong[one] = (self._wrong.get(one, (0, 0.0))[0] + 1, now)
            self._say()

    def right(self, seat: str) -> None:
        """A passphrase was right."""
        with self._lock:
            if [self._wrong.pop(one, None) for one in (seat, "")] != [None, None]:
                self._say()

    def _say(self) -> None:
        if self._told is not None:
            self._told([(seat, count, last) for seat, (count, last) in self._wrong.items()])
