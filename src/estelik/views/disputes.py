"""Disputes: which statements cannot all be true, and what each repair would bring."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from estelik.records.vocabulary import BIRTH, TOLD
from estelik.views.course import Account
from estelik.views.lanes import depends, hearsay
from estelik.views.life import first_told
from estelik.views.person import Contradiction, Outcome, Party, Repair

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.chronology.timeline import EventBounds
    from estelik.records import Statement
    from estelik.views.life import Life

#: Events whose days the table of repairs shows.
_OUTCOMES = 2


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
    joined: list[set[str]] = []
    for conflict in life.timeline.conflicts:
        one = set(conflict)
        for other in [other for other in joined if other & one & repairable]:
            joined.remove(other)
            one |= other
        joined.append(one)
    found = [_contradiction(life, one, one & repairable) for one in joined]
    return tuple(sorted(found, key=lambda one: min((p.statement for p in one.parties), default=0)))


def repairs(life: Life, shown: Sequence[Contradiction]) -> tuple[Repair, ...]:
    """What would make the account whole, with what would follow where that was worked out."""
    every = set(life.repairable)
    if not life.worlds:
        return tuple(
            Repair(
                number,
                one.weight,
                life.numbers(one.statements),
                life.numbers(every - set(one.statements)),
                _outcomes(life.whole.events, _affected(life, shown))
                if len(life.timeline.repairs) == 1
                else (),
            )
            for number, one in enumerate(life.timeline.repairs, 1)
        )
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


def wide(wide_events: dict[str, EventBounds], shown: Sequence[Contradiction]) -> tuple[Outcome, ...]:
    """What the wide reading says of the events in dispute."""
    return _outcomes(wide_events, tuple(dict.fromkeys(one.event for one in shown)))


def _contradiction(life: Life, conflict: set[str], parties: set[str]) -> Contradiction:
    told = sorted(parties, key=lambda one: first_told(life, [one]))
    rest = [one for one in sorted(conflict - parties, key=life.number) if one]
    if len(told) == 1:
        # One side alone could be set aside; the rest of the conflict is the other.
        told += [rest.pop()] if rest else []
        told.sort(key=lambda one: first_told(life, [one]))
    event = _event([life.cited.get(one) or life.cited[_taken_in(life, one)] for one in told])
    sides = []
    for one in told:
        own = [other for other in rest if _belongs(life.cited[other], life.cited[one])] if rest else []
        rest = [other for other in rest if other not in own]
        sides.append(Party(life.number(one), life.numbers(own), _account(life, one)))
    if rest and sides:
        sides[0] = Party(
            sides[0].statement, tuple(sorted({*sides[0].joined, *life.numbers(rest)})), sides[0].account
        )
    return Contradiction(event, tuple(sides), wide=life.timeline.consistent_wide)


def _taken_in(life: Life, statement: str) -> str:
    """Gives a statement about another life its number here."""
    life.number(statement)
    return statement


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
