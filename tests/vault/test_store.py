from __future__ import annotations

from itertools import combinations
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import sqlcipher3

from estelik.errors import CasebookError
from estelik.ids import new_ids
from estelik.vault import keys, tables
from estelik.vault.inserts import Inserts
from estelik.vault.keys import Cost
from estelik.vault.store import Batch, Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.vault.keys import Keyring

NAMES = ("testimony", "source", "medical")


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    return keys.create(tmp_path, b"apple tree", NAMES, Cost(memory=8, passes=1, lanes=1))


@pytest.fixture
def store(tmp_path: Path, keyring: Keyring) -> Iterator[Store]:
    made = Store(tmp_path, keyring, NAMES)
    made.create()
    yield made
    made.close()


def _add(store: Store, *compartments: str) -> None:
    with store.write() as connection, Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        for name in compartments:
            batch.append(name, "note", new_ids(2), (1, 2), ['{"text":"one"}', '{"text":"two"}'])


def _counts(store: Store) -> dict[str, int]:
    with store.read() as connection:
        return {
            name: connection.execute(f"SELECT count(*) FROM {schema}.record").scalar_one()  # noqa: S608 (names of our own)
            for name, schema in store.schemas.items()
        }


def test_records_of_several_files_are_there_together(store: Store) -> None:
    _add(store, *NAMES)
    _add(store, "source")
    assert _counts(store) == {"testimony": 2, "source": 4, "medical": 2}


