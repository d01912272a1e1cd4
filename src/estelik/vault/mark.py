"""Marks: how a carrier is told from whatever else may lie at its address.

A stick that is not plugged in leaves an empty folder behind: filled, it would
pass for a copy outside the office. Each device therefore leaves a small file on
a carrier when it is added, and looks for it before anything else. It opens for
the office's recovery key alone, so that whoever restores can also tell whether
another office uses the same carrier.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from estelik.errors import SealError
from estelik.ids import new_id
from estelik.vault import envelope
from estelik.vault.carriers.failures import CarrierError, UnreachableError
from estelik.vault.device import Device
from estelik.vault.envelope import LARGEST
from estelik.vault.links import Trouble
from estelik.vault.stock import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyrage.x25519 import Identity, Recipient

    from estelik.vault.carriers.carrier import Carrier
    from estelik.vault.device import Signer
    from estelik.vault.registrar import Registrar
    from estelik.vault.stock import Piece

KIND: Final = "mark"
FORMAT: Final = 1
_PURPOSE: Final = "mark"


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """What a mark says: which device uses this carrier."""

    format: int
    by: Device


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Mark).decode


def packed(signer: Signer, recovery: Recipient) -> bytes:
    """The mark of a device, as a file."""
    return envelope.closed(_encode(Mark(FORMAT, signer.device)), _PURPOSE, signer.key, [recovery])


def leave(carrier: Carrier, registrar: Registrar) -> str:
    """Leaves a mark of this device on a carrier; its name."""
    from pyrage.x25519 import Recipient

    made, recovery = new_id(), Recipient.from_str(registrar.standing.recovery)
    carrier.write(KIND, made, packed(registrar.signer, recovery))
    return made


def opened(data: bytes, identities: Sequence[Identity], office: bytes) -> Mark:
    """What a mark says. Raises ``SealError`` where it is damaged, or of another office."""
    found = envelope.opened(data, _PURPOSE, identities)
    try:
        mark = _decode(found.payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise SealError("A mark is damaged, or of another office.") from None
    mark.by.check(office, found)
    return mark


def others(carrier: Carrier, identities: Sequence[Identity], office: bytes) -> int:
    """How many marks there are on a carrier that are not of this office."""
    count = 0
    for name in carrier.names(KIND):
        try:
            opened(carrier.read(KIND, name, LARGEST), identities, office)
        except (SealError, CarrierError):
            count += 1
    return count


def missing(carrier: Carrier, name: str, sealed: Sequence[Piece], what: str) -> tuple[Trouble, ...]:
    """``what`` of the mark of that name, where one was left on a carrier and is gone; else nothing.

    Raises ``UnreachableError`` as ``is_there`` does.
    """
    return () if not name or is_there(carrier, name, sealed) else (Trouble(what, KIND, name),)


def is_there(carrier: Carrier, name: str, sealed: Sequence[Piece]) -> bool:
    """Whether the mark of that name is on a carrier.

    Raises ``UnreachableError`` where neither it is there nor anything that is
    sealed here: this is not the carrier, or no longer.
    """
    if name in carrier.names(KIND):
        return True
    known = {one.name for one in sealed}
    if any(carrier.names(kind).keys() & known for kind in KINDS):
        return False
    raise UnreachableError(
        "What lies at this address is not the carrier: nothing that was handed to it is there.",
        safe="Nothing was written to it.",
        do="Plug it in. If it was emptied on purpose: estelik carrier remove, then add it again.",
    )
