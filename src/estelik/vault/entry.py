"""Sealed records, and the entries that chain them.

A record is sealed with a key of its own. Its entry names the device, the
compartment, its number, the entry before it, the record and the SHA-256 of
what is sealed: whoever has the entries can check that nothing was left out or
changed, without reading a record (``docs/format.md``, "Chains").
"""

from __future__ import annotations

import hashlib
import secrets
from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.errors import SealError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KEY_SIZE: Final = 32
HASH_SIZE: Final = 32
# Each key seals one record, so that its nonce never comes twice.
_NONCE: Final = bytes(12)
_number = Struct(">Q").pack


class Chain(NamedTuple):
    """What tells one chain from all others: the office's root key (32 bytes), device, compartment."""

    office: bytes
    device: str
    compartment: str

    def start(self) -> bytes:
        """What stands for the entry before the first."""
        return hashlib.sha256(
            b"estelik chain 1\0" + self.office + f"{self.device}\0{self.compartment}".encode()
        ).digest()

    def heads(self, previous: bytes, number: int, sealed: Iterable[tuple[str, bytes]]) -> list[bytes]:
        """The entries from ``number`` on, each as its hash, for pairs of record and digest.

        ``previous``: the entry before. The last one is the chain's new head.
        """
        out = []
        sha256 = hashlib.sha256
        prefix = f"estelik entry 1\0{self.device}\0{self.compartment}\0".encode()
        for count, (record, digest) in enumerate(sealed, number):
            previous = sha256(
                b"".join((prefix, _number(count), previous, record.encode(), b"\0", digest))
            ).digest()
            out.append(previous)
        return out


class Sealed(NamedTuple):
    """A record as it travels: its id, and what is sealed (None once it was erased) with its digest."""

    record: str
    digest: bytes
    text: bytes | None


def new_keys(count: int) -> list[bytes]:
    """Random keys for records."""
    data = secrets.token_bytes(KEY_SIZE * count)
    return [data[start : start + KEY_SIZE] for start in range(0, len(data), KEY_SIZE)]


def context(compartment: str, record: str) -> bytes:
    """What a sealed record is bound to: it opens nowhere else."""
    return f"estelik record 1\0{compartment}\0{record}".encode()


def seal(
    compartment: str, records: Sequence[str], keys: Sequence[bytes], texts: Sequence[bytes]
) -> list[Sealed]:
    """The texts, each sealed for its record with its key (ChaCha20-Poly1305, RFC 8439)."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    sha256 = hashlib.sha256
    prefix = context(compartment, "")
    sealed = [
        ChaCha20Poly1305(key).encrypt(_NONCE, text, prefix + record.encode())
        for record, key, text in zip(records, keys, texts, strict=True)
    ]
    digests = [sha256(one).digest() for one in sealed]
    return list(map(Sealed._make, zip(records, digests, sealed, strict=True)))


def unseal(compartment: str, record: str, key: bytes, text: bytes) -> bytes:
    """What is sealed in ``text``. Raises ``SealError`` where the key is not its, or a byte was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(_NONCE, text, context(compartment, record))
    except (InvalidTag, ValueError):
        raise SealError("A sealed record does not open with its key.") from None
