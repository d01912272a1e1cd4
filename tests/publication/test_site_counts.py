"""Counts of a site: none is small, and none tells by its difference to an earlier one how few left."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estelik.protection.table import Table, bounds
from estelik.publication.site_counts import (
    SMALL,
    Earlier,
    Number,
    counted,
    numbers,
    published,
    remembered,
)
from estelik.records.release import Publication


def repeated(counts: dict[str, int]) -> list[str]:
    return [value for value, count in counts.items() for _ in range(count)]


def after(counts: dict[str, int], found: dict[str, Number], day: str) -> Earlier:
    """A table as it is remembered."""
    given_ = frozenset(value for value, one in found.items() if one.given is not None and not one.day)
    return Earlier(day, {value: counts.get(value, 0) for value in found}, given_)


def shown(found: dict[str, Number]) -> dict[str, int | None]:
    return {value: one.given for value, one in found.items()}


@given(st.lists(st.sampled_from("abcdefg"), max_size=90))
def test_no_small_count_can_be_worked_out(values: list[str]) -> None:
    """What is given is true, none of it is small, and what is left out could each be something else, although
    the whole is known."""
    found = shown(counted(values))
    true = {one: values.count(one) for one in set(values)}
    assert all(count in (None, true[one]) for one, count in found.items())
    assert all(count is None or count >= SMALL for count in found.values())
    hidden = [one for one, count in found.items() if count is None]
    whole = sum(true[one] for one in hidden)
    if 1 < len(hidden) < 5 and whole >= 2 * SMALL:
        ways = [way for way in product(range(1, whole + 1), repeat=len(hidden)) if sum(way) == whole]
        for place in range(len(hidden)):
            assert len({way[place] for way in ways}) > 1
    if hidden and len(hidden) < len(found):
        table = Table(tuple(found), ("entries",), tuple((true[one],) for one in found))
        cells = {(place, column) for place, one in enumerate(found) if one in hidden for column in (0, 1)}
        for place, one in enumerate(found):
            if one in hidden:
                _, most = bounds(table, cells, (place, 0))
                assert most is not None
                # The others are there: each is one at least.
                assert most - (len(hidden) - 1) >= SMALL


def test_that_two_left_is_not_told() -> None:
    """Nine in spring, seven in autumn: the nine stay, with their day, until five more or fewer are there."""
    first = counted(repeated({"a": 9, "b": 20}))
    assert shown(first) == {"a": 9, "b": 20}
    spring = after({"a": 9, "b": 20}, first, "2026-03-01")
    second = counted(repeated({"a": 7, "b": 20}), [spring])
    # That the twenty are as they were would tell that two left, since all can count the entries.
    assert second == {"a": Number(7, 9, "2026-03-01"), "b": Number(20, 20, "2026-03-01")}
    autumn = after({"a": 7, "b": 20}, second, "2026-09-01")
    third = counted(repeated({"a": 15, "b": 26}), [spring, autumn])
    assert third == {"a": Number(15, 15), "b": Number(26, 26)}


def test_what_nobody_of_these_saw_is_not_given_as_it_was() -> None:
    """A number that only the press had counts for the difference, and is shown to nobody else."""
    before = Earlier("2026-03-01", {"a": 9, "b": 20}, frozenset("ab"), seen=False)
    assert shown(counted(repeated({"a": 7, "b": 20}), [before])) == {"a": None, "b": None}


def test_as_long_as_fewer_than_five_came_all_stays_as_it_was() -> None:
    """Whoever knows that two came may not learn where."""
    first = counted(repeated({"a": 9, "b": 20, "c": 30}))
    spring = after({"a": 9, "b": 20, "c": 30}, first, "2026-03-01")
    found = counted(repeated({"a": 9, "b": 20, "c": 32}), [spring])
    assert {one.day for one in found.values()} == {"2026-03-01"}


_COUNTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 30), min_size=1)
_CHANGES = st.lists(st.dictionaries(st.sampled_from("abcde"), st.integers(-9, 9)), min_size=1, max_size=4)


@given(_COUNTS, _CHANGES, st.sampled_from(["grow", "shrink", "both"]))
def test_no_small_difference_can_be_worked_out(
    counts: dict[str, int], changes: list[dict[str, int]], way: str
) -> None:
    """Between any two of many releases: a number that both give is the same, or differs by five; where people
    were only added, or only left, each small difference could be five by all that is given; or nothing is
    given anew."""
    tables: list[Earlier] = []
    found: list[dict[str, Number]] = []
    for change in ({}, *changes):
        by = {one: -abs(each) if way == "shrink" else abs(each) for one, each in change.items()}
        by = change if way == "both" else by
        counts = {one: max(counts.get(one, 0) + by.get(one, 0), 0) for one in {*counts, *change}}
        found.append(counted(repeated(counts), tables))
        tables.append(after(counts, found[-1], f"2026-01-{len(tables) + 1:02}"))
    for number, table in enumerate(tables):
        for one in found[number].values():
            assert one.given is None or one.given >= SMALL
        for before in tables[:number]:
            for value in table.given & before.given:
                assert not 0 < abs(table.counts[value] - before.counts[value]) < SMALL
            _cannot_be_worked_out(before, table)
    by_day = {table.day: table for table in tables}
    for numbers_ in found:
        # What is given as it was is what was given then.
        for value, one in numbers_.items():
            if one.day:
                assert value in by_day[one.day].given
                assert one.given == by_day[one.day].counts[value]


def _cannot_be_worked_out(before: Earlier, table: Earlier) -> None:
    every = sorted({*before.counts, *table.counts})
    change = {one: table.counts.get(one, 0) - before.counts.get(one, 0) for one in every}
    # Who stands in a table not at all is in it nought times, for certain.
    unknown = {one for one in every for at in (before, table) if one in at.counts and one not in at.given}
    nothing_new = not any(table.counts[one] and one in table.given for one in table.counts)
    sign = 1 if min(change.values(), default=0) >= 0 else -1 if max(change.values()) <= 0 else 0
    if nothing_new or not every:
        return
    if not sign:
        # Some came and some left: what is hidden now may have grown by five all the same.
        now = Table(tuple(every), ("entries",), tuple((table.counts.get(one, 0),) for one in every))
        hidden = {one for one in table.counts if one not in table.given}
        cells = {(place, column) for place, one in enumerate(every) if one in hidden for column in (0, 1)}
        for place, one in enumerate(every):
            if one in hidden & before.given and 0 < abs(change[one]) < SMALL:
                _, most = bounds(now, cells, (place, 0))
                assert most is not None
                assert most >= before.counts[one] + SMALL
        return
    rows = tuple((sign * change[one],) for one in every)
    whole = Table(tuple(every), ("entries",), rows)
    cells = {(place, column) for place, one in enumerate(every) if one in unknown for column in (0, 1)}
    for place, one in enumerate(every):
        if 0 < abs(change[one]) < SMALL:
            _, most = bounds(whole, cells, (place, 0))
            assert most is not None
            assert most >= SMALL, (before, table, one)


def test_what_was_counted_comes_back_from_what_is_kept() -> None:
    """Also how many there are in all; a number that stands as it was is not kept as one that was given."""
    first = numbers((), {})
    assert first["entries"][""] == Number(0, 0)
    kept = Publication("p", "2026-03-01T00:00:00+00:00", "d", "r", "00", counts=remembered(first))
    again = published([(kept, True)])
    assert again["entries"] == [Earlier("2026-03-01", {"": 0}, frozenset({""}))]


@pytest.mark.parametrize(("then", "now", "given_"), [(9, 9, 9), (9, 7, 9), (9, 14, 14), (3, 9, 9)])
def test_how_many_there_are_in_all_is_a_count_like_others(then: int, now: int, given_: int) -> None:
    """On the pages that are copied without the lists."""
    from estelik.publication.site_counts import _whole

    before = Earlier("2026-03-01", {"": then}, frozenset({""}))
    assert _whole(now, [before]).given == given_
