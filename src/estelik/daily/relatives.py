"""Relatives: who is told to be whose, as the page of a life shows them, each with whether there is a page of
that one too; and who is told to have this life for a relative."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.chronology.lives import retired
from estelik.records.vocabulary import fact_kind_of

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.views.person import PersonPage

_RELATION = "relation"
#: People who are told to have one for a relative: of so many each is looked at.
_OTHERS: Final = 200


class Relative(NamedTuple):
    """Somebody whom a life is told to be related to: ``fact`` (as "relation:sister"), ``label``, the numbers
    of the ``statements`` that say so, and whether anything is ``told`` of that one. ``theirs``: it is told of
    that one, whose relative of this kind this life is."""

    fact: str
    label: str
    statements: tuple[int, ...]
    told: bool
    theirs: bool = False


def relatives(casebook: Casebook, found: PersonPage) -> tuple[Relative, ...]:
    """Whom a life is told to be related to, by what stands, and who is told to be related to it; as this
    member can open it."""
    said: dict[tuple[str, str], list[int]] = {}
    for line in found.statements:
        one = line.statement
        related = fact_kind_of(one.fact) == _RELATION and one.value and one.answer == "yes"
        if related and not found.whose(one) and line.standing not in ("corrected", "set-aside"):
            said.setdefault((one.fact, one.value), []).append(line.number)
    labels = {label for _, label in said}
    there = {one.about for one in casebook.statements(labels)} if labels else set()
    own = tuple(
        Relative(fact, label, tuple(numbers), label in there) for (fact, label), numbers in said.items()
    )
    return own + tuple(one for one in _theirs(casebook, found) if one.label not in labels)


def _theirs(casebook: Casebook, found: PersonPage) -> tuple[Relative, ...]:
    """Who is told to have this life, under any of its labels, for a relative."""
    own = {one for one in (found.label, *found.who.others) if not one.startswith("?")}
    named = casebook.lives.naming(own) if own else []
    said = [one for one in named if one.answer == "yes" and one.about not in own]
    others = list(dict.fromkeys(one.about for one in said if not one.about.startswith("?")))[:_OTHERS]
    if not others:
        return ()
    out = retired(casebook.statements(others), casebook.lives.judgements())
    kept = [(one.fact, one.about) for one in said if one.about in others and one.statement not in out]
    return tuple(Relative(fact, label, (), told=True, theirs=True) for fact, label in dict.fromkeys(kept))
