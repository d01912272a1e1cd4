"""Waiting: whom to ask again, what to check, and which copies are old."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.daily.today import today as daily_today
from estelik.index import consents
from estelik.index.kept import Kept
from estelik.protection import account
from estelik.records.consent import CONSENT
from estelik.records.risk import RISK, standing

if TYPE_CHECKING:
    from datetime import date

    from estelik.casebook import Casebook
    from estelik.protection.account import Due
    from estelik.vault.condition import Health
    from estelik.vault.office import Place

#: Days ahead that consents and risks are looked at, and days after which a copy is old.
_AHEAD: Final = 30
_OLD: Final = 30
_DAY: Final = 24 * 3600
#: Seconds that a page waits for what is still being read.
_MOMENT: Final = 0.5


class Copy(msgspec.Struct, frozen=True):
    """A carrier that is old: its name, days since its last sync (None: never), records that it lacks."""

    name: str
    days: int | None
    lacks: int


class Waiting:
    """What waits in a casebook that stays open; what was read of it is kept."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._consents, self._risks = Kept(CONSENT), Kept(RISK)
        self._read = threading.Event()
        self._health: tuple[object, Health] | None = None

    def read(self) -> None:
        """Reads what ``due`` is of: the first time the whole file of the sources is gone through for it."""
        try:
            self.due(daily_today())
        finally:
            # What is damaged is told to whoever asks.
            self._read.set()

    def at_hand(self, today: date) -> list[Due]:
        """What is ``due``, once somebody has ``read`` it; nothing while that still takes its time."""
        return self.due(today) if self._read.wait(_MOMENT) else []

    def due(self, today: date, *, days: int = _AHEAD) -> list[Due]:
        """Consents and risks that wait for somebody; none where the sources are not open to this member."""
        casebook, store = self._casebook, self._casebook.vault.store
        if "source" not in store.schemas:
            return []
        hidden = casebook.out_of_sight()
        found = standing(consents.risks(store, hidden, self._risks))
        return account.due(consents.consents(store, hidden, self._consents), found, today, days)

    def health(self) -> Health:
        """Which records are where. Those that were entered since the last sync, and since they were counted
        (``count``), are not among them."""
        known = self._health
        return (
            known[1]
            if known is not None and known[0] == self._casebook.vault.office.carriers
            else self.count()
        )

    def copies(self) -> tuple[list[Copy], bool]:
        """Carriers whose copy is old, and whether there is any carrier at all."""
        if not self._casebook.vault.office.carriers:
            return [], False
        health, out = self.health(), []
        for place, count in health.places:
            days = age(place)
            if days is None or days >= _OLD:
                out.append(Copy(place.name, days, max(0, health.records - count)))
        return out, bool(health.places)

    def count(self) -> Health:
        """Counts which records are where: all are looked through."""
        carriers, health = self._casebook.vault.office.carriers, self._casebook.vault.health()
        self._health = carriers, health
        return health


def age(place: Place) -> int | None:
    """Whole days since the last sync with a carrier; None: never."""
    return int((time.time() - place.synced) / _DAY) if place.synced else None
