"""Network: statements about linked lives as one simple temporal network.

Points are days (integers counted from the first day of the horizon); point 0
is the calendar. A constraint is what one cell of a statement says,
``min <= t(to) - t(from) <= max`` for one or several alternatives, or an axiom
of the contract. Each constraint, and each alternative of one, has a switch, so
that every question the engine asks is a choice of switches over the same
edges (Dechter, Meiri and Pearl 1991: simple temporal problem).
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from estelik.chronology import age as ages
from estelik.chronology import duration as durations
from estelik.chronology import edtf
from estelik.chronology.calendar import HORIZON_FIRST, HORIZON_LAST
from estelik.records.vocabulary import BIRTH, TOLD, kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.chronology.lives import Linked
    from estelik.records import Statement

Reading = Literal["strict", "wide"]
Interval = tuple[int | None, int | None]

#: Length of the horizon in days: every point lies in 0 .. HORIZON.
HORIZON: Final = HORIZON_LAST - HORIZON_FIRST
ORIGIN: Final = 0
#: Owner of a constraint that no statement makes: an axiom, never set aside.
AXIOM: Final = -1


class Disjunction(msgspec.Struct, frozen=True, gc=False):
    """Several alternatives for ``t(to) - t(from)``; exactly one has to hold.

    ``switches[i]`` turns on the edges of ``alternatives[i]``; the hull of all
    of them hangs on the switch of the constraint itself.
    """

    constraint: int
    start: int
    end: int
    alternatives: tuple[Interval, ...]
    switches: tuple[int, ...]

    def holding(self, between: int) -> int | None:
        """The switch of the first alternative that allows ``between`` days, or None."""
        for switch, (low, high) in zip(self.switches, self.alternatives, strict=True):
            if (low is None or low <= between) and (high is None or between <= high):
                return switch
        return None


class Network:
    """The compiled network of one group of linked lives.

    Edge ``i`` says ``t(head[i]) - t(tail[i]) <= weight[i]`` days while switch
    ``switch[i]`` is on. Switch ``c`` below ``len(owner)`` is constraint ``c``,
    made by statement ``owner[c]`` (an index into ``statements``) or AXIOM.
    ``life[p]`` is the subject (an index into ``subjects``) of point ``p``, or
    -1 for the calendar and for tellings that several lives share.
    """

    __slots__ = (
        "about",
        "because",
        "disjunctions",
        "ends",
        "events",
        "head",
        "leads",
        "life",
        "mentions",
        "owner",
        "points",
        "statements",
        "subjects",
        "switch",
        "switches",
        "tail",
        "weight",
    )

    def __init__(self, linked: Linked) -> None:
        self.subjects: Sequence[str] = linked.subjects
        self.statements: Sequence[Statement] = linked.statements
        #: The subject of each statement.
        self.about: Sequence[int] = linked.life
        #: The statement that an axiom about a telling leads back to, by constraint.
        self.because: dict[int, int] = {}
        #: The two points of each constraint.
        self.ends: list[tuple[int, int]] = []
        self.points = 1
        self.life: list[int] = [-1]
        self.tail: list[int] = []
        self.head: list[int] = []
        self.weight: list[int] = []
        self.switch: list[int] = []
        self.owner: list[int] = []
        self.switches = 0
        self.disjunctions: list[Disjunction] = []
        #: For each subject its events: label -> point, in order of first mention.
        self.events: list[dict[str, int]] = [{} for _ in linked.subjects]
        #: For each point the ids of the statements whose own event it is.
        self.mentions: dict[int, list[str]] = {}
        #: For each birth, and each event that is only referred to, the ids of the statements that do.
        self.leads: dict[int, dict[str, None]] = {}

    def add_point(self, life: int) -> int:
        """A new point of the life ``life``."""
        self.life.append(life)
        self.points += 1
        return self.points - 1

    def event(self, life: int, label: str) -> int:
        """The point of an event of a life, made at its first mention."""
        events = self.events[life]
        point = events.get(label)
        if point is None:
            point = events[label] = self.add_point(life)
        return point

    def constrain(
        self, owner: int, start: int, end: int, alternatives: Sequence[Interval], because: int | None = None
    ) -> None:
        """Adds ``t(end) - t(start)`` in one of ``alternatives`` (days, None = unbounded)."""
        constraint = len(self.owner)
        if because is not None:
            self.because[constraint] = because
        self.owner.append(owner)
        self.ends.append((start, end))
        if len(alternatives) == 1:
            self._edges(constraint, start, end, *alternatives[0])
            return
        lows = [low for low, _ in alternatives]
        highs = [high for _, high in alternatives]
        self._edges(
            constraint,
            start,
            end,
            None if None in lows else min(low for low in lows if low is not None),
            None if None in highs else max(high for high in highs if high is not None),
        )
        self.disjunctions.append(Disjunction(constraint, start, end, tuple(alternatives), ()))

    def _edges(self, switch: int, start: int, end: int, low: int | None, high: int | None) -> None:
        if high is not None:
            self.tail.append(start)
            self.head.append(end)
            self.weight.append(high)
            self.switch.append(switch)
        if low is not None:
            self.tail.append(end)
            self.head.append(start)
            self.weight.append(-low)
            self.switch.append(switch)

    def close(self) -> Network:
        """Gives the alternatives their switches, after all constraints are in."""
        self.switches = len(self.owner)
        for index, disjunction in enumerate(self.disjunctions):
            first = self.switches
            self.switches += len(disjunction.alternatives)
            switches = tuple(range(first, self.switches))
            for switch, (low, high) in zip(switches, disjunction.alternatives, strict=True):
                self._edges(switch, disjunction.start, disjunction.end, low, high)
            self.disjunctions[index] = msgspec.structs.replace(disjunction, switches=switches)
        return self

    def all_on(self) -> bytearray:
        """The switches with every constraint on and no alternative chosen."""
        on = bytearray(self.switches)
        on[: len(self.owner)] = b"\x01" * len(self.owner)
        return on


@lru_cache(maxsize=1 << 16)
def days_of(text: str, reading: Reading) -> tuple[Interval, ...]:
    """What an EDTF cell allows, as intervals of days from the horizon's first."""
    parsed = edtf.parse(text)
    spans = parsed.spans if reading == "strict" else edtf.wide(parsed)
    return tuple(
        (
            None if span.first is None else span.first - HORIZON_FIRST,
            None if span.last is None else span.last - HORIZON_FIRST,
        )
        for span in spans
    )


