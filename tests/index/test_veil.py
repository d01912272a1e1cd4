"""The veil: digests in the index compare for those who hold the sources, and for nobody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.index import veil
from estelik.records import Statement

if TYPE_CHECKING:
    from pathlib import Path

digests = st.binary(min_size=16, max_size=16).map(bytes.hex)
rows = st.lists(st.tuples(st.integers(), st.integers(), st.integers(), digests), max_size=20)


@settings(deadline=None)
@given(rows, st.binary(min_size=32, max_size=32))
def test_what_is_veiled_comes_back_with_the_key_alone(found: list[veil.Row], key: bytes) -> None:
    hidden = veil.veiled(key, found)
    assert list(veil.unveiled(key, hidden)) == found
    assert [row[:3] for row in hidden] == [row[:3] for row in found]
    assert not {row[3] for row in hidden} & {row[3] for row in found}
    assert veil.veiled(b"", found) == veil.unveiled(b"", found) == found


def test_an_index_of_before_is_made_anew(tmp_path: Path) -> None:
    """A casebook whose digests lie open gets veiled ones when it is opened, and knows its rows again."""
    rows = [Statement(f"s{number}", "P", source="A", event="arrest", when="2018") for number in range(9)]
    with Casebook.create(tmp_path / "c", b"apple tree", cost=CHEAP) as casebook:
        casebook.add_statements(rows)
        with casebook._store.write() as connection:
            for schema in casebook._store.schemas.values():
                connection.execute(f"ALTER TABLE {schema}.index_said RENAME TO index_statement")
    with Casebook.open(tmp_path / "c", b"apple tree") as casebook:
        assert casebook.add_statements(rows).unchanged == len(rows)
        with casebook._store.read() as connection:
            for schema in casebook._store.schemas.values():
                sql = f"SELECT name FROM {schema}.sqlite_master"  # noqa: S608 (our own names)
                names = set(connection.execute(sql).scalars())
                assert "index_said" in names
                assert "index_statement" not in names
