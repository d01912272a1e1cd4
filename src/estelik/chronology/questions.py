"""Questions: what to ask next, of whom, and how much the answer would settle.

For each askable event every possible answer is tried on the minimal network;
``expected_bits`` and ``worst_bits`` say how much narrower all events become,
in bits (halvings of a number of days), on average over equally likely days and
for the least telling answer. What might make somebody relive the worst is not
proposed until a member allows it for that source (contract, last paragraph).
"""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, Final, Literal

import msgspec
import numpy as np

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.minimal import worlds
from estelik.chronology.network import ORIGIN
from estelik.chronology.stints import kept, stints
from estelik.records.vocabulary import is_sensitive

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from estelik.chronology.minimal import Minimal
    from estelik.chronology.timeline import Solution
    from estelik.records import Judgement, Statement

Ask = Literal["when", "how long", "where", "who told"]

#: An answer is as fine as a month.
_MONTH: Final = 30.4375
#: Closer than this many days to the worst is too close.
_NEAR: Final = 30
#: Less than this is not worth anybody's effort.
_LEAST_BITS: Final = 0.01
_WORLDS: Final = 32
#: Months that are looked at together, of as many spans.
_AT_ONCE: Final = 2048
#: From so many questions on only those are weighed that promise most, so many of them, by so many months.
_MANY: Final = 200
_BEST: Final = 24
_ROUGH: Final = 8


class Question(msgspec.Struct, frozen=True):
    """A question about an event of one life, and whom it could be asked."""

    ask: Ask
    event: str
    since: str | None
    expected_bits: float
    worst_bits: float
    sources: tuple[str, ...]


def questions(
    solution: Solution,
    life: int,
    asked: Sequence[Statement],
    judgements: Sequence[Judgement] = (),
    *,
    today: int | None = None,
) -> list[Question]:
    """The questions worth asking about one life, the most telling first.

    Of very many those are returned that promise most, by a few months of each.
    ``asked`` are all statements about this life that still count, those
    answered with no, "could not say" or "would not say" among them. ``today``
    (a day ordinal): what was expected before it is asked about.
    """
    network = solution.network
    every = [world for world, _ in zip(worlds(solution), range(_WORLDS), strict=False)]
    points = [point for events in network.events for point in events.values()]
    distances = np.stack([world.distance for world in every])
    book = _Book(network.subjects[life], asked, judgements)
    happened = {s.event for s in asked if s.event and s.answer == "yes" and not s.expected}
    events = {e: p for e, p in network.events[life].items() if e in happened or e == "birth"}
    near = _restrained(solution, every)
    overdue = [] if today is None else _overdue(network.events[life], happened, asked, every, today)
    found: list[tuple[Ask, str, str | None, tuple[str, ...]]] = []
    spans = []
    for event, point in (events | {event: network.events[life][event] for event in overdue}).items():
        sources = book.sources("when", event, near=point in near)
        if sources:
            found.append(("when", event, None, sources))
            spans.append((ORIGIN, point))
    for since, event in _pairs(solution, life, events):
        sources = book.sources("how long", event, since, near=bool({events[event], events[since]} & near))
        if sources:
            found.append(("how long", event, since, sources))
            spans.append((events[since], events[event]))
    if len(found) > _MANY:
        best = _best(distances, points, spans)
        best += [place for place, one in enumerate(found) if one[1] in overdue and place not in best]
        found, spans = [found[place] for place in best], [spans[place] for place in best]
    out = [
        Question(ask, event, since, *bits, sources)
        for (ask, event, since, sources), bits in zip(found, _bits(distances, points, spans), strict=True)
    ]
    out = [q for q in out if q.expected_bits >= _LEAST_BITS or q.event in overdue]
    out.sort(key=lambda q: (-q.expected_bits, -q.worst_bits, q.ask, q.event, q.since or ""))
    for ask, event in book.gaps(stint.event for stint in stints(network, life) if kept(stint.state)):
        sources = book.sources(ask, event, near=events.get(event, -1) in near)
        if sources and event in events:
            out.append(Question(ask, event, None, 0.0, 0.0, sources))
    return out


def _overdue(
    points: dict[str, int],
    happened: set[str],
    asked: Sequence[Statement],
    every: Sequence[Minimal],
    today: int,
) -> list[str]:
    """The events that were only expected, and whose last day is past."""
    expected = dict.fromkeys(s.event for s in asked if s.event and s.answer == "yes" and s.expected)
    return [
        event
        for event in expected
        if event not in happened
        and event in points
        and max(world.latest(points[event]) for world in every) + HORIZON_FIRST < today
    ]


