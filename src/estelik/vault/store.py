"""The store: one encrypted file for each compartment, changed together or not at all.

SQLCipher. The first compartment held is the main database
of a connection, the others are attached with keys of their own. Rollback
journals, not a write-ahead log: SQLite commits several files as one only so
(``docs/decisions/0003-rollback-journal.md``).
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from contextlib import closing, contextmanager
from itertools import count, repeat
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import sqlcipher3

from estelik.errors import CasebookError, Sentence
from estelik.ids import new_id
from estelik.vault import blobs, generation, recovery, remnants, tables
from estelik.vault.connection import Connection
from estelik.vault.keys import NEXT, SOURCES_KEY, Keyring, newer_version, older_version
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from estelik.vault.authorship import Author
    from estelik.vault.inserts import Inserts

#: Seconds that a writer waits for another.
PATIENCE: Final = 120
#: Connections kept open for whoever reads next.
_KEPT: Final = 5
_READ_CACHE = 16 * 1024  # KiB for each file
_WRITE_CACHE = 32 * 1024
#: The number of milliseconds since 1970 after which no clock that is right can be: the year 6429.
_LATEST: Final = 1 << 47


class Store:
    """The files of the compartments that this member holds.

    ``held``: these compartments, of all ``compartments``; ``schemas`` leads from
    one to its name in SQL. ``shared``: the files are others' as well, who hold
    more of them: this is opened at a seat.
    """

    def __init__(
        self, folder: Path, keyring: Keyring, compartments: Sequence[str], *, shared: bool = False
    ) -> None:
        self.folder = folder
        self.compartments = tuple(compartments)
        self.shared = shared
        #: Who signs what is entered; None on a computer that one member alone uses.
        self.author: Author | None = None
        self._keyring = keyring
        self._see()
        #: Connections that nobody reads through at the moment.
        self._idle: list[Connection] = []
        #: Of a thread that is ``reading``: its connection.
        self._within = threading.local()

    def _see(self) -> None:
        edition = self._keyring.edition
        # One order for everybody, so that two writers take their locks in the same order.
        self.held = tuple(name for name in self.compartments if name in self._keyring)
        self.schemas = {name: name if number else "main" for number, name in enumerate(self.held)}
        schemas = self.schemas.values()
        self._every = ", ".join(f"(SELECT 1 FROM {one}.sqlite_schema LIMIT 1)" for one in schemas) or "1"
        # Last: a connection that another thread makes meanwhile is one of before.
        self._edition = edition

    def path(self, compartment: str) -> Path:
        """The file of a compartment."""
        return self.folder / f"{compartment}.db"

    def add(self, compartment: str, key: bytes) -> None:
        """Makes the empty file of one more compartment that this member holds now."""

        def make() -> None:
            # Without its key in the key file nobody can ever read it: an earlier attempt broke off.
            self.path(compartment).unlink(missing_ok=True)
            made = Store(self.folder, Keyring({compartment: key}), (compartment,))
            made.create()
            made.close()

        # Another process may have been given it, too, and have entered there since.
        self._keyring.settle(self.folder, compartment, key, make)
        self._disconnect()
        self._see()

    def drop(self, compartment: str) -> None:
        """Takes the file of a compartment away that this member no longer holds."""
        self._disconnect()
        remnants.announce(self.folder, compartment)
        self._keyring.change(self.folder, drop=(compartment, compartment + NEXT))
        self._see()
        remnants.sweep(self.folder, (compartment,))

    def create(self) -> None:
        """Makes the files, empty."""
        for name in self.held:
            os.close(os.open(self.path(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        with self.write() as connection:
            for name, schema in self.schemas.items():
                generation.create(connection, schema, name)
                connection.execute(tables.record(schema))
                for index in (*tables.indices(schema), *tables.later_indices(connection, schema)):
                    connection.execute(index)
                for trigger in tables.triggers(schema):
                    connection.execute(trigger)
                Ledger(connection, schema).create()
                Tombstones(connection, schema).create()
                blobs.create(connection, schema)
                connection.execute(f"PRAGMA {schema}.user_version = {tables.FORMAT}")

    def check_version(self) -> None:
        """Opens every file once; raises ``CasebookError`` for one that cannot be read or is newer. What an
        interrupted command left of a compartment that is no longer held goes."""
        remnants.sweep(self.folder, self.compartments)
        missing = [self.path(name).name for name in self.held if not self.path(name).is_file()]
        if missing:
            raise CasebookError(
                Sentence("Missing from this casebook: %(files)s.", files=", ".join(missing)),
                safe="The other files were not touched; what they hold is safe.",
                do="Put back what is missing from a copy of the casebook, or open a copy that is whole.",
            )
        # All there are: one commit may be of files that are not held here.
        every = map(self.path, self.compartments)
        recovery.settle(self.folder, [path for path in every if path.is_file()])
        with self.read() as connection:
            for name, schema in self.schemas.items():
                with _in_our_words(self.path(name).name):
                    version = connection.execute(f"PRAGMA {schema}.user_version").scalar_one()
                if version > tables.FORMAT:
                    raise newer_version()
                if 0 < version < tables.FORMAT:
                    raise older_version()
                if version != tables.FORMAT:
                    raise _damaged(self.path(name).name)
            with _in_our_words():
                older = [self.path(name).name for name in generation.behind(connection, self.schemas)]
            if older:
                raise CasebookError(
                    Sentence(
                        "Older than the other files of this casebook: %(files)s.", files=", ".join(older)
                    ),
                    safe="Nothing was changed.",
                    do="Put the newer file back, open a copy of the whole folder, or restore from a carrier.",
                )

    def index_later(self) -> None:
        """Makes the indices that came later (``tables``), where a file was made without them."""
        schemas = self.schemas.values()
        with self.read() as connection:
            missing = any(tables.later_indices(connection, schema) for schema in schemas)
        if not missing:
            return
        with self.changing() as connection:
            for schema in schemas:
                # Looked for once more: another process may have made them since.
                for index in tables.later_indices(connection, schema):
                    connection.execute(index)

    def any_disposition(self, connection: Connection | None = None) -> bool:
        """Whether anything was ever erased, restricted or held. Whoever reads already gives the
        ``connection``: two that one thread waits for can wait for a writer who waits for the first."""
        if connection is None:
            with self.read() as own:
                return self.any_disposition(own)
        return tables.any_disposition(connection, self.schemas.values())

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Around what only reads, a page for one: whatever this thread reads within sees one state, and is
        asked through one connection. Who writes within waits for herself."""
        if self._reads is not None:
            yield
            return
        with self.read() as connection:
            self._within.connection = connection
            try:
                yield
            finally:
                self._within.connection = None

    @property
    def _reads(self) -> Connection | None:
        found: Connection | None = getattr(self._within, "connection", None)
        return found

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of all files."""
        with _in_our_words():
            if (within := self._reads) is not None:
                yield within
                return
            self.follow()
            idle = self._idle
            connection = self._connection()
            try:
                connection.execute("BEGIN")
                # Of every file now, in the order in which a commit locks them (as they were attached): who
                # has read one and comes to another later waits for a writer who has that and waits for the
                # first.
                connection.driver.execute(f"SELECT {self._every}").fetchone()
                yield connection
            finally:
                connection.driver.rollback()
                # Another list by now: other files are held, or the store was closed.
                now = idle is self._idle and connection.edition == self._edition
                if now and len(idle) < _KEPT and not self._turning:
                    idle.append(connection)
                else:
                    connection.driver.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection whose changes to all files are committed together at the end, or not at all.

        Only one writer at a time: the next waits, up to ``PATIENCE`` seconds.
        """
        assert self._reads is None, "who is reading would wait for herself"  # noqa: S101 (a fault of ours)
        self.follow()
        # Closed at the end: it keeps its large cache otherwise.
        with _in_our_words(), closing((connection := self._connection()).driver) as driver:
            for schema in self.schemas.values():
                connection.execute(f"PRAGMA {schema}.cache_size = -{_WRITE_CACHE}")
            # The write lock of every file is taken now, so that what is read is still so at the commit.
            connection.execute("BEGIN IMMEDIATE")
            try:
                changed = generation.watch(connection)
                yield connection
                generation.advance(connection, self.schemas, changed)
                driver.commit()
            finally:
                driver.rollback()

    @contextmanager
    def beside(self, compartment: str) -> Iterator[Connection]:
        """A connection that changes the file of one compartment alone: what is no record, and is not counted
        as a change of the records. Committed at the end, or not at all."""
        alone = Store(self.folder, Keyring({compartment: self._keyring[compartment]}), (compartment,))
        with alone.changing() as connection:
            yield connection

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """As ``write``, but nothing is counted: for what is no record."""
        with (
            _in_our_words(self.path(self.held[0]).name),
            closing((connection := self._connection()).driver) as driver,
        ):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                driver.commit()
            finally:
                driver.rollback()

    def close(self) -> None:
        """Closes the files and forgets the keys."""
        self._disconnect()
        self._keyring = None  # type: ignore[assignment]

    def follow(self) -> None:
        """Goes on with the keys that there are now."""
        if self._keyring is None:
            raise CasebookError("The casebook is closed.")
        self._keyring.refresh(self.folder)
        if self._edition != self._keyring.edition:
            self._disconnect()
            self._see()

    def damaged_pages(self) -> dict[str, int]:
        """How many pages of each file fail their authentication code (all pages are read)."""
        with self.read() as connection:
            return {
                name: len(connection.execute(f"PRAGMA {schema}.cipher_integrity_check").all())
                for name, schema in self.schemas.items()
            }

    def _disconnect(self) -> None:
        idle, self._idle = self._idle, []
        for connection in idle:
            connection.driver.close()

    def _connection(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            edition = self._edition
            return Connection(self._connect(), self._veil(), edition)

    @property
    def _turning(self) -> bool:
        """Whether a file gets another key just now: an open connection may not read it any more."""
        if self._keyring is None:
            return False
        return any(name + NEXT in self._keyring for name in self.held)

    def _veil(self) -> bytes:
        if "source" not in self.schemas or SOURCES_KEY not in self._keyring:
            return b""
        key = self._keyring[SOURCES_KEY]
        return hashlib.blake2b(b"estelik veil 1", key=key, digest_size=32).digest()

    def _connect(self) -> sqlcipher3.Connection:
        # A computer that was not admitted yet holds nothing.
        main, *others = self.held or ("",)
        connection = sqlcipher3.connect(
            self._uri(main) if main else ":memory:",
            uri=True,
            isolation_level=None,
            timeout=PATIENCE,
            check_same_thread=False,
        )
        try:
            run = connection.execute
            # Before all else: the library writes its errors to stderr otherwise.
            run("PRAGMA cipher_log_level = NONE")
            if main:
                run(f"PRAGMA key = \"x'{self._key(main).hex()}'\"")
                with _in_our_words(self.path(main).name):
                    # Read now: otherwise it is the next file at which its damage is met.
                    run("SELECT count(*) FROM main.sqlite_master")
            for name in others:
                self._attach(connection, name)
            self.prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _attach(self, connection: Any, name: str) -> None:
        key = f"x'{self._key(name).hex()}'"
        try:
            connection.execute(f"ATTACH ? AS {name} KEY ?", (self._uri(name), key))
        except sqlcipher3.DatabaseError as error:
            # The library says the same of a file whose list of tables it cannot read.
            if "unable to open" in str(error) and os.access(self.path(name), os.R_OK | os.W_OK):
                raise _damaged(self.path(name).name) from None
            if "not a database" in str(error) or "malformed" in str(error):
                raise _damaged(self.path(name).name) from None
            raise

    def _key(self, name: str) -> bytes:
        following = name + NEXT
        if following in self._keyring and self.opens(name, self._keyring[following]):
            return self._keyring[following]
        return self._keyring[name]

    def opens(self, compartment: str, key: bytes) -> bool:
        """Whether a key is that of the file of a compartment now."""
        with closing(self.apart(compartment, key)) as connection:
            try:
                connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            except sqlcipher3.DatabaseError as error:
                if "not a database" not in str(error) and "malformed" not in str(error):
                    raise
                return False
        return True

    def apart(self, compartment: str, key: bytes) -> Any:
        """A connection of the library's own to one file alone, opened with this key."""
        connection = sqlcipher3.connect(
            self._uri(compartment), uri=True, isolation_level=None, timeout=PATIENCE
        )
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection

    def prepare(self, connection: Any) -> None:
        """What holds for every connection, whatever key it has."""
        run = connection.execute
        run("PRAGMA temp_store = MEMORY")
        run("PRAGMA foreign_keys = ON")
        # INSERT OR REPLACE meets the triggers that refuse deletion only so.
        run("PRAGMA recursive_triggers = ON")
        run("PRAGMA trusted_schema = OFF")
        for name, schema in self.schemas.items():
            with _in_our_words(self.path(name).name):
                self.guard(connection, schema)

    def guard(self, connection: Any, schema: str) -> None:
        """What holds for a file however it is opened: journals that outlast a loss of power, nothing left of
        what was deleted."""
        run = connection.execute
        run(f"PRAGMA {schema}.auto_vacuum = NONE")
        run(f"PRAGMA {schema}.journal_mode = DELETE")
        run(f"PRAGMA {schema}.synchronous = EXTRA")
        run(f"PRAGMA {schema}.secure_delete = ON")
        run(f"PRAGMA {schema}.cache_size = -{_READ_CACHE}")

    def _uri(self, name: str) -> str:
        # rw: a file that is not there is an error, not a new file.
        return f"file:{quote(str(self.path(name).resolve()))}?mode=rw"


class Batch:
    """Records being entered at once, in one transaction on the files of a store."""

    def __init__(self, store: Store, connection: Connection, inserts: Inserts) -> None:
        self._inserts = inserts
        self._author = store.author
        self._schemas = store.schemas
        self._next: dict[str, int] = {}
        latest = ""
        for name, schema in store.schemas.items():
            last = connection.execute(
                f"SELECT seq, batch FROM {schema}.record ORDER BY seq DESC LIMIT 1"
            ).first()
            self._next[name] = 1 if last is None else last[0] + 1
            ledger_latest = connection.execute(f"SELECT batch FROM {schema}.sealed").scalar_one()
            latest = max(latest, "" if last is None else last[1], ledger_latest)
        # Batches ascend even where the clock was set back, or that of another device was ahead.
        now = max(int(time.time() * 1000), min(int(latest[:12] or "0", 16), _LATEST) + 1)
        self.id = f"{now:012x}{new_id()}"

    def next_seq(self, compartment: str) -> int:
        """The ``seq`` that the next record of ``compartment`` will get."""
        return self._next[compartment]

    def append(
        self, compartment: str, kind: str, ids: Sequence[str], places: Iterable[int], bodies: Iterable[str]
    ) -> int:
        """Adds records of one kind, in this order; gives the ``seq`` of the first."""
        first = self._next[compartment]
        if ids:
            if self._author is not None:
                bodies = self._author.signed(compartment, kind, ids, bodies)
            rows = zip(count(first), ids, repeat(kind), repeat(self.id), places, bodies, strict=False)
            # OR FAIL: what a failed statement had entered need not be taken back, the transaction is.
            into = f"INSERT OR FAIL INTO {self._schemas[compartment]}.record"
            self._inserts.put(f"{into} (seq, id, kind, batch, place, body)", 6, rows)
            self._next[compartment] = first + len(ids)
        return first


@contextmanager
def _in_our_words(file: str = "") -> Iterator[None]:
    """Errors of the library as ours; ``file`` is the one that is being read, where it is one."""
    try:
        yield
    except sqlcipher3.Error as error:
        raise _explained(str(error), file) from None


def _explained(text: str, file: str) -> CasebookError:
    if "locked" in text:
        return CasebookError(
            "Another program is writing to this casebook.", do="Wait until it is done and try again."
        )
    if "full" in text:
        return CasebookError("The disk is full.", do="Make room and try again.")
    if "I/O" in text:
        return CasebookError(
            "The disk fails, or a file of this casebook is damaged.",
            safe="What was entered before is untouched by this command.",
            do="Try again. If it happens again, copy the folder to another disk, and open it there.",
        )
    if "readonly" in text or "unable to open" in text:
        return CasebookError(
            "The files of this casebook cannot be opened for writing.",
            do="Check who may write to the folder, and whether the disk is read-only.",
        )
    return _damaged(file)


def _damaged(file: str) -> CasebookError:
    return CasebookError(
        Sentence("The file %(file)s of this casebook is damaged.", file=file)
        if file
        else "A file of this casebook is damaged.",
        safe="What was entered before is untouched by this command.",
        do="Keep the folder as it is, and put the file back from a copy of the casebook.",
    )
