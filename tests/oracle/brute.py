"""The oracle's timelines: every field that the engine must give, by exhaustive means."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from tests.oracle import cells, feasible
from tests.oracle.problem import CALENDAR, Constraint, Point, Problem, build, weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.oracle.cells import Interval, Reading

    from estelik.records import Judgement, Statement

Ids = frozenset[str]


class Event(NamedTuple):
    """Bounds of one event, as the contract prints them."""

    earliest: int | None
    latest: int | None
    ranges: tuple[Interval, ...]
    statements: tuple[str, ...]


class Life(NamedTuple):
    """What is known of one subject."""

    label: str
    consistent: bool
    consistent_wide: bool
    complete: bool
    events: dict[str, Event]
    set_aside: frozenset[str]


class Result(NamedTuple):
    """All lives by key; conflicts and repairs of all of them together."""

    lives: dict[str, Life]
    conflicts: frozenset[Ids]
    repairs: frozenset[tuple[int, Ids]]


class _Part(NamedTuple):
    """One part of the problem that shares no point with any other."""

    constraints: tuple[Constraint, ...]
    aside: frozenset[tuple[str, str]]
    contradicted: frozenset[str]


def solve(
    statements: Sequence[Statement], *, judgements: Iterable[Judgement] = (), reading: Reading = "strict"
) -> Result:
    """The contract's answer for all statements together."""
    judgements = list(judgements)
    problem = build(statements, judgements, reading)
    wide = build(statements, judgements, "wide")
    contradicted_wide = {s for part in _parts(wide) for s in _layered(part, wide).contradicted}
    bounds: dict[Point, tuple[int | None, int | None, tuple[Interval, ...]]] = {}
    conflicts: set[Ids] = set()
    repairs: set[tuple[int, Ids]] = set()
    aside: set[tuple[str, str]] = set()
    contradicted: set[str] = set()
    incomplete: set[str] = set()
    for constraints in _parts(problem):
        part = _layered(constraints, problem)
        contradicted |= part.contradicted
        aside |= part.aside
        points = sorted({p for c in constraints for p in (c.origin, c.target)} & problem.events.keys())
        families: list[list[Ids]] = [[frozenset()]]
        if part.contradicted:
            cores, hitting = _statement_conflicts(part.constraints)
            conflicts |= _rounds(cores)
            families = list(_factors(cores, hitting, problem))
            repairs |= {(_cost(ids, problem), ids) for family in families for ids in family}
        choices = list(_product(families, 256))
        if not choices:
            incomplete |= {point.subject for point in points}
            choices = [frozenset(s for family in families for ids in family for s in ids)]
        bounds |= _bounds(part.constraints, choices, points)
    lives = {
        key: Life(
            label,
            key not in contradicted,
            key not in contradicted_wide,
            key not in incomplete,
            {
                point.label: Event(*bounds[point], ids)
                for point, ids in problem.events.items()
                if point.subject == key
            },
            frozenset(layer for subject, layer in aside if subject == key),
        )
        for key, label in problem.lives.items()
    }
    return Result(lives, frozenset(conflicts), frozenset(repairs))


def _parts(problem: Problem) -> Iterator[tuple[Constraint, ...]]:
    """The constraints, split where no point, subject or statement is shared."""
    # Unlinked events of one subject, and the cells of one statement, stay together: layers
    # and statements are set aside as wholes.
    joined: list[tuple[set[str], list[Constraint]]] = []
    for group in feasible.linked(_apart(problem)):
        names = {s for c in group for s in c.subjects} | {f"\0{c.owner}" for c in group if c.owner}
        touching = [pair for pair in joined if pair[0] & names]
        joined = [pair for pair in joined if not pair[0] & names]
        joined.append(
            (names.union(*(pair[0] for pair in touching)), [c for p in touching for c in p[1]] + group)
        )
    yield from (tuple(group) for _, group in joined)


