"""What only a database does: positions, turns, and a server with its own ways to refuse."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from psycopg import sql
from tests.cluster import DATABASE, PASSWORD, USER
from tests.vault.carriers.conftest import fresh_name

from estelik.vault.carriers.address import opened
from estelik.vault.carriers.carrier import Followed
from estelik.vault.carriers.failures import (
    FullError,
    MissingError,
    ReadOnlyError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
    UnsuitableError,
)
from estelik.vault.carriers.postgres_session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.cluster import Cluster
    from tests.vault.carriers.conftest import SchemaPlace, Wire

MIB = 1024 * 1024


@pytest.fixture
def schema(place_of: Callable[[str], SchemaPlace]) -> SchemaPlace:
    """An empty schema."""
    return place_of("postgres")


@pytest.fixture
def followed(schema: SchemaPlace) -> Iterator[Followed]:
    """The carrier there."""
    with closing(schema.open()) as made:
        assert isinstance(made, Followed)
        yield made


def test_what_came_after_a_point_is_listed(followed: Followed) -> None:
    """Of the kind that was asked for; at no known point, all may be new."""
    assert followed.since("table", "") == (None, "")
    followed.write("table", "a" * 26, b"early")
    followed.write("segment", "b" * 26, b"one")
    assert followed.since("table", "")[0] is None
    _, point = followed.since("table", "")
    assert followed.since("table", point) == (set(), point)
    followed.write("table", "c" * 26, b"late")
    followed.write("page", "d" * 26, b"late")
    assert followed.since("table", point) == ({"c" * 26}, point)
    followed.write("segment", "e" * 26, b"two")
    found, later = followed.since("table", point)
    assert (found, later != point) == ({"c" * 26}, True)
    assert followed.since("table", later) == (set(), later)


def test_a_schema_may_have_any_name(cluster: Cluster) -> None:
    """With what means something to the server, to the library, or in an address."""
    name = f"{fresh_name()[:6]}\"; 5%s {{0}} 'x' ф"
    cluster.schema(name)
    with closing(opened(cluster.address(quote(name)), secret={"password": PASSWORD})) as carrier:
        carrier.write("page", "a" * 26, b"data")
        assert carrier.names("page") == {"a" * 26: 4}
        assert carrier.read("page", "a" * 26, 10) == b"data"


@pytest.mark.parametrize("point", ["7 " + "q" * 26, "1 " + "q" * 26, "x", "-1 a", "9" * 15, "٣ a"])
def test_a_point_that_the_server_does_not_know_leaves_nothing_out(followed: Followed, point: str) -> None:
    followed.write("segment", "b" * 26, b"one")
    assert followed.since("table", point)[0] is None


def test_a_server_put_back_to_an_earlier_state_does_not_know_later_points(
    schema: SchemaPlace, followed: Followed
) -> None:
    """Not even when others have written to it since, so that the numbers come again."""
    followed.write("segment", "a" * 26, b"one")
    dump = schema.cluster.dump(schema.root)
    for letter in "bc":
        followed.write("segment", letter * 26, b"two")
    _, point = followed.since("table", "")
    schema.cluster.put_back(schema.root, dump)
    assert followed.since("table", point)[0] is None
    for letter in "def":
        followed.write("segment", letter * 26, b"three")
    assert followed.since("table", point)[0] is None
    assert set(followed.names("segment")) == {letter * 26 for letter in "adef"}


def test_nobody_who_follows_misses_a_file_of_writers_at_once(schema: SchemaPlace) -> None:
    """Eight writers, one reader: every file is in one of its answers, whoever's commit was first."""
    names = [[fresh_name() for _ in range(25)] for _ in range(8)]

    def write(mine: list[str]) -> None:
        with closing(schema.open()) as carrier:
            for number, name in enumerate(mine):
                carrier.write("segment" if number % 5 == 4 else "table", name, b"data")

    with closing(schema.open()) as carrier:
        carrier.write("segment", fresh_name(), b"first")
        assert isinstance(carrier, Followed)
        _, point = carrier.since("table", "")
        writers = [threading.Thread(target=write, args=(mine,)) for mine in names]
        for writer in writers:
            writer.start()
        seen: set[str] = set()
        rounds = 0
        while any(writer.is_alive() for writer in writers) or not rounds:
            found, point = carrier.since("table", point)
            assert found is not None
            seen |= found
            rounds += 1
        found, _ = carrier.since("table", point)
        assert found is not None
        assert seen | found == set(carrier.names("table"))
    assert rounds > 2
    assert len(seen | found) == 8 * 20


