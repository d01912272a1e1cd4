"""A casebook that opens at once, with a few statements and files to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.media import files

from estelik.casebook import Casebook
from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.index import evidence as index
from estelik.records import Statement
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from estelik.evidence.intake import Added
    from estelik.index.evidence import Exhibit
    from estelik.vault.restore import Restored
    from estelik.vault.sync import Synced

CHEAP = Cost(memory=8, passes=1, lanes=1)
PASSPHRASE = b"apple tree"
STATEMENTS = [
    Statement("1", "Marhaba", source="Zulfiya", told="2019-03", event="arrest", when="2017"),
    Statement("2", "Marhaba", source="Zulfiya", told="2019-03", fact="illness", compartment="medical"),
]


class Desk:
    """A casebook, and a folder of files that somebody has brought."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.casebook = Casebook.create(folder / "case", PASSPHRASE, cost=CHEAP)
        self.casebook.add_statements(STATEMENTS)
        self.shares = self.casebook.vault.share_out(2, 3)
        self.opened = [self.casebook]
        self.file("photo.jpg", files.photograph())
        self.file("letter.pdf", files.sheet())

    def file(self, name: str, data: bytes) -> str:
        """A file with this content."""
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def add(self, *names: str, **said: object) -> list[Added]:
        """Adds files by their names."""
        paths = [str(self.folder / name) for name in names]
        return intake.add(self.casebook.vault, paths, Particulars(**said))  # type: ignore[arg-type]

    def all(self, casebook: Casebook | None = None) -> list[Exhibit]:
        """All evidence."""
        return index.every((casebook or self.casebook).vault.store)

    def blobs(self, where: str = "case/sealed") -> list[Path]:
        """The sealed files that lie in a folder, half written ones as well."""
        folder = self.folder / where / "estelik" / "blob"
        return sorted(folder.iterdir()) if folder.exists() else []

    def carry(self, name: str = "stick") -> Synced:
        """Seals everything and syncs to a carrier of that name, which is added where it is new."""
        root = self.folder / name
        root.mkdir(exist_ok=True)
        vault = self.casebook.vault
        if vault.office.place(name) is None:
            vault.add_carrier(Place(name, str(root)))
        vault.seal()
        return self.casebook.sync(name, FolderCarrier(root))

    def restore(self, to: str, name: str = "stick") -> tuple[Casebook, Restored]:
        """Restores from a carrier into a new folder."""
        carrier = FolderCarrier(self.folder / name)
        made, found = Casebook.restore(self.folder / to, PASSPHRASE, carrier, self.shares[:2], cost=CHEAP)
        self.opened.append(made)
        return made, found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    for casebook in made.opened:
        casebook.close()
