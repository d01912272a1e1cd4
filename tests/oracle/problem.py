"""From statements to constraints between points, by the contract's letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.oracle import cells

from estelik.chronology.calendar import HORIZON_FIRST, HORIZON_LAST
from estelik.records.vocabulary import kind_of, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.oracle.cells import Interval, Reading

    from estelik.records import Judgement, Statement


class Point(NamedTuple):
    """A day that is looked for. ``sort``: calendar, event, fact or telling."""

    sort: str
    subject: str
    label: str


CALENDAR = Point("calendar", "", "")


class Constraint(NamedTuple):
    """``low <= t(target) - t(origin) <= high`` for at least one of the alternatives.

    ``owner`` is the statement that says so, None for an axiom.
    """

    origin: Point
    target: Point
    alternatives: tuple[Interval, ...]
    owner: str | None = None
    horizon: bool = False

    @property
    def subjects(self) -> frozenset[str]:
        """Whose days it is about."""
        return frozenset(point.subject for point in (self.origin, self.target) if point.subject)


class Problem(NamedTuple):
    """All constraints, the live statements by id, and who names which event.

    ``events`` gives the ids of the statements that an event rests on;
    ``lives`` every subject's key with its label, in order of appearance.
    """

    constraints: tuple[Constraint, ...]
    live: dict[str, Statement]
    events: dict[Point, tuple[str, ...]]
    lives: dict[str, str]


def live(statements: Sequence[Statement], judgements: Iterable[Judgement] = ()) -> list[Statement]:
    """The statements that are reasoned with."""
    judgements = list(judgements)
    withdrawn = {judgement.withdraws for judgement in judgements if judgement.decision == "withdrawn"}
    aside = {
        judgement.statement
        for judgement in judgements
        if judgement.decision == "set-aside" and judgement.id not in withdrawn
    }
    corrected = {row.corrects for row in statements if row.corrects}
    return [
        row
        for row in statements
        if row.answer == "yes" and row.statement not in corrected and row.statement not in aside
    ]


def reference(row: Statement, label: str) -> Point:
    """The point that ``after`` or ``before`` names."""
    if label == "told":
        return Point("telling", "", row.telling)
    if "/" in label:
        subject, _, event = label.partition("/")
        return Point("event", subject.strip(), event.strip())
    return Point("event", row.subject, label)


def own_point(row: Statement) -> Point:
    """The point that a row's time cells are about."""
    if row.event:
        return Point("event", row.subject, row.event)
    return Point("fact", row.subject, row.statement)


def weight(row: Statement) -> int:
    """How much it costs to set a statement aside."""
    if row.layer != "asserted":
        return 1 if row.layer == "implicature" else 2
    if row.role == "coerced":
        return 1
    grade = row.grade or "F6"
    reliability = dict(zip("ABCDEF", (2, 1, 0, -1, -2, 0), strict=True))[grade[0]]
    credibility = dict(zip("123456", (2, 1, 0, -1, -2, 0), strict=True))[grade[1]]
    return max(1, 4 + reliability + credibility)


def build(statements: Sequence[Statement], judgements: Iterable[Judgement], reading: Reading) -> Problem:
    """The temporal constraint problem of the statements."""
    rows = live(statements, judgements)
    constraints: list[Constraint] = []
    own: dict[Point, list[str]] = {}
    named: dict[Point, list[str]] = {}
    for row in rows:
        atoms = _atoms(row, reading)
        constraints += atoms
        for atom in atoms:
            for point in (atom.origin, atom.target):
                if point.sort == "event" and point != own_point(row):
                    named.setdefault(point, []).append(row.statement)
        if row.event:
            own.setdefault(own_point(row), []).append(row.statement)
            if not row.expected:
                telling = Point("telling", "", row.telling)
                constraints.append(Constraint(own_point(row), telling, ((0, None),)))
    constraints += _tellings(rows, reading)
    events = {point: tuple(sorted(set(ids))) for point, ids in {**named, **own}.items()}
    persons = {row.subject for row in statements if row.about_kind == "person"}
    constraints += _lives(events, persons)
    points = dict.fromkeys(p for c in constraints for p in (c.origin, c.target) if p != CALENDAR)
    points |= dict.fromkeys(events)
    horizon = ((HORIZON_FIRST, HORIZON_LAST),)
    constraints += [Constraint(CALENDAR, point, horizon, horizon=True) for point in points]
    return Problem(
        tuple(constraints),
        {row.statement: row for row in rows},
        events,
        {row.subject: row.about for row in statements},
    )


def _atoms(row: Statement, reading: Reading) -> list[Constraint]:
    """One atom for each time cell of a row."""
    me = own_point(row)
    atoms = []
    if row.when:
        atoms.append(Constraint(CALENDAR, me, tuple(cells.edtf(row.when, reading)), row.statement))
    if row.age:
        birth = Point("event", row.subject, "birth")
        atoms.append(Constraint(birth, me, (cells.age(row.age, reading),), row.statement))
    gap = tuple(cells.duration(row.gap, reading))
    if row.after:
        atoms.append(Constraint(reference(row, row.after), me, gap, row.statement))
    if row.before:
        atoms.append(Constraint(me, reference(row, row.before), gap, row.statement))
    return atoms


def _tellings(rows: Sequence[Statement], reading: Reading) -> list[Constraint]:
    """When each testimony was told: never set aside."""
    told = dict.fromkeys((row.telling, row.told) for row in rows if row.told)
    return [
        Constraint(CALENDAR, Point("telling", "", telling), tuple(cells.edtf(text, reading)))
        for telling, text in told
    ]


def _lives(events: Iterable[Point], persons: Iterable[str]) -> list[Constraint]:
    """Birth is not after, and death not before, what a person lived."""
    persons = set(persons)
    kinds = vocabulary().kinds
    axioms = []
    for point in events:
        if point.subject not in persons or point.label == "birth":
            continue
        birth, death = (Point("event", point.subject, label) for label in ("birth", "death"))
        if birth in events:
            axioms.append(Constraint(birth, point, ((0, None),)))
        kind = kinds.get(kind_of(point.label))
        if death in events and point != death and kind and not (kind.posthumous or kind.knowledge):
            axioms.append(Constraint(point, death, ((0, None),)))
    return axioms
