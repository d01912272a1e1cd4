"""Members at their seats on the first computer of an office."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.vault.conftest import CHEAP

from estelik.casebook import Casebook
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.vault.conftest import Rig

    from estelik.records.statement import Compartment


def seat(rig: Rig, name: str, compartments: Sequence[str] = ()) -> int:
    """A new seat for somebody, whose passphrase is her name."""
    return rig.first.seats.add(name, name.encode(), compartments, cost=CHEAP).number


def sit(rig: Rig, number: int, name: str) -> Casebook:
    """The casebook, opened at a seat."""
    opened = Casebook.open_seat(folder(rig), number, name.encode())
    rig.opened.append(opened)
    return opened


def folder(rig: Rig) -> Path:
    """The folder of the casebook."""
    return rig.folder / "first"


def ids(casebook: Casebook) -> set[str]:
    """The own ids of all statements that can be read there."""
    return {one.statement for one in casebook.statements()}


def told(name: str, compartment: Compartment = "testimony", source: str = "source 1") -> Statement:
    """One statement."""
    return Statement(name, "Person 1", source=source, event="arrest", when="2018", compartment=compartment)
