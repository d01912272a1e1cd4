"""What a store holds, asked for in bulk when the rows of an import were read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.index import reach, tables
from estelik.index.group import about, corrected, owned, referring, told_in
from estelik.records import stored
from estelik.records.stored import STATEMENT, TESTIMONY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from estelik.records import Statement
    from estelik.vault.store import Store

_CHUNK = 2_000


class Holdings:
    """The answers of one store (``exchange.ledger.Known`` says what is asked)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.read() as connection:
            self.empty = not any(
                tables.any_statement(connection, schema) for schema in store.schemas.values()
            )

    @staticmethod
    def digest(statement: Statement) -> bytes:
        """Bytes that are equal for statements that say the same."""
        return stored.digest(statement)

    def digests(self, labels: Collection[str]) -> dict[str, bytes]:
        """The digests of those of these statements (ids of their own) that are there."""
        out: dict[str, bytes] = {}
        if self.empty or not labels:
            return out
        wanted = {tables.name(STATEMENT, label): label for label in labels}
        with self._store.read() as connection:
            for schema in self._store.schemas.values():
                found = tables.statements(connection, schema, wanted.keys())
                out.update((wanted[name], digest) for name, (_, digest) in found.items())
        return out

    def events(self, subjects: Collection[str]) -> dict[str, set[str]]:
        """The events that are mentioned of those of these subjects that anybody speaks of."""
        out: dict[str, set[str]] = {}
        if self.empty or not subjects:
            return out
        ordered = sorted(subjects)
        with self._store.read() as connection:
            for start in range(0, len(ordered), _CHUNK):
                for statement in about(connection, self._store.schemas, ordered[start : start + _CHUNK]):
                    events = out.setdefault(statement.about, set())
                    if statement.event:
                        events.add(statement.event)
        return out

    def subjects(self, labels: Collection[str]) -> dict[str, str]:
        """Whom those of these statements (ids of their own) that are there are about."""
        if self.empty or not labels:
            return {}
        with self._store.read() as connection:
            return {one.statement: one.about for one in owned(connection, self._store.schemas, labels)}

    def references(self, labels: Collection[str]) -> dict[str, list[tuple[str, str]]]:
        """By statement (id of its own), whom it is about and what in it may name an event of one of these
        subjects."""
        if self.empty or not labels:
            return {}
        with self._store.read() as connection:
            found = referring(connection, self._store.schemas, labels)
            past = corrected(connection, self._store.schemas, [s.statement for s in found])
        return {
            s.statement: [(s.about, cell) for cell in (s.after, s.before) if "/" in cell]
            for s in found
            if s.statement not in past
        }

    def told(self, tellings: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[str, str]]]:
        """Ids and dates of the statements of these testimonies that give another date than those named."""
        schemas = self._store.schemas
        if self.empty or not tellings or "source" not in schemas:
            return {}
        names = {tables.name(TESTIMONY, label): label for label in tellings}
        out: dict[str, list[tuple[str, str]]] = {}
        with self._store.read() as connection:
            ids = tables.names(connection, schemas["source"], names.keys())
            twins = reach.twins(connection, schemas["source"])
            terms = {
                tables.term(tables.TOLD, one): names[name]
                for name, id_ in ids.items()
                for one in twins.get(id_, (id_,))
            }
            others: set[str] = set()
            for schema in schemas.values():
                for term, dates in tables.postings(connection, schema, terms.keys()):
                    if set(dates) - set(tellings[terms[term]]):
                        others.add(terms[term])
            for label in sorted(others):
                found = told_in(connection, schemas, label)
                past = corrected(connection, schemas, [s.statement for s in found])
                known = {"", *tellings[label]}
                out[label] = [
                    (s.statement, s.told) for s in found if s.told not in known and s.statement not in past
                ]
        return out