def _restrained(solution: Solution, every: Sequence[Minimal]) -> set[int]:
    """The points whose answer would touch the worst: those of sensitive kinds,
    those whose day would fix one of these within 30 days, and those that are
    for certain within 30 days of one."""
    network = solution.network
    labelled = {p: e for events in network.events for e, p in events.items()}
    worst = {point for point, event in labelled.items() if is_sensitive(event)}
    near = set(worst)
    for world in every:
        distance = world.distance
        for point in labelled:
            for sore in worst:
                after = int(distance[point, sore]) + int(distance[sore, point])
                before = world.latest(sore) - world.earliest(sore)
                beside = max(int(distance[point, sore]), int(distance[sore, point])) <= _NEAR
                if beside or (after <= _NEAR < before):
                    near.add(point)
    return near


def _pairs(solution: Solution, life: int, events: dict[str, int]) -> Iterator[tuple[str, str]]:
    """Pairs of events (since, until) that a duration could join: the ends of a
    stint, and neighbours that a statement put in order."""
    network = solution.network
    labels = {point: event for event, point in events.items()}
    seen: dict[tuple[str, str], None] = {}
    for stint in stints(network, life):
        for closer in stint.closers:
            if closer in labels and stint.event in events:
                seen[stint.event, labels[closer]] = None
    for constraint, owner in enumerate(network.owner):
        start, end = network.ends[constraint]
        if owner >= 0 and start in labels and end in labels and "birth" not in (labels[start], labels[end]):
            seen[labels[start], labels[end]] = None
    yield from (pair for pair in seen if (pair[1], pair[0]) not in seen or pair[0] < pair[1])


