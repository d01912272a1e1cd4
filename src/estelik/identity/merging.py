"""Merging: the statements of each cluster as those of one life.

They read as if all had been entered under one label, the first that was
entered: an event of one member and one of another that have the same label are
the same event. What lies in the casebook stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from estelik.chronology.lives import resolve as referred
from estelik.records.vocabulary import BIRTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from estelik.identity.resolution import Contradiction, Resolution
    from estelik.records import Judgement, Statement


class Merged(NamedTuple):
    """Statements and judgements by lives.

    ``lives``: of each subject that is part of another life, or was split off,
    that life's key; ``others``: by the key of a life the other labels that it
    goes by; ``told_of``: by id of a statement the label that it was told under,
    where its life is called otherwise.
    """

    statements: Sequence[Statement]
    judgements: Sequence[Judgement]
    lives: Mapping[str, str]
    others: Mapping[str, tuple[str, ...]]
    told_of: Mapping[str, str]
    resolution: Resolution

    def keys(self, subject: str) -> list[str]:
        """The keys of the lives that a label or key stands for: of several unnamed people who share a label
        each one's."""
        if subject in self.lives:
            return [self.lives[subject]]
        if not subject.startswith("?") or "\x1f" in subject:
            return [subject]
        told = (one for one in self.statements if self.label(one) == subject)
        return list(dict.fromkeys(one.subject for one in told))

    def label(self, statement: Statement) -> str:
        """The label that a statement was told under."""
        return self.told_of.get(statement.statement) or _label(statement.about)

    def clashes(self, life: str) -> tuple[Contradiction, ...]:
        """The judgements on who a life (a key) is that stand against each other."""
        return self.resolution.against(life)


def merge(statements: Sequence[Statement], judgements: Sequence[Judgement], resolution: Resolution) -> Merged:
    """The statements, in order of entry, as those of lives; all statements of a cluster have to be there."""
    if not resolution:
        return Merged(statements, judgements, {}, {}, {}, resolution)
    keys = [resolution.key(one) for one in statements]
    every = dict.fromkeys(keys)
    lives = _lives(every, resolution)
    moved = {*lives, *resolution.splits.values()}
    events: dict[str, set[str]] = {}
    if any("/" in one.after or "/" in one.before for one in statements):
        for key, one in zip(keys, statements, strict=True):
            events.setdefault(key, set()).add(one.event)
    out: list[Statement] = []
    told_of: dict[str, str] = {}
    for key, one in zip(keys, statements, strict=True):
        said = one
        if key in moved:
            life = lives.get(key, key)
            said = replace(said, about=life)
            if _label(life) != one.about:
                told_of[one.statement] = one.about
        if "/" in one.after or "/" in one.before:
            said = replace(
                said,
                after=_reference(one.after, one, key, events, lives, resolution),
                before=_reference(one.before, one, key, events, lives, resolution),
            )
        out.append(said)
    others: dict[str, dict[str, None]] = {}
    for key in every:
        if key in lives and _label(key) != _label(lives[key]):
            others.setdefault(lives[key], {})[_label(key)] = None
    return Merged(
        out,
        [replace(one, subject=lives.get(one.subject, one.subject)) for one in judgements],
        lives,
        {life: tuple(found) for life, found in others.items()},
        told_of,
        resolution,
    )


def _lives(keys: Iterable[str], resolution: Resolution) -> dict[str, str]:
    """The key of the life of each subject that is called otherwise: the first of its cluster that was entered
    under a label of its own."""
    found: dict[tuple[str, ...], list[str]] = {}
    for key in keys:
        members = resolution.clusters.get(key)
        if members is not None:
            found.setdefault(members, []).append(key)
    made = set(resolution.splits.values())
    out: dict[str, str] = {}
    for members, there in found.items():
        life = next((key for key in there if "\x1f" not in key and key not in made), there[0])
        out.update((key, life) for key in members)
    return out


def _reference(
    cell: str,
    statement: Statement,
    key: str,
    events: dict[str, set[str]],
    lives: Mapping[str, str],
    resolution: Resolution,
) -> str:
    """The event of another subject that a cell names, as one of that subject's life."""
    if "/" not in cell or cell in events[key]:
        return cell
    found = _split(cell, statement, events, resolution)
    whose, event = found or referred(cell, events) or ("", "")
    if found is None:
        # Of whom this telling speaks under the label was split off, though it does not tell of this event.
        name = resolution.splits.get((whose, statement.telling))
        if name is None and (not whose or whose == key):
            return cell
        whose = name or whose
    other = lives.get(whose, whose)
    return event if other == lives.get(key, key) else f"{other}/{event}"


def _split(
    cell: str, statement: Statement, events: Mapping[str, set[str]], resolution: Resolution
) -> tuple[str, str] | None:
    """The subject that was split off and the event, where the label stands for such a one in this telling."""
    start = cell.find("/") if resolution.splits else -1
    while start >= 0:
        name = resolution.splits.get((cell[:start], statement.telling))
        event = cell[start + 1 :]
        if name is not None and (event in events.get(name, ()) or event == BIRTH):
            return name, event
        start = cell.find("/", start + 1)
    return None


def _label(key: str) -> str:
    return key.split("\x1f", 1)[0]
