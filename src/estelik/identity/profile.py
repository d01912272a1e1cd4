"""Profile: what is recorded of somebody by which they can be told from others."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.lives import retired
from estelik.chronology.timeline import solve
from estelik.identity import document
from estelik.identity.sex import sex_of
from estelik.names.markers import Sex
from estelik.names.name import parse
from estelik.records.vocabulary import BIRTH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from estelik.chronology.timeline import Timeline
    from estelik.identity.merging import Merged
    from estelik.records import Statement

#: Names under which somebody appears, that are none of theirs.
_APART: Final = frozenset({"pseudonym", "alias", "nickname"})


class Profile(msgspec.Struct, frozen=True):
    """Somebody: ``key`` is the key of the life.

    ``names`` are labels and stated names; ``sex`` is "f", "m" or "" where nobody
    says or sources disagree; ``born`` the first and the last day that the
    timeline leaves for the birth, None where nothing bounds it; ``places`` the
    labels of places where something happened to them; ``relatives`` pairs of a
    relation and a label; ``documents`` pairs of what the paper was called and
    its plain number; ``tellings`` the keys of the tellings that speak of them.
    """

    key: str
    names: tuple[str, ...] = ()
    sex: Sex = ""
    born: tuple[date | None, date | None] = (None, None)
    places: tuple[str, ...] = ()
    relatives: tuple[tuple[str, str], ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    tellings: tuple[str, ...] = ()


def profiles(merged: Merged, keys: Collection[str] | None = None) -> Iterator[Profile]:
    """The profiles of all people in ``merged``, or of those with these keys."""
    out = retired(merged.statements, merged.judgements)
    told: dict[str, list[Statement]] = {}
    for one in merged.statements:
        wanted = keys is None or one.subject in keys
        if wanted and one.about_kind == "person" and one.statement not in out:
            told.setdefault(one.subject, []).append(one)
    solved = solve(merged.statements, judgements=merged.judgements)
    births = {timeline.key: _born(timeline) for timeline in solved if timeline.key in told}
    for key, statements in told.items():
        yield _profile(key, statements, births.get(key, (None, None)), merged)


def _profile(
    key: str, statements: Sequence[Statement], born: tuple[date | None, date | None], merged: Merged
) -> Profile:
    names: dict[str, None] = {}
    if not key.startswith("?"):
        names[key] = None
    names.update(dict.fromkeys(merged.others.get(key, ())))
    places: dict[str, None] = {}
    relatives: dict[tuple[str, str], None] = {}
    documents: dict[tuple[str, str], None] = {}
    sexes: set[Sex] = set()
    for one in statements:
        if one.place:
            places[one.place] = None
        if one.answer != "yes" or not one.value:
            continue
        kind, _, sort = one.fact.partition(":")
        if kind == "name" and sort not in _APART:
            names[one.value] = None
        elif kind == "sex":
            sexes.add(sex_of(one.value))
        elif kind == "relation":
            relatives[sort, one.value] = None
        elif kind == "document":
            documents[sort, document.plain(one.value)] = None
    sexes |= {document.read(number).sex for _, number in documents}
    return Profile(
        key,
        tuple(names),
        _one(sexes) or _one(part.sex for name in names for part in parse(name).parts),
        born,
        tuple(places),
        tuple(relatives),
        tuple(documents),
        tuple(dict.fromkeys(one.telling for one in statements)),
    )


def _one(sexes: Iterable[Sex]) -> Sex:
    """What all of those say who say anything."""
    found = {sex for sex in sexes if sex}
    return found.pop() if len(found) == 1 else ""


def _born(timeline: Timeline) -> tuple[date | None, date | None]:
    for event in timeline.events:
        if event.event == BIRTH:
            return _day(event.earliest), _day(event.latest)
    return None, None


def _day(ordinal: int | None) -> date | None:
    return date.fromordinal(ordinal) if ordinal is not None and 0 < ordinal <= date.max.toordinal() else None
