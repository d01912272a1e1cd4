"""Several people at the command line: joining, what each sees, leaving."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from estelik.casebook import Casebook
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from tests.cli.conftest import Said, Shell

CHEAP = Cost(memory=8, passes=1, lanes=1)
#: Each row plants a word; those of the first compartment are what she may read.
SHEET = """statement,about,source,told,event,when,compartment,quote
t-1,Marhaba,Zulfiya,2019-03,arrest,2017,testimony,ol qorqyp ketti
t-2,Marhaba,Zulfiya,2019-03,release,2018,testimony,keldi
s-1,Zulfiya,Zulfiya,2019-03,arrest,2016,testimony,sourceplanted
m-1,Beket,Orazbek,2019-03,illness-planted,2019,medical,medicalplanted
c-1,Saltanat,Orazbek,2019-03,visit-planted,2019,casework,caseworkplanted
"""
OPEN = ("Marhaba", "qorqyp", "keldi")
SHUT = ("Zulfiya", "Orazbek", "Beket", "Saltanat", "planted", "s-1", "m-1", "c-1")


def _json(said: Said) -> Any:
    assert (said.status, said.out.count("\n")) == (0, 1), said
    return json.loads(said.out)


@pytest.fixture
def two(shell: Shell) -> tuple[Shell, dict[str, str]]:
    """A coordinator's casebook, and that of a member who holds ``testimony``; both have synced."""
    (shell.folder / "sheet.csv").write_text(SHEET)
    (shell.folder / "stick").mkdir()
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    # The commands that make casebooks are those of the how-to; here the derivation costs nothing.
    Casebook.create(shell.casebook, passphrase, name="Zhanar", cost=CHEAP).close()
    assert shell.run("import", "sheet.csv").status == 0
    hers = {"ESTELIK_CASEBOOK": str(shell.folder / "hers")}
    words = _json(shell.run("member", "list", "--json"))["office"]
    Casebook.join(shell.folder / "hers", passphrase, words, cost=CHEAP).close()
    asked = _json(shell.run("device", "request", "request.txt", "--json", **hers))["words"]
    waits = shell.run("timeline", "--json", **hers)
    assert (waits.out, waits.status) == ("[]\n", 0)
    wrong = " ".join(reversed(asked.split()))
    admit = ("member", "admit", "request.txt", "--name", "Aigul", "--compartment", "testimony")
    refused = shell.run(*admit, "--words", wrong)
    assert (refused.out, refused.status) == ("", 2)
    assert "not the words" in refused.err
    assert _json(shell.run(*admit, "--words", asked, "--json"))["compartments"] == ["testimony"]
    shell.run("carrier", "add", "stick", "stick")
    shell.run("carrier", "add", "stick", "stick", **hers)
    early = shell.run("sync", **hers)
    assert early.status == 2
    assert "not admitted" in early.err
    assert _json(shell.run("sync", "--json"))["carriers"][0]["troubles"] == []
    assert _json(shell.run("sync", "--json", **hers))["carriers"][0]["records"] == 3
    return shell, hers


def test_a_member_without_a_compartment_finds_nothing_of_it(two: tuple[Shell, dict[str, str]]) -> None:
    """Every command works for her, and none shows a word or a number of what she may not read."""
    shell, hers = two
    said = []
    for arguments in (
        ("timeline", "--json"),
        ("timeline",),
        ("timeline", "Marhaba"),
        ("questions", "Marhaba"),
        ("encounters", "Marhaba"),
        ("status", "Marhaba", "--on", "2017-06-01"),
        ("explain", "Marhaba", "arrest"),
        ("export", "out.csv"),
        ("export", "out.xlsx"),
        ("report", "-o", "out.html"),
        ("verify",),
        ("verify", "stick"),
        ("verify", "stick", "--json"),
        ("health",),
        ("health", "--json"),
        ("compartment", "list"),
        ("member", "list"),
        ("device", "list"),
        ("sync",),
        ("sync", "--json"),
        ("set-aside", "t-2", "--reason", "so"),
        ("drill", "raid", "--json"),
        ("timeline", "Beket"),
        ("explain", "Beket", "arrest"),
        ("import", "sheet.csv"),
        ("allow", "Marhaba", "arrest", "--source", "x", "--reason", "so"),
    ):
        found = shell.run(*arguments, **hers)
        said.append((arguments, found))
        assert "went wrong" not in found.err, (arguments, found)
    status = {arguments: found.status for arguments, found in said}
    assert {arguments for arguments, code in status.items() if code} == {
        ("timeline", "Beket"),
        ("explain", "Beket", "arrest"),
        ("import", "sheet.csv"),
        ("allow", "Marhaba", "arrest", "--source", "x", "--reason", "so"),
    }
    by = dict(said)
    assert "sources are not open to you" in by["import", "sheet.csv"].err
    out = "".join(found.out + found.err for _, found in said)
    written = [(shell.folder / name).read_bytes() for name in ("out.csv", "out.html")]
    for word in SHUT:
        assert word not in out
        assert not any(word.encode() in data for data in written)
    assert all(word in (shell.folder / "out.csv").read_text() for word in OPEN)
    held = _json(by["verify", "stick", "--json"])
    assert (held["records"], held["unknown"], held["troubles"]) == (3, None, [])
    files = {path.name for path in (shell.folder / "hers").iterdir()}
    assert files == {"keys.json", "office.sealed", "sealed", "testimony.db"}
    small = {"segment": 1, "page": 1, "table": 1, "epoch": 1}
    there = {kind: len(list((shell.folder / "hers/sealed/estelik" / kind).iterdir())) for kind in small}
    assert all(there[kind] <= 3 for kind in small)


def test_members_computers_and_compartments_are_listed(two: tuple[Shell, dict[str, str]]) -> None:
    """In words and as JSON; and a computer that was withdrawn says so itself."""
    shell, hers = two
    members = _json(shell.run("member", "list", "--json"))["members"]
    assert {(one["name"], one["coordinator"], tuple(one["compartments"])) for one in members} == {
        ("Zhanar", True, ("testimony", "source", "casework", "medical", "public")),
        ("Aigul", False, ("testimony",)),
    }
    lines = shell.run("member", "list", **hers).out.splitlines()
    assert lines[1:] == [
        "Aigul: testimony; you; 1 computer",
        "Zhanar: testimony, source, casework, medical, public; coordinator; 1 computer",
    ]
    (here,) = [one for one in _json(shell.run("device", "list", "--json", **hers)) if one["here"]]
    assert here["member"] == "Aigul"
    held = _json(shell.run("compartment", "list", "--json", **hers))
    assert [(one["name"], one["members"]) for one in held] == [("testimony", ["Aigul", "Zhanar"])]
    said = shell.run("member", "withdraw", "Zhanar", **hers)
    assert (said.out, said.status) == ("", 2)
    assert "coordinator" in said.err
    found = _json(shell.run("member", "withdraw", "Aigul", "--json"))
    assert found == {"records": {"testimony": 3}, "others": []}
    assert shell.run("sync").status == 0
    assert "left" in shell.run("member", "list").out
    late = shell.run("sync", **hers)
    assert late.status == 1
    assert "no longer for you" in late.err
    done = _json(shell.run("compartment", "rotate", "--now", "--json"))
    assert len(done["rotated"]) == 5
