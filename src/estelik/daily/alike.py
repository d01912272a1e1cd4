"""Alike: who may be the same as somebody of whom something was entered.

Everybody is compared with everybody once (``Namesakes.alike``); afterwards the names and numbers of those
concerned are looked for as a member would look for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.chronology.timeline import label as label_of
from estelik.identity.namesakes import Alike
from estelik.index.placing import plain
from estelik.names.comparison import SAME

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from estelik.casebook import Casebook
    from estelik.index.namesakes import Namesakes
    from estelik.records import Statement

#: So many people are looked at for each name, the bearer among them; a number that more have is nobody's.
_LOOKED: Final = 16
_SHARED: Final = 8


def kept(found: Iterable[Alike], labels: Collection[str]) -> list[Alike]:
    """The pairs of which neither has one of these labels."""
    return [one for one in found if not {label_of(one.one), label_of(one.other)} & set(labels)]


def alike(casebook: Casebook, labels: Iterable[str], breathe: Callable[[], bool]) -> list[Alike]:
    """The pairs of those with these labels and anybody, each once; ``breathe`` is called now and then, and
    says whether to go on."""
    namesakes, key = casebook.namesakes(), casebook.lives.resolution.key
    best: dict[tuple[str, str], Alike] = {}
    for label in labels:
        told = [one for one in casebook.statements([label]) if one.about_kind == "person"]
        keys = dict.fromkeys(map(key, told))
        if not label.startswith("?"):
            for whose in keys:
                _keep(best, _named(namesakes, whose, label))
        for one in told:
            fact = one.fact.partition(":")[0]
            if one.answer == "yes" and one.value and fact == "name":
                _keep(best, _named(namesakes, key(one), one.value))
            elif one.answer == "yes" and fact == "document" and plain(one.value):
                _keep(best, _numbered(namesakes, key(one), one))
            if not breathe():
                return []
    return list(best.values())


def _named(namesakes: Namesakes, key: str, name: str) -> Iterator[Alike]:
    for found in namesakes.find(name, _LOOKED):
        if found.name and found.score >= SAME and found.key != key:
            yield _ordered(Alike(key, found.key, round(found.score, 4), (name, found.name)))


def _numbered(namesakes: Namesakes, key: str, told: Statement) -> Iterator[Alike]:
    people = {one.key for one in namesakes.find(told.value, _LOOKED) if not one.name} | {key}
    if len(people) <= _SHARED:
        for other in people - {key}:
            yield _ordered(Alike(key, other, 1.0, ("", "")))


def _ordered(one: Alike) -> Alike:
    return one if one.one < one.other else Alike(one.other, one.one, one.score, one.names[::-1])


def _keep(best: dict[tuple[str, str], Alike], found: Iterable[Alike]) -> None:
    """Keeps of each pair the names that fit best, and a number before names alone."""
    for one in found:
        known = best.get((one.one, one.other))
        if known is None:
            best[one.one, one.other] = one
        else:
            named = max((known, one), key=lambda each: (bool(each.names[0]), each.score))
            best[one.one, one.other] = named._replace(score=max(known.score, one.score))
