"""Lives: which statements count, and which lives hang together.

Two lives are linked when a statement orders an event of one against an event
of the other, or when both speak in one telling whose own day is unknown and
from whose day somebody counts. Only linked lives need to be solved together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.chronology import edtf
from estelik.records.vocabulary import BIRTH, TOLD

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.records import Judgement, Statement


class Linked:
    """One group of linked lives, ready to be compiled.

    ``statements`` are the live ``yes`` statements, in order of entry;
    ``life[i]`` is the subject of statement ``i``. ``told`` holds the date cells
    of every telling; ``referenced`` the tellings that somebody counts from.
    ``references`` leads from (subject, cell) to (subject, event) of another life.
    """

    __slots__ = ("life", "person", "referenced", "references", "statements", "subjects", "told")

    def __init__(self, subjects: list[str], person: list[bool]) -> None:
        self.subjects = subjects
        self.person = person
        self.statements: list[Statement] = []
        self.life: list[int] = []
        self.told: dict[str, list[str]] = {}
        self.referenced: list[str] = []
        self.references: dict[tuple[str, str], tuple[int, str]] = {}


def retired(statements: Iterable[Statement], judgements: Iterable[Judgement] = ()) -> set[str]:
    """The ids of statements that are kept but no longer reasoned with:
    corrected by a later one, or set aside by a judgement that still holds."""
    withdrawn = {judgement.withdraws for judgement in judgements if judgement.decision == "withdrawn"}
    out = {
        judgement.statement
        for judgement in judgements
        if judgement.decision == "set-aside" and judgement.id not in withdrawn
    }
    out.update(statement.corrects for statement in statements if statement.corrects)
    return out


def link(statements: Sequence[Statement], judgements: Sequence[Judgement] = ()) -> Iterator[Linked]:
    """Splits statements into groups of linked lives, in order of first mention."""
    out = retired(statements, judgements)
    live = [s for s in statements if s.statement not in out] if out else statements
    subjects: dict[str, int] = {}
    person: list[bool] = []
    events: dict[str, set[str]] = {}
    for statement in statements:
        subject = statement.subject
        if subject not in subjects:
            subjects[subject] = len(subjects)
            person.append(statement.about_kind == "person")
            events[subject] = set()
        if statement.event:
            events[subject].add(statement.event)
    counted = [s for s in live if s.answer == "yes"]
    keys = [s.subject for s in counted]
    tellings = [s.telling for s in counted]
    parent = list(range(len(subjects)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(one: int, other: int) -> None:
        a, b = root(one), root(other)
        if a != b:
            parent[max(a, b)] = min(a, b)

    told: dict[str, dict[str, None]] = {}
    referenced: dict[str, None] = {}
    references: dict[tuple[str, str], tuple[str, str]] = {}
    for statement, key, telling in zip(counted, keys, tellings, strict=True):
        cells = told.get(telling)
        if cells is None:
            cells = told[telling] = {}
        if statement.told:
            cells[statement.told] = None
        for reference in (statement.after, statement.before):
            if not reference:
                continue
            if reference == TOLD:
                referenced[telling] = None
            elif "/" in reference and reference not in events[key]:
                target = resolve(reference, events)
                if target is not None and target[0] != key:
                    references[key, reference] = target
                    join(subjects[key], subjects[target[0]])
    first_in: dict[str, int] = {}
    floating = {telling for telling in referenced if not _one_day(told[telling])}
    if floating:
        for key, telling in zip(keys, tellings, strict=True):
            if telling in floating:
                join(first_in.setdefault(telling, subjects[key]), subjects[key])
    yield from _groups(subjects, person, root, counted, keys, tellings, told, referenced, references)


def _groups(
    subjects: dict[str, int],
    person: list[bool],
    root: object,
    counted: list[Statement],
    keys: list[str],
    tellings: list[str],
    told: dict[str, dict[str, None]],
    referenced: dict[str, None],
    references: dict[tuple[str, str], tuple[str, str]],
) -> Iterator[Linked]:
    groups: dict[int, Linked] = {}
    place: dict[str, tuple[Linked, int]] = {}
    for subject, number in subjects.items():
        top = root(number)  # type: ignore[operator]
        group = groups.get(top)
        if group is None:
            group = groups[top] = Linked([], [])
        place[subject] = (group, len(group.subjects))
        group.subjects.append(subject)
        group.person.append(person[number])
    for statement, key, telling in zip(counted, keys, tellings, strict=True):
        group, life = place[key]
        group.statements.append(statement)
        group.life.append(life)
        if telling not in group.told:
            group.told[telling] = list(told[telling])
            if telling in referenced:
                group.referenced.append(telling)
    for (key, reference), (other, event) in references.items():
        group, _ = place[key]
        group.references[key, reference] = (place[other][1], event)
    yield from groups.values()


def resolve(reference: str, events: Mapping[str, Collection[str]]) -> tuple[str, str] | None:
    """The (subject, event) that ``SUBJECT/EVENT`` names, trying each slash."""
    start = reference.find("/")
    while start >= 0:
        subject, event = reference[:start], reference[start + 1 :]
        known = events.get(subject)
        if known is not None and (event in known or event == BIRTH):
            return subject, event
        start = reference.find("/", start + 1)
    return None


def _one_day(cells: Iterable[str]) -> bool:
    """Whether a telling's date cells name one day, so that nothing hangs on it."""
    for cell in cells:
        spans = edtf.parse(cell).spans
        if len(spans) == 1 and spans[0].first is not None and spans[0].first == spans[0].last:
            return True
    return False
