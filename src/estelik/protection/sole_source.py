"""Sole source: facts that only one could have told, who is given away by them.

Whoever perceived what is released, and said so, could have told it; who says
less than is released could not ("in 2018" is no knowledge of a day in April).
Chains count as ``chronology.corroboration`` has them: words under pressure and
what has no known origin count for nothing. Where one stands on all chains of a
fact, who reads it and knows who knew knows who spoke: even where the victim is
named with every right.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from estelik.chronology import corroboration
from estelik.protection.fact import Fact, ladder

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from estelik.records import Statement


class SoleSource(msgspec.Struct, frozen=True):
    """Without ``exposed``, labels of people, nobody could have told ``fact``: who first perceived it, and
    whoever all chains pass through. ``knowers``: how many are known to have perceived it. ``wider`` is the
    next rung of the fact's ladder that more could have told; None where there is none but to leave it
    out."""

    fact: Fact
    exposed: tuple[str, ...]
    knowers: int
    statements: tuple[str, ...]
    wider: Fact | None = None


def sole_sources(
    released: Sequence[Fact],
    known: Iterable[Fact],
    statements: Mapping[str, Statement],
    areas: Mapping[str, Sequence[str]],
    *,
    enough: int = 2,
    open_sources: Collection[str] = (),
) -> tuple[SoleSource, ...]:
    """Those of ``released`` that fewer than ``enough`` chains apart from each other lead to.

    ``known``: the facts of the same people, of single statements as they were
    told (``quasi_identifier.told_singly``), under the same keys; ``statements`` by id, all of the
    casebook. ``open_sources``: labels that need no protection: a court, a
    newspaper; what one of them told gives nobody away.
    """
    by: dict[tuple[str, str, str], list[Fact]] = defaultdict(list)
    for one in known:
        by[one.person, one.topic, one.occasion].append(one)
    out = []
    for fact in released:
        told = by[fact.person, fact.topic, fact.occasion]
        exposed, knowers, ids, open_ = _knowledge(fact, told, statements, areas, enough, open_sources)
        if open_ or not exposed:
            continue
        wider = next(
            (
                rung
                for rung in ladder(fact, areas)[1:]
                if not _knowledge(rung, told, statements, areas, enough, open_sources)[0]
            ),
            None,
        )
        out.append(SoleSource(fact, exposed, knowers, ids, wider))
    return tuple(out)


def _knowledge(
    fact: Fact,
    told: Iterable[Fact],
    statements: Mapping[str, Statement],
    areas: Mapping[str, Sequence[str]],
    enough: int,
    open_sources: Collection[str],
) -> tuple[tuple[str, ...], int, tuple[str, ...], bool]:
    """Who stands on all chains of what is within a fact, how many perceived it, the statements, and whether
    an open source has it."""
    ids = dict.fromkeys(id_ for one in told if within(one, fact, areas) for id_ in one.statements)
    # What nobody said alone was worked out from these.
    ids = ids or dict.fromkeys(fact.statements)
    there = [statements[id_] for id_ in ids if id_ in statements]
    if any(one in open_sources for each in there for one in each.chain):
        return (), 0, tuple(ids), True
    chains = corroboration.chains(there)
    knowers = {chain[-1] for chain in chains}
    if corroboration.independent(chains) >= enough:
        return (), len(knowers), tuple(ids), False
    # Of what nobody is known to have perceived all who told it are given away.
    paths = [set(chain) for chain in chains] or [{one.source} for one in there if one.source]
    every = set.intersection(*paths) if chains and enough <= 2 else set().union(*paths)
    return tuple(sorted(every - {""})), len(knowers), tuple(ids), False


def within(known: Fact, said: Fact, areas: Mapping[str, Sequence[str]]) -> bool:
    """Whether who knows the one could have told the other of one occasion."""
    if said.aspect == "kind":
        return True
    if known.aspect != said.aspect:
        return False
    if said.aspect == "value":
        return known.value == said.value
    if said.aspect == "place":
        return said.value == known.value or said.value in areas.get(known.value, ())
    return known.said[3] >= said.said[3] and known.said[4] <= said.said[4]


class Diversity(msgspec.Struct, frozen=True):
    """People who are alike in all that is released of them, ``people``, and who told of any of them: where
    ``sources`` are few, to know that somebody is among them is to know who spoke."""

    people: tuple[str, ...]
    sources: tuple[str, ...]


def diversity(released: Iterable[Fact], sources: Mapping[str, Collection[str]]) -> tuple[Diversity, ...]:
    """The classes of people that are alike by ``released``, those with the fewest sources first (the least of
    them is the l of l-diversity). ``sources``: of each person's key the labels of all who told of them."""
    said: dict[str, set[object]] = defaultdict(set)
    for one in released:
        said[one.person].add((one.said, one.occasion))
    alike: dict[frozenset[object], list[str]] = defaultdict(list)
    for person, facts in said.items():
        alike[frozenset(facts)].append(person)
    classes = (
        Diversity(tuple(people), tuple(sorted({one for each in people for one in sources.get(each, ())})))
        for people in alike.values()
    )
    return tuple(sorted(classes, key=lambda one: (len(one.sources), one.people)))
