"""The record table, one in each compartment's file: append-only by its triggers.

A row is one record: ``seq`` counts within the compartment; ``id`` is opaque;
``batch`` is the same for all that was entered at once, and ascends;
``place`` orders the records of one batch across compartments. Places are
random numbers in ascending order, not a count: whoever holds one compartment
cannot see how much was entered beside it. ``body`` is JSON. Words throughout,
no bytes: the library binds those five times as slowly.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from sqlalchemy import Column, Integer, MetaData, Table, Text

#: The version of the tables in a file (``PRAGMA user_version``).
FORMAT: Final = 6


@cache
def records(schema: str) -> Table:
    """The record table of the file that is attached as ``schema``."""
    return Table(
        "record",
        MetaData(),
        Column("seq", Integer, primary_key=True),
        Column("id", Text, nullable=False, unique=True),
        Column("kind", Text, nullable=False),
        Column("batch", Text, nullable=False),
        Column("place", Integer, nullable=False),
        Column("body", Text, nullable=False),
        schema=schema,
    )


#: The one kind of record that is looked for by its kind. One comparison: it is made for every row entered.
EVIDENCE: Final = "kind = 'evidence'"


def index(schema: str) -> str:
    """The statement that makes the index of ``EVIDENCE``; a query that says just that uses it."""
    return f"CREATE INDEX {schema}.record_evidence ON record (seq) WHERE {EVIDENCE}"


def triggers(schema: str) -> tuple[str, ...]:
    """The statements that make the record table of ``schema`` refuse every change but additions."""
    return tuple(
        f"CREATE TRIGGER {schema}.record_refuses_{verb.lower()} BEFORE {verb} ON record "
        "BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted'); END"
        for verb in ("UPDATE", "DELETE")
    )
