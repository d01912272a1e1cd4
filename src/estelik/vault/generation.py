"""Generations: how an older file is noticed beside newer ones.

Each file counts the transactions that changed it, and remembers how far the
others had counted when it was last written. A transaction that changes one file
alone is noted in a second one too, so that there is always a witness.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.connection import Connection

#: ``file`` is random: a compartment's file that was made anew begins to count anew.
_TABLE: Final = "(compartment TEXT PRIMARY KEY, file TEXT NOT NULL, number INTEGER NOT NULL)"
#: What SQLite calls creating and dropping tables, indices and triggers, deleting, inserting and updating.
_CHANGES: Final = frozenset({1, 2, 7, 9, 10, 11, 16, 18, 23})
_ALLOWED: Final = 0


def create(connection: Connection, schema: str, compartment: str) -> None:
    """Makes the table in the new file of a compartment."""
    connection.execute(f"CREATE TABLE {schema}.generation {_TABLE}")
    connection.execute(f"INSERT INTO {schema}.generation VALUES (?, ?, 0)", (compartment, new_id()))


def watch(connection: Connection) -> set[str]:
    """The schemas that are changed through a connection from now on; the set grows with them."""
    changed: set[str] = set()

    def authorize(action: int, _one: object, _two: object, schema: str | None, _by: object) -> int:
        if action in _CHANGES and schema is not None and schema != "temp":
            changed.add(schema)
        return _ALLOWED

    connection.driver.set_authorizer(authorize)
    return changed


def advance(connection: Connection, schemas: Mapping[str, str], changed: set[str]) -> None:
    """Counts one transaction in every file that it ``changed`` (schemas), and notes it there and in another
    file."""
    touched = {name for name, schema in schemas.items() if schema in changed}
    if not touched:
        return
    now = [
        (name, file, number + (name in touched))
        for name, (file, number) in state(connection, schemas).items()
    ]
    witness = next((name for name in schemas if name not in touched), None)
    noting = touched | {witness} if len(touched) == 1 and witness is not None else touched
    values = ", ".join(["(?, ?, ?)"] * len(now))
    for name in noting:
        connection.execute(
            f"INSERT OR REPLACE INTO {schemas[name]}.generation VALUES {values}",
            tuple(cell for row in now for cell in row),
        )


def state(connection: Connection, schemas: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Of each compartment its file, and how far that has counted; they stay as long as nothing is changed."""
    # One question for all: pages ask this more often than anything else.
    every = " UNION ALL ".join(
        f"SELECT compartment, file, number FROM {schema}.generation WHERE compartment = ?"
        for schema in schemas.values()
    )
    rows = connection.execute(every, tuple(schemas)) if schemas else ()
    found = {name: (file, number) for name, file, number in rows}
    if len(found) < len(schemas):
        raise LookupError
    return {name: found[name] for name in schemas}


def behind(connection: Connection, schemas: Mapping[str, str]) -> list[str]:
    """The compartments whose file is older than another one remembers it."""
    found = []
    for name, schema in schemas.items():
        file, number = _own(connection, schema, name)
        others = (
            connection.execute(
                f"SELECT number FROM {other}.generation WHERE compartment = ? AND file = ?", (name, file)
            ).scalar()
            for other in schemas.values()
        )
        if any(one is not None and one > number for one in others):
            found.append(name)
    return found


def _own(connection: Connection, schema: str, compartment: str) -> tuple[str, int]:
    row = connection.execute(
        f"SELECT file, number FROM {schema}.generation WHERE compartment = ?", (compartment,)
    ).one()
    return row[0], row[1]
