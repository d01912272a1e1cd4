"""The team's ledger at the command line: kept with, not reached, and no more."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, closing
from threading import Timer
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.conftest import Said
from tests.cluster import PASSWORD

from estelik import cli
from estelik.casebook import Casebook
from estelik.vault import team_ledger
from estelik.vault.carriers.address import opened
from estelik.vault.carriers.carrier import Followed
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from tests.cli.conftest import Shell
    from tests.cluster import Cluster

SHEET = """statement,about,source,told,event,when
{0}-1,Marhaba,Zulfiya,2019-03,arrest,2017
{0}-2,Marhaba,Zulfiya,2019-03,release,2018
"""


class Office:
    """The commands as a user types them, but in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def run(self, *arguments: str) -> Said:
        """Runs ``estelik`` with these arguments."""
        status = cli.run(arguments)
        printed = self._capture.readouterr()
        return Said(printed.out, printed.err, status)


@pytest.fixture
def office(shell: Shell, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Office:
    """An office with two statements."""
    monkeypatch.chdir(shell.folder)
    for name in ("ESTELIK_CASEBOOK", "ESTELIK_PASSPHRASE_FILE"):
        monkeypatch.setenv(name, shell.environment[name])
    for name in "abc":
        (shell.folder / f"{name}.csv").write_text(SHEET.format(name))
    (shell.folder / "password").write_text(f"{PASSWORD}\n")
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, cost=Cost(memory=8, passes=1, lanes=1)).close()
    made = Office(capfd)
    assert made.run("import", "a.csv").status == 0
    return made


@pytest.fixture
def address(cluster: Cluster) -> str:
    """An empty schema for the ledger."""
    schema = f"cli_{os.urandom(6).hex()}"
    cluster.schema(schema)
    return cluster.address(schema)


def _json(said: Said) -> Any:
    assert said.out.count("\n") == 1, said
    return json.loads(said.out)


def test_who_waits_for_others_is_told_for_what(
    address: str, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside what is printed, once it takes a moment; whoever has the turn at once is told nothing."""
    monkeypatch.setattr(team_ledger, "NOTICE", 0.2)
    assert office.run("ledger", "set", address, "--secret", "password=password").status == 0
    with closing(opened(address, secret={"password": PASSWORD})) as other:
        assert isinstance(other, Followed)
        held = ExitStack()
        assert held.enter_context(other.turn(1))
        timer = Timer(0.8, held.close)
        timer.start()
        entered = office.run("import", "b.csv", "--json")
        timer.join()
    assert (entered.status, _json(entered)["imported"]) == (0, 2)
    assert entered.err.startswith("Somebody else of the team is entering records: waiting")
    assert entered.err.count("\n") == 1
    assert office.run("import", "c.csv", "--json").err == ""


def test_a_ledger_is_kept_with_from_its_setting_to_its_end(
    cluster: Cluster, address: str, office: Office
) -> None:
    """Each command says in the end what the ledger has; without it, exit status 2 and what to do."""
    assert _json(office.run("ledger", "show", "--json")) == {"address": None, "behind": 0}
    wrong = office.run("ledger", "set", address)
    assert (wrong.status, wrong.out) == (2, "")
    assert "refuses access" in wrong.err
    done = office.run("ledger", "set", address, "--secret", "password=password")
    assert (done.status, done.out) == (0, ""), done
    assert "keeps with the ledger now" in done.err
    assert office.run("ledger", "show").out == f"{address}: all records are on it.\n"
    entered = office.run("import", "b.csv", "--json")
    assert (entered.status, entered.err, _json(entered)["imported"]) == (0, "", 2)
    assert office.run("verify", "ledger").status == 0
    assert _json(office.run("health", "--json"))["nowhere"] == 0
    cluster.stop("fast")
    try:
        kept = office.run("import", "c.csv", "--json")
        assert (kept.status, _json(kept)["imported"]) == (2, 2)
        assert "not on the ledger yet" in kept.err
        assert "do not enter them again" in kept.err
        set_aside = office.run("set-aside", "a-1", "--reason", "told by somebody else")
        assert set_aside.status == 2
        # What is needed to take it back is said all the same.
        assert len(set_aside.out.strip()) == 26
        assert _json(office.run("ledger", "show", "--json"))["behind"] > 2
        assert office.run("timeline", "--json").status == 0
        failed = office.run("sync", "--json")
        assert failed.status == 2
    finally:
        cluster.start()
    again = office.run("import", "c.csv")
    assert (again.status, again.out, again.err) == (0, "0 imported, 2 already there.\n", "")
    assert _json(office.run("ledger", "show", "--json"))["behind"] == 0
    assert _json(office.run("sync", "--json"))["carriers"][0]["files"] == 0
    for words in (("hold", "statement", "b-1"), ("erase", "statement", "b-2", "--yes")):
        decided = office.run(*words, "--reason", "it was asked for")
        assert decided.status == 0, decided
        assert _json(office.run("ledger", "show", "--json"))["behind"] == 0
    for said in (done, entered, kept, set_aside, failed):
        assert PASSWORD not in said.out + said.err
        assert "127.0.0.1" not in said.err
    assert office.run("ledger", "off").status == 0
    assert office.run("ledger", "off").status == 2
    assert office.run("ledger", "show").out == "There is no ledger.\n"
    assert office.run("import", "a.csv").status == 0
