"""The sealer: seals the records of segment after segment, where there are many in a process of its own.

What takes longest of cutting a segment, encoding and sealing its records one by
one, needs nothing of the store or of the segment before. While the process
seals the records of the next segment, its parent chains, signs and writes
those of this one.
"""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import msgspec

from estelik.errors import CasebookError
from estelik.forked import forked, second_core
from estelik.vault import entry
from estelik.vault.text import encode_text

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from types import TracebackType
    from typing import Self

#: From how many records on a process of its own is worth its beginning.
_WORTH: Final = 5000


class Columns(NamedTuple):
    """Rows of the record table: the number of the last, and the others' columns as JSON."""

    last: int
    ids: str
    kinds: str
    batches: str
    places: str
    bodies: str


class Sealed(NamedTuple):
    """The records of a segment, sealed: each with its key."""

    keys: tuple[bytes, ...]
    records: tuple[entry.Sealed, ...]


class Sealer:
    """Seals what is put in, in its order; a context manager.

    ``count``: how many records there may be in all.
    """

    def __init__(self, count: int) -> None:
        self._waiting: deque[tuple[str, Columns]] = deque()
        self._pipe: Connection | None = None
        self._apart = count >= _WORTH and second_core()
        self._process = ExitStack()

    def __enter__(self) -> Self:
        if self._apart:
            self._pipe = self._process.enter_context(forked(_serve))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.close()

    def put(self, compartment: str, columns: Columns) -> None:
        """Takes the records of a segment; may be called while another thread waits in ``get``."""
        if self._pipe is None:
            self._waiting.append((compartment, columns))
            return
        try:
            self._pipe.send((compartment, tuple(columns)))
        except OSError:
            raise _cut_short() from None

    def get(self) -> Sealed:
        """What was put in first and not taken out yet, sealed.

        Raises ``CasebookError`` where the process has ended.
        """
        if self._pipe is None:
            return sealed(*self._waiting.popleft())
        try:
            keys, records = self._pipe.recv()
        except (EOFError, OSError):
            raise _cut_short() from None
        return Sealed(keys, tuple(map(entry.Sealed._make, records)))


def sealed(compartment: str, columns: Columns) -> Sealed:
    """The records of one segment, each sealed with a key of its own."""
    ids: list[str]
    ids, *parts = map(msgspec.json.decode, columns[1:])
    texts = list(map(encode_text, zip(*parts, strict=True)))
    keys = entry.new_keys(len(ids))
    return Sealed(tuple(keys), tuple(entry.seal(compartment, ids, keys, texts)))


def _serve(pipe: Connection) -> None:
    """The process: seals what comes through the pipe until its other end is closed."""
    compartment: str
    columns: Any
    while True:
        try:
            compartment, columns = pipe.recv()
            keys, records = sealed(compartment, Columns(*columns))
            pipe.send((keys, tuple(map(tuple, records))))
        except (EOFError, OSError):
            return


def _cut_short() -> CasebookError:
    return CasebookError(
        "Sealing was cut short: this computer may have too little memory.",
        safe="Everything that was entered is there.",
        do="Close other programs and try again.",
    )
