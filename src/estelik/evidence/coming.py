"""Coming: a file that comes piece by piece from a browser or a program, and is sealed as it comes.

Nothing of it comes onto a disk but sealed. What its metadata is read from is kept in memory until it has
come: all of a file that is not large, and of a longer film or recording the beginning and the end, where what
is said of it stands.
"""

from __future__ import annotations

import re
import shutil
from collections import deque
from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError, EvidenceError
from estelik.media.facts import PARSERS, Read, read
from estelik.media.kind import LOOKED_AT, kind
from estelik.media.memory import Memory
from estelik.records.evidence import Capture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

#: Bytes of the beginning that are kept in memory, and of the end of what is longer.
BEGINNING: Final = 32 << 20
END: Final = 8 << 20
#: Bytes of the disk that are left to the records.
SPARE: Final = 64 << 20
#: After so many bytes it is looked again whether there is room.
_LOOK: Final = 16 << 20
#: Letters of a name at most.
_LONGEST: Final = 255


class Coming:
    """A file of this ``name``, of which ``piece`` gives the next bytes (none at the end), onto the disk of
    ``folder``. It is read once. Raises ``CasebookError`` where there is no room for it, and
    ``EvidenceError`` where it is empty."""

    def __init__(self, name: str, piece: Callable[[], bytes], folder: Path) -> None:
        self.name = last_name(name)
        self._piece, self._folder = piece, folder
        self._size, self._looked = 0, -_LOOK
        self._rest = b""
        self._memory = Memory()
        self._end: deque[bytes] = deque()
        self._held = 0

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes more; none at the end."""
        if not self._rest:
            self._rest = self._piece()
            self._keep(self._rest)
        data, self._rest = self._rest[:size], self._rest[size:]
        if not data and not self._size:
            raise EvidenceError("A file that was chosen is empty.", do="Check whether it was copied whole.")
        return data

    def looked(self) -> tuple[str, Read]:
        """The media type, by the content, and the metadata; once all was read."""
        sort = kind(self._memory.beginning(LOOKED_AT))
        if self._size > BEGINNING:
            if PARSERS.get(sort, "recording") != "recording":
                return sort, Read(Capture(unread="large"))
            end = b"".join(self._end)
            # Between the beginning and the end lies nothing: there are zeros, and they need no memory.
            self._memory.put(end, self._size - len(end))
        return sort, read(self._memory.fileno(), sort)

    def _keep(self, data: bytes) -> None:
        room = max(0, BEGINNING - self._size)
        self._memory.write(data[:room])
        if data[room:]:
            self._end.append(data[room:])
            self._held += len(data) - room
            while self._held - len(self._end[0]) >= END:
                self._held -= len(self._end.popleft())
        self._size += len(data)
        if self._size - self._looked >= _LOOK:
            self._looked = self._size
            check_room(self._folder, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._memory.__exit__()


def check_room(folder: Path, size: int) -> None:
    """Raises ``CasebookError`` where so many bytes more have no room on the disk of a folder."""
    if shutil.disk_usage(folder).free < size + SPARE:
        raise CasebookError("The disk is full.", do="Make room and try again.")


def last_name(name: str) -> str:
    """What a file is called, of whatever a program says that it is: no folder, nothing unseen."""
    own = re.split(r"[/\\]", name)[-1].strip()
    return "".join(one for one in own if one.isprintable())[:_LONGEST].encode(errors="replace").decode()
