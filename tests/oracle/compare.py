"""Field by field: what the engine says and what the oracle says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle import brute

from estelik.chronology.timeline import solve
from estelik.records.vocabulary import kind_of

if TYPE_CHECKING:
    from tests.oracle.cells import Reading
    from tests.oracle.strategies import Case


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
    engine["repairs"] = sorted(
        {(r.weight, tuple(sorted(r.statements))) for t in timelines for r in t.repairs}
    )
    oracle["repairs"] = sorted((cost, tuple(sorted(ids))) for cost, ids in expected.repairs)
    return [
        (name, engine.get(name, "missing"), oracle.get(name, "missing"))
        for name in dict.fromkeys((*engine, *oracle))
        if engine.get(name, "missing") != oracle.get(name, "missing")
    ]
