"""Two computers of an office that keep with a ledger on PostgreSQL."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from tests.cluster import DATABASE, PASSWORD
from tests.vault.conftest import CHEAP, PASSPHRASE, Rig

from estelik.casebook import Casebook
from estelik.records import COMPARTMENTS
from estelik.vault import team_ledger
from estelik.vault.admission import read
from estelik.vault.carriers.address import opened
from estelik.vault.carriers.postgres import PostgresCarrier
from estelik.vault.office import LEDGER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cluster import Cluster

    from estelik.records import Statement
    from estelik.vault.links import Trouble
    from estelik.vault.restore import Restored
    from estelik.vault.team_ledger import Outcome


class Team(Rig):
    """Two computers of an office that keep with a ledger."""

    def __init__(self, folder: Path, cluster: Cluster, schema: str) -> None:
        super().__init__(folder)
        self.cluster = cluster
        self.schema = schema
        self.address = cluster.address(schema)
        self.set(self.first)
        self.request("second")
        self.second = self.opened[-1]

    def admit(self, compartments: tuple[str, ...] = COMPARTMENTS) -> Casebook:
        """Lets the second computer's member in, by way of the ledger alone."""
        asked = read(self.second.vault.registrar.request()[0])
        self.first.vault.registrar.admit_member(asked, "Aigul", compartments)
        self.meet_there(self.first)
        self.set(self.second)
        self.meet_there(self.second)
        return self.second

    def set(self, casebook: Casebook) -> None:
        """Keeps with the ledger."""
        team_ledger.begin(casebook.vault, self.address, {"password": PASSWORD})
        if casebook is self.first:
            self.meet_there(casebook)

    def meet_there(self, casebook: Casebook) -> list[Trouble]:
        """A sync with the ledger, as the command does it."""
        with closing(self.carrier()) as carrier:
            taken = casebook.receive(carrier)
            casebook.vault.seal()
            sent = casebook.vault.send(LEDGER, carrier)
        return [*taken.troubles, *sent.troubles]

    def carrier(self) -> PostgresCarrier:
        """The ledger as a carrier."""
        made = opened(self.address, secret={"password": PASSWORD})
        assert isinstance(made, PostgresCarrier)
        return made

    @contextmanager
    def reached(self) -> Iterator[PostgresCarrier]:
        """The ledger as a carrier, until it is closed."""
        with closing(self.carrier()) as carrier:
            yield carrier

    def enter(self, casebook: Casebook, *statements: Statement) -> Outcome:
        """Enters statements as a command does."""
        with casebook.entering():
            casebook.add_statements(statements)
        assert casebook.ledger is not None
        return casebook.ledger

    def good(self, casebook: Casebook, *statements: Statement) -> None:
        """Enters statements, and all is well."""
        outcome = self.enter(casebook, *statements)
        assert (outcome.behind, outcome.troubles) == (None, [])

    def restored(self, to: str) -> tuple[Casebook, Restored]:
        """What comes back from the ledger alone."""
        with closing(self.carrier()) as carrier:
            made, found = Casebook.restore(self.folder / to, PASSPHRASE, carrier, self.shares[:2], cost=CHEAP)
        self.opened.append(made)
        return made, found

    def ask(self, text: str, *values: object) -> list[tuple[object, ...]]:
        """What the server's administrator is answered about the ledger's tables."""
        return self.cluster.admin(text.replace("estelik_", f'"{self.schema}".estelik_'), values, DATABASE)
