"""Explain: why a bound is what it is, as a sum that leads to statements.

A bound is a shortest path of the network, so its explanation is that path:
first the date it starts from, then each step on it. Among paths of the same
length the one with the fewest statements is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.network import AXIOM, HORIZON, ORIGIN
from estelik.chronology.ranges import interval, walk, worlds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from estelik.chronology.ranges import Range
    from estelik.chronology.solver import Switches
    from estelik.chronology.timeline import Solution

Side = Literal["earliest", "latest"]

#: Room for the number of steps below one day in a combined length.
_STEP = 1 << 12


class Step(msgspec.Struct, frozen=True):
    """One step of an explanation: ``days`` are added on the way to the event
    ``event`` of the life ``life`` (None for a telling), because of a statement
    (None for an axiom). ``day`` is the ordinal reached."""

    days: int
    day: int
    statement: str | None
    life: int | None
    event: str | None


class Explanation(msgspec.Struct, frozen=True):
    """A bound (a day ordinal, None where only the horizon gives it), the ids of
    the statements it rests on in the order of the sum, and the sum itself."""

    day: int | None
    statements: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


def explain(
    solution: Solution,
    point: int,
    side: Side,
    accounts: Iterable[Switches] | None = None,
    *,
    sufficient: bool = False,
) -> Explanation:
    """Why ``point`` is not before its earliest, or not after its latest, day
    (under ``accounts`` only, if given).

    ``sufficient``: name also the statements that exclude what other
    alternatives would allow, so that those named give the bound by themselves.
    """
    best: tuple[int, Switches, Switches] | None = None
    for account in solution.accounts() if accounts is None else accounts:
        for (low, high, bare_low, bare_high), world in _worlds(solution, account, point):
            value, bare = (low, bare_low) if side == "earliest" else (-high, bare_high)
            if bare:
                return Explanation(None)
            if best is None or value < best[0]:
                best = value, world, account
    if best is None:
        return Explanation(None)
    found = _path(solution, best[1], point, side)
    if not sufficient or not solution.network.disjunctions or found.day is None:
        return found
    return _with_what_excludes(solution, best[2], point, side, found)


def _with_what_excludes(
    solution: Solution, account: Switches, point: int, side: Side, found: Explanation
) -> Explanation:
    """The explanation with the statements that exclude other alternatives: a
    smallest set, beside the sum's own, that gives the bound by itself."""
    network, solver = solution.network, solution.solver
    numbers = {statement.statement: index for index, statement in enumerate(network.statements)}
    own = {numbers[one] for one in found.statements}

    def gives(chosen: set[int]) -> bool:
        pieces = walk(solver, solver.only(chosen), point)
        low, high, bare_low, bare_high = *pieces[0][:1], *pieces[-1][1:2], pieces[0][2], pieces[-1][3]
        day, bare = (low, bare_low) if side == "earliest" else (high, bare_high)
        return not bare and day + HORIZON_FIRST == found.day

    if gives(own):
        return found
    chosen = {i for i, made in enumerate(solver.constraints) if any(account[c] for c in made)}
    for statement in sorted(chosen - own):
        rest = chosen - {statement}
        if gives(rest):
            chosen = rest
    extra = (network.statements[index].statement for index in sorted(chosen - own))
    return msgspec.structs.replace(found, statements=(*found.statements, *extra))


def _worlds(solution: Solution, account: Switches, point: int) -> Iterator[tuple[Range, Switches]]:
    """``ranges.worlds``; an account that leaves no choice is worked out once for all its points."""
    if solution.solver.open(account):
        yield from worlds(solution.solver, account, point)
        return
    asked = bytes(account)
    if asked not in solution.bounds:
        for found in solution.solver.worlds(account):
            solution.bounds[asked] = found
    if asked in solution.bounds:
        world, bounds = solution.bounds[asked]
        yield interval(*bounds, point), world


def _path(solution: Solution, on: Switches, point: int, side: Side) -> Explanation:
    """The shortest path from the calendar, for an earliest day on the reversed network."""
    asked = bytes(on), side
    if asked not in solution.trees:
        solution.trees[asked] = _tree(solution, on, side)
    by = solution.trees[asked]
    chain = []
    node = point
    while node != ORIGIN:
        link = by[node]
        if link is None:
            return Explanation(None)
        chain.append((node, link[1], link[2]))
        node = link[0]
    chain.reverse()
    return _told(solution, chain, 1 if side == "latest" else -1)


def _tree(solution: Solution, on: Switches, side: Side) -> list[tuple[int, int, int] | None]:
    """The shortest paths from the calendar to all points: by point whence the last step comes, its days, and
    the statement that it leads back to."""
    network = solution.network
    edges = [
        (tail, head, weight, *_reason(solution, switch))
        for tail, head, weight, switch in zip(
            network.tail, network.head, network.weight, network.switch, strict=True
        )
        if on[switch]
    ]
    if side == "earliest":
        edges = [(head, tail, weight, owner, cost) for tail, head, weight, owner, cost in edges]
    far = 4 * HORIZON * _STEP
    reach = [far] * network.points
    by: list[tuple[int, int, int] | None] = [None] * network.points
    reach[ORIGIN] = 0
    changed = True
    while changed:
        changed = False
        for start, end, weight, owner, cost in edges:
            length = reach[start] + weight * _STEP + cost
            if length < reach[end] and reach[start] < far:
                reach[end] = length
                by[end] = (start, weight, owner)
                changed = True
    return by


def _told(solution: Solution, chain: list[tuple[int, int, int]], sign: int) -> Explanation:
    network = solution.network
    names = {
        point: (life, event) for life, events in enumerate(network.events) for event, point in events.items()
    }
    day = HORIZON_FIRST
    steps = []
    for node, weight, owner in chain:
        day += sign * weight
        life, event = names.get(node, (None, None))
        statement = None if owner == AXIOM else network.statements[owner].statement
        steps.append(Step(sign * weight, day, statement, life, event))
    ids = dict.fromkeys(step.statement for step in steps if step.statement is not None)
    return Explanation(day, tuple(ids), tuple(steps))


def _reason(solution: Solution, switch: int) -> tuple[int, int]:
    """The statement that an edge leads back to (or AXIOM) and what naming it
    costs: words about the event itself are told before the day of a telling."""
    network = solution.network
    constraint = solution.solver.constraint_of(switch)
    owner = network.owner[constraint]
    if owner != AXIOM:
        return owner, 2
    because = network.because.get(constraint)
    return (AXIOM, 1) if because is None else (because, 3)
