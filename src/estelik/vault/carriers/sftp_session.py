"""How an SFTP server is spoken to, and what its answers mean."""

from __future__ import annotations

import asyncio
import stat
import threading
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from estelik.vault.carriers.failures import (
    CarrierError,
    FullError,
    MissingError,
    ReadOnlyError,
    RefusedError,
    ThereAlreadyError,
    TransferError,
    UnknownHostError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from asyncssh import SFTPClient, SFTPClientFile, SSHClientConnection

Answer = TypeVar("Answer")


class UnsupportedError(CarrierError):
    """The server does not know an extension; there is another way."""


_MEANING: Final[dict[str, type[CarrierError]]] = {
    "SFTPNoSuchFile": MissingError,
    "SFTPNoSuchPath": MissingError,
    "SFTPPermissionDenied": RefusedError,
    "SFTPFileAlreadyExists": ThereAlreadyError,
    "SFTPWriteProtect": ReadOnlyError,
    "SFTPNoSpaceOnFilesystem": FullError,
    "SFTPQuotaExceeded": FullError,
    "SFTPOpUnsupported": UnsupportedError,
}


class Session:
    """A connection that is made when it is first needed, and again after it broke.

    Its event loop has a thread of its own. ``timeout`` in seconds without progress.
    """

    def __init__(
        self,
        host: str,
        port: int,
        user: str | None,
        *,
        known_hosts: str,
        password: str = "",
        key: str = "",
        passphrase: str = "",
        timeout: float,
    ) -> None:
        self._place = (host, port)
        self._known_hosts = known_hosts
        self._secrets = (password, key, passphrase)
        self._user = user
        self._timeout = timeout
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="sftp", daemon=True)
        self._thread.start()
        self._connecting = asyncio.Lock()
        self._connection: SSHClientConnection | None = None
        self._client: SFTPClient | None = None

    def ask(self, work: Callable[[SFTPClient], Awaitable[Answer]], *, times: int = 1) -> Answer:
        """What ``work`` gives with a connected client; raises a ``CarrierError``.

        It may take ``times`` the timeout; that the server is there at all is seen to apart from that.
        """
        client = self._wait(self._connected())
        return self._wait(self._timely(work(client), times))

    def go_on(self, work: Awaitable[Answer]) -> Answer:
        """What ``work`` gives on a file that is open already; no new connection is made for it."""
        return self._wait(self._timely(work, 1))

    def copies(self) -> bool:
        """Whether the server copies within itself. Raises a ``CarrierError``."""
        return self.ask(_copies)

    def copy(self, source: SFTPClientFile, target: SFTPClientFile, at: int, length: int) -> None:
        """Lets the server copy so many bytes between two open files, from and to the same place."""
        if self._client is None:
            raise TransferError
        self.go_on(self._client.remote_copy(source, target, at, length, at))

    @property
    def alive(self) -> bool:
        """Whether there is a connection that is not known to be broken."""
        return self._client is not None

    def close(self) -> None:
        """Ends the connection, the loop and its thread."""
        self._forget()
        # What was asked to end gets a moment to do so.
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(self._timeout)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self._timeout)
        self._loop.close()

    async def _end(self) -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _wait(self, work: Coroutine[Any, Any, Answer]) -> Answer:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException as error:
            future.cancel()
            meaning = _meaning(error)
            if isinstance(meaning, UnreachableError | TransferError):
                self._forget()
            if meaning is None:
                raise
            raise meaning from None

    def _forget(self) -> None:
        connection, self._connection, self._client = self._connection, None, None
        if connection is not None:
            self._loop.call_soon_threadsafe(connection.abort)

    async def _timely(self, work: Awaitable[Answer], times: int) -> Answer:
        async with asyncio.timeout(self._timeout * times):
            return await work

    async def _connected(self) -> SFTPClient:
        import asyncssh

        async with self._connecting:
            if self._client is None:
                try:
                    async with asyncio.timeout(self._timeout):
                        self._connection = await self._connect()
                        # Names come as bytes: those of foreign files may be in any encoding.
                        self._client = await self._connection.start_sftp_client(path_encoding=None)
                except (OSError, TimeoutError, asyncssh.ConnectionLost, asyncssh.ChannelOpenError):
                    raise UnreachableError from None
            return self._client

    async def _connect(self) -> SSHClientConnection:
        import asyncssh

        password, key, passphrase = self._secrets
        host, port = self._place
        ways: dict[str, Any] = {}
        if key:
            ways = {"client_keys": [asyncssh.import_private_key(key, passphrase or None)], "agent_path": None}
        if password:
            ways = {"client_keys": None, "agent_path": None, **ways, "password": password}
        if self._user:
            ways["username"] = self._user
        return await asyncssh.connect(
            host,
            port,
            # Never None, which the library takes for "any host will do".
            known_hosts=asyncssh.import_known_hosts(self._known_hosts),
            # The user's own settings could send us elsewhere, or past the known hosts.
            config=None,
            keepalive_interval=self._timeout,
            **ways,
        )


async def _copies(client: SFTPClient) -> bool:
    return client.supports_remote_copy


async def make_folder(path: bytes, client: SFTPClient) -> None:
    """Makes a folder."""
    await client.mkdir(path)


async def listed(client: SFTPClient, folder: bytes) -> list[tuple[str, int, float]]:
    """The plain files of a folder: name, bytes, and when it was changed (seconds, 0 unknown)."""
    found = []
    async for entry in client.scandir(folder):
        kind, size = entry.attrs.permissions, entry.attrs.size
        if (kind is None or stat.S_ISREG(kind)) and size is not None:
            # Bytes, as the session asked for.
            name = cast("bytes", entry.filename).decode("ascii", "replace")
            found.append((name, size, float(entry.attrs.mtime or 0)))
    return found


def _meaning(error: BaseException) -> CarrierError | None:
    """The error in our words; None for one that is not the library's."""
    import asyncssh

    if isinstance(error, CarrierError):
        return error
    if isinstance(error, asyncssh.HostKeyNotVerifiable):
        return UnknownHostError()
    if isinstance(error, asyncssh.PermissionDenied):
        return RefusedError()
    if isinstance(error, asyncssh.KeyImportError | asyncssh.KeyEncryptionError):
        return RefusedError(
            "The private key for the server cannot be opened.", do="Check it and its passphrase."
        )
    if isinstance(error, asyncssh.SFTPConnectionLost | asyncssh.SFTPNoConnection):
        return TransferError()
    if isinstance(error, asyncssh.SFTPError):
        return _MEANING.get(type(error).__name__, CarrierError)()
    if isinstance(error, asyncssh.DisconnectError | OSError | TimeoutError):
        return TransferError()
    return None
