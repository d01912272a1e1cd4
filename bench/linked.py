"""Lives that hang together, several of which contradict themselves.

Each life is tied to one before it by an exact gap, or by a telling without a
day that both speak in; every second one holds two dates for one event that
cannot both be true, every eighth a contradiction without any date, and every
fifth a date that is one of several. Timed is what ``Solution`` takes for a
group, and what its timelines take after that.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bench.measure import scaled, seconds, verdict
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Lives in a group, and the seconds that it may take.
BARS = {10: 0.5, 20: 2.0, 40: 5.0}


def main() -> None:
    """Measures, prints."""
    for lives, bar in BARS.items():
        for seed in range(scaled(3, 1)):
            rows = list(linked_lives(lives, seed))
            (linked,) = link(rows)
            took = seconds(lambda linked=linked: Solution(linked), 1)  # type: ignore[misc]
            solution = Solution(linked)
            whole = seconds(lambda solution=solution: list(solution.timelines(frozenset())), 1)  # type: ignore[misc]
            count = len(solution.settled.contradicted)
            print(
                f"  {verdict(took < bar)}: {lives} lives, {len(rows)} statements, {count} contradicted:"
                f" {took:.2f} s, timelines {whole:.2f} s; under {bar} s"
            )


def linked_lives(count: int, seed: int) -> Iterator[Statement]:
    """About eight statements for each of ``count`` lives that hang together."""
    draw = random.Random(seed)
    days = [date(2017, 1, 1) + timedelta(days=draw.randrange(400)) for _ in range(count)]
    told = [day + timedelta(days=900) for day in days]
    for life in range(count):
        yield from _life(draw, life, days, told)


def _life(draw: random.Random, life: int, days: list[date], told: list[date]) -> Iterator[Statement]:
    who, taken = f"L{life:02}", days[life]
    serial = 0

    def say(event: str, **cells: Any) -> Statement:
        nonlocal serial
        serial += 1
        cells.setdefault("told", told[life].isoformat())
        return Statement(f"{who}.{serial}", who, source=f"source of {who}", event=event, **cells)

    def off(days_: int) -> str:
        return (taken + timedelta(days=days_)).isoformat()

    yield say("arrest", when=off(0)[:7])
    yield say("arrest", age="31")
    yield say("birth", when=str(taken.year - 32) + "/" + str(taken.year - 31))
    yield say("camp-entry", after="arrest", gap="P5D/P40D")
    if life % 5 == 0:
        yield say("camp-entry", when=f"[{off(20)[:7]},{off(300)[:7]}]")
    yield say("release", after="camp-entry", gap="P6M")
    yield say("release", when=f"{off(150)}/{off(290)}")
    if life % 2:
        yield say("release", when=f"{off(400)}/{off(500)}")
    if life % 8 == 3:
        yield say("walk", after="camp-entry", gap="P1Y")
        yield say("walk", before="release", gap="P10D")
    if life:
        other = life - 1 if draw.random() < 0.5 else draw.randrange(life)
        gap = (days[life] - days[other]).days
        if draw.random() < 0.5:
            cells = {"after": f"L{other:02}/arrest"} if gap >= 0 else {"before": f"L{other:02}/arrest"}
            yield say("arrest", gap=f"P{abs(gap)}D", **cells)
        else:
            shared: dict[str, Any] = {"testimony": f"T{other}-{life}", "told": str(told[life].year) + "/"}
            yield say("release", before="told", gap="P1M/P4Y", **shared)
            yield Statement(
                f"{who}.x", f"L{other:02}", event="release", before="told", gap="P1M/P4Y", **shared
            )


if __name__ == "__main__":
    main()
