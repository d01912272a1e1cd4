"""Waiting: whom to ask again, what to check, and which copies are old."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from datetime import date

    from estelik.casebook import Casebook
    from estelik.protection.account import Due

#: Days ahead that consents and risks are looked at, and days after which a copy is old.
_AHEAD: Final = 30
_OLD: Final = 30
_DAY: Final = 24 * 3600


class Copy(msgspec.Struct, frozen=True):
    """A carrier that is old: its name, days since its last sync (None: never), records that it lacks."""

    name: str
    days: int | None
    lacks: int


def due(casebook: Casebook, today: date, *, days: int = _AHEAD) -> list[Due]:
    """Consents and risks that wait for somebody; none where the sources are not open to this member."""
    from estelik.index.consents import risks
    from estelik.protection import account
    from estelik.records.risk import standing

    if "source" not in casebook.vault.store.schemas:
        return []
    found = standing(risks(casebook.vault.store, casebook.out_of_sight()))
    return account.due(casebook.consents(), found, today, days)


def copies(casebook: Casebook) -> tuple[list[Copy], bool]:
    """Carriers whose copy is old, and whether there is any carrier at all."""
    health = casebook.vault.health()
    out = []
    for place, count in health.places:
        days = int((time.time() - place.synced) / _DAY) if place.synced else None
        if days is None or days >= _OLD:
            out.append(Copy(place.name, days, max(0, health.records - count)))
    return out, bool(health.places)
