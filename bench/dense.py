"""Dense lives: twenty events and 77 statements about them, as interval constraints.

The people the engine's measurements are made on: a true schedule, statements
that hold in it, and, for some, one statement shifted so that it contradicts.
"""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING, Final

from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

EVENTS: Final = 20
STATEMENTS: Final = 77


def dense_lives(count: int, *, wrong: float, seed: int = 1) -> Iterator[list[Statement]]:
    """``count`` lives; a share ``wrong`` of them has one statement shifted by 300 to 900 days."""
    draw = random.Random(seed)
    for number in range(count):
        yield _life(draw, f"D{number:06d}", shifted=draw.random() < wrong)


def _life(draw: random.Random, who: str, *, shifted: bool) -> list[Statement]:
    first = date(2010, 1, 1).toordinal()
    days = sorted(first + draw.randrange(4_000) for _ in range(EVENTS))
    culprit = draw.randrange(STATEMENTS) if shifted else -1
    out = []
    for serial in range(STATEMENTS):
        shift = draw.choice((-1, 1)) * draw.randrange(300, 900) if serial == culprit else 0
        slack = draw.randrange(5, 90)
        event = draw.randrange(EVENTS)
        cells: dict[str, str]
        if draw.random() < 0.35:
            day = days[event] + shift
            early, late = (date.fromordinal(day + x).isoformat() for x in (-draw.randrange(slack), slack))
            cells = {"when": f"{early}/{late}"}
        else:
            other = draw.randrange(EVENTS - 1)
            other += other >= event
            event, other = max(event, other), min(event, other)
            gap = days[event] - days[other] + shift
            low, high = gap - draw.randrange(slack), gap + slack
            before, after = ("before", "after") if high <= 0 else ("after", "before")
            if high <= 0:
                low, high = -high, -low
            if low < 0 < high:
                cells = {"after": f"e{other}", "gap": f"±P{max(-low, high)}D"}
            else:
                cells = {before: f"e{other}", "gap": f"P{low}D/P{high}D"}
            del after
        out.append(Statement(f"{who}.{serial}", who, event=f"e{event}", grade="", **cells))  # type: ignore[arg-type]
    return out
