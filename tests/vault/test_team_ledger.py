"""A team's ledger on PostgreSQL: what was entered on one computer is there, once, and on all others."""

from __future__ import annotations

import os
from contextlib import closing
from importlib.resources import as_file
from threading import Thread
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from tests.vault.conftest import CHEAP, PASSPHRASE

from estelik import cli, demo
from estelik.casebook import Casebook
from estelik.errors import CasebookError, LedgerError
from estelik.evidence import intake
from estelik.evidence.intake import Particulars
from estelik.exchange import sheet
from estelik.records import Judgement
from estelik.vault import team_ledger
from estelik.vault.carriers.failures import CarrierError
from estelik.vault.carriers.postgres import PostgresCarrier
from estelik.vault.office import LEDGER, Place

if TYPE_CHECKING:
    from pathlib import Path

    from tests.vault.team import Team


def _ids(casebook: Casebook) -> list[str]:
    return [one.statement for one in casebook.statements()]


def test_what_is_entered_on_one_computer_is_on_the_ledger_and_on_the_other(team: Team) -> None:
    """At once: the ledger alone brings it back; and the other has it before it enters anything itself."""
    second = team.admit()
    one, other = team.statements("one", 10), team.statements("other", 10)
    team.good(team.first, *one)
    made, found = team.restored("back")
    assert (found.troubles, _ids(made)) == ((), [s.statement for s in one])
    team.good(second, *other)
    assert _ids(second) == [s.statement for s in (*one, *other)]
    team.good(team.first)
    assert team.first.statements() == second.statements()
    assert team_ledger.behind(team.first.vault.store) == 0
    assert [team.meet_there(one) for one in (team.first, second)] == [[], []]
    assert team.first.vault.health().nowhere == 0


