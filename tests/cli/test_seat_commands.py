"""Seats at the command line: made, listed, given a passphrase, taken away."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from estelik.casebook import Casebook
from estelik.errors import EstelikError
from estelik.records import COMPARTMENTS
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from tests.cli.conftest import Said, Shell

CHEAP = Cost(memory=8, passes=1, lanes=1)
SHEET = """about,source,told,event,when,compartment
Marhaba,Zulfiya,2019-03,arrest,2017,testimony
Beket,Orazbek,2019-03,arrest,2019,medical
"""
ADD = ("seat", "add", "Aigul", "--compartment", "testimony", "--seat-passphrase-file", "first.txt")


def _fails(said: Said, words: str) -> None:
    assert (said.status, said.out) == (2, ""), said
    assert words in said.err


def _opens(shell: Shell, number: int, passphrase: bytes) -> bool:
    try:
        with Casebook.open_seat(shell.casebook, number, passphrase) as there:
            assert {one.compartment for one in there.statements()} == {"testimony"}
    except EstelikError:
        return False
    return True


@pytest.fixture
def office(shell: Shell) -> Shell:
    """A casebook with two rows, and files with passphrases."""
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, name="Zhanar", cost=CHEAP).close()
    (shell.folder / "sheet.csv").write_text(SHEET)
    (shell.folder / "first.txt").write_text("first\n")
    (shell.folder / "second.txt").write_text("second\n")
    assert shell.run("import", "sheet.csv").status == 0
    return shell


def test_a_seat_is_made_listed_and_taken_away(office: Shell) -> None:
    """With one document each where that is asked for; nobody's name is in a file name."""
    assert office.run("seat", "list").out == "There is no seat on this computer.\n"
    made = json.loads(office.run(*ADD, "--json").out)
    assert (made["number"], made["member"], made["compartments"]) == (1, "Aigul", ["testimony"])
    assert _opens(office, 1, b"first")
    assert office.run("seat", "list").out == "1: Aigul; testimony\n"
    assert json.loads(office.run("seat", "list", "--json").out) == {"seats": [made], "keys_to_change": []}
    assert not [path for path in office.casebook.rglob("*") if "igul" in path.name]
    listed = json.loads(office.run("device", "list", "--json").out)
    assert sorted((one["member"], one["seat"], one["present"]) for one in listed) == [
        ("Aigul", True, True),
        ("Zhanar", False, True),
    ]
    assert "Aigul, since" in office.run("device", "list").out
    assert ", a seat" in office.run("device", "list").out
    assert office.run("seat", "remove", "1").status == 0
    assert not _opens(office, 1, b"first")
    assert json.loads(office.run("seat", "list", "--json").out)["seats"] == []
    assert office.run("timeline", "--json").out.count("Marhaba")


def test_her_passphrase_is_changed_without_that_of_the_computer(office: Shell) -> None:
    office.run(*ADD)
    change = (
        "seat",
        "passphrase",
        "1",
        "--seat-passphrase-file",
        "first.txt",
        "--new-passphrase-file",
        "second.txt",
    )
    nobody = {"ESTELIK_PASSPHRASE_FILE": ""}
    assert json.loads(office.run(*change, "--json", **nobody).out) == {"number": 1}
    assert (_opens(office, 1, b"first"), _opens(office, 1, b"second")) == (False, True)
    before = office.prints()
    _fails(office.run(*change, **nobody), "does not open this seat")
    assert office.prints() == before


def test_what_cannot_be_done_is_said_and_changes_nothing(office: Shell) -> None:
    office.run(*ADD)
    before = office.prints()
    first = ("--seat-passphrase-file", "first.txt")
    _fails(office.run(*ADD), "a member of that name already")
    _fails(office.run("seat", "add", "Nobody", *first), "no member of that name")
    _fails(office.run("seat", "add", "Nobody", "--compartment", "x", *first), "--compartment is one of")
    _fails(office.run("seat", "add", "Aigul"), "There is no passphrase")
    _fails(office.run("seat", "remove", "7"), "no seat of this number")
    _fails(office.run("seat", "remove", "0"), "")
    _fails(office.run("seat", "passphrase", "7", *first, "--new-passphrase-file", "second.txt"), "no seat")
    assert office.prints() == before


def test_a_seat_on_another_computer_is_withdrawn_like_a_computer(office: Shell) -> None:
    """From the list of devices; and a member with all her seats."""
    office.run(*ADD)
    office.run("seat", "add", "Aigul", "--seat-passphrase-file", "second.txt")
    listed = json.loads(office.run("device", "list", "--json").out)
    seats = [one["id"] for one in listed if one["seat"]]
    assert office.run("device", "withdraw", seats[0]).status == 0
    assert sorted((_opens(office, 1, b"first"), _opens(office, 2, b"second"))) == [False, True]
    assert office.run("member", "compartments", "Aigul", *_each(("testimony", "medical"))).status == 0
    assert office.run("member", "withdraw", "Aigul").status == 0
    assert not any((_opens(office, 1, b"first"), _opens(office, 2, b"second")))
    assert office.run("seat", "list").out == "There is no seat on this computer.\n"
    assert not list((office.casebook / "seats").iterdir())


def _each(compartments: tuple[str, ...]) -> list[str]:
    assert set(compartments) <= set(COMPARTMENTS)
    return [word for one in compartments for word in ("--compartment", one)]
