"""A carrier of which only what is new is looked at: tables of keys that came after a point."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.carriers.carrier import Followed


class Seen:
    """``carrier``, seen from a point on: its list of tables is short, all else is as it is.

    ``since`` gives the point. What was listed, whether the carrier had forgotten
    the point (then everything was listed), the point that it is now ("" before
    anything was listed), and which files were read is noted.
    """

    def __init__(self, carrier: Followed, since: Callable[[], str]) -> None:
        self.carrier = carrier
        self._since = since
        self.listed: set[str] = set()
        self.forgot = False
        self.point = ""
        self.were_read: set[str] = set()

    def names(self, kind: str) -> dict[str, int]:
        """See ``Carrier.names``; of tables only those that came after the point, without their sizes."""
        if kind != "table":
            return self.carrier.names(kind)
        found, self.point = self.carrier.since(kind, self._since())
        if found is None:
            self.forgot, found = True, set(self.carrier.names(kind))
        self.listed = found
        return dict.fromkeys(found, 0)

    def read(self, kind: str, name: str, limit: int) -> bytes:
        """See ``Carrier.read``."""
        data = self.carrier.read(kind, name, limit)
        self.were_read.add(name)
        return data

    def write(self, kind: str, name: str, data: bytes) -> None:
        """See ``Carrier.write``."""
        self.carrier.write(kind, name, data)

    def put(self, kind: str, name: str, source: BinaryIO) -> int:
        """See ``Carrier.put``."""
        return self.carrier.put(kind, name, source)

    def fetch(self, kind: str, name: str, target: BinaryIO, start: int = 0) -> int:
        """See ``Carrier.fetch``."""
        return self.carrier.fetch(kind, name, target, start)

    def remove(self, kind: str, name: str, *, damaged: bool = False) -> None:
        """See ``Carrier.remove``."""
        self.carrier.remove(kind, name, damaged=damaged)

    def sweep(self) -> int:
        """See ``Carrier.sweep``."""
        return self.carrier.sweep()

    def close(self) -> None:
        """See ``Carrier.close``."""
        self.carrier.close()
