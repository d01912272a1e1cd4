"""Ranges: the exact days on which a point can lie, as a union of intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.network import HORIZON

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.chronology.solver import Solver, Switches

#: An interval of days and whether each end is only the horizon's.
Range = tuple[int, int, bool, bool]

#: Above this many choices of alternatives the points are walked one by one.
_CHOICES = 256


def ranges(solver: Solver, on: Switches, points: Iterable[int]) -> dict[int, list[Range]]:
    """For each point the days it can lie on, ascending, disjoint, not adjacent.

    ``on`` must be feasible.
    """
    points = list(points)
    if solver.choices(on, _CHOICES) > _CHOICES:
        return {point: walk(solver, on, point) for point in points}
    found: dict[int, list[Range]] = {point: [] for point in points}
    for _, (up, down) in solver.worlds(on):
        for point in points:
            found[point].append(interval(up, down, point))
    return {point: union(pieces) for point, pieces in found.items()}


def interval(up: Sequence[int], down: Sequence[int], point: int) -> Range:
    """The interval that tagged bounds leave to a point."""
    high, low = int(up[point]), int(down[point])
    return -(low >> 2), high >> 2, bool(low & 3), bool(high & 3)


def union(pieces: Iterable[Range]) -> list[Range]:
    """Merges intervals that overlap or touch.

    An end that is only the horizon's is no end: where one account leaves it
    open, no other's end stands against it.
    """
    merged: list[Range] = []
    for low, high, bare_low, bare_high in sorted(
        (0 if piece[2] else piece[0], HORIZON if piece[3] else piece[1], piece[2], piece[3])
        for piece in pieces
    ):
        if merged and low <= merged[-1][1] + 1:
            first, last, bare_first, bare_last = merged[-1]
            merged[-1] = (
                first,
                max(last, high),
                bare_first or (bare_low and low == first),
                bare_high if high > last else bare_last or (bare_high and high == last),
            )
        else:
            merged.append((low, high, bare_low, bare_high))
    return merged


def walk(solver: Solver, on: Switches, point: int) -> list[Range]:
    """``ranges`` of one point, branching only where a schedule asks for it."""
    return union(piece for piece, _ in pieces(solver, on, point))


def pieces(solver: Solver, on: Switches, point: int) -> Iterator[tuple[Range, Switches]]:
    """The days of one point piece by piece, each with a world that gives it:
    the first day possible from here on, the world it lies in, that world's last
    day, and on from there."""
    day = 0
    while day <= HORIZON:
        best: list[tuple[int, Switches]] = []
        _earliest(solver, on, point, day, best)
        if not best:
            return
        first, world = best[0]
        bounds = solver.relax(world)
        if bounds is None:  # pragma: no cover - the world was feasible a line above
            return
        piece = interval(*bounds, point)
        yield piece if piece[0] >= day else (first, piece[1], False, piece[3]), world
        day = piece[1] + 1


def worlds(solver: Solver, on: Switches, point: int) -> Iterator[tuple[Range, Switches]]:
    """Choices of alternatives that together give all days of one point, each with the days it gives:
    every choice that can hold, or, where there are too many, as many as it takes."""
    if solver.choices(on, _CHOICES) > _CHOICES:
        yield from pieces(solver, on, point)
        return
    for world, bounds in solver.worlds(on):
        yield interval(*bounds, point), world


def _earliest(solver: Solver, on: Switches, point: int, day: int, best: list[tuple[int, Switches]]) -> None:
    """Branch and bound for the first day >= ``day`` of ``point``; ``best`` ends
    with that day and the switches of one whole choice of alternatives for it."""
    narrowed = solver.narrowed(on, (point, day))
    if narrowed is None:
        return
    on, bounds = narrowed
    first = -(int(bounds[1][point]) >> 2)
    if best and first >= best[0][0]:
        return
    broken = solver.broken(on, bounds[1])
    if broken is not None:
        for switch in solver.alive(broken, bounds):
            chosen = solver.copy(on)
            chosen[switch] = 1
            _earliest(solver, chosen, point, day, best)
        return
    best[:] = [(first, solver.held(on, bounds[1]))]
