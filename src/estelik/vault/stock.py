"""Stock: which sealed files there are of an office, and which of them a carrier had."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from estelik.vault.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.ledger import Line
    from estelik.vault.store import Store

#: How far each chain goes: compartment -> device -> number.
Heads = dict[str, dict[str, int]]


class Run(NamedTuple):
    """One segment with its page; ``had``: the carrier had both at the last sync."""

    compartment: str
    line: Line
    had: bool


class Keys(NamedTuple):
    """One table of page keys, and the SHA-256 of its file; ``had`` as for ``Run``."""

    compartment: str
    name: str
    digest: bytes
    had: bool


class Stock(NamedTuple):
    """All sealed files that can be opened again by what is handed on with them."""

    runs: list[Run]
    tables: list[Keys]
    heads: Heads


def stock(store: Store, there: Mapping[str, Mapping[str, int]]) -> Stock:
    """What the ledger knows; ``there``: how far each chain was on the carrier at its last sync.

    A segment whose page key no table hands on yet is left out: on a carrier
    nobody could open it.
    """
    runs: list[Run] = []
    tables: list[Keys] = []
    heads: Heads = {}
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            ledger, known = Ledger(connection, schema), there.get(compartment, {})
            own = ledger.first_listed()
            lines = ledger.lines(listed=True)
            highest: dict[str, int] = heads.setdefault(compartment, {})
            for line in lines:
                runs.append(Run(compartment, line, line.last <= known.get(line.device, 0)))
                highest[line.device] = max(line.last, highest.get(line.device, 0))
            mine = ledger.devices(own=True)
            for name, device, number, digest in ledger.tables():
                if device in mine:
                    had = own.get(number, 0) <= known.get(device, 0) and number in own
                else:
                    # All that others made was there before the first sync of this device.
                    had = device in known
                tables.append(Keys(compartment, name, digest, had))
    return Stock(runs, tables, heads)
