"""Halves: files on their way to a carrier, under names of their own until they are whole.

What an interrupted sending left of a blob is gone on with. One law keeps two
senders apart: into a half writes nobody but who made it, or, in a folder, who
holds its lock on the computer that made it. Whatever else is to be used of one
is copied first. What lies in it is never believed: it is compared with what is
sent, or goes into the hash that the whole must have.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from estelik.vault.carriers.failures import TransferError, UnreachableError

if TYPE_CHECKING:
    from typing import BinaryIO

#: The kind of file that is gone on with: all others are sent anew in a moment.
KIND: Final = "blob"
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"
_CHUNK: Final = 256 * 1024
_COMPUTER: Final = ("/etc/machine-id", "/proc/sys/kernel/random/boot_id")


class Begun(Protocol):
    """What lies in a half."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes, fewer only at its end."""


@runtime_checkable
class Rest(Protocol):
    """A source that can begin in the middle, and knows the hash of the whole."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes at most, none at its end."""

    def after(self, begun: Begun) -> int:
        """How many of the bytes of ``begun`` are to stay; ``read`` gives what comes after them.

        Where they turn out to be wrong, the last ``read`` raises an error.
        """


def fresh_name(name: str) -> str:
    """A name that nobody else gives to a half of the file ``name``."""
    return f"{name}.{''.join(secrets.choice(_LETTERS) for _ in range(16))}.half"


def own_name(name: str) -> str | None:
    """The name that this computer, and no other, gives to a half of ``name`` each time; None where it cannot
    be told from others. It tells nobody which computer that is, nor that two names are of the same."""
    computer = _computer()
    if not computer:
        return None
    digest = hashlib.sha256(b"estelik half\0" + computer + name.encode()).digest()
    return f"{name}.{base64.b32encode(digest[:10]).decode().lower()}.half"


def stays(kind: str, error: BaseException) -> bool:
    """Whether a half is left to be gone on with: after a broken line, or where the sender was stopped."""
    broken = isinstance(error, TransferError | UnreachableError) or not isinstance(error, Exception)
    return kind == KIND and broken


def agreed(source: BinaryIO, begun: Begun) -> tuple[int, bytes]:
    """How many of the bytes of a half are those of ``source``; and what comes next in that, which then gives
    the rest."""
    size = 0
    while data := source.read(_CHUNK):
        if begun.read(len(data)) != data:
            return size, data
        size += len(data)
    return size, b""


@cache
def _computer() -> bytes:
    """What tells this computer from all others, as long as it runs at least; empty where nothing does."""
    for place in _COMPUTER:
        try:
            found = Path(place).read_bytes().strip()
        except OSError:
            continue
        if len(found) >= 32 and found != b"uninitialized":
            return found
    return b""