def test_one_at_a_time_has_the_turn(schema: SchemaPlace) -> None:
    """It ends with its holder, also with the holder's connection; another schema has its own."""
    with closing(schema.open()) as one, closing(schema.open()) as other:
        assert isinstance(one, Followed)
        assert isinstance(other, Followed)
        with one.turn(1) as first:
            with other.turn(0) as second:
                assert (first, second) == (True, False)
            with closing(schema.another().open()) as elsewhere:
                assert isinstance(elsewhere, Followed)
                with elsewhere.turn(0) as third:
                    assert third
        with other.turn(0) as second:
            assert second
        with one.turn(1):
            schema.cluster.cut()
            with other.turn(5) as second:
                assert second


def test_a_writer_whose_connection_the_server_ends_goes_on(schema: SchemaPlace, followed: Followed) -> None:
    """Between two files, and in the middle of a large one: nothing is there twice, nothing in part."""
    followed.write("page", "a" * 26, b"one")
    schema.cluster.cut()
    followed.write("page", "b" * 26, b"two")

    class Cutting(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 4 * MIB and self.tell() < 6 * MIB:
                schema.cluster.cut()
            return super().read(size)

    data = os.urandom(9 * MIB)
    assert followed.put("blob", "c" * 26, Cutting(data)) == len(data)
    assert followed.read("blob", "c" * 26, len(data)) == data
    assert followed.names("page") == {"a" * 26: 3, "b" * 26: 3}
    assert schema.ask("SELECT count(*) FROM estelik_upload") == [(0,)]


def test_a_file_whose_answer_was_lost_is_known_for_our_own(
    schema: SchemaPlace, followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was added, the line broke before the server could say so: asked again, it is no other writer's."""
    schema.tables()
    real, lost = Session.run, [True]

    def run(self: Session, work: Callable[[Any], Any]) -> Any:
        found = real(self, work)
        if lost.pop() if lost else False:
            raise TransferError
        return found

    monkeypatch.setattr(Session, "run", run)
    followed.write("page", "a" * 26, b"data")
    assert not lost
    assert followed.names("page") == {"a" * 26: 4}
    with pytest.raises(ThereAlreadyError):
        followed.write("page", "a" * 26, b"data")


def test_a_server_that_falls_mute_is_not_waited_for_longer_than_was_said(
    schema: SchemaPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its process is stopped in the middle of the talk; another connection is answered again."""
    monkeypatch.setattr("estelik.vault.carriers.patience.TRIES", 1)
    with closing(schema.open(timeout=2)) as carrier:
        carrier.write("page", "a" * 26, b"data")
        ((process,),) = schema.cluster.admin("SELECT pid FROM pg_stat_activity WHERE usename = %s", (USER,))
        os.kill(int(process), signal.SIGSTOP)
        try:
            begun = time.monotonic()
            with pytest.raises(TransferError):
                carrier.names("page")
            assert time.monotonic() - begun < 15
            assert carrier.names("page") == {"a" * 26: 4}
        finally:
            os.kill(int(process), signal.SIGCONT)


def test_tables_are_made_by_whoever_comes_first(schema: SchemaPlace) -> None:
    """Six at once, and all files are there."""
    together = threading.Barrier(6)
    names = [fresh_name() for _ in range(6)]

    def write(name: str) -> None:
        with closing(schema.open()) as carrier:
            carrier.names("segment")
            together.wait(20)
            carrier.write("segment", name, b"data")

    writers = [threading.Thread(target=write, args=(name,)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with closing(schema.open()) as carrier:
        assert carrier.names("segment") == dict.fromkeys(names, 4)


def test_what_a_broken_write_left_is_swept_after_a_day(
    schema: SchemaPlace, wire: Callable[..., Wire]
) -> None:
    """Not before; and what has its name stays."""
    with closing(schema.open()) as carrier:
        carrier.put("blob", "a" * 26, io.BytesIO(bytes(2 * MIB)))
        with (
            closing(schema.open(wire(schema.port, up=3 * MIB).port)) as broken,
            pytest.raises(UnreachableError),
        ):
            broken.put("blob", "b" * 26, io.BytesIO(bytes(5 * MIB)))
        assert carrier.sweep() == 0
        left = schema.ask("SELECT count(*) FROM estelik_chunk")[0][0]
        assert left > 4
        schema.ask("UPDATE estelik_upload SET begun = begun - interval '25 hours'")
        assert carrier.sweep() == 1
        assert schema.ask("SELECT count(*) FROM estelik_chunk") == [(4,)]
        assert carrier.sweep() == 0
        assert carrier.read("blob", "a" * 26, 2 * MIB) == bytes(2 * MIB)


def test_a_large_file_is_gone_on_with_where_a_broken_line_left_it(
    schema: SchemaPlace, wire: Callable[..., Wire]
) -> None:
    """By whoever comes next: only what is missing is sent, and what is not the same there is sent anew."""
    data = os.urandom(9 * MIB)
    with (
        closing(schema.open(wire(schema.port, up=6 * MIB).port)) as broken,
        pytest.raises(UnreachableError),
    ):
        broken.put("blob", "a" * 26, io.BytesIO(data))
    left = schema.ask("SELECT count(*) FROM estelik_chunk")[0][0]
    assert left >= 10
    schema.ask("UPDATE estelik_chunk SET data = 'other' WHERE number = 3")
    line = wire(schema.port, up=6 * MIB)
    with closing(schema.open(line.port)) as carrier:
        assert carrier.put("blob", "a" * 26, io.BytesIO(data)) == len(data)
    with closing(schema.open()) as carrier:
        assert carrier.read("blob", "a" * 26, len(data)) == data
        assert carrier.names("blob") == {"a" * 26: len(data)}
    assert schema.ask("SELECT count(*) FROM estelik_upload") == [(0,)]
    assert schema.ask("SELECT count(*) FROM estelik_chunk") == [(18,)]


def test_an_upload_that_was_swept_away_meanwhile_gets_no_name(
    schema: SchemaPlace, followed: Followed
) -> None:
    """A file is there whole or not at all, also where somebody has cleared up behind a slow line."""

    class Swept(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() == 3 * MIB:
                schema.ask("DELETE FROM estelik_upload")
                schema.ask("DELETE FROM estelik_chunk")
            return super().read(size)

    schema.tables()
    with pytest.raises(TransferError):
        followed.put("blob", "a" * 26, Swept(os.urandom(5 * MIB)))
    assert followed.names("blob") == {}
    data = os.urandom(5 * MIB)
    followed.put("blob", "a" * 26, io.BytesIO(data))
    assert followed.read("blob", "a" * 26, len(data)) == data


def test_what_is_removed_leaves_no_bytes_in_the_tables(schema: SchemaPlace, followed: Followed) -> None:
    followed.write("page", "a" * 26, b"old")
    followed.put("blob", "b" * 26, io.BytesIO(bytes(3 * MIB)))
    followed.remove("page", "a" * 26)
    followed.remove("blob", "b" * 26, damaged=True)
    assert schema.ask("SELECT count(*) FROM estelik_chunk") == [(0,)]


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM estelik_chunk WHERE number = 2",
        "UPDATE estelik_chunk SET data = '' WHERE number = 2",
        "UPDATE estelik_chunk SET data = substring(data FOR 100) WHERE number = 2",
        "UPDATE estelik_chunk SET data = data || data WHERE number = 3",
        "UPDATE estelik_file SET size = size + 1",
        "UPDATE estelik_file SET size = -1",
        "DELETE FROM estelik_chunk",
    ],
)
def test_a_file_that_is_cut_short_on_the_server_is_read_as_it_is(
    schema: SchemaPlace, followed: Followed, harm: str
) -> None:
    """Whatever its rows say, reading ends; what is missing shows by its hash, as in a folder."""
    data = os.urandom(2 * MIB)
    followed.put("segment", "a" * 26, io.BytesIO(data))
    schema.ask(harm)
    for limit in (2 * MIB, 64 * MIB):
        try:
            found = followed.read("segment", "a" * 26, limit)
        except TooLargeError:
            assert limit == 2 * MIB
        else:
            assert found != data or "size" in harm
            assert len(found) < 3 * MIB


def test_a_file_that_is_taken_away_while_it_is_read_is_missing(
    schema: SchemaPlace, followed: Followed
) -> None:
    """A superseded table is not taken for one that was cut short."""
    followed.put("table", "a" * 26, io.BytesIO(bytes(2 * MIB)))

    class Target(io.BytesIO):
        def write(self, data: Any, /) -> int:
            schema.ask("DELETE FROM estelik_file")
            schema.ask("DELETE FROM estelik_chunk")
            return super().write(data)

    with pytest.raises(MissingError):
        followed.fetch("table", "a" * 26, Target())


def test_a_server_that_does_not_write_through_is_not_used(cluster: Cluster, schema: SchemaPlace) -> None:
    """What it says is there could be gone after a loss of power."""
    try:
        _set_fsync(cluster, "off")
        with closing(schema.open()) as carrier, pytest.raises(UnsuitableError, match="disk"):
            carrier.write("page", "a" * 26, b"data")
        assert schema.all_names() == set()
    finally:
        _set_fsync(cluster, "on")
    with closing(schema.open()) as carrier:
        carrier.write("page", "a" * 26, b"data")


def _set_fsync(cluster: Cluster, setting: str) -> None:
    cluster.admin(f"ALTER SYSTEM SET fsync = {setting}")
    cluster.admin("SELECT pg_reload_conf()")
    for _ in range(200):
        if cluster.admin("SHOW fsync") == [(setting,)]:
            return
        time.sleep(0.02)
    raise AssertionError


@pytest.mark.parametrize(
    ("setting", "value", "error"),
    [("default_transaction_read_only", "on", ReadOnlyError), ("default_tablespace", "small", FullError)],
)
def test_what_the_server_refuses_is_said(
    cluster: Cluster,
    schema: SchemaPlace,
    small_disk: Callable[[Path], Callable[[str], None]],
    setting: str,
    value: str,
    error: type[Exception],
) -> None:
    """A read-only server, and one whose disk is full: nothing of the file is there afterwards."""
    disk = cluster.folder / "small"
    if value == "small":
        disk.mkdir()
        small_disk(disk)
        cluster.own(disk)
        cluster.admin(f"CREATE TABLESPACE small LOCATION '{disk}'")
        cluster.admin(f"GRANT CREATE ON TABLESPACE small TO {USER}")
    names = (sql.Identifier(USER), sql.Identifier(setting))
    cluster.admin(sql.SQL("ALTER ROLE {} SET {} = {}").format(*names, value))
    try:
        with closing(schema.open()) as carrier:
            with pytest.raises(error):
                carrier.put("blob", "a" * 26, io.BytesIO(os.urandom(4 * MIB)))
            assert carrier.names("blob") == {}
    finally:
        cluster.admin(sql.SQL("ALTER ROLE {} RESET {}").format(*names))
        if value == "small":
            cluster.admin(f'DROP SCHEMA "{schema.root}" CASCADE', database=DATABASE)
            cluster.admin("DROP TABLESPACE small")


def test_a_user_without_the_right_is_refused_and_may_be_let_read(schema: SchemaPlace) -> None:
    """Rights are the server's: without those to add, what is there can still be read."""
    with closing(schema.open()) as carrier:
        carrier.write("page", "a" * 26, b"data")
    schema.ask("REVOKE INSERT ON estelik_file FROM member")
    with closing(schema.open()) as carrier:
        with pytest.raises(RefusedError):
            carrier.write("page", "b" * 26, b"data")
        assert carrier.read("page", "a" * 26, 10) == b"data"
        with pytest.raises(MissingError):
            carrier.read("page", "b" * 26, 10)


def test_a_database_that_is_not_there_is_told_from_a_wrong_password(schema: SchemaPlace) -> None:
    address = f"postgresql://member@127.0.0.1:{schema.port}/nowhere"
    with (
        closing(opened(address, secret={"password": PASSWORD})) as carrier,
        pytest.raises(UnreachableError, match="no such database"),
    ):
        carrier.names("page")
