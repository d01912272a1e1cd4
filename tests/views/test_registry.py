"""Registry: a line about each life, filtered and counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as some

from estelik.chronology.lives import link
from estelik.chronology.timeline import Solution, contradicted_widely
from estelik.records import Statement
from estelik.views.registry import Entry, Filter, Rows, State, counted, entry, fits
from estelik.views.timeline import told_of

if TYPE_CHECKING:
    from collections.abc import Sequence

TODAY = date(2026, 11, 22).toordinal()


def entries(statements: Sequence[Statement]) -> dict[str, Entry]:
    """The line about each life that these speak of."""
    found, told = {}, told_of(statements)
    for linked in link(statements, ()):
        solution = Solution(linked)
        timelines = {one.key: one for one in solution.timelines(contradicted_widely(solution, linked))}
        for number, key in enumerate(linked.subjects):
            found[key] = entry(solution, number, timelines[key], told[key], TODAY)
    return found


def said(id_: str, about: str, **cells: str) -> Statement:
    """One statement."""
    return Statement(id_, about, source="sister", told="2024", **cells)  # type: ignore[arg-type]


AIGUL = (
    said("1", "Aigul", event="birth", when="1970"),
    said("2", "Aigul", event="camp-entry", when="2018-03", place="Tekes"),
    said("3", "Aigul", fact="ethnicity", value="Kazakh"),
)
ERLAN = (
    said("4", "Erlan", event="arrest", when="2017-12/2018-01"),
    said("5", "Erlan", event="death", when="2019"),
)
DINA = (said("6", "Dina", fact="name", value="Дина"),)


def test_a_line_says_what_is_told_and_what_is_missing() -> None:
    """A state that nobody ended is possible, death is certain; "not told" is not "no"."""
    found = entries((*AIGUL, *ERLAN, *DINA))
    aigul, erlan, dina = found["Aigul"], found["Erlan"], found["Dina"]
    assert aigul.states == (State("in camp", "Tekes", "possibly"),)
    assert (aigul.places, aigul.lacks) == (("Tekes",), ("end",))
    assert aigul.facts == (("ethnicity", "Kazakh"),)
    assert {one.state: one.certainty for one in erlan.states}["dead"] == "throughout"
    assert {"birth", "place"} <= set(erlan.lacks)
    assert (dina.states, dina.lacks) == ((), ("birth", "all"))


def test_what_is_only_denied_or_unknown_makes_no_line_fit() -> None:
    found = entries(
        [
            said("1", "Aigul", event="camp-entry", when="2018", place="Tekes", answer="no"),
            said("2", "Aigul", fact="ethnicity", value="Kazakh", answer="unknown"),
        ]
    )["Aigul"]
    assert (found.places, found.facts) == ((), ())
    assert not fits(found, Filter(place="Tekes"))


def test_a_filter_keeps_those_for_whom_it_is_possible() -> None:
    """Of being taken, a year counts that is not excluded; "certainly" leaves what is only possible."""
    found = entries((*AIGUL, *ERLAN, *DINA))

    def kept(wanted: Filter) -> set[str]:
        return {key for key, one in found.items() if fits(one, wanted)}

    assert kept(Filter()) == {"Aigul", "Erlan", "Dina"}
    assert kept(Filter(state="in camp")) == {"Aigul"}
    assert kept(Filter(state="in camp", surely=True)) == set()
    assert kept(Filter(state="dead", surely=True)) == {"Erlan"}
    assert kept(Filter(since=2018)) == {"Aigul", "Erlan"}
    assert kept(Filter(until=2017)) == {"Erlan"}
    assert kept(Filter(ethnicity="Kazakh")) == {"Aigul"}
    assert kept(Filter(lacks="place")) == {"Erlan"}
    assert kept(Filter(kind="place")) == set()


def test_counts_tell_what_is_certain_from_what_is_possible() -> None:
    counts = counted(entries((*AIGUL, *ERLAN, *DINA)).values())
    assert ("in camp", 0, 1) in counts.states
    assert ("dead", 1, 0) in counts.states
    assert counts.years == ((2018, 1), (None, 1))
    assert counts.places == (("Tekes", 1),)


ENTRIES = some.builds(
    Entry,
    key=some.text(min_size=1, max_size=3),
    kind=some.sampled_from(["person", "place"]),
    states=some.lists(
        some.builds(
            State,
            some.sampled_from(["in camp", "dead"]),
            some.sampled_from(["", "Tekes"]),
            some.sampled_from(["throughout", "possibly"]),
        ),
        max_size=3,
    ).map(tuple),
    places=some.sets(some.sampled_from(["Tekes", "Aksu"])).map(tuple),
    facts=some.sampled_from([(), (("ethnicity", "Kazakh"),), (("ethnicity", "Uyghur"), ("sex", "female"))]),
    taken=some.sampled_from([None, (None, None), (736330, 736694), (736330, 737060), (737000, None)]),
    consistent=some.booleans(),
)


@given(some.lists(ENTRIES, max_size=12))
def test_a_list_of_a_state_is_as_long_as_its_count(found: list[Entry]) -> None:
    """Whatever is listed: who fits a state, or a place, are as many as were counted."""
    counts = counted(found)
    for state, sure, maybe in counts.states:
        wanted = Filter(state=state, kind="")
        assert sum(fits(one, wanted) for one in found) == sure + maybe
        assert sum(fits(one, Filter(state=state, surely=True, kind="")) for one in found) == sure
    for place, count in counts.places:
        assert sum(fits(one, Filter(place=place, kind="")) for one in found) == count
    for value, count in counts.ethnicities:
        assert sum(fits(one, Filter(ethnicity=value, kind="")) for one in found) == count
    assert sum(count for _, count in counts.years) == sum(one.taken is not None for one in found)


@given(
    some.lists(ENTRIES, max_size=12),
    some.builds(
        Filter,
        state=some.sampled_from(["", "dead"]),
        place=some.sampled_from(["", "Tekes"]),
        since=some.sampled_from([0, 2016, 2018]),
        until=some.sampled_from([0, 2017, 99999]),
        apart=some.booleans(),
        kind=some.sampled_from(["", "person"]),
    ),
)
def test_those_of_many_who_fit_are_those_who_fit_one_by_one(found: list[Entry], wanted: Filter) -> None:
    fit = tuple(one for one in found if fits(one, wanted))
    assert Rows(found).of(wanted) == (fit, counted(fit))
    sure = (one for one in found if any(state.certainty == "throughout" for state in one.states))
    assert Rows(found).certain() == tuple(sure)
