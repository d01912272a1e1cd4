"""Journeys: which travel casebooks were made, what went along, which came back, and which never will."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from estelik.errors import NotFoundError
from estelik.ids import new_ids
from estelik.records import journey as records
from estelik.records.journey import JOURNEY, Departure, Homecoming, Strike
from estelik.vault.device import id_of
from estelik.vault.inserts import Inserts
from estelik.vault.store import Batch
from estelik.vault.tables import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from estelik.vault.store import Store


class Journey(msgspec.Struct):
    """One travel casebook, by the first root key of its office (hexadecimal): when it was ``made``, ``until``
    when, the ids of the ``records`` that went along in each compartment that this member holds, and when
    something was last taken in from it ("": never); when it was struck out ("": never), and why."""

    casebook: str
    made: str
    until: str
    records: dict[str, frozenset[str]]
    returned: str = ""
    struck: str = ""
    reason: str = ""

    @property
    def id(self) -> str:
        """The name that it goes by in lists."""
        return id_of(bytes.fromhex(self.casebook))[:8]


def every(store: Store) -> list[Journey]:
    """All journeys of which this member holds a compartment, in the order of their departure."""
    found: dict[str, Journey] = {}
    ends: list[Homecoming | Strike] = []
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            rows = connection.execute(
                f"SELECT CAST(body AS BLOB) FROM {schema}.record WHERE {FEW} AND kind = ? ORDER BY seq",
                (JOURNEY,),
            )
            for (body,) in rows:
                one = records.decode(body)
                if not isinstance(one, Departure):
                    ends.append(one)
                    continue
                there = found.setdefault(one.casebook, Journey(one.casebook, one.made, one.until, {}))
                there.records[compartment] = frozenset(one.records)
    for one in ends:
        if one.casebook not in found:
            continue
        there = found[one.casebook]
        if isinstance(one, Homecoming):
            there.returned = max(there.returned, one.made)
        elif one.made > there.struck:
            there.struck, there.reason = one.made, one.reason
    return sorted(found.values(), key=lambda one: one.made)


def called(found: Sequence[Journey], id_: str) -> Journey:
    """The one of these whose id begins so. Raises ``NotFoundError``."""
    wanted = [one for one in found if id_ and one.id.startswith(id_)]
    if len(wanted) != 1:
        raise NotFoundError(
            "There is no such journey." if not wanted else "Several journeys have an id that begins so.",
            safe="Nothing was changed.",
            do="See: estelik travel list",
        )
    return wanted[0]


def depart(store: Store, departures: Mapping[str, Departure]) -> None:
    """Notes in each compartment what of it goes along."""
    _enter(store, departures)


def come_home(store: Store, journey: Journey, homecoming: Homecoming) -> None:
    """Notes in each compartment of a journey that what was added was taken in."""
    _enter(store, dict.fromkeys(journey.records, homecoming))


def strike(store: Store, journey: Journey, said: Strike) -> None:
    """Notes in each compartment of a journey that it is not waited for any more."""
    _enter(store, dict.fromkeys(journey.records, said))


def _enter(store: Store, bodies: Mapping[str, Departure | Homecoming | Strike]) -> None:
    with store.write() as connection, Inserts(connection) as inserts:
        batch = Batch(store, connection, inserts)
        for compartment, body in bodies.items():
            batch.append(compartment, JOURNEY, new_ids(1), [0], [records.encode(body).decode()])
