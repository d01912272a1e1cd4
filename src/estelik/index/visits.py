"""Visits in the store: entered, and read back. They lie in the ``source`` compartment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from estelik.errors import CasebookError
from estelik.ids import new_ids, new_places
from estelik.records import visit as records
from estelik.records.visit import VISIT
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.index.kept import Kept
    from estelik.records.visit import End, Visit
    from estelik.vault.store import Store

#: Where all of them lie.
COMPARTMENT: Final = "source"


def every(store: Store, kept: Kept, hidden: Collection[str] = ()) -> tuple[Visit | End, ...]:
    """All visits and what came of them, in order of entry; nothing where the sources are not open here.
    ``kept``: what was read of them before."""
    if COMPARTMENT not in store.schemas:
        return ()
    with store.read() as connection:
        rows = kept.rows(connection, {COMPARTMENT: store.schemas[COMPARTMENT]})
        return tuple(records.decode(one.body) for one in rows if one.id not in hidden)


def enter(store: Store, found: Visit | End) -> None:
    """Enters one. Raises ``CasebookError`` where the sources are not open to this member."""
    if COMPARTMENT not in store.schemas:
        raise CasebookError(
            "A visit names who tells, and the names of sources are not open to you.",
            do="Ask somebody who holds the compartment of sources: estelik member list",
        )
    body = records.encode(found).decode()
    with store.write() as connection, Inserts(connection) as inserts:
        Batch(store, connection, inserts).append(COMPARTMENT, VISIT, new_ids(1), new_places(1), [body])
