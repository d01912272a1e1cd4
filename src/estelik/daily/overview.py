"""Overview: which lives cannot be true as told, and who may be one; looked for beside the day's work.

A casebook is looked through once, life by life, in a thread of its own that gives way to whoever asks for a
page; from then on only those are looked at again of whom something was entered or decided, and only their
names are compared with others'.
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, contradicted_widely
from estelik.chronology.timeline import label as label_of
from estelik.daily import alike
from estelik.daily.coming import Coming
from estelik.daily.listing import Listing
from estelik.daily.today import today
from estelik.daily.waiting import Waiting
from estelik.errors import EstelikError, NotFoundError
from estelik.identity.candidate import Candidate
from estelik.identity.queue import queue
from estelik.index import changes, proposals
from estelik.records.judgement import ON_IDENTITY
from estelik.views.registry import Entry, entry
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.chronology.timeline import Timeline
    from estelik.identity.merging import Merged
    from estelik.identity.namesakes import Alike
    from estelik.identity.resolution import Resolution
    from estelik.index.proposals import Weighed
    from estelik.records import Judgement, Statement

#: Seconds after which it looks again whether somebody still waits for a page; and how long it waits then
#: between two lives, so that it comes to an end also where somebody always does.
_BREATH: Final = 0.0005
#: So many labels are read at once.
_AT_ONCE: Final = 40
_PATIENCE: Final = 0.05


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


class _Decided(NamedTuple):
    """What was decided when it was looked last."""

    resolution: Resolution
    judgements: frozenset[str]


class _EndedError(Exception):
    """Nobody needs what is being looked for any more."""


class Watch:
    """Looks through a casebook that stays open. ``busy``: whether somebody waits for a page; ``waiting``:
    what waits for somebody; ``coming``: who is going to come."""

    def __init__(self, casebook: Casebook, busy: Callable[[], bool] = lambda: False) -> None:
        self._casebook = casebook
        self.waiting = Waiting(casebook)
        self.coming = Coming(casebook)
        self._busy = busy
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._marks: dict[str, int] | None = None
        self._lives: dict[str, _Life] = {}
        self._day = 0
        self._found = Overview()
        self._decided: _Decided | None = None
        self._alike: list[Alike] = []
        self._weighed: Weighed = {}
        self._listing = Listing(())

    @property
    def listing(self) -> Listing:
        """The lines about each life that were found last, to be filtered and counted."""
        return self._listing

    def look(self) -> Overview:
        """What was found last. Where something was entered since, or another day began, it is looked for
        anew meanwhile."""
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._ended.is_set():
                marks, day = self._now(), today().toordinal()
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
        with suppress(EstelikError, _EndedError):
            # First: somebody may be at the door.
            self.coming.prepare(day, self._breathe)
            archive, lives = self._casebook.lives, dict[str, _Life]()
            # Each of these goes through a whole file the first time; pages ask for it.
            self.waiting.read()
            archive.about_places()
            decided = _Decided(archive.resolution, frozenset(one.id for one in archive.judgements()))
            labels, whole = self._concerned(decided), False
            if labels is None:
                labels, whole = set(self._casebook.subjects()), True
            else:
                members = (decided.resolution.members, self._decided.resolution.members)  # type: ignore[union-attr]
                gone = {key for label in labels for one in members for key in one(label)}
                labels |= {label_of(key) for key in gone}
                gone |= labels
                lives = {key: one for key, one in self._lives.items() if label_of(key) not in gone}
            self._solve(labels, lives, day)
            if self._casebook.vault.office.carriers:
                self.waiting.count()
            found = [lives[key] for key in sorted(lives, key=str.casefold)]
            apart = tuple(one.apart for one in found if one.apart is not None)
            entries = tuple(one.entry for one in found)
            if not (self._found.whole or self._ended.is_set()):
                # Who may be one takes longest the first time.
                self._listing = Listing(entries)
                self._found = Overview(apart, (), entries)
            pairs = self._pairs(labels, decided.resolution, whole=whole)
            if not self._ended.is_set():
                self._lives, self._marks, self._day, self._decided = lives, marks, day, decided
                self._listing = Listing(entries)
                self._found = Overview(apart, pairs, entries, whole=True)

    def _pairs(self, labels: set[str], resolution: Resolution, *, whole: bool) -> tuple[Candidate, ...]:
        """Who may be one; unless all are looked at, only those with these labels are compared."""
        if whole:
            found, weighed = list(self._casebook.namesakes().alike(self._pause)), {}
        else:
            found = alike.kept(self._alike, labels) + alike.alike(self._casebook, labels, self._breathe)
            weighed = {
                pair: one for pair, one in self._weighed.items() if labels.isdisjoint(map(label_of, pair))
            }
        lives, about = self._casebook.lives, self._casebook.statements
        candidates = proposals.proposals(found, lives, about, weighed)
        candidates += proposals.linked(self._casebook.vault.store, lives, about)
        pairs = queue(candidates, resolution)
        self._alike, self._weighed = found, weighed
        return pairs

    def _pause(self) -> None:
        """Lets others go first. Raises ``_EndedError``."""
        if not self._breathe():
            raise _EndedError

    def _breathe(self) -> bool:
        """Lets others go first; whether to go on."""
        end = time.monotonic() + _PATIENCE
        while self._busy() and time.monotonic() < end and not self._ended.is_set():
            time.sleep(_BREATH)
        return not self._ended.is_set()

    def _concerned(self, decided: _Decided) -> set[str] | None:
        """The labels of whom something was entered or decided since; None where that may be anybody."""
        before = self._decided
        if self._marks is None or before is None or decided.resolution.splits != before.resolution.splits:
            return None
        judgements = {one.id: one for one in self._casebook.lives.judgements()}
        if before.judgements - judgements.keys():
            return None
        since = [judgements[id_] for id_ in decided.judgements - before.judgements]
        statements, labels = set[str](), _moved(before.resolution, decided.resolution)
        for one in since:
            meant: Judgement | None = judgements.get(one.withdraws) if one.withdraws else one
            if meant is None:
                return None
            if meant.decision not in ON_IDENTITY:
                statements |= {meant.statement} - {""}
                labels |= {meant.subject} - {""}
        store = self._casebook.vault.store
        with store.read() as connection:
            told = changes.concerned(connection, store.schemas, self._marks)
            labels |= changes.spoken_of(connection, store.schemas, statements)
        if told is None:
            return None
        # What was set aside may have been all that two lives hung together by.
        linked = {one.about for label in labels for one in self._linked(label)}
        return labels | told | linked

    def _linked(self, label: str) -> Iterable[Statement]:
        with suppress(NotFoundError):
            return self._casebook.lives.recorded(label)
        return ()

    def _solve(self, labels: Iterable[str], lives: dict[str, _Life], day: int) -> None:
        seen, rest = set[str](), iter(labels)
        while part := list(islice((label for label in rest if label not in seen), _AT_ONCE)):
            if self._ended.is_set():
                return
            with suppress(EstelikError):
                merged = self._casebook.lives.among(part)
                # Whoever hangs together with these is looked at with them. Of the unnamed who share a label
                # there may be others.
                seen |= {one for one in map(merged.label, merged.statements) if not one.startswith("?")}
                for found in _solved(merged, day):
                    lives |= found
                    if not self._breathe():
                        return


def _solved(merged: Merged, day: int) -> Iterator[dict[str, _Life]]:
    """What is found of each life of each group."""
    told = told_of(merged.statements, merged.judgements)
    events = {one.statement: one.event for one in merged.statements}
    for linked in link(merged.statements, merged.judgements):
        found: dict[str, _Life] = {}
        solution = Solution(linked)
        timelines = {one.key: one for one in solution.timelines(contradicted_widely(solution, linked))}
        for number, key in enumerate(linked.subjects):
            if key in timelines and told.get(key):
                line = entry(solution, number, timelines[key], told[key], day)
                apart = None if timelines[key].consistent else _apart(timelines[key], events)
                found[key] = _Life(line, apart)
        yield found


def _apart(timeline: Timeline, told: dict[str, str]) -> Apart:
    first = min(timeline.conflicts, key=len, default=())
    events = tuple(dict.fromkeys(told[one] for one in first if told.get(one)))
    return Apart(timeline.key, events, first, timeline.consistent_wide)


def _moved(before: Resolution, now: Resolution) -> set[str]:
    """The labels of those who are one with others than before."""
    keys = before.clusters.keys() | now.clusters.keys()
    moved = {key for key in keys if before.members(key) != now.members(key)}
    return {label_of(key) for key in moved}
