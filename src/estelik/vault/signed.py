"""Signed: what a member's device says in her name, bound to its office and compartment, and to one
purpose."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from estelik.vault.device import Signer


def sign(domain: bytes, said: str, compartment: str, signer: Signer) -> bytes:
    """The signature (Ed25519) of a device under what it says. ``domain`` names the purpose and its
    version."""
    return signer.key.sign(_bound(domain, said, signer.device.office, compartment))


@cache
def verified(domain: bytes, said: str, signature: bytes, key: bytes, office: bytes, compartment: str) -> bool:
    """``genuine``, remembered: for what is few and asked often."""
    return genuine(domain, said, signature, key, office, compartment)


def genuine(domain: bytes, said: str, signature: bytes, key: bytes, office: bytes, compartment: str) -> bool:
    """Whether a signature under what is said is one of the device with this public key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _bound(domain, said, office, compartment))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bound(domain: bytes, said: str, office: bytes, compartment: str) -> bytes:
    digest = hashlib.sha256(said.encode()).digest()
    return domain + b"\0" + office + f"{compartment}\0".encode() + digest
