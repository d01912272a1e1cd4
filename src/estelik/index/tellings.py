"""Tellings: what one source has told lately, found from its label."""

from __future__ import annotations

from heapq import nlargest
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.index import group, reach, tables
from estelik.index.reader import Reader
from estelik.records import stored
from estelik.records.stored import SOURCE, TESTIMONY
from estelik.vault.tables import TOLD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.records import Statement
    from estelik.vault.connection import Connection

#: So many of the latest are looked at, and of the statements in them so many of each compartment: a list of
#: names is a telling, too, and may have a hundred thousand.
_LATEST: Final = 40
_STATEMENTS: Final = 400


def lately(connection: Connection, schemas: Mapping[str, str], source: str) -> list[Statement]:
    """What a source (its label) told in its latest tellings, in order of entry, and of very much what came in
    last; nothing where the sources are not open to this member."""
    if "source" not in schemas:
        return []
    schema, name = schemas["source"], tables.name(SOURCE, source)
    id_ = tables.names(connection, schema, {name}).get(name)
    if id_ is None:
        return []
    # Entered on another computer, a source has another id.
    ids = reach.twins(connection, schema).get(id_, (id_,))
    rows = connection.execute(
        f"SELECT kind, id, CAST(body AS BLOB) FROM {schema}.record WHERE {TOLD} "
        "AND body ->> '$.source' IN (SELECT value FROM json_each(?)) ORDER BY seq DESC LIMIT ?",
        (msgspec.json.encode(ids).decode(), _LATEST),
    )
    tellings = {
        found if kind == TESTIMONY else stored.decode_provenance(body).testimony for kind, found, body in rows
    }
    told = group.told(connection, schemas, tellings)
    reader = Reader(connection, schemas)
    reader.read({compartment: nlargest(_STATEMENTS, seqs) for compartment, seqs in told.items()})
    return [one for one in reader.in_order() if one.source == source]
