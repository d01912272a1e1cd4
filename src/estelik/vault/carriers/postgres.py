"""A carrier in a PostgreSQL database: tables that hold sealed files and nothing else.

A file's bytes stand in rows of ``estelik_chunk``, under a number of their own
that nobody else uses; one row of ``estelik_file`` gives them their name, last,
in one transaction, and its key keeps out whoever comes second. Since that
number is ours alone, a step whose answer was lost is simply taken again.

Names come with positions that ascend in the order in which files appear: one
lock is held from the choice of a position until its row can be seen. Whoever
has seen all up to a position asks for what came after it.
"""

from __future__ import annotations

import hashlib
import io
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from estelik.ids import new_id
from estelik.vault.carriers import carrier, patience
from estelik.vault.carriers.failures import (
    CarrierError,
    MissingError,
    ThereAlreadyError,
    TooLargeError,
    TransferError,
    UnreachableError,
)
from estelik.vault.carriers.postgres_session import BusyError, NoTablesError, Session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from estelik.vault.carriers.postgres_session import Connection

#: Bytes of a row: few enough for a slow line, and a segment of a thousand records in one.
CHUNK: Final = 512 * 1024
#: How many names are asked for at a time.
_NAMES: Final = 5000
#: Seconds after which a wait for a turn is asked for again, so that a server that is gone is noticed.
_WAIT: Final = 2

