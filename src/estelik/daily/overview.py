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
from typing import TYPE_CHECKING, Final

from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, contradicted_widely
from estelik.chronology.timeline import label as label_of
from estelik.daily import alike, tellers
from estelik.daily.coming import Coming
from estelik.daily.findings import Apart, Begun, Board, Decided, Findings, Life, Open, Overview, State
from estelik.daily.today import today
from estelik.daily.waiting import Waiting
from estelik.errors import EstelikError, NotFoundError
from estelik.identity.queue import queue
from estelik.index import changes, proposals
from estelik.records.judgement import ON_IDENTITY
from estelik.views.registry import entry
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.chronology.timeline import Timeline
    from estelik.daily.listing import Listing
    from estelik.identity.candidate import Candidate
    from estelik.identity.merging import Merged
    from estelik.identity.namesakes import Alike
    from estelik.identity.resolution import Resolution
    from estelik.index.proposals import Weighed
    from estelik.records import Judgement, Statement

    Entered = Callable[[Collection[str]], dict[str, int]]

#: Seconds after which it looks again whether somebody still waits for a page; and how long it waits then
#: between two lives, so that it comes to an end also where somebody always does.
_BREATH: Final = 0.0005
#: So many labels are read at once.
_AT_ONCE: Final = 40
_PATIENCE: Final = 0.05


class _EndedError(Exception):
    """Nobody needs what is being looked for any more."""


class Watch:
    """Looks through a casebook that stays open. ``busy``: whether somebody waits for a page; ``board``: what
    others find who work with the same casebook, by whom what is open to both is looked through once;
    ``waiting``: what waits for somebody; ``coming``: who is going to come."""

    def __init__(
        self, casebook: Casebook, busy: Callable[[], bool] = lambda: False, board: Board | None = None
    ) -> None:
        self._casebook = casebook
        self.waiting = Waiting(casebook)
        self.coming = Coming(casebook)
        self._busy = busy
        self._board = Board() if board is None else board
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        #: Of what her own pages show beside what was found.
        self._prepared: State | None = None
        self._mine: Findings | None = None
        #: What is shown until that was found.
        self._before: Findings | None = None

    @property
    def listing(self) -> Listing:
        """The lines about each life that were found last, to be filtered and counted."""
        return self._shown().listing if self._ended.is_set() else self._shown(self._open()[0]).listing

    def look(self) -> Overview:
        """What was found last. Where something was entered since, or another day began, it is looked for
        anew meanwhile."""
        if self._ended.is_set():
            return self._shown().found
        findings, now, _ = self._open()
        with self._lock:
            if (self._thread is None or not self._thread.is_alive()) and not self._ended.is_set():
                behind = now != findings.state and not findings.looking.locked()
                if behind or now != self._prepared:
                    self._thread = threading.Thread(target=self._look, args=(now,), daemon=True)
                    self._thread.start()
        return self._shown(findings).found

    def looked(self, seconds: float = 60.0) -> Overview:
        """What was found once it was looked for, or what there is after so many seconds."""
        end = time.monotonic() + seconds
        self.look()
        if self._thread is not None:
            self._thread.join(seconds)
        findings = self._mine
        # Somebody else may be looking.
        if findings is not None and findings.looking.acquire(timeout=max(0.0, end - time.monotonic())):
            findings.looking.release()
        return self._shown().found

    def end(self) -> None:
        """Looks no further; returns when nothing of the casebook is in use."""
        self._ended.set()
        thread = self._thread
        if thread is not None:
            thread.join()

    def _shown(self, mine: Findings | None = None) -> Findings:
        """What is shown of what was found: ``mine``, or what was found before while that is looked for."""
        mine = mine or self._mine
        if mine is None:
            return Findings(Open(frozenset(), frozenset()))
        before = self._before
        return before if before is not None and not mine.found.whole else mine

    def _open(self) -> tuple[Findings, State, int]:
        """The findings for what is open to her now, the state that it is in, and the edition of the keys that
        open it."""
        store = self._casebook.vault.store
        with store.read() as connection:
            held, edition = frozenset(store.schemas), connection.edition
            state = State(changes.marks(connection, store.schemas), today().toordinal())
            hiding = store.any_disposition(connection)
        open_ = Open(held, self._casebook.decisions.hidden() if hiding else frozenset())
        mine = self._mine
        if mine is None or mine.open != open_:
            before = mine if mine is not None and mine.found.whole else self._before
            # Of a compartment that was closed to her not a word is shown any more.
            self._before = before if before is not None and before.open.held == held else None
            self._mine = mine = self._board.of(open_)
        return mine, state, edition

    def _look(self, now: State) -> None:
        # What is damaged, or was locked meanwhile, is told where it is asked for.
        with suppress(EstelikError, _EndedError):
            # First: somebody may be at the door.
            self.coming.prepare(now.day, self._breathe)
            # Each of these goes through a whole file the first time; pages ask for it.
            self.waiting.read()
            tellers.make_ready(self._casebook)
            self._casebook.lives.about_places()
            self._prepared = now
            findings, _, edition = self._open()
            if findings.looking.acquire(blocking=False):
                try:
                    if findings.state != now:
                        self._look_through(findings, now, edition)
                finally:
                    findings.looking.release()
            if self._casebook.vault.office.carriers and not self._ended.is_set():
                self.waiting.count()

    def _look_through(self, findings: Findings, now: State, edition: int) -> None:
        archive = self._casebook.lives
        decided = Decided(archive.resolution, frozenset(one.id for one in archive.judgements()))
        labels, lives, seen = self._concerned(findings, now, decided), dict[str, Life](), set[str]()
        whole = labels is None
        if labels is None:
            labels = set(self._casebook.subjects())
            if findings.begun is not None and findings.begun.state == now:
                _, lives, seen = findings.begun
        else:
            before = findings.decided
            members = (decided.resolution.members, before.resolution.members)  # type: ignore[union-attr]
            gone = {key for label in labels for one in members for key in one(label)}
            labels |= {label_of(key) for key in gone}
            gone |= labels
            lives = {key: one for key, one in findings.lives.items() if label_of(key) not in gone}
        self._solve(labels, lives, seen, now.day)
        if self._ended.is_set():
            if whole and self._still(findings, edition):
                findings.begun = Begun(now, lives, seen)
            return
        findings.begun = None
        found = [lives[key] for key in sorted(lives, key=str.casefold)]
        apart = tuple(one.apart for one in found if one.apart is not None)
        entries = tuple(one.entry for one in found)
        if not findings.found.whole and self._still(findings, edition):
            # Who may be one takes longest the first time.
            findings.show(Overview(apart, (), entries))
        pairs, like, weighed = self._pairs(findings, labels, decided.resolution, whole=whole)
        if self._still(findings, edition):
            findings.lives, findings.state, findings.decided = lives, now, decided
            findings.alike, findings.weighed = like, weighed
            findings.show(Overview(apart, pairs, entries, whole=True))

    def _still(self, findings: Findings, edition: int) -> bool:
        """Whether what was read is what is open to her, from the beginning until now."""
        mine, _, now = self._open()
        return mine is findings and now == edition

    def _pairs(
        self, findings: Findings, labels: set[str], resolution: Resolution, *, whole: bool
    ) -> tuple[tuple[Candidate, ...], list[Alike], Weighed]:
        """Who may be one, and what that was found by; unless all are looked at, only those with these labels
        are compared."""
        weighed: Weighed = {}
        if whole:
            found = list(self._casebook.namesakes().alike(self._pause))
        else:
            found = alike.kept(findings.alike, labels) + alike.alike(self._casebook, labels, self._breathe)
            known = findings.weighed.items()
            weighed = {pair: one for pair, one in known if labels.isdisjoint(map(label_of, pair))}
        lives, about = self._casebook.lives, self._casebook.statements
        candidates = proposals.proposals(found, lives, about, weighed)
        candidates += proposals.linked(self._casebook.vault.store, lives, about)
        return queue(candidates, resolution), found, weighed

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

    def _concerned(self, findings: Findings, now: State, decided: Decided) -> set[str] | None:
        """The labels of whom something was entered or decided since; None where that may be anybody."""
        before, state = findings.decided, findings.state
        if state is None or state.day != now.day or before is None:
            return None
        if decided.resolution.splits != before.resolution.splits:
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
            told = changes.concerned(connection, store.schemas, state.marks)
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

    def _entered(self, statements: Collection[str]) -> dict[str, int]:
        store = self._casebook.vault.store
        with store.read() as connection:
            return changes.entered(connection, store.schemas, statements)

    def _solve(self, labels: Iterable[str], lives: dict[str, Life], seen: set[str], day: int) -> None:
        rest = iter(labels)
        while part := list(islice((label for label in rest if label not in seen), _AT_ONCE)):
            if self._ended.is_set():
                return
            with suppress(EstelikError):
                merged = self._casebook.lives.among(part)
                for found in _solved(merged, day, self._entered):
                    lives |= found
                    if not self._breathe():
                        return
                # Whoever hangs together with these was looked at with them. Of the unnamed who share a label
                # there may be others.
                seen |= {one for one in map(merged.label, merged.statements) if not one.startswith("?")}


