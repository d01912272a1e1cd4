"""Tellings: what one source has told lately, found from its label."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.index import group, tables
from estelik.index.reader import Reader
from estelik.records import stored
from estelik.records.stored import PROVENANCE, SOURCE, TESTIMONY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.records import Statement
    from estelik.vault.connection import Connection

#: So many of the latest are looked at.
_LATEST: Final = 40


def lately(connection: Connection, schemas: Mapping[str, str], source: str) -> list[Statement]:
    """What a source (its label) told in its latest tellings, in order of entry; nothing where the sources are
    not open to this member."""
    if "source" not in schemas:
        return []
    name = tables.name(SOURCE, source)
    id_ = tables.names(connection, schemas["source"], {name}).get(name)
    if id_ is None:
        return []
    rows = connection.execute(
        f"SELECT kind, id, CAST(body AS BLOB) FROM {schemas['source']}.record "
        "WHERE kind IN (?, ?) AND instr(body, ?) ORDER BY seq DESC LIMIT ?",
        (TESTIMONY, PROVENANCE, id_, _LATEST),
    )
    tellings = {
        found if kind == TESTIMONY else stored.decode_provenance(body).testimony for kind, found, body in rows
    }
    reader = Reader(connection, schemas)
    reader.read(group.told(connection, schemas, tellings))
    return [one for one in reader.in_order() if one.source == source]
