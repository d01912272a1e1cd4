"""Leaving: a compartment that this member no longer holds goes from this computer, once all that was entered
in it here was handed on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.vault.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.vault.stock import Piece
    from estelik.vault.store import Store


def owed(held: Collection[str], pieces: list[Piece]) -> list[Piece]:
    """The ``pieces`` that this computer hands on, where its member holds the compartments ``held``: of others
    only what no carrier had. What stands for the rest is no longer this computer's to know."""
    return [one for one in pieces if one.compartment in held or not one.compartment or not one.had]


def leave(store: Store, held: Collection[str]) -> None:
    """Takes the files of all compartments but those ``held`` away, and their keys.

    All that is sealed was just handed to a carrier. What is not sealed yet
    keeps a compartment here.
    """
    for compartment in sorted(set(store.held) - set(held)):
        with store.read() as connection:
            ledger = Ledger(connection, store.schemas[compartment])
            rest = ledger.unsealed() or ledger.any_before(1)
        if not rest:
            store.drop(compartment)
