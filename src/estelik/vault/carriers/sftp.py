"""A carrier on an SFTP server.

A file is written under another name and synced where the server can (an
extension of OpenSSH), its size there is compared, and it gets its name by a
hard link (another extension), which fails where there is one already. Servers
without links are asked to rename, which must fail then too; since some
replace all the same, each is tested on files of our own first.

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

from estelik.vault.carriers import carrier, patience
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
from estelik.vault.carriers.sftp_session import Session, UnsupportedError, listed, make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asyncssh import SFTPClientFile

#: Bytes sent or asked for at once: what a slow line carries within the timeout.
_CHUNK: Final = 256 * 1024
#: How many times as long as anything else a listing may take.
_LISTING: Final = 10


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

    def fetch(self, kind: str, name: str, target: BinaryIO) -> int:
        """See ``Carrier.fetch``."""
        carrier.checked(kind, name)
        size = 0
        for chunk in self._chunks(kind, name, None):
            target.write(chunk)
            size += len(chunk)
        return size

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.put(kind, name, io.BytesIO(data))

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        path, half = self._path(kind, name), self._path(kind, carrier.half_name(name))
        if patience.persistently(lambda: self._size(path)) is not None:
            raise ThereAlreadyError
        with self._explained():
            self._make(kind)
        try:
            with self._explained():
                size = self._send(half, source)
                self._name(half, path)
        except MissingError:
            # Somebody took the folder away.
            self._made.discard(kind)
            raise UnreachableError from None
        finally:
            if self._session.alive:
                with suppress(CarrierError):
                    self._session.ask(lambda client: client.remove(half))
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

    def _chunks(self, kind: str, name: str, limit: int | None) -> Iterator[bytes]:
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
        size = 0
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

    def _send(self, half: bytes, source: BinaryIO) -> int:
        size = 0
        with self._opened(half, "xb") as file:
            while chunk := source.read(_CHUNK):
                self._session.go_on(file.write(chunk, size))
                size += len(chunk)
            with suppress(UnsupportedError):
                self._session.go_on(file.fsync())
        if self._size(half) not in {size, -1}:
            raise TransferError
        return size

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

    def _name(self, half: bytes, path: bytes) -> None:
        try:
            self._session.ask(lambda client: client.link(half, path))
        except (TransferError, UnreachableError):
            raise
        except CarrierError:
            if self._size(path) is not None:
                raise ThereAlreadyError from None
            self._probe()
            self._rename(half, path)

    def _rename(self, half: bytes, path: bytes) -> None:
        try:
            self._session.ask(lambda client: client.rename(half, path))
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
            half = self._home + f"/{carrier.half_name(carrier.PROBE)}".encode()
            with self._opened(half, "xb"):
                pass
            try:
                self._rename(half, self._home + f"/{carrier.PROBE}".encode())
            except ThereAlreadyError:
                self._refuses = True
                return
            finally:
                self._remove(half)
        raise UnsuitableError
