"""What goes with a statement, a telling, a source, a subject: all of it, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.errors import NotFoundError
from estelik.records import Judgement, Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = [
    Statement("a", "Ajar", testimony="visit", source="Qamar", told="2019", event="arrest"),
    Statement("b", "Ajar", testimony="visit", source="Polat", told="2019", event="release", via="aunt"),
    Statement("c", "Ajar", source="Qamar", told="2020", event="return", corrects="a"),
    Statement("d", "Saule", source="Polat", told="2021", event="arrest", after="Ajar/release"),
    Statement("e", "Saule", source="Polat", told="2021", fact="relation:sister", value="Ajar"),
    Statement("f", "Saule", source="Polat", told="2021", fact="illness", compartment="medical"),
    Statement("g", "Qamar", source="Qamar", told="2020", event="arrest"),
]


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.create(tmp_path / "case", b"x", cost=Cost(8, 1, 1)) as made:
        made.add_statements(ROWS)
        made.add_judgement(Judgement("j1" * 13, "set-aside", "why", "2024-01-01", statement="a"))
        made.add_judgement(Judgement("j2" * 13, "withdrawn", "why", "2024-01-02", withdraws="j1" * 13))
        made.add_judgement(Judgement("j3" * 13, "set-aside", "why", "2024-01-03", statement="d"))
        yield made


def _left(casebook: Casebook) -> str:
    return "".join(sorted(one.statement for one in casebook.statements()))


def _bodies(casebook: Casebook) -> str:
    """All that every record says, decisions left out."""
    with casebook._store.read() as connection:
        return "\n".join(
            body
            for schema in casebook._store.schemas.values()
            for body in connection.execute(
                f"SELECT body FROM {schema}.record WHERE kind <> 'disposition'"  # noqa: S608 (our own schemas)
            ).scalars()
        )


@pytest.mark.parametrize(
    ("what", "name", "left", "gone", "stays"),
    [
        ("statement", "a", "bcdefg", ['"j1j1', '"j2j2'], ['"j3j3', "Qamar", "visit"]),
        ("testimony", "visit", "cdefg", ["visit", '"aunt"', '"j1j1', '"j2j2'], ['"j3j3', "Polat"]),
        ("testimony", "f", "abcg", ["Saule sick", '"j3j3'], ["visit", "Qamar"]),
        ("source", "Polat", "acg", ["Polat", '"aunt"', '"j3j3'], ["visit", "Qamar", '"j1j1']),
        ("subject", "Ajar", "defg", ['"label":"Ajar"', '"j1j1', '"j2j2'], ['"j3j3', '"value":"Ajar"']),
        ("subject", "Saule", "abcg", ["Saule", '"j3j3'], ['"j1j1', "Ajar"]),
    ],
)
def test_all_that_belongs_to_it_goes_and_the_rest_stays(
    casebook: Casebook, what: str, name: str, left: str, gone: list[str], stays: list[str]
) -> None:
    """Statements, tellings, provenances, decisions; what others told or are told of is not touched."""
    decisions = casebook.decisions
    decisions.erase(decisions.closure(what, name), "asked for it")  # type: ignore[arg-type]
    assert _left(casebook) == left
    said = _bodies(casebook)
    assert [word for word in gone if word in said] == []
    assert [word for word in stays if word not in said] == []
    casebook.rebuild_index()
    assert _left(casebook) == left


def test_what_hangs_on_it_is_named(casebook: Casebook) -> None:
    """Corrections of it, what it corrects, and who else names the subject."""
    closure = casebook.decisions.closure
    assert closure("statement", "a").corrections == ["c"]
    assert closure("statement", "c").revived == ["a"]
    assert closure("subject", "Ajar").references == ["d", "e"]
    assert closure("subject", "Ajar").revived == []


def test_a_subject_of_which_nothing_is_left_is_listed_no_more(casebook: Casebook) -> None:
    """Its label stays in no list, whatever of it was the last to go."""
    decisions = casebook.decisions
    for label in "def":
        decisions.erase(decisions.closure("statement", label), "asked for it")
    assert casebook.subjects() == ["Ajar", "Qamar"]
    with pytest.raises(NotFoundError):
        casebook.group("Saule")


def test_what_was_erased_can_be_entered_anew_by_whoever_tells_it_again(casebook: Casebook) -> None:
    """An erasure is of what was recorded, not of what may be said; what was kept is the same row."""
    decisions = casebook.decisions
    decisions.erase(decisions.closure("testimony", "visit"), "asked for it")
    assert casebook.add_statements(ROWS).imported == 2
    assert _left(casebook) == "abcdefg"
