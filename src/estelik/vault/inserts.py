"""Rows on their way into the tables, while the next ones are being made.

SQLite lets Python run on while it works, but only for as long as one statement
takes: a thread of its own therefore enters thousands of rows with each.
"""

from __future__ import annotations

from collections import deque
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Self

    from estelik.vault.connection import Connection

#: How many rows one statement enters: six values each, of the 32,766 that it may have. After each of them
#: the thread waits for its turn, some milliseconds.
_ROWS: Final = 5000
#: How many rows are handed to the thread at once, and how many times so many may wait for it.
_PIECE: Final = 20_000
_WAITING: Final = 4


class Inserts:
    """The rows that one transaction enters; a context manager, at whose end all of them are entered.

    Between ``put`` and ``wait`` nothing else may be asked of the connection.
    What goes wrong in the thread is raised by the next call.
    """

    def __init__(self, connection: Connection) -> None:
        from concurrent.futures import ThreadPoolExecutor  # late: whoever only reads does not need it

        self._cursor: Any = connection.driver.cursor()
        self.veil = connection.veil
        self._thread = ThreadPoolExecutor(1, "inserts")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self.wait()
        finally:
            self._thread.shutdown(cancel_futures=True)
            self._cursor.close()

    def put(self, into: str, width: int, rows: Iterable[tuple[Any, ...]], otherwise: str = "") -> None:
        """Enters rows of ``width`` values, in this order; they are asked for as the thread gets on.

        ``into``: the statement up to the word VALUES, such as ``INSERT INTO
        main.record (id, body)``; ``otherwise``: what stands behind the values.
        """
        rows = iter(rows)
        while piece := list(islice(rows, _PIECE)):
            while len(self._waiting) >= _WAITING:
                self._waiting.popleft().result()
            self._waiting.append(self._thread.submit(self._enter, into, width, piece, otherwise))

    def wait(self) -> None:
        """Comes back when all rows are entered."""
        while self._waiting:
            self._waiting.popleft().result()

    def _enter(self, into: str, width: int, rows: Sequence[tuple[Any, ...]], otherwise: str) -> None:
        row = f"({', '.join('?' * width)})"
        whole = len(rows) - len(rows) % _ROWS
        for start in range(0, whole, _ROWS):
            values = list(chain.from_iterable(rows[start : start + _ROWS]))
            self._cursor.execute(f"{into} VALUES {', '.join([row] * _ROWS)} {otherwise}", values)
        self._cursor.executemany(f"{into} VALUES {row} {otherwise}", rows[whole:])
