"""How a PostgreSQL server is spoken to, and what its answers mean."""

from __future__ import annotations

import logging
import os
import secrets
import ssl
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final, TypeVar

from estelik.vault.carriers.failures import (
    CarrierError,
    FullError,
    ReadOnlyError,
    RefusedError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
    UnsuitableError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import psycopg

    Connection = psycopg.Connection[tuple[Any, ...]]

Answer = TypeVar("Answer")

#: What is asked of every new connection: that an answer means that the disk has it; that a computer that fell
#: asleep is not waited for by the others; that no name is looked up elsewhere.
_SETTINGS: Final = {
    "synchronous_commit": "on",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
    "search_path": "",
}
#: Nothing can be there; of the device itself the library would say that it is no plain file.
_NO_FILE: Final = f"{os.devnull}/none"
_OUR_OWN: Final = {
    "hostaddr": "",
    "passfile": _NO_FILE,
    "options": "",
    "target_session_attrs": "any",
    "application_name": "",
    "client_encoding": "UTF8",
    "gssencmode": "disable",
    # A server must not talk us into sending the password itself.
    "require_auth": "scram-sha-256,none",
}
#: What the library itself says of a line that broke, in English always.
_LIBRARY_SAYS: Final = ("closed the connection", "could not receive", "could not send", "SYSCALL", "timeout")
#: The library waits no shorter for a connection, in seconds.
_SHORTEST: Final = 2
#: Seconds after which it looks whether it was interrupted.
_LOOK: Final = 0.1


class NoTablesError(CarrierError):
    """The tables are not there yet."""


class BusyError(CarrierError):
    """Somebody else holds what was waited for."""


class Session:
    """A connection to a server, made when it is needed and made anew after it broke.

    ``place``: host, port, user, database, schema, password. ``certificate``:
    those who vouch for the server (PEM); ``verified``: whether it must show a
    certificate for its name. ``timeout`` in seconds without an answer.
    """

    def __init__(self, place: Mapping[str, str], certificate: str, timeout: float, *, verified: bool) -> None:
        self._place = dict(place)
        self._verified = verified
        self._timeout = timeout
        self._vouching = _Vouching(certificate)
        self._connection: Connection | None = None
        # One after another: several threads may use one carrier.
        self._alone = threading.RLock()

    def __repr__(self) -> str:
        return "Session(...)"

    def run(self, work: Callable[[Connection], Answer]) -> Answer:
        """What ``work`` comes to on a connection; an error of the server as ours."""
        with self._alone, _in_our_words(self):
            return self._settled(work, self._opened())

    def close(self) -> None:
        """Ends the connection."""
        with self._alone:
            self._drop()
            self._vouching.close()

    def drop_if_broken(self) -> None:
        """Lets go of a connection that cannot be used again."""
        if self._connection is not None and self._connection.broken:
            self._drop()

    def _settled(self, work: Callable[[Connection], Answer], connection: Connection) -> Answer:
        """What ``work`` comes to. After an error nothing is left half done, or the connection is left."""
        try:
            return work(connection)
        except BaseException:
            try:
                if not connection.broken and connection.info.transaction_status:
                    connection.rollback()
            except Exception:  # noqa: BLE001 (whatever it was: the connection is of no use any more)
                self._drop()
            self.drop_if_broken()
            raise

    def _opened(self) -> Connection:
        if self._connection is None:
            self._connect()
        assert self._connection is not None  # noqa: S101 (made above)
        return self._connection

    def _connect(self) -> None:
        import psycopg

        # The library would log, and warn on stderr, where it connects to and as whom.
        logging.getLogger("psycopg").setLevel(logging.CRITICAL)
        place = {name: value for name, value in self._place.items() if name != "schema"}
        # Nothing of the user's own settings, which could send us elsewhere.
        settings = place | self._vouching.settings(verified=self._verified) | _OUR_OWN
        settings["connect_timeout"] = str(max(_SHORTEST, int(self._timeout)))
        os.environ.pop("PGSERVICE", None)
        try:
            wanted = psycopg.conninfo.make_conninfo(**settings)
            connection = _patient(self._timeout).connect(wanted, autocommit=True, prepare_threshold=None)
        except psycopg.Error as error:
            raise self._refused(error) from None
        self._connection = connection
        try:
            self._settled(self._set_up, connection)
        except BaseException:
            self._drop()
            raise

    def _refused(self, error: psycopg.Error) -> CarrierError:
        """Why no connection was made."""
        # The library gives no code here, and servers speak many languages: what nobody translates counts.
        words = str(error).rpartition(" failed: ")[2]
        if any(one in words for one in _LIBRARY_SAYS):
            return UnreachableError()
        if "certificate" in words or "SSL" in words:
            return UnreachableError(
                "The server could not show that it is the one that was meant.",
                do="Check its address and its certificate with whoever runs it.",
            )
        if self._place["dbname"] in words and self._place["user"] not in words:
            return UnreachableError("There is no such database on the server.")
        asked = error.pgconn is not None and bool(error.pgconn.used_password)
        return RefusedError() if asked or "pg_hba.conf" in words else UnreachableError()

    def _set_up(self, connection: Connection) -> None:
        settings = ", ".join("pg_catalog.set_config(%s, %s, false)" for _ in _SETTINGS)
        values = [word for setting in _SETTINGS.items() for word in setting]
        row = connection.execute(
            f"SELECT pg_catalog.current_setting('fsync'), EXISTS (SELECT 1 FROM pg_catalog.pg_namespace "
            f"WHERE nspname = %s), {settings}",
            [self._place["schema"], *values],
        ).fetchone()
        if row is None or row[0] != "on":
            raise UnsuitableError(
                "The server does not make sure that its disk has what it was given.",
                do="Ask whoever runs it to set fsync = on.",
            )
        if row[1] is not True:
            raise UnreachableError("There is no such schema in the database.")

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.close()


class _Vouching:
    """Who vouches for the server: a certificate that was given, or those of this computer."""

    def __init__(self, certificate: str) -> None:
        self._certificate = certificate
        self._file: int | None = None

    def settings(self, *, verified: bool) -> dict[str, str]:
        """How the library is told."""
        own = {"sslcert": _NO_FILE, "sslkey": _NO_FILE}
        if not verified:
            return {"sslmode": "prefer", "sslrootcert": _NO_FILE, **own}
        return {"sslmode": "verify-full", "sslrootcert": self._path(), **own}

    def _path(self) -> str:
        if not self._certificate:
            paths = ssl.get_default_verify_paths()
            return os.environ.get(paths.openssl_cafile_env) or paths.cafile or "system"
        if self._file is None:
            # The library reads files only; this one is in memory, and goes with the process.
            self._file = os.memfd_create(secrets.token_hex(4))
            os.write(self._file, self._certificate.encode())
        return f"/proc/self/fd/{self._file}"

    def close(self) -> None:
        """Lets go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def _patient(timeout: float) -> type[Connection]:
    """Connections that wait no longer than that for an answer."""
    import psycopg

    class Patient(psycopg.Connection[tuple[Any, ...]]):
        def wait(self, gen: Any, interval: float = _LOOK, within: float | None = None) -> Any:
            try:
                return super().wait(gen, interval, timeout if within is None else within)
            except psycopg.OperationalError:
                if self.pgconn.transaction_status == psycopg.pq.TransactionStatus.ACTIVE:
                    # Whatever the server still says is no answer to what is asked next.
                    self.pgconn.finish()
                raise

    return Patient


@contextmanager
def _in_our_words(session: Session) -> Iterator[None]:
    import psycopg

    try:
        yield
    except psycopg.Error as error:
        session.drop_if_broken()
        raise _meaning(error.sqlstate) from None
    except (ValueError, OverflowError, TypeError):
        # Bytes that are no answer of such a server.
        raise TransferError from None


def _meaning(code: str | None) -> CarrierError:
    if code is None:
        return TransferError()
    if code in _MEANING:
        return _MEANING[code]()
    return _CLASSES.get(code[:2], CarrierError)()


_MEANING: Final[dict[str, Callable[[], CarrierError]]] = {
    "23505": ThereAlreadyError,
    "25006": ReadOnlyError,
    "25P02": TransferError,
    "3D000": UnreachableError,
    "3F000": UnreachableError,
    "42501": RefusedError,
    "42P01": NoTablesError,
    "53100": FullError,
    "53200": UnreachableError,
    "53300": UnreachableError,
    "55P03": BusyError,
    "57P03": UnreachableError,
    "58030": UnreachableError,
}
_CLASSES: Final[dict[str, Callable[[], CarrierError]]] = {
    "08": TransferError,
    "28": RefusedError,
    "40": TransferError,
    "42": UnsuitableError,
    "53": FullError,
    "54": lambda: TooLargeError("A file is larger than the server takes.", safe="Nothing was written."),
    "57": TransferError,
    "XX": UnreachableError,
}
