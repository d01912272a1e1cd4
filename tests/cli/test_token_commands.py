"""Tokens at the command line: made, listed, withdrawn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cheap import CHEAP

from estelik.casebook import Casebook
from estelik.vault import token

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


def test_a_token_is_made_listed_and_withdrawn(shell: Shell) -> None:
    """It is shown once; afterwards nobody can show it, and its name is in no file name."""
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, name="Zhanar", cost=CHEAP).close()
    assert shell.run("token", "list").out == "There is no token.\n"
    made = shell.run("token", "add", "spring count", "--compartment", "testimony", "--days", "2")
    assert made.status == 0, made.err
    assert token.read(made.out.strip()) is not None
    (listed,) = json.loads(shell.run("token", "list", "--json").out)
    assert (listed["name"], listed["member"], listed["compartments"]) == (
        "spring count",
        "Zhanar",
        ["testimony"],
    )
    assert "token" not in listed
    shown = shell.run("token", "list").out
    assert "spring count, of Zhanar; testimony; until" in shown
    assert made.out.strip() not in shown
    assert not [path for path in shell.casebook.rglob("*") if "spring" in path.name]
    devices = json.loads(shell.run("device", "list", "--json").out)
    assert [(one["token"], one["seat"]) for one in devices if one["token"]] == [("spring count", False)]
    for wrong in (("spring count",), ("more", "--days", "0"), ("more", "--member", "Nobody")):
        said = shell.run("token", "add", *wrong, "--compartment", "testimony")
        assert (said.status, said.out) == (2, "")
    assert shell.run("token", "withdraw", "another").status == 2
    assert shell.run("token", "withdraw", "spring count").status == 0
    assert shell.run("token", "list").out == "There is no token.\n"
