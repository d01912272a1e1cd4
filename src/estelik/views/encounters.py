"""Encounters view: of all that is recorded, the lives that may meet one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from estelik.chronology.encounters import Encounter, encounters
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, label
from estelik.places.where import Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from estelik.records import Judgement, Statement


class Archive(Protocol):
    """What of a casebook this view asks."""

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life."""
        ...

    def at_places(self, places: Collection[str]) -> list[str]:
        """The labels of those told of at any of these places."""
        ...

    def about_places(self) -> list[Statement]:
        """All statements about places."""
        ...

    def judgements(self) -> list[Judgement]:
        """All judgements."""
        ...


def found_encounters(statements: Sequence[Statement], subject: str, archive: Archive) -> list[Encounter]:
    """The encounters of ``subject``, whose group ``statements`` is."""
    judgements = archive.judgements()
    where = Where(archive.about_places())
    places = {name for one in statements if one.place for name in where.names(one.place)}
    done: set[str] = set()
    own: tuple[Solution, int] | None = None
    others: list[Solution] = []
    for group in _groups(statements, archive, sorted(archive.at_places(places)), done):
        for linked in link(group, judgements):
            solution = Solution(linked)
            others.append(solution)
            for life, key in enumerate(linked.subjects):
                if own is None and label(key) == subject:
                    own = solution, life
    return [] if own is None else encounters(*own, others, where)


def _groups(
    statements: Sequence[Statement], archive: Archive, labels: Iterable[str], done: set[str]
) -> Iterable[Sequence[Statement]]:
    done.update(one.about for one in statements)
    yield statements
    for one in labels:
        if one not in done:
            group = archive.group(one)
            done.update(statement.about for statement in group)
            yield group
