"""Blobs: files of any size, each sealed with age for an identity of its own.

What is sealed is the file, then zero bytes up to the size that Padme gives. A
blob is written once; its record (``records.evidence``) says how it opens and
which hashes it has. All of it works in flat memory.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple, Protocol, Self, cast

from estelik.errors import SealError
from estelik.records.evidence import Blob
from estelik.vault.envelope import is_ours, padded
from estelik.vault.pipe import piped

if TYPE_CHECKING:
    from collections.abc import Callable
    from hashlib import _Hash as Digest

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.carriers.half import Begun

KIND: Final = "blob"
_ZEROS: Final = bytes(1 << 16)
#: How much of a blob is looked at before anything is opened.
_HEADER: Final = 1 << 16


class Source(Protocol):
    """What can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


class Target(Protocol):
    """What can be written to."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Takes ``data``, all of it."""


class _Nowhere:
    def write(self, data: bytes | memoryview, /) -> int:
        return len(data)


#: Where a file goes that is only compared.
NOWHERE: Final[Target] = _Nowhere()


class Sealed(NamedTuple):
    """A file that was sealed: its blob, and its own SHA-256 (hexadecimal) and size in bytes."""

    blob: Blob
    sha256: str
    bytes: int


def seal(
    source: Source, shelf: Carrier, name: str, progress: Callable[[int], None] = lambda _: None
) -> Sealed:
    """Seals what ``source`` gives under ``name`` on ``shelf``; it is there whole or not at all.

    Errors of ``source`` go through as they are. ``progress`` is told each
    number of bytes that were read.
    """
    import pyrage
    from pyrage.x25519 import Identity

    identity = Identity.generate()
    plain = _Padded(source, progress)

    def write(out: BinaryIO) -> None:
        try:
            pyrage.encrypt_io(plain, out, [identity.to_public()])
        except (pyrage.EncryptError, OSError):
            # The library has its own words for what its reader met.
            raise plain.error or SealError("A file could not be sealed.") from None

    with piped(write) as stream:
        hashing = _Hashed(stream)
        size = shelf.put(KIND, name, cast("BinaryIO", hashing))
    blob = Blob(name, size, hashing.digest.hexdigest(), str(identity))
    return Sealed(blob, plain.digest.hexdigest(), plain.size)


def unseal(
    carrier: Carrier,
    blob: Blob,
    size: int,
    target: Target,
    progress: Callable[[int], None] = lambda _: None,
) -> str:
    """Writes the file that is sealed in ``blob``, of ``size`` bytes, into ``target``; gives its SHA-256.

    Raises ``SealError`` where the blob is not as it was made, and
    ``MissingError`` where there is none. What ``target`` holds then is no file
    of anybody: throw it away.
    """
    import pyrage
    from pyrage.x25519 import Identity

    plain = _Unpadded(target, size)
    with piped(lambda out: carrier.fetch(KIND, blob.name, out)) as stream:
        sealed = _Checked(_Hashed(stream, progress), blob)
        try:
            pyrage.decrypt_io(sealed, plain, [Identity.from_str(blob.identity)])
        except (pyrage.DecryptError, OSError, ValueError):
            raise sealed.error or plain.error or damaged() from None
        sealed.to_end()
    if plain.left:
        raise damaged()
    return plain.digest.hexdigest()


def check(carrier: Carrier, blob: Blob, progress: Callable[[int], None] = lambda _: None) -> None:
    """Reads a blob without opening it. Raises ``SealError`` where it is not as it was made, and
    ``MissingError``."""
    with piped(lambda out: carrier.fetch(KIND, blob.name, out)) as stream:
        _Checked(_Hashed(stream, progress), blob).to_end()


def relay(
    here: Carrier, there: Carrier, blob: Blob, progress: Callable[[int], None] = lambda _: None
) -> None:
    """Copies a blob from one carrier to another, where nothing appears unless it is as it was made.

    Raises ``SealError``, ``MissingError``, and ``ThereAlreadyError``.
    """
    with _Coming(here, blob, progress) as stream:
        try:
            there.put(KIND, blob.name, cast("BinaryIO", stream))
        except SealError:
            if not stream.start:
                raise
        else:
            return
    # Perhaps it was what an interrupted copy had left that was not as it should be; that is gone now.
    progress(-stream.told)
    with _Coming(here, blob, progress) as stream:
        there.put(KIND, blob.name, cast("BinaryIO", stream))


def damaged() -> SealError:
    """What is said of a blob that is not as it was made."""
    return SealError("A sealed file of evidence is damaged, or was changed.")


