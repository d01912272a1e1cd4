"""Addresses: what stands for a label or an id in the path of a page.

A path is kept by browsers, and a name is not to lie there. An address is the label, encrypted so that the
same label always gives the same address (AES-SIV, RFC 5297), with a key of this seat: nothing is looked up,
no list is kept, and an address of one computer says nothing to another.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    from estelik.vault.device import Signer

_PURPOSE: Final = b"estelik address 1"
#: Labels are filled up to a multiple of so many bytes: how long an address is does not tell who it is.
_BLOCK: Final = 32
_LONGEST: Final = 4096


class Addresses:
    """Makes addresses with a key of the device of ``signer``, and reads them."""

    def __init__(self, signer: Signer) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESSIV

        own = signer.key.private_bytes_raw()
        self._cipher: AESSIV = AESSIV(hashlib.blake2b(_PURPOSE, key=own, digest_size=64).digest())
        self._made = lru_cache(maxsize=1 << 16)(self._make)

    def of(self, kind: str, label: str) -> str:
        """The address of a label; ``kind``: what it is a label of."""
        return self._made(kind, label)

    def _make(self, kind: str, label: str) -> str:
        plain = label.encode() + b"\x01"
        filled = plain + bytes(-len(plain) % _BLOCK)
        return urlsafe_b64encode(self._cipher.encrypt(filled, [kind.encode()])).decode().rstrip("=")

    def read(self, kind: str, address: str) -> str | None:
        """The label that an address stands for; None where it is none of that kind."""
        from cryptography.exceptions import InvalidTag

        if len(address) > _LONGEST:
            return None
        try:
            data = urlsafe_b64decode(address + "=" * (-len(address) % 4))
            plain = self._cipher.decrypt(data, [kind.encode()])
            return plain.rstrip(b"\x00").removesuffix(b"\x01").decode()
        except (InvalidTag, ValueError):
            return None
