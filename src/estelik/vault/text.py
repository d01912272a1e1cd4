"""The text of a record: what is sealed of it."""

from __future__ import annotations

import re

import msgspec


class Text(msgspec.Struct, frozen=True, array_like=True):
    """All that a record's row in the store has beside its number and its id."""

    kind: str
    batch: str
    place: int
    body: str


_BATCH = re.compile(r"[0-9a-f]{12}[a-z2-7]{26}", re.ASCII)


def is_batch(text: str) -> bool:
    """Whether a batch of records can be called so."""
    return _BATCH.fullmatch(text) is not None


encode_text = msgspec.msgpack.Encoder().encode
decode_text = msgspec.msgpack.Decoder(Text).decode
