"""An office that opens at once, its carriers, and ways to harm them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.vault.restore import Restored
    from estelik.vault.sync import Synced
    from estelik.vault.verify import Verified

CHEAP = Cost(memory=8, passes=1, lanes=1)
PASSPHRASE = b"apple tree"


class Rig:
    """A first casebook with shares of its secret, and folders to carry it to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = Casebook.create(folder / "first", PASSPHRASE, cost=CHEAP)
        self.shares = self.first.vault.share_out(2, 3)
        self.opened = [self.first]

    def statements(self, name: str, count: int) -> list[Statement]:
        """So many statements, over all compartments."""
        return [
            Statement(
                f"{name}-{number}",
                f"Person {number % 3}",
                source=f"source {number % 2}",
                told="2019",
                event="arrest",
                when=f"2017-0{number % 9 + 1}",
                compartment=COMPARTMENTS[number % len(COMPARTMENTS)],
            )
            for number in range(count)
        ]

    def add(self, casebook: Casebook, name: str, count: int = 6) -> None:
        """Enters statements and seals them: a segment in each compartment."""
        casebook.add_statements(self.statements(name, count))
        casebook.vault.seal()

    def root(self, name: str = "stick") -> Path:
        """The folder of a carrier."""
        root = self.folder / name
        root.mkdir(exist_ok=True)
        return root

    def carry(self, casebook: Casebook, name: str = "stick") -> Synced:
        """Syncs to the carrier of that name, which is added where it is new."""
        root = self.root(name)
        if casebook.vault.office.place(name) is None:
            casebook.vault.add_carrier(Place(name, str(root)))
        return casebook.vault.sync(name, FolderCarrier(root))

    def verify(self, casebook: Casebook, name: str = "stick") -> Verified:
        """Verifies the carrier of that name."""
        return casebook.vault.verify(FolderCarrier(self.root(name)), casebook.vault.office.place(name))

    def restore(self, to: str, name: str = "stick") -> tuple[Casebook, Restored]:
        """Restores from the carrier of that name into a new folder."""
        carrier = FolderCarrier(self.root(name))
        made, found = Casebook.restore(self.folder / to, PASSPHRASE, carrier, self.shares[:2], cost=CHEAP)
        self.opened.append(made)
        return made, found

    def files(self, kind: str, name: str = "stick") -> list[Path]:
        """The files of a kind on a carrier, oldest first."""
        return sorted(
            (self.root(name) / "estelik" / kind).iterdir(), key=lambda path: path.stat().st_mtime_ns
        )


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    made = Rig(tmp_path)
    yield made
    for casebook in made.opened:
        casebook.close()
