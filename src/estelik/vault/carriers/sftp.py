"""A carrier on an SFTP server.

A file is written under another name and synced where the server can (an
extension of OpenSSH), its size there is compared, and it gets its name by a
hard link (another extension), which fails where there is one already. Servers
without links are asked to rename, which must fail then too; since some
replace all the same, each is tested on files of our own first. What was left
of a blob is gone on with where the server copies within itself (``sftp_copy``).

The library works in an event loop, so that each carrier has one in a thread.
"""

from __future__ import annotations

import io
import os
import stat
import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from estelik.vault.carriers import carrier, half, patience
from estelik.vault.carriers.failures import (
    CarrierError,
    FullError,
    MissingError,
    ReadOnlyError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
    UnsuitableError,
)
from estelik.vault.carriers.sftp_copy import Copy
from estelik.vault.carriers.sftp_session import Session, UnsupportedError, listed, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from asyncssh import SFTPClientFile

#: Bytes sent or asked for at once: what a slow line carries within the timeout.
_CHUNK: Final = 256 * 1024
#: How many times as long as anything else a listing may take.
_LISTING: Final = 10
#: Seconds without a change after which nobody is believed to be at work on a half any more.
_QUIET: Final = 10 * 60


class SftpCarrier:
    """Sealed files below the folder ``root`` of a server, which is never made.

    ``known_hosts`` is text in the form of OpenSSH's file; a server whose key is
    not in it is refused. ``key`` is the text of a private key, ``passphrase``
    opens it. Without password and key, the SSH agent and the user's own keys
    are asked. ``timeout`` in seconds without progress.
    """

    def __init__(
        self,
        host: str,
        root: str,
        *,
        known_hosts: str,
        port: int = 22,
        user: str | None = None,
        password: str = "",
        key: str = "",
        passphrase: str = "",
        timeout: float = patience.TIMEOUT,
    ) -> None:
        self._root = root.encode()
        self._home = f"{root.rstrip('/')}/{carrier.HOME}".encode()
        self._timeout = timeout
        ways = {"known_hosts": known_hosts, "password": password, "key": key, "passphrase": passphrase}
        self._session = Session(host, port, user, **ways, timeout=timeout)
        self._made: set[str] = set()
        self._refuses = False
        #: The halves of blobs that are there, where it is known.
        self._left: list[tuple[str, int, float]] | None = None

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``."""
        return {name: size for name, size, _ in self._entries(kind) if carrier.is_name(name)}

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        carrier.checked(kind, name)

        def ask() -> bytes:
            data = bytearray()
            for chunk in self._chunks(kind, name, limit):
                data += chunk
            return bytes(data)

        return patience.persistently(ask)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        carrier.checked(kind, name)
        size = 0
        for chunk in self._chunks(kind, name, None, start):
            target.write(chunk)
            size += len(chunk)
        return size

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.put(kind, name, io.BytesIO(data))

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        path, begun = self._path(kind, name), self._path(kind, half.fresh_name(name))
        if patience.persistently(lambda: self._size(path)) is not None:
            raise ThereAlreadyError
        with self._explained():
            self._make(kind)
            left = self._left_over(name) if kind == half.KIND else {}
        try:
            with self._explained():
                size = self._send(begun, source, left)
                self._name(begun, path)
        except BaseException as error:
            self._left = None
            if not half.stays(kind, error):
                self._let_go([begun])
            if isinstance(error, MissingError):
                # Somebody took the folder away.
                self._made.discard(kind)
                raise UnreachableError from None
            raise
        # Whoever still sends the same file finds it there.
        self._let_go([begun, *left])
        return size

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``."""
        carrier.removable(kind, name, damaged=damaged)
        with self._explained():
            patience.persistently(lambda: self._remove(self._path(kind, name)))

    def sweep(self) -> int:
        """See ``Carrier.sweep``."""
        before = time.time() - carrier.STALE
        stale = [
            self._path(kind, name)
            for kind in carrier.KINDS
            for name, _, changed in self._entries(kind)
            if carrier.is_half_name(name) and 0 < changed < before
        ]
        for path in stale:
            self._remove(path)
        return len(stale)

    def close(self) -> None:
        """See ``Carrier.close``."""
        self._session.close()

    def _let_go(self, halves: Iterable[bytes]) -> None:
        for path in halves:
            if self._session.alive:
                with suppress(CarrierError):
                    self._session.ask(lambda client, path=path: client.remove(path))  # type: ignore[misc]

    def _left_over(self, name: str) -> dict[bytes, int]:
        """The halves of a blob that interrupted senders left, or that others are at work on, and their bytes;
        none where the server could not copy them."""
        if self._left is None:
            entries = self._entries(half.KIND) if self._session.copies() else []
            self._left = [entry for entry in entries if carrier.is_half_name(entry[0])]
        return {self._path(half.KIND, one): size for one, size, _ in self._left if one.startswith(f"{name}.")}

    def _path(self, kind: str, name: str) -> bytes:
        return self._home + f"/{kind}/{name}".encode()

    def _entries(self, kind: str) -> list[tuple[str, int, float]]:
        """The plain files of a kind: name, bytes, and when it was changed (seconds, 0 unknown)."""
        carrier.checked(kind)
        return patience.persistently(lambda: self._list(kind))

    def _list(self, kind: str) -> list[tuple[str, int, float]]:
        try:
            folder = self._home + b"/" + kind.encode()
            return self._session.ask(lambda client: listed(client, folder), times=_LISTING)
        except MissingError:
            self._look_for_root()
            return []

    def _look_for_root(self) -> None:
        try:
            self._session.ask(lambda client: client.stat(self._root))
        except MissingError:
            raise UnreachableError("The folder of the carrier is not on the server.") from None

    def _size(self, path: bytes) -> int | None:
        """The bytes of a file, -1 where the server does not say; None where there is nothing."""
        try:
            size = self._session.ask(lambda client: client.lstat(path)).size
        except MissingError:
            return None
        return -1 if size is None else size

    def _remove(self, path: bytes) -> None:
        with suppress(MissingError):
            self._session.ask(lambda client: client.remove(path))

    def _make(self, kind: str) -> None:
        """Makes the folder of a kind, where it is not there."""
        if kind in self._made:
            return
        for path in (self._home, self._home + b"/" + kind.encode()):
            try:
                self._session.ask(partial(make_folder, path))
            except MissingError:
                raise UnreachableError("The folder of the carrier is not on the server.") from None
            except CarrierError:
                # Servers say no more than "failure" where there is one already.
                if self._size(path) is None:
                    raise
        self._made.add(kind)

    @contextmanager
    def _opened(self, path: bytes, mode: str) -> Iterator[SFTPClientFile]:
        file = self._session.ask(lambda client: client.open(path, mode))
        try:
            yield file
        finally:
            with suppress(CarrierError):
                self._session.go_on(file.close())

    def _chunks(self, kind: str, name: str, limit: int | None, start: int = 0) -> Iterator[bytes]:
        path = self._path(kind, name)
        try:
            there = self._session.ask(lambda client: client.lstat(path))
        except MissingError:
            self._look_for_root()
            raise
        if there.permissions is not None and not stat.S_ISREG(there.permissions):
            raise MissingError
        if limit is not None and (there.size or 0) > limit:
            raise TooLargeError
        size = start
        with self._opened(path, "rb") as file:
            while True:
                chunk = self._session.go_on(file.read(_CHUNK, size))
                if not chunk:
                    break
                size += len(chunk)
                if limit is not None and size > limit:
                    raise TooLargeError
                yield cast("bytes", chunk)
        if there.size is not None and size != there.size:
            raise TransferError

    def _send(self, begun: bytes, source: BinaryIO, left: dict[bytes, int]) -> int:
        size, chunk, there = 0, b"", 0
        with self._opened(begun, "x+b") as file:
            if left:
                size, chunk, there = self._taken_over(left, file, source)
                self._let_go(self._quiet(left, begun))
            while chunk := chunk or source.read(_CHUNK):
                self._session.go_on(file.write(chunk, size))
                size, chunk = size + len(chunk), b""
            if there > size:
                self._session.go_on(file.truncate(size))
            with suppress(UnsupportedError):
                self._session.go_on(file.fsync())
        if self._size(begun) not in {size, -1}:
            raise TransferError
        return size

    def _taken_over(
        self, left: dict[bytes, int], own: SFTPClientFile, source: BinaryIO
    ) -> tuple[int, bytes, int]:
        """How many bytes of ``source`` stand in ``own`` now, what comes next, and how many bytes it has."""
        longest = max(left, key=lambda path: left[path])
        try:
            file = self._session.ask(lambda client: client.open(longest, "rb"))
        except MissingError:
            return 0, b"", 0
        copy = Copy(self._session, file, own, left[longest])
        try:
            return (*half.agreed(source, copy), copy.copied)
        finally:
            with suppress(CarrierError):
                self._session.go_on(file.close())

    def _quiet(self, left: Iterable[bytes], begun: bytes) -> list[bytes]:
        """Those halves to which nothing came for a while: they would only fill the disk."""
        quiet = []
        with suppress(CarrierError):
            now = self._changed(begun)
            quiet = [path for path in left if 0 < self._changed(path) < now - _QUIET]
        return quiet

    def _changed(self, path: bytes) -> float:
        """When a file was changed, by the server's clock (seconds, 0 unknown)."""
        return float(self._session.ask(lambda client: client.lstat(path)).mtime or 0)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except CarrierError as error:
            # The older protocol has one word for all failures: the file system is asked.
            if type(error) is CarrierError:
                with suppress(UnsupportedError):
                    disk = self._session.ask(lambda client: client.statvfs(self._root))
                    if disk.flags & os.ST_RDONLY:
                        raise ReadOnlyError from None
                    if not disk.bavail:
                        raise FullError from None
            raise

    def _name(self, begun: bytes, path: bytes) -> None:
        try:
            self._session.ask(lambda client: client.link(begun, path))
        except (TransferError, UnreachableError):
            raise
        except CarrierError:
            if self._size(path) is not None:
                raise ThereAlreadyError from None
            self._probe()
            self._rename(begun, path)

    def _rename(self, begun: bytes, path: bytes) -> None:
        try:
            self._session.ask(lambda client: client.rename(begun, path))
        except (TransferError, UnreachableError):
            raise
        except CarrierError:
            if self._size(path) is not None:
                raise ThereAlreadyError from None
            raise

    def _probe(self) -> None:
        """Raises ``UnsuitableError`` for a server that replaces a file when it is to rename another."""
        if self._refuses:
            return
        for _ in range(2):
            tried = self._home + f"/{half.fresh_name(carrier.PROBE)}".encode()
            with self._opened(tried, "xb"):
                pass
            try:
                self._rename(tried, self._home + f"/{carrier.PROBE}".encode())
            except ThereAlreadyError:
                self._refuses = True
                return
            finally:
                self._remove(tried)
        raise UnsuitableError