def _solved(merged: Merged, day: int, entered: Entered) -> Iterator[dict[str, Life]]:
    """What is found of each life of each group; ``entered``: when statements (ids) were entered."""
    told = told_of(merged.statements, merged.judgements)
    events = {one.statement: one.event for one in merged.statements}
    for linked in link(merged.statements, merged.judgements):
        found: dict[str, Life] = {}
        solution = Solution(linked)
        timelines = {one.key: one for one in solution.timelines(contradicted_widely(solution, linked))}
        for number, key in enumerate(linked.subjects):
            if key in timelines and told.get(key):
                line = entry(solution, number, timelines[key], told[key], day)
                apart = None if timelines[key].consistent else _apart(timelines[key], events, entered)
                found[key] = Life(line, apart)
        yield found


def _apart(timeline: Timeline, told: dict[str, str], entered: Entered) -> Apart:
    when = entered({one for conflict in timeline.conflicts for one in conflict})
    since = {
        conflict: max((when.get(one, 0) for one in conflict), default=0) for conflict in timeline.conflicts
    }
    last = max(since.values(), default=0)
    first = min((one for one in timeline.conflicts if since[one] == last), key=len, default=())
    events = tuple(dict.fromkeys(told[one] for one in first if told.get(one)))
    return Apart(timeline.key, events, first, timeline.consistent_wide, last)


def _moved(before: Resolution, now: Resolution) -> set[str]:
    """The labels of those who are one with others than before."""
    keys = before.clusters.keys() | now.clusters.keys()
    moved = {key for key in keys if before.members(key) != now.members(key)}
    return {label_of(key) for key in moved}
