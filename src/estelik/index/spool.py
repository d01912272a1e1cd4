"""The spool: statements taken apart and encoded, before anything is written.

A sheet that turns out to have faults leaves every file as it was: all of it is
kept here first, some 400 bytes a statement.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from estelik.errors import CasebookError
from estelik.records import stored
from estelik.records.vocabulary import TOLD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.records import Statement

    #: Column and cell of labels that were spelled otherwise than they are compared.
    Spelled = tuple[tuple[str, str], ...]

_DIGEST = 16


class Spool:
    """Statements waiting to be entered, in order; the lists and arrays run in parallel."""

    def __init__(self) -> None:
        #: Each statement's own id.
        self.statements: list[str] = []
        #: The cells of all of them as JSON, without the brace at their end, and where those of each end. In
        #: one piece: a process that is forked off shares it as a whole.
        self._cells = bytearray()
        self._ends: array[int] = array("Q")
        #: What each says, sixteen bytes a statement (``stored.digested``).
        self.digests = bytearray()
        #: Numbers in ``subjects``, ``provenances``, ``places`` and ``manners``.
        self.subject: array[int] = array("I")
        self.provenance: array[int] = array("I")
        self.place: array[int] = array("I")
        self.manner: array[int] = array("I")
        #: (compartment, label, kind); (telling, source, via, how the row spelled them); place; how
        #: a row was written.
        self.subjects: dict[tuple[str, str, str], int] = {}
        self.provenances: dict[tuple[str, str, str, Spelled], int] = {}
        self.places: dict[str, int] = {"": 0}
        self.manners: dict[str, int] = {"": 0}
        #: telling -> (label, source, told); (subject, provenance, told) where a labelled telling has a date.
        self.tellings: dict[str, tuple[str, str, str]] = {}
        self.dates: set[tuple[int, int, str]] = set()
        #: By number of the statement, where there is any.
        self.references: dict[int, tuple[str, ...]] = {}
        self.corrects: dict[int, str] = {}
        self.counts: set[int] = set()
        self._seen: set[str] = set()
        #: By number in ``subjects`` and ``provenances``: what a digest has of them.
        self._about: list[bytes] = []
        self._origin: list[bytes] = []

    def __len__(self) -> int:
        return len(self.statements)

    def add(self, s: Statement) -> None:
        """Takes one statement in."""
        number = len(self.statements)
        subjects, provenances = self.subjects, self.provenances
        if s.statement in self._seen:
            raise CasebookError("Two statements have the same id.", do="Give every row an id of its own.")
        self._seen.add(s.statement)
        self.statements.append(s.statement)
        cells = stored.cells(s)
        self._cells += cells[:-1]
        self._ends.append(len(self._cells))
        subject = subjects.setdefault((stored.lies_in(s), s.about, s.about_kind), len(subjects))
        telling = s.telling
        provenance = provenances.setdefault((telling, s.source, s.via, stored.spelled(s)), len(provenances))
        about, origin = self._about, self._origin
        if subject == len(about):
            about.append(stored.about(s.about, s.about_kind))
        if provenance == len(origin):
            origin.append(stored.origin(s.testimony, s.source, s.via))
        self.digests += stored.digested(cells, about[subject], origin[provenance])
        self.subject.append(subject)
        self.provenance.append(provenance)
        self.place.append(self.places.setdefault(s.place, len(self.places)))
        self.manner.append(
            self.manners.setdefault(stored.manner(s), len(self.manners))
            if s.typed or s.generated or s.written
            else 0
        )
        if telling not in self.tellings:
            self.tellings[telling] = (s.testimony, "", "") if s.testimony else ("", s.source, s.told)
        if s.told and s.testimony:
            self.dates.add((subject, provenance, s.told))
        if s.after or s.before:
            if TOLD in (s.after, s.before):
                self.counts.add(number)
            if "/" in s.after or "/" in s.before:
                self.references[number] = tuple(referred(s))
        if s.corrects:
            self.corrects[number] = s.corrects

    def end(self) -> None:
        """No more are added: what only adding needs is let go."""
        self._seen, self._about, self._origin = set(), [], []

    def cells(self, number: int) -> str:
        """The cells of statement ``number`` (``stored.cells``) without the brace at their end."""
        return self._cells[self._ends[number - 1] if number else 0 : self._ends[number]].decode()

    def digest(self, number: int) -> bytes:
        """What statement ``number`` says."""
        return bytes(self.digests[_DIGEST * number : _DIGEST * (number + 1)])


def referred(s: Statement) -> Iterator[str]:
    """The labels of subjects whose events ``after`` and ``before`` may name.

    A label may hold a slash itself: every reading of ``SUBJECT/EVENT`` counts.
    """
    for cell in (s.after, s.before):
        slash = cell.find("/")
        while slash >= 0:
            yield cell[:slash]
            slash = cell.find("/", slash + 1)
