"""Timeline: what is known of when, for every life; computed, never stored as fact.

``solve`` is a pure function of statements and judgements. Bounds are the
tightest that the statements allow; where statements contradict, they hold
under every repair (contract, "Inconsistency").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.conflicts import Trial, mask, members
from estelik.chronology.kernel import PLAIN, Kernel
from estelik.chronology.layers import Settled, lives_of, settle
from estelik.chronology.lives import link
from estelik.chronology.network import Network, compile_network
from estelik.chronology.ranges import Range, ranges, union
from estelik.chronology.repairs import Contradictions, contradictions, weight
from estelik.chronology.solver import Solver
from estelik.records.vocabulary import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from estelik.chronology.lives import Linked
    from estelik.chronology.network import Reading
    from estelik.chronology.solver import Bounds, Switches
    from estelik.records import Judgement, Statement

#: From this many groups on the compiled kernel earns its start-up.
_BATCH = 400


class EventBounds(msgspec.Struct, frozen=True, gc=False):
    """When an event was: day ordinals, None where only the horizon bounds it.

    ``ranges`` are all the days it can lie on; ``statements`` the ids of the
    live statements whose own event it is (where nobody said that it happened,
    those that count from it).
    """

    event: str
    kind: str
    earliest: int | None
    latest: int | None
    ranges: tuple[tuple[int | None, int | None], ...]
    statements: tuple[str, ...]


class Repair(msgspec.Struct, frozen=True, gc=False):
    """Statements whose setting aside would end one contradiction, and their weight.

    ``contradiction`` numbers the independent contradictions of the group: one
    repair of each is needed for the rest to be true.
    """

    weight: int
    statements: tuple[str, ...]
    contradiction: int = 0


class Apart(msgspec.Struct, frozen=True, gc=False):
    """One independent contradiction: it shares no statement with any other."""

    conflicts: tuple[tuple[str, ...], ...]
    repairs: tuple[Repair, ...]


class Timeline(msgspec.Struct, frozen=True, gc=False):
    """One life. ``subject`` is its label, ``key`` what tells it from others."""

    subject: str
    key: str
    consistent: bool
    consistent_wide: bool
    complete: bool
    events: tuple[EventBounds, ...]
    conflicts: tuple[tuple[str, ...], ...] = ()
    repairs: tuple[Repair, ...] = ()
    #: Weak layers that were set aside for this life.
    set_aside: tuple[str, ...] = ()

    def apart(self) -> tuple[Apart, ...]:
        """The independent contradictions, each with its conflicts and its repairs."""
        families: dict[int, list[Repair]] = {}
        for repair in self.repairs:
            families.setdefault(repair.contradiction, []).append(repair)
        touched = {
            number: {one for repair in family for one in repair.statements}
            for number, family in families.items()
        }
        return tuple(
            Apart(
                tuple(one for one in self.conflicts if touched[number] & set(one)),
                tuple(family),
            )
            for number, family in families.items()
        )


class Solution:
    """One group of linked lives, solved: what every other question starts from."""

    __slots__ = ("bounds", "found", "network", "on", "settled", "solver", "trees")

    def __init__(
        self,
        linked: Linked,
        reading: Reading = "strict",
        kernel: Kernel = PLAIN,
        network: Network | None = None,
    ) -> None:
        self.network = compile_network(linked, reading) if network is None else network
        self.solver = Solver(self.network, kernel)
        self.settled: Settled = settle(self.solver)
        #: The switches after the layers, contradictions still in.
        self.on: Switches = self.settled.on
        self.found: Contradictions | None = None
        #: What ``explain`` has worked out of an account without choices, and its trees of shortest ways.
        self.bounds: dict[bytes, tuple[Switches, Bounds]] = {}
        self.trees: dict[tuple[bytes, str], list[tuple[int, int, int] | None]] = {}
        if self.settled.contradicted:
            self.found = contradictions(Trial(self.solver), self._universe(), self.weights())

    def weights(self) -> list[int]:
        """The weight of each statement."""
        return [weight(statement) for statement in self.network.statements]

    def _universe(self) -> int:
        about, doubted = self.network.about, self.settled.contradicted | self.settled.unsure
        return mask(
            index
            for index, statement in enumerate(self.network.statements)
            if statement.layer == "asserted" and about[index] in doubted
        )

    def accounts(self) -> Iterator[Switches]:
        """The switches of each consistent account: one for each combination of
        repairs, or the only one where nothing contradicts."""
        if self.found is None:
            yield self.on
            return
        for repair in self.found.combinations():
            yield self.solver.without(self.on, members(repair))

    def event_ranges(self, points: Iterable[int]) -> dict[int, list[Range]]:
        """The days of each point under every account."""
        points = list(points)
        pieces: dict[int, list[Range]] = {point: [] for point in points}
        for on in self.accounts():
            for point, found in ranges(self.solver, on, points).items():
                pieces[point] += found
        return {point: union(found) for point, found in pieces.items()}

    def timelines(self, wide: frozenset[int]) -> Iterator[Timeline]:
        """The timelines of the group's lives; ``wide`` are the lives that
        contradict even under the wide reading."""
        network = self.network
        days = self.event_ranges(p for events in network.events for p in events.values())
        found = self.found
        for life, key in enumerate(network.subjects):
            conflicts: tuple[tuple[str, ...], ...] = ()
            repairs: tuple[Repair, ...] = ()
            if found is not None:
                conflicts = tuple(self.ids(one) for one in found.conflicts if life in self.lives(one))
                repairs = tuple(
                    Repair(one.weight, self.ids(repair), number)
                    for number, one in enumerate(found.independent)
                    if any(life in self.lives(repair) for repair in one.repairs)
                    for repair in one.repairs
                )
            yield Timeline(
                subject=label(key),
                key=key,
                consistent=life not in self.settled.contradicted,
                consistent_wide=life not in wide,
                complete=not self.settled.unsure and (found is None or found.complete or not repairs),
                events=event_bounds(network, life, days),
                conflicts=conflicts,
                repairs=repairs,
                set_aside=self.settled.set_aside[life],
            )

    def ids(self, statements: int) -> tuple[str, ...]:
        """The ids of the statements of a mask, in order of entry."""
        return tuple(self.network.statements[index].statement for index in members(statements))

    def lives(self, statements: int) -> set[int]:
        """The lives that the statements of a mask bind."""
        made = (constraint for index in members(statements) for constraint in self.solver.constraints[index])
        return lives_of(self.network, made)


def label(key: str) -> str:
    """The label that a subject's key stands for."""
    return key.split("\x1f", 1)[0]


