"""Resolution: who is who, as all judgements that hold have it.

A frozen value, a pure function of a set of verdicts: in which order they come,
and how often, changes nothing; one that was withdrawn was never made. Equal
labels are one subject already where statements are read (a presumption); of
somebody unnamed there is one statement, joined with nothing but by a verdict.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from estelik.identity.clusters import clusters, standing_against
from estelik.identity.verdict import Pair, Verdict, pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from estelik.records import Statement

#: What was judged of two subjects; "contradiction": judgements on them stand against each other.
Relation = Literal["same", "different", "unsure", "contradiction", ""]


class Contradiction(msgspec.Struct, frozen=True, order=True):
    """Judgements (ids) that cannot all hold, and all subjects (keys) that they name. Each in order."""

    judgements: tuple[str, ...]
    subjects: tuple[str, ...]


class Resolution(msgspec.Struct, frozen=True):
    """Who is who. Subjects are keys (``Statement.subject``).

    ``clusters``: the members of each subject's cluster, where it has others;
    ``splits``: the key of what is told under a label in a telling, where that
    is about somebody else; ``different`` and ``unsure``: pairs that were judged
    so; ``contradictions``: the judgements that stand against each other: no
    ``same`` among them joins anybody; ``suspended``: the pairs of those.
    """

    clusters: dict[str, tuple[str, ...]] = {}
    splits: dict[tuple[str, str], str] = {}
    different: frozenset[Pair] = frozenset()
    unsure: frozenset[Pair] = frozenset()
    contradictions: tuple[Contradiction, ...] = ()
    suspended: frozenset[Pair] = frozenset()

    def members(self, subject: str) -> tuple[str, ...]:
        """All subjects that are one with this one, itself among them, sorted."""
        return self.clusters.get(subject, (subject,))

    def key(self, statement: Statement) -> str:
        """The subject that a statement is about, as it lies in the casebook."""
        if self.splits:
            found = self.splits.get((statement.about, statement.telling))
            if found is not None:
                return found
        return statement.subject

    def relation(self, one: str, other: str) -> Relation:
        """What was judged of two subjects, or follows: who is kept apart from one member of a cluster is from
        all. Who was split off is not who kept the label."""
        ones, others = self.members(one), self.members(other)
        if other in ones:
            return "same"
        pairs = {pair(a, b) for a in ones for b in others}
        if pairs & self.suspended:
            return "contradiction"
        if pairs & self.different or any(
            pair(label, name) in pairs for (label, _), name in self.splits.items()
        ):
            return "different"
        return "unsure" if pairs & self.unsure else ""

    def judged(self) -> frozenset[str]:
        """All subjects of whom anything was judged that tells them from others or not."""
        split = (one for (label, _), name in self.splits.items() for one in (label, name))
        pairs = self.different | self.unsure | self.suspended
        return frozenset((*self.clusters, *split, *(one for found in pairs for one in found)))

    def against(self, subject: str) -> tuple[Contradiction, ...]:
        """The contradictions of judgements that name this subject or one of its cluster."""
        whose = set(self.members(subject))
        return tuple(one for one in self.contradictions if whose.intersection(one.subjects))

    def __bool__(self) -> bool:
        """Whether anybody's life is other than the labels have it."""
        return bool(self.clusters or self.splits)


def resolve(verdicts: Iterable[Verdict]) -> Resolution:
    """Who is who by these verdicts, which all hold."""
    said: dict[tuple[str, Pair], dict[str, Verdict]] = {}
    for one in verdicts:
        said.setdefault((one.decision, one.pair), {})[one.id] = one
    same = {found for decision, found in said if decision == "same"}
    splits = {
        (one.one, one.telling): one.other
        for (decision, _), found in said.items()
        if decision == "split"
        for one in found.values()
    }
    apart = {found for decision, found in said if decision in ("different", "split")}
    together = clusters(same)
    clashes = standing_against(same, apart, together)
    suspended = frozenset(edge for edges in clashes.values() for edge in edges)
    return Resolution(
        clusters(same - suspended) if suspended else together,
        splits,
        frozenset(found for decision, found in said if decision == "different"),
        frozenset(found for decision, found in said if decision == "unsure"),
        tuple(sorted(_contradiction(said, kept, edges) for kept, edges in clashes.items())),
        suspended,
    )


def _contradiction(
    said: Mapping[tuple[str, Pair], Mapping[str, Verdict]], apart: Pair, edges: Iterable[Pair]
) -> Contradiction:
    found = [
        *(one for decision in ("different", "split") for one in said.get((decision, apart), {}).values()),
        *(one for edge in edges for one in said["same", edge].values()),
    ]
    subjects = {name for one in found for name in (one.one, one.other)}
    return Contradiction(tuple(sorted({one.id for one in found})), tuple(sorted(subjects)))
