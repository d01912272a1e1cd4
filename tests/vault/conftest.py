"""An office that opens at once, its carriers, and ways to harm them."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP
from tests.vault.processes import Room

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS, Statement
from estelik.vault import running
from estelik.vault.admission import office_words, read
from estelik.vault.carriers import patience
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.ledger import Ledger
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.cluster import Cluster
    from tests.vault.team import Team

    from estelik.vault.admission import Request
    from estelik.vault.restore import Restored
    from estelik.vault.sync import Synced
    from estelik.vault.verify import Verified

__all__ = ["CHEAP"]

PASSPHRASE = b"apple tree"


class Rig:
    """A first casebook with shares of its secret, and folders to carry it to."""

    cost = CHEAP
    name = "Zhanar"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.first = Casebook.create(folder / "first", PASSPHRASE, name=self.name, cost=CHEAP)
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
        return casebook.sync(name, FolderCarrier(root))

    def verify(self, casebook: Casebook, name: str = "stick") -> Verified:
        """Verifies the carrier of that name."""
        return casebook.vault.verify(FolderCarrier(self.root(name)), casebook.vault.office.place(name))

    def restore(self, to: str, name: str = "stick") -> tuple[Casebook, Restored]:
        """Restores from the carrier of that name into a new folder."""
        carrier = FolderCarrier(self.root(name))
        made, found = Casebook.restore(self.folder / to, PASSPHRASE, carrier, self.shares[:2], cost=CHEAP)
        self.opened.append(made)
        return made, found

    def reopen(self, folder: str) -> Casebook:
        """A casebook opened once more."""
        opened = Casebook.open(self.folder / folder, PASSPHRASE)
        self.opened.append(opened)
        return opened

    def request(self, folder: str) -> Request:
        """The request of a new computer, which is the last one opened."""
        words = office_words(self.first.vault.office.root)
        made = Casebook.join(self.folder / folder, PASSPHRASE, words, cost=CHEAP)
        self.opened.append(made)
        return read(made.vault.registrar.request()[0])

    def join(self, folder: str, name: str, compartments: Sequence[str]) -> Casebook:
        """A new member on her computer, with what she may read."""
        self.first.vault.registrar.admit_member(self.request(folder), name, compartments)
        made = self.opened[-1]
        self.meet(self.first, made)
        return made

    def meet(self, *casebooks: Casebook) -> None:
        """Lets these casebooks sync until each has what the others entered before."""
        for casebook in (*casebooks, *casebooks):
            casebook.vault.seal() if casebook.vault.office.root else None
            self.carry(casebook)

    def chains(self, casebook: Casebook) -> set[str]:
        """The devices that have entered something."""
        with casebook._store.read() as connection:
            schemas = casebook._store.schemas.values()
            return {one.device for schema in schemas for one in Ledger(connection, schema).heads()}

    def files(self, kind: str, name: str = "stick") -> list[Path]:
        """The files of a kind on a carrier, oldest first."""
        return sorted(
            (self.root(name) / "estelik" / kind).iterdir(), key=lambda path: path.stat().st_mtime_ns
        )


@contextmanager
def entered(folder: Path, rows: Sequence[Statement] = ()) -> Iterator[Rig]:
    """An office in which these are told, until the end."""
    made = Rig(folder)
    if rows:
        made.first.add_statements(rows)
    yield made
    for casebook in made.opened:
        casebook.close()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    with entered(tmp_path) as made:
        yield made


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path / "case")
    yield made
    if made.folder.exists():
        running.end(made.folder)


@pytest.fixture
def team(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Two computers of an office, and an empty ledger for both."""
    # It is a rig itself.
    from tests.vault.team import Team

    monkeypatch.setattr(patience, "_PAUSE", 0.01)
    schema = f"ledger_{os.urandom(6).hex()}"
    cluster.schema(schema)
    made = Team(tmp_path, cluster, schema)
    yield made
    for casebook in made.opened:
        casebook.close()
