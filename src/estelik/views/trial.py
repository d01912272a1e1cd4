"""Trial: what would follow if two subjects were one, before anybody says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.timeline import solve
from estelik.views.differences import Difference, differences
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from estelik.chronology.timeline import Timeline
    from estelik.identity.merging import Merged


class Trial(msgspec.Struct, frozen=True):
    """What a merge would make.

    ``conflicts``: contradictions (ids of statements) that there are not while
    the two are kept apart; ``contradicts``: whether there would be any, found
    or not; ``differences``: what would then be told in different ways;
    ``shared``: the events told under both, which would be one event each.
    """

    conflicts: tuple[tuple[str, ...], ...] = ()
    contradicts: bool = False
    differences: tuple[Difference, ...] = ()
    shared: tuple[str, ...] = ()


def trial(apart: Merged, together: Merged, one: str, other: str) -> Trial:
    """Compares the lives ``one`` and ``other`` (keys) as they are ``apart`` with what they would be
    ``together``; both of the same statements, all of the groups that the two belong to."""
    life = together.keys(one)[0]
    before, after = _timelines(apart), _timelines(together)
    known = {conflict for found in before.values() for conflict in found.conflicts}
    new = dict.fromkeys(
        conflict for found in after.values() for conflict in found.conflicts if conflict not in known
    )
    told = told_of(apart.statements, apart.judgements)
    lives = [told.get(key, []) for key in (*apart.keys(one), *apart.keys(other))]
    events = [{said.event for said in found if said.event and said.answer == "yes"} for found in lives]
    had = {(found.event, found.fact, found.field) for each in lives for found in differences(each)}
    would = differences(told_of(together.statements, together.judgements).get(life, ()))
    worse = not after[life].consistent and all(
        found.consistent for key, found in before.items() if key in (*apart.keys(one), *apart.keys(other))
    )
    return Trial(
        tuple(new),
        bool(new) or worse,
        tuple(found for found in would if (found.event, found.fact, found.field) not in had),
        tuple(sorted(set.intersection(*events))) if len(events) > 1 else (),
    )


def _timelines(merged: Merged) -> dict[str, Timeline]:
    return {one.key: one for one in solve(merged.statements, judgements=merged.judgements)}
