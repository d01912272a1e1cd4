"""Naming: which record stands for which labels."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from estelik.index import tables
from estelik.records import stored
from estelik.records.stored import PROVENANCE, SOURCE, SUBJECT, TESTIMONY

if TYPE_CHECKING:
    from estelik.vault.connection import Connection


class Naming:
    """The names that the records of one compartment stand for. ``names``: the first record of each;
    ``twins``: each other one, with its name."""

    def __init__(self, connection: Connection, schema: str) -> None:
        self._run = connection.execute
        self._schema = schema
        self._labels: dict[str, str] = {"": ""}
        self.names: dict[tables.Name, str] = {}
        self.twins: list[tuple[str, tables.Name]] = []

    def read(self, condition: str = "1", values: tuple[object, ...] = ()) -> None:
        """Reads the records that an SQL ``condition`` is true of."""
        rows = self._run(
            f"SELECT kind, id, CAST(body AS BLOB) FROM {self._schema}.record "
            f"WHERE kind IN (?, ?, ?, ?) AND {condition} ORDER BY seq",
            (SUBJECT, SOURCE, TESTIMONY, PROVENANCE, *values),
        ).all()
        for kind, id_, body in rows:
            if kind == SOURCE:
                self._labels[id_] = stored.decode_source(body).label
        for kind, id_, body in rows:
            name = tables.name(kind, *self._parts(kind, id_, body))
            if self.names.setdefault(name, id_) != id_ and kind == TESTIMONY:
                self.twins.append((id_, name))

    def _parts(self, kind: str, id_: str, body: bytes) -> tuple[str, ...]:
        if kind == SUBJECT:
            subject = stored.decode_subject(body)
            return subject.label, subject.kind
        if kind == SOURCE:
            return (self._labels[id_],)
        if kind == TESTIMONY:
            testimony = stored.decode_testimony(body)
            if testimony.label:
                return (testimony.label,)
            return (f"\x1f{self._label(testimony.source)}\x1f{testimony.told}",)
        provenance = stored.decode_provenance(body)
        spelled = chain(*provenance.written)
        return provenance.testimony, self._label(provenance.source), provenance.via, *spelled

    def _label(self, source: str) -> str:
        """The label of a source; its id where the record is not there."""
        if source not in self._labels:
            body = self._run(
                f"SELECT CAST(body AS BLOB) FROM {self._schema}.record WHERE id = ? AND kind = ?",
                (source, SOURCE),
            ).scalar()
            if body is None:
                return source
            self._labels[source] = stored.decode_source(body).label
        return self._labels[source]
