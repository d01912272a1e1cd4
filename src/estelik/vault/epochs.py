"""Epochs that others hand on, taken from a carrier: what this member may read from now on."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Final

from estelik.errors import SealError
from estelik.vault import epoch
from estelik.vault.arrival import keep
from estelik.vault.carriers.failures import CarrierError, TooLargeError
from estelik.vault.envelope import LARGEST
from estelik.vault.keeping import took
from estelik.vault.keys import KEY_SIZE
from estelik.vault.ledger import Ledger
from estelik.vault.tombstone import Tombstones

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyrage.x25519 import Identity

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.keys import Keyring
    from estelik.vault.registrar import Registrar
    from estelik.vault.store import Store

#: Keys that all who hold the sources have in common.
SHARED: Final = ("statement-ids",)


class Epochs:
    """The epochs of one casebook."""

    def __init__(self, store: Store, keyring: Keyring, registrar: Registrar, shelf: Carrier) -> None:
        self._store = store
        self._keyring = keyring
        self._registrar = registrar
        self._shelf = shelf

    def fetch(self, carrier: Carrier, identities: Iterable[Identity] = ()) -> None:
        """Takes in the epochs on a carrier that open for this device, or for others of these identities.

        A compartment that this member holds since lately gets its file.
        """
        registrar, store = self._registrar, self._store
        known = set(registrar.office.closed)
        with store.read() as connection:
            for schema in store.schemas.values():
                known |= {name for name, *_ in Ledger(connection, schema).epoch_files()}
                known |= {name for kind, name in Tombstones(connection, schema).to_go() if kind == "epoch"}
        own = registrar.own()
        closed: list[str] = []
        opened: list[tuple[str, bytes, epoch.Epoch]] = []
        openers = [*registrar.identities, *identities]
        for name in sorted(carrier.names("epoch").keys() - known):
            try:
                data = carrier.read("epoch", name, LARGEST)
                found = epoch.opened(data, openers, registrar.office.root)
            except (SealError, TooLargeError):
                closed.append(name)
                continue
            except CarrierError:
                carrier.names("epoch")
                continue
            standing = registrar.standing
            if found.compartment in own.compartments and (
                {found.by.id, found.begun_by} <= standing.devices.keys()
            ):
                opened.append((name, data, found))
        for compartment in dict.fromkeys(found.compartment for _, _, found in opened):
            if compartment not in store.schemas:
                store.add(compartment, secrets.token_bytes(KEY_SIZE))
        if opened:
            closed += self._take(opened)
        registrar.close(closed)

    def _take(self, came: list[tuple[str, bytes, epoch.Epoch]]) -> list[str]:
        """Takes in what these files say; the names of those that are not kept, since their epoch is over."""
        schemas = self._store.schemas
        with self._store.read() as connection:
            periods = [one for schema in schemas.values() for one in Ledger(connection, schema).epochs()]
        known, over = {one.id for one in periods}, {one.id for one in periods if not one.identity}
        # A key that was destroyed here does not come back.
        opened = [one for one in came if one[2].id not in over]
        late = [one for one in came if one[2].id in over]
        new = {key: found.shared[key] for _, _, found in opened for key in SHARED if key in found.shared}
        if any(key not in self._keyring or self._keyring[key] != value for key, value in new.items()):
            self._keyring.change(self._store.folder, put=new)
        if any(found.id not in known for _, _, found in opened):
            # What did not open before may open with this one. First: once the epoch is known, nobody would.
            self._registrar.reopen()
        with self._store.write() as connection:
            for name, data, found in opened:
                keep(self._shelf, "epoch", name, data)
                ledger = Ledger(connection, schemas[found.compartment])
                took(ledger, found)
                ledger.add_epoch_file(name, found.id, hashlib.sha256(data).digest())
            for name, _, found in late:
                ledger = Ledger(connection, schemas[found.compartment])
                # Whom it was handed to counts all the same: they can open what was erased.
                took(ledger, found)
                if found.number <= ledger.due():
                    Tombstones(connection, schemas[found.compartment]).shed("epoch", [name])
        return [name for name, *_ in late]


def identities_of(texts: Iterable[str]) -> list[Identity]:
    """The age identities that these texts are."""
    from pyrage.x25519 import Identity

    return [Identity.from_str(one) for one in texts]
