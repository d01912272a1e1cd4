"""Sums: why each bound is what it is, and what its event rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology.age import parse
from estelik.chronology.explain import explain
from estelik.chronology.timeline import label
from estelik.records.vocabulary import BIRTH, TOLD
from estelik.views.person import Bounds, Cell, Ledger, LedgerLine, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.chronology.explain import Explanation, Side, Step
    from estelik.records import Statement
    from estelik.views.life import Life, World

_YEAR = 365.2425


def bounds(life: Life, world: World, event: str) -> tuple[Bounds, tuple[Ledger, ...]]:
    """The days of one event under one account, with the sums that lead to them."""
    found = world.events[event]
    ledgers = []
    rest: list[str] = []
    for side, day in (("earliest", found.earliest), ("latest", found.latest)):
        if day is None:
            continue
        which: Side = "earliest" if side == "earliest" else "latest"
        told = explain(life.solution, life.points[event], which, world.accounts)
        rest += told.statements
        ledger = _ledger(life, world, event, which, told)
        if ledger is not None:
            ledgers.append(ledger)
    reasons = tuple(_reasons(life, world, event, rest))
    return Bounds(found.ranges, world.number, _age(life, world, event), reasons), tuple(ledgers)


def told(life: Life, world: World, event: str) -> tuple[Bounds, tuple[Ledger, ...]]:
    """The days of one event under one account, and what tells of it, without the sums."""
    found = world.events[event]
    said = [one.statement for one in life.live if one.event == event and one.answer == "yes"]
    numbers = life.numbers(one for one in said if not _aside(life, world, one))
    reasons = (Reason("date", numbers),) if numbers else ()
    return Bounds(found.ranges, world.number, _age(life, world, event), reasons), ()


def _aside(life: Life, world: World, statement: str) -> bool:
    """Whether the days of an account rest on nothing that this statement says."""
    return statement in world.aside or statement in life.weighed


def _age(life: Life, world: World, event: str) -> tuple[int, int] | None:
    """Completed years that are possible, as far as birth and event bound each other."""
    birth = life.points.get(BIRTH)
    if birth is None or event == BIRTH:
        return None
    born, found = world.events[BIRTH], world.events[event]
    if None in (born.earliest, born.latest, found.earliest, found.latest):
        return None
    least, most = world.apart(birth, life.points[event])
    low, high = int((least + 1) / _YEAR), int(max(most - 1, 0) / _YEAR)
    for one in life.live:
        # Days allow one day more than an age that was told: the age is nearer to the words.
        if one.event == event and one.age and one.answer == "yes" and not _aside(life, world, one.statement):
            said = parse(one.age)
            low, high = max(low, said.low), min(high, said.high)
    return (low, high) if low <= high else None


def _ledger(life: Life, world: World, event: str, side: Side, told: Explanation) -> Ledger | None:
    if told.day is None or not told.steps:
        return None
    lines: list[LedgerLine] = []
    before = ""
    for index, step in enumerate(told.steps):
        lines += _lines(life, step, before, last=index + 1 == len(told.steps), first=index == 0)
        before = step.event or TOLD
    return Ledger(event, side, told.day, tuple(lines), world.number)


def _lines(life: Life, step: Step, before: str, *, last: bool, first: bool) -> Iterator[LedgerLine]:
    event, whose = step.event or TOLD, _whose(life, step)
    number = life.number(step.statement) if step.statement else 0
    statement = life.cited[step.statement] if step.statement else None
    if first:
        cell = _start_cell(step, statement)
        yield LedgerLine("start", event, whose, day=step.day, statement=number, cell=cell)
        return
    cell = _cell(step, statement, before)
    yield LedgerLine(
        "minus" if step.days < 0 else "plus", event, whose, days=abs(step.days), statement=number, cell=cell
    )
    if last or step.event:
        yield LedgerLine("total", event, whose, day=step.day)


def _start_cell(step: Step, statement: Statement | None) -> Cell:
    if statement is None:
        return "axiom" if step.event else "told"
    return "when" if step.event and statement.when else "told"


def _cell(step: Step, statement: Statement | None, before: str) -> Cell:
    """Which cell of the statement a step comes from."""
    if statement is None:
        return "told" if TOLD in (before, step.event or TOLD) else "axiom"
    if statement.age and BIRTH in (before, step.event):
        return "age"
    if statement.gap and step.days:
        return "gap"
    if before == TOLD and not statement.after and not statement.before:
        return "told"
    return "order"


def _whose(life: Life, step: Step) -> str:
    """Whose event a step has come to, "" if it is the own."""
    if step.event is None or step.life is None or step.life == life.index:
        return ""
    return label(life.solution.network.subjects[step.life])


def _reasons(life: Life, world: World, event: str, rest: list[str]) -> Iterator[Reason]:
    """What is told of the event itself, then whatever else its bounds rest on."""
    own = [
        one
        for one in life.live
        if one.event == event and one.answer == "yes" and not _aside(life, world, one.statement)
    ]
    named: set[str] = set()
    relative = False
    for one in [one for one in own if one.statement in rest] or own:
        numbers = life.numbers([one.statement])
        if one.when:
            yield Reason("date", numbers, one.source)
        if one.age:
            yield Reason("age", numbers)
        for other, gap, after in (
            (one.after, one.gap and not one.before, True),
            (one.before, one.gap, False),
        ):
            if other:
                relative = True
                yield Reason("counted" if gap else ("after" if after else "before"), numbers, event=other)
        if one.when or one.age or one.after or one.before:
            named.add(one.statement)
    others = life.numbers(one for one in rest if one not in named)
    # What the other event rests on stands in its own row.
    if others and not relative:
        yield Reason("also", others)
