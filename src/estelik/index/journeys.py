"""Journeys: which travel casebooks were made, what went along, and which came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.ids import new_ids
from estelik.records import journey as records
from estelik.records.journey import JOURNEY, Departure, Homecoming
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.store import Store


class Journey(msgspec.Struct):
    """One travel casebook, by the first root key of its office (hexadecimal): when it was ``made``, ``until``
    when, the ids of the ``records`` that went along in each compartment that this member holds, and when
    something was last taken in from it ("": never)."""

    casebook: str
    made: str
    until: str
    records: dict[str, frozenset[str]]
    returned: str = ""


def every(store: Store) -> list[Journey]:
    """All journeys of which this member holds a compartment, in the order of their departure."""
    found: dict[str, Journey] = {}
    homecomings: list[Homecoming] = []
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            rows = connection.execute(
                f"SELECT CAST(body AS BLOB) FROM {schema}.record WHERE kind = ? ORDER BY seq", (JOURNEY,)
            )
            for (body,) in rows:
                one = records.decode(body)
                if isinstance(one, Homecoming):
                    homecomings.append(one)
                    continue
                there = found.setdefault(one.casebook, Journey(one.casebook, one.made, one.until, {}))
                there.records[compartment] = frozenset(one.records)
    for one in homecomings:
        if one.casebook in found:
            there = found[one.casebook]
            there.returned = max(there.returned, one.made)
    return sorted(found.values(), key=lambda one: one.made)


def depart(store: Store, departures: Mapping[str, Departure]) -> None:
    """Notes in each compartment what of it goes along."""
    _enter(store, departures)


def come_home(store: Store, journey: Journey, homecoming: Homecoming) -> None:
    """Notes in each compartment of a journey that what was added was taken in."""
    _enter(store, dict.fromkeys(journey.records, homecoming))


def _enter(store: Store, bodies: Mapping[str, Departure | Homecoming]) -> None:
    with store.write() as connection, Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        for compartment, body in bodies.items():
            batch.append(compartment, JOURNEY, new_ids(1), [0], [records.encode(body).decode()])
