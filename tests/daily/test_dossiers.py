"""Dossiers: a page compares a life with a few who were where it was, and all pages with everybody."""

from __future__ import annotations

import gc
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.daily.dossiers import Company, dossiers, others_near
from estelik.daily.judging import decided
from estelik.errors import EstelikError
from estelik.records import Named, Statement
from estelik.views.encounters import Meetings

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

TODAY = 740000
LABELS = ("Aman", "Bota", "Camp/East", "Dana", "?woman", "Elder")
PLACES = ("Boztal camp", "Boztal county", "camp in Boztal county", "")


@st.composite
def told(draw: st.DrawFn) -> list[Statement]:
    """Statements about few people in few places, some of whom hang together."""
    rows: list[Statement] = []
    for number in range(draw(st.integers(2, 14))):
        pick: dict[str, Any] = {
            "about": draw(st.sampled_from(LABELS)),
            "testimony": draw(st.sampled_from(("visit", "letter"))),
            "source": draw(st.sampled_from(("niece", "aunt"))),
            "event": draw(st.sampled_from(("camp-entry", "camp-entry", "release"))),
            "when": draw(st.sampled_from(("2017", "2017-05", "2018", ""))),
            "after": draw(st.sampled_from(("", "", "", "Aman/camp-entry", "Bota/release"))),
            "place": draw(st.sampled_from(PLACES)),
            "compartment": draw(st.sampled_from(("testimony", "medical"))),
        }
        rows.append(Statement(f"s{number}", **pick))
    return rows


def _judge(casebook: Casebook, *labels: str, decision: str) -> None:
    with_testimony = decision == "split"
    subjects = tuple(Named(one, testimony="visit" if with_testimony else "") for one in labels)
    judgement = decided(casebook, decision, "It was said so.", subjects=subjects)  # type: ignore[arg-type]
    try:
        casebook.add_judgement(judgement)
    except EstelikError:
        # Nobody speaks of one of them.
        return


@settings(max_examples=25, deadline=None)
@given(rows=told(), size=st.integers(1, 3), joined=st.booleans(), split=st.booleans(), hidden=st.booleans())
def test_all_parts_together_are_all_encounters_each_once(
    rows: list[Statement], size: int, *, joined: bool, split: bool, hidden: bool
) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        Casebook.create(Path(name) / "case", b"apple tree", cost=CHEAP) as casebook,
    ):
        casebook.add_statements(rows)
        if joined:
            _judge(casebook, "Aman", "Dana", decision="same")
        if split:
            _judge(casebook, "Bota", decision="split")
        if hidden:
            casebook.decisions.restrict(casebook.decisions.closure("statement", "s0"), "He asked for it.")
        lives = casebook.lives
        shown = list(casebook.statements())
        for place in filter(None, PLACES):
            assert lives.at_places([place]) == sorted({one.about for one in shown if one.place == place})
        assert lives.place_labels() == sorted({one.place for one in shown if one.place})
        for key in {one.subject for one in lives.all().statements}:
            meetings = Meetings(lives)
            group = meetings.group(key)
            near = meetings.near(group, key)
            every = meetings.of(group, key)
            parts = [
                met
                for first in range(0, max(len(near), 1), size)
                for met in Meetings(lives).some(group, key, near, first, size)
            ]
            assert sorted(parts, key=repr) == sorted(every, key=repr)


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[Casebook]:
    """Forty who were in one camp, and one who was in another in that county."""
    with Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP) as made:
        made.add_statements(
            Statement(
                f"p{n}", f"Person {n:02}", event="camp-entry", when=str(2010 + n % 10), place="Boztal camp 3"
            )
            for n in range(40)
        )
        made.add_statements(
            [Statement("q", "Other", event="camp-entry", when="2015", place="a camp in Boztal")]
        )
        yield made


def test_a_page_shows_the_nearest_and_says_how_many_more_there_are(crowd: Casebook) -> None:
    def taken(_life: str) -> Any:
        return lambda label: abs(int(label[-2:]) - 7) if label[-2:].isdecimal() else 100.0

    (page,) = dossiers(crowd, ("Person 00",), today=TODAY, company=Company(5, taken))
    assert {one.subject for one in page.encounters} == {f"Person {n:02}" for n in (5, 6, 7, 8, 9)}
    assert page.near == 34 + len(_elsewhere(crowd))
    (whole,) = dossiers(crowd, ("Person 00",), today=TODAY)
    assert whole.near == 0
    assert len(whole.encounters) == 39


def _elsewhere(casebook: Casebook) -> list[str]:
    meetings = Meetings(casebook.lives)
    return [one for one in meetings.near(meetings.group("Person 00"), "Person 00") if one == "Other"]


def test_whoever_is_not_looked_at_is_not_read(crowd: Casebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a page of a crowded place takes does not grow with the crowd."""
    read: list[str] = []
    groups = crowd.lives.groups
    monkeypatch.setattr(crowd.lives, "groups", lambda subjects: groups(_noted(read, subjects)))
    dossiers(crowd, ("Person 00",), today=TODAY, company=Company(5))
    assert read == [f"Person {n:02}" for n in range(1, 6)]


def _noted(read: list[str], subjects: Collection[str]) -> Collection[str]:
    read.extend(subjects)
    return subjects


def test_the_others_come_page_by_page(crowd: Casebook) -> None:
    pages = [others_near(crowd, "Person 00", first, 24) for first in (0, 24)]
    found = [one.key for met, _ in pages for one in met]
    assert len(found) == len(set(found)) == 39
    assert {len(near) for _, near in pages} == {39 + len(_elsewhere(crowd))}


@settings(max_examples=10, deadline=None)
@given(rows=told(), more=told(), asked=st.lists(st.sampled_from(LABELS), min_size=1, max_size=3))
def test_a_page_that_is_asked_for_again_is_what_it_is_for_whoever_asks_first(
    rows: list[Statement], more: list[Statement], asked: list[str]
) -> None:
    """Also after something was entered, or decided, or kept out of sight."""

    def page(casebook: Casebook, label: str) -> object:
        try:
            return dossiers(casebook, (label,), today=TODAY, company=Company(3))
        except EstelikError:
            return None

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "case"
        with Casebook.create(folder, b"apple tree", cost=CHEAP) as casebook:
            casebook.add_statements(rows)
            for change in (
                lambda: None,
                lambda: casebook.add_statements(
                    replace(one, statement=f"more {one.statement}") for one in more
                ),
                lambda: _judge(casebook, "Aman", "Dana", decision="same"),
                lambda: casebook.decisions.restrict(casebook.decisions.closure("statement", "s0"), "Asked."),
            ):
                change()
                found = [page(casebook, one) for one in (*asked, *asked)]
                with Casebook.open(folder, b"apple tree") as anew:
                    assert found == [page(anew, one) for one in asked] * 2


def test_what_was_read_of_a_casebook_is_forgotten_with_it(tmp_path: Path) -> None:
    """Nobody who signs out leaves lives in memory."""
    casebook = Casebook.create(tmp_path / "casebook", b"x", cost=CHEAP)
    casebook.add_statements(
        [Statement("p", "Person", event="camp-entry", when="2017", place="Boztal camp 3")]
    )
    assert dossiers(casebook, ("Person",), today=TODAY, company=Company(3))
    assert others_near(casebook, "Person", 0, 3)
    casebook.close()
    there = ref(casebook)
    del casebook
    gc.collect()
    assert there() is None
