"""Devices: who signs what leaves a machine, and the office's word that it may.

A device is named by its key: nobody can sign in the name of another. The
office's root, which is offline, has signed the key of each device.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import SealError
from estelik.ids import text_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from estelik.vault.envelope import Envelope

_CERTIFIED: Final = b"estelik device 1\0"


class Device(msgspec.Struct, frozen=True, array_like=True):
    """A device as others see it: its office's root key, its own public key (both Ed25519, 32 bytes), and
    the root's signature on it."""

    office: bytes
    key: bytes
    certificate: bytes

    @property
    def id(self) -> str:
        """Its name: the first 16 bytes of the SHA-256 of its key, in base32."""
        return text_of(hashlib.sha256(self.key).digest()[:16])

    def check(self, office: bytes, sent: Envelope) -> None:
        """Raises ``SealError`` unless it is a device of this office and has signed what was sent."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        wrong = SealError("A sealed file is not signed by a device of this office.")
        if self.office != office:
            raise wrong
        try:
            Ed25519PublicKey.from_public_bytes(office).verify(self.certificate, _CERTIFIED + self.key)
            sent.check(Ed25519PublicKey.from_public_bytes(self.key))
        except (InvalidSignature, ValueError):
            raise wrong from None


class Signer(NamedTuple):
    """This device: how others see it, and its private key."""

    device: Device
    key: Ed25519PrivateKey


def certified(root: Ed25519PrivateKey, seed: bytes) -> Signer:
    """The device whose private key is ``seed``, certified by the office's root."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    return Signer(Device(root.public_key().public_bytes_raw(), public, root.sign(_CERTIFIED + public)), key)


def signer(seed: bytes, office: bytes, certificate: bytes) -> Signer:
    """The device whose private key is ``seed``, with the certificate that it has."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(seed)
    return Signer(Device(office, key.public_key().public_bytes_raw(), certificate), key)
