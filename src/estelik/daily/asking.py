"""Asking: what to ask next about somebody, and of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.chronology.lives import link, retired
from estelik.chronology.questions import questions
from estelik.chronology.timeline import Solution, label
from estelik.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.casebook import Casebook
    from estelik.chronology.network import Reading
    from estelik.chronology.questions import Question
    from estelik.records import Judgement, Statement


class Solved(NamedTuple):
    """A group that was solved, which of its lives was asked for, and what went into it."""

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


def asked(casebook: Casebook, subject: str, today: int) -> list[Question]:
    """What to ask next about ``subject``, the most telling first. Raises ``NotFoundError``."""
    solution, life, statements, judgements = solved(casebook, subject)
    out = retired(statements, judgements)
    key = solution.network.subjects[life]
    told = [one for one in statements if one.subject == key and one.statement not in out]
    return questions(solution, life, told, judgements, today=today)


def asked_of(casebook: Casebook, source: str, subject: str, today: int) -> list[Question]:
    """What to ask ``source`` next about ``subject`` (labels), the most telling first; nothing where nothing
    is recorded about that one."""
    try:
        found = asked(casebook, subject, today)
    except NotFoundError:
        return []
    voices = {label(key) for key in casebook.lives.whose(source)} | {source}
    return [one for one in found if voices & set(one.sources)]
