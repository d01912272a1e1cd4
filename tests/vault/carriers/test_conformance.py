"""One suite for all carriers: what is written is whole, stays as it was, and is found again."""

from __future__ import annotations

import io
import os
import random
import threading
import tracemalloc
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest

from estelik.vault.carriers.failures import (
    CarrierError,
    MissingError,
    NameRefusedError,
    ThereAlreadyError,
    TooLargeError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import BinaryIO

    from tests.vault.carriers.conftest import Place

    from estelik.vault.carriers.carrier import Carrier

MIB = 1024 * 1024
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def fresh_name() -> str:
    return "".join(random.choices(LETTERS, k=26))


@pytest.mark.parametrize("size", [0, 1, 5 * MIB])
def test_what_is_written_is_read_and_listed(place: Place, carrier: Carrier, size: int) -> None:
    """Also by who opens the carrier anew, and in each kind for itself."""
    data, name = os.urandom(size), fresh_name()
    carrier.write("segment", name, data)
    assert carrier.names("segment") == {name: size}
    assert carrier.names("page") == {}
    with closing(place.open()) as another:
        assert another.read("segment", name, size) == data
        target = io.BytesIO()
        assert another.fetch("segment", name, target) == size
        assert target.getvalue() == data


def test_streams_of_any_length_arrive_as_they_were(carrier: Carrier) -> None:
    """Short, of exactly one and two parts of an upload, and a stream that gives little at a time."""
    for size in (0, 1, 8 * MIB, 16 * MIB, 9 * MIB + 1):
        data, name = os.urandom(size), fresh_name()
        assert carrier.put("blob", name, _Dripping(data)) == size
        assert carrier.read("blob", name, size) == data


class _Dripping(io.BytesIO):
    """Gives less than it is asked for, and does not tell its length."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(min(size if size and size > 0 else 99_999, 99_999))

    def seekable(self) -> bool:
        return False


class _OnlyRead:
    """A source that has no place to go back to, and does not know its length."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    def read(self, size: int = -1) -> bytes:
        return self._left.read(size)


def test_what_can_only_be_read_arrives_as_it_was(carrier: Carrier) -> None:
    """What is checked while it is read on its way, such as a file of evidence."""
    name, data = fresh_name(), os.urandom(3_000_001)
    assert carrier.put("blob", name, cast("BinaryIO", _OnlyRead(data))) == len(data)
    out = io.BytesIO()
    carrier.fetch("blob", name, out)
    assert out.getvalue() == data


def test_nothing_is_replaced(carrier: Carrier) -> None:
    """Neither by a write nor by a stream, short or long, nor by an empty file."""
    name = fresh_name()
    carrier.write("table", name, b"first")
    for data in (b"second", b"", b"first", bytes(9 * MIB)):
        with pytest.raises(ThereAlreadyError):
            carrier.write("table", name, data)
        with pytest.raises(ThereAlreadyError):
            carrier.put("table", name, io.BytesIO(data))
    assert carrier.read("table", name, 100) == b"first"
    assert carrier.names("table") == {name: 5}


def _write(
    carrier: Carrier,
    name: str,
    fill: bytes,
    size: int,
    together: threading.Barrier,
    said: dict[bytes, CarrierError | None],
) -> None:
    data = io.BytesIO(fill * size)
    together.wait(10)
    try:
        carrier.put("segment", name, data)
    except CarrierError as error:
        said[fill] = error
    else:
        said[fill] = None


@pytest.mark.parametrize("size", [1000, 9 * MIB])
def test_of_two_writers_one_wins(place: Place, size: int) -> None:
    """Its bytes are there, whole; the other is told, and leaves nothing behind."""
    with closing(place.open()) as one, closing(place.open()) as other:
        for _ in range(6 if size == 1000 else 2):
            name = fresh_name()
            together = threading.Barrier(2)
            said: dict[bytes, CarrierError | None] = {}
            writers = [
                threading.Thread(target=_write, args=(carrier, name, fill, size, together, said))
                for carrier, fill in ((one, b"\x01"), (other, b"\x02"))
            ]
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
            (winner,) = (fill for fill, error in said.items() if error is None)
            (loser,) = (error for error in said.values() if error is not None)
            assert isinstance(loser, ThereAlreadyError)
            assert one.read("segment", name, size) == winner * size
        assert {file for file in place.all_names() if file.endswith(".half")} == set()


def test_half_written_and_foreign_files_are_not_listed(place: Place, carrier: Carrier) -> None:
    name = fresh_name()
    carrier.write("page", name, b"whole")
    for foreign in (
        f"{fresh_name()}.{fresh_name()[:16]}.half",
        f"{fresh_name()}.part",
        f".{fresh_name()}",
        fresh_name().upper(),
        fresh_name()[:25],
        f"{fresh_name()}a",
        "1" + fresh_name()[1:],
        "Thumbs.db",
        "п" + fresh_name()[1:],
    ):
        place.plant("page", foreign, b"foreign")
    place.plant(f"page/{fresh_name()}", fresh_name(), b"deeper")
    assert carrier.names("page") == {name: 5}


def test_no_more_than_the_limit_is_read(carrier: Carrier) -> None:
    """A file of exactly the limit is; a larger one is not even held for a moment."""
    name, data = fresh_name(), os.urandom(3 * MIB)
    carrier.write("blob", name, data)
    assert carrier.read("blob", name, 3 * MIB) == data
    tracemalloc.start()
    try:
        with pytest.raises(TooLargeError):
            carrier.read("blob", name, 64 * 1024)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MIB
    with pytest.raises(TooLargeError):
        carrier.read("blob", name, 3 * MIB - 1)


def test_large_blobs_pass_in_flat_memory(carrier: Carrier, tmp_path: Path) -> None:
    """64 MiB both ways, with no more than three parts of an upload in memory."""
    name, path = fresh_name(), tmp_path / "blob"
    with path.open("wb") as file:
        for _ in range(64):
            file.write(os.urandom(MIB))
    with path.open("rb") as source, (tmp_path / "back").open("wb") as target:
        tracemalloc.start()
        try:
            assert carrier.put("blob", name, source) == 64 * MIB
            assert carrier.fetch("blob", name, target) == 64 * MIB
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 24 * MIB
    assert (tmp_path / "back").read_bytes() == path.read_bytes()


def test_what_is_not_there_is_said_to_be_missing(carrier: Carrier) -> None:
    """On an empty carrier as on one that holds others."""
    for _ in range(2):
        with pytest.raises(MissingError):
            carrier.read("segment", fresh_name(), 10)
        target = io.BytesIO()
        with pytest.raises(MissingError):
            carrier.fetch("segment", fresh_name(), target)
        assert target.getvalue() == b""
        carrier.write("segment", fresh_name(), b"another")


def test_pages_and_tables_can_be_taken_away(carrier: Carrier) -> None:
    """One that is not there is no error, and the name can be written again."""
    for kind in ("page", "table"):
        name, other = fresh_name(), fresh_name()
        carrier.remove(kind, name)
        carrier.write(kind, name, b"old")
        carrier.write(kind, other, b"stays")
        carrier.remove(kind, name)
        carrier.remove(kind, name)
        assert carrier.names(kind) == {other: 5}
        carrier.write(kind, name, b"new")
        assert carrier.read(kind, name, 10) == b"new"


@pytest.mark.parametrize("kind", ["segment", "blob"])
def test_segments_and_blobs_are_taken_away_only_where_they_are_damaged(carrier: Carrier, kind: str) -> None:
    name = fresh_name()
    carrier.write(kind, name, b"stays")
    with pytest.raises(NameRefusedError):
        carrier.remove(kind, name)
    assert carrier.read(kind, name, 10) == b"stays"
    carrier.remove(kind, name, damaged=True)
    assert name not in carrier.names(kind)
    carrier.write(kind, name, b"good")
    assert carrier.read(kind, name, 10) == b"good"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("segment", "../" + "a" * 23),
        ("segment", "a" * 25),
        ("segment", "a" * 27),
        ("segment", "A" * 26),
        ("segment", "a" * 25 + "1"),
        ("segment", "a" * 26 + "\n"),
        ("segment", "a" * 25 + "é"),
        ("segment", ""),
        ("..", "a" * 26),
        ("segments", "a" * 26),
        ("", "a" * 26),
    ],
)
def test_other_names_are_refused_before_they_are_looked_for(
    place: Place, carrier: Carrier, kind: str, name: str
) -> None:
    for attempt in (
        lambda: carrier.read(kind, name, 10),
        lambda: carrier.write(kind, name, b"data"),
        lambda: carrier.put(kind, name, io.BytesIO(b"data")),
        lambda: carrier.fetch(kind, name, io.BytesIO()),
        lambda: carrier.remove(kind, name),
    ):
        with pytest.raises(NameRefusedError) as caught:
            attempt()
        assert not name or name not in str(caught.value)
    assert place.all_names() == set()


