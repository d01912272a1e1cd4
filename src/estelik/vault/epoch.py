"""Epochs: the keys that the tables of a compartment are encrypted to, one after another.

An epoch's identity is shared by all devices that hold the compartment, and
stands on carriers in files that those devices, and whoever has the office's
secret, can open. When the next epoch begins and every page key was handed on
under it, the identity before it is destroyed: what only that one opened stays
shut for good.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import SealError
from estelik.ids import new_id
from estelik.vault import envelope
from estelik.vault.device import Device

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

FORMAT: Final = 1
_PURPOSE: Final = "epoch"
#: How a recipient begins, and no id does: they have no 1.
_RECIPIENT: Final = "age1"


class Epoch(msgspec.Struct, frozen=True, array_like=True):
    """One epoch of a compartment, as a device hands it on.

    ``number`` grows from one to the next; of two that began at once with one
    number, the one with the higher ``id`` is the present one. ``began``:
    seconds since 1970. ``to``: the recipients that this file is encrypted to, and
    the ids of seats, which read the epoch where they read the compartment.
    ``shared``: keys that all who hold the compartment have in common, by name;
    ``begun_by``: the id of the device that began it.
    """

    format: int
    by: Device
    compartment: str
    number: int
    id: str
    began: int
    identity: str
    to: tuple[str, ...]
    shared: dict[str, bytes]
    begun_by: str

    def __repr__(self) -> str:
        return f"Epoch({self.number}, ...)"


_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(Epoch).decode


def begun(by: Device, compartment: str, number: int, began: int, shared: dict[str, bytes]) -> Epoch:
    """A new epoch, with an identity of its own."""
    from pyrage.x25519 import Identity

    return Epoch(
        FORMAT, by, compartment, number, new_id(), began, str(Identity.generate()), (), shared, by.id
    )


def packed(epoch: Epoch, key: Ed25519PrivateKey) -> bytes:
    """The epoch as a file for the recipients in ``epoch.to``, signed with the key of its device."""
    from pyrage.x25519 import Recipient

    wanted = [one for one in epoch.to if one.startswith(_RECIPIENT)]
    recipients: list[Recipient] = [Recipient.from_str(one) for one in wanted]
    return envelope.closed(_encode(epoch), _PURPOSE, key, envelope.crowd(recipients))


def opened(data: bytes, identities: Sequence[Identity], office: bytes) -> Epoch:
    """What the file of an epoch says.

    Raises ``SealError`` where it is damaged, for none of these identities, or
    not signed by a device of this office.
    """
    from pyrage import IdentityError
    from pyrage.x25519 import Identity

    found = envelope.opened(data, _PURPOSE, identities)
    wrong = SealError("What is in a sealed file is no epoch, or one of a newer version of Estelik.")
    try:
        epoch = _decode(found.payload)
        Identity.from_str(epoch.identity)
    except (msgspec.DecodeError, UnicodeDecodeError, IdentityError, ValueError):
        raise wrong from None
    if epoch.format != FORMAT or epoch.number < 1 or any(len(key) != 32 for key in epoch.shared.values()):
        raise wrong
    epoch.by.check(office, found)
    return epoch
