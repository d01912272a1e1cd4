"""Dispositions: what is to become of records that are there, by a member's decision with a reason.

Erasing destroys, restricting freezes, a hold (legal hold) keeps from being
erased: three decisions (``docs/decisions/0011-erasing.md``). Each names records
by their opaque ids and lies in their compartment; what was decided at once
bears one ``decision`` in all of them. Reasons hold no names.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import msgspec

#: The kind of stored record that all of these are; ``what`` tells them apart.
DISPOSITION: Final = "disposition"
_WHAT: Final = "what"


class _Decided(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT):
    decision: str
    device: str
    made: str
    reason: str


class Erasure(_Decided, frozen=True, tag="erasure"):
    """``records`` are destroyed, wherever and whenever they turn up. ``device`` (an id) signs it, ``made`` is
    a time in ISO, UTC; ``epoch``: the number of the last epoch that may lead to them, ``root``: that of the
    office's root at that time."""

    records: tuple[str, ...]
    epoch: int
    root: int


class Restriction(_Decided, frozen=True, tag="restriction"):
    """``records``, and statements that name one of them, are kept, and shown to nobody until it is lifted."""

    records: tuple[str, ...]


class Hold(_Decided, frozen=True, tag="hold"):
    """``records``, and statements that name one of them, must not be erased until it is lifted."""

    records: tuple[str, ...]


class Lift(_Decided, frozen=True, tag="lift"):
    """The restriction or hold ``lifts`` (a ``decision``) is over."""

    lifts: str


class Acknowledgement(msgspec.Struct, frozen=True, omit_defaults=True, tag_field=_WHAT, tag="done"):
    """On this ``device`` nothing is left that opens what these ``erasures`` (decisions) destroy: every key of
    an epoch up to the one with the number ``epoch`` is gone, and every recipient it had before."""

    device: str
    made: str
    erasures: tuple[str, ...]
    epoch: int


Disposition: TypeAlias = Erasure | Restriction | Hold | Lift | Acknowledgement


class Signed(msgspec.Struct, frozen=True):
    """The body of a record of this kind: a disposition as JSON, and its device's signature (Ed25519)."""

    said: str
    signature: bytes


decode: Final = msgspec.json.Decoder(Disposition).decode
encode: Final = msgspec.json.Encoder().encode
decode_signed: Final = msgspec.json.Decoder(Signed).decode
