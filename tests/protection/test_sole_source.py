"""Facts that only one could have told are found, with who is given away by them."""

from __future__ import annotations

from datetime import date

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from pycanon import anonymity as pycanon

from estelik.chronology import corroboration
from estelik.places.atlas import Atlas
from estelik.protection.fact import Fact
from estelik.protection.placed import Placed
from estelik.protection.quasi_identifier import facts, told_singly
from estelik.protection.sole_source import SoleSource, diversity, sole_sources
from estelik.records import Statement

PEOPLE = ["Aman", "Saule", "Nurlan", "Guard"]


def said(number: int, source: str, via: str = "", role: str = "perceived", **cells: str) -> Statement:
    return Statement(
        f"s{number}", "Zarina", f"t{number}", source, "2020-01", role=role, via=via, **cells,  # type: ignore[arg-type]
    )  # fmt: skip


def found(statements: list[Statement], *, open_sources: tuple[str, ...] = ()) -> dict[str, SoleSource]:
    placed = Placed(Atlas())
    released = facts(statements, placed)
    known = told_singly(statements, placed)
    by = {one.statement: one for one in statements}
    every = sole_sources(released, known, by, placed.areas, open_sources=open_sources)
    return {one.fact.aspect: one for one in every}


def test_who_alone_perceived_it_is_given_away_and_who_passed_it_on() -> None:
    """One guard saw it, one sister has it from him: both stand on the only chain."""
    every = found([said(1, "Saule", "Guard", "told", event="arrest", place="Tekes county")])
    assert every["kind"].exposed == ("Guard", "Saule")
    assert every["kind"].knowers == 1


def test_two_who_perceived_it_hide_each_other() -> None:
    assert not found([said(1, "Aman", event="arrest"), said(2, "Saule", event="arrest")])


def test_two_who_have_it_from_one_hide_nobody() -> None:
    """Four people who had it from one telephone call are one: he who called is given away, and he alone."""
    every = found(
        [said(1, "Aman", "Guard", "told", event="arrest"), said(2, "Saule", "Guard", "told", event="arrest")]
    )
    assert every["kind"].exposed == ("Guard",)


def test_who_knows_the_year_does_not_know_the_day() -> None:
    """The day is one witness's alone; the year, which two know, may be said."""
    every = found(
        [said(1, "Aman", event="arrest", when="2018-04-12"), said(2, "Saule", event="arrest", when="2018")]
    )
    assert set(every) == {"when"}
    assert every["when"].exposed == ("Aman",)
    wider = every["when"].wider
    assert wider is not None
    assert date.fromordinal(wider.last or 1) == date(2018, 12, 31)


def test_words_under_pressure_and_of_no_origin_hide_nobody() -> None:
    """What somebody says whom nobody told, and what was forced, is no second source."""
    every = found([said(1, "Aman", event="arrest"), said(2, "Saule", role="coerced", event="arrest"),
                   said(3, "Nurlan", role="told", event="arrest")])  # fmt: skip
    assert every["kind"].exposed == ("Aman",)
    rumour = found([said(1, "Aman", role="told", event="arrest")])
    assert rumour["kind"].exposed == ("Aman",)


def test_what_a_court_has_published_gives_nobody_away() -> None:
    told = [said(1, "Aman", event="arrest"), said(2, "Court", role="document", event="arrest")]
    assert not found(told[:1], open_sources=("Aman",))
    assert not found(told, open_sources=("Court",))


def test_what_was_worked_out_gives_away_whose_words_it_came_from() -> None:
    """No statement says the day; one person's two statements give it."""
    told = [
        said(1, "Aman", event="birth", when="1984-05-03"),
        said(2, "Aman", event="release", when="2019-03-01"),
        said(3, "Aman", event="arrest", before="release", gap="P10D"),
    ]
    assert found(told)["when"].exposed == ("Aman",)


@settings(max_examples=100, deadline=None)
@given(
    chains=st.lists(
        st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True), min_size=1, max_size=4
    )
)
def test_without_those_given_away_no_chain_is_left(chains: list[list[str]]) -> None:
    """A fact is flagged where no two chains are apart: then one person at least stands on all of them."""
    told = [
        said(number, chain[0], " > ".join(chain[1:]), "told" if chain[1:] else "perceived", event="arrest")
        for number, chain in enumerate(chains)
    ]
    exposed = found(told)
    assert bool(exposed) == (corroboration.independent(chains) < 2)
    if exposed:
        every = {one for one in PEOPLE if all(one in chain for chain in chains)}
        assert set(exposed["kind"].exposed) == every != set()


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("xy"), st.sampled_from(PEOPLE)),
        min_size=1,
        max_size=20,
    )
)
def test_l_of_sources_is_what_pycanon_counts(rows: list[tuple[str, str, str]]) -> None:
    """Of people who are alike in all that is released the least number of sources."""
    released = [
        Fact(f"p{at}", topic, value=value)
        for at, row in enumerate(rows)
        for topic, value in zip(("one", "two"), row[:2], strict=True)
    ]
    classes = diversity(released, {f"p{at}": [row[2]] for at, row in enumerate(rows)})
    table = pd.DataFrame(rows, columns=["one", "two", "source"], dtype=object)
    assert len(classes[0].sources) == pycanon.l_diversity(table, ["one", "two"], ["source"])
    assert sorted(one for each in classes for one in each.people) == sorted(
        f"p{at}" for at in range(len(rows))
    )


def test_of_nothing_nothing_is_given_away() -> None:
    assert sole_sources([], [], {}, {}) == ()
    assert diversity([], {}) == ()
