"""Repairs: weights as the contract says, and independent contradictions told apart."""

from __future__ import annotations

from random import Random

import pytest

from estelik.chronology.repairs import weight
from estelik.chronology.timeline import solve
from estelik.records import Statement


@pytest.mark.parametrize(
    ("grade", "expected"),
    [("", 4), ("F6", 4), ("A1", 8), ("B2", 6), ("C3", 4), ("D4", 2), ("E5", 1), ("A5", 4), ("E1", 4)],
)
def test_an_asserted_statement_weighs_by_its_grade(grade: str, expected: int) -> None:
    assert weight(Statement("s", "A", event="release", grade=grade)) == expected


@pytest.mark.parametrize(("layer", "expected"), [("implicature", 1), ("presumption", 2), ("background", 2)])
def test_a_weak_layer_weighs_the_same_whatever_its_grade(layer: str, expected: int) -> None:
    assert weight(Statement("s", "A", event="release", grade="A1", layer=layer)) == expected  # type: ignore[arg-type]


def test_words_said_under_pressure_never_outweigh() -> None:
    assert weight(Statement("s", "A", event="release", grade="A1", role="coerced")) == 1


def test_conflicts_that_share_a_statement_are_repaired_together() -> None:
    rows = [
        Statement("a", "Aigul", event="release", when="2017", grade="A1"),
        Statement("b", "Aigul", event="release", when="2018", grade="E5"),
        Statement("c", "Aigul", event="release", when="2018", grade="D4"),
    ]
    (found,) = solve(rows)
    assert set(found.conflicts) == {("a", "b"), ("a", "c")}
    assert [(repair.weight, repair.statements) for repair in found.repairs] == [(3, ("b", "c"))]


def test_two_contradictions_that_share_nothing_are_repaired_apart() -> None:
    rows = [
        Statement("a", "Aigul", event="birth", when="1950"),
        Statement("b", "Aigul", event="birth", when="1960"),
        Statement("c", "Aigul", event="release", when="2019"),
        Statement("d", "Aigul", event="release", when="2020", grade="A1"),
    ]
    (found,) = solve(rows)
    assert not found.consistent
    assert set(found.conflicts) == {("a", "b"), ("c", "d")}
    assert {(repair.weight, repair.statements) for repair in found.repairs} == {
        (4, ("a",)),
        (4, ("b",)),
        (4, ("c",)),
    }


def test_above_256_combinations_the_bounds_are_those_without_any_repairable_statement() -> None:
    rows = []
    for number in range(9):
        rows.append(Statement(f"a{number}", "Aigul", event=f"seen#{number}", when="2018"))
        rows.append(Statement(f"b{number}", "Aigul", event=f"seen#{number}", when="2019"))
    (found,) = solve(rows)
    assert not found.complete
    assert len(found.repairs) == 18
    assert all(event.earliest is None and event.latest is None for event in found.events)
    (eight,) = solve(rows[:16])
    assert eight.complete
    assert all(len(event.ranges) == 1 and event.earliest is not None for event in eight.events)


def test_sixty_accounts_of_one_day_are_sixty_repairs() -> None:
    """Each pair contradicts; all but one would have to be set aside."""
    rows = [Statement(f"s{year}", "Aigul", event="arrest", when=f"20{year}-01-01") for year in range(10, 70)]
    (found,) = solve(rows)
    assert (len(found.conflicts), len(found.repairs), found.complete) == (60 * 59 // 2, 60, True)
    assert len(found.events[0].ranges) == 60


def test_what_cannot_be_searched_through_is_bounded_from_outside() -> None:
    """Sixty compound statements at random: no answer is exact, every answer holds."""
    draw = Random(3)
    rows = [
        Statement(
            f"s{number}",
            "Aigul",
            event=f"seen#{draw.randrange(8)}",
            when=f"20{draw.randrange(10, 30)}",
            age=str(draw.randrange(20, 40)),
        )
        for number in range(60)
    ]
    (found,) = solve(rows)
    assert not found.consistent
    assert not found.complete
    apart = {statement for repair in found.repairs for statement in repair.statements}
    (rest,) = solve([row for row in rows if row.statement not in apart])
    looser = {event.event: event for event in found.events}
    for event in rest.events:
        outer = looser[event.event]
        assert outer.earliest is None or (event.earliest or 0) >= outer.earliest
