"""Cycle rows: the tables of shortest ways over few statements, a row of points at a time.

What ``kernel.cycle_tables`` fills entry by entry. For a life with many events that is half of the time that
its page takes; and compiled code is for batches, not there when one page is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from estelik.chronology.kernel import Ints

_FAR = 1 << 40
#: Longer than any way; a way that goes on from it is still no way.
_NONE = 1 << 60


def cycle_rows(
    tail: Ints, head: Ints, weight: Ints, owner: Ints, on: Ints, points: int, most: int, table: list[int]
) -> int:
    """As ``kernel.cycle_tables``."""
    size = points * points
    nothing = np.array(table[:size], dtype=np.int64).reshape(points, points)
    told = np.full((points, points), _NONE, dtype=np.int64)
    for edge in range(len(tail)):
        start, end, by = tail[edge], head[edge], owner[edge]
        if by < 0:
            nothing[start, end] = min(nothing[start, end], weight[edge])
        elif on[by]:
            told[start, end] = min(told[start, end], weight[edge])
    for middle in range(points):
        np.minimum(nothing, nothing[:, middle, None] + nothing[None, middle, :], out=nothing)
    # The tightest edge of any statement between two points, then axioms on both sides.
    step = _joined(nothing, _joined(told, nothing))
    made, ways = [nothing, step], step
    found = most + 1
    for count in range(1, most + 1):
        if count > 1:
            ways = _joined(ways, step)
            made.append(ways)
        if (ways.diagonal() < 0).any():
            found = count
            break
    table[: len(made) * size] = np.concatenate(made).reshape(-1).tolist()
    return found


def _joined(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """The shortest ways of one kind and then of another."""
    out = np.full_like(one, _FAR)
    for middle in range(len(one)):
        np.minimum(out, one[:, middle, None] + other[None, middle, :], out=out)
    return out
