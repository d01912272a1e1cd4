"""Encounters view: of all that is recorded, the lives that may meet one life."""

from __future__ import annotations

import sys
from itertools import islice
from typing import TYPE_CHECKING, Final, Protocol

from estelik.chronology.encounters import Encounter, encounters
from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from estelik.chronology.lives import Linked
    from estelik.places.where import Where
    from estelik.records import Judgement, Statement

#: The place in a list of whoever is not in it.
_NOWHERE: Final = sys.maxsize
#: So many labels are read at once.
_AT_ONCE: Final = 40


class Archive(Protocol):
    """What of a casebook this view asks."""

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life, those that were judged to be one as one."""
        ...

    def groups(self, subjects: Collection[str]) -> Sequence[Statement]:
        """Those of the lives linked with any of these (labels)."""
        ...

    def at_places(self, places: Collection[str]) -> list[str]:
        """The labels of those told of at any of these places."""
        ...

    def where(self) -> Where:
        """What labels of places stand for."""
        ...

    def told_under(self) -> Callable[[str], set[str]]:
        """Under which labels a life (its key) is spoken of."""
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
        self._where = archive.where()
        self._told_under = archive.told_under()
        #: All that was read, by id.
        self.statements: dict[str, Statement] = {}
        self._groups: dict[str, list[Statement]] = {}
        self._solved: dict[tuple[str, ...], list[Solution]] = {}
        self._linked: dict[tuple[str, ...], tuple[Linked, Solution]] = {}
        #: Of each label the solutions of those it stands for.
        self._of_label: dict[str, tuple[Solution, ...]] = {}

    @property
    def size(self) -> int:
        """How many labels and groups are kept."""
        return len(self._of_label) + len(self._groups)

    def of(self, statements: Sequence[Statement], key: str) -> list[Encounter]:
        """The encounters of the life ``key`` (``Statement.subject``), whose group ``statements`` is."""
        group = self._solutions(statements)
        own = _whose(group, key)
        if own is None:
            return []
        labels = sorted(self._archive.at_places(self._names(_places(statements))))
        return encounters(*own, self._with(group, labels), self._where)

    def near(
        self, statements: Sequence[Statement], key: str, distance: Callable[[str], float] = lambda _: 0.0
    ) -> list[str]:
        """The labels of all who may have been met: whoever was told of at a place of this life, and whoever
        hangs together with it (``statements`` is its group). It takes no look at any of them.

        First those who hang together with it, then whoever was told of in the same facility, then the others;
        among these the nearest by ``distance`` (of a label) first. Labels of the unnamed, each of whom may be
        somebody else, come last.
        """
        at_places, where = self._archive.at_places, self._where
        places = _places([one for one in statements if one.subject == key])
        names = self._names(places)
        sites = {site for place in places if (site := where(place).facility) is not None}
        near = set(at_places([one for one in names if where(one).facility in sites]))
        # Others may share the label of an unnamed one.
        own = {one for one in self._told_under(key) if not one.startswith("?")}
        keys = {one for solution in self._solutions(statements) for one in solution.network.subjects}
        linked = {label for one in keys - {key} for label in self._told_under(one)}
        found = {one for one in linked.union(at_places(names)) if one not in own or one in linked}

        def order(label: str) -> tuple[bool, int, float, str]:
            rank = 0 if label in linked else 1 if label in near else 2
            return label.startswith("?"), rank, distance(label), label

        return sorted(found, key=order)

    def some(
        self, statements: Sequence[Statement], key: str, near: Sequence[str], first: int, count: int
    ) -> list[Encounter]:
        """Those of the encounters of the life ``key`` that are with ``count`` of ``near``, from ``first`` on:
        of all such parts together ``of``, each encounter once. Only these lives are read."""
        group, last = self._solutions(statements), first + count
        own = _whose(group, key)
        if own is None:
            return []
        place = {label: number for number, label in enumerate(near)}
        chosen = self._with(group, near[first:last])
        wanted: set[str] = set()
        for solution in chosen:
            keys = solution.network.subjects
            homes = {one: self._home(one, place) for one in keys}
            # Whoever is told of at none of these places comes with those she hangs together with.
            others = 0 if solution in group else min(homes.values())
            wanted |= {
                one for one, home in homes.items() if first <= (others if home == _NOWHERE else home) < last
            }
        return encounters(*own, chosen, self._where, wanted)

    def _home(self, key: str, place: Mapping[str, int]) -> int:
        """The place of the first label of a life."""
        return min((place.get(one, _NOWHERE) for one in self._told_under(key)), default=_NOWHERE)

    def _names(self, places: Collection[str]) -> set[str]:
        """Every label under which one of these places may be spoken of."""
        return {name for place in places for name in self._where.names(place)}

    def _with(self, group: Sequence[Solution], labels: Iterable[str]) -> list[Solution]:
        """A group and those of these labels, each once."""
        found = list(group)
        known = {one for solution in group for one in solution.network.subjects}
        # An unnamed one's label may stand for more lives than those that are known.
        rest = (one for one in labels if one.startswith("?") or one not in known)
        while part := list(islice(rest, _AT_ONCE)):
            self._read([one for one in part if one not in self._of_label])
            for solution in dict.fromkeys(one for label in part for one in self._of_label[label]):
                if known.isdisjoint(solution.network.subjects):
                    known.update(solution.network.subjects)
                    found.append(solution)
        return found

    def _read(self, labels: Sequence[str]) -> None:
        """Reads and solves the groups of these labels."""
        if not labels:
            return
        told = self._archive.groups(labels)
        self.statements.update((one.statement, one) for one in told)
        solved = [Solution(linked) for linked in link(told, self._judgements)]
        under = dict[str, dict[Solution, None]]()
        for solution in solved:
            for key in solution.network.subjects:
                for label in self._told_under(key):
                    under.setdefault(label, {})[solution] = None
        self._of_label |= {label: tuple(under.get(label, ())) for label in labels}

    def group(self, subject: str) -> list[Statement]:
        """All statements of the lives linked with one life, read once."""
        found = self._groups.get(subject)
        if found is None:
            found = self._archive.group(subject)
            self.know(subject, found)
        return found

    def know(self, subject: str, told: Sequence[Statement]) -> None:
        """What was read of the lives linked with one life."""
        found = list(told)
        self.statements.update((one.statement, one) for one in found)
        # The group of one label is that of every life in it, but not where several unnamed share it.
        same = [subject] if subject.startswith("?") else {one.about for one in found}
        self._groups.update((about, found) for about in same if about == subject or about[:1] != "?")

    def _solutions(self, group: Sequence[Statement]) -> list[Solution]:
        key = tuple(one.statement for one in group)
        if key not in self._solved:
            self._solved[key] = [self.solved(linked) for linked in link(group, self._judgements)]
        return self._solved[key]

    def solved(self, linked: Linked) -> Solution:
        """The solution of a group of linked lives; the same one for a group that says the same."""
        key = tuple(one.statement for one in linked.statements)
        known = self._linked.get(key)
        if known is not None and all(
            getattr(known[0], one) == getattr(linked, one) for one in linked.__slots__
        ):
            return known[1]
        found = Solution(linked)
        self._linked[key] = linked, found
        return found


def _places(statements: Iterable[Statement]) -> set[str]:
    return {one.place for one in statements if one.place}


def _whose(group: Iterable[Solution], key: str) -> tuple[Solution, int] | None:
    """The solution that a life is in, and its number there."""
    return next(
        (
            (solution, solution.network.subjects.index(key))
            for solution in group
            if key in solution.network.subjects
        ),
        None,
    )
