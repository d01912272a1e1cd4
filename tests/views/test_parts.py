"""Parts: what is too much for one page is on several, all of it and each thing once."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from estelik.records import Statement
from estelik.views.dossier import pages
from estelik.views.parts import PARTS, Parts, cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.views.course import Lane
    from estelik.views.parts import Part
    from estelik.views.person import PersonPage

_TODAY = 739_000


@given(
    sizes=st.lists(st.integers(0, 60), max_size=40),
    most=st.integers(1, 9),
    room=st.integers(1, 100),
    later=st.integers(1, 3),
)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_a_cut_has_everything_once_in_order_and_no_part_is_too_large(
    sizes: list[int], most: int, room: int, later: int
) -> None:
    """A part has more room than it may take only where it has but one."""
    found = cut(sizes, most, room, later)
    assert [index for part in found for index in part] == list(range(len(sizes)))
    for number, part in enumerate(found):
        times = later if number else 1
        assert len(part) <= times * most
        assert len(part) == 1 or sum(sizes[index] for index in part) <= times * room
    assert all(found) or found == (range(0),)


def told(count: int) -> Iterator[Statement]:
    """A life with so many statements of each sort: names, camps, facts that differ, all by many people."""
    for k in range(count):
        source, day = f"teller {k % 60}", f"2022-{1 + k % 12:02d}-{1 + k % 28:02d}"
        camp = f"camp-entry #{k + 2}"

        def said(what: str, k: int = k, source: str = source, day: str = day, **cells: Any) -> Statement:
            return Statement(f"{what}{k}", "Gulnar", source=source, told=day, **cells)

        yield said("n", fact="name", value=f"Gulnar {k}", quote="They called her so." * (k % 4))
        yield said("e", event=camp, when=f"{2001 + k}-02", place=f"Camp {k}")
        yield said("r", event=f"release #{k + 2}", when=f"{2001 + k}-07-10", grade="B2")
        yield said("s", event=f"release #{k + 2}", when=f"{2001 + k}-09-10", grade="C3")
        yield said("f", fact="charge", value=f"charge {k}", quote="Слова. " * (k % 9))
        yield said("i", event=f"interrogation #{k + 1}", after=camp, gap=f"P{1 + k % 9}D")


@cache
def life(count: int) -> PersonPage:
    """Its page."""
    (page,) = pages(list(told(count)), today=_TODAY, subjects=("Gulnar",), brief=count > 20)
    return page


def every(parts: Parts, part: Part) -> list[PersonPage]:
    """What each part of a list shows."""
    return [parts.shown(part, number) for number in range(1, parts.count[part] + 1)]


def drawn(lanes: tuple[Lane, ...]) -> list[object]:
    """The bars and marks of these lanes, in no order."""
    found = [one for lane in lanes for row in lane.rows for one in (*row.stints, *row.marks)]
    return sorted(found, key=repr)


def test_a_life_that_one_page_has_room_for_is_not_cut() -> None:
    parts = Parts(life(2))
    assert parts.alone
    assert parts.first is parts.page
    assert set(parts.count.values()) == {1}


def test_all_parts_together_have_all_of_a_life_each_thing_once() -> None:
    """In their order; and what is drawn is drawn on one of them."""
    page = life(30)
    parts = Parts(page)
    assert min(parts.count[one] for one in PARTS) > 1

    def together(part: Part, of: str) -> list[object]:
        return [one for shown in every(parts, part) for one in getattr(shown, of)]

    for part, of in (
        ("names", "names"),
        ("timeline", "events"),
        ("timeline", "undated"),
        ("contradictions", "contradictions"),
        ("statements", "statements"),
        ("sources", "sources"),
    ):
        assert together(part, of) == list(getattr(page, of)), part  # type: ignore[arg-type]
    values = [(one.fact, value) for one in page.differences for value in one.values]
    shown = [one for part in every(parts, "differences") for one in part.differences]
    assert [(one.fact, value) for one in shown for value in one.values] == values
    lanes = tuple(lane for shown in every(parts, "timeline") for lane in shown.course.lanes)
    assert drawn(lanes) == drawn(page.course.lanes)


def test_a_date_has_its_sum_on_the_same_part_and_a_contradiction_its_ways_out() -> None:
    page = life(14)
    parts = Parts(page)
    assert page.ledgers
    for shown in every(parts, "timeline"):
        named = {one.event for one in shown.events}
        assert [one for one in page.ledgers if one.event in named] == list(shown.ledgers)
    for shown in every(parts, "contradictions"):
        sides = {party.statement for one in shown.contradictions for party in one.parties}
        kept = [one for one in page.repairs if not one.among or sides & {*one.among}]
        assert list(shown.repairs) == kept
        assert kept


def test_the_home_of_a_statement_is_the_part_that_shows_it() -> None:
    parts = Parts(life(30))
    for number, shown in enumerate(every(parts, "statements"), 1):
        assert {parts.home(one.number) for one in shown.statements} == {number}


def test_the_page_of_the_life_has_the_first_part_of_each_list() -> None:
    parts = Parts(life(30))
    first = parts.first
    for part, of in (("names", "names"), ("statements", "statements"), ("sources", "sources")):
        assert getattr(first, of) == getattr(parts.shown(part, 1), of)  # type: ignore[arg-type]
    assert first.course == parts.shown("timeline", 1).course
