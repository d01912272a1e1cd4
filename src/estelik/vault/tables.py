"""The record table, one in each compartment's file: its triggers refuse whatever is neither an addition nor
covered by an erasure.

A row is one record: ``seq`` counts within the compartment; ``id`` is opaque;
``batch`` is the same for all that was entered at once, and ascends;
``place`` orders the records of one batch across compartments. Places are
random numbers in ascending order, not a count: whoever holds one compartment
cannot see how much was entered beside it. ``body`` is JSON. Words throughout,
no bytes: the library binds those five times as slowly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from estelik.vault.connection import Connection

#: The version of the tables in a file (``PRAGMA user_version``).
FORMAT: Final = 7


def record(schema: str) -> str:
    """The statement that makes the record table of the file that is attached as ``schema``."""
    return (
        f"CREATE TABLE {schema}.record (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, "
        "kind TEXT NOT NULL, batch TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL)"
    )


#: The one kind of record that is looked for by its kind. One comparison: it is made for every row entered.
EVIDENCE: Final = "kind = 'evidence'"


#: The same for what is to become of records.
DISPOSITION: Final = "kind = 'disposition'"


def indices(schema: str) -> tuple[str, ...]:
    """The statements that make the indices of ``EVIDENCE`` and ``DISPOSITION``; a query that says just that
    uses them."""
    return (
        f"CREATE INDEX {schema}.record_evidence ON record (seq) WHERE {EVIDENCE}",
        f"CREATE INDEX {schema}.record_disposition ON record (seq) WHERE {DISPOSITION}",
    )


#: What few records of a casebook are: those of kinds of which most of it is are compared first.
FEW: Final = "kind <> 'statement' AND kind <> 'provenance' AND kind <> 'testimony' AND kind <> 'subject'"
#: Subjects that are not people.
THINGS: Final = "kind = 'subject' AND body ->> '$.kind' <> 'person'"
#: What somebody told, or passed on from her.
TOLD: Final = "kind IN ('testimony', 'provenance')"
#: Statements that say who is whose relative. Looked for in the text: it is asked of every row entered.
KIN: Final = "kind = 'statement' AND instr(body, '\"fact\":\"relation') > 0"
#: The indices of these. They came later: a file that was made before gets them when it is opened.
_LATER: Final = {
    "record_few": f"record (kind, seq) WHERE {FEW}",
    "record_thing": f"record (body ->> '$.kind', seq) WHERE {THINGS}",
    "record_source": f"record (body ->> '$.source') WHERE {TOLD}",
    "record_kin": f"record (body ->> '$.value', seq) WHERE {KIN}",
}


def later_indices(connection: Connection, schema: str) -> list[str]:
    """The statements that make the indices of these that are not there."""
    there = set(connection.execute(f"SELECT name FROM {schema}.sqlite_schema WHERE type = 'index'").scalars())
    return [f"CREATE INDEX {schema}.{name} ON {of}" for name, of in _LATER.items() if name not in there]


_REFUSED: Final = "BEGIN SELECT RAISE(ABORT, 'records are never changed or deleted'); END"


_UNLESS: Final = "WHEN NOT EXISTS (SELECT 1 FROM erased WHERE record = OLD.id)"


def triggers(schema: str) -> tuple[str, str]:
    """The statements that make the record table of ``schema`` refuse every change but additions, and every
    deletion but of what was erased (``vault.tombstone``)."""
    return (
        f"CREATE TRIGGER {schema}.record_refuses_update BEFORE UPDATE ON record {_REFUSED}",
        f"CREATE TRIGGER {schema}.record_refuses_delete BEFORE DELETE ON record {_UNLESS} {_REFUSED}",
    )


def any_disposition(connection: Connection, schemas: Iterable[str]) -> bool:
    """Whether there is any record of the kind ``DISPOSITION``."""
    any_ = " OR ".join(f"EXISTS (SELECT 1 FROM {one}.record WHERE {DISPOSITION})" for one in schemas)
    return bool(any_ and connection.execute(f"SELECT {any_}").scalar_one())


def drop_derived(connection: Connection, schema: str) -> None:
    """Takes away what was worked out from the records of ``schema``: some of them are not there any more."""
    run = connection.execute
    derived = (
        f"SELECT name FROM {schema}.sqlite_master WHERE type = 'table' AND name LIKE 'index!_%' ESCAPE '!'"
    )
    # A full text goes first: the tables that it keeps itself in go with it.
    for which in ("AND sql LIKE 'CREATE VIRTUAL%'", ""):
        for name in list(run(f"{derived} {which}").scalars()):
            run(f"DROP TABLE {schema}.{name}")
