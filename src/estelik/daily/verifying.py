"""Verifying: statements on which alone much rests, held against the words and files that they come from.

Due is a statement that nobody graded and nobody verified, and that alone tells of an event by which a state
is certain today: who was killed, held or set free by the word of one source, of which nobody says what it is
worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.daily.apart import told
from estelik.daily.judging import decided
from estelik.errors import NotFoundError, UsageError
from estelik.records.vocabulary import kind_of, vocabulary
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.casebook import Casebook
    from estelik.records import Judgement, Statement
    from estelik.views.registry import Entry

#: What a grade says that says nothing ("statement-sheet", "grade").
_NO_GRADES = frozenset({"", "F6"})


class Due(NamedTuple):
    """A statement, and the states that are certain by it alone."""

    statement: Statement
    states: tuple[str, ...]


def verified(judgements: Iterable[Judgement]) -> dict[str, Judgement]:
    """The judgements that hold, by the statement (its id) that was verified."""
    made = list(judgements)
    withdrawn = {one.withdraws for one in made if one.decision == "withdrawn"}
    return {one.statement: one for one in made if one.decision == "verified" and one.id not in withdrawn}


def due(casebook: Casebook, entry: Entry) -> list[Due]:
    """What is to be verified of one life, in order of entry."""
    states = {one.state for one in entry.states if one.certainty == "throughout"}
    if not states:
        return []
    try:
        merged = casebook.lives.of(entry.key)
    except NotFoundError:
        return []
    known, kinds = verified(casebook.lives.judgements()), vocabulary().kinds
    live = [one for one in told_of(merged.statements, merged.judgements).get(entry.key, ()) if one.event]
    said = [one for one in live if one.answer == "yes" and not one.expected]
    out = []
    for one in said:
        kind = kinds.get(kind_of(one.event))
        opens = kind.opens if kind is not None else ""
        alone = sum(other.event == one.event for other in said) == 1
        graded = one.grade.strip().upper() not in _NO_GRADES
        if opens in states and alone and not graded and one.statement not in known:
            out.append(Due(one, (opens,)))
    return out


def verify(casebook: Casebook, statement: str, reason: str) -> Judgement:
    """Says that the statement with this id was held against what it rests on, and how (``reason``).

    Raises ``NotFoundError`` for an id that is not there, ``UsageError`` where it was verified before or the
    reason is empty.
    """
    decision = decided(casebook, "verified", reason, statement=statement)
    with casebook.entering():
        if not told(casebook, {statement}):
            raise NotFoundError("There is no statement with this id.", do="Check the id.")
        if statement in verified(casebook.judgements()):
            raise UsageError("This statement was verified before.")
        casebook.add_judgement(decision)
    return decision
