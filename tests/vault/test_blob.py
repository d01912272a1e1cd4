"""A file of any size becomes a blob, and comes back as it was or not at all."""

from __future__ import annotations

import hashlib
import io
import resource
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estelik.errors import SealError
from estelik.ids import new_id
from estelik.records.evidence import Blob
from estelik.vault import blob
from estelik.vault.carriers.failures import MissingError, ThereAlreadyError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.envelope import padded
from estelik.vault.pipe import piped

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_MEGA = 1 << 20


@pytest.fixture
def shelf(tmp_path: Path) -> FolderCarrier:
    (tmp_path / "shelf").mkdir()
    return FolderCarrier(tmp_path / "shelf")


def _path(tmp_path: Path, of: Blob) -> Path:
    return tmp_path / "shelf" / "estelik" / "blob" / of.name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(data=st.binary(min_size=1, max_size=300), times=st.sampled_from((1, 7, 900)))
def test_what_was_sealed_opens_to_the_same_bytes(shelf: FolderCarrier, data: bytes, times: int) -> None:
    """With the hashes and sizes of both, and under an identity of its own."""
    file, out = data * times, io.BytesIO()
    sealed = blob.seal(io.BytesIO(file), shelf, new_id())
    assert (sealed.bytes, sealed.sha256) == (len(file), hashlib.sha256(file).hexdigest())
    assert blob.unseal(shelf, sealed.blob, sealed.bytes, out) == sealed.sha256
    assert out.getvalue() == file
    assert shelf.names("blob")[sealed.blob.name] == sealed.blob.bytes
    again = blob.seal(io.BytesIO(file), shelf, new_id())
    assert again.blob.identity != sealed.blob.identity
    assert again.blob.sha256 != sealed.blob.sha256


def test_the_size_of_a_blob_does_not_tell_how_long_the_file_is(shelf: FolderCarrier) -> None:
    """Two files that differ by two thousand bytes; what still differs, age adds at random."""
    small, large = (blob.seal(io.BytesIO(bytes(size)), shelf, new_id()).blob for size in (100_400, 102_400))
    assert padded(100_400) == padded(102_400) == 102_400
    assert min(small.bytes, large.bytes) > 102_400
    assert abs(small.bytes - large.bytes) < 1000


def test_another_program_opens_a_blob(shelf: FolderCarrier, tmp_path: Path) -> None:
    """Debian's ``age``, with the identity of the record: the file, then zero bytes."""
    age = shutil.which("age")
    if age is None:
        pytest.skip("needs age")
    file = b"what she brought" * 5000
    sealed = blob.seal(io.BytesIO(file), shelf, new_id())
    (tmp_path / "identity").write_text(sealed.blob.identity)
    opened = subprocess.run(
        [age, "-d", "-i", tmp_path / "identity", _path(tmp_path, sealed.blob)],
        check=True,
        capture_output=True,
    ).stdout
    assert opened[: sealed.bytes] == file
    assert opened[sealed.bytes :] == bytes(padded(len(file)) - len(file))
    assert len(opened) > len(file)


def test_a_blob_that_is_not_as_it_was_made_is_refused(shelf: FolderCarrier, tmp_path: Path) -> None:
    """Every byte changed in turn, cut short, made longer: not opened, not passed on, and told apart from one
    that is not there."""
    sealed = blob.seal(io.BytesIO(b"seen in the yard"), shelf, new_id())
    (tmp_path / "other").mkdir()
    other, path = FolderCarrier(tmp_path / "other"), _path(tmp_path, sealed.blob)
    whole = path.read_bytes()
    changed = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
    for data in (*changed, whole[:-1], whole[:50], b"", whole + b"x", whole + whole):
        path.write_bytes(data)
        with pytest.raises(SealError):
            blob.unseal(shelf, sealed.blob, sealed.bytes, io.BytesIO())
        with pytest.raises(SealError):
            blob.check(shelf, sealed.blob)
        with pytest.raises(SealError):
            blob.relay(shelf, other, sealed.blob)
        assert other.names("blob") == {}
    path.write_bytes(whole)
    blob.relay(shelf, other, sealed.blob)
    assert other.read("blob", sealed.blob.name, _MEGA) == whole
    with pytest.raises(ThereAlreadyError):
        blob.relay(shelf, other, sealed.blob)
    path.unlink()
    with pytest.raises(MissingError):
        blob.check(shelf, sealed.blob)
    with pytest.raises(MissingError):
        blob.unseal(shelf, sealed.blob, sealed.bytes, io.BytesIO())


