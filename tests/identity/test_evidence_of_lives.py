"""Files are listed by who is who, as timelines are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.identity.conftest import Desk


@pytest.fixture
def files(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """Files that bear on labels or statements, by what they bear on: their ids."""
    out = {}
    for option, what in (
        *(("--about", "Qalisbek"), ("--about", "Калисбек"), ("--about", "?cellmate"), ("--about", "Dana")),
        *(("--statement", "c1"), ("--statement", "u2")),
    ):
        file = tmp_path / f"{what.strip('?')}.txt"
        file.write_text(what, encoding="utf-8")
        out[what] = desk.does("evidence", "add", str(file), option, what, "--json").json()[0]["id"]
    return out


def _listed(desk: Desk, files: dict[str, str], subject: str) -> set[str]:
    names = {id_: what for what, id_ in files.items()}
    return {names[one["id"]] for one in desk.does("evidence", "list", "--about", subject, "--json").json()}


def test_files_of_one_life_are_listed_under_any_of_its_labels(desk: Desk, files: dict[str, str]) -> None:
    assert _listed(desk, files, "Qalisbek") == {"Qalisbek", "c1"}
    assert _listed(desk, files, "Калисбек") == {"Калисбек"}
    made = desk.judge("same", "Калисбек", "Qalisbek")
    for label in ("Qalisbek", "Калисбек"):
        assert _listed(desk, files, label) == {"Qalisbek", "Калисбек", "c1"}
    desk.does("withdraw", made, "--reason", "a mistake")
    assert _listed(desk, files, "Калисбек") == {"Калисбек"}
    assert _listed(desk, files, "Nobody") == set()


def test_who_was_split_off_has_the_files_of_her_own_statements(desk: Desk, files: dict[str, str]) -> None:
    desk.judge("split", "Qalisbek", "letter")
    assert _listed(desk, files, "Qalisbek") == {"Qalisbek"}
    assert _listed(desk, files, "Qalisbek (letter)") == {"c1"}


def test_unnamed_people_have_what_bears_on_their_label_or_their_statement(
    desk: Desk, files: dict[str, str]
) -> None:
    assert _listed(desk, files, "?cellmate") == {"?cellmate", "u2"}
    assert _listed(desk, files, "?cellmate (u2)") == {"u2"}
    desk.judge("same", "Dana", "?cellmate (u2)")
    assert _listed(desk, files, "Dana") == {"Dana", "u2"}
