"""Segments: signed runs of a chain, sealed for carriers.

A segment holds what one device entered in one compartment, from one number to
another: its sealed records, without their keys, and the heads of the other
chains that the device had seen. It is written once, under a name that says
nothing, in an envelope for an identity of its own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik.errors import SealError
from estelik.vault import envelope
from estelik.vault.device import Device
from estelik.vault.entry import HASH_SIZE, Chain, Sealed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

FORMAT: Final = 1
_PURPOSE: Final = "segment"


class Head(NamedTuple):
    """How far a chain goes: its device, the number of its last entry, and that entry's hash."""

    device: str
    number: int
    entry: bytes


class Segment(msgspec.Struct, frozen=True, array_like=True):
    """What a segment says.

    ``by``: the device that made it; ``first``: the number of its first entry;
    ``previous``: the entry before it; ``seen``: heads of other devices' chains
    in this compartment; ``made``: seconds since 1970; ``records``: id, sealed
    text, digest (only where the text is missing, since it was erased).
    """

    format: int
    by: Device
    compartment: str
    first: int
    previous: bytes
    seen: tuple[Head, ...]
    made: int
    records: tuple[tuple[str, bytes | None, bytes | None], ...]

    @property
    def chain(self) -> Chain:
        """The chain that it is a run of."""
        return Chain(self.by.office, self.by.id, self.compartment)

    def sealed(self) -> list[Sealed]:
        """Its records, each with its digest."""
        sha256 = hashlib.sha256
        return [
            Sealed(record, sha256(text).digest() if text is not None else digest or b"", text)
            for record, text, digest in self.records
        ]

    @property
    def last(self) -> int:
        """The number of its last entry."""
        return self.first + len(self.records) - 1


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Segment).decode


def packed(segment: Segment, key: Ed25519PrivateKey, recipient: Recipient) -> bytes:
    """The segment as a file, signed with the key of its device."""
    return envelope.closed(_encode(segment), _PURPOSE, key, [recipient])


def opened(data: bytes, identity: Identity, office: bytes) -> Segment:
    """What the file of a segment says.

    Raises ``SealError`` for whatever is no whole segment for this identity,
    signed by a device of this office.
    """
    found = envelope.opened(data, _PURPOSE, [identity])
    try:
        segment = _decode(found.payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _wrong() from None
    if (
        segment.format != FORMAT
        or segment.first < 1
        or not segment.records
        or len(segment.previous) != HASH_SIZE
        or any((text is None) == (digest is None) for _, text, digest in segment.records)
        or any(len(digest) != HASH_SIZE for _, _, digest in segment.records if digest is not None)
    ):
        raise _wrong()
    segment.by.check(office, found)
    return segment


def _wrong() -> SealError:
    return SealError("What is in a sealed file is no segment, or one of a newer version of Estelik.")
