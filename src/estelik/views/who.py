"""Who: what a page says of who is who in one life."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from estelik.identity.verdict import Answer, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estelik.identity.merging import Merged
    from estelik.identity.verdict import Verdict
    from estelik.records import Statement


class Judged(msgspec.Struct, frozen=True):
    """A decision on two labels: ``made`` is the ISO day, ``by`` the member's name ("": not known)."""

    decision: Answer
    one: str
    other: str
    reason: str
    made: str
    by: str = ""


def judged(one: Verdict, members: Mapping[str, str]) -> Judged:
    """A verdict as it is shown; ``members``: who made which, by its id."""
    by = members.get(one.id, "")
    return Judged(one.decision, shown(one.one), shown(one.other), one.reason, one.made, by)


class Who(msgspec.Struct, frozen=True):
    """Who is who in one life.

    ``others``: the other labels that it goes by; ``judged``: the decisions that
    joined them, and those that keep it apart from somebody; ``clashes``: those
    that cannot all hold; ``presumed``: whether several tellings are taken to be
    about one and the same since they use the same label.
    """

    others: tuple[str, ...] = ()
    judged: tuple[Judged, ...] = ()
    clashes: tuple[tuple[Judged, ...], ...] = ()
    presumed: bool = False


class Judging(NamedTuple):
    """All that was judged of who is who: the lives, the verdicts by id, and who made them by the same id."""

    merged: Merged
    verdicts: Mapping[str, Verdict]
    members: Mapping[str, str]

    def life(self, key: str, told: Sequence[Statement]) -> Who:
        """What is judged of one life, of which ``told`` are all statements."""
        clashes = self.merged.clashes(key)
        whose = set(self.merged.resolution.members(key))
        clashing = {id_ for one in clashes for id_ in one.judgements}
        tellings: dict[str, set[str]] = {}
        for one in told:
            tellings.setdefault(self.merged.label(one), set()).add(one.telling)
        return Who(
            self.merged.others.get(key, ()),
            tuple(
                self._judged(one)
                for one in self.verdicts.values()
                if whose & {one.one, one.other} and one.id not in clashing
            ),
            tuple(tuple(self._judged(self.verdicts[id_]) for id_ in one.judgements) for one in clashes),
            any(len(found) > 1 for label, found in tellings.items() if not label.startswith("?")),
        )

    def person(self, label: str) -> str:
        """One and the same word for every label of whoever tells or hands on."""
        return self.merged.resolution.members(label)[0]

    def told_of(self, statement: Statement) -> str:
        """The label that a statement was told under, where its life is called otherwise."""
        return self.merged.told_of.get(statement.statement, "")

    def _judged(self, one: Verdict) -> Judged:
        return judged(one, self.members)