def _gap(text: str, reading: Reading) -> tuple[Interval, ...]:
    if not text:
        return ((0, None),)
    parsed = durations.parse(text)
    return parsed.strict if reading == "strict" else parsed.wide


def _age(text: str, reading: Reading) -> Interval:
    parsed = ages.parse(text)
    return parsed.strict if reading == "strict" else parsed.wide


@lru_cache(maxsize=1 << 14)
def _told(texts: tuple[str, ...], reading: Reading) -> tuple[Interval, ...]:
    """The days on which a telling can have been: all its date cells at once.

    Cells that leave no day, or none within the horizon, say nothing: a telling
    is never what is set aside, and bad dates are refused at the door.
    """
    days: tuple[Interval, ...] = ((None, None),)
    for text in texts:
        both = tuple(
            meet
            for one in days_of(text, reading)
            for other in days
            if (meet := _meet(one, other)) is not None
        )
        days = both or days
    return days


def _meet(one: Interval, other: Interval) -> Interval | None:
    lows = [low for low, _ in (one, other) if low is not None]
    highs = [high for _, high in (one, other) if high is not None]
    low, high = max(lows, default=None), min(highs, default=None)
    first, last = (0 if low is None else low), (HORIZON if high is None else high)
    return None if first > min(last, HORIZON) or last < 0 else (low, high)


def _least(*days: int | None) -> int:
    return min(day for day in (*days, HORIZON) if day is not None)


