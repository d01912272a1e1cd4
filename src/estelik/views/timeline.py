"""Timeline view: what is known of each life, in the shape of the contract's JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from estelik.chronology.calendar import iso
from estelik.chronology.lives import retired
from estelik.chronology.timeline import Timeline, solve
from estelik.views.differences import Difference, differences
from estelik.views.same_place import among

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from estelik.chronology.network import Reading
    from estelik.identity.merging import Merged
    from estelik.records import Judgement, Statement
    from estelik.views.differences import SamePlace


def told_of(
    statements: Sequence[Statement], judgements: Sequence[Judgement] = ()
) -> dict[str, list[Statement]]:
    """The statements that still count, by the key of the life they are about."""
    out = retired(statements, judgements)
    told: dict[str, list[Statement]] = {}
    for statement in statements:
        if statement.statement not in out:
            told.setdefault(statement.subject, []).append(statement)
    return told


def timelines(
    statements: Sequence[Statement],
    judgements: Sequence[Judgement] = (),
    reading: Reading = "strict",
    *,
    lives: Collection[str] | None = None,
    same_place: SamePlace | None = None,
) -> Iterator[tuple[Timeline, list[Difference]]]:
    """Each life's timeline and differences (of these ``lives``, keys, only, if given), in order of first
    mention.

    ``same_place``: whether two labels name one place; otherwise by what ``statements`` say about places.
    """
    same = same_place or among(statements)
    told = told_of(statements, judgements)
    for timeline in solve(statements, judgements=judgements, reading=reading):
        if lives is None or timeline.key in lives:
            yield timeline, differences(told.get(timeline.key, ()), same)


def document(
    timeline: Timeline, differ: Iterable[Difference], merged: Merged | None = None
) -> dict[str, Any]:
    """A timeline and the differences of the same life as one document; ``merged``: who is who in it."""
    return {
        "subject": timeline.subject,
        "consistent": timeline.consistent,
        "consistent_wide": timeline.consistent_wide,
        "complete": timeline.complete,
        "events": [
            {
                "event": event.event,
                "kind": event.kind,
                "earliest": iso(event.earliest),
                "latest": iso(event.latest),
                "ranges": [[iso(first), iso(last)] for first, last in event.ranges],
                "statements": event.statements,
            }
            for event in timeline.events
        ],
        "conflicts": timeline.conflicts,
        "repairs": [
            {"weight": repair.weight, "statements": repair.statements} for repair in timeline.repairs
        ],
        "differences": [
            {
                ("event" if one.event else "fact"): one.event or one.fact,
                "field": one.field,
                "values": one.values,
            }
            for one in differ
        ],
        "set_aside": timeline.set_aside,
        "also_known_as": () if merged is None else merged.others.get(timeline.key, ()),
        "judgements_in_conflict": ()
        if merged is None
        else [one.judgements for one in merged.clashes(timeline.key)],
    }
