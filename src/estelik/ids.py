"""Identifiers: opaque, random, and never made of anything a person told."""

from __future__ import annotations

import hashlib
import secrets
from array import array
from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

#: How many bytes an identifier is, and how many letters.
SIZE: Final = 16
LETTERS: Final = 26
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [one + two for one in _ALPHABET for two in _ALPHABET]


def new_id() -> str:
    """A random identifier of 128 bits, 26 characters of lower-case base32."""
    return text_of(secrets.token_bytes(SIZE))


def new_ids(count: int) -> list[str]:
    """Many random identifiers of the same form, some twenty times faster than one by one."""
    return texts_of(secrets.token_bytes(SIZE * count))


def new_places(count: int) -> list[int]:
    """Random numbers of 63 bits in ascending order: they put records in order, and count nothing."""
    return sorted(number >> 1 for number in array("Q", secrets.token_bytes(8 * count)))


def derived_id(key: bytes, *parts: str) -> str:
    """The identifier that ``parts`` always get under ``key`` (BLAKE2b, keyed).

    Used where the same content must find the same identifier again (a row
    without an id that is imported a second time). Without the key nobody can
    test a guess against it.
    """
    digest = hashlib.blake2b(key=key, digest_size=SIZE)
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return text_of(digest.digest())


def text_of(data: bytes) -> str:
    """Sixteen bytes as 26 characters of lower-case base32 (RFC 4648, without padding)."""
    # Ten bits at a time: twice as fast as the library's.
    number = int.from_bytes(data, "big") << 2
    return "".join([_PAIRS[number >> shift & 1023] for shift in range(120, -1, -10)])


def texts_of(data: bytes) -> list[str]:
    """``text_of`` of many: of each sixteen bytes of ``data``."""
    text = bytearray(len(data) // SIZE * LETTERS)
    for letter, parts in enumerate(_letters_of()):
        text[letter::LETTERS] = _merged(data, SIZE, parts).translate(_TO_LETTERS)
    words = text.decode()
    return [words[start : start + LETTERS] for start in range(0, len(words), LETTERS)]


def data_of(texts: Sequence[str]) -> bytes:
    """Identifiers as sixteen bytes each. Raises ``ValueError`` where one has another form."""
    letters = "".join(texts).encode().translate(_FROM_LETTERS)
    if len(letters) == LETTERS * len(texts):
        data = bytearray(SIZE * len(texts))
        for byte, parts in enumerate(_bytes_of()):
            data[byte::SIZE] = _merged(letters, LETTERS, parts)
        found = bytes(data)
        if texts_of(found) == list(texts):
            return found
    raise ValueError("not an identifier")


# Column by column over all identifiers at once: what takes no loop of Python over each of them.
_Parts = tuple[tuple[int, bytes], ...]
_TO_LETTERS: Final = _ALPHABET.encode() + bytes(224)
_FROM_LETTERS: Final = bytes(max(0, _ALPHABET.find(chr(code))) for code in range(256))


@cache
def _letters_of() -> tuple[_Parts, ...]:
    return tuple(_parts(5 * letter, 5, 8, SIZE) for letter in range(LETTERS))


@cache
def _bytes_of() -> tuple[_Parts, ...]:
    return tuple(_parts(8 * byte, 8, 5, LETTERS) for byte in range(SIZE))


def _parts(start: int, bits: int, width: int, size: int) -> _Parts:
    """Where ``bits`` bits from ``start`` on lie among ``size`` columns of ``width`` bits: the column, and a
    table from what stands there to what it adds."""
    end = start + bits
    return tuple(
        (
            column,
            bytes(_moved(value, width * (column + 1) - end) & ((1 << bits) - 1) for value in range(256)),
        )
        for column in range(start // width, min(-(-end // width), size))
    )


def _moved(value: int, right: int) -> int:
    return value >> right if right > 0 else value << -right


def _merged(data: bytes | bytearray, stride: int, parts: _Parts) -> bytes:
    columns = [data[column::stride].translate(table) for column, table in parts]
    if len(columns) == 1:
        return bytes(columns[0])
    merged = reduce(or_, [int.from_bytes(column, "big") for column in columns])
    return merged.to_bytes(len(columns[0]), "big")
