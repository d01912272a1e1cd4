"""The noun: what every carrier does, and what a sealed file may be called.

On each of them a file lies at ``estelik/<kind>/<name>`` below the root.
Carriers may be used from several threads.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from estelik.vault.carriers.failures import NameRefusedError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO

#: The folder, below the root of a carrier, in which everything stands.
HOME: Final = "estelik"
KINDS: Final = ("segment", "page", "table", "blob", "mark", "epoch", "roll")
#: A file, of no kind, that tells whether a carrier refuses to replace one.
PROBE: Final = "probe"
#: Seconds after which what an interrupted write left behind is swept away.
STALE: Final = 24 * 60 * 60
_NAME = re.compile(r"[a-z2-7]{26}", re.ASCII)
# Not ".part": servers of one widespread kind refuse that ending.
_HALF = re.compile(r"[a-z2-7]{26}\.[a-z2-7]{16}\.half", re.ASCII)


class Carrier(Protocol):
    """A flat, write-once store of sealed files by opaque names.

    Every operation raises a ``CarrierError`` that says which kind of trouble it
    met: ``NameRefusedError`` before anything is looked for, ``UnreachableError``,
    ``RefusedError`` and ``TransferError`` anywhere, the others where it says so.
    """

    def names(self, kind: str) -> dict[str, int]:
        """The size in bytes of every complete file of this kind, by name.

        Half-written and foreign files are not among them.
        """

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """The whole file, of ``limit`` bytes at most.

        Raises ``TooLargeError`` before more than that is in memory, and
        ``MissingError`` where there is none.
        """

    def write(self, kind: str, name: str, data: bytes) -> None:
        """Adds a file: it appears whole or not at all, and lasts once this returns.

        Raises ``ThereAlreadyError`` where there is one, also when another writer
        was faster, ``FullError``, ``ReadOnlyError``, ``TooLargeError``, and
        ``UnsuitableError`` where the carrier cannot keep the promise.
        """

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """``write`` from a stream, in flat memory; gives the number of bytes.

        Errors of ``source`` go through as they are; nothing is visible then. Of
        a blob, what an interrupted call left is gone on with, where the carrier
        can (see ``half``).
        """

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """The file into a stream, from byte ``start`` on, in flat memory; gives the number of bytes.

        Nobody asks for what comes after the end.

        What ``target`` holds after an error is part of a file: throw it away.
        """

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """Takes a superseded page, table, epoch or roll away, or a ``damaged`` file of any kind; one that is
        not there is no error.

        Other kinds are never removed: ``NameRefusedError``. A carrier may keep
        old versions by itself (buckets, snapshots); nothing here can end that.
        """

    def sweep(self) -> int:
        """Takes away what writes left behind that broke off more than ``STALE`` seconds ago; how many."""

    def close(self) -> None:
        """Ends connections; nothing else may be called after it."""


@runtime_checkable
class Followed(Carrier, Protocol):
    """A carrier that says what came to it after a point, and lets writers take turns."""

    def since(self, kind: str, point: str) -> tuple[set[str] | None, str]:
        """The names of files of this kind that came after ``point``, and the point that it is now.

        Some that came before may be among them. ``point`` is what an earlier
        call gave, or "". None in place of names where the carrier does not know
        that point, or no longer: then all must be looked at.
        """

    def turn(self, wait: float) -> AbstractContextManager[bool]:
        """While somebody has the turn, nobody else gets it; it is lost with the connection.

        False where it was not given within ``wait`` seconds.
        """


def checked(kind: str, name: str | None = None) -> None:
    """Raises ``NameRefusedError`` for what is not a kind, or not the name of a sealed file."""
    if kind not in KINDS or (name is not None and not is_name(name)):
        raise NameRefusedError


def removable(kind: str, name: str, *, damaged: bool) -> None:
    """``checked``, and refuses kinds whose files stay unless they are damaged."""
    checked(kind, name)
    if kind not in {"page", "table", "epoch", "roll"} and not damaged:
        raise NameRefusedError(
            "Only what was superseded is taken away from a carrier, and what is damaged.",
            safe="Nothing was removed.",
        )


def is_name(name: str) -> bool:
    """Whether a complete sealed file may be called so."""
    return _NAME.fullmatch(name) is not None


def is_half_name(name: str) -> bool:
    """Whether a file may be called so while it is being written (see ``half``)."""
    return _HALF.fullmatch(name) is not None
