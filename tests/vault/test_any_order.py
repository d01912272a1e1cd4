"""Whatever is done in whatever order: what a carrier had comes back, or it is said what is missing."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from tests.depth import histories

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.records import COMPARTMENTS, Statement
from estelik.vault.carriers.failures import UnreachableError
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from estelik.vault.restore import Restored

CHEAP = Cost(memory=8, passes=1, lanes=1)
STICKS = ("one", "two")
KINDS = ("segment", "page", "table")


class Office(RuleBasedStateMachine):
    """An office with two carriers that lose, roll back and duplicate files."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.casebook = Casebook.create(self.folder / "office", b"x", cost=CHEAP)
        self.shares = self.casebook.vault.share_out(2, 2)
        for stick in STICKS:
            (self.folder / stick).mkdir()
            self.casebook.vault.add_carrier(Place(stick, str(self.folder / stick)))
        #: Every statement entered; of each carrier: what was carried, and whether it was harmed since.
        self.entered: list[str] = []
        self.carried: dict[str, set[str]] = {stick: set() for stick in STICKS}
        self.harmed: dict[str, bool] = dict.fromkeys(STICKS, False)
        self.count = 0

    def teardown(self) -> None:
        """Takes the office away."""
        self.casebook.close()
        shutil.rmtree(self.folder)

    @rule(number=st.integers(1, 6))
    def add(self, number: int) -> None:
        """Enters statements."""
        names = [f"{len(self.entered) + n}" for n in range(number)]
        self.casebook.add_statements(
            Statement(
                name,
                "Person",
                source="source",
                event="arrest",
                compartment=COMPARTMENTS[int(name) % len(COMPARTMENTS)],
            )
            for name in names
        )
        self.entered += names

    @rule(stick=st.sampled_from(STICKS))
    def carry(self, stick: str) -> None:
        """Seals, and hands on what a carrier lacks: only a harmed one has lost anything."""
        self.casebook.vault.seal()
        carrier = FolderCarrier(self.folder / stick)
        try:
            moved = self.casebook.sync(stick, carrier)
        except UnreachableError:
            # Nothing is left of what was handed to it: it is added again, as the message says.
            assert self.harmed[stick]
            self.casebook.vault.remove_carrier(stick)
            self.casebook.vault.add_carrier(Place(stick, str(self.folder / stick)), carrier)
            moved = self.casebook.sync(stick, carrier)
        assert moved.whole
        assert self.harmed[stick] >= bool(moved.troubles)
        self.carried[stick] = set(self.entered)
        self.harmed[stick] = False

    def _files(self, stick: str) -> list[Path]:
        return sorted(path for path in (self.folder / stick).rglob("*") if path.is_file())

    @precondition(lambda self: any(self._files(stick) for stick in STICKS))
    @rule(stick=st.sampled_from(STICKS), which=st.integers(0, 1000))
    def lose(self, stick: str, which: int) -> None:
        """A carrier loses a file."""
        files = self._files(stick)
        if files:
            files[which % len(files)].unlink()
            self.harmed[stick] = True

    @rule(stick=st.sampled_from(STICKS))
    def set_back(self, stick: str) -> None:
        """A carrier is kept as it is, or put back to what was kept."""
        kept = self.folder / f"{stick}.earlier"
        if kept.exists() and self.carried[stick]:
            self.harmed[stick] = True
            shutil.rmtree(self.folder / stick)
            shutil.copytree(kept, self.folder / stick)
        elif self._files(stick):
            # An empty folder is taken for no carrier at all.
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(self.folder / stick, kept)

    @rule(stick=st.sampled_from(STICKS), which=st.integers(0, 1000))
    def duplicate(self, stick: str, which: int) -> None:
        """A file is there under another name, too."""
        files = self._files(stick)
        if files:
            path = files[which % len(files)]
            self.count += 1
            name = "".join("abcdefghij"[int(digit)] for digit in f"{self.count:026}")
            shutil.copyfile(path, path.with_name(name))

    @precondition(lambda self: any(self.carried.values()))
    @rule(stick=st.sampled_from(STICKS))
    def verify(self, stick: str) -> None:
        """Verification is silent about a carrier that was not harmed."""
        place = self.casebook.vault.office.place(stick)
        try:
            found = self.casebook.vault.verify(FolderCarrier(self.folder / stick), place)
        except UnreachableError:
            assert self.harmed[stick]
            return
        if not self.harmed[stick]:
            assert found.troubles == ()
        assert {one.what for one in found.troubles} <= {"missing", "gap"}

    @precondition(lambda self: any(self.carried.values()))
    @rule(stick=st.sampled_from(STICKS))
    def restore(self, stick: str) -> None:
        """All that was carried comes back, or somebody says that something is missing."""
        self.count += 1
        to = self.folder / f"back{self.count}"
        if not self.carried[stick]:
            return
        back = self._restored(to, stick)
        if back is None:
            assert self.harmed[stick]
            return
        names, found = back
        assert names <= self.carried[stick]
        if not self.harmed[stick]:
            assert names == self.carried[stick]
            assert {one.what for one in found.troubles} <= {"unnamed"}
        elif names != self.carried[stick]:
            place = self.casebook.vault.office.place(stick)
            assert (
                found.troubles
                or self.casebook.vault.verify(FolderCarrier(self.folder / stick), place).troubles
            )

    def _restored(self, to: Path, stick: str) -> tuple[set[str], Restored] | None:
        try:
            made, found = Casebook.restore(
                to, b"x", FolderCarrier(self.folder / stick), self.shares, cost=CHEAP
            )
        except CasebookError:
            return None
        with made:
            return {one.statement for one in made.statements()}, found


TestAnyOrder = Office.TestCase
TestAnyOrder.settings = histories(16, 14)
