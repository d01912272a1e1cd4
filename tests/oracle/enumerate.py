"""States and encounters by enumeration: every day that every event may have had is tried.

For networks of few events within few days. A schedule gives each event its
day; in each schedule the states are simulated; what holds in all of them is
certain, what holds in some is possible.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Literal, NamedTuple

from tests.oracle import feasible
from tests.oracle.problem import CALENDAR, Point, build

from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tests.oracle.cells import Interval

    from estelik.records import Statement

Certainty = Literal["throughout", "at some time", "possibly", "never"]
#: A day after all others: a state that nobody said the end of may last as long.
FOREVER = 10**9
#: Schedules beyond this number are too many to try.
LIMIT = 200_000


class Happening(NamedTuple):
    """An event in one schedule."""

    label: str
    day: int
    place: str
    expected: bool


class Stay(NamedTuple):
    """A state from ``start`` on to the day before its end.

    The end is ``certain`` at the earliest and ``possible`` at the latest: one
    day where an event ended it, apart where nobody said that it ended. Who is in
    a state from a day on is in it that day; of some nobody said when they began.
    """

    state: str
    place: str
    start: int
    certain: int
    possible: int

    def covers(self, day: int) -> bool:
        """Whether the state surely holds on a day."""
        return self.start <= day < self.certain or day == self.start <= self.certain

    def touches(self, first: int, last: int) -> bool:
        """Whether the state surely holds at some time of a window."""
        return self.start <= last and (self.certain > first or first <= self.start <= self.certain)

    def maybe(self, first: int, last: int) -> bool:
        """Whether the state can hold at some time of a window."""
        return self.start <= last and self.possible > first


Schedule = dict[Point, int]


def schedules(statements: Sequence[Statement], keys: Iterable[str]) -> list[Schedule]:
    """Every choice of days for the events of these lives that the statements allow."""
    problem = build(statements, (), "strict")
    points = [point for point in problem.events if point.subject in set(keys)]
    found: dict[tuple[int, ...], None] = {}
    for edges in feasible.leaves(problem.constraints):
        # In the closure of a network without disjunctions, days that fit two by two can be completed.
        reach = _closure([(a, b, length) for a, b, length, _ in edges])
        for days in _assign(points, reach, []):
            found[tuple(days)] = None
            if len(found) > LIMIT:
                raise feasible.TooHardError
    return [dict(zip(points, days, strict=True)) for days in found]


def _closure(edges: Sequence[tuple[Point, Point, int]]) -> dict[tuple[Point, Point], int]:
    """Shortest distances between all points (Floyd and Warshall)."""
    points = {point for a, b, _ in edges for point in (a, b)}
    reach = {(a, b): 0 if a == b else FOREVER for a in points for b in points}
    for a, b, length in edges:
        reach[a, b] = min(reach[a, b], length)
    for middle in points:
        for a in points:
            for b in points:
                reach[a, b] = min(reach[a, b], reach[a, middle] + reach[middle, b])
    return reach


def _assign(
    points: Sequence[Point], reach: dict[tuple[Point, Point], int], days: list[int]
) -> Iterator[list[int]]:
    if len(days) == len(points):
        yield days
        return
    point = points[len(days)]
    first, last = -reach[point, CALENDAR], reach[CALENDAR, point]
    if last - first > 100:
        raise feasible.TooHardError
    for other, day in zip(points, days, strict=False):
        first, last = max(first, day - reach[point, other]), min(last, day + reach[other, point])
    for day in range(first, last + 1):
        yield from _assign(points, reach, [*days, day])


def happenings(statements: Sequence[Statement], key: str, schedule: Schedule) -> list[Happening]:
    """One life in one schedule."""
    out = []
    for point, day in schedule.items():
        rows = [row for row in statements if row.subject == key and row.event == point.label]
        if point.subject == key and rows:
            places = {row.place for row in rows if row.place}
            out.append(
                Happening(point.label, day, min(places, default=""), all(row.expected for row in rows))
            )
    return sorted(out, key=lambda one: one.day)


def stays(life: Sequence[Happening]) -> list[Stay]:
    """The states of a life in one schedule, in the order of their beginning."""
    out: list[Stay] = []
    for opening in life:
        kind = vocabulary().kinds.get(kind_of(opening.label))
        if kind is None or opening.expected:
            continue
        if kind.opens:
            out.append(_stay(kind.opens, opening, life))
        elif kind.moves:
            out += [
                _stay(state, opening, life)
                for state in dict.fromkeys(
                    stay.state
                    for stay in out
                    if _custody(stay.state) and stay.start <= opening.day == stay.possible
                )
            ]
    return out + _left(life)


def _left(life: Sequence[Happening]) -> list[Stay]:
    """States that only their ends are told of: possible from what would have
    ended them before, certain on no day."""
    kinds = vocabulary().kinds
    real = [one for one in life if not one.expected and kind_of(one.label) in kinds]
    opened = {kinds[kind_of(one.label)].opens for one in real}
    births = [one.day for one in real if one.label == "birth"]
    out = []
    for end in real:
        for state in kinds[kind_of(end.label)].closes:
            if state in opened or state == "displaced":
                continue
            earlier = [one for one in real if one != end and one.day <= end.day and closes(one.label, state)]
            moves = [one for one in real if _custody(state) and kinds[kind_of(one.label)].moves]
            cut = max([one.day for one in earlier if one not in moves] + births, default=-FOREVER)
            out.append(Stay(state, "" if moves else end.place, cut, -FOREVER, end.day))
            if earlier and earlier[-1] in moves:
                last = earlier[-1]
                out.append(Stay(state, last.place or end.place, last.day, -FOREVER, end.day))
    return out


def _stay(state: str, opening: Happening, life: Sequence[Happening]) -> Stay:
    """A state and its end: the first event that closes it, at or after its opening."""
    later = [one for one in life if one != opening and one.day >= opening.day and closes(one.label, state)]
    ends = [one.day for one in later if not one.expected]
    due = [one.day for one in later if one.expected]
    moved = [one.day for one in life if one.day >= opening.day and _elsewhere(one, state, opening.place)]
    # Who is held elsewhere is no longer held here; that alone does not say that it lasted till then.
    possible = min((*ends, *moved), default=FOREVER)
    final = vocabulary().states[state].final
    certain = possible if ends or final else min(max((opening.day, *due)), possible)
    return Stay(state, opening.place, opening.day, certain, possible)


def _elsewhere(one: Happening, state: str, place: str) -> bool:
    """Whether an event opens the same state at another place."""
    kind = vocabulary().kinds.get(kind_of(one.label))
    opens = kind is not None and kind.opens == state and not one.expected
    return opens and bool(place and one.place) and one.place != place


def closes(label: str, state: str) -> bool:
    """Whether an event ends a state."""
    kind = vocabulary().kinds.get(kind_of(label))
    if kind is None:
        return False
    if kind.opens == "dead":
        return state != "dead"
    if _custody(state) and (kind.closes_custody or kind.moves):
        return True
    return state in kind.closes or (_custody(state) and kind.opens != state and _custody(kind.opens))


def _custody(state: str) -> bool:
    return state in vocabulary().states and vocabulary().states[state].custody


def tied(life: Sequence[Happening]) -> bool:
    """Whether two events that change what somebody is in fall on one day: in which order, nobody said."""
    kinds = vocabulary().kinds
    days = [
        one.day
        for one in life
        if (kind := kinds.get(kind_of(one.label))) is not None
        and (kind.opens or kind.moves or kind.closes or kind.closes_custody)
    ]
    return len(days) != len(set(days))


def status(
    statements: Sequence[Statement], key: str, first: int, last: int
) -> dict[tuple[str, str], Certainty]:
    """Each state and place of a life in a window of days."""
    worlds = [stays(happenings(statements, key, one)) for one in schedules(statements, [key])]
    out: dict[tuple[str, str], Certainty] = {}
    for state, place in dict.fromkeys((stay.state, stay.place) for world in worlds for stay in world):
        groups = [[stay for stay in world if (stay.state, stay.place) == (state, place)] for world in worlds]
        if all(_throughout(group, first, last) for group in groups):
            out[state, place] = "throughout"
        elif all(any(stay.touches(first, last) for stay in group) for group in groups):
            out[state, place] = "at some time"
        elif any(stay.maybe(first, last) for group in groups for stay in group):
            out[state, place] = "possibly"
        else:
            out[state, place] = "never"
    for state in {state for state, _ in out}:
        _somewhere(out, state, worlds, first, last)
    return out


def _throughout(group: Sequence[Stay], first: int, last: int) -> bool:
    """Whether on each day of a window one stay or another surely holds."""
    return all(any(stay.covers(day) for stay in group) for day in range(first, last + 1))


def _somewhere(
    out: dict[tuple[str, str], Certainty], state: str, worlds: Sequence[Sequence[Stay]], first: int, last: int
) -> None:
    """Without a place: how sure the state is wherever it was, if no one place is as sure."""
    surest = {surely for (other, _), surely in out.items() if other == state}
    groups = [[stay for stay in world if stay.state == state] for world in worlds]
    if surest & {"throughout"}:
        return
    if all(_throughout(group, first, last) for group in groups):
        out[state, ""] = "throughout"
    elif not surest & {"at some time"} and all(
        any(stay.touches(first, last) for stay in group) for group in groups
    ):
        out[state, ""] = "at some time"


class Meeting(NamedTuple):
    """Two lives in one place: whether surely, and the first and last day of it that can be."""

    certain: bool
    days: Interval


def _kept(statements: Sequence[Statement], key: str, schedule: Schedule) -> list[Stay]:
    """The stays in custody of which a place is known."""
    return [
        stay for stay in stays(happenings(statements, key, schedule)) if stay.place and _custody(stay.state)
    ]


def encounters(statements: Sequence[Statement], one: str, other: str) -> dict[str, Meeting]:
    """By place: where two lives were, or may have been, in custody at one time."""
    both = schedules(statements, [one, other])
    pairs = [
        tuple(
            [
                stay
                for stay in stays(happenings(statements, key, schedule))
                if stay.place and _custody(stay.state)
            ]
            for key in (one, other)
        )
        for schedule in both
    ]
    out: dict[str, Meeting] = {}
    for place in dict.fromkeys(stay.place for pair in pairs for stay in pair[0]):
        certain, days = True, list[tuple[int, int]]()
        for ours, theirs in pairs:
            met = [(a, b) for a, b in product(ours, theirs) if a.place == b.place == place]
            certain = certain and any(a.start < b.certain and b.start < a.certain for a, b in met)
            days += [
                (first, end - 1)
                for a, b in met
                if (first := max(a.start, b.start)) < (end := min(a.possible, b.possible))
            ]
        if days:
            latest = max(last for _, last in days)
            first = min(days)[0]
            out[place] = Meeting(
                certain,
                (None if first <= -FOREVER else first, None if latest >= FOREVER - 1 else latest),
            )
    return out