def event_bounds(network: Network, life: int, days: dict[int, list[Range]]) -> tuple[EventBounds, ...]:
    """The events of one life, earliest first."""
    rows = []
    for event, point in network.events[life].items():
        pieces = days[point]
        low, high = pieces[0], pieces[-1]
        rows.append(
            (
                (low[0], high[1]),
                EventBounds(
                    event=event,
                    kind=kind_of(event),
                    earliest=None if low[2] else low[0] + HORIZON_FIRST,
                    latest=None if high[3] else high[1] + HORIZON_FIRST,
                    ranges=tuple(
                        (
                            None if bare_low else first + HORIZON_FIRST,
                            None if bare_high else last + HORIZON_FIRST,
                        )
                        for first, last, bare_low, bare_high in pieces
                    ),
                    statements=tuple(network.mentions.get(point) or network.leads.get(point) or ()),
                ),
            )
        )
    rows.sort(key=lambda row: row[0])
    return tuple(row[1] for row in rows)


def solve(
    statements: Sequence[Statement],
    *,
    judgements: Sequence[Judgement] = (),
    reading: Reading = "strict",
) -> list[Timeline]:
    """The timelines of all lives that the statements speak of, in order of first mention."""
    found = solve_groups(list(link(statements, judgements)), reading)
    order: dict[str, int] = {}
    for statement in statements:
        order.setdefault(statement.subject, len(order))
    found.sort(key=lambda timeline: order[timeline.key])
    return found


def solve_groups(groups: Sequence[Linked], reading: Reading, *, threads: bool = True) -> list[Timeline]:
    """The timelines of groups of linked lives, group by group (``threads`` as in ``solve_many``)."""
    if len(groups) < _BATCH:
        return [timeline for linked in groups for timeline in solve_linked(linked, reading)]
    from estelik.chronology.batch import solve_many  # late: it loads the compiler

    return list(solve_many(groups, reading, threads=threads))


def solve_linked(
    linked: Linked, reading: Reading, kernel: Kernel = PLAIN, network: Network | None = None
) -> Iterator[Timeline]:
    """The timelines of one group of linked lives (``network``: its compiled form, if there is one)."""
    solution = Solution(linked, reading, kernel, network)
    yield from solution.timelines(contradicted_widely(solution, linked, reading))


def contradicted_widely(solution: Solution, linked: Linked, reading: Reading = "strict") -> frozenset[int]:
    """The lives of a solved group that contradict even under the wide reading."""
    contradicted = solution.settled.contradicted
    if not contradicted or reading == "wide":
        return contradicted
    wide = settle(Solver(compile_network(linked, "wide"), solution.solver.kernel))
    # What the search could not settle is not said to be consistent.
    return wide.contradicted | (wide.unsure & contradicted)
