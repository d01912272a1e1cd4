"""Linkage on DuckDB: in memory, with nothing of it on a disk.

Where memory does not suffice it is said.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from estelik.errors import EstelikError
from estelik.identity.linkage import scored, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa
    from splink import DuckDBAPI

    from estelik.identity.linkage import Part, Scored

#: So many parts are compared at a time: what of one is done on one core alone is done beside the other.
_TOGETHER: Final = 2
#: Rows of a table that one core reads at a time.
_BATCH: Final = 20_000


@contextmanager
def database(memory: str = "") -> Iterator[DuckDBAPI]:
    """A database in memory that may not write anywhere, nor load what is not part of it."""
    try:
        import duckdb
        from splink import DuckDBAPI
    except ImportError as error:
        raise EstelikError(
            "What links people is not installed with this Estelik.", do="pip install 'estelik[link]'"
        ) from error
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": "",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if memory:
        settings["memory_limit"] = memory
    with duckdb.connect(":memory:", config=settings) as connection:
        connection.execute("set enable_progress_bar = false")
        yield DuckDBAPI(connection)


def duckdb_engine(
    parts: Iterable[Part], settings: dict[str, Any], least: float, *, memory: str = ""
) -> Scored:
    """The pairs of all parts with a weight of ``least`` at least.

    ``memory``: how much there is at most, as DuckDB has it ("4GB"). Raises ``EstelikError`` where it does not
    suffice.
    """
    waiting, taking = iter(parts), Lock()

    def work() -> list[Scored]:
        out: list[Scored] = []
        while True:
            # A part is made when one core is free for it: more are not in memory.
            with taking:
                part = next(waiting, None)
            if part is None:
                return out
            out.append(_scored(part, settings, least, memory))

    with ThreadPoolExecutor(_TOGETHER) as threads:
        works = [threads.submit(work) for _ in range(_TOGETHER)]
        return together([found for one in works for found in one.result()])


def _batched(made: pa.Table) -> pa.Table:
    """A table in batches: of one that is whole the database reads all on one core."""
    import pyarrow as pa

    return pa.Table.from_batches(made.to_batches(max_chunksize=_BATCH), made.schema)


def _scored(part: Part, settings: dict[str, Any], least: float, memory: str) -> Scored:
    # A database for each part: nothing of the one before is left in it.
    with database(memory) as api:
        # Imported with it, and only known where it is there.
        import duckdb
        from splink.internals.exceptions import SplinkException

        try:
            return scored(api, _batched, part, settings, least)
        except duckdb.OutOfMemoryException:
            pass
        except SplinkException as error:
            if not isinstance(error.__cause__, duckdb.OutOfMemoryException):
                raise
    raise EstelikError(
        "There is not enough memory to compare so many people.",
        safe="Nothing was written, neither to the casebook nor anywhere else.",
        do="Close other programs, or link on a computer with more memory.",
    )
