"""What the rows of one import say about each other, and about the casebook.

Only compact sets are kept (ids, labels, places), so that a sheet of a million
rows is checked in a few hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec

from estelik.chronology import edtf
from estelik.records import Statement
from estelik.records.vocabulary import BIRTH, TOLD

if TYPE_CHECKING:
    from estelik.exchange.faults import Faults


class Known(msgspec.Struct, frozen=True):
    """What a casebook already holds, asked for in bulk when every row was read.

    ``events(subjects)``: subject label -> the labels of all events that
    statements about it mention, for those of ``subjects`` that anybody speaks
    of. ``digest(statement)``: bytes that are equal for statements that say the
    same; ``digests(ids)``: statement id -> that of the statement, for those of
    ``ids`` that are there. ``told(tellings)``, of testimony -> ``told``
    cells: testimony -> statement id and ``told`` cell of the statements of that
    testimony that no other corrects and that give another date than those
    cells. ``subjects(ids)``: statement id -> the label of whom the statement is
    about, for those of ``ids`` that are there. ``references(subjects)``: statement id -> label of
    whom it is about and cell, for what may name an event of one of ``subjects``, but for
    statements that another one corrects. ``empty``: there is nothing yet,
    so nothing need be asked.
    """

    events: Callable[[Collection[str]], Mapping[str, Collection[str]]]
    digest: Callable[[Statement], bytes]
    digests: Callable[[Collection[str]], Mapping[str, bytes]]
    told: Callable[[Mapping[str, Collection[str]]], Mapping[str, Iterable[tuple[str, str]]]]
    subjects: Callable[[Collection[str]], Mapping[str, str]]
    references: Callable[[Collection[str]], Mapping[str, Iterable[tuple[str, str]]]]
    empty: bool = False


#: A casebook that holds nothing.
NOTHING = Known(
    events=lambda _: {},
    digest=lambda _: b"",
    digests=lambda _: {},
    told=lambda _: {},
    subjects=lambda _: {},
    references=lambda _: {},
    empty=True,
)


class Ledger:
    """The cross-row state of one import.

    ``ids``: statement id -> where it stands; ``lives``: for each of ``ids``, in
    the same order, its subject's entry in ``events`` (None for somebody
    unnamed); ``digests``: statement id -> what
    it says; ``events``: subject label -> its
    event labels; ``waiting``: references that could not be resolved as they
    were read (spot, column, about, event, reference); ``tellings``: testimony
    -> told cell -> statement ids; ``corrections``: id -> the id it corrects;
    ``slashed``: (subject, event) -> where it first stands, where one of the labels holds a slash;
    ``made``: the ids made for rows without one, ``copies`` how many more rows
    of the same content there were.
    """

    def __init__(self, known: Known, faults: Faults) -> None:
        self.known = known
        self.faults = faults
        self.ids: dict[str, int] = {}
        self.lives: list[set[str] | None] = []
        self.digests: dict[str, bytes] = {}
        self.events: dict[str, set[str]] = {}
        self.waiting: list[tuple[int, str, str, str, str]] = []
        self.tellings: dict[str, dict[str, list[str]]] = {}
        self.corrections: dict[str, str] = {}
        self.slashed: dict[tuple[str, str], int] = {}
        self.made: set[str] = set()
        self.copies: dict[str, int] = {}

    def close(self) -> None:
        """Checks what only shows when every row was read."""
        stored = self.known.digests(self.ids.keys() | self.corrections.values())
        for statement, digest in self.digests.items():
            if stored.get(statement, digest) != digest:
                self.faults.add(self.ids[statement], "statement", "changed")
        self._references()
        self._doubled()
        self._corrections(stored.keys())
        self._corrected_others()
        self._two_dates(stored.keys())

    def _references(self) -> None:
        asked = {waiting[2:] for waiting in self.waiting}
        there = self.known.events({subject for row in asked for subject, _ in _readings(row[0], row[2])})
        verdicts = {row: self._reference(*row, there) for row in asked}
        for where, column, *row in self.waiting:
            code = verdicts[row[0], row[1], row[2]]
            if code:
                self.faults.add(where, column, code)

    def _doubled(self) -> None:
        """A reference that is there and named one event must not come to name another, or two."""
        if not self.slashed or self.known.empty:
            return
        asked = {subject for subject, _ in self.slashed}
        asked |= {prefix for _, event in self.slashed for prefix in _prefixes(event)}
        found = [
            row
            for id_, rows in self.known.references(asked).items()
            if id_ not in self.corrections.values()
            for row in rows
        ]
        if not found:
            return
        there = self.known.events({subject for row in found for subject, _ in _readings(*row)})
        for about, cell in found:
            meant = list(_meant(about, cell, there, self.events))
            if len(meant) < 2:
                continue
            for subject, event in meant:
                # An event of a birth that nobody tells of comes with whatever is told of the person first.
                where = self.slashed.get((subject, event))
                if where is None and event == BIRTH and subject not in there:
                    where = min(
                        (spot for (one, _), spot in self.slashed.items() if one == subject), default=None
                    )
                if where is not None and event not in there.get(subject, ()):
                    self.faults.add(where, "event", "doubled")

    def _reference(self, about: str, event: str, reference: str, there: Mapping[str, Collection[str]]) -> str:
        """What is wrong with a reference of a row about ``about`` and ``event``: a code, or ""."""
        meant = list(_meant(about, reference, there, self.events))
        if len(meant) > 1:
            return "ambiguous"
        if meant:
            return "own-event" if meant[0] == (about, event) else ""
        unnamed = any(subject.startswith("?") for subject, _ in _readings(about, reference))
        return "unnamed" if unnamed else "no-such-event"

    def _corrections(self, stored: Collection[str]) -> None:
        settled: set[str] = set()
        for start, corrected in self.corrections.items():
            if corrected not in self.ids and corrected not in stored:
                self.faults.add(self.ids[start], "corrects", "corrects-unknown")
                continue
            walk: list[str] = []
            seen: set[str] = set()
            step: str | None = start
            while step is not None and step not in settled and step not in seen:
                walk.append(step)
                seen.add(step)
                step = self.corrections.get(step)
            if step in seen:
                self.faults.add(self.ids[start], "corrects", "corrects-circle")
            settled.update(walk)

    def _corrected_others(self) -> None:
        """A row may correct what was said of the same subject only, but for somebody unnamed:
        who she was may come to be known, or to be doubted."""
        if not self.corrections:
            return
        wanted = self.corrections.keys() | self.corrections.values()
        lives = {id_: life for id_, life in zip(self.ids, self.lives, strict=True) if id_ in wanted}
        there = self.known.subjects(set(self.corrections.values()) - lives.keys())
        for id_, label in there.items():
            # No row of this import is about somebody whom only the casebook knows.
            lives[id_] = None if label.startswith("?") else self.events.get(label, set())
        for id_, corrected in self.corrections.items():
            own, other = lives.get(id_), lives.get(corrected)
            if own is not None and other is not None and own is not other:
                self.faults.add(self.ids[id_], "corrects", "corrects-other")

    def _two_dates(self, stored: Collection[str]) -> None:
        # A row that is there already says no more than the casebook does; one that is corrected says nothing.
        past = set(self.corrections.values()).union(stored)
        standing: dict[str, dict[str, str]] = {}
        for testimony, cells in self.tellings.items():
            first = {told: next((id_ for id_ in ids if id_ not in past), "") for told, ids in cells.items()}
            standing[testimony] = {told: id_ for told, id_ in first.items() if id_}
        there = self.known.told({testimony: first.keys() for testimony, first in standing.items() if first})
        for testimony, first in standing.items():
            before = {told for id_, told in there.get(testimony, ()) if id_ not in past or id_ in self.ids}
            for told, id_ in first.items():
                if any(_disjoint(told, other) for other in before):
                    self.faults.add(self.ids[id_], "told", "two-dates")
                before.add(told)


def _meant(about: str, reference: str, *known: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Which of the readings of a reference are events that anybody speaks of, in ``known``: by
    subject, all that are told of."""
    for subject, label in _readings(about, reference):
        if subject.startswith("?"):
            continue
        told = [one[subject] for one in known if subject in one]
        if (told and label == BIRTH) or any(label in one for one in told):
            yield subject, label


def _prefixes(label: str) -> Iterator[str]:
    """What stands before each slash of a label."""
    slash = label.find("/")
    while slash >= 0:
        yield label[:slash]
        slash = label.find("/", slash + 1)


def _readings(about: str, reference: str) -> Iterator[tuple[str, str]]:
    """The (subject, event) pairs that a reference may mean: the own subject's event of that
    whole label first (somebody unnamed has none but the row's own), then each split at "/"."""
    if not about.startswith("?"):
        yield about, reference
    for subject in _prefixes(reference):
        yield subject, reference[len(subject) + 1 :]


def _disjoint(one: str, other: str) -> bool:
    """Whether two dates in EDTF have no day in common; False where one is no date."""
    try:
        ones, others = edtf.parse(one).spans, edtf.parse(other).spans
    except ValueError:
        return False
    return not any(
        (a.first is None or b.last is None or a.first <= b.last)
        and (b.first is None or a.last is None or b.first <= a.last)
        for a in ones
        for b in others
    )


def points_at_itself(event: str, reference: str) -> bool:
    """Whether a row about ``event`` points at that event of its own subject."""
    return bool(event) and reference == event and reference != TOLD
