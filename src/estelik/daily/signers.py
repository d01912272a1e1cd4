"""Signers: who made which judgement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.index.authors import judges

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.casebook import Casebook


def signers(casebook: Casebook, ids: Collection[str] | None = None) -> dict[str, str]:
    """The name of the member who made each judgement, or each of those with these ``ids``, by its id."""
    return judges(casebook.vault.store, casebook.vault.registrar, ids)
