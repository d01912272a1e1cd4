"""Key pages: what opens one segment and its records.

A page is sealed with a key of its own, which stands in a table
(``vault.table``). To erase a record, its page is written anew without its
key, under a new page key: once the tables with the old one cannot be opened,
neither can the old page.
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec

from estelik.errors import SealError
from estelik.vault import box

FORMAT: Final = 1
KEY_SIZE: Final = 32


class Page(msgspec.Struct, frozen=True, array_like=True):
    """The keys of one segment: its name, the SHA-256 of its file, its age identity, and the key of each of
    its records in their order (empty where the record was erased). ``version`` grows with each rewriting."""

    format: int
    segment: str
    digest: bytes
    version: int
    identity: str
    keys: tuple[bytes, ...]

    def __repr__(self) -> str:
        return f"Page({self.segment}, ...)"


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Page).decode


def new_key() -> bytes:
    """A random page key."""
    return secrets.token_bytes(KEY_SIZE)


def sealed(page: Page, key: bytes, name: str) -> bytes:
    """The page as a file, bound to its name: a nonce, then ChaCha20-Poly1305 (RFC 8439)."""
    return box.closed(key, _encode(page), _context(name))


def opened(data: bytes, key: bytes, name: str) -> Page:
    """The page in a file. Raises ``SealError`` where the key is not its, or a byte was changed."""
    try:
        page = _decode(box.opened(key, data, _context(name)))
    except (SealError, ValueError, msgspec.DecodeError):
        raise SealError("A key page is damaged, or not of this office.") from None
    if page.format != FORMAT or any(len(one) not in (0, KEY_SIZE) for one in page.keys):
        raise SealError("A key page is damaged, or of a newer version of Estelik.")
    return page


def _context(name: str) -> bytes:
    return f"estelik page 1\0{name}".encode()
