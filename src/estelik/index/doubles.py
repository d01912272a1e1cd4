"""Doubles: one statement that was entered on two computers, and is to be seen once.

Two who import one sheet before their computers have met enter the same rows.
Both records stay; whoever reads is given the one that was entered first. What
has the same id and says something else is no double: both are shown.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.records import stored
from estelik.records.stored import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from estelik.records import Statement
    from estelik.vault.connection import Connection

_CHUNK: Final = 500


def note(connection: Connection, schema: str, rows: Sequence[tuple[int, int, int, str]]) -> None:
    """Notes which of these rows of the index of statements (key, proof, ``seq``, digest) another record has
    taken; all of them were entered."""
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        marks = ", ".join(["(?, ?, ?)"] * len(chunk))
        connection.execute(
            f"WITH entered (key, proof, seq) AS (VALUES {marks}) "
            f"INSERT OR IGNORE INTO {schema}.index_double SELECT body ->> '$.statement' "
            f"FROM entered JOIN {schema}.index_said AS there USING (key, proof) "
            f"JOIN {schema}.record ON record.seq = entered.seq "
            "WHERE there.seq <> entered.seq AND record.kind = ?",
            (*(value for row in chunk for value in row[:3]), STATEMENT),
        )


def again(rows: Sequence[tuple[int, int, int, str]]) -> list[tuple[int, int, int, str]]:
    """Those of ascending rows of the index of statements that have the key of the one before."""
    return [row for before, row in pairwise(rows) if before[:2] == row[:2]]


def doubled(connection: Connection, schemas: Mapping[str, str]) -> set[str]:
    """The own ids of the statements that were entered more than once."""
    every = " UNION ALL ".join(f"SELECT statement FROM {one}.index_double" for one in schemas.values())
    return set(connection.execute(every).scalars()) if every else set()


def without(
    connection: Connection, schemas: Mapping[str, str], statements: Iterable[Statement]
) -> Iterable[Statement]:
    """The statements, in order, each double left out."""
    twice = doubled(connection, schemas)
    return once(statements, twice, sources="source" in schemas) if twice else statements


def once(statements: Iterable[Statement], ids: Collection[str], *, sources: bool) -> Iterator[Statement]:
    """The statements, in order; of those with one of these ``ids`` that say the same, the first.

    ``sources``: whether who told them can be seen; where it cannot, what is said alone counts.
    """
    seen: set[tuple[str, bytes]] = set()
    for one in statements:
        if one.statement in ids:
            said = one if sources else msgspec.structs.replace(one, testimony="", source="", via="")
            what = one.statement, stored.digest(said)
            if what in seen:
                continue
            seen.add(what)
        yield one
