"""A home with an office, secrets and a stick, and journeys that begin and end there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.evidence.intake import Particulars, add
from estelik.records import Statement
from estelik.travel import packing, returning
from estelik.vault import admission
from estelik.vault.admission import office_words
from estelik.vault.carriers.folder import FolderCarrier
from estelik.vault.keys import Cost
from estelik.vault.office import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from estelik.travel.packing import Luggage
    from estelik.travel.returning import Additions

CHEAP = Cost(memory=8, passes=1, lanes=1)
HOME, AWAY = b"apple tree", b"pear tree"

#: Of Marhaba, of Gulnar whose arrest hangs on hers, and of others; what is in SECRETS stays at home.
TOLD = [
    Statement("1", "Marhaba", "visitsecret", "Zulfiyasecret", "2019-03", event="arrest", when="2017",
              quote="ol ketti"),
    Statement("2", "Marhaba", "visitsecret", "Zulfiyasecret", "2019-03", event="release", after="arrest",
              compartment="public"),
    Statement("3", "Marhaba", "visitsecret", "Zulfiyasecret", "2019-03", event="release", when="2018-05",
              quote="illnesssecret", compartment="medical"),
    Statement("4", "Gulnar", source="Polatsecret", told="2020", event="arrest", after="Marhaba/arrest",
              via="relayersecret"),
    Statement("5", "Othersecret", source="Polatsecret", told="2020", event="arrest", when="2016"),
    Statement("6", "Marhaba", source="Zulfiyasecret", told="2021", event="return",
              quote="Zulfiyasecret saw"),
    Statement("7", "Marhaba", "visitsecret", "Zulfiyasecret", "2019-03", event="return", when="2020-01"),
]  # fmt: skip
SECRETS = (
    "Zulfiyasecret", "Polatsecret", "relayersecret", "visitsecret", "Othersecret", "illnesssecret",
    "filmsecret", "membersecret", "sticksecret",
)  # fmt: skip


class World:
    """The home, and what leaves it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = Casebook.create(folder / "home", HOME, name="membersecret", cost=CHEAP)
        self.home.add_statements(TOLD)
        self.opened = [self.home]

    def pack(
        self, name: str = "trip", subjects: Sequence[str] = ("Marhaba",),
        compartments: Sequence[str] = packing.USUAL, *, evidence: bool = False, until: str = "",
    ) -> Casebook:  # fmt: skip
        """Makes a travel casebook."""
        luggage = self.look(subjects, compartments, evidence=evidence)
        made = packing.pack(self.home, self.folder / name, AWAY, luggage, until=until, cost=CHEAP)
        self.opened.append(made)
        return made

    def look(
        self, subjects: Sequence[str] = ("Marhaba",), compartments: Sequence[str] = packing.USUAL, *,
        evidence: bool = False,
    ) -> Luggage:  # fmt: skip
        """What would go along."""
        return packing.look(self.home, subjects, compartments, evidence=evidence)

    def back(self, away: Casebook) -> Additions:
        """Takes in what was added."""
        found = returning.look(self.home, away)
        assert returning.enter(self.home, away, found) == []
        return found

    def file(self, casebook: Casebook, name: str, content: bytes, **said: str | tuple[str, ...]) -> str:
        """Adds a file of evidence; its id."""
        path = self.folder / name
        path.write_bytes(content)
        (added,) = add(casebook.vault, [str(path)], Particulars(**said))  # type: ignore[arg-type]
        path.unlink()
        return added.id

    def join(self, name: str, compartments: Sequence[str]) -> Casebook:
        """Another computer of the office, whose member holds these compartments."""
        words = office_words(self.home.vault.office.root)
        made = Casebook.join(self.folder / name, HOME, words, cost=CHEAP)
        self.opened.append(made)
        request = admission.read(made.vault.registrar.request()[0])
        self.home.vault.registrar.admit_member(request, name, compartments)
        for one in (self.home, made, self.home, made):
            self.carry(one)
        return made

    def carry(self, casebook: Casebook, name: str = "sticksecret") -> FolderCarrier:
        """Syncs with a carrier."""
        root = self.folder / name
        root.mkdir(exist_ok=True)
        if casebook.vault.office.place(name) is None:
            casebook.vault.add_carrier(Place(name, str(root)))
        if casebook.vault.office.root:
            casebook.vault.seal()
        casebook.sync(name, FolderCarrier(root))
        return FolderCarrier(root)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World(tmp_path)
    yield made
    for one in made.opened:
        one.close()
