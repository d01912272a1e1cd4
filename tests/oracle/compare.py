"""Field by field: what the engine says and what the oracle says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle import brute

from estelik.chronology.conflicts import members
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, solve
from estelik.records.vocabulary import kind_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.oracle.cells import Reading
    from tests.oracle.strategies import Case

    from estelik.records import Judgement, Statement


def differences(case: Case, reading: Reading = "strict") -> list[tuple[str, object, object]]:
    """Each field on which the two are not equal: its name, the engine's value, the oracle's."""
    expected = brute.solve(case.statements, judgements=case.judgements, reading=reading)
    timelines = solve(list(case.statements), judgements=case.judgements, reading=reading)
    engine: dict[str, object] = {}
    oracle: dict[str, object] = {}
    engine["subjects"], oracle["subjects"] = sorted(t.key for t in timelines), sorted(expected.lives)
    for timeline in timelines:
        key = timeline.key
        engine |= {
            f"{key} label": timeline.subject,
            f"{key} consistent": timeline.consistent,
            f"{key} consistent_wide": timeline.consistent_wide,
            f"{key} complete": timeline.complete,
            f"{key} set aside": sorted(timeline.set_aside),
            f"{key} events": sorted(bounds.event for bounds in timeline.events),
        }
        for bounds in timeline.events:
            name = f"{key} {bounds.event}"
            engine[f"{name} kind"] = bounds.kind
            engine[f"{name} bounds"] = (bounds.earliest, bounds.latest)
            engine[f"{name} ranges"] = bounds.ranges
            engine[f"{name} statements"] = tuple(sorted(bounds.statements))
    for key, life in expected.lives.items():
        oracle |= {
            f"{key} label": life.label,
            f"{key} consistent": life.consistent,
            f"{key} consistent_wide": life.consistent_wide,
            f"{key} complete": life.complete,
            f"{key} set aside": sorted(life.set_aside),
            f"{key} events": sorted(life.events),
        }
        for event, found in life.events.items():
            name = f"{key} {event}"
            oracle[f"{name} kind"] = kind_of(event)
            oracle[f"{name} bounds"] = (found.earliest, found.latest)
            oracle[f"{name} ranges"] = found.ranges
            oracle[f"{name} statements"] = found.statements
    engine["conflicts"] = sorted({tuple(sorted(ids)) for t in timelines for ids in t.conflicts})
    oracle["conflicts"] = sorted(tuple(sorted(ids)) for ids in expected.conflicts)
    engine["repairs"] = sorted(finest_repairs(case.statements, case.judgements, reading))
    engine["repairable"] = sorted({one for t in timelines for r in t.repairs for one in r.statements})
    oracle["repairable"] = sorted({one for _, ids in expected.repairs for one in ids})
    oracle["repairs"] = sorted((cost, tuple(sorted(ids))) for cost, ids in expected.repairs)
    return [
        (name, engine.get(name, "missing"), oracle.get(name, "missing"))
        for name in dict.fromkeys((*engine, *oracle))
        if engine.get(name, "missing") != oracle.get(name, "missing")
    ]


def finest_repairs(
    statements: Sequence[Statement], judgements: Sequence[Judgement] = (), reading: Reading = "strict"
) -> set[tuple[int, tuple[str, ...]]]:
    """The engine's repairs, split as finely as the oracle splits its own: what
    has to go in every case stands apart."""
    out = set()
    for linked in link(statements, judgements):
        solution = Solution(linked, reading)
        weights = solution.weights()
        for one in solution.found.independent if solution.found else ():
            for factor in factors(list(one.repairs)):
                out |= {(sum(weights[s] for s in members(r)), tuple(sorted(solution.ids(r)))) for r in factor}
    return out


def factors(family: list[int]) -> list[list[int]]:
    """The finest split of a family of sets into independent families.

    The family is the product of what is returned: each of its sets is a union
    of one set from each factor.
    """
    support = list(members(_union(family)))
    groups: list[int] = []
    for statement in support:
        bit = 1 << statement
        tied = bit
        apart = []
        for group in groups:
            if _tied(family, group, bit):
                tied |= group
            else:
                apart.append(group)
        groups = [*apart, tied]
    out = [sorted({one & group for one in family}, key=_bits) for group in groups]
    size = 1
    for factor in out:
        size *= len(factor)
    return out if size == len(set(family)) else [sorted(set(family), key=_bits)]


def _tied(family: list[int], group: int, bit: int) -> bool:
    left = {one & group for one in family}
    right = {one & bit for one in family}
    return len({one & (group | bit) for one in family}) != len(left) * len(right)


def _bits(mask: int) -> tuple[int, ...]:
    return tuple(members(mask))


def _union(masks: list[int]) -> int:
    bits = 0
    for mask in masks:
        bits |= mask
    return bits