def test_a_blob_for_a_passphrase_is_refused_before_anything_is_worked_out(shelf: FolderCarrier) -> None:
    """Its work factor would be somebody else's choice."""
    data = b"age-encryption.org/v1\n-> scrypt bBjlhJVYZeE4aqUdmtRHfw 30\nxxxx\n--- xxxx\n" + bytes(100)
    shelf.write("blob", name := new_id(), data)
    made = blob.seal(io.BytesIO(b"x"), shelf, new_id()).blob
    wrong = Blob(name, len(data), hashlib.sha256(data).hexdigest(), made.identity)
    with pytest.raises(SealError):
        blob.unseal(shelf, wrong, 1, io.BytesIO())


def test_a_size_that_is_not_the_file_s_is_refused(shelf: FolderCarrier) -> None:
    """A record that says more or less than there is does not make another file of it."""
    sealed = blob.seal(io.BytesIO(b"a" * 1000), shelf, new_id())
    for size in (999, 1, 1025, 5000):
        with pytest.raises(SealError):
            blob.unseal(shelf, sealed.blob, size, io.BytesIO())
    # So much padding taken for content is told by the hash.
    assert blob.unseal(shelf, sealed.blob, 1001, io.BytesIO()) != sealed.sha256


class _Breaking:
    """Gives some bytes, then fails."""

    def __init__(self, error: Exception) -> None:
        self._left = 3
        self._error = error

    def read(self, size: int, /) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise self._error
        return b"x" * size


def test_what_goes_wrong_with_the_file_is_told_as_it_is_and_leaves_nothing(shelf: FolderCarrier) -> None:
    """Also the library's words are not ours: the error of the source comes through."""
    for error in (PermissionError(13, "no"), ValueError("odd")):
        with pytest.raises(type(error)):
            blob.seal(_Breaking(error), shelf, new_id())
        assert shelf.names("blob") == {}


def test_a_reader_who_leaves_early_stops_the_writer() -> None:
    """And one who reads to the end is told what went wrong in the middle."""
    written: list[int] = []

    def endless(out: BinaryIO) -> None:
        while True:
            written.append(out.write(bytes(_MEGA)))

    with piped(endless) as stream:
        assert len(stream.read(5)) == 5
    assert len(written) < 10

    def broken(out: BinaryIO) -> None:
        out.write(b"some")
        raise SealError("damaged")

    with piped(broken) as stream, pytest.raises(SealError):
        stream.read(_MEGA)


_LARGE = """
import io, sys
from pathlib import Path
from estelik.ids import new_id
from estelik.vault import blob
from estelik.vault.carriers.folder import FolderCarrier

class Large:
    left = 300 << 20
    piece = bytes(range(256)) * 4096
    def read(self, size):
        size = min(size, self.left, len(self.piece))
        self.left -= size
        return self.piece[:size]

shelf, other = FolderCarrier(Path(sys.argv[1])), FolderCarrier(Path(sys.argv[2]))
sealed = blob.seal(Large(), shelf, new_id())
blob.relay(shelf, other, sealed.blob)
assert sealed.bytes == 300 << 20
assert blob.unseal(other, sealed.blob, sealed.bytes, blob.NOWHERE) == sealed.sha256
# Of this program alone: what getrusage says begins with the process that started it.
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def test_a_large_file_takes_little_memory(tmp_path: Path) -> None:
    """300 MiB are sealed, carried and opened within 100 MiB."""
    folders = [tmp_path / "here", tmp_path / "there"]
    for folder in folders:
        folder.mkdir()

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (200 * _MEGA, 200 * _MEGA))

    done: Any = subprocess.run(
        [sys.executable, "-c", _LARGE, *folders], check=True, capture_output=True, text=True, preexec_fn=limit
    )
    assert int(done.stdout) < 100 * 1024
    for folder in folders:
        shutil.rmtree(folder)
