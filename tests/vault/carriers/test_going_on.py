"""A blob is gone on with where it broke off: only the rest travels, and nothing that is there is believed."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import signal
import sys
import threading
import time
from contextlib import closing, suppress
from subprocess import DEVNULL, Popen, run
from typing import TYPE_CHECKING, Any

import pytest
from tests.vault.carriers.conftest import (
    BUCKET,
    FOLDERS,
    PASSWORD,
    USER,
    SchemaPlace,
    _client,
    fresh_name,
)

from estelik.casebook import Casebook
from estelik.errors import SealError
from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.records import Statement
from estelik.vault import blob
from estelik.vault.carriers import half
from estelik.vault.carriers.failures import (
    CarrierError,
    MissingError,
    ThereAlreadyError,
    TransferError,
    UnreachableError,
)
from estelik.vault.keys import Cost
from estelik.vault.office import Place as Noted
from estelik.vault.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from tests.vault.carriers.conftest import Place, Wire

    from estelik.vault.carriers.carrier import Carrier

    Wires = Callable[..., Wire]

MIB = 1024 * 1024
#: Bytes of a blob, and after how many of them it breaks off.
SIZE, CUT = 3 * MIB, 2 * MIB
#: The same for buckets: they take parts of 8 MiB, of which one must be whole.
PARTS = {"bucket": (10 * MIB, 9 * MIB)}
#: Those that say that they send anew: there is no way to add to a file that every such server knows.
ANEW = {"webdav", "webdavs"}


class _Cut(io.BytesIO):
    """A source that ends in an error after so many bytes."""

    def __init__(self, data: bytes, after: int, error: BaseException) -> None:
        super().__init__(data)
        self._after, self._error = after, error

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= self._after:
            raise self._error
        return super().read(size)


class _Line:
    """Sends to a place, and counts the bytes that travel there and back."""

    def __init__(self, place: Place, wire: Wires, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self._wire, self._patch = place, wire, monkeypatch
        self.size, self.after = PARTS.get(place.kind, (SIZE, CUT))
        #: Less than that travels where only the rest is sent.
        self.rest = self.size - self.after + MIB + MIB // 2

    def cut(self, name: str, data: bytes, after: int = 0) -> None:
        """Sends and is cut off, after so many bytes."""
        after = after or self.after
        line = None if self.place.kind in FOLDERS else self._wire(self.place.port, up=after)
        source = _Cut(data, after, UnreachableError()) if line is None else io.BytesIO(data)
        with (
            closing(self.place.open(None if line is None else line.port)) as carrier,
            pytest.raises((TransferError, UnreachableError)),
        ):
            carrier.put("blob", name, source)

    def send(self, name: str, data: bytes) -> int:
        """Sends; how many bytes went there."""
        if self.place.kind in FOLDERS:
            return self._written(name, data)
        line = self._wire(self.place.port)
        with closing(self.place.open(line.port)) as carrier:
            assert carrier.put("blob", name, io.BytesIO(data)) == len(data)
        return line.sent

    def _written(self, name: str, data: bytes) -> int:
        written, write = 0, os.write

        def counted(file: int, part: Any) -> int:
            nonlocal written
            done = write(file, part)
            written += done
            return done

        with self._patch.context() as patch, closing(self.place.open()) as carrier:
            patch.setattr(os, "write", counted)
            assert carrier.put("blob", name, io.BytesIO(data)) == len(data)
        return written

    def harm(self, name: str) -> None:
        """Changes what was left of a blob, in the middle of it."""
        place = self.place
        if isinstance(place, SchemaPlace):
            place.ask("UPDATE estelik_chunk SET data = 'other' WHERE number = 3")
        elif place.kind == "bucket":
            server, key = _client(place.port), f"{place.root}/estelik/blob/{name}"
            (upload,) = server.list_multipart_uploads(Bucket=BUCKET, Prefix=key)["Uploads"]
            server.upload_part(
                Bucket=BUCKET, Key=key, UploadId=upload["UploadId"], PartNumber=1, Body=bytes(8 * MIB)
            )
        else:
            (left,) = (place.folder / "estelik" / "blob").glob(f"{name}.*.half")
            with left.open("rb+") as file:
                file.seek(left.stat().st_size // 2)
                file.write(b"other")


@pytest.fixture
def line(place: Place, wire: Wires, monkeypatch: pytest.MonkeyPatch) -> _Line:
    return _Line(place, wire, monkeypatch)


@pytest.fixture(params=["folder", "bucket", "sftp", "postgres"])
def resuming(
    request: pytest.FixtureRequest,
    place_of: Callable[[str], Place],
    wire: Wires,
    monkeypatch: pytest.MonkeyPatch,
) -> _Line:
    """One of each kind that goes on."""
    return _Line(place_of(request.param), wire, monkeypatch)


def test_after_a_sender_was_cut_off_the_next_sends_the_rest(line: _Line) -> None:
    """Or says that it does not; the file is as it should be, and nothing of the first try is left."""
    name, data = fresh_name(), os.urandom(line.size)
    line.cut(name, data)
    sent = line.send(name, data)
    if line.place.kind in ANEW:
        assert sent > line.size
    else:
        assert sent < line.rest
        assert not {file for file in line.place.all_names() if file.endswith(".half")}
    with closing(line.place.open()) as carrier:
        assert carrier.read("blob", name, line.size) == data
        assert carrier.names("blob") == {name: line.size}


def test_wrong_bytes_in_what_was_left_are_not_trusted(resuming: _Line) -> None:
    """A crash of the server may have left holes, and somebody may have changed it."""
    name, data = fresh_name(), os.urandom(resuming.size)
    resuming.cut(name, data)
    resuming.harm(name)
    resuming.send(name, data)
    with closing(resuming.place.open()) as carrier:
        assert carrier.read("blob", name, resuming.size) == data


def test_what_was_left_of_another_content_is_cut_to_what_is_sent(resuming: _Line) -> None:
    """Also where it is longer."""
    name, data = fresh_name(), os.urandom(MIB)
    resuming.cut(name, data[: MIB // 2] + os.urandom(resuming.size))
    resuming.send(name, data)
    with closing(resuming.place.open()) as carrier:
        assert carrier.read("blob", name, resuming.size) == data


def test_a_sender_that_is_stopped_is_gone_on_with_and_one_that_fails_is_not(resuming: _Line) -> None:
    """What the user stopped stays there for the next time; what was refused leaves nothing."""
    name, data = fresh_name(), os.urandom(resuming.size)
    with closing(resuming.place.open()) as carrier:
        with pytest.raises(KeyboardInterrupt):
            carrier.put("blob", name, _Cut(data, resuming.after, KeyboardInterrupt()))
        assert resuming.send(name, data) < resuming.rest
        assert carrier.read("blob", name, resuming.size) == data
        other = fresh_name()
        with pytest.raises(SealError):
            carrier.put("blob", other, _Cut(data, resuming.after, SealError("damaged")))
        assert resuming.send(other, data) >= resuming.size


def test_two_senders_at_once_never_mix(resuming: _Line) -> None:
    """Not even where one that was held up goes on, with other bytes, while another has taken over from it."""
    size, after = resuming.size, resuming.after
    name, data, other = fresh_name(), os.urandom(size), bytes(size)
    held, go_on = threading.Event(), threading.Event()

    class Held(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= after and not go_on.is_set():
                held.set()
                go_on.wait(20)
            return super().read(size)

    class Second(io.BytesIO):
        """Lets the first go on when it is itself in the middle."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() >= after + MIB // 4:
                go_on.set()
                first.join(0.1)
            return super().read(size)

    said: list[CarrierError] = []
    # The same at first, so that there is something to take over.
    mixed = data[:after] + other[after:]

    def send() -> None:
        with closing(resuming.place.open()) as carrier:
            try:
                carrier.put("blob", name, Held(mixed))
            except CarrierError as error:
                said.append(error)

    first = threading.Thread(target=send)
    first.start()
    assert held.wait(20)
    with closing(resuming.place.open()) as carrier:
        with suppress(ThereAlreadyError, TransferError):
            carrier.put("blob", name, Second(data))
        go_on.set()
        first.join()
        # Where both were told that a line broke, the next comes through.
        with suppress(ThereAlreadyError):
            carrier.put("blob", name, io.BytesIO(data))
        found = carrier.read("blob", name, size)
    assert found in (data, mixed)
    assert all(isinstance(error, ThereAlreadyError | TransferError) for error in said)


