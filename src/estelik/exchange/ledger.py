"""What the rows of one import say about each other, and about the casebook.

Only compact sets are kept (ids, labels, places), so that a sheet of a million
rows is checked in a few hundred megabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

import msgspec

from estelik.chronology import edtf
from estelik.records import Statement
from estelik.records.vocabulary import BIRTH, TOLD

if TYPE_CHECKING:
    from estelik.exchange.faults import Faults


class Known(msgspec.Struct, frozen=True):
    """What a casebook already holds, asked for piece by piece.

    ``events(subject)``: the labels of all events that statements about that
    subject mention (empty where they mention none), None for a subject nobody
    speaks of. ``statement(id)``: the statement of that id, or None.
    ``told(testimony)``: statement id and ``told`` cell of every statement of
    that testimony that no other corrects.
    """

    events: Callable[[str], Collection[str] | None]
    statement: Callable[[str], Statement | None]
    told: Callable[[str], Iterable[tuple[str, str]]]


#: A casebook that holds nothing.
NOTHING = Known(events=lambda _: None, statement=lambda _: None, told=lambda _: ())


class Ledger:
    """The cross-row state of one import.

    ``ids``: statement id -> where it stands; ``events``: subject label -> its
    event labels; ``waiting``: references that could not be resolved as they
    were read (spot, column, about, event, reference); ``tellings``: testimony
    -> told cell -> statement ids; ``corrections``: id -> the id it corrects;
    ``made``: the ids made for rows without one, ``copies`` how many more rows
    of the same content there were.
    """

    def __init__(self, known: Known, faults: Faults) -> None:
        self.known = known
        self.faults = faults
        self.ids: dict[str, int] = {}
        self.events: dict[str, set[str]] = {}
        self.waiting: list[tuple[int, str, str, str, str]] = []
        self.tellings: dict[str, dict[str, list[str]]] = {}
        self.corrections: dict[str, str] = {}
        self.made: set[str] = set()
        self.copies: dict[str, int] = {}

    def close(self) -> None:
        """Checks what only shows when every row was read."""
        self._references()
        self._corrections()
        self._two_dates()

    def _references(self) -> None:
        verdicts: dict[tuple[str, str, str], str] = {}
        for where, column, about, event, reference in self.waiting:
            asked = (about, event, reference)
            if asked not in verdicts:
                verdicts[asked] = self._reference(about, event, reference)
            if verdicts[asked]:
                self.faults.add(where, column, verdicts[asked])

    def _reference(self, about: str, event: str, reference: str) -> str:
        """What is wrong with a reference of a row about ``about`` and ``event``: a code, or ""."""
        if not about.startswith("?") and self._mentioned(about, reference):
            return ""
        unnamed = False
        for index, letter in enumerate(reference):
            if letter != "/":
                continue
            subject, label = reference[:index], reference[index + 1 :]
            if subject.startswith("?"):
                unnamed = True
            elif self._mentioned(subject, label):
                return "own-event" if (subject, label) == (about, event) else ""
        return "unnamed" if unnamed else "no-such-event"

    def _mentioned(self, subject: str, label: str) -> bool:
        here, there = self.events.get(subject), self.known.events(subject)
        if here is None and there is None:
            return False
        return (
            label == BIRTH or (here is not None and label in here) or (there is not None and label in there)
        )

    def _corrections(self) -> None:
        settled: set[str] = set()
        for start, corrected in self.corrections.items():
            if corrected not in self.ids and self.known.statement(corrected) is None:
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

    def _two_dates(self) -> None:
        corrected = set(self.corrections.values())
        for testimony, cells in self.tellings.items():
            before = {told for id_, told in self.known.told(testimony) if told and id_ not in corrected}
            if len(cells) == 1 and before <= cells.keys():
                continue
            for told, ids in cells.items():
                standing = [id_ for id_ in ids if id_ not in corrected]
                if not standing:
                    continue
                if any(_disjoint(told, other) for other in before):
                    self.faults.add(self.ids[standing[0]], "told", "two-dates")
                before.add(told)


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
