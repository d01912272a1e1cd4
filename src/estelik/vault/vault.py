"""The vault of an open casebook: what was entered, sealed and carried out of the office."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from estelik.errors import CasebookError, CustodyError
from estelik.ids import new_id
from estelik.vault import blob, blobs, custody, mark, office, orphans, sync, transfer
from estelik.vault.carriers.failures import CarrierError, ReadOnlyError
from estelik.vault.collect import Trouble
from estelik.vault.cut import cut
from estelik.vault.device import certified, signer
from estelik.vault.ledger import Ledger
from estelik.vault.mend import mend
from estelik.vault.stock import stock
from estelik.vault.sync import Synced
from estelik.vault.verify import Verified, verify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from estelik.vault.blobs import Kept
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.device import Signer
    from estelik.vault.keys import Keyring
    from estelik.vault.office import Custody, Office, Place
    from estelik.vault.stock import Heads
    from estelik.vault.store import Store
    from estelik.vault.transfer import Moved

#: The folder of the sealed files, within that of the casebook.
SHELF: Final = "sealed"
#: The names of this module's keys in the keyring.
DEVICE_KEY: Final = "device"
OFFICE_KEY: Final = "office"


class Copies(NamedTuple):
    """How many blobs there are, how many of them each carrier had at its last sync, how many none has."""

    here: int
    places: tuple[int, ...]
    nowhere: int


class Health(NamedTuple):
    """How well the records are kept. ``places``: each carrier, and how many records of this computer it had
    at its last sync; ``records``: how many there are; ``nowhere``: how many no carrier has; ``secret``:
    whether the office's secret still lies on this computer; ``blobs``: how many there are, on each place,
    and on no carrier."""

    places: tuple[tuple[Place, int], ...]
    records: int
    nowhere: int
    custody: Custody | None
    secret: bool
    blobs: Copies = Copies(0, (), 0)


class Vault:
    """The sealed side of a store: segments on the shelf, carriers, custody."""

    def __init__(self, folder: Path, store: Store, keyring: Keyring) -> None:
        self._folder = folder
        self._store = store
        self._keyring = keyring

    def found(self, secret: bytes, *, keep: bool) -> None:
        """Makes this casebook a device of the office of ``secret``; ``keep``: the secret lies in it until it
        is shared out."""
        from pyrage.x25519 import Identity

        made = certified(custody.root(secret), self._keyring[DEVICE_KEY])
        office.write(
            self._folder,
            self._keyring[OFFICE_KEY],
            office.Office(
                office.FORMAT,
                made.device.office,
                str(custody.recovery(secret).to_public()),
                made.device.certificate,
                secret if keep else b"",
            ),
        )
        with self._store.write() as connection:
            for schema in self._store.schemas.values():
                Ledger(connection, schema).begin_epoch(str(Identity.generate()), int(time.time()))

    @property
    def office(self) -> Office:
        """What this device knows of its office."""
        return office.read(self._folder, self._keyring[OFFICE_KEY])

    @cached_property
    def shelf(self) -> Carrier:
        """The sealed files of this computer."""
        from estelik.vault.shelf import Shelf

        return Shelf(self.shelf_folder)

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

    def confirm(self, share: int) -> None:
        """Notes that a custodian has looked and still has share number ``share``."""

        def confirmed(now: Office) -> Office:
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
        """Adds a carrier, and leaves a mark on ``carrier``, where it can be written to.

        Raises ``CasebookError`` where one of that name or address is there, and
        for one that would be no copy: a folder within the casebook.
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

        self._change(added)
        if carrier is not None:
            with suppress(ReadOnlyError):
                self._mark(place.name, carrier)

    def remove_carrier(self, name: str) -> None:
        """Forgets a carrier; what lies on it stays there."""

        def removed(now: Office) -> Office:
            if now.place(name) is None:
                raise _no_carrier()
            kept = tuple(one for one in now.carriers if one.name != name)
            return msgspec.structs.replace(now, carriers=kept)

        self._change(removed)

    def carrier(self, name: str) -> tuple[Place, Carrier]:
        """A carrier by its name, opened. Raises ``CasebookError`` or ``CarrierError``."""
        from estelik.vault.carriers.address import opened

        place = self.office.place(name)
        if place is None:
            raise _no_carrier()
        return place, opened(place.address, secret=place.secret)

    def seal(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Seals what was entered since the last time; how many records that were."""
        from pyrage.x25519 import Recipient

        return cut(self._store, self.shelf, self._signer, Recipient.from_str(self.office.recovery), progress)

    def sync(
        self,
        name: str,
        carrier: Carrier,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        moving: Callable[[int], None] = lambda _: None,
    ) -> Synced:
        """Hands to the carrier what it lacks of all that is sealed, and notes that it is there.

        What had been there and was gone is named, and handed on again. Blobs
        that this computer lacks are taken in from it. ``moving`` is told each
        number of bytes of a blob that was moved.
        """
        place = self.office.place(name)
        sealed = stock(self._store, {} if place is None else place.there)
        if place is not None and not (place.mark and mark.is_there(carrier, place.mark, sealed)):
            self._mark(name, carrier)
        moved = sync.push(self.shelf, carrier, sealed, progress)

        def noted(now: Office) -> Office:
            there = now.place(name)
            if there is None:
                return now
            heads = _furthest(there.there, sealed.heads)
            return now.with_place(msgspec.structs.replace(there, synced=int(time.time()), there=heads))

        if place is not None and moved.whole:
            self._change(noted)
        files = transfer.exchange(
            self.shelf, carrier, self._sealed_blobs(), {} if place is None else place.blobs, moving
        )

        def reached(now: Office) -> Office:
            there = now.place(name)
            return now if there is None else now.with_place(msgspec.structs.replace(there, blobs=files.reach))

        if place is not None and files.reach != place.blobs:
            self._change(reached)
        self._sweep(carrier)
        orphans.sweep(self._store, self.shelf_folder)
        return Synced(moved.files + files.files, moved.bytes + files.bytes, moved.troubles + files.troubles)

    def mend(self, good: Carrier, bad: Carrier, troubles: Iterable[Trouble]) -> set[Trouble]:
        """Puts good copies in place of what is damaged or missing; the troubles that are none any more."""
        troubles = list(troubles)
        mended = mend(good, bad, stock(self._store, {}), troubles)
        return mended | transfer.mended(good, bad, blobs.every(self._store), troubles)

    def verify(
        self,
        carrier: Carrier,
        place: Place | None = None,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        reading: Callable[[int], None] = lambda _: None,
    ) -> Verified:
        """Reads and checks everything that is on the carrier ``place``, or all there is on this computer:
        ``shelf``, and every page of the databases.

        ``reading`` is told each number of bytes of a blob that was read.
        """
        if place is not None:
            if place.mark:
                mark.is_there(carrier, place.mark, stock(self._store, place.there))
            return self._verified(carrier, place, progress, reading)
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
        return found._replace(troubles=damaged + found.troubles)

    def _verified(
        self,
        carrier: Carrier,
        place: Place | None,
        progress: Callable[[int, int], None],
        reading: Callable[[int], None],
    ) -> Verified:
        there, reach = (None, None) if place is None else (place.there, place.blobs)
        found = verify(self._store, carrier, self._signer.device, there, progress)
        kept = blobs.every(self._store)
        good, behind, troubles = transfer.checked(carrier, kept, reach, reading)
        unknown = len(carrier.names(blob.KIND).keys() - {one.blob.name for one in kept})
        return found._replace(
            troubles=found.troubles + troubles,
            unknown=found.unknown + unknown,
            blobs=good,
            blobs_behind=behind,
        )

    def fetch_blobs(self, carrier: Carrier, reading: Callable[[int], None] = lambda _: None) -> Moved:
        """Takes in the blobs that this computer lacks from a carrier."""
        return transfer.fetch(self.shelf, carrier, blobs.every(self._store), reading)

    def _sealed_blobs(self) -> list[Kept]:
        """The blobs whose records are in segments: on a carrier nothing else could be opened."""
        with self._store.read() as connection:
            sealed = {
                compartment: Ledger(connection, schema).sealed()
                for compartment, schema in self._store.schemas.items()
            }
        return [one for one in blobs.every(self._store) if one.seq <= sealed[one.compartment]]

    def health(self) -> Health:
        """How many copies of the records there are, and where."""
        now = self.office
        records, chains, unsealed = 0, [], 0
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                ledger = Ledger(connection, schema)
                count = f"SELECT count(*) FROM {schema}.record"
                records += connection.exec_driver_sql(count).scalar_one()
                unsealed += ledger.unsealed()
                chains += [(compartment, head.device, head.number) for head in ledger.heads()]
        there = [[place.there.get(c, {}).get(d, 0) for c, d, _ in chains] for place in now.carriers]
        most = [max(column, default=0) for column in zip(*there, strict=True)] or [0] * len(chains)
        missing = sum(number - known for (_, _, number), known in zip(chains, most, strict=True))
        return Health(
            tuple((place, sum(row)) for place, row in zip(now.carriers, there, strict=True)),
            records,
            unsealed + missing,
            now.custody,
            bool(now.secret),
            self._copies(now),
        )

    def _copies(self, now: Office) -> Copies:
        kept = blobs.every(self._store)
        there = [
            {one.blob.name for one in kept if one.seq <= place.blobs.get(one.compartment, 0)}
            for place in now.carriers
        ]
        anywhere = set().union(*there)
        return Copies(len(kept), tuple(map(len, there)), len(kept) - len(anywhere))

    @cached_property
    def _signer(self) -> Signer:
        now = self.office
        return signer(self._keyring[DEVICE_KEY], now.root, now.certificate)

    def _mark(self, name: str, carrier: Carrier) -> None:
        """Leaves a mark on a carrier, and notes it."""
        from pyrage.x25519 import Recipient

        made = new_id()
        carrier.write(mark.KIND, made, mark.packed(self._signer, Recipient.from_str(self.office.recovery)))

        def marked(now: Office) -> Office:
            place = now.place(name)
            return now if place is None else now.with_place(msgspec.structs.replace(place, mark=made))

        self._change(marked)

    @property
    def device(self) -> str:
        """The id of this device."""
        return self._signer.device.id

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
        office.change(self._folder, self._keyring[OFFICE_KEY], changed)

    def _sweep(self, *carriers: Carrier) -> None:
        """Takes away what was left half written, where that can be done."""
        self.sweep_blobs()
        for carrier in (self.shelf, *carriers):
            with suppress(CarrierError):
                carrier.sweep()


def _furthest(one: Heads, other: Heads) -> Heads:
    """The higher number of each chain: two syncs may end in another order than they began."""
    return {
        compartment: {
            device: max(one.get(compartment, {}).get(device, 0), other.get(compartment, {}).get(device, 0))
            for device in one.get(compartment, {}) | other.get(compartment, {})
        }
        for compartment in one | other
    }


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
