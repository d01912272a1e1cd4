"""A carrier on a WebDAV server.

A file is sent under another name, its size there is compared, and it is moved
to its name with ``Overwrite: F``: servers refuse that with 412 where there is
one already. Two writers at the same moment are kept apart as well as the
server's own move keeps them apart. There is no way to add to a file that every
such server knows: what a broken line left is sent anew.
"""

from __future__ import annotations

import io
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, BinaryIO

from estelik.vault.carriers import carrier, half, multistatus, patience, webdav_requests
from estelik.vault.carriers.failures import (
    CarrierError,
    ElsewhereError,
    MissingError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3 import BaseHTTPResponse


class WebdavCarrier:
    """Sealed files below the folder ``root`` (an ``http`` or ``https`` URL without a user); it is never made.

    ``timeout`` in seconds without progress.
    """

    def __init__(
        self, root: str, *, user: str = "", password: str = "", timeout: float = patience.TIMEOUT
    ) -> None:
        self._home = f"{root.rstrip('/')}/{carrier.HOME}"
        self._root = f"{root.rstrip('/')}/"
        self._requests = webdav_requests.Requests(self._root, user, password, timeout)
        self._made: set[str] = set()

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``."""
        return {entry.name: entry.size for entry in self._entries(kind) if carrier.is_name(entry.name)}

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        carrier.checked(kind, name)

        def ask() -> bytes:
            with self._opened(kind, name) as answer:
                if webdav_requests.length(answer) > limit:
                    raise TooLargeError
                data = bytearray()
                for chunk in webdav_requests.chunks(answer):
                    data += chunk
                    if len(data) > limit:
                        raise TooLargeError
                return bytes(data)

        return patience.persistently(ask)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        carrier.checked(kind, name)
        size = 0
        with self._opened(kind, name, start) as answer:
            # A server that knows no ranges gives all of it.
            skipped = 0 if answer.status == 206 else start
            for chunk in webdav_requests.chunks(answer):
                wanted = chunk[min(skipped, len(chunk)) :]
                skipped -= len(chunk) - len(wanted)
                target.write(wanted)
                size += len(wanted)
        return size

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.put(kind, name, io.BytesIO(data))

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        url, begun = self._url(kind, name), self._url(kind, half.fresh_name(name))
        # Asked first: a server refuses a large file only after all of it was sent.
        if self._size(url) is not None:
            raise ThereAlreadyError
        self._make(kind)
        stream = webdav_requests.Stream(source)
        try:
            with stream.failing(), self._requests.answer("PUT", begun, body=stream):
                pass
            arrived = self._size(begun)
            if arrived not in {stream.size, -1}:
                raise TransferError  # noqa: TRY301 (what follows takes the half away, as after any error)
            with self._requests.answer("MOVE", begun, headers={"Destination": url, "Overwrite": "F"}):
                pass
        except BaseException as error:
            self._made.discard(kind)  # somebody may have taken the folder away
            with suppress(CarrierError), self._requests.answer("DELETE", begun):
                pass
            if isinstance(error, MissingError):
                raise UnreachableError from None
            raise
        return stream.size

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``."""
        carrier.removable(kind, name, damaged=damaged)
        patience.persistently(lambda: self._delete(self._url(kind, name)))

    def sweep(self) -> int:
        """See ``Carrier.sweep``."""
        before = time.time() - carrier.STALE
        stale = [
            self._url(kind, entry.name)
            for kind in carrier.KINDS
            for entry in self._entries(kind)
            if carrier.is_half_name(entry.name) and 0 < entry.changed < before
        ]
        for url in stale:
            self._delete(url)
        return len(stale)

    def close(self) -> None:
        """See ``Carrier.close``."""
        self._requests.close()

    def _url(self, kind: str, name: str = "") -> str:
        return f"{self._home}/{kind}/{name}"

    def _entries(self, kind: str) -> list[multistatus.Entry]:
        carrier.checked(kind)

        def ask() -> list[multistatus.Entry]:
            try:
                with self._requests.answer(
                    "PROPFIND", self._url(kind), body=multistatus.QUESTION, headers=_asking("1")
                ) as answer:
                    return multistatus.entries(webdav_requests.chunks(answer))
            except MissingError:
                self._look_for_root()
                return []

        return patience.persistently(ask)

    def _is_folder(self, url: str) -> bool:
        try:
            with self._requests.answer("PROPFIND", url, body=multistatus.QUESTION, headers=_asking("0")):
                return True
        except MissingError:
            return False

    def _look_for_root(self) -> None:
        if not self._is_folder(self._root):
            raise UnreachableError("The folder of the carrier is not on the server.")

    @contextmanager
    def _opened(self, kind: str, name: str, start: int = 0) -> Iterator[BaseHTTPResponse]:
        part = {"Range": f"bytes={start}-"} if start else {}
        try:
            with self._requests.answer("GET", self._url(kind, name), headers=part) as answer:
                yield answer
        except MissingError:
            self._look_for_root()
            raise
        except ElsewhereError:
            if self._is_folder_instead(self._url(kind, name)):
                raise MissingError from None
            raise

    def _is_folder_instead(self, url: str) -> bool:
        """Whether a folder stands in the place of a file: many servers then say that it is elsewhere, behind
        a slash."""
        with suppress(CarrierError):
            return self._is_folder(f"{url}/")
        return False

    def _size(self, url: str) -> int | None:
        """The bytes of a file, -1 where the server does not say, or it is no file; None where nothing is."""

        def ask() -> int | None:
            try:
                with self._requests.answer("HEAD", url) as answer:
                    return webdav_requests.length(answer)
            except MissingError:
                return None
            except ElsewhereError:
                if self._is_folder_instead(url):
                    return -1
                raise

        return patience.persistently(ask)

    def _delete(self, url: str) -> None:
        try:
            with suppress(MissingError), self._requests.answer("DELETE", url):
                pass
        except ElsewhereError:
            if url.endswith("/") or not self._is_folder_instead(url):
                raise
            self._delete(f"{url}/")

    def _make(self, kind: str) -> None:
        """Makes the folder of a kind, where it is not there."""
        if kind in self._made:
            return
        for url in (f"{self._home}/", self._url(kind)):
            try:
                with self._requests.answer("MKCOL", url):
                    pass
            except TransferError:
                raise
            except CarrierError:
                # How a server says that it is there already differs, above all when two make it at once.
                if not self._is_folder(url):
                    raise
        self._made.add(kind)


def _asking(depth: str) -> dict[str, str]:
    return {"Depth": depth, "Content-Type": "application/xml; charset=utf-8"}
