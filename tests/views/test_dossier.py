"""Pages built from statements: days against a reckoning by hand, drawing against status."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from estelik.chronology.calendar import HORIZON_FIRST
from estelik.chronology.lives import link
from estelik.chronology.status import status
from estelik.chronology.timeline import Solution, solve
from estelik.records import Judgement, Statement
from estelik.views.dossier import pages

if TYPE_CHECKING:
    from pathlib import Path

    from estelik.views.course import Lane, Ranges, Stint
    from estelik.views.person import PersonPage

TODAY = date(2026, 11, 22).toordinal()


def on(text: str) -> int:
    """The ordinal of an ISO day."""
    return date.fromisoformat(text).toordinal()


def during(first: str, last: str) -> Ranges:
    """One range between two ISO days."""
    return ((on(first), on(last)),)


AGE = Statement("age", "S", source="S", told="2023-01-04", event="camp-entry", age="76", grade="B2")
BORN = Statement("born", "S", source="passport", told="2026-03-12", event="birth", when="1942", grade="A1")
MONTH = Statement("month", "S", source="n", told="2026-10-09", event="camp-entry", when="2017-03", grade="B2")
LENGTH = Statement(
    "length", "S", source="S", told="2023-01-04", event="camp-exit", after="camp-entry", gap="P1Y9M"
)
ARRIVED = Statement(
    "arrived", "S", source="S", event="arrival", when="2021-21", after="camp-exit", place="Almaty"
)
PASSPORT = Statement("passport", "S", source="S", event="passport-taken", when="2016-23")
RETURNED = Statement(
    "returned", "S", source="S", told="2026-10-09", event="passport-returned", after="camp-exit"
)
STAYED = Statement("stayed", "S", source="S", told="2026-03-12", event="departure", answer="no")
LIFE = (BORN, AGE, LENGTH, MONTH, ARRIVED, PASSPORT, RETURNED, STAYED)


def page_of(*told: Statement, judgements: tuple[Judgement, ...] = ()) -> PersonPage:
    """The page of the first life that is told of."""
    return next(pages(told, judgements, today=TODAY))


def lane_of(page: PersonPage, name: str) -> Lane:
    """A lane by its name."""
    return next(lane for lane in page.course.lanes if lane.name == name)


def test_each_account_is_solved_alone() -> None:
    """By hand: born 1942, aged 76 or more on 30 December 2017; 623 to 655 days in the camp."""
    page = page_of(*LIFE)
    first, second = (row.stints[0] for row in lane_of(page, "in camp").rows)
    assert first.start[0][0] == on("2017-12-30")
    assert first.end[0][0] == on("2019-09-14")
    assert second.start == during("2017-03-01", "2017-03-31")
    assert second.end == during("2018-11-14", "2019-01-15")
    assert [row.account for row in lane_of(page, "in camp").rows] == [1, 2]
    assert lane_of(page, "in camp").depends


def test_accounts_stand_in_the_order_in_which_they_were_told() -> None:
    page = page_of(*LIFE)
    kept = [{page.line(n).statement.statement for n in one.keeps} for one in page.course.accounts]
    assert kept == [{"age"}, {"month"}]


def test_what_a_contradicted_event_only_bounds_stays_one_row() -> None:
    page = page_of(*LIFE)
    lane = lane_of(page, "passport withheld")
    assert not lane.depends
    assert len(lane.rows) == 1
    assert lane.rows[0].stints[0].end[0][0] == on("2018-11-14"), "what holds under every repair"


def test_a_contradiction_has_its_sides_and_what_they_are_joined_with() -> None:
    page = page_of(*LIFE)
    (one,) = page.contradictions
    assert one.event == "camp-entry"
    said = [page.line(party.statement).statement.statement for party in one.parties]
    assert said == ["age", "month"]
    assert [page.line(n).statement.statement for n in one.parties[0].joined] == ["born"]
    assert {repair.weight for repair in page.repairs} == {6}
    assert page.line(one.parties[0].statement).against == (one.parties[1].statement,)


def test_what_the_wide_reading_makes_whole_is_said() -> None:
    page = page_of(*LIFE)
    assert page.consistent_wide
    assert page.wide
    assert page.wide[0].event == "camp-entry"


def test_a_sum_adds_up() -> None:
    """Each ledger is arithmetic that a reader can follow with a pencil."""
    page = page_of(*LIFE)
    assert page.ledgers
    for ledger in page.ledgers:
        day = ledger.lines[0].day
        for line in ledger.lines[1:]:
            if line.step == "total":
                assert line.day == day
            else:
                day += line.days if line.step == "plus" else -line.days
        assert day == ledger.day


def test_every_bound_has_its_sum() -> None:
    page = page_of(*LIFE)
    have = {(one.event, one.side, one.account, one.day) for one in page.ledgers}
    for row in page.events:
        for bounds in row.bounds:
            for side, day in (("earliest", bounds.earliest), ("latest", bounds.latest)):
                assert day is None or (row.event, side, bounds.account, day) in have


def test_a_stay_goes_on_to_the_last_telling_that_says_so() -> None:
    assert lane_of(page_of(*LIFE), "Almaty").rows[0].stints[0].goes_on == on("2026-03-12")
    assert lane_of(page_of(ARRIVED), "Almaty").rows[0].stints[0].goes_on is None


def test_what_stands_only_on_what_was_passed_on_is_marked() -> None:
    heard = Statement("heard", "S", source="niece", via="guard", event="camp-entry", when="2018")
    seen = Statement("seen", "S", source="wife", role="perceived", event="camp-entry", when="2018")
    assert lane_of(page_of(heard), "in camp").rows[0].stints[0].hearsay
    both = page_of(heard, seen)
    assert not lane_of(both, "in camp").rows[0].stints[0].hearsay
    assert both.events[-1].chains == 2


def test_what_weighs_less_is_not_cited_for_days_that_it_denies() -> None:
    """Of two accounts that contradict each other the lighter one is named as such; it is no source of the
    days, no chain that leads to them, and nothing of the bar is certain."""
    lighter = msgspec.structs.replace(MONTH, grade="", when="2017-11")
    heavier = msgspec.structs.replace(MONTH, statement="more", source="S", when="2018-03")
    over = msgspec.structs.replace(LENGTH, after="", gap="", when="2019-12")
    for brief in (True, False):
        page = next(pages([heavier, lighter, over], today=TODAY, brief=brief))
        row = next(one for one in page.events if one.event == "camp-entry")
        (found,) = row.bounds
        assert found.ranges == during("2018-03-01", "2018-03-31")
        assert {number for one in found.reasons for number in one.statements} == {1}
        assert (row.weighed, row.chains) == ((2,), 0)
        (stint,) = (stint for one in lane_of(page, "in camp").rows for stint in one.stints)
        assert stint.weighed
        assert 2 not in stint.statements
        assert len(page.contradictions) == 1


def test_accounts_that_weigh_the_same_are_all_cited() -> None:
    """None of them is left out of anything."""
    other = msgspec.structs.replace(MONTH, statement="more", source="S", when="2018-03")
    page = page_of(MONTH, other)
    assert not any(row.weighed for row in page.events)
    assert not any(stint.weighed for lane in page.course.lanes for row in lane.rows for stint in row.stints)


def test_a_corrected_statement_is_kept_and_shown() -> None:
    later = msgspec.structs.replace(MONTH, statement="later", when="2018-03", corrects="month")
    page = page_of(MONTH, later)
    assert [line.standing for line in page.statements] == ["corrected", "reasoned"]
    assert page.line(1).corrected_by == 2
    assert lane_of(page, "in camp").rows[0].stints[0].start == during("2018-03-01", "2018-03-31")


def test_a_statement_set_aside_is_shown_with_the_reason() -> None:
    aside = Judgement("j", "set-aside", "the page was torn", "2026-11-01", statement="month")
    page = page_of(*LIFE, judgements=(aside,))
    assert page.consistent
    line = next(line for line in page.statements if line.statement.statement == "month")
    assert (line.standing, line.reason) == ("set-aside", "the page was torn")


def test_a_statement_about_another_life_is_numbered_where_it_is_needed() -> None:
    """What has no number is not shown."""
    other = Statement("o", "T", source="T", event="arrest", when="2018-05-01")
    own = Statement("s", "S", source="S", event="arrest", after="T/arrest", gap="P10D")
    page = page_of(own, other)
    assert page.events[-1].bounds[0].ranges == during("2018-05-11", "2018-05-11")
    assert "o" in {line.statement.statement for line in page.statements}


def test_what_somebody_only_counts_from_leads_back_to_those_words() -> None:
    """Nobody said that the walk was, or would say; others count from it all the same."""
    asked = Statement("q", "S", source="S", event="walk", answer="refused")
    own = Statement("s", "S", source="S", event="arrest", when="2018-05-11", after="walk", gap="P10D")
    other = Statement("o", "T", source="T", event="return", before="S/walk")
    found = {event.event: event.statements for event in solve([asked, own, other])[0].events}
    assert found == {"walk": ("s", "o"), "arrest": ("s",)}
    undated = page_of(asked, msgspec.structs.replace(own, when="", gap="")).undated
    assert {one.event: one.statements for one in undated} == {"walk": (2,), "arrest": (2,)}


def test_more_than_three_ways_are_one_row() -> None:
    said = [
        Statement(f"s{year}", "S", source=f"source {year}", event="camp-entry", when=str(year))
        for year in (2014, 2015, 2016, 2017, 2018)
    ]
    page = page_of(*said)
    assert page.course.ways == 5
    assert page.course.accounts == ()
    assert len(lane_of(page, "in camp").rows) == 1
    assert lane_of(page, "in camp").depends
    assert len(page.contradictions[0].parties) == 5


def test_only_the_lives_that_are_asked_for_have_pages() -> None:
    other = Statement("o", "T", source="T", event="arrest", when="2018")
    assert [page.label for page in pages([*LIFE, other], today=TODAY, subjects=["T"])] == ["T"]


@st.composite
def lives(draw_: st.DrawFn) -> list[Statement]:
    """Statements about one life: dates, orders and lengths of what opens and closes two states."""
    events = ("camp-entry", "camp-exit", "hospital-entry", "hospital-exit", "release", "death", "transfer")
    told = [
        Statement("began", "S", source="a", event="camp-entry", when="2016"),
        Statement("ended", "S", source="a", event="camp-exit", after="camp-entry", gap="P2Y"),
    ][: draw_(st.integers(0, 2))]
    for number in range(draw_(st.integers(1, 5))):
        event = draw_(st.sampled_from(events))
        one = Statement(f"s{number}", "S", source=draw_(st.sampled_from("ab")), event=event)
        kind = draw_(st.sampled_from(("when", "after", "gap")))
        other = draw_(st.sampled_from([name for name in events if name != event]))
        if kind == "when":
            one = msgspec.structs.replace(
                one, when=draw_(st.sampled_from(("2016", "2017-03", "2018", "2019-05-04", "[2016,2018]")))
            )
        elif kind == "after":
            one = msgspec.structs.replace(one, after=other)
        else:
            one = msgspec.structs.replace(
                one, after=other, gap=draw_(st.sampled_from(("P1Y", "P3M", ">P1Y")))
            )
        if event in ("release", "camp-exit", "transfer") and draw_(st.integers(0, 3)) == 3:
            one = msgspec.structs.replace(one, event=f"{event}#due", expected=True)
        if event in ("camp-entry", "transfer"):
            one = msgspec.structs.replace(one, place=draw_(st.sampled_from(("Tekes", "Boztal"))))
        told.append(one)
    named = {one.event for one in told}
    return [one for one in told if not one.after or one.after in named]


@given(lives(), st.integers(on("2015-06-01"), on("2021-12-31")))
def test_the_drawing_and_the_status_agree(told: list[Statement], day: int) -> None:
    """Solid is throughout, blank is never (looks, section 3)."""
    if not told:
        return
    page = page_of(*told)
    (linked,) = [one for one in link(told, ()) if "S" in one.subjects]
    solution = Solution(linked)
    surest = ("throughout", "at some time", "possibly", "never")
    found: dict[str, str] = {}
    for one in status(solution, 0, [(day - HORIZON_FIRST, day - HORIZON_FIRST)]):
        found[one.state] = min(found.get(one.state, "never"), one.certainty, key=surest.index)
    for lane in page.course.lanes:
        if lane.kind != "state" or len(lane.rows) != 1 or lane.depends:
            continue
        drawn = {_drawn(stint, day) for stint in lane.rows[0].stints}
        said = found.get(lane.name, "never")
        if "solid" in drawn:
            assert said == "throughout", (lane, said)
        if drawn == {"blank"}:
            assert said == "never", (lane, said)
        assert (said == "throughout") == ("solid" in drawn), (lane, said)
    sure = {state for state, said in found.items() if said == "throughout"}
    assert sure <= {lane.name for lane in page.course.lanes}


def _drawn(stint: Stint, day: int) -> str:
    es, ls = stint.start[0][0], stint.start[-1][1]
    ee, le = (stint.end[0][0], stint.end[-1][1]) if stint.end else (stint.sure, None)
    if ls is not None and ls <= day and (stint.final or (ee is not None and day < ee)):
        return "solid"
    # Who was taken and let go on one day was held that day.
    over = le is not None and day >= le and (ls is None or day > ls)
    if over or (es is not None and day < es):
        return "blank"
    return "hatched"


def test_the_published_people_have_pages(shared: Path) -> None:
    """Every life of the worked example gets a page, none of it with a question that hurts."""
    sheet = shared / "examples" / "border-of-tears.csv"
    with sheet.open(encoding="utf-8", newline="") as file:
        told = [
            msgspec.convert({key: value for key, value in row.items() if value}, Statement)
            for row in csv.DictReader(file)
        ]
    found = {page.label: page for page in pages(told, today=TODAY)}
    assert set(found) == {"Ajar", "Saule", "Yerke", "Yerke's son", "Ospan"}
    asked = {question.event for question in found["Yerke"].questions}
    assert not asked & {"socks-request", "home-visit", "death"}
