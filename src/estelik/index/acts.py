"""Acts: records of the few kinds that are somebody's acts, and the first of what was entered at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.index import reach
from estelik.records.stored import STATEMENT
from estelik.vault.tables import FEW

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from estelik.vault.connection import Connection


class Act(NamedTuple):
    """A record: its compartment, id, kind, batch and body."""

    compartment: str
    id: str
    kind: str
    batch: str
    body: str


class Together(NamedTuple):
    """Statements that were entered at once: their batch, how many (``number``), and the first of them."""

    batch: str
    number: int
    first: Act


def since(
    connection: Connection, schemas: Mapping[str, str], seqs: Mapping[str, int], kinds: Collection[str]
) -> Iterator[Act]:
    """The records of these kinds, of which there are few, behind the ``seq`` of each compartment."""
    wanted = tuple(kinds)
    for name, schema in schemas.items():
        rows = connection.execute(
            f"SELECT id, kind, batch, body FROM {schema}.record WHERE {FEW} "
            f"AND kind IN ({', '.join('?' * len(wanted))}) AND seq > ? ORDER BY seq",
            (*wanted, seqs.get(name, 0)),
        )
        for row in rows:
            yield Act(name, *row)


def erased(connection: Connection, schemas: Mapping[str, str]) -> int:
    """How many records were erased."""
    counts = (f"SELECT count(*) FROM {schema}.erased" for schema in schemas.values())
    return sum(connection.execute(one).scalar_one() for one in counts)


def together(connection: Connection, schemas: Mapping[str, str]) -> Iterator[Together]:
    """The statements that are there, those together that were entered at once, in whatever compartments."""
    counts: dict[str, int] = {}
    firsts: dict[str, tuple[str, int]] = {}
    for name, schema in schemas.items():
        for runs in reach.runs(connection, schema):
            for run in runs:
                counts[run.batch] = counts.get(run.batch, 0) + run.last - run.first + 1
                firsts.setdefault(run.batch, (name, run.first))
    for batch, count in counts.items():
        name, seq = firsts[batch]
        row = connection.execute(
            f"SELECT id, body FROM {schemas[name]}.record WHERE seq = ? AND kind = ?", (seq, STATEMENT)
        ).first()
        id_, body = ("", "{}") if row is None else row
        yield Together(batch, count, Act(name, id_, STATEMENT, batch, body))