def test_an_error_leaves_nothing_in_any_file(store: Store) -> None:
    _add(store, *NAMES)
    before = {name: store.path(name).read_bytes() for name in NAMES}

    def fail() -> None:
        with store.write() as connection, Inserts(connection) as inserts:
            Batch(store, connection, inserts).append("source", "note", new_ids(1), (1,), ["{}"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert _counts(store) == dict.fromkeys(NAMES, 2)
    assert {name: store.path(name).read_bytes() for name in NAMES} == before


def test_records_are_never_changed_or_deleted(store: Store) -> None:
    _add(store, *NAMES)
    for schema in store.schemas.values():
        for change in (
            f"UPDATE {schema}.record SET body = '{{}}'",  # noqa: S608
            f"UPDATE {schema}.record SET seq = seq + 10",  # noqa: S608
            f"DELETE FROM {schema}.record",  # noqa: S608
            f"INSERT OR REPLACE INTO {schema}.record SELECT * FROM {schema}.record",  # noqa: S608
        ):
            with (
                store.read() as connection,
                pytest.raises(sqlcipher3.DatabaseError, match="never changed"),
            ):
                connection.execute(change)
    assert _counts(store) == dict.fromkeys(NAMES, 2)


def test_the_order_of_batches_does_not_depend_on_the_clock(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A computer whose clock was set back enters after what is there, not before."""
    for moment in (2_000_000_000.0, 1_000_000_000.0, 1_500_000_000.0):
        monkeypatch.setattr("estelik.vault.store.time.time", lambda moment=moment: moment)
        _add(store, "testimony")
    with store.read() as connection:
        batches = list(connection.execute("SELECT DISTINCT batch FROM main.record ORDER BY seq").scalars())
    assert batches == sorted(batches)
    assert len(batches) == 3


def test_files_are_committed_with_rollback_journals_and_synced(store: Store) -> None:
    """Write-ahead logs would commit each file for itself (decision 3)."""
    with store.read() as connection:
        for schema in store.schemas.values():
            ask = connection.execute
            assert ask(f"PRAGMA {schema}.journal_mode").scalar_one() == "delete"
            assert ask(f"PRAGMA {schema}.synchronous").scalar_one() == 3
            assert ask(f"PRAGMA {schema}.secure_delete").scalar_one() == 1
        assert connection.execute("PRAGMA temp_store").scalar_one() == 2
        with pytest.raises(sqlcipher3.DatabaseError, match="not authorized"):
            connection.execute("SELECT load_extension('nothing')")


def test_no_statement_of_the_library_shows_its_parameters(store: Store) -> None:
    with store.read() as connection, pytest.raises(sqlcipher3.DatabaseError) as caught:
        connection.execute("INSERT INTO nowhere VALUES (?)", ("the name of a witness",))
    assert "witness" not in str(caught.value)


def test_a_member_without_a_key_opens_only_the_rest(tmp_path: Path, store: Store, keyring: Keyring) -> None:
    _add(store, *NAMES)
    part = Store(tmp_path, keys.Keyring({name: keyring[name] for name in ("source", "medical")}), NAMES)
    part.check_version()
    assert _counts(part) == {"source": 2, "medical": 2}
    assert part.schemas == {"source": "main", "medical": "medical"}
    part.close()


def test_one_compartments_key_does_not_open_another(store: Store, keyring: Keyring) -> None:
    connection = sqlcipher3.connect(str(store.path("source")))
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{keyring['testimony'].hex()}'\"")
    with pytest.raises(sqlcipher3.DatabaseError):
        connection.execute("SELECT count(*) FROM record")
    connection.close()


def test_an_older_file_is_named_as_such(store: Store) -> None:
    """A file from before the first release is not called damaged."""
    with store.write() as connection:
        connection.execute("PRAGMA medical.user_version = 1")
    with pytest.raises(CasebookError, match="before the first release"):
        store.check_version()


def test_a_newer_file_is_named_as_such(store: Store) -> None:
    with store.write() as connection:
        connection.execute(f"PRAGMA medical.user_version = {tables.FORMAT + 1}")
    with pytest.raises(CasebookError, match="newer version"):
        store.check_version()


@pytest.mark.parametrize("changed", [names for count in (1, 2, 3) for names in combinations(NAMES, count)])
def test_an_older_file_put_back_beside_newer_ones_is_noticed(store: Store, changed: tuple[str, ...]) -> None:
    """Whichever files the last command changed, each alone put back is named; all are only an older
    casebook."""
    _add(store, *NAMES)
    older = {name: store.path(name).read_bytes() for name in NAMES}
    _add(store, *changed)
    newer = {name: store.path(name).read_bytes() for name in NAMES}
    store.check_version()
    for name in changed:
        store.path(name).write_bytes(older[name])
        with pytest.raises(CasebookError, match=rf"Older .*: {name}\.db\."):
            store.check_version()
        store.path(name).write_bytes(newer[name])
        store.check_version()
    for name in NAMES:
        store.path(name).write_bytes(older[name])
    store.check_version()


def test_a_compartment_that_was_made_anew_is_not_called_older(store: Store, keyring: Keyring) -> None:
    """What others remember of a file that is no more says nothing of the one in its place."""
    for _ in range(3):
        _add(store, *NAMES)
    store.close()
    store.path("medical").unlink()
    alone = Store(store.folder, keyring, ("medical",))
    alone.create()
    alone.close()
    again = Store(store.folder, keyring, NAMES)
    again.check_version()
    _add(again, "medical")
    again.check_version()
    again.close()


def test_a_missing_file_is_not_made_anew(store: Store) -> None:
    store.close()
    store.path("medical").unlink()
    with pytest.raises(CasebookError, match=r"medical\.db"):
        store.check_version()
    assert not store.path("medical").exists()


def test_a_closed_store_opens_no_more(store: Store) -> None:
    store.close()
    with pytest.raises(CasebookError), store.read():
        pass


def test_whoever_is_reading_sees_one_state_however_often_she_asks(store: Store) -> None:
    """What another enters meanwhile is there afterwards; in another thread at once. Who writes is stopped."""
    counts: list[dict[str, int]] = []
    with store.reading(), store.reading():
        counts.append(_counts(store))
        with store.read() as one, store.read() as other:
            assert one is other
        with pytest.raises(AssertionError):
            _add(store, "source")
        counts.append(_counts(store))
        elsewhere = Thread(target=lambda: counts.append(_counts(store)))
        elsewhere.start()
        elsewhere.join()
    assert counts == [dict.fromkeys(NAMES, 0)] * 3
    _add(store, "source")
    assert _counts(store)["source"] == 2