def test_an_error_of_the_source_goes_through_and_leaves_nothing(place: Place, carrier: Carrier) -> None:
    """An own disk that cannot be read is not taken for the carrier's trouble."""

    class Torn(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= 12 * MIB:
                raise OSError(5, "the office's own disk")
            return super().read(size)

    name = fresh_name()
    with pytest.raises(OSError, match="own disk"):
        carrier.put("blob", name, Torn(bytes(20 * MIB)))
    assert carrier.names("blob") == {}
    carrier.write("blob", name, b"afterwards")
    assert carrier.read("blob", name, 100) == b"afterwards"
    assert {file for file in place.all_names() if "blob" in file} == {f"estelik/blob/{name}"}


def test_two_carriers_side_by_side_do_not_see_each_other(place: Place) -> None:
    with closing(place.open()) as one, closing(place.another().open()) as other:
        one.write("segment", fresh_name(), b"one")
        assert other.names("segment") == {}


@pytest.mark.parametrize("kind", ["folder", "sftp", "webdav"])
def test_a_folder_in_the_place_of_a_file_is_not_taken_for_it(
    place_of: Callable[[str], Place], kind: str
) -> None:
    """Whoever can write there could else keep a file from being handed on, and nobody would hear of it."""
    place, name = place_of(kind), "n" * 26
    (place.folder / "estelik" / "blob" / name).mkdir(parents=True)
    with closing(place.open()) as carrier:
        assert carrier.names("blob") == {}
        with pytest.raises(ThereAlreadyError):
            carrier.write("blob", name, b"sealed")
        with pytest.raises(MissingError):
            carrier.read("blob", name, 100)
        if kind != "sftp":  # it takes away files alone
            carrier.remove("blob", name, damaged=True)
            carrier.write("blob", name, b"sealed")
            assert carrier.read("blob", name, 100) == b"sealed"
