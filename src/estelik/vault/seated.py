"""Seated: what of the vault is there at a seat. A seat reads and enters; the computer seals, carries,
admits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from estelik.errors import MembershipError
from estelik.vault import office
from estelik.vault.authorship import Author
from estelik.vault.registrar import Registrar
from estelik.vault.seat import SeatKeyring
from estelik.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.keys import Keyring
    from estelik.vault.office import Office
    from estelik.vault.store import Store


class SeatRegistrar(Registrar):
    """The roll as a seat knows it; it signs with the key of the seat, and says nothing of who belongs."""

    def __init__(self, store: Store, keyring: SeatKeyring) -> None:
        super().__init__(store.folder, store, keyring)
        self._seat = keyring

    @property
    def office(self) -> Office:
        """What a seat knows of its office: its root and its roll."""
        held = self._seat.held
        return office.Office(office.FORMAT, held.office, (), roll=held.roll)

    def change(self, changed: Callable[[Office], Office]) -> NoReturn:  # noqa: ARG002 (a seat changes nothing)
        """Raises ``MembershipError``."""
        raise elsewhere()


class SeatVault(Vault):
    """The vault as a seat sees it."""

    def __init__(self, store: Store, keyring: Keyring) -> None:
        super().__init__(store.folder, store, keyring)
        assert isinstance(keyring, SeatKeyring)  # noqa: S101 (a store is opened at a seat with its keys alone)
        self.registrar = SeatRegistrar(store, keyring)
        store.author = Author(self.registrar.signer, self.registrar.own().id)

    def _refused(self, *_: Any, **__: Any) -> NoReturn:
        raise elsewhere()

    # All that would seal in the name of the seat, or take the files of others for nobody's.
    found = share_out = forget_secret = renew_custody = confirm = _refused
    add_carrier = remove_carrier = carrier = _refused
    seal = receive = send = rotate = withdraw = mend = verify = fetch_blobs = health = _refused
    _hand_on = _refused


def elsewhere() -> MembershipError:
    """What is said at a seat of what only the computer can do."""
    return MembershipError(
        "This cannot be done at a seat.",
        safe="Nothing was changed.",
        do="Ask a coordinator to do it with the computer's own passphrase.",
    )