def _apart(problem: Problem) -> list[Constraint]:
    """The same, where what was told on a known day binds no lives together: each group of lives that have
    something else in common has its own copy of the telling (decision 5)."""
    days_told: dict[Point, set[bool]] = {}
    for row in problem.live.values():
        if row.told:
            found = cells.edtf(row.told, "strict")
            days_told.setdefault(Point("telling", "", row.telling), set()).add(
                len(found) == 1 and found[0][0] == found[0][1]
            )
    known = {point for point, whole in days_told.items() if whole == {True}}
    constraints = problem.constraints
    groups: dict[str, str] = {}

    def find(name: str) -> str:
        while groups.setdefault(name, name) != name:
            name = groups[name]
        return name

    def names(constraint: Constraint) -> set[str]:
        tellings = {p.label for p in constraint[:2] if p.sort == "telling" and p not in known}
        owner = {constraint.owner} if constraint.owner else set()
        return {*constraint.subjects, *(f"\0{one}" for one in owner), *(f"\1{one}" for one in tellings)}

    for constraint in constraints:
        first, *others = sorted(names(constraint)) or [""]
        for other in others:
            groups[find(other)] = find(first)
    out: list[Constraint] = []
    days = [c for c in constraints if c.origin == CALENDAR and c.target in known]
    copies: set[tuple[Point, str]] = set()
    for constraint in constraints:
        if constraint.target in known and constraint.origin == CALENDAR:
            continue
        ends = []
        for point in constraint[:2]:
            if point in known:
                group = find(min(names(constraint)))
                copies.add((point, group))
                point = point._replace(label=f"{point.label}\0{group}")  # noqa: PLW2901 (its copy)
            ends.append(point)
        out.append(constraint._replace(origin=ends[0], target=ends[1]))
    out += [
        day._replace(target=point._replace(label=f"{point.label}\0{group}"))
        for point, group in sorted(copies)
        for day in days
        if day.target == point
    ]
    return out


def _without(constraints: Iterable[Constraint], ids: Iterable[str]) -> tuple[Constraint, ...]:
    ids = set(ids)
    return tuple(c for c in constraints if c.owner not in ids)


def _layered(constraints: tuple[Constraint, ...], problem: Problem) -> _Part:
    """Weak layers set aside, the weakest first, for the subjects on a negative cycle."""
    aside: set[tuple[str, str]] = set()
    for layer in ("implicature", "presumption", "background", None):
        on_cycle = _on_cycles(constraints)
        if not on_cycle or layer is None:
            return _Part(constraints, frozenset(aside), on_cycle)
        dropped = [row for row in problem.live.values() if row.layer == layer and row.subject in on_cycle]
        aside |= {(row.subject, row.layer) for row in dropped}
        constraints = _without(constraints, [row.statement for row in dropped])
    raise AssertionError


def _on_cycles(constraints: tuple[Constraint, ...]) -> frozenset[str]:
    """The subjects that some minimal set of constraints without a solution runs through."""
    return frozenset().union(*(_on_cycles_of(part) for part in feasible.linked(constraints)))


def _on_cycles_of(constraints: Sequence[Constraint]) -> frozenset[str]:
    if feasible.conflict(constraints) is None:
        return frozenset()
    if all(len(c.alternatives) == 1 for c in constraints):
        constraints = feasible.tightest(constraints)
    everyone = frozenset(s for c in constraints for s in c.subjects)
    covered: set[str] = set()

    def core_without(mask: int) -> int | None:
        kept = [n for n in range(len(constraints)) if not mask >> n & 1]
        found = feasible.conflict([constraints[n] for n in kept])
        if found is None:
            return None
        core = {kept[n] for n in found}
        for n in sorted(core):
            if feasible.conflict([constraints[m] for m in core - {n}]) is not None:
                core.discard(n)
        covered.update(s for n in core for s in constraints[n].subjects)
        return sum(1 << n for n in core)

    feasible.dualise(core_without, lambda: covered == everyone, limit=1)
    return frozenset(covered)


