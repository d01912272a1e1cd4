"""The shelf: the sealed files of this computer, kept as on a carrier.

It is no carrier to whoever reads what went wrong: what is full is this
computer's disk.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, cast

from estelik.vault.carriers import half
from estelik.vault.carriers.failures import (
    CarrierError,
    FullError,
    ReadOnlyError,
    RefusedError,
    UnreachableError,
)
from estelik.vault.carriers.folder import FolderCarrier

if TYPE_CHECKING:
    from collections.abc import Iterator


class Shelf(FolderCarrier):
    """The folder of the sealed files within that of a casebook."""

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        told = _Rest(source) if isinstance(source, half.Rest) else _Source(source)
        try:
            with _in_our_words():
                return super().put(kind, name, cast("BinaryIO", told))
        except CarrierError:
            if told.error is not None:
                raise told.error from None
            raise


class _Source:
    """What is put on the shelf: its own error is told from one of this computer's disk."""

    def __init__(self, source: half.Begun) -> None:
        self._source = source
        self.error: BaseException | None = None

    def read(self, size: int) -> bytes:
        try:
            return self._source.read(size)
        except BaseException as error:
            self.error = error
            raise


class _Rest(_Source):
    """The same of one that can begin in the middle."""

    _source: half.Rest

    def after(self, begun: half.Begun) -> int:
        return self._source.after(begun)


@contextmanager
def _in_our_words() -> Iterator[None]:
    safe = "What was entered is safe."
    try:
        yield
    except FullError:
        raise FullError("The disk is full.", safe=safe, do="Make room and try again.") from None
    except (ReadOnlyError, RefusedError):
        raise ReadOnlyError(
            "The sealed files of this casebook cannot be written.",
            safe=safe,
            do="Check who may write to the folder, and whether the disk is read-only.",
        ) from None
    except UnreachableError:
        raise UnreachableError(
            "The disk of this computer fails while the sealed files are written.",
            safe=safe,
            do="Try again; if it happens again, carry what there is to another disk, and change this one.",
        ) from None
