"""Mark: one point event of a life as the drawing shows it, under one account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.views.course import Mark
from estelik.views.stint import expected, hearsay, place

if TYPE_CHECKING:
    from estelik.views.life import Life, World


def mark(life: Life, world: World, event: str) -> Mark:
    """The mark of an event."""
    aside = life.aside(world) if world.number or life.weighed else ()
    said = life.numbers(
        one.statement for one in life.live if one.event == event and one.statement not in aside
    )
    ranges = world.events[event].ranges
    return Mark(
        event,
        ranges,
        place(life, event, aside),
        hearsay(life, event, aside),
        expected=expected(life, event),
        statements=said,
        weighed=any(one.event == event and one.statement in life.weighed for one in life.live),
    )
