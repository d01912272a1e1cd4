"""What a film in H.265 says before its first picture (ISO/IEC 14496-15, 8.3.3.1), without messages."""

from __future__ import annotations

from typing import Final

#: Where the lists of units begin.
_LISTS: Final = 23
#: Kinds of units that pictures need: parameters of the whole, of sequences, of pictures.
_NEEDED: Final = (32, 33, 34)


def without_messages(configuration: bytes) -> bytes:
    """The same configuration, as long as it was: lists of other units than parameters are zero bytes at its
    end. Raises ``ValueError`` where it is none."""
    if len(configuration) < _LISTS or configuration[0] != 1:
        raise ValueError
    kept, at = [], _LISTS
    for _ in range(configuration[_LISTS - 1]):
        start, at = at, at + 3
        for _ in range(int.from_bytes(configuration[start + 1 : start + 3], "big")):
            at += 2 + int.from_bytes(configuration[at : at + 2], "big")
        if at > len(configuration):
            raise ValueError
        if configuration[start] & 0x3F in _NEEDED:
            kept.append(configuration[start:at])
    head = configuration[: _LISTS - 1] + bytes([len(kept)])
    return (head + b"".join(kept)).ljust(len(configuration), b"\0")