#: The tables; of a name that changed or bytes that are no more ours nothing is ever replaced.
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS {}.estelik_file (kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL, position bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    size bigint NOT NULL, content text COLLATE "C" NOT NULL, PRIMARY KEY (kind, name))""",
    """CREATE TABLE IF NOT EXISTS {}.estelik_chunk (content text COLLATE "C" NOT NULL,
    number integer NOT NULL, data bytea NOT NULL, PRIMARY KEY (content, number))""",
    # What is sealed cannot be made smaller: the server need not try.
    "ALTER TABLE {}.estelik_chunk ALTER COLUMN data SET STORAGE EXTERNAL",
    """CREATE TABLE IF NOT EXISTS {}.estelik_upload (content text COLLATE "C" PRIMARY KEY,
    kind text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL,
    begun timestamptz NOT NULL DEFAULT now())""",
)


class PostgresCarrier:
    """Sealed files in one schema of a database. It is never made; its tables are, at the first write."""

    def __init__(self, session: Session, schema: str) -> None:
        self._session = session
        self._schema = '"{}"'.format(schema.replace('"', '""').replace("%", "%%"))
        self._lock, self._turn = (_key(schema, what) for what in ("position", "turn"))

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``."""
        carrier.checked(kind)
        found: dict[str, int] = {}
        last = ""
        while True:
            rows = self._asked(
                "SELECT name, size FROM {}.estelik_file WHERE kind = %s AND name > %s ORDER BY name LIMIT %s",
                kind,
                last,
                _NAMES,
            )
            for name, size in rows:
                if not isinstance(name, str) or not isinstance(size, int) or not name > last:
                    raise TransferError
                last = name
                if carrier.is_name(name):
                    found[name] = size
            if len(rows) < _NAMES:
                return found

    def since(self, kind: str, point: str) -> tuple[set[str] | None, str]:
        """See ``Followed.since``."""
        carrier.checked(kind)
        # Segments stay: the latest of them is a point that is found again.
        latest = self._asked(
            "SELECT position, name FROM {}.estelik_file WHERE kind = 'segment' ORDER BY position DESC LIMIT 1"
        )
        now = f"{latest[0][0]} {latest[0][1]}" if latest else ""
        number, _, name = point.partition(" ")
        if not (number.isascii() and number.isdecimal()):
            return None, now
        rows = self._asked(
            "SELECT position, kind, name FROM {}.estelik_file WHERE position >= %s AND "
            "(kind = %s OR position = %s) ORDER BY position",
            int(number),
            kind,
            int(number),
        )
        if not rows or rows[0] != (int(number), "segment", name):
            return None, now
        return {found for _, of, found in rows if of == kind and carrier.is_name(str(found))}, now

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        out = io.BytesIO()
        for data in self._chunks(kind, name, limit):
            out.write(data)
        return out.getvalue()

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        first, rest = divmod(start, CHUNK)
        size = 0
        for data in self._chunks(kind, name, None, first):
            size += target.write(data[rest:])
            rest = 0
        return size

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.put(kind, name, io.BytesIO(data))

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        carrier.checked(kind, name)
        first = _chunk(source)
        if len(first) < CHUNK:
            content = new_id()
            self._settled(lambda: self._name(kind, name, content, len(first), first))
            return len(first)
        # Asked first: otherwise all of a large file would be sent before it is refused.
        if self._content(kind, name) is not None:
            raise ThereAlreadyError
        with self._uploading(kind, name) as (upload, there):
            size, number, data = 0, 0, first
            first = b""
            while data:
                if there.get(number) != hashlib.sha256(data).digest():
                    self._settled(lambda data=data, number=number: self._add(upload, number, data))  # type: ignore[misc]
                size, number = size + len(data), number + 1
                data = b""  # let go before the next is read
                data = _chunk(source)
            self._settled(lambda: self._name(kind, name, upload, size, None))
        return size

    @contextmanager
    def _uploading(self, kind: str, name: str) -> Iterator[tuple[str, dict[int, bytes]]]:
        """Under what a large file's chunks go, and the SHA-256 of those that are there from a time before.

        What a broken line has left is gone on with; after any other error nothing is left.
        """
        content = new_id()
        self._settled(lambda: self._begin(content, kind, name))
        there = self._taken_over(kind, name, content)
        try:
            yield content, there
        except CarrierError as error:
            if not isinstance(error, TransferError | UnreachableError):
                self._clean(content)
            raise
        except Exception:
            self._clean(content)
            raise
        finally:
            with suppress(CarrierError):
                self._ask("SELECT pg_catalog.pg_advisory_unlock(%s)", _key(content, "upload"))

    def _taken_over(self, kind: str, name: str, content: str) -> dict[int, bytes]:
        """Puts the chunks of an upload of this file that nobody is at work on any more under ``content``; the
        SHA-256 of each."""
        rows = self._asked(
            "SELECT content FROM {}.estelik_upload WHERE kind = %s AND name = %s AND content <> %s "
            "ORDER BY begun DESC LIMIT 1",
            kind,
            name,
            content,
        )
        for (left,) in rows:
            # Whoever is at work holds it.
            key = _key(str(left), "upload")
            if self._ask("SELECT pg_catalog.pg_try_advisory_lock(%s)", key) != [(True,)]:
                continue

            def take(connection: Connection, left: str = str(left)) -> None:
                with connection.transaction():
                    self._execute(connection, "DELETE FROM {}.estelik_upload WHERE content = %s", (left,))
                    self._execute(
                        connection,
                        "UPDATE {}.estelik_chunk SET content = %s WHERE content = %s",
                        (content, left),
                    )

            self._session.run(take)
            self._ask("SELECT pg_catalog.pg_advisory_unlock(%s)", key)
        return dict(
            self._asked(
                "SELECT number, pg_catalog.sha256(data) FROM {}.estelik_chunk WHERE content = %s", content
            )
        )

    def _clean(self, content: str) -> None:
        with suppress(CarrierError):
            self._forget(content)

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``; the server's own copies and logs keep it until their own rules end it."""
        carrier.removable(kind, name, damaged=damaged)
        with suppress(NoTablesError):
            patience.persistently(
                lambda: self._session.run(
                    lambda connection: self._execute(
                        connection,
                        "WITH gone AS (DELETE FROM {0}.estelik_file WHERE kind = %s AND name = %s "
                        "RETURNING content) DELETE FROM {0}.estelik_chunk USING gone "
                        "WHERE estelik_chunk.content = gone.content",
                        (kind, name),
                    )
                )
            )

    def sweep(self) -> int:
        """See ``Carrier.sweep``."""
        stale = self._asked(
            "SELECT content FROM {}.estelik_upload WHERE begun < now() - make_interval(secs => %s)",
            carrier.STALE,
        )
        for (content,) in stale:
            self._forget(str(content))
        return len(stale)

    @contextmanager
    def turn(self, wait: float) -> Iterator[bool]:
        """While somebody has the turn, nobody else of the schema gets it; it goes with the connection.

        False where it was not given within ``wait`` seconds.
        """
        end = time.monotonic() + wait
        given = self._take_turn()
        while not given and time.monotonic() < end:
            given = self._take_turn()
        try:
            yield given
        finally:
            if given:
                with suppress(CarrierError):
                    self._ask("SELECT pg_catalog.pg_advisory_unlock(%s)", self._turn)

    def close(self) -> None:
        """See ``Carrier.close``."""
        self._session.close()

    def _take_turn(self) -> bool:
        try:
            self._ask("SELECT pg_catalog.set_config('lock_timeout', %s, false)", f"{_WAIT}s")
            self._ask("SELECT pg_catalog.pg_advisory_lock(%s)", self._turn)
        except BusyError:
            return False
        finally:
            with suppress(CarrierError):
                self._ask("SELECT pg_catalog.set_config('lock_timeout', '0', false)")
        return True

    def _chunks(self, kind: str, name: str, limit: int | None, first: int = 0) -> Iterator[bytes]:
        carrier.checked(kind, name)
        rows = self._asked(
            "SELECT file.content, file.size, chunk.data FROM {0}.estelik_file AS file "
            "LEFT JOIN {0}.estelik_chunk AS chunk ON chunk.content = file.content AND chunk.number = %s "
            "AND file.size <= coalesce(%s, file.size) WHERE kind = %s AND name = %s",
            first,
            limit,
            kind,
            name,
        )
        if not rows:
            raise MissingError
        content, size, data = rows[0]
        if limit is not None and size > limit:
            raise TooLargeError
        done, number = first * CHUNK, first
        while isinstance(data, bytes):
            done += len(data)
            if limit is not None and done > limit:
                raise TooLargeError
            yield data
            if not data or done >= size:
                return
            number += 1
            rows = self._asked(
                "SELECT data FROM {}.estelik_chunk WHERE content = %s AND number = %s", str(content), number
            )
            data = rows[0][0] if rows else None
        # Taken away while it was read, or cut short: then it is what it is, as in a folder.
        if self._content(kind, name) != content:
            raise MissingError

    def _content(self, kind: str, name: str) -> object:
        """Under which number the bytes of a file stand; None where there is none."""
        rows = self._asked("SELECT content FROM {}.estelik_file WHERE kind = %s AND name = %s", kind, name)
        return rows[0][0] if rows else None

    def _name(self, kind: str, name: str, content: str, size: int, data: bytes | None) -> None:
        """Gives ``content`` its name, in one transaction with its only chunk, where ``data`` is that."""

        def work(connection: Connection) -> None:
            with connection.transaction(), connection.pipeline():
                # Until the end of the transaction: positions ascend in the order in which files appear.
                connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [self._lock])
                if data is not None:
                    self._execute(
                        connection,
                        "INSERT INTO {}.estelik_chunk (content, number, data) VALUES (%s, 0, %b) "
                        "ON CONFLICT DO NOTHING",
                        (content, data),
                    )
                self._execute(
                    connection,
                    "INSERT INTO {}.estelik_file (kind, name, size, content) VALUES (%s, %s, %s, %s)",
                    (kind, name, size, content),
                )
                if data is None:
                    gone = self._execute(
                        connection,
                        "DELETE FROM {}.estelik_upload WHERE content = %s RETURNING content",
                        (content,),
                    )
                    if gone.fetchone() is None:
                        # Swept away, or taken over after our line was broken: these are not its bytes.
                        raise TransferError

        try:
            self._session.run(work)
        except ThereAlreadyError:
            # An earlier try, whose answer was lost, may have been done all the same.
            if self._content(kind, name) != content:
                raise

    def _begin(self, content: str, kind: str, name: str) -> None:
        # Before anybody can see it: whoever finds it taken leaves it alone.
        self._ask("SELECT pg_catalog.pg_advisory_lock(%s)", _key(content, "upload"))
        try:
            self._session.run(
                lambda connection: self._execute(
                    connection,
                    "INSERT INTO {}.estelik_upload (content, kind, name) VALUES (%s, %s, %s) "
                    "ON CONFLICT DO NOTHING",
                    (content, kind, name),
                )
            )
        except NoTablesError:
            # It is begun again once they are made, and what is taken twice must be let go twice.
            self._ask("SELECT pg_catalog.pg_advisory_unlock(%s)", _key(content, "upload"))
            raise

    def _add(self, content: str, number: int, data: bytes) -> None:
        self._session.run(
            lambda connection: self._execute(
                connection,
                "INSERT INTO {}.estelik_chunk (content, number, data) VALUES (%s, %s, %b) "
                "ON CONFLICT (content, number) DO UPDATE SET data = excluded.data",
                (content, number, data),
            )
        )

    def _forget(self, content: str) -> None:
        """Takes away the chunks of a file that never got its name."""

        def work(connection: Connection) -> None:
            with connection.transaction():
                # Whoever names it at this moment waits, or has.
                self._execute(connection, "DELETE FROM {}.estelik_upload WHERE content = %s", (content,))
                self._execute(
                    connection,
                    "DELETE FROM {0}.estelik_chunk WHERE content = %s AND NOT EXISTS "
                    "(SELECT 1 FROM {0}.estelik_file AS file WHERE file.content = estelik_chunk.content)",
                    (content,),
                )

        self._session.run(work)

    def _settled(self, step: Callable[[], None]) -> None:
        """Takes a step that may be taken twice; makes the tables where there are none yet."""
        try:
            patience.persistently(step, TransferError)
        except NoTablesError:
            patience.persistently(lambda: self._session.run(self._make), TransferError)
            patience.persistently(step, TransferError)

    def _make(self, connection: Connection) -> None:
        with connection.transaction():
            # Two who make them at once would meet in the server's own lists.
            connection.execute("SELECT pg_catalog.pg_advisory_xact_lock(%s)", [self._lock])
            for table in _TABLES:
                self._execute(connection, table, ())

    def _asked(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        """The rows of an answer; none where the tables are not there yet."""
        try:
            return self._ask(question, *values)
        except NoTablesError:
            return []

    def _ask(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        return patience.persistently(
            lambda: self._session.run(
                lambda connection: self._execute(connection, question, values).fetchall()
            )
        )

    def _execute(self, connection: Connection, text: str, values: Sequence[object]) -> Any:
        return connection.execute(text.format(self._schema).encode(), values, binary=True)


def _chunk(source: BinaryIO) -> bytes:
    """The next bytes of a stream: ``CHUNK`` of them, fewer only at its end."""
    parts: list[bytes] = []
    size = 0
    while size < CHUNK and (data := source.read(CHUNK - size)):
        parts.append(data)
        size += len(data)
    return b"".join(parts)


def _key(schema: str, what: str) -> int:
    """The number of a lock, which the server keeps apart by nothing else."""
    digest = hashlib.sha256(f"estelik {what} {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
