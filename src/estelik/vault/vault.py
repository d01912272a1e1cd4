"""The vault of an open casebook: what was entered, sealed and carried out of the office."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from estelik.errors import CasebookError, CustodyError, MembershipError, Sentence
from estelik.vault import (
    blob,
    blobs,
    clearing,
    custody,
    erasing,
    leaving,
    mark,
    office,
    orphans,
    sync,
    transfer,
)
from estelik.vault.carriers.failures import CarrierError
from estelik.vault.condition import Health, Keeping, health, keepings
from estelik.vault.cut import cut, hand_on
from estelik.vault.disposal import Disposal
from estelik.vault.epochs import SHARED
from estelik.vault.keeping import PATIENCE, begin, burn, keep, numbers, turn
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.mend import mend
from estelik.vault.quarantine import settle
from estelik.vault.receiving import Receiving
from estelik.vault.registrar import DEVICE_KEY, OFFICE_KEY, Registrar
from estelik.vault.rolls import Rolls
from estelik.vault.stock import stock
from estelik.vault.sync import Synced
from estelik.vault.verify import Verified, unsettled, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from estelik.vault.arrival import Arrived
    from estelik.vault.blobs import Kept
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.keys import Keyring
    from estelik.vault.office import Office, Place
    from estelik.vault.stock import Piece
    from estelik.vault.store import Store
    from estelik.vault.transfer import Moved

#: The folder of the sealed files, within that of the casebook.
SHELF: Final = "sealed"
__all__ = ["DEVICE_KEY", "OFFICE_KEY", "SHELF", "Health", "Vault"]


class Withdrawn(NamedTuple):
    """What a withdrawal came to. ``records``: of each compartment that was held, and that this member holds,
    how many records there are: all of them may have been copied. ``others``: the compartments that were
    held and that this member does not hold."""

    records: dict[str, int]
    others: tuple[str, ...]


class Vault:
    """The sealed side of a store: segments on the shelf, carriers, custody."""

    def __init__(self, folder: Path, store: Store, keyring: Keyring) -> None:
        self._folder = folder
        self._store = store
        self._keyring = keyring
        self.registrar = Registrar(folder, store, keyring)

    def found(self, secret: bytes, name: str = "", *, keep: bool) -> None:
        """Makes this casebook the first of a new office of ``secret``, and its member a coordinator;
        ``keep``: the secret lies in it until it is shared out."""
        self.registrar.found(secret, name, keep=keep)
        own = self.registrar.signer
        shared = {name: self._keyring[name].hex() for name in SHARED if name in self._keyring}
        with self._store.write() as connection:
            for compartment, schema in self._store.schemas.items():
                begin(Ledger(connection, schema), compartment, own, shared if compartment == "source" else {})

    @property
    def office(self) -> Office:
        """What this device knows of its office."""
        return self.registrar.office

    @cached_property
    def shelf(self) -> Carrier:
        """The sealed files of this computer."""
        from estelik.vault.shelf import Shelf

        return Shelf(self.shelf_folder)

    @cached_property
    def disposal(self) -> Disposal:
        """What was erased, restricted, held."""
        return Disposal(self._store, self.registrar, self.shelf, self.seal)

    def share_out(self, needed: int, shares: int) -> tuple[str, ...]:
        """The shares of the offline secret. It stays here until ``forget_secret``.

        Raises ``CustodyError`` where it was shared out before.
        """
        secret = self.office.secret
        if not secret:
            raise _shared_out()
        return custody.split(secret, needed, shares)

    def forget_secret(self, needed: int, shares: int) -> None:
        """Takes the secret off this computer: its shares are with their custodians.

        Raises ``CustodyError`` where somebody else has done so meanwhile.
        """
        made = office.Custody(needed, shares, int(time.time()))

        def forgotten(now: Office) -> Office:
            if not now.secret:
                raise _shared_out()
            return msgspec.structs.replace(now, secret=b"", custody=made)

        self._change(forgotten)

    def renew_custody(self, shares: Sequence[str] = ()) -> None:
        """Makes a new secret in the place of the one that these ``shares`` bring back, or that is still on
        this computer, where the new one then lies until it is shared out. All that is sealed is handed on
        under keys that the old secret does not open. Raises ``CustodyError`` or ``MembershipError``."""
        self.registrar.own()
        secret = custody.join(shares) if shares else self.office.secret
        if not secret:
            raise _shared_out()
        self.registrar.root(secret)
        self.seal()
        self.registrar.succeed(secret, custody.new_secret())
        self._hand_on()

    def confirm(self, share: int) -> None:
        """Notes that a custodian has looked and still has share number ``share``."""

        def confirmed(now: Office) -> Office:
            if now.custody is None and not now.secret:
                raise CustodyError(
                    "This computer does not know how many shares there are.",
                    safe="Nothing was changed.",
                    do="Note it on the computer on which the secret was shared out (estelik custody share).",
                )
            if now.custody is None or not 1 <= share <= now.custody.shares:
                raise CustodyError(
                    "There is no share of that number.",
                    safe="Nothing was changed.",
                    do="`estelik health` shows how many shares there are.",
                )
            when = now.custody.confirmed | {share: int(time.time())}
            return msgspec.structs.replace(now, custody=msgspec.structs.replace(now.custody, confirmed=when))

        self._change(confirmed)

    def add_carrier(self, place: Place, carrier: Carrier | None = None) -> None:
        """Adds a carrier, once a mark was left on ``carrier``.

        Raises ``CasebookError`` where one of that name or address is there, and
        for one that would be no copy: a folder within the casebook; ``CarrierError``
        where nothing can be written to it.
        """
        if not place.name.strip() or not place.name.isprintable():
            raise CasebookError("A carrier cannot have this name.", do="Choose a name of letters and digits.")
        folder = _folder_of(place.address)
        if folder is not None and folder.resolve().is_relative_to(self._folder.resolve()):
            raise CasebookError(
                "This folder lies within the casebook: it would be lost with it.",
                do="Choose a folder on another disk, or another carrier.",
            )

        def added(now: Office) -> Office:
            if now.place(place.name) is not None:
                raise CasebookError("There is a carrier of that name already.", do="Choose another name.")
            if any(one.address == place.address for one in now.carriers):
                raise CasebookError(
                    "There is a carrier at that address already.", do="See: estelik carrier list"
                )
            return now.with_place(place)

        added(self.office)
        if carrier is not None and self.office.root:
            # First: without a mark an empty mount point would pass for it.
            place = msgspec.structs.replace(place, mark=mark.leave(carrier, self.registrar))
        self._change(added)

    def remove_carrier(self, name: str) -> None:
        """Forgets a carrier; what lies on it stays there."""

        def removed(now: Office) -> Office:
            if now.place(name) is None:
                raise _no_carrier()
            kept = tuple(one for one in now.carriers if one.name != name)
            return msgspec.structs.replace(now, carriers=kept, ledger=now.ledger and name != office.LEDGER)

        removed(self.office)
        # First what was carried there: another carrier of that name has nothing of it.
        with self._store.write() as connection:
            for schema in self._store.schemas.values():
                Ledger(connection, schema).forget_carrier(name)
        self._change(removed)

    def carrier(self, name: str) -> tuple[Place, Carrier]:
        """A carrier by its name, opened. Raises ``CasebookError`` or ``CarrierError``."""
        from estelik.vault.carriers.address import opened

        place = self.office.place(name)
        if place is None:
            raise _no_carrier()
        return place, opened(place.address, secret=place.secret)

    def seal(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Seals what was entered since the last time, and hands on its keys; how many records that were."""
        self.registrar.own()
        erasing.settle(self._store, self.shelf, self.registrar.standing, self.office.root)
        sealed = cut(self._store, self.shelf, self.registrar.signer, progress)
        self._hand_on()
        if self.disposal.acknowledge():
            sealed += cut(self._store, self.shelf, self.registrar.signer)
            self._hand_on()
        return sealed

    def _hand_on(self, patience: int = PATIENCE) -> None:
        """Epochs, and the page keys under them, to all who hold the compartments now; what is over is
        destroyed."""
        registrar, store = self.registrar, self._store
        keep(store, self.shelf, registrar.signer, registrar.standing)
        if registrar.renew(numbers(store, registrar.standing)):
            # With the key that this computer has from now on.
            keep(store, self.shelf, registrar.signer, registrar.standing)
        hand_on(store, self.shelf, registrar.signer, registrar.standing)
        burn(store, self.shelf, registrar.standing, registrar.burn, patience)
        clearing.shed_here(store, self.shelf)

    def receive(
        self, carrier: Carrier, progress: Callable[[int, int], None] = lambda _done, _all: None
    ) -> Arrived:
        """Takes in what others left on a carrier: who belongs to the office, epochs, records.

        Raises ``MembershipError`` where this computer does not belong to the
        office (yet).
        """
        return Receiving(self._store, self._keyring, self.registrar, self.shelf).receive(carrier, progress)

    def rotate(self, compartments: Collection[str] = (), *, now: bool = False) -> tuple[str, ...]:
        """Begins the next epoch of these compartments, or of all that this member holds; ``now``: the keys of
        those before are destroyed at once, not in a month. The compartments."""
        registrar = self.registrar
        registrar.own()
        self.seal()
        if unheld := set(compartments) - set(self._store.held):
            raise MembershipError(
                Sentence("You do not hold: %(words)s.", words=", ".join(sorted(unheld))),
                safe="No key was changed.",
                do="Only who holds a compartment can begin new keys for it: estelik member list",
            )
        wanted = tuple(name for name in self._store.held if not compartments or name in compartments)
        turn(self._store, self.shelf, registrar.signer, registrar.standing, wanted)
        self._hand_on(0 if now else PATIENCE)
        return wanted

    def withdraw(self, who: str, *, distrusted_since: int = 0) -> Withdrawn:
        """Withdraws a device, or a member with all her devices (an id), from the office.

        ``distrusted_since``: what was said on her devices about others from
        then on (seconds since 1970) no longer counts; 0: all of it counts.
        """
        registrar = self.registrar
        self.seal()
        before = registrar.standing
        registrar.withdraw(who, distrusted_since=distrusted_since)
        gone = before.devices.get(who)
        held = before.members[who if gone is None else gone.member].compartments
        self._hand_on()
        settle(self._store, self.shelf, registrar.signer, registrar.standing)
        records = {}
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                if compartment in held:
                    records[compartment] = Ledger(connection, schema).records()
        return Withdrawn(records, tuple(sorted(held - records.keys())))

    def send(
        self,
        name: str,
        carrier: Carrier,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        moving: Callable[[int], None] = lambda _: None,
        *,
        fetching: bool = True,
    ) -> Synced:
        """Hands to the carrier what it lacks of all that is sealed, and notes that it is there.

        What had been there and was gone is named, and handed on again. Blobs
        that this computer lacks are taken in from it, where it is ``fetching``.
        ``moving`` is told each number of bytes of a blob that was moved.
        """
        self._hand_on()
        rolled = Rolls(self.registrar, self.shelf)
        rolls = rolled.file()
        place = self.office.place(name)
        pieces = stock(self._store, "" if place is None else name, rolls)
        unmarked = () if place is None else mark.missing(carrier, place.mark, pieces, "lost")
        if place is not None and (unmarked or not place.mark):
            self._mark(name, carrier)
        mine = self.registrar.own().compartments
        sent = sync.push(self.shelf, carrier, leaving.owed(mine, pieces), progress)
        sent = sent._replace(troubles=clearing.replaced(self._store, carrier, sent.troubles))
        sent = sent._replace(troubles=sent.troubles + rolled.differing(carrier, sent.troubles))
        rolled.superseded(carrier, rolls)
        if sent.whole:
            # What stands for it is there.
            clearing.superseded(self._store, name, carrier, pieces)
            clearing.shed(self._store, carrier)
        if place is not None and sent.whole:
            self._note(name, pieces)
        reach = {} if place is None else place.ever
        files = transfer.exchange(self.shelf, carrier, self.sealed_blobs(), reach, moving, fetching=fetching)

        def reached(now: Office) -> Office:
            there = now.place(name)
            return now if there is None else now.with_place(there.reaching(files.reach))

        if place is not None and files.reach != place.blobs:
            self._change(reached)
        self._sweep(carrier)
        if sent.whole and not files.troubles:
            leaving.leave(self._store, mine)
        orphans.sweep(self._store, self.shelf_folder, rolled.known())
        troubles = unmarked + sent.troubles + files.troubles
        return Synced(sent.files + files.files, sent.bytes + files.bytes, troubles)

    def _note(self, name: str, pieces: list[Piece]) -> None:
        if not all(one.had or one.kind == "roll" for one in pieces):
            with self._store.write() as connection:
                for compartment, schema in self._store.schemas.items():
                    new = [one.name for one in pieces if one.compartment == compartment and not one.had]
                    Ledger(connection, schema).carry(name, new)

        def noted(now: Office) -> Office:
            there = now.place(name)
            if there is None:
                return now
            return now.with_place(msgspec.structs.replace(there, synced=int(time.time())))

        self._change(noted)

    def mend(self, good: Carrier, bad: Carrier, troubles: Iterable[Trouble]) -> set[Trouble]:
        """Puts good copies in place of what is damaged or missing; the troubles that are none any more."""
        troubles = list(troubles)
        rolls = Rolls(self.registrar, self.shelf).known()
        mended = mend(good, bad, stock(self._store, "", rolls), troubles)
        return mended | transfer.mended(good, bad, blobs.every(self._store), troubles)

    def verify(
        self,
        carrier: Carrier,
        place: Place | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        reading: Callable[[int], None] = lambda _: None,
    ) -> Verified:
        """Reads and checks everything that is on the carrier ``place``, or all there is on this computer:
        ``shelf``, and every page of the databases. ``reading`` is told each number of bytes of a blob.
        """
        if place is not None:
            unmarked = mark.missing(carrier, place.mark, stock(self._store, place.name), "missing")
            found = self._verified(carrier, place, progress, reading)
            return found._replace(troubles=unmarked + found.troubles)
        damaged = tuple(
            Trouble("damaged", "database", "", compartment)
            for compartment, pages in self._store.damaged_pages().items()
            if pages
        )
        try:
            found = self._verified(carrier, None, progress, reading)
        except CasebookError:
            # What the sealed files are compared with cannot be read; which database that is, is known.
            if not damaged:
                raise
            return Verified(0, damaged, 0)
        with self._store.read() as connection:
            rest = sum(Ledger(connection, schema).unsealed() for schema in self._store.schemas.values())
        return found._replace(troubles=damaged + found.troubles, behind=rest)

    def _verified(
        self,
        carrier: Carrier,
        place: Place | None,
        progress: Callable[[int, int], None],
        reading: Callable[[int], None],
    ) -> Verified:
        carried, reach = (None, None) if place is None else (place.name, place.ever)
        whole = set(self._store.compartments) == set(self._store.held)
        found = verify(self._store, carrier, self.registrar.signer.device, carried, progress, whole=whole)
        rolls = Rolls(self.registrar, self.shelf).troubles(carrier, wanted=place is None or place.synced > 0)
        kept = blobs.every(self._store)
        good, behind, troubles = transfer.checked(carrier, kept, reach, reading)
        unknown = len(carrier.names(blob.KIND).keys() - {one.blob.name for one in kept})
        return found._replace(
            troubles=unsettled(found.troubles, self.registrar.standing) + tuple(rolls) + troubles,
            unknown=None if found.unknown is None else found.unknown + unknown,
            blobs=good,
            blobs_behind=behind,
        )

    def fetch_blobs(self, carrier: Carrier, reading: Callable[[int], None] = lambda _: None) -> Moved:
        """Takes in the blobs that this computer lacks from a carrier."""
        return transfer.fetch(self.shelf, carrier, blobs.every(self._store), reading)

    def sealed_blobs(self) -> list[Kept]:
        """The blobs whose records are in segments: on a carrier nothing else could be opened."""
        with self._store.read() as connection:
            sealed = {
                compartment: Ledger(connection, schema).sealed()
                for compartment, schema in self._store.schemas.items()
            }
        return [one for one in blobs.every(self._store) if one.seq <= sealed[one.compartment]]

    def compartments(self) -> list[Keeping]:
        """The compartments that this member holds."""
        own, said = self.registrar.own(), self.registrar.standing
        return keepings(self._store, own.compartments, said)

    def health(self) -> Health:
        """How many copies of the records there are, and where."""
        return health(self._store, self.office)

    def _mark(self, name: str, carrier: Carrier) -> None:
        """Leaves a mark on a carrier, and notes it."""
        made = mark.leave(carrier, self.registrar)

        def marked(now: Office) -> Office:
            place = now.place(name)
            return now if place is None else now.with_place(msgspec.structs.replace(place, mark=made))

        self._change(marked)

    @property
    def device(self) -> str:
        """The id of this device."""
        return self.registrar.device

    @property
    def store(self) -> Store:
        """The records."""
        return self._store

    @property
    def shelf_folder(self) -> Path:
        """The folder of the sealed files."""
        folder = self._folder / SHELF
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def sweep_blobs(self) -> int:
        """Takes away blobs that were begun and never finished; how many."""
        return blobs.sweep(self._store, self.shelf_folder)

    def _change(self, changed: Callable[[Office], Office]) -> None:
        self.registrar.change(changed)

    def _sweep(self, *carriers: Carrier) -> None:
        """Takes away what was left half written, where that can be done."""
        self.sweep_blobs()
        for carrier in (self.shelf, *carriers):
            with suppress(CarrierError):
                carrier.sweep()


def _shared_out() -> CustodyError:
    return CustodyError(
        "The secret of this office was shared out before, and is no longer on this computer.",
        safe="Nothing was changed.",
        do="Ask the custodians for their shares; `estelik health` shows how many there are.",
    )


def _no_carrier() -> CasebookError:
    return CasebookError(
        "There is no carrier of that name.", safe="Nothing was changed.", do="See: estelik carrier list"
    )


def _folder_of(address: str) -> Path | None:
    """The folder that an address leads to, where it is one of this computer."""
    parts = urlsplit(address)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(address) if "://" not in address else None
