"""Which facts tell who somebody is, and what to say instead: as trying everything finds it."""

from __future__ import annotations

from datetime import date
from itertools import combinations, pairwise, product
from typing import TYPE_CHECKING

import msgspec
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycanon import anonymity as pycanon

from estelik.errors import UsageError
from estelik.protection.anonymity import anonymity
from estelik.protection.fact import Fact, ladder
from estelik.protection.population import Population
from estelik.protection.repair import STATES, repair

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Villages, counties, a region.
AREAS = {"v1": ("c1", "r"), "v2": ("c1", "r"), "v3": ("c2", "r"), "c1": ("r",), "c2": ("r",), "r": ()}
DAY = date(2018, 4, 12).toordinal()


def happened(person: str, place: str, day: int, occasion: str = "1", topic: str = "arrest") -> list[Fact]:
    return [
        Fact(person, topic, "place", place, occasion=occasion),
        Fact(person, topic, "when", first=day, last=day, occasion=occasion),
    ]


@st.composite
def lives(draw: st.DrawFn, most: int = 14) -> list[Fact]:
    """What is known of some people: sex, work, arrests, children; of some nothing."""
    found: list[Fact] = []
    for number in range(draw(st.integers(1, most))):
        key = f"p{number}"
        if draw(st.booleans()):
            found.append(Fact(key, "sex", value=draw(st.sampled_from("fm"))))
        found += [
            Fact(key, "occupation", value=one, occasion=one)
            for one in draw(st.sets(st.sampled_from(["teacher", "driver"]), max_size=2))
        ]
        for arrest in range(draw(st.integers(0, 2))):
            place = draw(st.sampled_from(["v1", "v2", "v3"]))
            day = DAY + draw(st.sampled_from([0, 1, 20, 60, 300, 900]))
            found += happened(key, place, day, str(arrest))
        if draw(st.booleans()):
            count = draw(st.integers(0, 3))
            found.append(Fact(key, "children", "number", first=count, last=count))
    return found


def fits(known: Fact, said: Fact) -> bool:
    """Whether what is known of one occasion is within what is said."""
    if said.aspect == "kind":
        return True
    if known.aspect != said.aspect:
        return False
    if said.aspect == "value":
        return known.value == said.value
    if said.aspect == "place":
        return said.value in (known.value, *AREAS[known.value])
    return (said.first is None or (known.first is not None and known.first >= said.first)) and (
        said.last is None or (known.last is not None and known.last <= said.last)
    )


def plainly(known: Sequence[Fact], facts: Sequence[Fact]) -> int:
    """How many people facts fit, person by person."""
    groups: dict[tuple[str, str], list[Fact]] = {(one.topic, one.occasion): [] for one in facts}
    for one in facts:
        groups[one.topic, one.occasion].append(one)
    count = 0
    for key in {one.person for one in known}:
        own = [one for one in known if one.person == key]
        occasions = {
            topic: {one.occasion for one in own if one.topic == topic} for topic in {t for t, _ in groups}
        }
        enough = all(
            len(occasions[topic]) >= sum(t == topic for t, _ in groups) for topic in {t for t, _ in groups}
        )
        every = all(
            any(
                all(
                    any(fits(one, fact) for one in own if (one.topic, one.occasion) == (topic, place))
                    for fact in same
                )
                for place in occasions[topic]
            )
            for (topic, _), same in groups.items()
        )
        count += (enough and every) or any(one.person == key for one in facts)
    return max(1, count)


def said_once(facts: Sequence[Fact]) -> list[Fact]:
    return list({(one.said, one.occasion): one for one in reversed(facts)}.values())


@settings(max_examples=150, deadline=None)
@given(known=lives(), bound=st.integers(2, 5))
def test_the_smallest_combinations_are_those_that_trying_all_finds(known: list[Fact], bound: int) -> None:
    """Each set of up to three facts is counted person by person; the minimal ones are given."""
    if not known:
        return
    own = said_once([one for one in known if one.person == known[0].person])
    small: list[frozenset[Fact]] = []
    for size in (1, 2, 3):
        for each in combinations(own, size):
            if not any(one <= set(each) for one in small) and plainly(known, each) < bound:
                small.append(frozenset(each))
    found = anonymity(Population([known], AREAS), own, bound=bound)
    assert {frozenset(one.facts) for one in found.combinations} == set(small)
    assert all(one.k == plainly(known, one.facts) for one in found.combinations)
    assert found.k == plainly(known, own)


