"""Listing: the lines about all lives, filtered and counted once for each filter that is asked for."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.views.registry import Counts, Filter, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from estelik.views.registry import Entry

#: Filters whose lists are kept, those that were asked for last.
_KEPT: Final = 24


class Listed(NamedTuple):
    """Those who fit, in order, how many of what they are, and how many all of their kind are."""

    found: tuple[Entry, ...]
    counts: Counts
    every: Counts


class Listing:
    """The lines of one state of a casebook."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        self._rows = Rows(self._entries)
        self._lock = threading.Lock()
        self._taken: dict[str, tuple[int | None, int | None]] | None = None
        self._certain: tuple[Entry, ...] | None = None
        self._lists: OrderedDict[Filter, tuple[tuple[Entry, ...], Counts]] = OrderedDict()

    def apart(self, life: str) -> Callable[[str], float]:
        """How many days at least lie between the first time that a life (its key) was taken and that other
        lives were; infinite where that was told of one of them only, or of none."""
        with self._lock:
            if self._taken is None:
                self._taken = {one.key: one.taken for one in self._entries if one.taken is not None}
        taken = self._taken
        own = taken.get(life)

        def days(other: str) -> float:
            there = taken.get(other)
            if own is None or there is None:
                return math.inf
            (first, last), (begun, ended) = _bounds(own), _bounds(there)
            return max(0.0, begun - last, first - ended)

        return days

    def certain(self) -> tuple[Entry, ...]:
        """Those of whom a state is certain today, in order."""
        with self._lock:
            if self._certain is None:
                self._certain = self._rows.certain()
            return self._certain

    def of(self, wanted: Filter) -> Listed:
        """Those who fit, and the counts."""
        found, counts = self._list(wanted)
        return Listed(found, counts, self._list(Filter(kind=wanted.kind))[1])

    def _list(self, wanted: Filter) -> tuple[tuple[Entry, ...], Counts]:
        # One at a time: who asks for the same meanwhile waits for it, and does not count again.
        with self._lock:
            known = self._lists.get(wanted)
            if known is None:
                known = self._lists[wanted] = self._rows.of(wanted)
                while len(self._lists) > _KEPT:
                    self._lists.popitem(last=False)
            else:
                self._lists.move_to_end(wanted)
            return known


def _bounds(taken: tuple[int | None, int | None]) -> tuple[float, float]:
    first, last = taken
    return -math.inf if first is None else first, math.inf if last is None else last
