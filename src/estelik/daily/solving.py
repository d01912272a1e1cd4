"""Solving: a life in the group that it hangs together with, and what was read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.chronology.lives import link, retired
from estelik.chronology.questions import questions as asked
from estelik.chronology.timeline import Solution
from estelik.daily.today import today
from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.chronology.network import Reading
    from estelik.chronology.questions import Question
    from estelik.records import Judgement, Statement


class Solved(NamedTuple):
    """A life in its group, and what was read for it: all statements of the group, and judgements."""

    solution: Solution
    life: int
    statements: Sequence[Statement]
    judgements: Sequence[Judgement]


def solved(casebook: Casebook, subject: str, reading: Reading = "strict") -> Solved:
    """The group that ``subject`` is in, solved. Raises ``NotFoundError``."""
    merged = casebook.lives.of(subject)
    keys = merged.keys(subject)
    for linked in link(merged.statements, merged.judgements):
        for life, key in enumerate(linked.subjects):
            if key in keys:
                return Solved(Solution(linked, reading), life, merged.statements, merged.judgements)
    raise NotFoundError(
        "Nothing is recorded about this subject.", safe="", do="Check how the label is written."
    )


def questions(found: Solved) -> list[Question]:
    """What to ask next about a life, the most telling first."""
    out = retired(found.statements, found.judgements)
    key = found.solution.network.subjects[found.life]
    told = [one for one in found.statements if one.subject == key and one.statement not in out]
    return asked(found.solution, found.life, told, found.judgements, today=today().toordinal())
