"""Listing: the lines about all lives, filtered and counted once for each filter that is asked for."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.views.registry import Counts, Filter, counted, fits

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self._lock = threading.Lock()
        self._lists: OrderedDict[Filter, tuple[tuple[Entry, ...], Counts]] = OrderedDict()

    def of(self, wanted: Filter) -> Listed:
        """Those who fit, and the counts."""
        found, counts = self._list(wanted)
        return Listed(found, counts, self._list(Filter(kind=wanted.kind))[1])

    def _list(self, wanted: Filter) -> tuple[tuple[Entry, ...], Counts]:
        # One at a time: who asks for the same meanwhile waits for it, and does not count again.
        with self._lock:
            known = self._lists.get(wanted)
            if known is None:
                found = tuple(one for one in self._entries if fits(one, wanted))
                known = self._lists[wanted] = found, counted(found)
                while len(self._lists) > _KEPT:
                    self._lists.popitem(last=False)
            else:
                self._lists.move_to_end(wanted)
            return known
