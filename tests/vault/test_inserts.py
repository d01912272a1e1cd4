"""Rows are entered in order, by a thread of its own, and what goes wrong there is raised here."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlcipher3

from estelik.vault.connection import Connection
from estelik.vault.inserts import Inserts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    driver = sqlcipher3.connect(str(tmp_path / "rows.db"), isolation_level=None, check_same_thread=False)
    with closing(driver):
        connection = Connection(driver)
        connection.execute("CREATE TABLE row (number INTEGER PRIMARY KEY, word TEXT UNIQUE)")
        connection.execute("BEGIN")
        yield connection


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 3500])
def test_every_row_is_entered_once_and_in_order(connection: Connection, count: int) -> None:
    """However many rows there are, all are there at the end, in the order they came in."""
    rows = [(None, f"word {number}") for number in range(count)]
    with Inserts(connection) as inserts:
        for start in range(0, count, 700):
            inserts.put("INSERT INTO row (number, word)", 2, rows[start : start + 700])
    there = list(connection.execute("SELECT word FROM row ORDER BY number").scalars())
    assert there == [word for _, word in rows]


def test_what_was_waited_for_can_be_read(connection: Connection) -> None:
    """After ``wait`` the connection sees what was put, before the end."""
    with Inserts(connection) as inserts:
        inserts.put("INSERT INTO row (number, word)", 2, [(1, "one")])
        inserts.wait()
        assert connection.execute("SELECT word FROM row").scalar_one() == "one"


def test_a_conflict_is_settled_as_the_statement_says(connection: Connection) -> None:
    """What stands behind the values counts for whole statements and for the rest alike."""
    rows = [(number % 1100, f"word {number}") for number in range(2200)]
    with Inserts(connection) as inserts:
        inserts.put(
            "INSERT INTO row (number, word)", 2, rows, "ON CONFLICT DO UPDATE SET word = excluded.word"
        )
    there = list(connection.execute("SELECT word FROM row ORDER BY number").scalars())
    assert there == [word for _, word in rows[1100:]]


def test_an_error_of_the_thread_is_raised(connection: Connection) -> None:
    """A row that cannot be entered makes the next call, or the end, fail."""

    def enter() -> None:
        with Inserts(connection) as inserts:
            inserts.put("INSERT INTO row (number, word)", 2, [(1, "one"), (1, "two")])
            inserts.put("INSERT INTO row (number, word)", 2, [(3, "three")])

    with pytest.raises(sqlcipher3.IntegrityError, match="UNIQUE"):
        enter()


def test_an_error_of_the_caller_is_the_one_that_is_seen(connection: Connection) -> None:
    """Where the caller fails, his error comes through, and nothing is running any more."""

    def enter() -> None:
        with Inserts(connection) as inserts:
            inserts.put("INSERT INTO row (number, word)", 2, [(1, "one"), (1, "two")])
            raise LookupError

    with pytest.raises(LookupError):
        enter()
    connection.driver.rollback()
    assert connection.execute("SELECT count(*) FROM row").scalar_one() == 0
