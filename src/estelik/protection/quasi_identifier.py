"""Quasi-identifiers: what statements tell of people that is no name, and singles them out all the same.

When something was is what the timeline leaves, worked out from these statements
alone; the more is cleared, the narrower it is. Names and the numbers of papers
name people directly, and are no part of this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology.edtf import parse
from estelik.chronology.lives import retired
from estelik.chronology.timeline import solve
from estelik.identity.sex import sex_of
from estelik.names.spelling import folded
from estelik.places.level import Level
from estelik.protection.fact import Fact, Unit, coarse
from estelik.records.vocabulary import BIRTH, fact_kind_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from estelik.protection.placed import Placed
    from estelik.records import Judgement, Statement

#: Facts that name somebody, and such as say something of another.
_APART: Final = frozenset({"name", "document", "attribution"})
#: Whose number is told besides who they are.
_CHILDREN: Final = frozenset({"son", "daughter", "child"})
_RANGE: Final = re.compile(r"(\d{1,9})?(\.\.)?(\d{1,9})?")


class Precision(msgspec.Struct, frozen=True):
    """How precisely things are released: ``when`` events were, ``birth``, ``place``; None is as told.
    ``only``: the topics that are released at all, where not all are."""

    when: Unit | None = None
    birth: Unit | None = None
    place: Level | None = None
    only: tuple[str, ...] | None = None


AS_TOLD: Final = Precision()


def facts(
    statements: Sequence[Statement],
    placed: Placed,
    *,
    precision: Precision = AS_TOLD,
    keys: Mapping[str, str] | None = None,
    judgements: Sequence[Judgement] = (),
    release: str = "",
) -> list[Fact]:
    """What statements, those that are cleared or those of the whole casebook, tell of all people in them.

    ``keys``: the opaque key of each life, where it is not the life's own;
    ``release``: as in ``Fact``.
    """
    out = retired(statements, judgements)
    told = [
        one
        for one in statements
        if one.about_kind == "person" and one.answer == "yes" and one.statement not in out
    ]
    found: list[Fact] = []
    for one in told:
        found += _said(one, placed)
    found += _times(statements, judgements, {one.subject for one in told})
    found += _children(told)
    names = keys or {}
    released = (
        msgspec.structs.replace(rough, person=names.get(rough.person, rough.person), release=release)
        for one in found
        if (rough := _roughly(one, precision, placed)) is not None
    )
    return list(_joined(released))


def told_singly(
    statements: Sequence[Statement],
    placed: Placed,
    *,
    keys: Mapping[str, str] | None = None,
    judgements: Sequence[Judgement] = (),
) -> list[Fact]:
    """What each statement tells by itself, as it was told: who said the year does not know the day."""
    out = retired(statements, judgements)
    names = keys or {}
    found: list[Fact] = []
    for one in statements:
        if one.about_kind != "person" or one.answer != "yes" or one.statement in out:
            continue
        found += _said(one, placed)
        if one.event and one.when:
            spans = parse(one.when).spans
            topic = f"{kind_of(one.event)} expected" if one.expected else kind_of(one.event)
            found.append(
                Fact(
                    one.subject, topic, "when", first=spans[0].first, last=spans[-1].last,
                    occasion=one.event, statements=(one.statement,),
                )
            )  # fmt: skip
    return [msgspec.structs.replace(one, person=names.get(one.person, one.person)) for one in found]


def _said(one: Statement, placed: Placed) -> Iterator[Fact]:
    ids = (one.statement,)
    if one.event:
        topic = kind_of(one.event)
        if one.expected:
            topic = f"{topic} expected"
        if topic != BIRTH:
            yield Fact(one.subject, topic, "kind", occasion=one.event, statements=ids)
        if one.place:
            place = placed.key(one.place)
            yield Fact(one.subject, topic, "place", place, occasion=one.event, statements=ids)
        return
    topic, _, sort = one.fact.partition(":")
    topic = fact_kind_of(one.fact)
    sort = folded(sort)
    if not one.value or topic in _APART:
        return
    if topic == "count":
        first, last = _number(one.value)
        if (first, last) != (None, None):
            yield Fact(one.subject, sort, "number", first=first, last=last, statements=ids)
    elif topic == "relation":
        # Who it is says the name; that there is one is told by the relation.
        yield Fact(one.subject, topic, value=sort, occasion=f"{sort}:{one.value}", statements=ids)
    elif topic == "sex":
        yield Fact(one.subject, topic, value=sex_of(one.value) or folded(one.value), statements=ids)
    else:
        value = folded(one.value)
        single = topic in ("ethnicity", "citizenship")
        yield Fact(one.subject, topic, value=value, occasion="" if single else value, statements=ids)
        if one.place:
            place = placed.key(one.place)
            yield Fact(one.subject, topic, "place", place, occasion=value, statements=ids)


def _times(
    statements: Sequence[Statement], judgements: Sequence[Judgement], people: set[str]
) -> Iterator[Fact]:
    """When events were, by their timelines."""
    expected = {(one.subject, one.event) for one in statements if one.expected}
    for timeline in solve(statements, judgements=judgements):
        if timeline.key not in people:
            continue
        for one in timeline.events:
            if one.earliest is None and one.latest is None:
                continue
            topic = f"{one.kind} expected" if (timeline.key, one.event) in expected else one.kind
            yield Fact(
                timeline.key, topic, "when", first=one.earliest, last=one.latest,
                occasion=one.event, statements=one.statements,
            )  # fmt: skip


def _children(told: Sequence[Statement]) -> Iterator[Fact]:
    """At least how many children somebody has, by those who are told of."""
    named = defaultdict[str, dict[str, list[str]]](dict)
    for one in told:
        topic, _, sort = one.fact.partition(":")
        if topic == "relation" and folded(sort) in _CHILDREN and one.value:
            named[one.subject].setdefault(one.value, []).append(one.statement)
    for person, children in named.items():
        ids = tuple(one for each in children.values() for one in each)
        yield Fact(person, "children", "number", first=len(children), statements=ids, occasion="told")


def _number(text: str) -> tuple[int | None, int | None]:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return None, None
    first, dots, last = match.groups()
    low = int(first) if first else None
    return low, (int(last) if last else None) if dots else low


def _roughly(fact: Fact, precision: Precision, placed: Placed) -> Fact | None:
    """A fact as it is released; None where it is not."""
    if precision.only is not None and fact.topic not in precision.only:
        return None
    if fact.aspect == "when":
        unit = precision.birth if fact.topic == BIRTH else precision.when
        return coarse(fact, unit) if unit else fact
    if fact.aspect == "place" and precision.place:
        value = placed.at(fact.value, precision.place)
        return msgspec.structs.replace(fact, value=value) if value else None
    return fact


def _joined(found: Iterator[Fact]) -> Iterator[Fact]:
    """Each thing once that is said of one occasion, with all the statements that say it."""
    every: dict[tuple[object, ...], list[Fact]] = {}
    for fact in found:
        every.setdefault((fact.person, fact.said, fact.occasion), []).append(fact)
    for same in every.values():
        ids = dict.fromkeys(one for fact in same for one in fact.statements)
        yield msgspec.structs.replace(same[0], statements=tuple(ids))
