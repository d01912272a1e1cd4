"""Kept: the records of one kind, of which there are few among many, read once while a casebook is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.index import reach
from estelik.vault.tables import FEW, THINGS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.connection import Connection


class Row(NamedTuple):
    """A record: where it comes in the order of entry, its id and body."""

    batch: str
    place: int
    id: str
    body: bytes


class Kept:
    """The records of a ``kind`` of which there are few, or the subjects that are not people and call
    themselves so (``named``, the field ``kind`` of a body).

    What was found in a compartment is kept, and only what was entered since is looked at; all of it anew
    where anything was erased.
    """

    def __init__(self, kind: str, named: str = "") -> None:
        self._kind, self._named = kind, named
        #: By compartment the last ``seq`` that was looked at, how much was erased, and what was found.
        self._known: dict[str, tuple[int, int, tuple[Row, ...]]] = {}

    def rows(self, connection: Connection, schemas: Mapping[str, str]) -> list[Row]:
        """All of them, in order of entry."""
        return sorted(one for name, schema in schemas.items() for one in self._in(connection, name, schema))

    def _in(self, connection: Connection, name: str, schema: str) -> tuple[Row, ...]:
        last = reach.last(connection, schema)
        erased: int = connection.execute(f"SELECT count(*) FROM {schema}.erased").scalar_one()
        since, before, found = self._known.get(name, (0, erased, ()))
        if before != erased or since > last:
            since, found = 0, ()
        if since < last:
            # Said so that it is one of few, which are found without a look at the others.
            few = f"{THINGS} AND body ->> '$.kind' = ?" if self._named else FEW
            rows = connection.execute(
                f"SELECT batch, place, id, CAST(body AS BLOB) FROM {schema}.record "
                f"WHERE {few} AND kind = ? AND seq > ?",
                (*[self._named] * bool(self._named), self._kind, since),
            )
            found += tuple(Row(*row) for row in rows)
        self._known[name] = last, erased, found
        return found
