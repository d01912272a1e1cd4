"""Foresight: what would follow from a decision on a statement, before anybody records it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.timeline import solve
from estelik.views.course import Ranges

if TYPE_CHECKING:
    from estelik.chronology.timeline import Timeline
    from estelik.identity.merging import Merged
    from estelik.records import Judgement


class Change(msgspec.Struct, frozen=True):
    """The days of an event of a life (its key), as they are and as they would be; none where nobody could
    name a day, or it would not be told of."""

    key: str
    event: str
    now: Ranges
    then: Ranges


class Foresight(msgspec.Struct, frozen=True):
    """What would follow: the dates that would be others; the contradictions (ids of statements) that would
    end, and those that would be new; whether anything would still contradict."""

    changes: tuple[Change, ...] = ()
    ended: tuple[tuple[str, ...], ...] = ()
    begun: tuple[tuple[str, ...], ...] = ()
    contradicts: bool = False


def foresight(merged: Merged, life: str, judgement: Judgement) -> Foresight:
    """What a ``judgement`` would change for a ``life`` (its key) and all that are linked with it, whose
    statements ``merged`` has; those of the life itself first."""
    now, then = _timelines(merged, ()), _timelines(merged, (judgement,))
    changes = []
    for key in sorted({*now, *then}, key=lambda one: (one != life, one)):
        before = {one.event: one.ranges for one in now[key].events} if key in now else {}
        after = {one.event: one.ranges for one in then[key].events} if key in then else {}
        changes += [
            Change(key, event, before.get(event, ()), after.get(event, ()))
            for event in dict.fromkeys((*before, *after))
            if before.get(event, ()) != after.get(event, ())
        ]
    conflicts = [
        dict.fromkeys(found for one in each.values() for found in one.conflicts) for each in (now, then)
    ]
    return Foresight(
        tuple(changes),
        tuple(one for one in conflicts[0] if one not in conflicts[1]),
        tuple(one for one in conflicts[1] if one not in conflicts[0]),
        life in then and not then[life].consistent,
    )


def _timelines(merged: Merged, more: tuple[Judgement, ...]) -> dict[str, Timeline]:
    return {one.key: one for one in solve(merged.statements, judgements=[*merged.judgements, *more])}
