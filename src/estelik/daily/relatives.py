"""Relatives: who is told to be whose, as the page of a life shows them, each with whether there is a page of
that one too."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.records.vocabulary import fact_kind_of

if TYPE_CHECKING:
    from estelik.casebook import Casebook
    from estelik.views.person import PersonPage

_RELATION = "relation"


class Relative(NamedTuple):
    """Somebody whom a life is told to be related to: ``fact`` (as "relation:sister"), ``label``, the numbers
    of the ``statements`` that say so, and whether anything is ``told`` of that one."""

    fact: str
    label: str
    statements: tuple[int, ...]
    told: bool


def relatives(casebook: Casebook, found: PersonPage) -> tuple[Relative, ...]:
    """Whom a life is told to be related to, by what stands; as this member can open it."""
    said: dict[tuple[str, str], list[int]] = {}
    for line in found.statements:
        one = line.statement
        related = fact_kind_of(one.fact) == _RELATION and one.value and one.answer == "yes"
        if related and not found.whose(one) and line.standing not in ("corrected", "set-aside"):
            said.setdefault((one.fact, one.value), []).append(line.number)
    labels = {label for _, label in said}
    there = {one.about for one in casebook.statements(labels)} if labels else set()
    return tuple(
        Relative(fact, label, tuple(numbers), label in there) for (fact, label), numbers in said.items()
    )
