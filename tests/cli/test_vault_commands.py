"""What the commands of the vault print, and how they end."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from estelik.casebook import Casebook
from estelik.vault.keys import Cost

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Said, Shell

SHEET = """statement,about,source,told,event,when,compartment,quote
1,Marhaba,Zulfiya,2019-03,arrest,2017,testimony,ol qorqyp ketti
2,Marhaba,Zulfiya,2019-03,release,2018,testimony,keldi
3,Marhaba,Zulfiya,2019-03,return,2019,medical,uide
"""
MARKERS = ("Marhaba", "Zulfiya", "qorqyp", "what the children called")


@pytest.fixture
def office(shell: Shell) -> Shell:
    """A casebook with three statements, whose keys are derived at once, and a stick."""
    (shell.folder / "sheet.csv").write_text(SHEET)
    (shell.folder / "stick").mkdir()
    passphrase = (shell.folder / "passphrase.txt").read_bytes().strip()
    Casebook.create(shell.casebook, passphrase, cost=Cost(memory=8, passes=1, lanes=1)).close()
    assert shell.run("import", "sheet.csv").status == 0
    return shell


def _json(said: Said) -> Any:
    assert said.out.count("\n") == 1
    return json.loads(said.out)


def _shares(shell: Shell) -> list[str]:
    said = shell.run("custody", "share", "--needed", "2", "--shares", "3", "--yes", "--json")
    assert said.status == 0
    made = _json(said)
    assert made.keys() == {"needed", "shares"}
    shares: list[str] = made["shares"]
    return shares


def _bytes(*folders: Path) -> list[tuple[str, bytes]]:
    return [
        (str(path.relative_to(folder)), path.read_bytes())
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    ]


def test_the_first_day_of_an_office(office: Shell) -> None:
    """Carriers, sync, verify, shares and health, each with its words, its JSON and its exit status 0."""
    stick = str(office.folder / "stick")
    count = _json(office.run("health", "--json"))["records"]
    assert office.run("health").out.splitlines() == [
        f"Copies: this computer has {count} records; no carrier yet.",
        f"On no carrier: {count} records would be lost in a raid.",
        "Shares: the secret is on this computer alone (estelik custody share).",
    ]
    said = office.run("carrier", "add", "stick", "stick")
    assert (said.out, said.status) == ("", 0)
    assert said.err == "Added. To hand on what it lacks: estelik sync stick\n"
    assert office.run("carrier", "list").out == f"stick: {stick}, never synced\n"
    assert _json(office.run("carrier", "list", "--json")) == [
        {"name": "stick", "address": stick, "synced": 0}
    ]
    synced = _json(office.run("sync", "--json"))
    assert synced.keys() == {"sealed", "carriers"}
    (one,) = synced["carriers"]
    assert one.keys() == {"carrier", "files", "bytes", "records", "troubles"}
    assert (one["carrier"], one["troubles"]) == ("stick", [])
    assert office.run("sync", "stick").out == "stick: 0 files, 0 bytes.\n"
    for arguments in (("verify",), ("verify", "stick")):
        checked = _json(office.run(*arguments, "--json"))
        assert checked == {
            "records": synced["sealed"],
            "troubles": [],
            "unknown": 0,
            "behind": 0,
            "blobs": 0,
            "blobs_behind": 0,
        }
    assert office.run("verify").out == f"{synced['sealed']} records are there, unchanged.\n"
    shares = _shares(office)
    assert len(shares) == 3
    again = office.run("custody", "share", "--yes")
    assert (again.out, again.status) == ("", 2)
    assert "shared out before" in again.err
    assert office.run("custody", "confirm", "2").status == 0
    assert office.run("health").out.splitlines() == [
        f"Copies: this computer has {synced['sealed']} records; stick has {synced['sealed']} (today).",
        "On no carrier: 0 records.",
        "Shares: 2 of 3 needed, 1 confirmed in the last year.",
    ]
    health = _json(office.run("health", "--json"))
    assert health.keys() == {"records", "nowhere", "carriers", "custody", "secret", "blobs"}
    assert (health["nowhere"], health["secret"]) == (0, False)
    assert health["custody"].keys() == {"needed", "shares", "made", "confirmed"}
    said = office.run("carrier", "remove", "stick")
    assert (said.out, said.err, said.status) == ("", "Forgotten. What lies on it stays there.\n", 0)
    assert list((office.folder / "stick").rglob("*"))


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace, to let a disk fail")
def test_the_secret_is_not_forgotten_before_the_disk_has_its_shares(office: Shell) -> None:
    """Otherwise a power cut right after would leave neither."""
    shares = office.folder / "shares.json"
    with shares.open("wb") as file:
        done = subprocess.run(
            ["strace", "-f", "-qq", "-o", "/dev/null", "-P", str(shares), "-e", "trace=fsync",
             "-e", "inject=fsync:error=EIO", sys.executable, "-m", "estelik",
             "custody", "share", "--yes", "--json"],
            env=office.environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE,
            text=True, check=False,
        )  # fmt: skip
    if not shares.read_bytes():
        pytest.skip("this machine does not let a program be traced")
    assert done.returncode == 2, done.stderr
    assert "no longer on this computer" not in done.stderr
    assert _shares(office)


def test_an_office_comes_back_from_a_stick_and_two_shares(office: Shell) -> None:
    """Restored under a passphrase of its own, with the same statements, and ready to work."""
    office.run("carrier", "add", "stick", "stick")
    sealed = _json(office.run("sync", "--json"))["sealed"]
    shares = _shares(office)
    (office.folder / "shares.txt").write_text("\n\n".join(shares[1:]).upper() + "\n")
    exported = office.run("timeline", "Marhaba", "--json").out
    new = {"ESTELIK_CASEBOOK": str(office.folder / "back")}
    said = office.run("restore", "stick", "--shares", "shares.txt", "--json", **new)
    assert _json(said) == {"records": sealed, "erased": 0, "others": 0, "troubles": [], "blobs": 0}
    assert (said.err, said.status) == ("", 0)
    assert office.run("timeline", "Marhaba", "--json", **new).out == exported
    assert office.run("import", "sheet.csv", **new).status == 0
    health = office.run("health", **new).out.splitlines()
    assert health[2].startswith("Shares: the secret is not on this computer; whether it was shared out")
    assert office.run("custody", "share", "--yes", **new).status == 2
    taken = office.run("restore", "stick", "--shares", "shares.txt", **new)
    assert (taken.out, taken.status) == ("", 2)
    assert "already" in taken.err


def test_a_restore_that_cannot_be_is_told_and_writes_nothing(office: Shell) -> None:
    """Too few shares, wrong ones, those of another office, no shares, an empty carrier, or none at all."""
    office.run("carrier", "add", "stick", "stick")
    office.run("sync")
    shares = _shares(office)
    other = {"ESTELIK_CASEBOOK": str(office.folder / "other")}
    office.run("init", **other)
    strange = json.loads(
        office.run("custody", "share", "--needed", "2", "--shares", "2", "--yes", "--json", **other).out
    )["shares"]
    (office.folder / "empty").mkdir()
    words = shares[0].split()
    words[5] = "academic" if words[5] != "academic" else "acid"
    cases = {
        "few": ("stick", shares[:1]),
        "mixed": ("stick", [shares[0], strange[1]]),
        "wrong": ("stick", [" ".join(words), shares[1]]),
        "strange": ("stick", strange),
        "none": ("stick", []),
        "empty": ("empty", shares[:2]),
        "nowhere": ("not-there", shares[:2]),
        "secret": ("s3://user:word@host/x", shares[:2]),
    }
    for name, (_, given) in cases.items():
        (office.folder / f"{name}.txt").write_text("\n".join(given))
    before = {path.name for path in office.folder.iterdir()}
    for name, (address, given) in cases.items():
        said = office.run(
            "restore", address, "--shares", f"{name}.txt", ESTELIK_CASEBOOK=str(office.folder / "back")
        )
        assert (name, said.out, said.status) == (name, "", 2)
        # Single words of shares are words of any language.
        assert not any(" ".join(share.split()[4:6]) in said.err for share in given)
        assert "Traceback" not in said.err
    assert office.run("restore", "stick", ESTELIK_CASEBOOK=str(office.folder / "back")).status == 2
    assert {path.name for path in office.folder.iterdir()} == before


def test_what_is_missing_on_a_carrier_ends_with_status_1(office: Shell) -> None:
    """Restore, verify and sync name it; sync makes it good."""
    office.run("carrier", "add", "stick", "stick")
    sealed = _json(office.run("sync", "--json"))["sealed"]
    shares = _shares(office)
    (office.folder / "shares.txt").write_text("\n".join(shares))
    next((office.folder / "stick" / "estelik" / "page").iterdir()).unlink()
    said = office.run("verify", "stick")
    assert (said.status, said.err.count("A key page is missing")) == (1, 1)
    back = office.run(
        "restore", "stick", "--shares", "shares.txt", "--json", ESTELIK_CASEBOOK=str(office.folder / "back")
    )
    found = _json(back)
    assert back.status == 1
    assert 0 < found["records"] < sealed
    assert found["troubles"][0].keys() == {"what", "kind", "name", "compartment", "device", "number"}
    said = office.run("sync")
    assert (said.status, said.err.count("was gone; it was handed on again")) == (1, 1)
    assert office.run("sync").status == 0
    assert office.run("verify", "stick").status == 0


def test_a_damaged_page_that_no_command_reads_is_found_by_verify(office: Shell) -> None:
    """Before anything is sealed, and in a compartment that holds next to nothing."""
    for compartment, back in (("testimony", 20000), ("medical", 20000)):
        path = office.casebook / f"{compartment}.db"
        whole = path.read_bytes()
        place = len(whole) - back
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        said = office.run("verify")
        assert said.status == 1
        told, unsealed = said.err.splitlines()
        assert told == f"A database of this casebook is damaged, or was changed ({compartment})."
        assert unsealed.endswith("records are in no sealed file yet (estelik sync).")
        path.write_bytes(whole)


def test_a_carrier_that_is_not_there_keeps_no_other_from_its_copy(office: Shell) -> None:
    """The stick is told as not there by its name, the others are served, and the exit status is 2."""
    (office.folder / "disk").mkdir()
    office.run("carrier", "add", "stick", "stick")
    office.run("carrier", "add", "disk", "disk")
    shutil.rmtree(office.folder / "stick")
    said = office.run("sync", "--json")
    assert said.status == 2
    assert said.err.startswith("stick: The carrier is not there.")
    first, second = _json(said)["carriers"]
    assert first == {"carrier": "stick", "failed": "The carrier is not there."}
    assert second["files"] > 0
    assert office.run("verify", "disk").status == 0
    assert office.run("verify", "stick").status == 2


REFUSED: list[tuple[str, ...]] = [
    ("carrier", "add", "far", "not-there"),
    ("carrier", "add", "far", "ftp://host/x"),
    ("carrier", "add", "far", "s3://key:word@bucket"),
    ("carrier", "add", "stick", "stick", "--secret", "password=missing"),
    ("carrier", "add", "", "stick"),
    ("carrier", "add", "inside", "casebook/sealed"),
    ("carrier", "remove", "far"),
    ("carrier", "add", "far"),
    ("sync",),
    ("sync", "far"),
    ("sync", ""),
    ("verify", "far"),
    ("custody", "confirm", "1"),
    ("custody", "confirm", "one"),
    ("custody", "share"),
    ("custody", "share", "--needed", "1", "--yes"),
    ("custody", "share", "--needed", "6", "--yes"),
    ("drill", "flood"),
]


def test_what_cannot_be_followed_ends_with_status_2_and_changes_nothing(office: Shell) -> None:
    """No file of the casebook is another afterwards, and nothing is printed on stdout."""
    (office.folder / "casebook" / "sealed").mkdir(exist_ok=True)
    before = office.prints()
    for arguments in REFUSED:
        said = office.run(*arguments)
        assert (arguments, said.out, said.status) == (arguments, "", 2)
        assert "Traceback" not in said.err
        assert "inside Estelik" not in said.err
    assert office.prints() == before


def test_a_drill_brings_everything_back_and_leaves_nothing_behind(office: Shell) -> None:
    """Its JSON has five fields; the casebook, its carriers and the temporary folder are as they were."""
    office.run("carrier", "add", "stick", "stick")
    temporary = office.folder / "tmp"
    temporary.mkdir()
    before, stick = office.prints(), _bytes(office.folder / "stick")
    said = office.run("drill", "raid", "--json", TMPDIR=str(temporary))
    found = _json(said)
    assert list(found) == ["records", "restored", "lost", "identical", "seconds"]
    assert found["records"] == found["restored"] == found["lost"] > 0
    assert found["identical"] is True
    assert (said.err, said.status) == ("", 0)
    assert _bytes(office.folder / "stick") == stick
    office.run("sync")
    said = office.run("drill", "raid", TMPDIR=str(temporary))
    assert said.status == 0
    assert "every one as it was" in said.out
    assert "would lose" not in said.out
    assert list(temporary.iterdir()) == []
    assert before.keys() <= office.prints().keys()


def test_what_is_damaged_is_mended_when_asked(office: Shell) -> None:
    """On the stick from this computer, and on this computer from the stick; without the word it stays."""
    office.run("carrier", "add", "stick", "stick")
    office.run("sync")
    for name, home in ((("stick",), office.folder / "stick"), ((), office.casebook / "sealed")):
        path = next((home / "estelik" / "segment").iterdir())
        data = path.read_bytes()
        path.write_bytes(data[:-1])
        assert office.run("verify", *name).status == 1
        assert path.read_bytes() == data[:-1]
        said = office.run("verify", *name, "--mend")
        assert (said.status, said.err) == (0, "Files that were mended: 1.\n")
        assert path.read_bytes() == data
        assert office.run("verify", *name).status == 0


def test_a_stick_that_is_not_plugged_in_is_told(office: Shell) -> None:
    """Its empty mount point is not filled, also when nothing was ever synced."""
    office.run("carrier", "add", "stick", "stick")
    (office.folder / "stick").rename(office.folder / "elsewhere")
    (office.folder / "stick").mkdir()
    said = office.run("sync")
    assert said.status == 2
    assert "not the carrier" in said.err
    assert list((office.folder / "stick").iterdir()) == []


def test_a_restore_into_a_casebook_is_refused_before_shares_are_asked_for(office: Shell) -> None:
    before = office.prints()
    said = office.run("restore", "stick")
    assert said.status == 2
    assert "There is a casebook in this folder already. Nothing was written." in said.err
    assert "carrier add and estelik sync go on with it" in said.err
    assert office.prints() == before


def test_no_planted_word_is_found_anywhere(office: Shell) -> None:
    """In no file, file name or message of any command, besides what it was asked to show."""
    (office.folder / "password.txt").write_text("swordfish\n")
    commands = [
        ("carrier", "add", "Bakhytgul", "stick"),
        ("carrier", "add", "Bakhytgul", "stick"),
        ("sync",),
        ("verify", "Bakhytgul"),
        ("health", "--json"),
        ("drill", "raid", "--json"),
        ("carrier", "add", "far", "webdav://127.0.0.1:1/x", "--secret", "password=password.txt"),
        ("restore", "stick", "--shares", "passphrase.txt", "--casebook", "back"),
    ]
    said = [office.run(*command) for command in commands]
    shares = _shares(office)
    (office.folder / "shares.txt").write_text("\n".join(shares))
    said.append(office.run("restore", "stick", "--shares", "shares.txt", ESTELIK_CASEBOOK="back"))
    assert [one.status for one in said] == [0, 2, 0, 0, 0, 0, 2, 2, 0]
    for one in said:
        assert not any(marker in one.out + one.err for marker in (*MARKERS, "swordfish"))
        assert not any(" ".join(share.split()[:3]) in one.out + one.err for share in shares)
    needles = [marker.encode() for marker in (*MARKERS, "swordfish", "Bakhytgul", *shares)]
    for name, data in _bytes(office.casebook, office.folder / "stick", office.folder / "back"):
        assert not any(needle in data or needle.decode() in name for needle in needles), name
    for folder in (office.casebook, office.folder / "back"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "sealed").stat().st_mode) == 0o700
        for path in folder.iterdir():
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)
