"""Drafts: what somebody is still writing down, in the encrypted file of the sources.

A draft is no record: it is changed and dropped, is sealed for nobody, and no carrier ever has it. It lies in
the file of the ``source`` compartment since it names who tells, and is there again after a loss of power.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.connection import Connection
    from estelik.vault.store import Store

#: Where all of them lie.
COMPARTMENT: Final = "source"
_TABLE: Final = "draft"
_COLUMNS: Final = "(id TEXT PRIMARY KEY, body TEXT NOT NULL)"


def drafts(store: Store) -> dict[str, bytes]:
    """All drafts, by id; none where the sources are not open to this member."""
    if COMPARTMENT not in store.schemas:
        return {}
    schema = store.schemas[COMPARTMENT]
    with store.read() as connection:
        if not _there(connection, schema):
            return {}
        rows = connection.execute(f"SELECT id, CAST(body AS BLOB) FROM {schema}.{_TABLE} ORDER BY rowid")
        return dict(rows.all())


def change(store: Store, id_: str, become: Callable[[bytes | None], bytes | None]) -> bytes | None:
    """Changes one draft: ``become`` is given what is there (None: nothing) and gives what is to be there, in
    one transaction, so that of two who write at once neither undoes the other; what is there then.

    Raises ``CasebookError`` where the sources are not open to this member; what ``become`` raises leaves the
    draft as it was.
    """
    if COMPARTMENT not in store.schemas:
        raise CasebookError(
            "What is told names who tells it, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    with store.beside(COMPARTMENT) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {_TABLE} {_COLUMNS}")
        rows = connection.execute(f"SELECT CAST(body AS BLOB) FROM {_TABLE} WHERE id = ?", (id_,)).all()
        before = rows[0][0] if rows else None
        after = become(before)
        if after is None:
            connection.execute(f"DELETE FROM {_TABLE} WHERE id = ?", (id_,))
        elif after != before:
            again = "ON CONFLICT DO UPDATE SET body = excluded.body"
            connection.execute(f"INSERT INTO {_TABLE} VALUES (?, ?) {again}", (id_, after.decode()))
    return after


def _there(connection: Connection, schema: str) -> bool:
    sql = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name = ?"
    return bool(connection.execute(sql, (_TABLE,)).scalar_one())
