"""Stints: the states between events, as the vocabulary opens and closes them.

Which event ends which stint depends on the order of events, and the order is
often unknown; so a stint keeps every event that would end it, and the question
is asked of the network. A stint is half-open: its last day is the day before
it ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.network import Network
    from estelik.records import Statement

#: States that a transfer moves to another place, besides custody.
_MOVED = ("in hospital", "sheltering")


class Stint(msgspec.Struct, frozen=True):
    """One state from one opening event on.

    ``start`` is the opening point; ``closers`` are the points that end it if
    they are not before it, ``rivals`` those of them that open a state
    themselves. ``again`` are the points that open the same state at another
    place: the stint has moved on by then, if it lasted. ``due`` are the points of events that
    were only expected: past them it is possible, no longer certain, that the
    state goes on. ``continues`` is None, or, for a transfer, the openings of
    the same state one of which must be in force for there to be anything to
    move, and ``ends`` what ends those.
    """

    life: int
    state: str
    places: tuple[str, ...]
    event: str
    start: int
    closers: tuple[int, ...]
    again: tuple[int, ...]
    due: tuple[int, ...]
    rivals: tuple[int, ...] = ()
    continues: tuple[int, ...] | None = None
    ends: tuple[int, ...] = ()

    @property
    def place(self) -> str | None:
        """Where, if the statements name one place only."""
        return self.places[0] if len(self.places) == 1 else None


def stints(network: Network, life: int) -> list[Stint]:
    """The stints of one life, in order of first mention."""
    kinds = vocabulary().kinds
    told, places = happened(network, life)
    points = network.events[life]
    opened: dict[str, list[str]] = {}
    moves = []
    for event in points:
        kind = kinds.get(kind_of(event))
        if kind is None or not told.get(event, False):
            continue
        if kind.opens:
            opened.setdefault(kind.opens, []).append(event)
        elif kind.moves:
            moves.append(event)
    out = []
    for state, openings in opened.items():
        moved = moves if kept(state) else []
        closing = [e for e in points if closes(e, state)] + moved
        ends = tuple(points[e] for e in closing if told.get(e, False))
        due = tuple(
            points[e]
            for e in points
            if e in told and not told[e] and (closes(e, state) or (kept(state) and moves_on(e)))
        )
        starts = tuple(points[e] for e in openings)
        moves_here = tuple(points[e] for e in moved)
        rivals = starts + tuple(points[e] for e in closing if _goes_on(e))
        for event in (*openings, *moved):
            own = points[event]
            out.append(
                Stint(
                    life=life,
                    state=state,
                    places=places.get(event, ()),
                    event=event,
                    start=own,
                    closers=tuple(end for end in ends if end != own),
                    again=tuple(
                        points[other]
                        for other in openings
                        if other != event and _elsewhere(places.get(event), places.get(other))
                    ),
                    due=due,
                    rivals=rivals,
                    # Another move ends nothing and begins nothing: what it finds to move was opened.
                    continues=starts if event in moved else None,
                    ends=tuple(end for end in ends if end not in moves_here),
                )
            )
    return out


def _goes_on(event: str) -> bool:
    """Whether an event that ends a state opens another that may end itself, or moves it: not a death."""
    kind = vocabulary().kinds[kind_of(event)]
    return kind.moves or (bool(kind.opens) and not vocabulary().states[kind.opens].final)


def _elsewhere(here: tuple[str, ...] | None, there: tuple[str, ...] | None) -> bool:
    return bool(here and there) and not set(here or ()) & set(there or ())


def ordered(world: Minimal, stint: Stint) -> Stint:
    """The stint without the events that are known not to end it in this world."""
    return msgspec.structs.replace(
        stint,
        closers=_ending(world, stint.start, stint.closers, stint.rivals),
        again=_ending(world, stint.start, stint.again, stint.rivals),
    )


def _ending(world: Minimal, start: int, closers: tuple[int, ...], rivals: tuple[int, ...]) -> tuple[int, ...]:
    """Those of ``closers`` that may end what begins at ``start``.

    An event that the statements put before the start, or on the same day at
    the latest, ends nothing. Where both are on one day for certain, a release
    ends what began that day; of two openings the one told of later prevails.
    """
    out = []
    for closer in closers:
        never_after = world.distance[start, closer] <= 0
        never_before = world.distance[closer, start] <= 0
        if never_after and (not never_before or _prevails(start, closer, rivals)):
            continue
        out.append(closer)
    return tuple(out)


def _prevails(start: int, closer: int, rivals: tuple[int, ...]) -> int:
    """By how many days ``closer`` must lie after ``start`` at the least to end what begins there:
    one where both open a state, this one was told of later, and so prevails on the same day."""
    return int(closer in rivals and closer < start)


def kept(state: str) -> bool:
    """Whether somebody in this state is kept at a place, among others."""
    return vocabulary().states[state].custody or state in _MOVED


def moves_on(event: str) -> bool:
    """Whether an event of this label moves somebody who is kept to another place."""
    kind = vocabulary().kinds.get(kind_of(event))
    return kind is not None and kind.moves


def closes(event: str, state: str) -> bool:
    """Whether an event of this label ends the state, if it comes after its start."""
    kind = vocabulary().kinds.get(kind_of(event))
    if kind is None:
        return False
    custody = vocabulary().states[state].custody
    if state in kind.closes or (custody and kind.closes_custody):
        return True
    if kind.opens == "dead":
        return state != "dead"
    return custody and bool(kind.opens) and kind.opens != state and vocabulary().states[kind.opens].custody


def happened(network: Network, life: int) -> tuple[dict[str, bool], dict[str, tuple[str, ...]]]:
    """For each event told of: whether it happened (or was only expected), and where."""
    told: dict[str, bool] = {}
    places: dict[str, dict[str, None]] = {}
    for statement in _own(network, life):
        told[statement.event] = told.get(statement.event, False) or not statement.expected
        if statement.place:
            places.setdefault(statement.event, {})[statement.place] = None
    return told, {event: tuple(found) for event, found in places.items()}


def _own(network: Network, life: int) -> Iterator[Statement]:
    for index, statement in enumerate(network.statements):
        if statement.event and network.about[index] == life:
            yield statement


def ended(world: Minimal, stint: Stint, by: int) -> Iterator[Minimal]:
    """The ways in which the stint has begun and ended not after the point ``by``."""
    for closer in (*stint.closers, *stint.again):
        after = world.not_after(stint.start, closer, _prevails(stint.start, closer, stint.rivals))
        done = None if after is None else after.not_after(closer, by)
        if done is not None:
            yield done
    if vocabulary().states[stint.state].final:
        return
    # Nobody said that it ended; it may have, on any day.
    unknown: Minimal | None = world.not_after(stint.start, by)
    for due in stint.due:
        unknown = None if unknown is None else unknown.not_after(due, by)
    for closer in stint.closers:
        before = 1 - _prevails(stint.start, closer, stint.rivals)
        unknown = None if unknown is None else unknown.not_after(closer, stint.start, before)
    if unknown is not None:
        yield unknown


def lasting(world: Minimal, stint: Stint, past: int) -> Iterator[Minimal]:
    """The ways in which the stint may go on beyond the point ``past``."""
    yield from _lasting(world, stint.start, (*stint.closers, *stint.again), stint.rivals, past)


def _lasting(
    world: Minimal, start: int, closers: tuple[int, ...], rivals: tuple[int, ...], past: int
) -> Iterator[Minimal]:
    if not closers:
        yield world
        return
    after = _prevails(start, closers[0], rivals)
    earlier = world.not_after(closers[0], start, 1 - after)
    if earlier is not None:
        yield from _lasting(earlier, start, closers[1:], rivals, past)
    later = world.not_after(past, closers[0], 1)
    later = None if later is None else later.not_after(start, closers[0], after)
    if later is not None:
        yield from _lasting(later, start, closers[1:], rivals, past)


def in_force(world: Minimal, stint: Stint) -> Iterator[Minimal]:
    """The ways in which there is a stint at all: always, but for a transfer of nothing."""
    if stint.continues is None:
        yield world
        return
    for opening in stint.continues:
        begun = world.not_after(opening, stint.start)
        if begun is not None:
            ends = _ending(begun, opening, stint.ends, stint.rivals)
            yield from _lasting(begun, opening, ends, stint.rivals, stint.start)


def not_in_force(world: Minimal, stint: Stint) -> Iterator[Minimal]:
    """The ways in which a transfer finds nothing to move."""
    if stint.continues is not None:
        yield from _none_open(world, stint, stint.continues)


def _none_open(world: Minimal, stint: Stint, openings: tuple[int, ...]) -> Iterator[Minimal]:
    if not openings:
        yield world
        return
    later = world.not_after(stint.start, openings[0], 1)
    if later is not None:
        yield from _none_open(later, stint, openings[1:])
    begun = world.not_after(openings[0], stint.start)
    if begun is None:
        return
    for closer in _ending(begun, openings[0], stint.ends, stint.rivals):
        after = begun.not_after(openings[0], closer, _prevails(openings[0], closer, stint.rivals))
        over = None if after is None else after.not_after(closer, stint.start)
        if over is not None:
            yield from _none_open(over, stint, openings[1:])