@settings(max_examples=60, deadline=None)
@given(known=lives(9), bound=st.integers(2, 4), out=st.integers(0, 2), data=st.data())
def test_no_way_to_repair_is_cheaper(known: list[Fact], bound: int, out: int, data: st.DataObject) -> None:
    """Of all ways up all ladders none that leaves enough people costs less."""
    keys = sorted({one.person for one in known})
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    own = said_once([one for one in known if one.person == key])[:5]
    own = [msgspec.structs.replace(one, release="1") if at < out else one for at, one in enumerate(own)]
    population = Population([known], AREAS)
    found = repair(population, own, bound=bound, states=100_000)
    assert found.cheapest

    def holds(facts: Sequence[Fact | None]) -> bool:
        there = said_once([one for one in facts if one])
        released = {(one.said, one.occasion) for one in there if one.release}
        every = anonymity(population, there, bound=bound).combinations
        return all(all((one.said, one.occasion) in released for one in each.facts) for each in every)

    assert holds(found.facts)
    ladders = [[one] if one.release else [*ladder(one, AREAS), None] for one in own]
    cheapest = min(
        sum(bits(population, whole, one) for whole, one in zip(own, way, strict=True))
        for way in product(*ladders)
        if holds(way)
    )
    assert found.cost == pytest.approx(cheapest, abs=1e-6)


def bits(population: Population, whole: Fact, said: Fact | None) -> float:
    """What it costs to say one fact so: most of any rung up to it, since a rung never fits fewer."""
    from math import log2

    def fitting(one: Fact | None) -> int:
        if one is None and whole.aspect in ("place", "when"):
            one = Fact(whole.person, whole.topic, "kind", occasion=whole.occasion)
        if one is None:
            return population.largest
        return int(population.counts(population.people([one])))

    return log2(max(1, fitting(said), fitting(whole))) - log2(max(1, fitting(whole)))


@settings(max_examples=60, deadline=None)
@given(known=lives(), bound=st.integers(2, 5))
def test_a_search_that_is_cut_short_repairs_all_the_same(known: list[Fact], bound: int) -> None:
    """With no time to look for the cheapest way, what is given holds, and is said not to be it."""
    own = said_once([one for one in known if one.person == "p0"])
    population = Population([known], AREAS)
    found = repair(population, own, bound=bound, states=0)
    assert anonymity(population, found.facts, bound=bound).combinations == ()
    assert found.cheapest == (not found.steps)
    assert found.cost >= repair(population, own, bound=bound, states=STATES).cost - 1e-6 or found.cheapest


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=1, max_size=30),
)
def test_k_is_what_pycanon_counts(rows: list[tuple[str, str, str]]) -> None:
    """The least k of all people, by all their facts, is the k of the table."""
    columns = ["one", "two", "three"]
    known = [
        Fact(f"p{at}", column, value=value)
        for at, row in enumerate(rows)
        for column, value in zip(columns, row, strict=True)
    ]
    population = Population([known], {})
    least = min(
        anonymity(population, [one for one in known if one.person == f"p{at}"]).k for at in range(len(rows))
    )
    assert least == pycanon.k_anonymity(pd.DataFrame(rows, columns=columns, dtype=object), columns)


def test_the_few_teachers_of_one_spring_are_told_by_saying_the_year() -> None:
    """Two teachers were taken there that spring, eleven in the year: the month has to become the year."""
    known: list[Fact] = []
    for number in range(40):
        key = f"p{number}"
        known.append(Fact(key, "occupation", value="teacher" if number < 20 else "driver", occasion="o"))
        day = DAY if number < 2 or number >= 20 else date(2018, 7 + number % 5, 3).toordinal()
        known += happened(key, "v1" if number < 11 or number >= 30 else "v3", day)
    own = [one for one in known if one.person == "p0"]
    own = [ladder(one, AREAS)[1] if one.aspect == "when" else one for one in own]
    population = Population([known], AREAS)
    found = anonymity(population, own)
    assert [(sorted(one.aspect for one in each.facts), each.k) for each in found.combinations] == [
        (["value", "when"], 2)
    ]
    mended = repair(population, own)
    assert [(step.fact.aspect, step.wider and step.wider.last) for step in mended.steps] == [
        ("when", date(2018, 12, 31).toordinal())
    ]
    assert mended.k == 11


def test_who_is_not_known_hides_nobody() -> None:
    """Of a hundred people whose work nobody knows none counts as a possible teacher."""
    known = [Fact("p0", "occupation", value="teacher")]
    known += [Fact(f"p{number}", "sex", value="f") for number in range(1, 101)]
    found = anonymity(Population([known], {}), [known[0]])
    assert found.k == 1
    assert len(found.combinations) == 1


