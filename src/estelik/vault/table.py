"""Page tables: which page opens which segment, and with which key.

A table is encrypted to the epoch of its compartment and to the office's
recovery key. Each sync hands on what is new in a table of its own; when an
epoch begins, one table takes the place of all before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import SealError
from estelik.vault import envelope
from estelik.vault.device import Device
from estelik.vault.roll import Signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

FORMAT: Final = 1
_PURPOSE: Final = "table"


class Leaf(msgspec.Struct, frozen=True, array_like=True):
    """One line: a segment, the version of its page, the page's name and its key."""

    segment: str
    version: int
    page: str
    key: bytes

    def __repr__(self) -> str:
        return f"Leaf({self.segment}, ...)"


class Table(msgspec.Struct, frozen=True, array_like=True):
    """Page keys that one device hands on in one compartment. ``number`` grows with each table of that
    device and compartment; a ``whole`` one stands for all before it. ``made``: seconds since 1970.
    ``vouched``: the statements of the roll that make the device one of the office, so that a carrier
    without a roll still says whose word its files are."""

    format: int
    by: Device
    compartment: str
    epoch: int
    number: int
    whole: bool
    made: int
    leaves: tuple[Leaf, ...]
    vouched: tuple[Signed, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Table).decode


def packed(table: Table, key: Ed25519PrivateKey, recipients: Sequence[Recipient]) -> bytes:
    """The table as a file, signed with the key of its device."""
    return envelope.closed(_encode(table), _PURPOSE, key, recipients)


def opened(data: bytes, identities: Sequence[Identity], office: bytes) -> Table:
    """What a table says.

    Raises ``SealError`` where it is damaged, for none of these identities, or
    not signed by a device of this office.
    """
    found = envelope.opened(data, _PURPOSE, identities)
    try:
        table = _decode(found.payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _wrong() from None
    if table.format != FORMAT:
        raise _wrong()
    table.by.check(office, found)
    return table


def _wrong() -> SealError:
    return SealError("What is in a sealed file is no table of keys, or one of a newer version of Estelik.")