class _Padded:
    """A file, then zero bytes."""

    def __init__(self, source: Source, progress: Callable[[int], None]) -> None:
        self._source = source
        self._progress = progress
        self._zeros = -1
        self.digest = hashlib.sha256()
        self.size = 0
        self.error: Exception | None = None

    def read(self, size: int = _HEADER) -> bytes:
        if self._zeros < 0:
            try:
                data = self._source.read(size)
            except Exception as error:
                self.error = error
                raise
            if data:
                self.digest.update(data)
                self.size += len(data)
                self._progress(len(data))
                return data
            self._zeros = padded(self.size) - self.size
        data = _ZEROS[: min(size, self._zeros)]
        self._zeros -= len(data)
        return data


class _Unpadded:
    """Takes a file of ``size`` bytes and passes it on; what comes after it must be zero bytes."""

    def __init__(self, target: Target, size: int) -> None:
        self._target = target
        self._padding = padded(size) - size
        self.left = size
        self.digest = hashlib.sha256()
        self.error: Exception | None = None

    def write(self, data: bytes) -> int:
        plain, rest = memoryview(data)[: self.left], memoryview(data)[self.left :]
        if len(rest) > self._padding or any(rest):
            self.error = damaged()
            raise OSError
        self.left -= len(plain)
        self._padding -= len(rest)
        if plain:
            self.digest.update(plain)
            try:
                self._target.write(plain)
            except Exception as error:
                self.error = error
                raise
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


class _Hashed:
    """A stream that is hashed as it is read; ``digest`` has what came before it."""

    def __init__(
        self, stream: Source, progress: Callable[[int], None] = lambda _: None, digest: Digest | None = None
    ) -> None:
        self._stream = stream
        self._progress = progress
        self.digest = digest or hashlib.sha256()

    def read(self, size: int = _HEADER) -> bytes:
        data = self._stream.read(size)
        self.digest.update(data)
        self._progress(len(data))
        return data


class _Checked:
    """A blob as it is read: what is not ours is refused before anything opens it, what is not as it was made
    at its end. ``start``: so many of its bytes were hashed before."""

    def __init__(self, stream: _Hashed, blob: Blob, start: int = 0) -> None:
        self._stream = stream
        self._blob = blob
        self._begun = b""
        self._left = blob.bytes - start
        self._first = not start
        self.error: Exception | None = None

    def read(self, size: int = _HEADER) -> bytes:
        try:
            return self._read(size)
        except Exception as error:
            self.error = error
            raise

    def _read(self, size: int) -> bytes:
        if self._first:
            self._first = False
            self._begun = self._stream.read(_HEADER)
            if not is_ours(self._begun):
                raise damaged()
        if self._begun:
            data, self._begun = self._begun[:size], self._begun[size:]
        else:
            data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0 or (
            not data and size and (self._left or self._stream.digest.hexdigest() != self._blob.sha256)
        ):
            raise damaged()
        return data

    def to_end(self) -> None:
        """Reads what is left, so that all of it is checked."""
        while self.read(_HEADER):
            pass


class _Coming:
    """A blob as it comes from a carrier; of one that was begun before, the rest (see ``half.Rest``)."""

    def __init__(self, carrier: Carrier, blob: Blob, progress: Callable[[int], None]) -> None:
        self._carrier = carrier
        self._blob = blob
        self._progress = progress
        self._digest = hashlib.sha256()
        self._checked: _Checked | None = None
        self._open = ExitStack()
        #: How many of its bytes were there before.
        self.start = 0
        #: How many bytes ``progress`` was told.
        self.told = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def after(self, begun: Begun) -> int:
        """See ``half.Rest``: what was begun counts as long as the hash of the whole turns out right."""
        digest, size, first = hashlib.sha256(), 0, b""
        while data := begun.read(_HEADER):
            first = first or data
            digest.update(data)
            size += len(data)
        if len(first) == _HEADER and is_ours(first) and size <= self._blob.bytes:
            self._digest, self.start = digest, size
            self._tell(size)
        return self.start

    def read(self, size: int = _HEADER) -> bytes:
        """The next bytes. Raises ``SealError`` at the end of what is not as it was made."""
        if self._checked is None:
            self._checked = _Checked(
                _Hashed(self._stream(), self._tell, self._digest), self._blob, self.start
            )
        return self._checked.read(size)

    def _stream(self) -> Source:
        # Nobody is asked for what comes after the end.
        if self.start == self._blob.bytes:
            return BytesIO()
        fetch, name, start = self._carrier.fetch, self._blob.name, self.start
        return self._open.enter_context(piped(lambda out: fetch(KIND, name, out, start)))

    def _tell(self, size: int) -> None:
        self.told += size
        self._progress(size)
