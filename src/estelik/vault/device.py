"""Devices: who signs what leaves a machine.

A device is named by its key: nobody can sign in the name of another. Whether
it belongs to the office, and in which compartments it may write, is for the
roll to say (``vault.standing``).
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import SealError
from estelik.ids import text_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

    from estelik.vault.envelope import Envelope


#: The prime of both curves.
_PRIME: Final = (1 << 255) - 19


class Device(msgspec.Struct, frozen=True, array_like=True):
    """A device as others see it: its office (the first root key) and its own public key (Ed25519, 32
    bytes each)."""

    office: bytes
    key: bytes

    @property
    def id(self) -> str:
        """Its name: the first 16 bytes of the SHA-256 of its key, in base32."""
        return id_of(self.key)

    def check(self, office: bytes, sent: Envelope) -> None:
        """Raises ``SealError`` unless it is of this office and has signed what was sent."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        wrong = SealError("A sealed file is not signed by a device of this office.")
        if self.office != office:
            raise wrong
        try:
            sent.check(Ed25519PublicKey.from_public_bytes(self.key))
        except ValueError:
            raise wrong from None


class Signer(NamedTuple):
    """This device: how others see it, and its private key."""

    device: Device
    key: Ed25519PrivateKey


def id_of(key: bytes) -> str:
    """The name of the device with this public key."""
    return text_of(hashlib.sha256(key).digest()[:16])


def recipient_of(key: bytes) -> Recipient:
    """The age recipient of the device with this public key, for as long as it is a device: the same point,
    as X25519 writes it (RFC 7748, section 4.1)."""
    from pyrage.x25519 import Recipient

    y = int.from_bytes(key, "little") & ((1 << 255) - 1)
    u = (1 + y) * pow(1 - y, -1, _PRIME) % _PRIME
    return Recipient.from_str(_bech32("age", u.to_bytes(32, "little")))


def identity_of(seed: bytes) -> Identity:
    """What opens a file for ``recipient_of`` the device whose private key is ``seed``."""
    from pyrage.x25519 import Identity

    return Identity.from_str(_bech32("age-secret-key-", hashlib.sha512(seed).digest()[:32]).upper())


def _bech32(head: str, data: bytes) -> str:
    from bech32 import bech32_encode, convertbits

    words = convertbits(data, 8, 5)
    assert words is not None  # noqa: S101 (eight bits can always be put in groups of five)
    return bech32_encode(head, words)


def signer(seed: bytes, office: bytes) -> Signer:
    """The device whose private key is ``seed``."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(Device(office, key.public_key().public_bytes_raw()), key)
