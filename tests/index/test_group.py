"""Groups against the engine's own linking over the whole casebook."""

from __future__ import annotations

import tempfile
from itertools import count, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.depth import DEPTH

from estelik.casebook import Casebook
from estelik.chronology.lives import link
from estelik.errors import NotFoundError
from estelik.index import rebuild
from estelik.records import Judgement, Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

CHEAP = Cost(memory=8, passes=1, lanes=1)
LABELS = ("Aman", "Bota", "Camp/East", "Dana", "?woman", "Elder")
REFERENCES = (
    *("", "", "", "arrest", "told", "birth", "Aman/arrest", "Bota/release", "Camp/East/arrest"),
    *("Dana/arrest", "?woman/arrest", "Nobody/arrest", "East/arrest"),
)


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.create(tmp_path / "case", b"apple tree", cost=CHEAP) as made:
        yield made


@st.composite
def sheets(draw: st.DrawFn) -> list[list[Statement]]:
    """One to three imports of statements about few people in few tellings."""
    rows: list[Statement] = []
    for number in range(draw(st.integers(1, 14))):
        pick: dict[str, Any] = {
            "about": draw(st.sampled_from(LABELS)),
            "testimony": draw(st.sampled_from(("", "", "visit", "letter"))),
            "source": draw(st.sampled_from(("niece", "aunt", "Aman"))),
            "told": draw(st.sampled_from(("", "2019", "2019-03-01", "2020-05"))),
            "event": draw(st.sampled_from(("arrest", "release"))),
            "after": draw(st.sampled_from(REFERENCES)),
            "before": draw(st.sampled_from(REFERENCES)),
            "answer": draw(st.sampled_from(("yes", "yes", "yes", "no"))),
            "compartment": draw(st.sampled_from(("testimony", "medical", "casework"))),
            "corrects": draw(st.sampled_from(["", "", "", *(row.statement for row in rows)])),
        }
        rows.append(Statement(f"s{number}", **pick))
    cuts = sorted(draw(st.lists(st.integers(0, len(rows)), max_size=2)))
    return [rows[a:b] for a, b in pairwise([0, *cuts, len(rows)])]


def _linked(statements: Sequence[Statement], subject: str) -> tuple[Any, ...]:
    """What the engine would solve for ``subject``: the statements of its group, and its tellings' dates."""
    for group in link(statements):
        if subject in group.subjects:
            told = {telling: sorted(cells) for telling, cells in group.told.items()}
            return [s.statement for s in group.statements], told, sorted(group.referenced)
    return ()


def _renamed(row: Statement, number: int) -> Statement:
    """The statement with labels that no other example has."""
    unnamed = row.about.startswith("?")
    about = f"?{number} {row.about[1:]}" if unnamed else f"{number} {row.about}"
    changes = {"statement": f"{number}.{row.statement}", "about": about}
    for column in ("testimony", "source"):
        if getattr(row, column):
            changes[column] = f"{number} {getattr(row, column)}"
    for column in ("after", "before"):
        cell = getattr(row, column)
        if "/" in cell:
            changes[column] = f"?{number} {cell[1:]}" if cell.startswith("?") else f"{number} {cell}"
    if row.corrects:
        changes["corrects"] = f"{number}.{row.corrects}"
    return msgspec.structs.replace(row, **changes)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Casebook, Iterator[int]]]:
    """A casebook that all examples share, each with labels of its own."""
    folder = tmp_path_factory.mktemp("crowded") / "case"
    with Casebook.create(folder, b"apple tree", cost=CHEAP) as made:
        yield made, count()


@settings(max_examples=60 * DEPTH, deadline=None)
@given(sheets())
def test_a_group_is_all_that_reasoning_about_a_life_needs(
    crowded: tuple[Casebook, Iterator[int]], imports: list[list[Statement]]
) -> None:
    """The engine links the same statements in a group as it does in the whole casebook."""
    casebook, numbers = crowded
    number = next(numbers)
    every: list[Statement] = []
    for rows in imports:
        named = [_renamed(row, number) for row in rows]
        casebook.add_statements(named)
        every += named
    order = {s.statement: place for place, s in enumerate(every)}
    for subject in {s.subject for s in every}:
        found = casebook.group(subject)
        assert _linked(found, subject) == _linked(every, subject)
        places = [order[s.statement] for s in found]
        assert places == sorted(set(places))
        held = {s.statement for s in found}
        assert {s.statement for s in every if s.corrects in held} <= held


def test_a_group_leaves_out_who_has_nothing_to_do_with_it(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            Statement("1", "Aman", source="aunt", told="2019", event="arrest", when="2017"),
            Statement("2", "Bota", source="aunt", told="2019", event="arrest", after="Aman/arrest"),
            Statement("3", "Dana", source="aunt", told="2019", event="arrest", when="2018"),
            Statement("4", "Elder", testimony="visit", event="release", before="told", gap="P1Y"),
            Statement("5", "Farid", testimony="visit", event="release"),
        ]
    )
    assert {s.about for s in casebook.group("Aman")} == {"Aman", "Bota"}
    assert {s.about for s in casebook.group("Dana")} == {"Dana"}
    assert {s.about for s in casebook.group("Farid")} == {"Elder", "Farid"}