def test_answers_are_those_of_one_computer_on_its_own(
    team: Team, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows and decisions that two have entered in turn: all that is printed is the same, byte for byte."""
    second = team.admit()
    alone = Casebook.create(tmp_path / "alone", PASSPHRASE, cost=CHEAP)
    team.opened.append(alone)
    with as_file(demo.sheet()) as file:
        rows = list(sheet.read([file], key=b"k" * 32))
    assert len(rows) > 80
    turns = [(team.first, second)[number % 2] for number in range(6)]
    size = len(rows) // len(turns) + 1
    for number, casebook in enumerate(turns):
        part = rows[number * size : (number + 1) * size]
        team.good(casebook, *part)
        alone.add_statements(part)
        judgement = Judgement(
            f"decision-{number}",
            "set-aside",
            "told by somebody else",
            "2024-01-01",
            statement=part[0].statement,
        )
        with casebook.entering():
            casebook.add_judgement(judgement)
        alone.add_judgement(judgement)
    team.good(team.first)
    team.good(second)
    (tmp_path / "passphrase").write_bytes(PASSPHRASE)
    printed: dict[str, list[bytes]] = {}
    subject = rows[0].about
    for folder in ("alone", "first", "second"):
        monkeypatch.setenv("ESTELIK_CASEBOOK", str(tmp_path / folder))
        monkeypatch.setenv("ESTELIK_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
        printed[folder] = []
        for command in (
            ("timeline", "--json"),
            ("encounters", subject, "--json"),
            ("questions", subject, "--json"),
            ("export", str(tmp_path / f"{folder}.csv")),
        ):
            assert cli.run(command) == 0
            printed[folder].append(capfdbinary.readouterr().out)
        printed[folder].append((tmp_path / f"{folder}.csv").read_bytes())
    assert len(printed["alone"][0]) > 10_000
    assert printed["first"] == printed["alone"]
    assert printed["second"] == printed["alone"]


def test_what_two_enter_at_once_under_one_id_is_there_once(team: Team) -> None:
    """The second of two who import the same sheet has what the first entered before it looks."""
    second = team.admit()
    rows = team.statements("same", 40)
    failed: list[BaseException] = []

    def enter(casebook: Casebook) -> None:
        try:
            team.good(casebook, *rows)
        except BaseException as error:  # noqa: BLE001 (raised again below)
            failed.append(error)

    threads = [Thread(target=enter, args=(casebook,)) for casebook in (team.first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    team.good(team.first)
    team.good(second)
    assert _ids(team.first) == _ids(second) == [one.statement for one in rows]
    changed = msgspec.structs.replace(rows[0], quote="another")
    with pytest.raises(CasebookError, match="says something else"):
        team.enter(second, changed)


def test_without_the_ledger_work_goes_on_and_is_handed_on_later(team: Team) -> None:
    """It is said what is safe and what is not there yet; the next command takes it along, once."""
    second = team.admit()
    team.good(team.first, *team.statements("before", 5))
    team.cluster.stop("fast")
    try:
        outcome = team.enter(team.first, *team.statements("without", 5))
        assert outcome.behind is not None
        assert "not on the ledger yet" in outcome.behind.what
        assert "safe here" in outcome.behind.safe
        waiting = team_ledger.behind(team.first.vault.store)
        assert f": {waiting:,} records" in outcome.behind.what
        assert waiting >= 5
        empty = team.enter(second)
        assert empty.behind is not None
        assert "not reached" in empty.behind.what
    finally:
        team.cluster.start()
    team.good(team.first, *team.statements("after", 5))
    assert team_ledger.behind(team.first.vault.store) == 0
    team.good(second)
    assert _ids(second) == _ids(team.first)
    assert len(_ids(second)) == len(set(_ids(second))) == 15


def test_what_was_entered_is_said_to_be_entered_though_it_cannot_be_sealed_now(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder of sealed files cannot be written: the records are here, and go with the next command."""
    with monkeypatch.context() as patch:

        def full(*_: object) -> int:
            raise CasebookError("The disk is full.")

        patch.setattr("estelik.vault.vault.cut", full)
        outcome = team.enter(team.first, *team.statements("one", 3))
    assert outcome.behind is not None
    assert "Entered on this computer" in outcome.behind.what
    assert "disk is full" in outcome.behind.what
    assert len(_ids(team.first)) == 3
    team.good(team.first)
    assert team_ledger.behind(team.first.vault.store) == 0


def test_only_what_is_new_is_asked_for_and_sent(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much lies there: no list of segments, pages or tables, and not one file read again."""
    second = team.admit()
    for turn in range(2):
        team.good(team.first, *team.statements(f"turn{turn}", 10))
        team.good(second)
    asked: list[str] = []
    for name in ("names", "read", "write", "since"):
        real = getattr(PostgresCarrier, name)

        def noted(self: PostgresCarrier, kind: str, *more: Any, name: str = name, real: Any = real) -> Any:
            asked.append(f"{name} {kind}")
            return real(self, kind, *more)

        monkeypatch.setattr(PostgresCarrier, name, noted)
    team.good(second)
    assert sorted(set(asked)) == ["names epoch", "names mark", "names roll", "since table"]
    asked.clear()
    team.good(team.first, *team.statements("new", 1))
    sent = [one for one in asked if one.startswith("write")]
    assert sent == ["write segment", "write page", "write table"]
    asked.clear()
    team.good(second)
    assert sorted(one for one in asked if one.startswith(("read", "write"))) == [
        "read page",
        "read segment",
        "read table",
    ]
    assert asked.count("names segment") == asked.count("names page") == asked.count("names table") == 0


def test_evidence_counts_as_added_once_the_ledger_has_its_blob(team: Team) -> None:
    """And it is in what the ledger brings back."""
    second = team.admit()
    photo = team.folder / "photo.bin"
    photo.write_bytes(os.urandom(700_000))
    with team.first.entering(alone=False):
        (added,) = intake.add(team.first.vault, [str(photo)], Particulars())
    assert team.first.ledger is not None
    assert (team.first.ledger.behind, team.first.ledger.troubles) == (None, [])
    assert team.first.vault.health().blobs.nowhere == 0
    team.good(second)
    made, found = team.restored("back")
    assert (found.troubles, found.blobs) == ((), 1)
    with closing(team.carrier()) as carrier:
        verified = made.vault.verify(made.vault.shelf)
        assert (verified.blobs, verified.troubles) == (1, ())
        assert team.first.vault.verify(carrier, team.first.vault.office.place(LEDGER)).blobs == 1
    assert added.known is False


def test_a_computer_that_was_withdrawn_is_told_and_enters_nothing_more(team: Team) -> None:
    """At its next command, whose records stay where they are; the others know at theirs."""
    second = team.admit()
    with team.first.entering():
        team.first.withdraw(second.vault.registrar.device)
    assert team.first.ledger is not None
    assert team.first.ledger.behind is None
    there = team.ask("SELECT count(*) FROM estelik_file")
    late = team.enter(second, *team.statements("late", 3))
    assert late.behind is not None
    assert "longer be one of the office" in late.behind.what
    assert team.ask("SELECT count(*) FROM estelik_file") == there
    team.good(team.first, *team.statements("mine", 3))
    assert len(_ids(team.first)) == 3


def test_a_member_finds_only_her_compartments_on_the_ledger(team: Team) -> None:
    """A command with nothing new for her passes what is for others by, also when it comes again."""
    second = team.admit(("testimony",))
    team.good(team.first, *team.statements("one", 10))
    team.good(second)
    assert {one.compartment for one in second.statements()} == {"testimony"}
    assert len(second.statements()) == 2
    team.first.vault.registrar.change_compartments("Aigul", ("testimony", "medical"))
    team.good(team.first)
    team.good(second)
    team.good(team.first)
    team.good(second)
    assert {one.compartment for one in second.statements()} == {"testimony", "medical"}


def test_only_a_database_can_be_a_ledger_and_there_is_one(team: Team, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir(exist_ok=True)
    with pytest.raises(LedgerError, match="kept already"):
        team_ledger.begin(team.first.vault, str(tmp_path / "stick"), {})
    team_ledger.end(team.first.vault)
    with pytest.raises(LedgerError, match="no ledger"):
        team_ledger.end(team.first.vault)
    with pytest.raises(LedgerError, match="PostgreSQL"):
        team_ledger.begin(team.first.vault, str(tmp_path / "stick"), {})
    with pytest.raises(CarrierError):
        team_ledger.begin(team.first.vault, team.address, {"password": "wrong"})
    assert team.first.vault.office.place(LEDGER) is None
    with team.first.entering():
        team.first.add_statements(team.statements("alone", 3))
    assert team.first.ledger is None
    team.first.vault.add_carrier(Place("stick", str(tmp_path / "stick")))
    team.set(team.first)
    team.first.vault.remove_carrier(LEDGER)
    assert not team.first.vault.office.ledger


def test_a_mark_that_is_gone_from_the_ledger_is_told_once_and_left_again(team: Team) -> None:
    """All of the ledger is compared then: more may be gone."""
    team.good(team.first, *team.statements("one", 1))
    team.ask("DELETE FROM estelik_file WHERE kind = 'mark'")
    outcome = team.enter(team.first, *team.statements("two", 1))
    assert outcome.behind is None
    assert [(one.what, one.kind) for one in outcome.troubles] == [("lost", "mark")]
    assert team.ask("SELECT count(*) FROM estelik_file WHERE kind = 'mark'") == [(1,)]
    team.good(team.first, *team.statements("three", 1))
