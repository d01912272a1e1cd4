"""Two registers of the same people: how often they disagree, and whether a wrong day is named."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest
from tests.depth import DEPTH
from tests.oracle import argentina, brute
from tests.oracle.compare import finest_repairs

from estelik.chronology.timeline import solve

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from estelik.chronology.timeline import Timeline
    from estelik.records import Statement

People = list[list["Statement"]]


@pytest.fixture(scope="module")
def people(shared: Path) -> People:
    """Everybody's statements, of both registers."""
    return argentina.people(shared / "outside" / "chronology" / "argentina_two_registers.csv")


@pytest.fixture(scope="module")
def timelines(people: People) -> dict[str, Timeline]:
    """Everybody's timeline, by label."""
    return {life.subject: life for life in solve(_all(people))}


def _all(people: Iterable[list[Statement]]) -> list[Statement]:
    return [row for person in people for row in person]


def test_the_registers_contradict_each_other_on_one_person_in_six(timelines: dict[str, Timeline]) -> None:
    """Read strictly; two thirds of that is what registers are usually off."""
    contradicted = sum(not life.consistent for life in timelines.values()) / len(timelines)
    still = sum(not life.consistent_wide for life in timelines.values()) / len(timelines)
    assert 0.14 <= contradicted <= 0.17
    assert 0.02 < still < 0.08


def test_the_wide_reading_says_what_the_strict_one_says_of_it(
    people: People, timelines: dict[str, Timeline]
) -> None:
    wide = {life.subject: life for life in solve(_all(people), reading="wide")}
    assert {name for name, life in wide.items() if not life.consistent} == {
        name for name, life in timelines.items() if not life.consistent_wide
    }


def test_every_contradiction_is_named_with_ways_out_of_it(timelines: dict[str, Timeline]) -> None:
    for life in timelines.values():
        assert life.consistent == (not life.conflicts) == (not life.repairs)
        for repair in life.repairs:
            assert repair.weight == 4 * len(repair.statements)


def test_the_oracle_says_the_same_of_a_sample(people: People, timelines: dict[str, Timeline]) -> None:
    source = random.Random(1977)
    contradicted = [person for person in people if not timelines[person[0].about].consistent]
    for person in source.sample(people, 150) + source.sample(contradicted, 150):
        life, expected = timelines[person[0].about], brute.solve(person)
        (oracle,) = expected.lives.values()
        assert life.consistent == oracle.consistent
        assert life.consistent_wide == oracle.consistent_wide
        assert {frozenset(ids) for ids in life.conflicts} == expected.conflicts
        assert {(weight, frozenset(ids)) for weight, ids in finest_repairs(person)} == expected.repairs
        assert {one for repair in life.repairs for one in repair.statements} == {
            one for _, ids in expected.repairs for one in ids
        }
        assert {event.event: event.ranges for event in life.events} == {
            label: event.ranges for label, event in oracle.events.items()
        }


def test_a_statement_made_wrong_is_among_the_repairs_every_time(
    people: People, timelines: dict[str, Timeline]
) -> None:
    """Dates moved by 30 to 800 days, births and ages by 400 to 2,500, one statement at a time.

    On people of whom both registers say everything, to the day, without contradiction: one in three of them,
    and each with ``make histories``.
    """
    source = random.Random(1983)
    whole = [person for person in people if _whole(person) and timelines[person[0].about].consistent]
    assert len(whole) > 1500
    whole = whole[:: 3 if DEPTH == 1 else 1]
    injected: People = []
    culprits: dict[str, str] = {}
    for person in whole:
        for number, row in enumerate(person):
            label = f"{row.about} {number}"
            copy = [
                msgspec.structs.replace(
                    _shifted(said, source) if said is row else said,
                    about=label,
                    statement=f"{label} {said.statement}",
                    testimony=f"{label} {said.testimony}",
                )
                for said in person
            ]
            injected.append(copy)
            culprits[label] = f"{label} {row.statement}"
    found = {life.subject: life for life in solve(_all(injected))}
    assert len(found) == len(injected)
    for label, culprit in culprits.items():
        assert not found[label].consistent
        assert culprit in {one for ids in found[label].conflicts for one in ids}
        assert (culprit,) in {repair.statements for repair in found[label].repairs}


def _whole(person: list[Statement]) -> bool:
    """Six statements, the dates of both registers to the day."""
    days = [row for row in person if row.when and not row.statement.endswith("ruvte-birth")]
    return len(person) == 6 and all(len(row.when) == 10 for row in days)


def _shifted(row: Statement, source: random.Random) -> Statement:
    """The same statement, wrong."""
    either_way = source.choice((-1, 1))
    years = max(2, round(source.randint(400, 2500) / 365.25))
    if row.age:
        age = int(row.age)
        return msgspec.structs.replace(row, age=str(age + (years if age < years else either_way * years)))
    if row.when.isdigit():
        return msgspec.structs.replace(row, when=str(int(row.when) + either_way * years))
    days = source.randint(400, 2500) if row.event == "birth" else source.randint(30, 800)
    moved = date.fromisoformat(row.when) + either_way * timedelta(days=days)
    return msgspec.structs.replace(row, when=moved.isoformat())


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("09/08/1976   FLORIDA  VICENTE LOPEZ  BUENOS AIRES", "1976-08-09"),
        ("1ñ/03/1977   CAPITAL FEDERAL", "1977-03-01"),
        ("02-04/02/1978   NECOCHEA  BUENOS AIRES", "1978-02-02/1978-02-04"),
        ("1ñ-07/01/1977   LA PLATA  BUENOS AIRES", "1977-01-01/1977-01-07"),
        ("30/11-02/12/1976   LA PLATA  BUENOS AIRES", "1976-11-30/1976-12-02"),
        ("SEP/1977   ROSARIO  SANTA FE", "1977-09"),
        ("NOV-DIC/1975   CAMPO DE MAYO", "1975-11/1975-12"),
        ("ABR-MAY 1976   CORDOBA", "1976-04/1976-05"),
        ("princ/10/1977   CAPITAL FEDERAL", "1977-10-01/1977-10-10"),
        ("med/05/1976   SALTA", "1976-05-11/1976-05-20"),
        ("fines/02/1976   CAPITAL FEDERAL", "1976-02-21/1976-02-29"),
        ("2ñ quinc/11/1977   MAR DEL PLATA", "1977-11-16/1977-11-30"),
        ("princ/1977   CAPITAL FEDERAL", "1977-01/1977-04"),
        ("med-fines/1976   Capital Federal / Gran Buenos Aires", "1976-05/1976-12"),
        ("AñO/1976   Gran Buenos Aires (zona norte)", "1976"),
        ("AñOS/1979-80   PAMPA DEL CIELO  CHACABUCO  CHACO", "1979/1980"),
        ("---", ""),
        ("", ""),
    ],
)
def test_the_spanish_of_the_registers_becomes_edtf(cell: str, expected: str) -> None:
    assert argentina.date(cell) == expected
