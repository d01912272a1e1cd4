"""A copy, made by an SFTP server within itself, of what an interrupted sending left there.

The half of another sender is never written to: it may still be at it. What
lies in it is copied into a half of our own, where nobody else writes, and read
back from there, so that what was compared is what stays. OpenSSH can since 9.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from estelik.vault.carriers.failures import CarrierError, TransferError, UnreachableError

if TYPE_CHECKING:
    from asyncssh import SFTPClientFile

    from estelik.vault.carriers.sftp_session import Session

#: Bytes that are copied at once: what a slow disk copies within the timeout.
_PIECE: Final = 8 * 1024 * 1024


class Copy:
    """The first ``size`` bytes of the open file ``left``, copied into the empty file ``own`` as they are
    read."""

    def __init__(self, session: Session, left: SFTPClientFile, own: SFTPClientFile, size: int) -> None:
        self._session = session
        self._left = left
        self._own = own
        self._size = size
        self._read = 0
        #: Bytes that were copied.
        self.copied = 0

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer only at the end, or where the server copies no further."""
        data = b""
        while len(data) < size and self._read < self._size:
            if self._read == self.copied and not self._copy():
                break
            wanted = min(size - len(data), self.copied - self._read)
            more = cast("bytes", self._session.go_on(self._own.read(wanted, self._read)))
            if not more:
                break
            self._read += len(more)
            data += more
        return data

    def _copy(self) -> bool:
        length = min(_PIECE, self._size - self.copied)
        try:
            self._session.copy(self._left, self._own, self.copied, length)
        except (TransferError, UnreachableError):
            raise
        except CarrierError:
            return False
        self.copied += length
        return True
