"""Stock: which sealed files there are of an office, and which of them a carrier had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from estelik.vault.ledger import Ledger, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from estelik.vault.store import Store


#: In this order: a table never names a page, nor a page a segment, that is not there yet.
KINDS: Final = ("segment", "page", "table", "epoch", "roll")


class Piece(NamedTuple):
    """One sealed file: its kind, its name, its compartment (empty for a roll); what tells whether it is as it
    was made: the SHA-256 of the file, or for segments and pages their line in the ledger; ``had``: the
    carrier had it at the last sync."""

    kind: str
    name: str
    compartment: str
    check: Line | bytes
    had: bool


def stock(store: Store, carrier: str, rolls: Mapping[str, bytes] = {}) -> list[Piece]:
    """All sealed files that can be opened again by what is handed on with them, of a kind together.

    ``carrier``: the name of the one whose last sync is asked about; ``rolls``:
    the files of the present roll, with their SHA-256. A segment whose page key
    no table hands on yet is left out: on a carrier nobody could open it.
    """
    pieces: list[Piece] = []
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            had = ledger.carried(carrier) if carrier else set()
            for line in ledger.lines("epoch > 0"):
                pieces += [
                    Piece("segment", line.name, compartment, line, line.name in had),
                    Piece("page", line.page, compartment, line, line.page in had),
                ]
            for name, digest in ledger.present_files("table"):
                pieces.append(Piece("table", name, compartment, digest, name in had))
            for name, digest in ledger.present_files("epoch"):
                pieces.append(Piece("epoch", name, compartment, digest, name in had))
    pieces += [Piece("roll", name, "", digest, had=False) for name, digest in rolls.items()]
    return _in_order(pieces)


def lacking(store: Store, carrier: str, rolls: Mapping[str, bytes]) -> list[Piece]:
    """Those of all sealed files that were not on a carrier yet, and ``rolls``; as ``stock``."""
    pieces = [Piece("roll", name, "", digest, had=False) for name, digest in rolls.items()]
    with store.read() as connection:
        for compartment, schema in store.schemas.items():
            ledger = Ledger(connection, schema)
            found: list[Piece] = []
            for line in ledger.lacking(carrier, handed=True):
                found.append(Piece("segment", line.name, compartment, line, had=False))
                found.append(Piece("page", line.page, compartment, line, had=False))
            for kind in ("table", "epoch"):
                files = ledger.present_files(kind)
                found += [Piece(kind, name, compartment, digest, had=False) for name, digest in files]
            new = ledger.uncarried(carrier, [one.name for one in found])
            pieces += [one for one in found if one.name in new]
    return _in_order(pieces)


def _in_order(pieces: list[Piece]) -> list[Piece]:
    order = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(pieces, key=lambda one: order[one.kind])