def test_a_fetch_can_begin_anywhere(carrier: Carrier) -> None:
    data, name = os.urandom(MIB + 7), fresh_name()
    carrier.put("blob", name, io.BytesIO(data))
    for start in (0, 1, 512 * 1024, MIB // 2 + 3, len(data) - 1):
        target = io.BytesIO()
        assert carrier.fetch("blob", name, target, start) == len(data) - start
        assert target.getvalue() == data[start:]


class _Half:
    """A blob that a carrier has, and half of which lies on the shelf of this computer."""

    def __init__(self, place: Place, folder: Path) -> None:
        folder.mkdir()
        self.shelf = Shelf(folder)
        origin = Shelf(folder)
        self.blob = blob.seal(io.BytesIO(os.urandom(SIZE)), origin, fresh_name()).blob
        self.data = origin.read("blob", self.blob.name, 2 * SIZE)
        with closing(place.open()) as carrier:
            carrier.put("blob", self.blob.name, io.BytesIO(self.data))
            origin.remove("blob", self.blob.name, damaged=True)
            with pytest.raises(UnreachableError, match=r"^The carrier is not there"):
                blob.relay(_Breaking(carrier, CUT), self.shelf, self.blob)
        (self.left,) = (folder / "estelik" / "blob").iterdir()

    def is_there(self) -> bool:
        """Whether the blob is on the shelf, whole, and nothing else."""
        return self.shelf.read("blob", self.blob.name, 2 * SIZE) == self.data and not self.left.exists()


class _Breaking:
    """A carrier that goes in the middle of a fetch, or counts what it gives."""

    def __init__(self, carrier: Carrier, after: int | None = None) -> None:
        self._carrier, self._after = carrier, after
        self.given = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._carrier, name)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        outer = self

        class Counted:
            def write(self, data: bytes) -> int:
                if outer._after is not None and outer.given + len(data) > outer._after:
                    raise UnreachableError
                outer.given += len(data)
                return target.write(data)

        return self._carrier.fetch(kind, name, Counted(), start)  # type: ignore[arg-type]


