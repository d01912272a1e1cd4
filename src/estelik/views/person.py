"""Person: everything that the page of one life needs, as plain data.

Statements are cited by their number on the page (from 1). No words of prose, no
markup: ``language`` speaks, ``publication`` draws and sets.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from estelik.records import Layer, Statement
from estelik.views.course import Course, Range, Ranges
from estelik.views.who import Who

Numbers = tuple[int, ...]
Cell = Literal["when", "age", "gap", "order", "told", "axiom"]
Side = Literal["earliest", "latest"]
Step = Literal["start", "plus", "minus", "total"]
#: What a ``Reason`` names as the ground of a date.
Ground = Literal["date", "age", "counted", "after", "before", "also"]
Standing = Literal["reasoned", "corrected", "set-aside"]


class Name(msgspec.Struct, frozen=True):
    """A name as somebody gave it: ``language`` is the BCP 47 tag of its run,
    ``kind`` what sort of name it is ("" if nobody said)."""

    text: str
    language: str = ""
    kind: str = ""
    statements: Numbers = ()


class Reason(msgspec.Struct, frozen=True):
    """How a date is known: by a date or age that ``source`` told, or counted
    from, after or before another ``event``."""

    ground: Ground
    statements: Numbers
    source: str = ""
    event: str = ""


class Bounds(msgspec.Struct, frozen=True):
    """The days of one event under one account (0: under every repair). ``age``
    is the least and the greatest number of completed years, or None."""

    ranges: Ranges
    account: int = 0
    age: tuple[int, int] | None = None
    reasons: tuple[Reason, ...] = ()

    @property
    def earliest(self) -> int | None:
        """The first day, None where nobody can name it."""
        return self.ranges[0][0] if self.ranges else None

    @property
    def latest(self) -> int | None:
        """The last day, None where nobody can name it."""
        return self.ranges[-1][1] if self.ranges else None


class EventRow(msgspec.Struct, frozen=True):
    """One event of the table: one ``Bounds``, or one for each account.
    ``chains`` counts the independent chains back to those who perceived it;
    None where that was not asked. ``weighed`` are statements that contradict
    the days and weigh less than what they rest on."""

    event: str
    bounds: tuple[Bounds, ...]
    place: str = ""
    hearsay: bool = False
    expected: bool = False
    chains: int | None = None
    weighed: Numbers = ()


class LedgerLine(msgspec.Struct, frozen=True):
    """One line of a sum. ``start`` and ``total`` have a ``day``, ``plus`` and
    ``minus`` a number of ``days``. ``statement`` is the number of what is
    added (0 for an axiom), ``cell`` the cell of it, ``event`` where the sum has come,
    ``whose`` it is if not the own."""

    step: Step
    event: str
    whose: str = ""
    day: int = 0
    days: int = 0
    statement: int = 0
    cell: Cell = "when"


class Ledger(msgspec.Struct, frozen=True):
    """Why one bound is what it is: a sum in days."""

    event: str
    side: Side
    day: int
    lines: tuple[LedgerLine, ...]
    account: int = 0


class Party(msgspec.Struct, frozen=True):
    """One side of a contradiction: what is said, and with what it is joined."""

    statement: int
    joined: Numbers = ()
    account: int = 0


class Contradiction(msgspec.Struct, frozen=True):
    """Statements that cannot all be true. ``parties`` stand in the order in
    which they were told. ``wide`` says that the wide reading makes them whole."""

    event: str
    parties: tuple[Party, ...]
    wide: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What would follow for one event if a repair were made."""

    event: str
    ranges: Ranges


class Repair(msgspec.Struct, frozen=True):
    """One way of making the account whole, and what would follow from it.

    ``among`` is empty, or it has the statements of the one contradiction that
    this would end, where several stand apart and one way out of each is needed.
    """

    number: int
    weight: int
    sets_aside: Numbers
    keeps: Numbers
    outcomes: tuple[Outcome, ...] = ()
    among: Numbers = ()


class StatementLine(msgspec.Struct, frozen=True):
    """A statement with its number on the page, and how it stands."""

    number: int
    statement: Statement
    standing: Standing = "reasoned"
    against: Numbers = ()
    corrected_by: int = 0
    reason: str = ""
    #: The label that it was told under, where the page has another.
    told_of: str = ""


class Question(msgspec.Struct, frozen=True):
    """What to ask next, of whom, and what the answer would do (bits)."""

    ask: Literal["when", "how long", "where", "who told"]
    event: str
    since: str = ""
    expected_bits: float = 0.0
    worst_bits: float = 0.0
    sources: tuple[str, ...] = ()


class Encounter(msgspec.Struct, frozen=True):
    """Somebody who may have been held at the same place at the same time.
    ``key`` is the key of that life's page, "" if it is not in the report;
    ``statements`` tell how their stays began and ended: those about the other
    one are on that page, where there is one."""

    subject: str
    place: str
    certain: bool
    overlap: Range = (None, None)
    key: str = ""
    statements: Numbers = ()


class Value(msgspec.Struct, frozen=True):
    """One of several values that were told, and by which statements."""

    text: str
    statements: Numbers


class Difference(msgspec.Struct, frozen=True):
    """Sources say different things where a life has one: of an ``event`` or a
    ``fact``, in one ``field`` of the sheet."""

    field: str
    values: tuple[Value, ...]
    event: str = ""
    fact: str = ""


class LayerAside(msgspec.Struct, frozen=True):
    """A weak layer that was set aside whole, with its statements."""

    layer: Layer
    statements: Numbers


class Source(msgspec.Struct, frozen=True):
    """Who or what told, when (EDTF cells as written), and the statements."""

    label: str
    told: tuple[str, ...]
    statements: Numbers
    evidence: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """An event whose day nobody told, and what it comes after and before."""

    event: str
    after: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    statements: Numbers = ()


class PersonPage(msgspec.Struct, frozen=True):
    """The page of one life. ``changed`` is the last day on which something was
    told; ``key`` is unique among the pages of a report; ``outside``: it is for
    others, without what is for members alone; ``near``: how many more were told of where this life was, with
    whom it was not compared."""

    key: str
    label: str
    kind: str
    course: Course
    changed: Range | None = None
    names: tuple[Name, ...] = ()
    events: tuple[EventRow, ...] = ()
    undated: tuple[Order, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    repairs: tuple[Repair, ...] = ()
    complete: bool = True
    consistent: bool = True
    consistent_wide: bool = True
    wide: tuple[Outcome, ...] = ()
    statements: tuple[StatementLine, ...] = ()
    questions: tuple[Question, ...] = ()
    withheld: tuple[str, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    near: int = 0
    differences: tuple[Difference, ...] = ()
    set_aside: tuple[LayerAside, ...] = ()
    sources: tuple[Source, ...] = ()
    who: Who = Who()
    outside: bool = False

    def whose(self, statement: Statement) -> str:
        """Whom a statement is about, "" where it is whom the page is about."""
        same = statement.about == self.label and not statement.about.startswith("?")
        return "" if same or statement.subject == self.key else statement.about

    def line(self, number: int) -> StatementLine:
        """The statement with this number."""
        return self.statements[number - 1]
