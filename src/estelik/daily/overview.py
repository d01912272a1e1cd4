"""Overview: which lives cannot be true as told, and who may be one; looked for beside the day's work.

A casebook is looked through once, life by life, in a thread of its own that gives way to whoever asks for a
page; from then on only those are looked at again of whom something was entered.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import EstelikError
from estelik.identity.candidate import Candidate
from estelik.identity.queue import queue
from estelik.index import changes
from estelik.views.timeline import timelines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.chronology.timeline import Timeline

#: Seconds left to others between two lives.
_BREATH: Final = 0.0005


class Apart(msgspec.Struct, frozen=True):
    """A life (its key) that cannot be true as told: the events that a smallest contradiction is about, the
    ids of the statements that make it, and whether the wide reading lets all of it be true."""

    key: str
    events: tuple[str, ...]
    statements: tuple[str, ...]
    wide: bool


class Overview(msgspec.Struct, frozen=True):
    """``apart``: lives that cannot be true as told; ``pairs``: who may be one and was not judged, the
    likeliest first; ``whole``: whether everybody was looked at."""

    apart: tuple[Apart, ...] = ()
    pairs: tuple[Candidate, ...] = ()
    whole: bool = False


class Watch:
    """Looks through a casebook that stays open."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._marks: dict[str, int] | None = None
        self._apart: dict[str, Apart] = {}
        self._found = Overview()

    def look(self) -> Overview:
        """What was found last. Where something was entered since, it is looked for anew meanwhile."""
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._ended.is_set():
                marks = self._now()
                if marks != self._marks:
                    self._thread = threading.Thread(target=self._look, args=(marks,), daemon=True)
                    self._thread.start()
        return self._found

    def looked(self, seconds: float = 60.0) -> Overview:
        """What was found once it was looked for, or what there is after so many seconds."""
        self.look()
        thread = self._thread
        if thread is not None:
            thread.join(seconds)
        return self._found

    def end(self) -> None:
        """Looks no further; returns when nothing of the casebook is in use."""
        self._ended.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _now(self) -> dict[str, int]:
        store = self._casebook.vault.store
        with store.read() as connection:
            return changes.marks(connection, store.schemas)

    def _look(self, marks: dict[str, int]) -> None:
        # What is damaged, or was locked meanwhile, is told where it is asked for.
        with suppress(EstelikError):
            labels = self._concerned()
            if labels is None:
                labels, apart = self._casebook.subjects(), {}
            else:
                members = self._casebook.lives.resolution.members
                gone = {key for label in labels for key in members(label)}
                apart = {key: one for key, one in self._apart.items() if key not in gone}
            self._solve(labels, apart)
            pairs = queue(self._casebook.candidates(), self._casebook.lives.resolution)
            if not self._ended.is_set():
                self._apart, self._marks = apart, marks
                self._found = Overview(tuple(apart.values()), pairs, whole=True)

    def _concerned(self) -> Iterable[str] | None:
        if self._marks is None:
            return None
        store = self._casebook.vault.store
        with store.read() as connection:
            return changes.concerned(connection, store.schemas, self._marks)

    def _solve(self, labels: Iterable[str], apart: dict[str, Apart]) -> None:
        seen: set[str] = set()
        for label in labels:
            if self._ended.is_set():
                return
            if label in seen or label.startswith("?"):
                continue
            with suppress(EstelikError):
                merged = self._casebook.lives.of(label)
                told = {one.statement: one.event for one in merged.statements}
                for timeline, _ in timelines(merged.statements, merged.judgements):
                    seen.add(timeline.key)
                    apart.pop(timeline.key, None)
                    if not timeline.consistent:
                        apart[timeline.key] = _apart(timeline, told)
                seen.add(label)
            time.sleep(_BREATH)


def _apart(timeline: Timeline, told: dict[str, str]) -> Apart:
    first = min(timeline.conflicts, key=len, default=())
    events = tuple(dict.fromkeys(told[one] for one in first if told.get(one)))
    return Apart(timeline.key, events, first, timeline.consistent_wide)
