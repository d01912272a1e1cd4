"""Course: one life over time, as the drawing shows it.

Days are integers (``chronology.calendar``). A range is a first and a last day,
None where nobody can name one. Nothing here is words or geometry.
"""

from __future__ import annotations

from typing import Literal

import msgspec

Range = tuple[int | None, int | None]
Ranges = tuple[Range, ...]
LaneKind = Literal["state", "place", "events"]

#: More ways of making an account whole than this are drawn as one row.
ROWS_AT_MOST = 3


class Stint(msgspec.Struct, frozen=True):
    """A state, or a stay at a place, between two events.

    ``start`` and ``end`` are the days on which the two can lie; empty where
    nobody told of the event. ``duration`` is the cell that says how long it
    lasted. ``goes_on`` is the day of the last telling that says it still holds.
    ``due`` are the days on which an end was expected that nobody told of, and
    ``sure`` is the first day on which it may be over for all that, None where
    that is any; ``final`` says that nothing ends such a state.
    ``hearsay`` marks what stands only if hearsay is admitted; ``weighed`` what
    another account contradicts that weighs less: nothing of it is certain;
    ``statements`` are cited by their number on the page.
    """

    start: Ranges = ()
    end: Ranges = ()
    duration: str = ""
    goes_on: int | None = None
    due: Ranges = ()
    sure: int | None = None
    final: bool = False
    hearsay: bool = False
    place: str = ""
    statements: tuple[int, ...] = ()
    weighed: bool = False

    @property
    def untold(self) -> bool:
        """Whether only the end was told; the beginning may still be bounded on one side."""
        return bool(self.end) and (not self.start or self.start[-1][1] is None)


class Mark(msgspec.Struct, frozen=True):
    """A point event: the days on which it can lie, where it was, and whether it was
    only ``expected``; ``hearsay`` and ``weighed`` as a stint has them."""

    event: str
    ranges: Ranges
    place: str = ""
    hearsay: bool = False
    expected: bool = False
    statements: tuple[int, ...] = ()
    weighed: bool = False


class Row(msgspec.Struct, frozen=True):
    """One line of a lane. ``account`` is 0 for what holds under every repair,
    else the number of the repair under which it was solved alone."""

    stints: tuple[Stint, ...] = ()
    marks: tuple[Mark, ...] = ()
    account: int = 0


class Lane(msgspec.Struct, frozen=True):
    """A state, a place that lasts, or the other events. ``name`` is the code of
    the state or the label of the place; ``depends`` says that its dates hang on
    which account is kept."""

    kind: LaneKind
    name: str
    rows: tuple[Row, ...]
    depends: bool = False


class Telling(msgspec.Struct, frozen=True):
    """When something was told, by whom ("" where the reader may not know)."""

    told: Range
    source: str = ""
    statements: tuple[int, ...] = ()


class Account(msgspec.Struct, frozen=True):
    """One way of making the account whole: the statements (numbers) it keeps of
    those that cannot be true together, and those that it sets aside."""

    number: int
    keeps: tuple[int, ...]
    sets_aside: tuple[int, ...]


class Course(msgspec.Struct, frozen=True):
    """Everything that one drawing shows. ``birth`` is None where nobody told of
    it; ``ways`` counts the repairs, also where they are too many for rows of
    their own."""

    today: int
    birth: Range | None = None
    lanes: tuple[Lane, ...] = ()
    tellings: tuple[Telling, ...] = ()
    accounts: tuple[Account, ...] = ()
    ways: int = 0
