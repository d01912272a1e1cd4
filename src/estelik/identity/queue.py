"""Queue: the candidates that nobody has judged, the likeliest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.identity.candidate import Candidate
    from estelik.identity.resolution import Resolution


def queue(
    candidates: Iterable[Candidate], resolution: Resolution, *, unsure: bool = False
) -> tuple[Candidate, ...]:
    """The candidates to be judged, best first; each pair of lives once.

    ``unsure``: those instead of whom somebody said that she could not say.
    """
    wanted = "unsure" if unsure else ""
    best: dict[tuple[tuple[str, ...], tuple[str, ...]], Candidate] = {}
    for one in sorted(candidates, key=lambda one: (-one.score, one.pair, one.reasons)):
        if resolution.relation(one.one, one.other) == wanted:
            ones, others = sorted((resolution.members(one.one), resolution.members(one.other)))
            best.setdefault((ones, others), one)
    return tuple(best.values())


def still(waiting: Sequence[Candidate], resolution: Resolution) -> tuple[Candidate, ...]:
    """Those of a ``queue`` that wait by another resolution, too, as ``queue`` gives them. Only those are
    looked at of whom anything was judged."""
    judged = resolution.judged()
    if not judged:
        return tuple(waiting)
    doubted = [one for one in waiting if one.one in judged or one.other in judged]
    gone = set(map(id, doubted)) - set(map(id, queue(doubted, resolution)))
    return tuple(one for one in waiting if id(one) not in gone)
