"""A pipe between a function that writes and a caller that reads, in flat memory.

Carriers give a file by writing to a stream and take one by reading from a
stream; age reads and writes. Where one that writes meets one that reads, the
writer runs in a thread of its own.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, BinaryIO, Self, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    Writer = Callable[[BinaryIO], object]


class _Pipe:
    """Reads what ``writer`` writes. At the end, what went wrong there is raised here."""

    def __init__(self, writer: Writer) -> None:
        reading, writing = os.pipe()
        self._in = os.fdopen(reading, "rb")
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, args=(writer, writing), name="pipe", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Whoever still writes meets a closed pipe.
        self._in.close()
        self._thread.join()

    def read(self, size: int = -1) -> bytes:
        """``size`` bytes; fewer only at the end."""
        data = self._in.read(size)
        if size < 0 or len(data) < size:
            self._thread.join()
            if self._error is not None:
                raise self._error
        return data

    def _run(self, writer: Writer, writing: int) -> None:
        try:
            with os.fdopen(writing, "wb", buffering=1 << 16) as out:
                writer(out)
        except BaseException as error:  # noqa: BLE001 - raised again where it is read
            self._error = error


@contextmanager
def piped(writer: Writer) -> Iterator[BinaryIO]:
    """A stream of what ``writer`` writes.

    Reading to the end raises what ``writer`` raised: whoever has read all has
    all. Left early, ``writer`` is stopped by a closed pipe.
    """
    with _Pipe(writer) as pipe:
        yield cast("BinaryIO", pipe)
