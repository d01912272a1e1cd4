"""The order of certificates in a time stamp.

DER asks for a set in ascending order. A widespread authority writes the
certificates of a stamp in the order of its configuration, and our library
takes nothing but DER. The set is not part of what is signed: it is put in
order before it is read.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_SEQUENCE: Final = 0x30
_CONTEXT_0: Final = 0xA0


class _Part(NamedTuple):
    """One value: its tag, where it begins, where its content does, where it ends."""

    tag: int
    start: int
    content: int
    end: int


def ordered(response: bytes) -> bytes:
    """The response with its certificates in order; as it is where it has another form."""
    try:
        return _ordered(response)
    except (IndexError, ValueError, StopIteration):
        return response


def _ordered(data: bytes) -> bytes:
    # TimeStampResp { status, token: ContentInfo { type, [0] SignedData { version, digests, content,
    # [0] certificates, ... } } } (RFC 3161, RFC 5652)
    whole = _part(data, 0)
    _, token = _within(data, whole)[:2]
    signed_data = _within(data, _within(data, token)[1])[0]
    certificates = next(one for one in _within(data, signed_data) if one.tag == _CONTEXT_0)
    if {whole.tag, token.tag, signed_data.tag} != {_SEQUENCE}:
        return data
    parts = sorted(data[one.start : one.end] for one in _within(data, certificates))
    return data[: certificates.content] + b"".join(parts) + data[certificates.end :]


def _within(data: bytes, outer: _Part) -> list[_Part]:
    parts, at = [], outer.content
    while at < outer.end:
        parts.append(_part(data, at))
        at = parts[-1].end
    if at != outer.end:
        raise ValueError
    return parts


def _part(data: bytes, start: int) -> _Part:
    tag, length, content = data[start], data[start + 1], start + 2
    if length & 0x80:
        count = length & 0x7F
        length, content = int.from_bytes(data[content : content + count], "big"), content + count
    if content + length > len(data):
        raise ValueError
    return _Part(tag, start, content, content + length)
