"""Encounters view: of all that is recorded, the lives that may meet one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from estelik.chronology.encounters import Encounter, encounters
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution
from estelik.places.where import Where

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from estelik.records import Judgement, Statement


class Archive(Protocol):
    """What of a casebook this view asks."""

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life, those that were judged to be one as one."""
        ...

    def at_places(self, places: Collection[str]) -> list[str]:
        """The labels of those told of at any of these places."""
        ...

    def about_places(self) -> list[Statement]:
        """All statements about places."""
        ...

    def place_labels(self) -> list[str]:
        """The labels of all places where something happened."""
        ...

    def judgements(self) -> list[Judgement]:
        """All judgements."""
        ...


def found_encounters(
    statements: Sequence[Statement], lives: Iterable[str], archive: Archive
) -> list[Encounter]:
    """The encounters of these ``lives`` (``Statement.subject``), whose group ``statements`` is."""
    meetings = Meetings(archive)
    return [met for key in lives for met in meetings.of(statements, key)]


class Meetings:
    """The encounters of one life after the other; what one was compared with is kept for the next."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._judgements = archive.judgements()
        self._where = Where(archive.about_places(), archive.place_labels)
        #: All that was read, by id.
        self.statements: dict[str, Statement] = {}
        self._groups: dict[str, list[Statement]] = {}
        self._solved: dict[tuple[str, ...], list[Solution]] = {}

    def of(self, statements: Sequence[Statement], key: str) -> list[Encounter]:
        """The encounters of the life ``key`` (``Statement.subject``), whose group ``statements`` is."""
        where = self._where
        places = {name for one in statements if one.place for name in where.names(one.place)}
        others = self._solutions(statements)
        own = next(
            (
                (solution, solution.network.subjects.index(key))
                for solution in others
                if key in solution.network.subjects
            ),
            None,
        )
        if own is None:
            return []
        known = {one for solution in others for one in solution.network.subjects}
        for label in sorted(self._archive.at_places(places)):
            # An unnamed one's label may stand for more lives than those that are known.
            if label.startswith("?") or label not in known:
                for solution in self._solutions(self.group(label)):
                    if known.isdisjoint(solution.network.subjects):
                        known.update(solution.network.subjects)
                        others = [*others, solution]
        return encounters(*own, others, where)

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life, read once."""
        found = self._groups.get(subject)
        if found is None:
            found = self._archive.group(subject)
            self.statements.update((one.statement, one) for one in found)
            # The group of one label is that of every life in it, but not where several unnamed share it.
            same = [subject] if subject.startswith("?") else {one.about for one in found}
            self._groups.update((about, found) for about in same if about == subject or about[:1] != "?")
        return found

    def _solutions(self, group: Sequence[Statement]) -> list[Solution]:
        key = tuple(one.statement for one in group)
        if key not in self._solved:
            self._solved[key] = [Solution(linked) for linked in link(group, self._judgements)]
        return self._solved[key]