@pytest.fixture(params=["folder", "bucket", "webdav", "sftp", "postgres"])
def fetched(
    request: pytest.FixtureRequest, place_of: Callable[[str], Place], tmp_path: Path
) -> Iterator[tuple[_Half, _Breaking]]:
    place = place_of(request.param)
    made = _Half(place, tmp_path / "shelf")
    with closing(place.open()) as carrier:
        yield made, _Breaking(carrier)


def test_a_fetch_goes_on_where_the_half_of_this_computer_ends(fetched: tuple[_Half, _Breaking]) -> None:
    """Only the rest is asked for, and progress ends at the whole."""
    begun, carrier = fetched
    told: list[int] = []
    blob.relay(carrier, begun.shelf, begun.blob, told.append)
    assert begun.is_there()
    assert carrier.given < SIZE - MIB
    assert sum(told) == begun.blob.bytes


def test_a_half_that_is_wrong_is_fetched_anew(place_of: Callable[[str], Place], tmp_path: Path) -> None:
    """Wrong in the middle, too long, or whole and only without its name; its hash decides."""
    for number, harm in enumerate((_changed, _longer, _whole)):
        begun = _Half(place_of("folder"), tmp_path / str(number))
        harm(begun)
        with closing(place_of("folder").open()) as inner:
            inner.put("blob", begun.blob.name, io.BytesIO(begun.data))
            carrier = _Breaking(inner)
            told: list[int] = []
            blob.relay(carrier, begun.shelf, begun.blob, told.append)
            assert begun.is_there()
            assert sum(told) == begun.blob.bytes
            assert (carrier.given == 0) is (harm is _whole)


def _changed(begun: _Half) -> None:
    with begun.left.open("rb+") as file:
        file.seek(MIB)
        file.write(b"other")


def _longer(begun: _Half) -> None:
    begun.left.write_bytes(begun.data + b"more")


def _whole(begun: _Half) -> None:
    begun.left.write_bytes(begun.data)


def test_what_a_carrier_has_damaged_does_not_come_in_by_going_on(
    place_of: Callable[[str], Place], tmp_path: Path
) -> None:
    """Nor is anything of it left here."""
    begun = _Half(place_of("folder"), tmp_path / "shelf")
    with closing(place_of("folder").open()) as carrier:
        carrier.put("blob", begun.blob.name, io.BytesIO(begun.data[:-1] + b"x"))
        with pytest.raises(SealError):
            blob.relay(carrier, begun.shelf, begun.blob)
    with pytest.raises(MissingError):
        begun.shelf.read("blob", begun.blob.name, SIZE)
    assert not begun.left.exists()


def test_a_file_that_somebody_put_in_the_place_of_a_half_is_not_written_to(
    place_of: Callable[[str], Place], tmp_path: Path
) -> None:
    """Who can write to a carrier could lead the sender to a file of its own by a second name or a link."""
    place, name, data = place_of("folder"), fresh_name(), os.urandom(2 * MIB)
    precious = tmp_path / "precious"
    precious.write_bytes(b"of the office")
    planted = half.own_name(name)
    assert planted is not None
    room = place.folder / "estelik" / "blob"
    room.mkdir(parents=True)
    for plant in (os.link, os.symlink):
        plant(precious, room / planted)
        with closing(place.open()) as carrier:
            carrier.put("blob", name, io.BytesIO(data))
            assert carrier.read("blob", name, SIZE) == data
            carrier.remove("blob", name, damaged=True)
        assert precious.read_bytes() == b"of the office"
        (room / planted).unlink()


