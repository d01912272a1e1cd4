"""Rekeying: the file of a compartment gets another key, so that a copy of the one it had opens nothing newer.

The new key is in the key file, beside the old one, before the first page is
written under it, and takes its place after the last. In between, that one
counts which opens the file: SQLite changes all of its pages or none.
"""

from __future__ import annotations

import secrets
from contextlib import closing
from typing import TYPE_CHECKING

import sqlcipher3

from estelik.errors import CasebookError
from estelik.vault.keys import KEY_SIZE, NEXT

if TYPE_CHECKING:
    from collections.abc import Callable

    from estelik.vault.keys import Keyring
    from estelik.vault.store import Store


def rekey(store: Store, keyring: Keyring, compartment: str, hand: Callable[[], object]) -> None:
    """Gives the file of a compartment another key; goes on where an earlier attempt broke off.

    ``hand``: hands the keys that there are now to all others who hold the
    file. Raises ``CasebookError`` where somebody is reading for too long; the
    file has the key that it had then.
    """
    following = compartment + NEXT
    if following not in keyring:
        keyring.change(store.folder, put={following: secrets.token_bytes(KEY_SIZE)})
    hand()
    new = keyring[following]
    try:
        if not store.opens(compartment, new):
            _turn(store, compartment, keyring[compartment], new)
    except sqlcipher3.Error:
        raise _later() from None
    keyring.change(store.folder, put={compartment: new}, drop=(following,))


def _turn(store: Store, compartment: str, old: bytes, new: bytes) -> None:
    with closing(store.apart(compartment, old)) as connection:
        store.guard(connection, "main")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    # The library does not say whether it was done: that shows by what opens it.
    if not store.opens(compartment, new):
        raise _later()


def _later() -> CasebookError:
    return CasebookError(
        "The file of a compartment cannot be given another key now.",
        safe="It has the key that it had; nothing of it was changed.",
        do="Let others finish what they are doing, see that there is room on the disk, and open the "
        "casebook again.",
    )
