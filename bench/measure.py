"""How measurements are taken: their size, their medians, their tables.

``BENCH_SIZE=0.01 make bench`` runs all of them at a hundredth of their size,
which shows that they run, not how fast.
"""

from __future__ import annotations

import os
import statistics
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Row(NamedTuple):
    """What one competitor did: ``rate`` things a second, on ``cores`` cores, over ``size`` things."""

    name: str
    rate: float
    cores: int
    size: int


def _asked() -> float:
    return float(os.environ.get("BENCH_SIZE", "1"))


def scaled(count: int, least: int = 1) -> int:
    """``count`` at the size that was asked for, but not below ``least``."""
    return max(least, round(count * _asked()))


def times(count: int) -> int:
    """How often to repeat what is worth repeating ``count`` times: once where all is small."""
    return count if _asked() >= 0.1 else 1


def seconds(work: Callable[[], object], count: int = 5) -> float:
    """The median time of some runs of ``work``, in seconds."""
    return statistics.median(_once(work) for _ in range(times(count)))


def _once(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def table(what: str, rows: Sequence[Row], bar: float = 0) -> None:
    """Prints rates, and how many times the rate of each other row the first one has."""
    print(f"  {'':38}{what + '/s':>16}{'cores':>8}{'measured on':>14}{'ratio':>10}")
    for row in rows:
        ratio = f"{rows[0].rate / row.rate:,.1f}"
        print(f"  {row.name:38}{row.rate:16,.0f}{row.cores:8}{row.size:14,}{ratio:>10}")
    if bar:
        print(f"  {verdict(rows[0].rate >= bar)}: at least {bar:,.0f} {what}/s")


def verdict(held: bool) -> str:  # noqa: FBT001 (the one thing it is about)
    """Whether what must hold holds, in one word."""
    return "held" if held else "MISSED"