def test_a_correction_comes_with_what_it_corrects(casebook: Casebook) -> None:
    casebook.add_statements([Statement("1", "Aman", event="arrest", when="2017")])
    casebook.add_statements([Statement("2", "Aman jan", event="arrest", when="2018", corrects="1")])
    assert [s.statement for s in casebook.group("Aman")] == ["1", "2"]
    assert [s.statement for s in casebook.group("Aman jan")] == ["1", "2"]


def test_two_unnamed_people_are_two_lives(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            Statement("1", "?cellmate", source="aunt", event="arrest", when="2017"),
            Statement("2", "?cellmate", source="uncle", event="arrest", when="2018"),
        ]
    )
    assert [s.statement for s in casebook.group("?cellmate\x1f2")] == ["2"]
    assert [s.statement for s in casebook.group("?cellmate")] == ["1", "2"]


def test_somebody_nobody_speaks_of_is_not_found(casebook: Casebook) -> None:
    casebook.add_statements([Statement("1", "Aman", event="arrest", before="Bota/arrest")])
    for label in ("Bota", "", "aman", "?cellmate", "?cellmate\x1f1"):
        with pytest.raises(NotFoundError) as caught:
            casebook.group(label)
        assert "Bota" not in str(caught.value)


def test_places_lead_to_the_people_who_were_there(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            Statement("1", "Aman", event="camp-entry", place="Tekes"),
            Statement("2", "Bota", event="camp-entry", place="Tekes", compartment="medical"),
            Statement("3", "Dana", event="camp-entry", place="Tekes county"),
        ]
    )
    casebook.add_statements([Statement("4", "Elder", event="camp-entry", place="Tekes")])
    assert casebook.lives.at_places(["Tekes"]) == ["Aman", "Bota", "Elder"]
    assert casebook.lives.at_places(["Tekes", "Tekes county"]) == ["Aman", "Bota", "Dana", "Elder"]
    assert casebook.lives.at_places(["Nowhere"]) == []
    assert casebook.lives.place_labels() == ["Tekes", "Tekes county"]


@settings(max_examples=15, deadline=None)
@given(sheets())
def test_an_index_built_anew_gives_the_same_answers(imports: list[list[Statement]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "case"
        with Casebook.create(folder, b"apple tree", cost=CHEAP) as made:
            for rows in imports:
                made.add_statements(rows)
            made.add_judgement(Judgement("j", "set-aside", "hearsay", "2026-01-02", statement="s0"))
            before = _answers(made)
            made.rebuild_index()
            assert _answers(made) == before
            rebuild.drop(made._store)
        with Casebook.open(folder, b"apple tree") as opened:
            assert _answers(opened) == before
            last = imports[-1] or imports[0]
            assert opened.add_statements(last).unchanged == len(last)


def _answers(casebook: Casebook) -> list[Any]:
    every = casebook.statements()
    known = casebook.known()
    subjects = casebook.subjects()
    return [
        every,
        subjects,
        casebook.judgements(),
        casebook.lives.place_labels(),
        {subject: casebook.group(subject) for subject in subjects},
        {subject: casebook.statements([subject]) for subject in subjects},
        known.digests({s.statement for s in every}),
        known.events(subjects),
        known.told({"visit": ["2019"], "letter": []}),
    ]


@settings(max_examples=12 * DEPTH, deadline=None)
@given(sheets(), st.sets(st.sampled_from(LABELS), min_size=1))
def test_groups_that_are_read_at_once_are_those_that_are_read_one_by_one(
    imports: list[list[Statement]], labels: set[str]
) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        Casebook.create(Path(name) / "case", b"apple tree", cost=CHEAP) as made,
    ):
        for rows in imports:
            made.add_statements(rows)
        every = made.statements()
        found = made.lives.groups(labels)
        assert [one.statement for one in every if one in found] == [one.statement for one in found]
        for subject in {one.subject for one in every if one.about in labels}:
            assert _linked(found, subject) == _linked(every, subject)
            assert {one.statement for one in made.group(subject)} <= {one.statement for one in found}


def test_a_day_that_another_row_of_the_telling_gives_is_seen(casebook: Casebook) -> None:
    """Where only one row says when a telling was told, its day is known for all that was told in it."""
    casebook.add_statements(
        [
            Statement("s0", "Aman", "visit", "niece", event="arrest"),
            Statement("s1", "Bota", "visit", "niece", told="2019", event="arrest"),
        ]
    )
    assert [s.statement for s in casebook.group("Aman")] == ["s0", "s1"]
    assert [s.statement for s in casebook.group("Bota")] == ["s1"]
