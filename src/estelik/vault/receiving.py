"""Receiving: what others left on a carrier, in the order in which one thing opens the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.vault import erasing, pages
from estelik.vault.arrival import arrive, note_tables
from estelik.vault.collect import Collection
from estelik.vault.epochs import Epochs, identities_of
from estelik.vault.ledger import Ledger
from estelik.vault.links import Trouble
from estelik.vault.quarantine import settle
from estelik.vault.rolls import Rolls

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.arrival import Arrived
    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.keys import Keyring
    from estelik.vault.registrar import Registrar
    from estelik.vault.store import Store


class Receiving:
    """One casebook that takes in; ``shelf``: its sealed files."""

    def __init__(self, store: Store, keyring: Keyring, registrar: Registrar, shelf: Carrier) -> None:
        self._store = store
        self._keyring = keyring
        self._registrar = registrar
        self._shelf = shelf

    def receive(self, carrier: Carrier, progress: Callable[[int, int], None]) -> Arrived:
        """First who belongs to the office, then epochs, then records."""
        registrar = self._registrar
        troubles = [Trouble("closed", "roll", name) for name in Rolls(registrar, self._shelf).fetch(carrier)]
        registrar.own()
        if registrar.is_used_elsewhere():
            troubles.append(Trouble("copied", "casebook", "", device=registrar.device))
            registrar.begin_device()
        Epochs(self._store, self._keyring, registrar, self._shelf).fetch(carrier)
        held, arrived = self._arrive(carrier, progress)
        store, shelf, signer, office = self._store, self._shelf, registrar.signer, registrar.office.root
        count, kept = settle(store, shelf, signer, registrar.standing)
        # After all segments, and with the whole roll: what was erased, and by whom, is known now.
        erasing.settle(store, shelf, registrar.standing, office)
        unread = pages.join(store, shelf, held, held.leaves, office)
        note_tables(store, shelf, held, unread)
        records = arrived.records + count
        return arrived._replace(records=records, troubles=[*troubles, *arrived.troubles, *kept])

    def _arrive(self, carrier: Carrier, progress: Callable[[int, int], None]) -> tuple[Collection, Arrived]:
        registrar = self._registrar
        known = set(registrar.office.closed)
        identities = []
        numbers: dict[tuple[str, str, int], set[int]] = {}
        digests: set[bytes] = set()
        with self._store.read() as connection:
            for compartment, schema in self._store.schemas.items():
                ledger = Ledger(connection, schema)
                tables = ledger.tables()
                known |= {name for name, *_ in tables}
                digests |= {digest for *_, digest in tables}
                numbers |= {(compartment, *of): there for of, there in ledger.table_numbers().items()}
                identities += [one.identity for one in ledger.epochs() if one.identity]
        fresh = carrier.names("table").keys() - known
        held = Collection(
            carrier,
            identities_of(identities),
            registrar.office.root,
            registrar.learn,
            lambda device, _: device in registrar.standing.devices,
            numbers,
            digests,
        )
        if identities:
            held.read_tables(fresh)
        registrar.close(held.closed)
        return held, arrive(self._store, self._shelf, held, registrar, progress)
