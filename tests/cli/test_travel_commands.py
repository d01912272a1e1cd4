"""What the commands of `estelik travel` print, and how they end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from tests.cli.conftest import Shell

SHEET = """statement,about,testimony,source,told,event,when,after,compartment,quote
1,Marhaba,visit,Zulfiya,2019-03,arrest,2017,,testimony,ol Bahtiyar ketti
2,Marhaba,visit,Zulfiya,2019-03,release,2018,,medical,keldi
3,Gulnar,,Polat,2019-03,arrest,,Marhaba/arrest,testimony,
4,Bahtiyar,,Polat,2019-03,arrest,2016,,testimony,
"""
ADDED = "statement,about,source,event,when\nw1,Marhaba,Aygul,illness,2019\n4,Marhaba,Aygul,return,2020\n"


@pytest.fixture
def home(shell: Shell) -> Shell:
    """A casebook with four statements, and a passphrase for the journey."""
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, cost=Cost(memory=8, passes=1, lanes=1)).close()
    (shell.folder / "sheet.csv").write_text(SHEET)
    (shell.folder / "added.csv").write_text(ADDED)
    (shell.folder / "journey.txt").write_text("a word for the journey\n")
    assert shell.run("import", "sheet.csv").status == 0
    shell.environment["ESTELIK_TRAVEL_PASSPHRASE_FILE"] = "journey.txt"  # noqa: S105 (a file's name)
    return shell


def _away(home: Shell, *words: str) -> str:
    said = home.run(*words, "--casebook", "trip", "--passphrase-file", "journey.txt")
    assert said.status == 0, said.err
    return said.out


def test_a_journey_there_and_back(home: Shell) -> None:
    """With the words of every step, and their JSON."""
    before = home.prints()
    looked = home.run("travel", "trip", "--subject", "Marhaba", "--dry-run")
    assert (looked.status, looked.err) == (0, "")
    assert looked.out.splitlines() == [
        "Statements that go along: testimony 2.",
        "Chosen: Marhaba.",
        "Linked with them, since their dates hang together: Gulnar.",
        "Named in what was said: Bahtiyar.",
        "Whoever opens it could reach these 3.",
    ]
    assert home.prints() == before
    assert not (home.folder / "trip").exists()
    made = home.run("travel", "trip", "--subject", "Marhaba", "--until", "2020-01-01", "--yes", "--json")
    assert json.loads(made.out) == {
        "statements": {"testimony": 2}, "judgements": 0, "files": 0, "chosen": ["Marhaba"],
        "linked": ["Gulnar"], "sources": [], "mentioned": ["Bahtiyar"], "made": True,
    }  # fmt: skip
    (listed,) = home.run("travel", "list").out.splitlines()
    assert listed.endswith("expected 2020-01-01, on its way, OVERDUE")
    assert "illness" not in _away(home, "timeline", "Marhaba")
    assert _away(home, "import", "added.csv") == "2 imported, 0 already there.\n"
    _away(home, "set-aside", "1", "--reason", "misheard")
    looked = home.run("travel", "return", "trip", "--dry-run", "--json")
    found = json.loads(looked.out)
    mark = found["renamed"]["4"]
    assert found == {
        "statements": ["w1", mark], "judgements": 1, "files": 0, "new": 3, "renamed": {"4": mark}, "there": 0,
        "apart": 0, "altered": 0, "gone": 0, "entered": False, "damaged": [],
    }  # fmt: skip
    said = home.run("travel", "return", "trip", "--yes")
    assert (said.status, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"Marhaba: w1, {mark}",
        "Decision: set-aside 1: misheard",
        f"4 becomes {mark}: at home another statement has that id.",
        "All that was added is here. Hand it on: estelik sync",
        "Once a carrier has it, the travel casebook may be destroyed. Estelik does not do that itself.",
    ]
    again = home.run("travel", "return", "trip")
    assert again.out.splitlines()[-4:-2] == ["Already here: 3.", "Nothing was added that is not here."]
    (listed,) = json.loads(home.run("travel", "list", "--json").out)
    assert (listed["until"], listed["records"]) == ("2020-01-01", 4)
    assert listed["returned"]
    assert (home.folder / "trip").exists()


def test_a_journey_that_will_not_come_back_is_struck_out(home: Shell) -> None:
    """One that was never made, or is lost; what was noted of it stays, and it may turn up after all."""
    for name in ("trip", "lost"):
        said = home.run("travel", name, "--subject", "Marhaba", "--until", "2020-01-01", "--yes")
        assert said.status == 0, said.err
    ids = [one["id"] for one in json.loads(home.run("travel", "list", "--json").out)]
    for words, wrong in (
        (("strike", "nobody", "--reason", "x"), "There is no such journey."),
        (("strike", ids[1]), "--reason is missing."),
        (("strike", ids[1], "--reason", " "), "There is no reason that can be read."),
        (("strike", ids[1], "--reason", "a\x1b[2J"), "There is no reason that can be read."),
    ):
        before = home.prints()
        said = home.run("travel", *words)
        assert (said.status, wrong in said.err) == (2, True), said.err
        assert home.prints() == before
    said = home.run("travel", "strike", ids[1], "--reason", "lost  on the train")
    assert (said.status, said.out, said.err) == (0, "", "Struck out. Nothing was deleted.\n")
    first, second = home.run("travel", "list").out.splitlines()
    assert first.endswith("expected 2020-01-01, on its way, OVERDUE")
    assert second.startswith(f"{ids[1]}: left ")
    assert second.endswith(": lost on the train")
    assert "OVERDUE" not in second
    assert ", expected 2020-01-01, struck out 20" in second
    again = home.run("travel", "strike", ids[1], "--reason", "x")
    assert (again.status, "This journey was struck out before." in again.err) == (2, True)
    (_, struck) = json.loads(home.run("travel", "list", "--json").out)
    assert (struck["reason"], bool(struck["struck"]), struck["returned"]) == ("lost on the train", True, "")
    assert home.run("travel", "return", "lost", "--yes").status == 0
    assert ", came back 20" in home.run("travel", "list").out.splitlines()[1]
    late = home.run("travel", "strike", ids[1], "--reason", "x")
    assert (late.status, "This journey came back." in late.err) == (2, True)


WRONG = [
    (("travel", "trip", "--subject", "Marhaba"), "Nobody can be asked."),
    (("travel", "trip", "--yes"), "--subject is missing."),
    (("travel", "trip", "--subject", "Nobody", "--yes"), "Nothing is recorded"),
    (("travel", "trip", "--subject", "Marhaba", "--until", "soon", "--yes"), "This is no date."),
    (
        ("travel", "casebook", "--subject", "Marhaba", "--yes"),
        "There is a casebook in this folder already.",
    ),
    (
        ("travel", "trip", "--subject", "Marhaba", "--yes", "--travel-passphrase-file", "passphrase.txt"),
        "This passphrase opens the casebook at home",
    ),
    (("travel", "return", "trip"), "There is no casebook in this folder."),
    (
        ("travel", "return", "casebook", "--travel-passphrase-file", "passphrase.txt"),
        "This is no travel casebook that left from here.",
    ),
]


def test_what_cannot_be_done_is_said_and_nothing_written(home: Shell) -> None:
    before = home.prints()
    for words, wrong in WRONG:
        said = home.run(*words)
        assert (said.status, wrong in said.err) == (2, True), said.err
        assert not any(name in said.err for name in ("Zulfiya", "Marhaba"))
        assert home.prints() == before
        assert not (home.folder / "trip").exists()


def test_a_journey_is_packed_while_the_casebook_is_unlocked(home: Shell) -> None:
    """A lock then leaves none of it."""
    assert home.run("unlock").status == 0
    del home.environment["ESTELIK_PASSPHRASE_FILE"]
    assert home.run("travel", "trip", "--subject", "Marhaba", "--yes").status == 0
    assert home.run("lock").status == 0
    said = home.run("travel", "again", "--subject", "Marhaba", "--yes")
    assert (said.status, "There is no passphrase." in said.err) == (2, True)
