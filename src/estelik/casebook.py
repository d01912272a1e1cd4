"""The casebook: opens, unlocks and wires all that a group has recorded.

The one object that commands and pages hold. A casebook is a folder: a key
file, and an encrypted file for each compartment. Importing this module is
cheap; the database library is loaded while the key is derived.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import CasebookError
from estelik.index.cycles import without_cycles
from estelik.index.recorded import Recorded
from estelik.records import COMPARTMENTS, Judgement, Statement
from estelik.vault import keys, running
from estelik.vault.making import making
from estelik.vault.unlocking import Unlocking, check_key_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType
    from typing import Self

    from estelik.exchange.ledger import Known
    from estelik.protection.gate import Projection
    from estelik.protection.permission import Asked
    from estelik.vault.arrival import Arrived
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.drill import Drill
    from estelik.vault.keys import Cost, Keyring
    from estelik.vault.restore import Restored
    from estelik.vault.seats import Seats
    from estelik.vault.standing import Computer
    from estelik.vault.store import Store
    from estelik.vault.sync import Synced
    from estelik.vault.team_ledger import Outcome
    from estelik.vault.vault import Vault, Withdrawn

#: The name of the key that ids of rows without one are derived with.
_STATEMENT_KEY: Final = "statement-ids"
#: The name of the key of the office file (``vault.registrar``), and the folder of seats (``vault.seat``),
#: without loading what they belong to.
_OFFICE_KEY: Final = "office"
_SEATS: Final = "seats"


class ImportResult(NamedTuple):
    """What an import did: how many statements it entered, how many were there unchanged, the new ids."""

    imported: int
    unchanged: int
    statements: tuple[str, ...]


class Casebook(Recorded):
    """An open casebook; a context manager that closes it."""

    def __init__(
        self, folder: Path, keyring: Keyring, store: Store, presence: running.Presence | None = None
    ) -> None:
        self.folder = folder
        self._store = store
        self._keyring = keyring
        self._presence = presence
        #: What the team's ledger came to at the last ``entering``; None where there is no ledger.
        self.ledger: Outcome | None = None
        #: Called, from another thread, where others who enter records are waited for.
        self.waiting: Callable[[], object] = lambda: None

    @classmethod
    def create(
        cls,
        folder: Path | str,
        passphrase: bytes,
        *,
        name: str = "",
        cost: Cost = keys.STANDARD,
        fill: Callable[[Store, Vault], object] | None = None,
    ) -> Casebook:
        """Makes an empty casebook in ``folder`` (new, or empty), of a new office whose first coordinator is
        called ``name``, and opens it; ``fill`` enters what it is to hold from the beginning.

        After a crash the folder is there whole or not at all. Raises
        ``CasebookError`` when something is in the folder already.
        """
        from estelik.vault import custody
        from estelik.vault.store import Store
        from estelik.vault.vault import Vault

        folder, secret = Path(folder), custody.new_secret()
        with making(folder) as (new, presence):
            keyring = _made(new, passphrase, cost, secret)
            store = Store(new, keyring, COMPARTMENTS)
            Vault(new, store, keyring).found(secret, name, keep=True)
            if fill is not None:
                fill(store, Vault(new, store, keyring))
            store.close()
        return cls(folder, keyring, Store(folder, keyring, COMPARTMENTS), presence)

    @classmethod
    def join(
        cls, folder: Path | str, passphrase: bytes, words: str, *, cost: Cost = keys.STANDARD
    ) -> Casebook:
        """Makes a casebook in ``folder`` (new, or empty) that waits to be admitted to the office with these
        ``words``, and opens it. It holds nothing until then."""
        from estelik.vault.registrar import DEVICE_KEY, OFFICE_KEY, Registrar
        from estelik.vault.store import Store

        folder = Path(folder)
        with making(folder) as (new, presence):
            keyring = keys.create(new, passphrase, (DEVICE_KEY, OFFICE_KEY), cost)
            store = Store(new, keyring, COMPARTMENTS)
            Registrar(new, store, keyring).ask(words)
        return cls(folder, keyring, Store(folder, keyring, COMPARTMENTS), presence)

    @classmethod
    def restore(
        cls,
        folder: Path | str,
        passphrase: bytes,
        carrier: Carrier,
        shares: Sequence[str],
        *,
        cost: Cost = keys.STANDARD,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        reading: Callable[[int], None] = lambda _: None,
    ) -> tuple[Casebook, Restored]:
        """Makes a casebook in ``folder`` (new, or empty) of all that ``carrier`` holds, and opens it.

        It takes enough ``shares`` of the office's secret. What is missing on
        the carrier is named, and the rest restored. After a crash the folder is
        there whole or not at all, but for the files of evidence, which come last
        (``reading`` is told each number of bytes of them). Raises ``CustodyError`` or ``CasebookError``.
        """
        from estelik.index import rebuild
        from estelik.vault import custody
        from estelik.vault.restore import restore
        from estelik.vault.store import Store
        from estelik.vault.vault import Vault

        folder, secret = Path(folder), custody.join(shares)
        with making(folder) as (new, presence):
            keyring = _made(new, passphrase, cost, secret)
            store = Store(new, keyring, COMPARTMENTS)
            try:
                vault = Vault(new, store, keyring)
                found = restore(store, vault.registrar, keyring, vault.shelf, carrier, secret, progress)
                if not found.records:
                    raise CasebookError(
                        "These shares open nothing on this carrier.",
                        do="Check that it was synced since these shares were made, and is not damaged; or "
                        "try another carrier.",
                    )
                rebuild.rebuild(store)
            finally:
                store.close()
        made = cls(folder, keyring, Store(folder, keyring, COMPARTMENTS), presence)
        # Last, and not all or none: what breaks off here a sync brings later.
        files = made.vault.fetch_blobs(carrier, reading)
        return made, found._replace(troubles=found.troubles + files.troubles, blobs=files.files)

    @classmethod
    def open(
        cls, folder: Path | str, passphrase: bytes, *, meanwhile: Callable[[], object] | None = None
    ) -> Casebook:
        """Opens the casebook in ``folder``. The key is derived in a thread of its own; the database library
        is loaded beside it, and so is what ``meanwhile`` loads. Raises ``PassphraseError`` or
        ``CasebookError``; nothing is written then."""
        unlocking = Unlocking(keys.unlock, Path(folder), passphrase)
        del passphrase
        return cls._unlocked(Path(folder), unlocking, meanwhile)

    @classmethod
    def open_seat(cls, folder: Path | str, number: int, passphrase: bytes) -> Casebook:
        """Opens the casebook in ``folder`` at the seat of that number: what its member holds, and no more;
        what is entered is signed as hers. Raises as ``open`` does, and as ``vault.seat.unlock``."""
        from estelik.vault import seat

        unlocking = Unlocking(lambda where, said: seat.unlock(where, number, said), Path(folder), passphrase)
        del passphrase
        return cls._unlocked(Path(folder), unlocking, None)

    def add_token(
        self, name: str, compartments: Sequence[str], days: int, member: str = ""
    ) -> tuple[str, Computer]:
        """Makes a token for a program (``vault.token.make``). Raises ``MembershipError``."""
        from estelik.vault import token

        made = token.make(self.vault.registrar, name, compartments, days, member)
        # Where its member has a seat, it is lent from what she finds there.
        self.settle_seats()
        return made

    def lent(self, seed: bytes) -> Casebook:
        """This casebook as the token (its private key) of its member opens it: what that may open, and no
        more; what is entered is signed with it. Whoever closes this one closes that first. Raises
        ``MembershipError`` or ``CasebookError``."""
        from estelik.vault.token import TokenKeyring

        self.follow()
        presence = running.enter(self.folder)
        try:
            keyring = TokenKeyring(self._keyring, self.vault.registrar, seed, self.folder)
            return self._opened(self.folder, keyring, presence)
        except BaseException:
            presence.leave()
            raise

    @classmethod
    def _unlocked(
        cls, folder: Path, unlocking: Unlocking, meanwhile: Callable[[], object] | None
    ) -> Casebook:
        check_key_file(folder, COMPARTMENTS)
        presence = running.enter(folder)
        try:
            unlocking.start()
            try:
                # Nothing that is loaded is garbage.
                with without_cycles():
                    import cryptography.hazmat.primitives.ciphers.aead  # noqa: F401 (for the other thread)

                    _load(meanwhile)
            finally:
                unlocking.join()
            return cls._opened(folder, unlocking.result(), presence)
        except BaseException:
            presence.leave()
            raise

    @classmethod
    def held(cls, folder: Path | str, *, meanwhile: Callable[[], object] | None = None) -> Casebook | None:
        """Opens the casebook in ``folder`` with the keys that its key holder has; None where there is none.
        Raises ``CasebookError``."""
        from estelik.vault import holding

        folder = Path(folder)
        presence = running.enter(folder)
        try:
            keyring = holding.held(folder)
            if keyring is not None:
                with without_cycles():
                    _load(meanwhile)
                return cls._opened(folder, keyring, presence)
        except BaseException:
            presence.leave()
            raise
        presence.leave()
        return None

    @classmethod
    def _opened(cls, folder: Path, keyring: Keyring, presence: running.Presence) -> Casebook:
        from estelik.index import rebuild
        from estelik.vault.store import Store

        store = Store(folder, keyring, COMPARTMENTS, shared=keyring.seated)
        store.check_version()
        rebuild.keep_up(store)
        made = cls(folder, keyring, store, presence)
        if keyring.seated:
            made.vault  # noqa: B018 (it signs from now on what is entered)
        else:
            with suppress(CasebookError):
                # What cannot be done now is done at the next opening, and told by `estelik seat list`.
                made.settle_seats()
        return made

    @cached_property
    def seats(self) -> Seats:
        """The places of members on this computer. Raises ``MembershipError`` at one of them."""
        if self._store.shared:
            from estelik.vault.seated import elsewhere

            raise elsewhere()
        from estelik.vault.seats import Seats

        return Seats(self.vault, self._keyring)

    def settle_seats(self) -> None:
        """Brings the seats of this computer, where there are any, in line with the roll."""
        if (self.folder / _SEATS).is_dir():
            self.seats.settle()

    @property
    def statement_key(self) -> bytes:
        """The key that ids are derived with, for rows that came without one. Raises ``CasebookError`` where
        this member does not hold the sources."""
        if "source" not in self._store.schemas or _STATEMENT_KEY not in self._keyring:
            raise CasebookError(
                "Rows say who told them, and the names of sources are not open to you.",
                do="Give the sheet to somebody who holds the compartment of sources: estelik member list",
            )
        return self._keyring[_STATEMENT_KEY]

    @cached_property
    def vault(self) -> Vault:
        """What was entered, sealed and carried out of the office; at a seat, what a seat knows of it."""
        if self._store.shared:
            from estelik.vault.seated import SeatVault

            return SeatVault(self._store, self._keyring)
        from estelik.vault.vault import Vault

        return Vault(self.folder, self._store, self._keyring)

    def sync(
        self,
        name: str,
        carrier: Carrier,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        moving: Callable[[int], None] = lambda _: None,
    ) -> Synced:
        """Takes in what others left on a carrier, and hands it what it lacks of all that is sealed;
        ``moving`` is told each number of bytes of a blob that was moved."""
        taken = self.receive(carrier, progress)
        sent = self.vault.send(name, carrier, progress, moving)
        return sent._replace(records=taken.records, troubles=(*taken.troubles, *sent.troubles))

    def receive(
        self, carrier: Carrier, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> Arrived:
        """Takes in what others left on a carrier."""
        from estelik.index import rebuild

        # Also after an interruption: what came in is there.
        with rebuild.kept_up(self._store):
            arrived = self.vault.receive(carrier, progress)
        self.settle_seats()
        return arrived

    @contextmanager
    def entering(self, *, alone: bool = True) -> Iterator[None]:
        """Around all that enters records: keeps with the team's ledger, if any (``team_ledger.kept``)."""
        from estelik.vault import office

        # What is entered at a seat is for the computer to hand on.
        if not self._store.shared and office.read(self.folder, self._keyring[_OFFICE_KEY]).ledger:
            from estelik.vault import team_ledger

            self.ledger = team_ledger.Outcome()
            with team_ledger.kept(self.vault, self.receive, self.ledger, self.waiting, alone=alone):
                yield
        else:
            yield

    def withdraw(self, who: str, *, distrusted_since: int = 0) -> Withdrawn:
        """Withdraws a device, or a member with all her devices (an id), from the office."""
        from estelik.index import rebuild

        # What was kept back is no longer to be found.
        with rebuild.kept_up(self._store):
            withdrawn = self.vault.withdraw(who, distrusted_since=distrusted_since)
        self.settle_seats()
        return withdrawn

    def drill(self, progress: Callable[[str], None] = lambda _: None) -> Drill:
        """Plays the loss of the office through, on a copy; notes what that showed."""
        from estelik.vault import drill

        lost = self.vault.health().nowhere
        found = drill.raid(self._store, self.vault.shelf, self._keyring, lost, progress)
        drill.note(self.vault.registrar, found)
        return found

    def follow(self) -> None:
        """Goes on with the keys that there are now. Raises ``CasebookError`` where it is closed, and
        ``MembershipError`` where what it was opened with opens nothing any more."""
        self._store.follow()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the files."""
        self._store.close()
        if self._presence is not None:
            self._presence.leave()

    def add_statements(
        self,
        statements: Iterable[Statement],
        progress: Callable[[int], None] = lambda _: None,
        check: Callable[[], object] = lambda: None,
    ) -> ImportResult:
        """Enters statements: all of them or, when anything is wrong, none.

        Those that are there and say the same are skipped and counted. Nothing
        is written before ``statements`` is at its end; what it raises leaves
        every file as it was. Raises ``CasebookError`` when an id is there with
        other content, or comes twice. ``progress`` is told how many are being
        entered, once all are read; ``check`` is called while nobody else can
        enter anything, and what it raises leaves everything as it was, too.
        """
        from estelik.index import intake
        from estelik.index.spool import Spool

        spool = Spool()
        with without_cycles():
            for statement in statements:
                spool.add(statement)
            spool.end()
            entered, unchanged = intake.enter(self._store, spool, progress, check)
        return ImportResult(len(entered), unchanged, tuple(entered))

    def add_judgement(self, judgement: Judgement, check: Callable[[], object] = lambda: None) -> None:
        """Enters a judgement. Raises ``NotFoundError`` or ``CasebookError``, and what ``check`` raises, which
        is called while nobody else can enter anything; nothing is written then."""
        from estelik.index import intake

        intake.enter_judgement(self._store, judgement, check)

    def cleared(self, asked: Asked) -> Projection:
        """What an audience may know of all that is recorded: what the gate lets out."""
        from estelik.protection import gate

        lives = self.lives
        return gate.cleared(
            self.statements(), lives.judgements(), lives.verdicts(), lives.resolution, self.consents(), asked
        )

    def known(self) -> Known:
        """What this casebook holds, in the form in which reading a sheet asks for it."""
        from estelik.exchange.ledger import Known
        from estelik.index.known import Holdings

        holdings = Holdings(self._store)
        return Known(
            holdings.events,
            holdings.digest,
            holdings.digests,
            holdings.told,
            holdings.subjects,
            holdings.references,
            holdings.empty,
        )

    def rebuild_index(self) -> None:
        """Drops the index and makes it anew from the records; every answer stays the same."""
        from estelik.index import rebuild

        rebuild.rebuild(self._store)

    def damaged_pages(self) -> dict[str, int]:
        """How many pages of each file were changed since they were written."""
        return self._store.damaged_pages()


def _load(meanwhile: Callable[[], object] | None) -> None:
    """Loads what opening takes, and what ``meanwhile`` loads."""
    import estelik.index.rebuild
    import estelik.vault.store  # noqa: F401 (all three for what follows)

    if meanwhile is not None:
        meanwhile()


def _made(folder: Path, passphrase: bytes, cost: Cost, secret: bytes) -> Keyring:
    """Makes an empty casebook for the office of ``secret``."""
    from estelik.index import tables
    from estelik.vault import custody
    from estelik.vault.registrar import DEVICE_KEY, OFFICE_KEY
    from estelik.vault.store import Store

    # The same on every computer of the office, so that a row without an id gets the same one everywhere.
    given = {_STATEMENT_KEY: custody.shared_key(secret, _STATEMENT_KEY)}
    keyring = keys.create(folder, passphrase, (*COMPARTMENTS, DEVICE_KEY, OFFICE_KEY), cost, given=given)
    store = Store(folder, keyring, COMPARTMENTS)
    store.create()
    with store.write() as connection:
        tables.create(connection, store.schemas.values())
    store.close()
    return keyring
