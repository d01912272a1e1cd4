"""Encounters view: of all that is recorded, the lives that may meet one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from estelik.chronology.encounters import Encounter, encounters
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, label
from estelik.places.where import Where

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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
    return Meetings(archive).of(statements, subject)


class Meetings:
    """The encounters of one life after the other; what one was compared with is kept for the next."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._judgements = archive.judgements()
        self._where = Where(archive.about_places())
        self._groups: dict[str, list[Statement]] = {}
        self._solved: dict[tuple[str, ...], list[Solution]] = {}

    def of(self, statements: Sequence[Statement], subject: str) -> list[Encounter]:
        """The encounters of ``subject``, whose group ``statements`` is."""
        where = self._where
        places = {name for one in statements if one.place for name in where.names(one.place)}
        others = self._solutions(statements)
        done = {one.about for one in statements}
        own = next(
            (
                (solution, life)
                for solution in others
                for life, key in enumerate(solution.network.subjects)
                if label(key) == subject
            ),
            None,
        )
        if own is None:
            return []
        for one in sorted(self._archive.at_places(places)):
            if one not in done:
                group = self.group(one)
                done.update(statement.about for statement in group)
                others = others + self._solutions(group)
        return encounters(*own, others, where)

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life, read once."""
        found = self._groups.get(subject)
        if found is None:
            found = self._archive.group(subject)
            # The group of one label is that of every life in it, but not where several unnamed share it.
            same = [subject] if subject.startswith("?") else {one.about for one in found}
            self._groups.update((about, found) for about in same if about == subject or about[:1] != "?")
        return found

    def _solutions(self, group: Sequence[Statement]) -> list[Solution]:
        key = tuple(one.statement for one in group)
        if key not in self._solved:
            self._solved[key] = [Solution(linked) for linked in link(group, self._judgements)]
        return self._solved[key]
