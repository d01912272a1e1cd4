"""Changes: whom the records concern that were entered since somebody last looked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec import json

from estelik.index import reach, reader, tables
from estelik.records.disposition import DISPOSITION
from estelik.records.stored import STATEMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from estelik.vault.connection import Connection

#: From so many new statements on everybody is looked at again.
_MANY: Final = 5_000


def marks(connection: Connection, schemas: Mapping[str, str]) -> dict[str, int]:
    """How far each compartment goes: the ``seq`` of its last record."""
    return {name: reach.last(connection, schema) for name, schema in schemas.items()}


def concerned(
    connection: Connection, schemas: Mapping[str, str], since: Mapping[str, int]
) -> set[str] | None:
    """The labels of whom statements after ``since`` (``marks``) speak; None where it may be anybody: there
    are too many, or it was decided what is shown. Whom judgements concern they say themselves."""
    ids: list[str] = []
    for name, schema in schemas.items():
        rows = connection.execute(
            f"SELECT id, kind FROM {schema}.record WHERE seq > ? AND kind IN (?, ?) LIMIT ?",
            (since.get(name, 0), STATEMENT, DISPOSITION, _MANY + 1),
        )
        for id_, kind in rows:
            if kind != STATEMENT:
                return None
            ids.append(id_)
    if len(ids) > _MANY:
        return None
    return {one.about for one in reader.of_records(connection, schemas, ids)} if ids else set()


def spoken_of(connection: Connection, schemas: Mapping[str, str], statements: Collection[str]) -> set[str]:
    """The labels of whom the statements with these ids (their own) speak."""
    found = reader.Reader(connection, schemas)
    wanted = {tables.name(STATEMENT, one) for one in statements}
    for name, schema in schemas.items():
        found.read({name: [seq for seq, _ in tables.statements(connection, schema, wanted).values()]})
    return {one.about for one in found.in_order()}


def entered(
    connection: Connection, schemas: Mapping[str, str], statements: Collection[str]
) -> dict[str, int]:
    """When the statements with these ids (their own) were entered, in seconds since 1970, by id."""
    ids = {tables.name(STATEMENT, one): one for one in statements}
    found: dict[str, int] = {}
    for schema in schemas.values():
        seqs = {seq: name for name, (seq, _) in tables.statements(connection, schema, set(ids)).items()}
        rows = connection.execute(
            f"SELECT seq, batch FROM {schema}.record WHERE seq IN (SELECT value FROM json_each(?))",
            (json.encode([*seqs]).decode(),),
        )
        found |= {ids[seqs[seq]]: moment(batch) for seq, batch in rows}
    return found


def moment(batch: str) -> int:
    """When a batch was entered, in seconds since 1970, by the clock of the computer on which it was
    (``vault.store.Batch``)."""
    return int(batch[:12] or "0", 16) // 1000
