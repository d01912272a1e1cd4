"""Drafts: what somebody is still writing down, in an encrypted file of their own.

A draft is no record: it is changed and dropped, is sealed for nobody, and no carrier ever has it. It names
who tells, so the key of the file lies in the file of the ``source`` compartment, for those who hold that. The
file is another one so that nobody who reads records, or enters many, waits for somebody who types.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from estelik.errors import CasebookError
from estelik.vault.keys import KEY_SIZE, Keyring
from estelik.vault.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.connection import Connection

#: Where the key of all of them lies.
COMPARTMENT: Final = "source"
#: The file is ``drafts.db``.
_FILE: Final = "drafts"
_KEY: Final = "draft_key"
_TABLE: Final = "draft"
_COLUMNS: Final = "(id TEXT PRIMARY KEY, body TEXT NOT NULL)"

#: Of each store that of its drafts.
_STORES: Final[WeakKeyDictionary[Store, Store]] = WeakKeyDictionary()


def drafts(store: Store) -> dict[str, bytes]:
    """All drafts, by id; none where the sources are not open to this member."""
    if COMPARTMENT not in store.schemas:
        return {}
    own = _own(store)
    if own is None:
        return {}
    with own.read() as connection:
        if not _there(connection, _TABLE):
            return {}
        rows = connection.execute(f"SELECT id, CAST(body AS BLOB) FROM {_TABLE} ORDER BY rowid")
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
    with (_own(store) or _made(store)).changing() as connection:
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


def _own(store: Store) -> Store | None:
    """The store of the drafts; None where there was none yet."""
    found = _STORES.get(store)
    if found is None:
        schema = store.schemas[COMPARTMENT]
        with store.read() as connection:
            if not _there(connection, _KEY, schema):
                return None
            key = connection.execute(f"SELECT key FROM {schema}.{_KEY}").all()[0][0]
        found = _STORES[store] = _opened(store, bytes.fromhex(key))
    return found


def _made(store: Store) -> Store:
    """The store of the drafts, made now if nobody else has."""
    with store.beside(COMPARTMENT) as connection:
        connection.execute(f"CREATE TABLE IF NOT EXISTS {_KEY} (key TEXT NOT NULL)")
        if not connection.execute(f"SELECT key FROM {_KEY}").all():
            key = secrets.token_bytes(KEY_SIZE)
            connection.execute(f"INSERT INTO {_KEY} VALUES (?)", (key.hex(),))
    found = _own(store)
    assert found is not None  # noqa: S101 (it was just made)
    return found


def _opened(store: Store, key: bytes) -> Store:
    """The file of the drafts; an empty one where it was lost, or never made."""
    own = Store(store.folder, Keyring({_FILE: key}), (_FILE,))
    with suppress(FileExistsError):
        os.close(os.open(own.path(_FILE), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    return own


def _there(connection: Connection, table: str, schema: str = "main") -> bool:
    sql = f"SELECT count(*) FROM {schema}.sqlite_master WHERE name = ?"
    return bool(connection.execute(sql, (table,)).scalar_one())