def _statement_conflicts(constraints: tuple[Constraint, ...]) -> tuple[list[Ids], list[Ids]]:
    """Every minimal set of statements that cannot all be true, and every minimal hitting set."""
    ids = sorted({c.owner for c in constraints if c.owner})
    first = feasible.conflict([c for c in constraints if c.owner is None])
    assert first is None, "axioms alone never contradict each other"

    def conflict(kept: set[str]) -> set[str] | None:
        chosen = [c for c in constraints if c.owner is None or c.owner in kept]
        found = feasible.conflict(chosen)
        return None if found is None else {o for n in found if (o := chosen[n].owner) is not None}

    def core_without(mask: int) -> int | None:
        core = conflict({ids[n] for n in range(len(ids)) if not mask >> n & 1})
        if core is None:
            return None
        for one in sorted(core):
            if one in core and (smaller := conflict(core - {one})) is not None:
                core = smaller
        return sum(1 << ids.index(one) for one in core)

    cores, hitting = feasible.dualise(core_without)
    sets = [[frozenset(ids[n] for n in range(len(ids)) if m >> n & 1) for m in ms] for ms in (cores, hitting)]
    return sets[0], sets[1]


def _rounds(cores: list[Ids]) -> set[Ids]:
    """All conflicts of least cardinality; then, with their statements set aside, the same again."""
    conflicts: set[Ids] = set()
    while cores:
        least = min(map(len, cores))
        smallest = {core for core in cores if len(core) == least}
        conflicts |= smallest
        gone = frozenset().union(*smallest)
        cores = [core for core in cores if not core & gone]
    return conflicts


def _cost(ids: Iterable[str], problem: Problem) -> int:
    return sum(weight(problem.live[one]) for one in ids)


def _factors(cores: list[Ids], hitting: list[Ids], problem: Problem) -> Iterator[list[Ids]]:
    """All repairs of least weight, as independent families whose product they are."""
    least = min(_cost(ids, problem) for ids in hitting)
    family = [ids for ids in hitting if _cost(ids, problem) == least]
    # Conflicts that share no statement, directly or through others, are independent.
    groups: list[Ids] = []
    for core in cores:
        groups = [g for g in groups if not g & core] + [core.union(*(g for g in groups if g & core))]
    for group in groups:
        part = {ids & group for ids in family}
        while elements := sorted(frozenset().union(*part)):
            block = _block(elements, part)
            yield sorted({ids & block for ids in part}, key=sorted)
            part = {ids - block for ids in part}


def _block(elements: list[str], family: set[Ids]) -> Ids:
    """The smallest set with the first element such that the family is a product over it."""
    if len(elements) > 14:
        raise feasible.TooHardError
    for size in range(len(elements)):
        for others in combinations(elements[1:], size):
            block = frozenset((elements[0], *others))
            inside, outside = {ids & block for ids in family}, {ids - block for ids in family}
            if len(inside) * len(outside) == len(family):
                return block
    raise AssertionError


def _product(families: list[list[Ids]], limit: int) -> Iterator[Ids]:
    """One repair of every independent conflict, in every combination; none above the limit."""
    combined = [frozenset[str]()]
    for family in families:
        combined = [done | ids for done in combined for ids in family]
        if len(combined) > limit:
            return
    yield from combined


def _bounds(
    constraints: tuple[Constraint, ...], choices: list[Ids], points: list[Point]
) -> dict[Point, tuple[int | None, int | None, tuple[Interval, ...]]]:
    """Bounds under every repair; None where the horizon is what bounds."""
    found: dict[Point, list[Interval]] = {point: [] for point in points}
    for ids in choices:
        for point, spans in feasible.spans(_without(constraints, ids), points).items():
            found[point] += spans
    ranges = {point: tuple(feasible.union(spans)) for point, spans in found.items()}
    return {point: (spans[0][0], spans[-1][1], spans) for point, spans in ranges.items()}
