"""Findings: what was found when certain compartments were looked through, for all who hold just these.

Whoever holds the same finds the same: members at seats of their own do not look for it once more each, and it
lies in memory once. What others hold more or less of is looked for apart from it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

import msgspec

from estelik.daily.listing import Listing
from estelik.identity.candidate import Candidate
from estelik.views.registry import Entry

if TYPE_CHECKING:
    from estelik.identity.namesakes import Alike
    from estelik.identity.resolution import Resolution
    from estelik.index.proposals import Weighed


class Apart(msgspec.Struct, frozen=True):
    """A life (its key) that cannot be true as told: the events that a smallest contradiction is about, of
    those that came last, the ids of the statements that make it, whether the wide reading lets all of it be
    true, and when the last of these was entered (``since``, seconds since 1970): since then it cannot be
    true so. It is the same for everybody; who has looked at it nobody writes down."""

    key: str
    events: tuple[str, ...]
    statements: tuple[str, ...]
    wide: bool
    since: int = 0


class Overview(msgspec.Struct, frozen=True):
    """``apart``: lives that cannot be true as told; ``pairs``: who may be one and was not judged, the
    likeliest first; ``entries``: a line about each life, by label; ``whole``: whether everybody was looked
    at."""

    apart: tuple[Apart, ...] = ()
    pairs: tuple[Candidate, ...] = ()
    entries: tuple[Entry, ...] = ()
    whole: bool = False


class Life(NamedTuple):
    """What was found of a life."""

    entry: Entry
    apart: Apart | None


class Decided(NamedTuple):
    """What was decided when it was looked last."""

    resolution: Resolution
    judgements: frozenset[str]


class State(NamedTuple):
    """What was looked at: how far each compartment went (``index.changes.marks``), on which day (ordinal)."""

    marks: dict[str, int]
    day: int


class Begun(NamedTuple):
    """What of everybody was found in a state when whoever looked had to end: the lives, and the labels that
    need no second look."""

    state: State
    lives: dict[str, Life]
    seen: set[str]


class Open(NamedTuple):
    """What somebody may see: the compartments that are open to her, and the statements (ids) in them that are
    kept out of her sight."""

    held: frozenset[str]
    hidden: frozenset[str]


class Findings:
    """What was found last in all that is ``open``. Whoever has taken ``looking`` changes it, and nobody
    else."""

    def __init__(self, open_: Open) -> None:
        self.open = open_
        self.looking = threading.Lock()
        self.found = Overview()
        self.listing = Listing(())
        self.state: State | None = None
        self.begun: Begun | None = None
        self.lives: dict[str, Life] = {}
        self.decided: Decided | None = None
        self.alike: list[Alike] = []
        self.weighed: Weighed = {}

    def show(self, found: Overview) -> None:
        """Lets everybody see what was found."""
        self.listing = Listing(found.entries)
        self.found = found


class Board:
    """The findings of all who work with one casebook, by what is open to them; they are forgotten with the
    last who needs them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._every: WeakValueDictionary[Open, Findings] = WeakValueDictionary()

    def of(self, open_: Open) -> Findings:
        """What was found for those to whom just this is open."""
        with self._lock:
            found = self._every.get(open_)
            if found is None:
                found = self._every[open_] = Findings(open_)
            return found
