"""How a WebDAV server is spoken to, and what its answers mean."""

from __future__ import annotations

import io
import ssl
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import urlsplit

from estelik.vault.carriers.failures import (
    CarrierError,
    ElsewhereError,
    FullError,
    MissingError,
    ReadOnlyError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from urllib3 import BaseHTTPResponse, PoolManager

_CHUNK: Final = 256 * 1024
_MEANING: Final[dict[int, type[CarrierError]]] = {
    **dict.fromkeys((401, 403, 407), RefusedError),
    404: MissingError,
    **dict.fromkeys((405, 501), ReadOnlyError),
    412: ThereAlreadyError,
    423: TransferError,
    507: FullError,
}


class Requests:
    """A pool of connections to the server of ``root``; ``timeout`` in seconds without progress."""

    def __init__(self, root: str, user: str, password: str, timeout: float) -> None:
        from urllib3.util import make_headers

        self._headers = {"Accept-Encoding": "identity"}
        if user or password:
            self._headers |= make_headers(basic_auth=f"{user}:{password}".encode().decode("latin-1"))
        self._pool = _pool(root, timeout)

    @contextmanager
    def answer(
        self,
        method: str,
        url: str,
        *,
        body: bytes | Stream | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[BaseHTTPResponse]:
        """The server's answer, where it is yes; a ``CarrierError`` where it is no.

        Redirections are not followed: they could lead anywhere.
        """
        framing = (
            {} if not isinstance(body, Stream) or body.left is None else {"Content-Length": str(body.left)}
        )
        # The library needs no more of a file than that it can be read.
        sent: Any = body
        with _in_our_words():
            answer = self._pool.request(
                method,
                url,
                body=sent,
                headers={**self._headers, **framing, **(headers or {})},
                redirect=False,
                retries=False,
                preload_content=False,
                decode_content=False,
            )
        try:
            if not 200 <= answer.status < 300:
                raise _meaning(answer.status)
            yield answer
            with suppress(CarrierError), _in_our_words():
                # A connection whose answer was read to its end can be used again.
                answer.read(_CHUNK)
        finally:
            answer.close()

    def close(self) -> None:
        """Ends the connections."""
        self._pool.clear()


class Stream:
    """What is being sent, counted; an error of the source is told from one of the connection."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._failure: BaseException | None = None
        #: Bytes that were read.
        self.size = 0
        #: Bytes that the source holds, where it knows.
        self.left: int | None = None
        # What checks itself while it is read can only be read.
        if getattr(source, "seekable", lambda: False)():
            here = source.tell()
            self.left = source.seek(0, io.SEEK_END) - here
            source.seek(here)

    def read(self, size: int) -> bytes:
        """The next bytes."""
        try:
            data = self._source.read(size)
        except BaseException as error:
            self._failure = error
            raise
        self.size += len(data)
        return data

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Raises an error of the source as it was."""
        try:
            yield
        except CarrierError:
            if self._failure is not None:
                raise self._failure from None
            raise


def length(answer: BaseHTTPResponse) -> int:
    """The bytes that an answer says it has, -1 where it does not."""
    said = answer.headers.get("Content-Length", "")
    return int(said) if said.isascii() and said.isdecimal() else -1


def chunks(answer: BaseHTTPResponse) -> Iterator[bytes]:
    """The body of an answer; raises ``TransferError`` where it ends too early."""
    while True:
        with _in_our_words():
            chunk = answer.read(_CHUNK)
        if not chunk:
            return
        yield chunk


def _pool(root: str, timeout: float) -> PoolManager:
    import urllib3

    place = urlsplit(root)
    settings: dict[str, Any] = {
        "timeout": urllib3.Timeout(connect=timeout, read=timeout),
        "ssl_context": ssl.create_default_context() if place.scheme == "https" else None,
        "blocksize": _CHUNK,
        "maxsize": 4,
    }
    # Where a way out was set up for this machine, nothing goes past it.
    proxy = urllib.request.getproxies().get(place.scheme)
    if proxy and not urllib.request.proxy_bypass(place.hostname or ""):
        return urllib3.ProxyManager(proxy, **settings)
    return urllib3.PoolManager(**settings)


@contextmanager
def _in_our_words() -> Iterator[None]:
    from urllib3 import exceptions as failures

    try:
        yield
    except (
        failures.NewConnectionError,
        failures.ConnectTimeoutError,
        failures.ProxyError,
        failures.SSLError,
    ):
        raise UnreachableError from None
    except (failures.ProtocolError, failures.TimeoutError, OSError):
        raise TransferError from None
    except failures.HTTPError:
        raise CarrierError(do="Check the address.") from None


def _meaning(status: int) -> CarrierError:
    if 300 <= status < 400:
        return ElsewhereError()
    if status == 409:
        return UnreachableError("The folder of the carrier is not on the server.")
    if status == 413:
        return TooLargeError("A file is larger than the server takes.", safe="Nothing was written.")
    if status in _MEANING:
        return _MEANING[status]()
    if status >= 500:
        return UnreachableError("The server cannot answer now.", do="Try again later.")
    return CarrierError()
