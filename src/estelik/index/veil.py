"""The veil: digests of statements lie in the index so that only those can compare them who hold the sources.

The digest of a statement is also of who told it. Whoever holds the
compartment of the statement and not the sources, and has the file on the
computer that she shares with those who do, could try names against it. So it
is encrypted, as the one block of 16 bytes that it is (AES-256), under a key that comes with
the sources.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A row of the index of statements: key, proof, ``seq``, digest (32 letters, hexadecimal).
Row = tuple[int, int, int, str]


def veiled(key: bytes, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as they lie in the index; unchanged where there is no key: then no source is in them."""
    return _turned(key, rows, "encryptor")


def unveiled(key: bytes, rows: Sequence[Row]) -> Sequence[Row]:
    """The rows as they were before ``veiled``."""
    return _turned(key, rows, "decryptor")


def _turned(key: bytes, rows: Sequence[Row], way: str) -> Sequence[Row]:
    if not key or not rows:
        return rows
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import ECB

    # No two blocks are alike: each is the digest of another statement with another id.
    cipher: Any = getattr(Cipher(AES256(key), ECB()), way)()  # noqa: S305 (a permutation of one block is what is wanted)
    text = cipher.update(bytes.fromhex("".join([digest for *_, digest in rows]))).hex()
    return [
        (*row[:3], text[start : start + 32]) for row, start in zip(rows, range(0, len(text), 32), strict=True)
    ]