def test_a_computer_that_cannot_be_told_from_others_begins_anew(
    place_of: Callable[[str], Place], wire: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And its halves, like those of other computers, are left alone until they are swept."""
    line, name, data = _Line(place_of("folder"), wire, monkeypatch), fresh_name(), os.urandom(SIZE)
    assert half.own_name(name) != half.own_name(fresh_name())
    line.cut(name, data)
    for computer in (b"", b"another computer"):
        monkeypatch.setattr(half, "_computer", lambda computer=computer: computer)
        assert line.send(name, data) == SIZE
        with closing(line.place.open()) as carrier:
            carrier.remove("blob", name, damaged=True)
    assert len(line.place.all_names()) == 1


def test_a_drive_that_knows_no_locks_gets_it_anew_and_keeps_nothing(
    place_of: Callable[[str], Place], wire: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, name, data = _Line(place_of("folder"), wire, monkeypatch), fresh_name(), os.urandom(SIZE)
    line.cut(name, data)

    def unknown(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", unknown)
    assert line.send(name, data) == SIZE
    assert line.place.all_names() == {f"estelik/blob/{name}"}


def test_an_sftp_server_that_cannot_copy_gets_it_anew(
    place_of: Callable[[str], Place], wire: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, name, data = _Line(place_of("sftp"), wire, monkeypatch), fresh_name(), os.urandom(SIZE)
    line.cut(name, data)
    monkeypatch.setattr("asyncssh.SFTPClient.supports_remote_copy", False)
    assert line.send(name, data) > SIZE
    with closing(line.place.open()) as carrier:
        assert carrier.read("blob", name, SIZE) == data


def test_halves_do_not_pile_up_where_a_line_breaks_again_and_again(
    place_of: Callable[[str], Place], wire: Wires, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each goes as soon as what it holds is in the next, once nobody has written to it for a while."""
    line, name, data = _Line(place_of("sftp"), wire, monkeypatch), fresh_name(), os.urandom(SIZE)
    for after in (MIB, MIB, MIB // 2):
        line.cut(name, data, after)
        (left,) = (line.place.folder / "estelik" / "blob").iterdir()
        os.utime(left, (left.stat().st_mtime - 3600,) * 2)
    assert line.send(name, data) < SIZE // 2
    with closing(line.place.open()) as carrier:
        assert carrier.read("blob", name, SIZE) == data


_SYNC = [sys.executable, "-m", "estelik", "sync", "--casebook", "case", "--passphrase-file", "passphrase.txt"]


@pytest.mark.parametrize("kind", ["folder", "sftp"])
def test_a_sync_that_is_killed_in_the_middle_of_a_film_goes_on_with_it(
    place_of: Callable[[str], Place], wire: Wires, tmp_path: Path, kind: str
) -> None:
    """Without a word of farewell, at 64 MiB; the next sends the rest, and all of it is whole."""
    place = place_of(kind)
    line = wire(place.port) if place.port else None
    (tmp_path / "passphrase.txt").write_text("apple tree")
    (tmp_path / "film.mp4").write_bytes(os.urandom(64 * MIB))
    address = str(place.folder)
    secret = {}
    if line is not None:
        address = f"sftp://{USER}@127.0.0.1:{line.port}/{place.root}"
        secret = {"password": PASSWORD, "known_hosts": f"[127.0.0.1]:{line.port} {place.host_key}\n"}
    with Casebook.create(
        tmp_path / "case", b"apple tree", cost=Cost(memory=8, passes=1, lanes=1)
    ) as casebook:
        casebook.add_statements([Statement("1", "Marhaba", source="Zulfiya", event="arrest", when="2017")])
        intake.add(casebook.vault, [str(tmp_path / "film.mp4")], Particulars())
        casebook.vault.add_carrier(Noted("away", address, secret))
    room = place.folder / "estelik" / "blob"
    with Popen(_SYNC, cwd=tmp_path, stdout=DEVNULL, stderr=DEVNULL) as sync:
        while sync.poll() is None and not any(one.stat().st_size > 4 * MIB for one in room.glob("*.half")):
            time.sleep(0.002)
        sync.kill()
    assert sync.returncode == -signal.SIGKILL
    (left,) = room.iterdir()
    there, inode = left.stat().st_size, left.stat().st_ino
    assert 4 * MIB < there < 64 * MIB
    before = 0 if line is None else line.sent
    done = run(_SYNC, cwd=tmp_path, capture_output=True, check=False, text=True)
    assert done.returncode == 0, done.stderr
    (whole,) = room.iterdir()
    if line is None:
        assert whole.stat().st_ino == inode
    else:
        assert line.sent - before < whole.stat().st_size - there + MIB
    with Casebook.open(tmp_path / "case", b"apple tree") as casebook, closing(place.open()) as carrier:
        (one,) = casebook.vault.sealed_blobs()
        blob.check(carrier, one.blob)
