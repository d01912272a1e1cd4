"""The entries of the index are the same, whichever process makes them."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.index import entries
from estelik.records import Statement
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROWS = [
    Statement(
        f"{number}", f"P{number % 7}", testimony="" if number % 3 else f"visit {number % 5}",
        source=f"S{number % 4}", told="2019-03", event="arrest", when="2018",
        after="told" if number % 2 else "P1/release",
        place="Tekes" if number % 5 else "", compartment="medical" if number % 11 == 0 else "testimony",
        corrects="3" if number == 20 else "", via="Aunt" if number % 6 == 0 else "",
    )
    for number in range(60)
]  # fmt: skip


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.create(tmp_path / "case", b"apple tree", cost=Cost(8, 1, 1)) as made:
        yield made


def _index(casebook: Casebook) -> dict[str, list[tuple[object, ...]]]:
    """What the index says, without the random ids of records."""
    store, out = casebook._store, {}
    with store.read() as connection:
        for name, schema in store.schemas.items():
            for table in ("index_said", "index_name", "index_posting"):
                query = f"SELECT * FROM {schema}.{table} ORDER BY key"  # noqa: S608 (our own names)
                out[f"{name} {table}"] = [tuple(row) for row in connection.execute(query)]
    return out


@pytest.mark.parametrize("worth", [1, 1_000_000])
def test_entries_are_what_a_rebuild_makes(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch, worth: int
) -> None:
    """Made beside the records by another process, or by this one: everything is found as from the records."""
    monkeypatch.setattr(entries, "_WORTH", worth)
    monkeypatch.setattr(entries, "_PIECE", 7)
    assert casebook.add_statements(ROWS).imported == len(ROWS)
    statements = casebook.statements()
    assert statements == ROWS
    before = _index(casebook)
    assert sum(map(len, before.values())) > len(ROWS)
    casebook.rebuild_index()
    after = _index(casebook)
    for table, rows in before.items():
        if not table.endswith("index_posting"):
            assert rows == after[table]
    assert sum(map(len, before.values())) == sum(map(len, after.values()))
    assert [row.statement for row in casebook.statements(["P1"])] == [
        row.statement for row in ROWS if row.about == "P1"
    ]


def test_an_import_whose_second_process_dies_enters_nothing(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "_WORTH", 1)
    ours = os.getpid()
    made = entries._postings

    def dies(*arguments: object) -> object:
        if os.getpid() != ours:
            os.kill(os.getpid(), signal.SIGKILL)
        return made(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(entries, "_postings", dies)
    with pytest.raises(CasebookError, match="cut short"):
        casebook.add_statements(ROWS)
    assert casebook.statements() == []
    monkeypatch.undo()
    assert casebook.add_statements(ROWS).imported == len(ROWS)


def test_what_a_source_told_directly_has_no_provenance_of_its_own(casebook: Casebook) -> None:
    """A label, somebody in between or another spelling need one; all come back as they were told."""
    rows = [
        Statement("1", "Aman", source="aunt", told="2019", event="arrest"),
        Statement("2", "Aman", event="release"),
        Statement("3", "Aman", source="aunt", told="2019", event="return", via="uncle"),
        Statement("4", "Aman", source="aunt", testimony="visit", told="2019", event="death", answer="no"),
        Statement("5", "Aman", source="Ұлы", told="2019", event="burial", written=(("source", "Ұлы"),)),
    ]
    casebook.add_statements(rows)
    with casebook._store.read() as connection:
        assert casebook._store.schemas["source"] == "source"
        count = connection.execute("SELECT count(*) FROM source.record WHERE kind = 'provenance'")
        assert count.scalar_one() == 3
    assert casebook.statements() == rows
    assert casebook.group("Aman") == rows
    later = Statement("6", "Aman", source="aunt", told="2019", event="burial", via="uncle")
    casebook.add_statements([later])
    assert casebook.group("Aman") == [*rows, later]