def test_who_only_may_fit_hides_nobody() -> None:
    """Nine born in 1984 or in 1985 are not counted where it says 1984; where it says the decade they are."""
    days = [date(1984, 1, 1).toordinal(), date(1984, 12, 31).toordinal(), date(1985, 12, 31).toordinal()]
    known = [Fact(f"p{number}", "birth", "when", first=days[0], last=days[2]) for number in range(1, 10)]
    own = Fact("p0", "birth", "when", first=days[0], last=days[1])
    population = Population([[own, *known]], {})
    assert anonymity(population, [own]).k == 1
    assert anonymity(population, [ladder(own, {})[-1]]).k == 10


def test_two_lists_are_not_added_up() -> None:
    """Four teachers here and six there may be six people, not ten."""
    own = [Fact(f"p{number}", "occupation", value="teacher") for number in range(4)]
    others = [Fact(f"q{number}", "occupation", value="teacher") for number in range(6)]
    assert anonymity(Population([own, others], {}), own[:1]).k == 6


def test_what_is_out_already_cannot_be_repaired() -> None:
    """Earlier facts that tell who it is stay, are said to, and nothing of the draft is given up for them."""
    known = [Fact(f"p{number}", "sex", value="f") for number in range(9)]
    out = Fact("p0", "occupation", value="minister", release="list 1")
    population = Population([[*known, out]], {})
    found = repair(population, [known[0], out])
    assert (found.steps, found.left, found.k) == ((), True, 1)


def test_nobody_is_compared_with_no_list() -> None:
    with pytest.raises(UsageError, match="nobody to compare with"):
        Population([], {})


def test_facts_of_two_people_are_refused() -> None:
    population = Population([[]], {})
    with pytest.raises(UsageError, match="Facts of 2 people"):
        anonymity(population, [Fact("a", "sex", value="f"), Fact("b", "sex", value="f")])


def test_no_facts_tell_nothing() -> None:
    """Of an empty list everybody could be anybody, and of one person there is one."""
    known = [Fact(f"p{number}", "sex", value="f") for number in range(9)]
    assert anonymity(Population([known], {}), []).combinations == ()
    one = anonymity(Population([known[:1]], {}), known[:1])
    assert one.k == 1


def test_ten_thousand_facts_of_one_person_are_answered_or_refused() -> None:
    """Where each alone tells who it is, all are named; where they are too many, it says so."""
    known = [Fact("p0", "count", "number", first=at, last=at, occasion=str(at)) for at in range(10_000)]
    assert len(anonymity(Population([known], {}), known).combinations) == 10_000
    shared = [
        msgspec.structs.replace(one, person=f"p{person}") for one in known[:2000] for person in range(5)
    ]
    crowd = [Fact(f"q{number}", "sex", value="f") for number in range(5_000)]
    small = [Fact(f"p{person}", "sex", value="m") for person in range(1)]
    with pytest.raises(UsageError, match="more than can be looked at together"):
        anonymity(Population([[*shared, *crowd, *small]], {}), [*small, *shared[::5]])


@given(
    day=st.integers(1, date.max.toordinal()),
    length=st.integers(0, 900),
    topic=st.sampled_from(["birth", "arrest"]),
)
def test_each_rung_holds_where_the_one_below_does(day: int, length: int, topic: str) -> None:
    """Whatever time a fact gives, what stands higher on its ladder contains it."""
    rungs = ladder(Fact("p", topic, "when", first=day, last=min(day + length, date.max.toordinal())), {})
    for lower, higher in pairwise(rungs):
        assert higher.said[3] <= lower.said[3] <= lower.said[4] <= higher.said[4]


def test_the_ladder_of_a_day_is_its_month_season_year_and_decade() -> None:
    rungs = ladder(Fact("p", "arrest", "when", first=DAY, last=DAY), {})
    told = [
        (date.fromordinal(one.said[3]).isoformat(), date.fromordinal(one.said[4]).isoformat())
        for one in rungs
    ]
    assert told == [
        ("2018-04-12", "2018-04-12"),
        ("2018-04-01", "2018-04-30"),
        ("2018-03-01", "2018-05-31"),
        ("2018-01-01", "2018-12-31"),
        ("2010-01-01", "2019-12-31"),
    ]
    winter = ladder(Fact("p", "arrest", "when", first=DAY - 100, last=DAY - 100), {})
    assert len(winter) == 4
