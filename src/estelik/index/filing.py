"""Filing: the words of records are entered in the full text of their compartment.

After the records, never with them, as names are placed (``placing``): piece by
piece, each in a transaction of its own; whoever is stopped on the way goes on
where the last one ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.index import fulltext, reach
from estelik.index.prose import KINDS, prose
from estelik.index.tokens import edition, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: How many records are filed in one transaction.
_PIECE: Final = 10_000


class Fresh(NamedTuple):
    """Records that are not filed: the ``seq`` of each and the tokens of its texts; the ``last`` that was
    looked at, and whether there is ``more``."""

    texts: list[tuple[int, list[list[str]]]]
    last: int
    more: bool


def fresh(connection: Connection, schema: str, most: int) -> Fresh:
    """What is not in the full text yet, from ``most`` records at most."""
    start = fulltext.reach(connection, schema, edition()) or 0
    rows = connection.execute(
        f"SELECT seq, kind, CAST(body AS BLOB) FROM {schema}.record "
        f"WHERE seq > ? AND kind IN ({', '.join('?' * len(KINDS))}) ORDER BY seq LIMIT ?",
        (start, *KINDS, most),
    ).all()
    found = ((seq, [words(one.text) for one in prose(kind, body)]) for seq, kind, body in rows)
    texts = [(seq, texts) for seq, texts in found if any(texts)]
    more = len(rows) == most
    return Fresh(texts, rows[-1][0] if more else reach.last(connection, schema), more)


def up_to_date(connection: Connection, schema: str) -> bool:
    """Whether there is nothing that is not filed."""
    return fulltext.reach(connection, schema, edition()) == reach.last(connection, schema)


def behind(connection: Connection, schema: str, few: int) -> bool:
    """Whether more than ``few`` records are not filed."""
    return not up_to_date(connection, schema) and fresh(connection, schema, few + 1).more


def file(store: Store, progress: Callable[[int], None] = lambda _: None) -> int:
    """Files all that is not; how many records. ``progress`` hears how many are."""
    return reach.piecewise(store, _piece, progress)


def _piece(connection: Connection, schema: str) -> tuple[int, bool]:
    there = fulltext.reach(connection, schema, edition())
    if there is None:
        fulltext.create(connection, schema, edition())
    found = fresh(connection, schema, _PIECE)
    if found.last != there:
        fulltext.add(connection, schema, found.texts, found.last)
    return len(found.texts), found.more
