"""Bearing: which evidence bears on whom, found from the life without looking through all evidence.

The records of evidence are read once while a casebook is open; from then on only what was entered since.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from estelik.index import evidence, reach
from estelik.index.evidence import Exhibit, Row
from estelik.records.evidence import Derivation, Evidence, Relation

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store


class Bearing:
    """The evidence of one casebook that stays open."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        #: By compartment the last ``seq`` that was looked at, and how much was erased.
        self._since: dict[str, tuple[int, int]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._subjects: dict[str, list[tuple[str, str]]] = {}
        self._statements: dict[str, list[tuple[str, str]]] = {}

    def of(
        self,
        store: Store,
        subjects: Collection[str],
        statements: Collection[str],
        hidden: Collection[str] = (),
    ) -> list[Exhibit]:
        """The evidence that bears on these subjects (labels or keys), or on these statements (ids), in order
        of entry, without the records that are ``hidden`` (kept out of sight)."""
        with self._lock, store.read() as connection:
            self._look(connection, store)
            found = [one for subject in subjects for one in self._subjects.get(subject, ())]
            found += [one for statement in statements for one in self._statements.get(statement, ())]
            ids = {of for relation, of in found if relation not in hidden}
            # A derivation stands with what it was made of and with what it made.
            rows = {row.id: row for id_ in ids for row in self._rows.get(id_, ()) if row.id not in hidden}
            return evidence.assembled(connection, store, rows.values())

    def _look(self, connection: Connection, store: Store) -> None:
        """Reads what was entered since; all of it anew where anything was erased, or another compartment is
        open."""
        now = {}
        for name, schema in store.schemas.items():
            erased: int = connection.execute(f"SELECT count(*) FROM {schema}.erased").scalar_one()
            now[name] = reach.last(connection, schema), erased
        if any(
            name not in now or now[name][1] != erased or now[name][0] < seq
            for name, (seq, erased) in self._since.items()
        ):
            self._begin()
        for name, (last, _) in now.items():
            since = self._since.get(name, (0, 0))[0]
            if since < last:
                for _, batch, place, id_, record in evidence.rows(connection, store.schemas[name], since):
                    self._keep(Row(batch, place, id_, name, record))
        self._since = now

    def _keep(self, row: Row) -> None:
        record = row.record
        of = row.id if isinstance(record, Evidence) else record.evidence
        self._rows.setdefault(of, []).append(row)
        if isinstance(record, Derivation) and record.result and record.result != of:
            self._rows.setdefault(record.result, []).append(row)
        if isinstance(record, Relation):
            if record.subject:
                self._subjects.setdefault(record.subject, []).append((row.id, of))
            if record.statement:
                self._statements.setdefault(record.statement, []).append((row.id, of))
