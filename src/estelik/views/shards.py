"""Shards: the timelines of all lives, encoded, worked out on every core.

The groups of linked lives are dealt out to forked processes, which hold what
this one holds and send back finished documents. What comes out is byte for
byte what one process would give.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.chronology.lives import link
from estelik.chronology.timeline import solve_groups
from estelik.views.differences import differences
from estelik.views.same_place import among
from estelik.views.timeline import document, told_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estelik.chronology.lives import Linked
    from estelik.chronology.network import Reading
    from estelik.identity.merging import Merged
    from estelik.records import Judgement, Statement
    from estelik.views.differences import SamePlace

#: Groups dealt out at a time, and from how many on it is worth other processes.
_DEAL: Final = 2_000
_WORTH: Final = 4_000


class Encoded(NamedTuple):
    """One life: the place of its first mention, whether its accounts agree, its document as JSON."""

    place: int
    consistent: bool
    data: bytes


class _Hand(NamedTuple):
    groups: list[Linked]
    told: dict[str, list[Statement]]
    places: dict[str, int]
    reading: Reading
    merged: Merged | None
    same_place: SamePlace


#: What the forked processes inherit.
_hand: _Hand | None = None


def encoded(
    statements: Sequence[Statement],
    judgements: Sequence[Judgement] = (),
    reading: Reading = "strict",
    *,
    merged: Merged | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> list[Encoded]:
    """The documents of ``views.timeline`` for all lives, in order of first mention.

    ``merged``: who is who in them; ``progress`` is told how many lives are done.
    """
    global _hand  # noqa: PLW0603 - forked processes inherit nothing else
    places: dict[str, int] = {}
    for statement in statements:
        places.setdefault(statement.subject, len(places))
    groups = list(link(statements, judgements))
    hand = _Hand(
        groups,
        told_of(statements, judgements),
        places,
        reading,
        merged,
        among(statements, None if merged is None else merged.others),
    )
    done: list[Encoded] = []
    try:
        _hand = hand
        for part in _dealt(len(groups)):
            done += part
            progress(len(done))
    finally:
        _hand = None
    done.sort()
    return done


def _dealt(groups: int) -> Iterator[list[Encoded]]:
    starts = range(0, groups, _DEAL)
    cores = os.cpu_count() or 1
    if groups < _WORTH or cores < 2 or sys.platform != "linux":
        yield from map(_solved, starts)
        return
    gc.freeze()
    try:
        with multiprocessing.get_context("fork").Pool(cores, initializer=gc.disable) as pool:
            yield from pool.imap_unordered(_solved, starts)
    finally:
        gc.unfreeze()


def _solved(start: int) -> list[Encoded]:
    hand = _hand
    assert hand is not None  # noqa: S101 - set before anything is dealt out
    encode = msgspec.json.Encoder().encode
    found = solve_groups(hand.groups[start : start + _DEAL], hand.reading, threads=False)
    return [
        Encoded(
            hand.places[timeline.key],
            timeline.consistent,
            encode(
                document(timeline, differences(hand.told.get(timeline.key, ()), hand.same_place), hand.merged)
            ),
        )
        for timeline in found
    ]