def compile_network(linked: Linked, reading: Reading) -> Network:
    """The network of one group of linked lives under one reading."""
    network = Network(linked)
    tellings: dict[str, int] = {}
    latest: dict[str, int] = {}
    dates: dict[str, tuple[Interval, ...]] = {}
    for telling, texts in linked.told.items():
        dates[telling] = days = _told(tuple(texts), reading)
        latest[telling] = max(_least(high) for _, high in days)
    for telling in linked.referenced:
        point = tellings[telling] = network.add_point(-1)
        network.constrain(AXIOM, ORIGIN, point, dates[telling])
    told_bound: dict[int, tuple[int, int]] = {}
    referred: set[int] = set()
    for index, statement in enumerate(linked.statements):
        _add(network, linked, index, statement, reading, tellings, latest, told_bound, referred)
    for point, (bound, index) in told_bound.items():
        if bound < HORIZON:
            network.constrain(AXIOM, ORIGIN, point, ((None, bound),), index)
    _lead(network, referred)
    _axioms(network, linked)
    return network.close()


def _add(
    network: Network,
    linked: Linked,
    index: int,
    statement: Statement,
    reading: Reading,
    tellings: dict[str, int],
    latest: dict[str, int],
    told_bound: dict[int, tuple[int, int]],
    referred: set[int],
) -> None:
    life = linked.life[index]
    telling = statement.telling
    if statement.event:
        own = network.event(life, statement.event)
        network.mentions.setdefault(own, []).append(statement.statement)
        if not statement.expected:
            shared = tellings.get(telling)
            if shared is not None:
                network.constrain(AXIOM, shared, own, ((None, 0),), index)
            else:
                bound = latest[telling]
                known = told_bound.get(own)
                if known is None or bound < known[0]:
                    told_bound[own] = (bound, index)
    elif statement.when or statement.age or statement.after or statement.before:
        own = network.add_point(life)
    else:
        return
    if statement.when:
        network.constrain(index, ORIGIN, own, days_of(statement.when, reading))
    if statement.age:
        birth = network.event(life, BIRTH)
        network.leads.setdefault(birth, {})[statement.statement] = None
        network.constrain(index, birth, own, (_age(statement.age, reading),))
    if statement.after or statement.before:
        both = bool(statement.after and statement.before)
        gap = _gap("" if both else statement.gap, reading)
        if statement.after:
            other = _other(network, linked, life, statement.after, statement, tellings, referred)
            network.constrain(index, other, own, gap)
        if statement.before:
            other = _other(network, linked, life, statement.before, statement, tellings, referred)
            network.constrain(index, own, other, gap)


def _other(
    network: Network,
    linked: Linked,
    life: int,
    reference: str,
    statement: Statement,
    tellings: dict[str, int],
    referred: set[int],
) -> int:
    if reference == TOLD:
        return tellings[statement.telling]
    target = linked.references.get((network.subjects[life], reference), (life, reference))
    known = network.events[target[0]].get(target[1])
    point = network.event(*target) if known is None else known
    if known is None:
        referred.add(point)
    if target[1] == BIRTH:
        network.leads.setdefault(point, {})[statement.statement] = None
    return point


def _lead(network: Network, referred: set[int]) -> None:
    """What nobody said has happened, but somebody counts from, leads back to those words."""
    untold = referred - network.mentions.keys()
    if not untold:
        return
    for owner, ends in zip(network.owner, network.ends, strict=True):
        if owner != AXIOM:
            for point in untold.intersection(ends):
                network.leads.setdefault(point, {})[network.statements[owner].statement] = None


def _axioms(network: Network, linked: Linked) -> None:
    """Birth is not after, death not before, the other events of a person."""
    kinds = vocabulary().kinds
    for life, events in enumerate(network.events):
        if not linked.person[life]:
            continue
        birth = events.get(BIRTH)
        deaths = [point for label, point in events.items() if kind_of(label) == "death"]
        if birth is None and not deaths:
            continue
        for label, point in events.items():
            if birth is not None and point != birth:
                network.constrain(AXIOM, birth, point, ((0, None),))
            if deaths:
                kind = kinds.get(kind_of(label))
                if kind is None or kind.posthumous or kind.knowledge or point == birth:
                    continue
                for death in deaths:
                    if death != point:
                        network.constrain(AXIOM, point, death, ((0, None),))
