"""Errands: what takes seconds is done beside, once for each name, and nothing is closed under it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.errands import Errand, Errands, mark
from estelik.errors import ReleaseError
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.create(tmp_path / "casebook", b"p", name="Aigerim", cost=CHEAP) as found:
        yield found


def done(errand: Errand) -> Errand:
    for _ in range(500):
        if errand.done:
            return errand
        time.sleep(0.01)
    raise AssertionError


def test_an_errand_of_one_name_is_under_way_once(casebook: Casebook) -> None:
    go, runs = threading.Event(), list[int]()

    def work() -> str:
        go.wait(5)
        runs.append(1)
        return "found"

    errands = Errands(casebook)
    one = errands.begin("a", work)
    assert errands.begin("a", work) is one
    assert not one.done
    go.set()
    assert done(one).value == "found"
    assert runs == [1]
    assert errands.begin("a", work) is not one


def test_what_kept_an_errand_from_its_end_is_told_in_words(casebook: Casebook) -> None:
    """What nobody foresaw is told without what it was about."""
    errands = Errands(casebook)

    def refuse() -> None:
        raise ReleaseError("This release was withdrawn.")

    def fail() -> None:
        raise ValueError("Saule")

    assert isinstance(done(errands.begin("a", refuse)).error, ReleaseError)
    failed = done(errands.begin("b", fail)).error
    assert failed is not None
    assert "Saule" not in str(failed)


def test_a_casebook_is_closed_when_the_last_errand_is_done(casebook: Casebook) -> None:
    go, closed, there = threading.Event(), threading.Event(), list[bool]()
    errands = Errands(casebook)

    def work() -> None:
        go.wait(5)
        there.append(not closed.is_set())

    errand = errands.begin("a", work)
    errands.end(closed.set)
    assert not closed.is_set()
    go.set()
    done(errand)
    assert closed.wait(5)
    assert there == [True]
    idle, at_once = Errands(casebook), threading.Event()
    idle.end(at_once.set)
    assert at_once.is_set()


def test_the_mark_of_a_casebook_is_another_after_every_record(casebook: Casebook) -> None:
    before = mark(casebook)
    assert mark(casebook) == before
    casebook.add_statements([Statement("s1", "Saule", source="a", told="2020", event="arrest", when="2018")])
    assert mark(casebook) != before


def test_few_errands_are_remembered(casebook: Casebook) -> None:
    errands = Errands(casebook)
    for number in range(20):
        done(errands.begin(str(number), int))
    assert errands.of("0") is None
    assert errands.of("19") is not None
