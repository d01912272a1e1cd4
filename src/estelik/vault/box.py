"""Boxes: bytes sealed under a key that seals others too, so that each has a nonce of its own."""

from __future__ import annotations

import secrets
from typing import Final

from estelik.errors import SealError

_NONCE: Final = 12


def closed(key: bytes, content: bytes, context: bytes) -> bytes:
    """A random nonce, then ``content`` sealed with ChaCha20-Poly1305 (RFC 8439) and bound to ``context``."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    nonce = secrets.token_bytes(_NONCE)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, content, context)


def opened(key: bytes, data: bytes, context: bytes) -> bytes:
    """What is in a box. Raises ``SealError`` where key or context are not its, or a byte was changed."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    try:
        return ChaCha20Poly1305(key).decrypt(data[:_NONCE], data[_NONCE:], context)
    except (InvalidTag, ValueError):
        raise SealError("Something sealed does not open with its key.") from None