def _best(distances: NDArray[np.int64], points: Sequence[int], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The places of the spans that promise most, in order."""
    rough = [expected for expected, _ in _bits(distances, points, spans, _ROUGH)]
    return sorted(nlargest(_BEST, range(len(spans)), key=lambda place: (rough[place], -place)))


def _bits(
    distances: NDArray[np.int64],
    points: Sequence[int],
    spans: Sequence[tuple[int, int]],
    most: int | None = None,
) -> Iterator[tuple[float, float]]:
    """Of each span (start, end) the expected and the worst shrinkage of all ``points`` when
    ``t(end) - t(start)`` becomes known to a month; ``distances``: [worlds, points, points] days. ``most``:
    of so many months of each span alone, as far apart as can be (default: of all)."""
    reach = np.array(points, dtype=np.int64)
    wide = distances[:, ORIGIN, reach].max(axis=0) + distances[:, reach, ORIGIN].max(axis=0) + 1
    before = np.log2(wide.astype(float)).sum()
    rest = list(spans)
    while rest:
        months = [_months(distances, *rest[0], most)]
        sizes = [len(months[0][0])]
        while len(months) < len(rest) and sum(sizes) < _AT_ONCE:
            months.append(_months(distances, *rest[len(months)], most))
            sizes.append(len(months[-1][0]))
        some, rest = rest[: len(months)], rest[len(months) :]
        starts, ends = (np.repeat(one, sizes) for one in zip(*some, strict=True))
        low, high = (np.concatenate(one) for one in zip(*months, strict=True))
        unknown = np.repeat(np.array(sizes) > 1, sizes)
        days, after = np.ones(len(low)), np.full(len(low), before)
        days[unknown], after[unknown] = _after(
            distances, reach, (starts[unknown], ends[unknown]), (low[unknown], high[unknown])
        )
        at = 0
        for size in sizes:
            own = slice(at, at + size)
            at += size
            if size == 1:
                # It is known to a month.
                yield 0.0, 0.0
                continue
            possible = days[own] > 0
            gain = before - after[own][possible]
            share = days[own][possible] / days[own][possible].sum()
            yield round(float((gain * share).sum()), 3), round(float(gain.min()), 3)


def _months(
    distances: NDArray[np.int64], start: int, end: int, few: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The least and the most days of each month in which ``t(end) - t(start)`` can lie, or of ``few`` of
    them."""
    least = int((-distances[:, end, start]).min())
    most = int(distances[:, start, end].max())
    edges = np.arange(0, int((most - least) / _MONTH) + 2) * _MONTH
    low = least + np.ceil(edges[:-1]).astype(np.int64)
    high = np.minimum(least + np.ceil(edges[1:]).astype(np.int64) - 1, most)
    low, high = low[low <= high], high[low <= high]
    if few is not None and len(low) > few:
        some = np.linspace(0, len(low) - 1, few).astype(np.int64)
        return low[some], high[some]
    return low, high


def _after(
    distances: NDArray[np.int64],
    reach: NDArray[np.int64],
    spans: tuple[NDArray[np.int64], NDArray[np.int64]],
    months: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """For each month of a span how many days of it are possible, and the bits that all points have then."""
    (start, end), (low, high) = spans, months
    up = np.full((len(low), len(reach)), -(1 << 40))
    least = np.full((len(low), len(reach)), 1 << 40)
    days = np.zeros(len(low), dtype=np.int64)
    for distance in distances:
        first = np.maximum(low, -distance[end, start])
        last = np.minimum(high, distance[start, end])
        latest = np.minimum(
            distance[ORIGIN, reach][None, :],
            np.minimum(
                (distance[ORIGIN, start] + last)[:, None] + distance[end][:, reach],
                (distance[ORIGIN, end] - first)[:, None] + distance[start][:, reach],
            ),
        )
        down = np.minimum(
            distance[reach, ORIGIN][None, :],
            np.minimum(
                distance[reach][:, start].T + (last + distance[end, ORIGIN])[:, None],
                distance[reach][:, end].T - (first - distance[start, ORIGIN])[:, None],
            ),
        )
        alive = (first <= last)[:, None]
        up = np.where(alive, np.maximum(up, latest), up)
        least = np.where(alive, np.minimum(least, -down), least)
        days = np.maximum(days, np.clip(last - first + 1, 0, None))
    # Of a month that is not possible nothing is asked.
    return days, np.log2(np.maximum(up - least + 1, 1).astype(float)).sum(axis=1)


class _Book:
    """Who was asked what about one life, and who could still be asked."""

    def __init__(self, subject: str, asked: Sequence[Statement], judgements: Sequence[Judgement]) -> None:
        self._statements = [statement for statement in asked if statement.source]
        people: dict[str, bool] = {}
        for statement in self._statements:
            speaks = statement.role not in ("document", "inferred")
            people[statement.source] = people.get(statement.source, False) or speaks
        self._people = [person for person, speaks in people.items() if speaks]
        self._of: dict[str, list[Statement]] = {}
        for statement in self._statements:
            self._of.setdefault(statement.event, []).append(statement)
        withdrawn = {j.withdraws for j in judgements if j.decision == "withdrawn"}
        self._allowed = {
            (j.event, j.source)
            for j in judgements
            if j.decision == "allow-question" and j.subject == subject and j.id not in withdrawn
        }

    def sources(self, ask: Ask, event: str, since: str | None = None, *, near: bool) -> tuple[str, ...]:
        """Those of whom this was not asked before, who did not refuse it, and of
        whom it may be asked."""
        named = [s for one in {event, since} - {None} for s in self._of.get(one or "", ())]
        done = {s.source for s in named if self._settles(s, ask, event, since)}
        people = [person for person in self._people if person not in done]
        if ask == "who told":
            unclear = {s.source for s in self._of.get(event, ()) if self._unclear(s, event)}
            people = [person for person in people if person in unclear]
        if near:
            people = [person for person in people if (event, person) in self._allowed]
        return tuple(people)

    def gaps(self, held: Iterator[str]) -> list[tuple[Ask, str]]:
        """What else is missing: where a stint was, and who told a hearsay source."""
        told = {s.event for s in self._statements if s.event and s.answer == "yes" and s.place}
        where: list[tuple[Ask, str]] = [("where", event) for event in held if event not in told]
        unclear = dict.fromkeys(s.event for s in self._statements if self._unclear(s, s.event))
        return where + [("who told", event) for event in unclear]

    @staticmethod
    def _unclear(statement: Statement, event: str) -> bool:
        return bool(
            event
            and statement.event == event
            and statement.answer == "yes"
            and statement.role == "told"
            and not statement.via
        )

    @staticmethod
    def _settles(statement: Statement, ask: Ask, event: str, since: str | None) -> bool:
        if statement.event not in (event, since) or not statement.event:
            return False
        if statement.answer in ("unknown", "refused"):
            return True
        if ask == "when":
            # Who told what was still to come may know by now what came of it.
            return bool(statement.when) and not statement.expected
        if ask == "where":
            return bool(statement.place)
        if ask == "how long":
            other = since if statement.event == event else event
            return bool(statement.gap) and other in (statement.after, statement.before)
        return bool(statement.via)
