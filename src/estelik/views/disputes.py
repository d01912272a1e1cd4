"""Disputes: which statements cannot all be true, and what each repair would bring."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from typing import TYPE_CHECKING

from estelik.records.vocabulary import BIRTH, TOLD
from estelik.views.course import Account
from estelik.views.life import first_told
from estelik.views.person import Contradiction, Outcome, Party, Repair
from estelik.views.stint import depends, hearsay

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from estelik.chronology.timeline import EventBounds
    from estelik.chronology.timeline import Repair as Mending
    from estelik.records import Statement
    from estelik.views.life import Life

#: Events whose days the table of repairs shows.
_OUTCOMES = 2
#: Whole ways out that are listed one by one; above this, those of each contradiction are.
_LISTED = 8


def accounts(life: Life) -> tuple[Account, ...]:
    """The accounts that are drawn one by one."""
    every = set(life.repairable)
    return tuple(
        Account(world.number, life.numbers(every - set(world.aside)), life.numbers(world.aside))
        for world in life.worlds
    )


def contradictions(life: Life) -> tuple[Contradiction, ...]:
    """Conflicts that share a statement which a repair could set aside are one contradiction."""
    repairable = set(life.repairable)
    joined: list[tuple[set[str], list[tuple[str, ...]]]] = []
    for conflict in life.timeline.conflicts:
        one, conflicts = set(conflict), [conflict]
        for other in [other for other in joined if other[0] & one & repairable]:
            joined.remove(other)
            one |= other[0]
            conflicts = other[1] + conflicts
        joined.append((one, conflicts))
    found = []
    for one, conflicts in joined:
        parties = {side for conflict in conflicts for side in sides(life, conflict)}
        found.append(_contradiction(life, one, parties))
    return tuple(sorted(found, key=lambda one: min((p.statement for p in one.parties), default=0)))


def sides(life: Life, conflict: tuple[str, ...]) -> tuple[str, ...]:
    """The statements of a conflict that stand against each other.

    They are those that a repair could set aside, if two of these speak of one
    event. Otherwise they are the two that do, as a conflict is a chain that
    comes back to the event it started from; where no two do, all of it.
    """
    repairable = [one for one in conflict if one in life.repairable]
    if len(repairable) == len(conflict) or len(conflict) == 2:
        return conflict
    pairs = [(one, other) for one, other in combinations(conflict, 2) if _one_event(life, one, other)]
    if not pairs:
        return conflict
    return max(pairs, key=lambda pair: (_two_sources(life, *pair), sum(one in repairable for one in pair)))


def repairs(life: Life, shown: Sequence[Contradiction]) -> tuple[Repair, ...]:
    """What would make the account whole, with what would follow where that was worked out."""
    every = set(life.repairable)
    if not life.worlds:
        return _not_drawn(life, shown)
    weights = {frozenset(one.statements): one.weight for one in life.timeline.repairs}
    events = _affected(life, shown)
    return tuple(
        Repair(
            world.number,
            sum(weight for statements, weight in weights.items() if statements <= set(world.aside)),
            life.numbers(world.aside),
            life.numbers(every - set(world.aside)),
            _outcomes(world.events, events),
        )
        for world in life.worlds
    )


def _not_drawn(life: Life, shown: Sequence[Contradiction]) -> tuple[Repair, ...]:
    """The ways out where none is drawn: each whole way where these are few,
    else those of each contradiction that stands apart."""
    apart = life.timeline.apart()
    every = set(life.repairable)
    if len(apart) < 2 or life.ways <= _LISTED:
        outcomes = _outcomes(life.whole.events, _affected(life, shown)) if life.ways == 1 else ()
        choices = product(*(one.repairs for one in apart)) if apart else ()
        found = [(sum(one.weight for one in choice), _aside(choice)) for choice in choices]
        return tuple(
            Repair(number, weight, life.numbers(aside), life.numbers(every - aside), outcomes)
            for number, (weight, aside) in enumerate(found, 1)
        )
    return tuple(
        Repair(
            0,
            repair.weight,
            life.numbers(repair.statements),
            life.numbers(_aside(one.repairs) - set(repair.statements)),
            among=life.numbers(_aside(one.repairs).union(*one.conflicts)),
        )
        for one in apart
        for repair in one.repairs
    )


def _aside(choice: Iterable[Mending]) -> set[str]:
    return {one for repair in choice for one in repair.statements}


def wide(wide_events: dict[str, EventBounds], shown: Sequence[Contradiction]) -> tuple[Outcome, ...]:
    """What the wide reading says of the events in dispute."""
    return _outcomes(wide_events, tuple(dict.fromkeys(one.event for one in shown)))


def _contradiction(life: Life, conflict: set[str], parties: set[str]) -> Contradiction:
    told = sorted(parties, key=lambda one: first_told(life, [one]))
    rest = [one for one in sorted(conflict - parties, key=life.number) if one]
    found = []
    for one in told:
        own = _counted_from(life, one, rest)
        rest = [other for other in rest if other not in own]
        found.append(Party(life.number(one), life.numbers(own), _account(life, one)))
    if rest and found:
        found[0] = Party(
            found[0].statement, tuple(sorted({*found[0].joined, *life.numbers(rest)})), found[0].account
        )
    event = _event([_said(life, one) for one in told])
    return Contradiction(event, tuple(found), wide=life.timeline.consistent_wide)


def _counted_from(life: Life, one: str, rest: list[str]) -> list[str]:
    """What a side counts from, and what that counts from in turn."""
    own: list[str] = []
    pending = [one]
    while pending:
        said = _said(life, pending.pop())
        more = [other for other in rest if other not in own and _belongs(_said(life, other), said)]
        own += more
        pending += more
    return own


def _one_event(life: Life, one: str, other: str) -> bool:
    first, second = _said(life, one), _said(life, other)
    return bool(first.event) and (first.subject, first.event) == (second.subject, second.event)


def _two_sources(life: Life, one: str, other: str) -> bool:
    return _said(life, one).source != _said(life, other).source


def _said(life: Life, statement: str) -> Statement:
    """A statement of the page; one about another life gets its number here."""
    life.number(statement)
    return life.cited[statement]


def _account(life: Life, statement: str) -> int:
    """The account that keeps it, if only one does."""
    keeping = [world.number for world in life.worlds if statement not in world.aside]
    return keeping[0] if len(keeping) == 1 else 0


def _event(told: list[Statement]) -> str:
    """The event in dispute: the one that most of them speak of, the first of these."""
    count: Counter[str] = Counter()
    for one in told:
        count.update({name for name in (one.event, one.after, one.before) if name and name != TOLD})
    own = [one.event for one in told if one.event]
    most = max(count.values(), default=0)
    return next((name for name in [*own, *count] if count[name] == most), own[0] if own else "")


def _belongs(other: Statement, one: Statement) -> bool:
    """Whether a statement that nobody doubts is what one side counts from."""
    if other.event == BIRTH:
        return bool(one.age)
    return other.event in (one.after, one.before) or (
        bool(other.event) and one.event in (other.after, other.before)
    )


def _affected(life: Life, shown: Sequence[Contradiction]) -> tuple[str, ...]:
    """The events in dispute first, then those that follow from them."""
    own = [one.event for one in shown if one.event in life.points]
    rest = [
        event
        for event in life.whole.events
        if event != BIRTH and depends(life.worlds, event) and not hearsay(life, event)
    ]
    return tuple(dict.fromkeys([*own, *rest]))[:_OUTCOMES]


def _outcomes(events: dict[str, EventBounds], named: Sequence[str]) -> tuple[Outcome, ...]:
    return tuple(Outcome(event, events[event].ranges) for event in named if event in events)
