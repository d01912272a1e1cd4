from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.create(tmp_path / "case", b"apple tree", cost=Cost(8, 1, 1)) as made:
        yield made


def test_an_empty_casebook_knows_nothing(casebook: Casebook) -> None:
    known = casebook.known()
    assert known.empty
    assert known.events(["Aman"]) == {}
    assert known.digests(["1"]) == {}
    assert known.told({"visit": ["2019"]}) == {}
    assert known.subjects(["1"]) == {}
    assert known.references(["Aman"]) == {}


def test_whom_a_statement_is_about(casebook: Casebook) -> None:
    casebook.add_statements(
        [Statement("1", "Aman", fact="illness", compartment="medical"), Statement("2", "?")]
    )
    assert casebook.known().subjects(["1", "2", "3"]) == {"1": "Aman", "2": "?"}


def test_the_references_that_may_name_an_event_of_somebody(casebook: Casebook) -> None:
    """By every reading of their slashes, in every compartment; what is corrected names nothing."""
    casebook.add_statements(
        [
            Statement("1", "Aman", event="arrest", after="Bota/x/release", compartment="medical"),
            Statement("2", "Aman", event="return", after="arrest", before="Bota/release"),
            Statement("3", "Aman", event="walk", after="Bota/release"),
            Statement("4", "Aman", event="walk", corrects="3"),
        ]
    )
    known = casebook.known()
    assert known.references(["Bota"]) == {
        "1": [("Aman", "Bota/x/release")],
        "2": [("Aman", "Bota/release")],
    }
    assert known.references(["Bota/x"]) == {"1": [("Aman", "Bota/x/release")]}
    assert known.references(["Aman"]) == {}


def test_the_events_of_whom_anybody_speaks(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            Statement("1", "Aman", event="arrest"),
            Statement("2", "Aman", event="release", answer="no", compartment="medical"),
            Statement("3", "Bota", fact="sex", value="f"),
        ]
    )
    known = casebook.known()
    assert known.events(["Aman", "Bota", "Dana"]) == {"Aman": {"arrest", "release"}, "Bota": set()}


def test_equal_statements_have_equal_digests(casebook: Casebook) -> None:
    row = Statement("1", "Aman", source="aunt", event="arrest", when="2017")
    casebook.add_statements([row])
    known = casebook.known()
    assert not known.empty
    there = known.digests(["1", "2"])
    assert there == {"1": known.digest(row)}
    written = Statement("1", "Aman", source="aunt", event="arrest", when="2017", typed=("answer",))
    assert known.digest(written) == there["1"]
    for other in (
        Statement("1", "Aman", source="uncle", event="arrest", when="2017"),
        Statement("1", "Aman", source="aunt", via="uncle", event="arrest", when="2017"),
        Statement("1", "Aman", testimony="aunt", event="arrest", when="2017"),
        Statement("1", "Aman", source="aunt", event="arrest", when="2018"),
        Statement("1", "Aman", source="aunt", event="arrest", when="2017", compartment="medical"),
        Statement("1", "Aman", source="aunt", event="arrest", when="2017", about_kind="group"),
    ):
        assert known.digest(other) != there["1"]


def test_other_dates_of_a_telling_but_those_that_were_corrected(casebook: Casebook) -> None:
    casebook.add_statements(
        [
            Statement("1", "Aman", testimony="visit", told="2019", event="arrest"),
            Statement("2", "Aman", testimony="visit", told="2020", event="release"),
            Statement("3", "Aman", testimony="visit", told="2021", event="return"),
            Statement("4", "Aman", testimony="visit", told="2019", event="return", corrects="3"),
            Statement("5", "Aman", testimony="letter", told="2022", event="return"),
            Statement("6", "Aman", testimony="visit", event="return"),
        ]
    )
    known = casebook.known()
    assert known.told({"visit": ["2019"]}) == {"visit": [("2", "2020")]}
    assert known.told({"letter": ["2022"], "call": ["2019"]}) == {}
