"""How far the index goes: which records are in it, in which runs they were entered, what still waits.

What is entered on this computer lies in its file in the order of entry; what
comes from other devices lies behind it, in the order of its arrival. Runs say
where each batch is, so that readers see one order whatever came first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: The tables, for the file that is attached as ``{}``: the highest ``seq`` that is in the index; the runs of
#: statements of one batch in ascending order; the statements that name a record which was not there; the
#: records that stand for a name that another stands for already; the ids of statements that several records
#: have.
TABLES: Final = {
    "index_reach": "CREATE TABLE {}.index_reach (seq INTEGER NOT NULL)",
    "index_run": "CREATE TABLE {}.index_run (first INTEGER PRIMARY KEY, last INTEGER NOT NULL, "
    "batch TEXT NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL)",
    "index_waiting": "CREATE TABLE {}.index_waiting (seq INTEGER PRIMARY KEY)",
    "index_twin": "CREATE TABLE {}.index_twin (id TEXT PRIMARY KEY, key INTEGER NOT NULL, "
    "proof INTEGER NOT NULL)",
    "index_double": "CREATE TABLE {}.index_double (statement TEXT PRIMARY KEY)",
}


class Run(NamedTuple):
    """Statements of one batch: from which ``seq`` to which, and their lowest and highest place in it."""

    first: int
    last: int
    batch: str
    low: int
    high: int


def create(connection: Connection, schema: str) -> None:
    """Makes the tables, empty."""
    for table in TABLES.values():
        connection.execute(table.format(schema))
    connection.execute(f"INSERT INTO {schema}.index_reach VALUES (0)")


def drop(connection: Connection, schema: str) -> None:
    """Takes the tables away."""
    for name in TABLES:
        connection.execute(f"DROP TABLE IF EXISTS {schema}.{name}")


def reached(connection: Connection, schema: str) -> int:
    """The highest ``seq`` that is in the index."""
    found: int = connection.execute(f"SELECT seq FROM {schema}.index_reach").scalar_one()
    return found


def reach(connection: Connection, schema: str, seq: int) -> None:
    """Notes that all records up to ``seq`` are in the index."""
    connection.execute(f"UPDATE {schema}.index_reach SET seq = max(seq, ?)", (seq,))


def last(connection: Connection, schema: str) -> int:
    """The highest ``seq`` of a record."""
    found: int = connection.execute(f"SELECT coalesce(max(seq), 0) FROM {schema}.record").scalar_one()
    return found


def behind(connection: Connection, schemas: Iterable[str]) -> bool:
    """Whether there are records that are not in the index."""
    return any(reached(connection, schema) < last(connection, schema) for schema in schemas)


def piecewise(
    store: Store, piece: Callable[[Connection, str], tuple[int, bool]], progress: Callable[[int], None]
) -> int:
    """Does what is done after the records: ``piece`` by piece, each in a transaction of its own, until one
    says that there is no more; how much was done, which ``progress`` hears after each."""
    done = 0
    for schema in store.schemas.values():
        more = True
        while more:
            with store.write() as connection:
                count, more = piece(connection, schema)
            done += count
            progress(done)
    return done


def runs_of(rows: Iterable[tuple[int, str, int]]) -> list[Run]:
    """The runs that statements make: their ``seq``, batch and place, in the order of ``seq``."""
    out: list[Run] = []
    for seq, batch, place in rows:
        if out and out[-1].batch == batch and out[-1].high <= place:
            first, _, _, low, _ = out[-1]
            out[-1] = Run(first, seq, batch, low, place)
        else:
            out.append(Run(seq, seq, batch, place, place))
    return out


def add_runs(connection: Connection, schema: str, runs: Collection[Run]) -> None:
    """Adds runs."""
    for run in runs:
        connection.execute(f"INSERT INTO {schema}.index_run VALUES (?, ?, ?, ?, ?)", tuple(run))


def runs(connection: Connection, schema: str) -> list[list[Run]]:
    """All runs in order of entry; those together whose places overlap."""
    rows = connection.execute(
        f"SELECT first, last, batch, low, high FROM {schema}.index_run ORDER BY batch, low, first"
    )
    out: list[list[Run]] = []
    high = 0
    for run in map(Run._make, rows):
        if out and out[-1][-1].batch == run.batch and run.low <= high:
            out[-1].append(run)
            high = max(high, run.high)
        else:
            out.append([run])
            high = run.high
    return out


def wait(connection: Connection, schema: str, seqs: Iterable[int]) -> None:
    """Notes statements that name a record which is not there."""
    for seq in seqs:
        connection.execute(f"INSERT OR IGNORE INTO {schema}.index_waiting VALUES (?)", (seq,))


def waiting(connection: Connection, schema: str) -> list[int]:
    """The statements that name a record which was not there."""
    rows = connection.execute(f"SELECT seq FROM {schema}.index_waiting ORDER BY seq")
    return list(rows.scalars())


def wait_no_more(connection: Connection, schema: str) -> None:
    """Forgets which statements wait."""
    connection.execute(f"DELETE FROM {schema}.index_waiting")


def add_twins(connection: Connection, schema: str, twins: Iterable[tuple[str, tuple[int, int]]]) -> None:
    """Adds records, each with the name that another stands for already."""
    for id_, name in twins:
        connection.execute(f"INSERT OR IGNORE INTO {schema}.index_twin VALUES (?, ?, ?)", (id_, *name))


def twins(connection: Connection, schema: str) -> dict[str, tuple[str, ...]]:
    """Of each record that does not stand alone for its name: all that do, by their ids."""
    rows = connection.execute(
        f"SELECT twin.key, twin.proof, twin.id, name.id FROM {schema}.index_twin AS twin "
        f"JOIN {schema}.index_name AS name ON name.key = twin.key AND name.proof = twin.proof"
    )
    together: dict[tuple[int, int], set[str]] = {}
    for key, proof, one, other in rows:
        together.setdefault((key, proof), set()).update((one, other))
    return {id_: tuple(sorted(ids)) for ids in together.values() for id_ in ids}
