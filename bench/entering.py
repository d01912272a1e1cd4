"""Entering: commits of a thousand records, what sealing and the index add, and SQLite without a cipher.

The records are those of mixed lives, the same for all. Sealing comes at the
end, as it does before a sync. SQLite without a cipher is the same library, of
the same version, without a key: the same tables, files and settings.
"""

from __future__ import annotations

import statistics
import tempfile
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlcipher3

from bench.measure import Row, scaled, seconds, table, times, verdict
from bench.mixed import mixed_lives
from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS
from estelik.vault import keys
from estelik.vault.inserts import Inserts
from estelik.vault.keys import Cost
from estelik.vault.store import PATIENCE, Batch, Store
from estelik.vault.vault import Vault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from estelik.records import Statement

_CHEAP = Cost(memory=8, passes=1, lanes=1)
_PASSPHRASE = b"a sentence for measuring only"
_STATEMENTS = 46_000
#: Records of one commit.
_COMMIT = 1000


class _Record(NamedTuple):
    """One record to be entered: all that its row has beside its number and its batch."""

    compartment: str
    kind: str
    id: str
    place: int
    body: str


def main() -> None:
    """Measures and prints."""
    statements = list(islice(mixed_lives(_STATEMENTS), scaled(_STATEMENTS, 2000)))
    with tempfile.TemporaryDirectory() as folder:
        commits = _commits(Path(folder) / "made", statements)
        runs = [_run(Path(folder) / str(number), commits, statements) for number in range(times(3))]
    plain, entering, sealing, indexed = (statistics.median(column) for column in zip(*runs, strict=True))
    count = sum(map(len, commits))
    table(
        "records",
        [
            Row("entered", count / entering, 1, count),
            Row("entered, and sealed at the end", count / (entering + sealing), 1, count),
            Row("entered with the index", count / indexed, 1, count),
            Row("entered with the index, and sealed", count / (indexed + sealing), 1, count),
            Row("SQLite without a cipher", count / plain, 1, count),
        ],
    )
    share = statistics.median(run[1] / (run[1] + run[2]) for run in runs)
    print(f"  with sealing{share:28.2f} of the rate without   {verdict(share >= 0.5)}: at least half")


def _run(
    folder: Path, commits: Sequence[Sequence[_Record]], statements: Sequence[Statement]
) -> tuple[float, float, float, float]:
    """Seconds: without a cipher, entering, sealing, entering with the index."""
    folder.mkdir()
    plain = seconds(lambda: _enter(_Plain(folder / "plain"), commits), 1)
    Casebook.create(folder / "sealed", _PASSPHRASE, cost=_CHEAP).close()
    keyring = keys.unlock(folder / "sealed", _PASSPHRASE)
    store = Store(folder / "sealed", keyring, COMPARTMENTS)
    entering = seconds(lambda: _enter(store, commits), 1)
    sealing = seconds(Vault(folder / "sealed", store, keyring).seal, 1)
    store.close()
    size = -(-len(statements) // len(commits))
    with Casebook.create(folder / "indexed", _PASSPHRASE, cost=_CHEAP) as casebook:

        def indexed() -> None:
            for start in range(0, len(statements), size):
                casebook.add_statements(statements[start : start + size])

        return plain, entering, sealing, seconds(indexed, 1)


def _enter(store: Store, commits: Sequence[Sequence[_Record]]) -> None:
    for commit in commits:
        with store.write() as connection, Inserts(connection) as inserts:
            batch = Batch(store, connection, inserts)
            for (compartment, kind), run in groupby(commit, lambda one: one[:2]):
                ids, places, bodies = zip(*(one[2:] for one in run), strict=True)
                batch.append(compartment, kind, ids, places, bodies)


class _Plain(Store):
    """A store without a key, otherwise the same."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        super().__init__(folder, keys.create(folder, _PASSPHRASE, COMPARTMENTS, _CHEAP), COMPARTMENTS)
        self.create()

    def _connect(self) -> Any:
        main, *others = self.held
        connection = sqlcipher3.connect(
            str(self.path(main)), isolation_level=None, timeout=PATIENCE, check_same_thread=False
        )
        for name in others:
            connection.execute(f"ATTACH ? AS {name}", (str(self.path(name)),))
        self.prepare(connection)
        return connection


def _commits(folder: Path, statements: Sequence[Statement]) -> list[list[_Record]]:
    """The records that these statements make, in commits: each has its part of every compartment."""
    with Casebook.create(folder, _PASSPHRASE, cost=_CHEAP) as casebook:
        casebook.add_statements(statements)
    store = Store(folder, keys.unlock(folder, _PASSPHRASE), COMPARTMENTS)
    found: list[list[_Record]] = []
    with store.read() as connection:
        for name, schema in store.schemas.items():
            rows = connection.execute(f"SELECT kind, id, place, body FROM {schema}.record ORDER BY seq")  # noqa: S608 (names of our own)
            found.append([_Record(name, *row) for row in rows])
    store.close()
    count = -(-sum(map(len, found)) // _COMMIT)
    return [
        [
            one
            for records in found
            for one in records[len(records) * n // count : len(records) * (n + 1) // count]
        ]
        for n in range(count)
    ]
