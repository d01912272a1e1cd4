"""Endings: states of which only the end was told.

Who left a camp was in it until then, whoever took her there and whenever. The
beginning is unknown: such a state is possible from the event before that would
have ended it, or from birth, and certain on no day, since it may have begun on
the very last one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.stints import closes, happened, kept
from estelik.records.vocabulary import BIRTH, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.network import Network

#: States whose closing event says nothing of what was before: people come back from anywhere.
_OPEN: Final = ("displaced",)


class Ending(msgspec.Struct, frozen=True):
    """One state until the point ``end``, from ``since`` on if that is not None
    (a transfer to where it ended). ``cuts`` are the points that would have ended
    it, ``birth`` that of the person, if any is told of."""

    life: int
    state: str
    places: tuple[str, ...]
    end: int
    since: int | None
    cuts: tuple[int, ...]
    birth: int | None

    @property
    def place(self) -> str | None:
        """Where, if the statements name one place only."""
        return self.places[0] if len(self.places) == 1 else None

    def moved(self, by: int) -> Ending:
        """The same with all points ``by`` further on."""
        return msgspec.structs.replace(
            self,
            end=self.end + by,
            since=None if self.since is None else self.since + by,
            cuts=tuple(point + by for point in self.cuts),
            birth=None if self.birth is None else self.birth + by,
        )


def endings(network: Network, life: int) -> list[Ending]:
    """The states of one life whose end was told, and no beginning of any such state."""
    kinds = vocabulary().kinds
    told, places = happened(network, life)
    points = network.events[life]
    found = [event for event in points if told.get(event, False) and kind_of(event) in kinds]
    opened = {kinds[kind_of(event)].opens for event in found}
    moves = [event for event in found if kinds[kind_of(event)].moves]
    out = []
    for event in found:
        own = places.get(event, ())
        for state in kinds[kind_of(event)].closes:
            if state in opened or state in _OPEN:
                continue
            moved = moves if kept(state) else []
            ends = [points[one] for one in found if one != event and closes(one, state)]
            birth, end = points.get(BIRTH), points[event]
            out.append(Ending(life, state, () if moved else own, end, None, tuple(ends), birth))
            for move in moved:
                cuts = (*ends, *(points[one] for one in moved if one != move))
                out.append(Ending(life, state, places.get(move, own), end, points[move], cuts, birth))
    return out


def within(world: Minimal, ending: Ending, day: int) -> Iterator[Minimal]:
    """The ways in which the state can hold on the day of the point ``day``."""
    begun = day if ending.since is None else ending.since
    held = world.not_after(day, ending.end, 1)
    held = None if held is None else held.not_after(begun, day)
    if ending.birth is not None:
        held = None if held is None else held.not_after(ending.birth, day)
    if held is not None:
        yield from _uncut(held, ending, begun, ending.cuts)


def _uncut(world: Minimal, ending: Ending, begun: int, cuts: tuple[int, ...]) -> Iterator[Minimal]:
    if not cuts:
        yield world
        return
    before = world.not_after(cuts[0], begun)
    if before is not None:
        yield from _uncut(before, ending, begun, cuts[1:])
    later = world.not_after(ending.end, cuts[0])
    if later is not None:
        yield from _uncut(later, ending, begun, cuts[1:])
