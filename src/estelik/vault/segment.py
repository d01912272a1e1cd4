"""Segments: signed runs of a chain, sealed for carriers.

A segment holds what one device entered in one compartment, from one number to
another: its sealed records, without their keys, and the heads of the other
chains that the device had seen. It is written once, under a name that says
nothing, in an envelope for an identity of its own.
"""

from __future__ import annotations

import hashlib
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec

from estelik import ids
from estelik.errors import SealError
from estelik.vault import envelope
from estelik.vault.device import Device
from estelik.vault.entry import HASH_SIZE, Chain, Sealed

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from pyrage.x25519 import Identity, Recipient

FORMAT: Final = 2
_PURPOSE: Final = "segment"


class Head(NamedTuple):
    """How far a chain goes: its device, the number of its last entry, and that entry's hash."""

    device: str
    number: int
    entry: bytes


class Segment(NamedTuple):
    """What a segment says.

    ``by``: the device that made it; ``first``: the number of its first entry;
    ``previous``: the entry before it; ``seen``: heads of other devices' chains
    in this compartment; ``made``: seconds since 1970; ``records``: id, sealed
    text, digest (only where the text is missing, since it was erased).
    """

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


class _Written(msgspec.Struct, frozen=True, array_like=True):
    """A segment as it is written: all ids, all sizes, all sealed texts end to end, so that a record costs
    nineteen bytes beside what is sealed. A size of 0: erased, its digest stands in place of the text."""

    format: int
    by: Device
    compartment: str
    first: int
    previous: bytes
    seen: tuple[Head, ...]
    made: int
    ids: bytes
    sizes: tuple[int, ...]
    texts: bytes


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(_Written).decode


def packed(segment: Segment, key: Ed25519PrivateKey, recipient: Recipient) -> bytes:
    """The segment as a file, signed with the key of its device."""
    records = segment.records
    written = _Written(
        FORMAT,
        segment.by,
        segment.compartment,
        segment.first,
        segment.previous,
        segment.seen,
        segment.made,
        ids.data_of([record for record, _, _ in records]),
        tuple([0 if text is None else len(text) for _, text, _ in records]),
        b"".join([digest or b"" if text is None else text for _, text, digest in records]),
    )
    return envelope.closed(_encode(written), _PURPOSE, key, [recipient])


def opened(data: bytes, identity: Identity, office: bytes) -> Segment:
    """What the file of a segment says.

    Raises ``SealError`` for whatever is no whole segment for this identity,
    signed by a device of this office.
    """
    found = envelope.opened(data, _PURPOSE, [identity])
    try:
        written = _decode(found.payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _wrong() from None
    if (
        written.format != FORMAT
        or written.first < 1
        or not written.sizes
        or len(written.previous) != HASH_SIZE
        or min(written.sizes) < 0
    ):
        raise _wrong()
    written.by.check(office, found)
    return Segment(
        written.by,
        written.compartment,
        written.first,
        written.previous,
        written.seen,
        written.made,
        _records(written),
    )


def _records(written: _Written) -> tuple[tuple[str, bytes | None, bytes | None], ...]:
    texts = written.texts
    ends = list(accumulate(size or HASH_SIZE for size in written.sizes))
    if len(written.ids) != ids.SIZE * len(ends) or ends[-1] != len(texts):
        raise _wrong()
    parts = [texts[start:end] for start, end in pairwise((0, *ends))]
    return tuple(
        [
            (record, part, None) if size else (record, None, part)
            for record, size, part in zip(ids.texts_of(written.ids), written.sizes, parts, strict=True)
        ]
    )


def _wrong() -> SealError:
    return SealError("What is in a sealed file is no segment, or one of a newer version of Estelik.")
