"""Overview: which lives cannot be true as told, and who may be one; looked for beside the day's work.

A casebook is looked through once, life by life, in a thread of its own that gives way to whoever asks for a
page; from then on only those are looked at again of whom something was entered.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, contradicted_widely
from estelik.errors import EstelikError
from estelik.identity.candidate import Candidate
from estelik.identity.queue import queue
from estelik.index import changes
from estelik.views.registry import Entry, entry
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.chronology.timeline import Timeline
    from estelik.identity.merging import Merged

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
    likeliest first; ``entries``: a line about each life, by label; ``whole``: whether everybody was looked
    at."""

    apart: tuple[Apart, ...] = ()
    pairs: tuple[Candidate, ...] = ()
    entries: tuple[Entry, ...] = ()
    whole: bool = False


class _Life(NamedTuple):
    """What was found of a life."""

    entry: Entry
    apart: Apart | None


class Watch:
    """Looks through a casebook that stays open."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._marks: dict[str, int] | None = None
        self._lives: dict[str, _Life] = {}
        self._day = 0
        self._found = Overview()

    def look(self) -> Overview:
        """What was found last. Where something was entered since, or another day began, it is looked for
        anew meanwhile."""
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._ended.is_set():
                marks, day = self._now(), date.today().toordinal()  # noqa: DTZ011 (the user's own day)
                if marks != self._marks or day != self._day:
                    if day != self._day:
                        self._marks = None
                    self._thread = threading.Thread(target=self._look, args=(marks, day), daemon=True)
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

    def _look(self, marks: dict[str, int], day: int) -> None:
        # What is damaged, or was locked meanwhile, is told where it is asked for.
        with suppress(EstelikError):
            labels, lives = self._concerned(), dict[str, _Life]()
            if labels is None:
                labels = self._casebook.subjects()
            else:
                members = self._casebook.lives.resolution.members
                gone = {key for label in labels for key in members(label)}
                lives = {key: one for key, one in self._lives.items() if key not in gone}
            self._solve(labels, lives, day)
            pairs = queue(self._casebook.candidates(), self._casebook.lives.resolution)
            if not self._ended.is_set():
                self._lives, self._marks, self._day = lives, marks, day
                found = [lives[key] for key in sorted(lives, key=str.casefold)]
                apart = tuple(one.apart for one in found if one.apart is not None)
                self._found = Overview(apart, pairs, tuple(one.entry for one in found), whole=True)

    def _concerned(self) -> Iterable[str] | None:
        if self._marks is None:
            return None
        store = self._casebook.vault.store
        with store.read() as connection:
            return changes.concerned(connection, store.schemas, self._marks)

    def _solve(self, labels: Iterable[str], lives: dict[str, _Life], day: int) -> None:
        seen: set[str] = set()
        for label in labels:
            if self._ended.is_set():
                return
            for whose in self._whose(label):
                if whose not in seen:
                    seen.add(whose)
                    with suppress(EstelikError):
                        found = dict(_solved(self._casebook.lives.of(whose), day))
                        seen |= found.keys()
                        lives |= found
                    time.sleep(_BREATH)

    def _whose(self, label: str) -> Iterable[str]:
        """The lives that a label stands for: everybody unnamed is somebody else."""
        if not label.startswith("?"):
            return [label]
        return dict.fromkeys(one.subject for one in self._casebook.statements([label]))


def _solved(merged: Merged, day: int) -> Iterator[tuple[str, _Life]]:
    """What is found of each life of a group."""
    told = told_of(merged.statements, merged.judgements)
    events = {one.statement: one.event for one in merged.statements}
    for linked in link(merged.statements, merged.judgements):
        solution = Solution(linked)
        timelines = {one.key: one for one in solution.timelines(contradicted_widely(solution, linked))}
        for number, key in enumerate(linked.subjects):
            if key in timelines and told.get(key):
                line = entry(solution, number, timelines[key], told[key], day)
                apart = None if timelines[key].consistent else _apart(timelines[key], events)
                yield key, _Life(line, apart)


def _apart(timeline: Timeline, told: dict[str, str]) -> Apart:
    first = min(timeline.conflicts, key=len, default=())
    events = tuple(dict.fromkeys(told[one] for one in first if told.get(one)))
    return Apart(timeline.key, events, first, timeline.consistent_wide)
