"""Releases, by the commands: nothing is approved while a finding is open, and it takes two to let one
stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.cheap import CHEAP
from tests.cli.test_consent_commands import agree, document, done

from estelik.casebook import Casebook
from estelik.ids import new_id
from estelik.index import releases
from estelik.records.release import Ruling

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk, Said


SHEET = """\
statement,testimony,source,told,about,event,fact,value,when,place,quote,corrects,role
s1,t1,Bolat,2021-07-03,Aigul,arrest,,,2018-02,Tekes,Камила видела это.,,perceived
s2,t1,Bolat,2021-07-03,Aigul,arrest,,,2018-03,Tekes,,s1,perceived
s3,t2,Camila,2022-01-05,Aigul,release,,,2019-06,,,,perceived
s4,t2,Camila,2022-01-05,Aigul,,occupation,teacher,,,,,perceived
"""


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook in which Aigul may be shown under a pseudonym, her tellers without any name."""
    out = new_desk(SHEET)
    agree(out, "Bolat", "--media", "words")
    agree(out, "Camila")
    agree(out, "Aigul", "--identity", "pseudonym")
    done(out.run("pseudonym", "set", "Aigul", "--for", "public"))
    return out


def checked(desk: Desk, release: str) -> dict[str, Any]:
    said = desk.run("release", "check", release, "--json")
    found: dict[str, Any] = json.loads(said.out)
    assert said.status == (1 if found["open"] else 0)
    return found


def test_a_release_is_mended_until_nothing_is_open_and_then_approved(desk: Desk) -> None:
    """Each finding is in words, what mends it is told, and what was corrected does not come back."""
    release = done(desk.run("release", "draft", "First"))
    found = checked(desk, release)
    says = " ".join(one["says"] for one in found["findings"])
    assert "Of all people only one fits" in says
    assert "could have told this" in says
    assert "Камила" in says
    assert desk.run("release", "approve", release).status == 2
    for _ in range(6):
        found = checked(desk, release)
        if not found["open"]:
            break
        prints = [one["finding"] for one in found["findings"]]
        assert desk.run("release", "mend", release, *prints, "--reason", "too much").status == 0
    assert not checked(desk, release)["open"]
    # One person alone cannot hide in a casebook of one: nothing may be left of her.
    said = desk.run("release", "approve", release)
    assert (said.status, "Nothing is in it" in said.err) == (2, True)


def test_a_row_that_is_left_out_takes_along_what_it_corrects(desk: Desk) -> None:
    """Without the later word the earlier one would count again."""
    release = done(desk.run("release", "draft", "First"))
    before = desk.run("release", "change", release, "s4", "--reason", "x").err
    assert "with 3 statements" in before
    after = desk.run("release", "change", release, "s2", "--reason", "x").err
    assert "with 1 statements" in after


def test_it_takes_two_members_to_let_a_finding_stand(desk: Desk) -> None:
    """The same member twice is one; a record that claims another's device is none."""
    release = done(desk.run("release", "draft", "First"))
    one = checked(desk, release)["findings"][0]["finding"]
    for _ in range(2):
        assert desk.run("release", "let", release, one, "--reason", "she wants it so").status == 0
    state = next(each["state"] for each in checked(desk, release)["findings"] if each["finding"] == one)
    assert state == "one member lets it stand; it takes a second"
    passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
    with Casebook.open(desk.folder / "casebook", passphrase) as book:
        store, registrar = book.vault.store, book.vault.registrar
        whole = next(
            each.record.finding
            for each in releases.every(store, registrar)
            if isinstance(each.record, Ruling)
        )
        forged = Ruling(new_id(), "2024-06-01T00:00:00+00:00", "another-device", release, whole, "me too")
        releases.enter(store, registrar, [forged])
        said = [each for each in releases.every(store, registrar) if isinstance(each.record, Ruling)]
        assert {each.record.device for each in said} == {book.vault.device}


def test_a_person_who_withdraws_leaves_and_what_cannot_be_undone_is_said(desk: Desk) -> None:
    """A release without her has nothing of her; withdrawn whole, it lets out nothing, for ever."""
    release = done(desk.run("release", "draft", "First"))
    said = desk.run("release", "withdraw", release, "Aigul", "--reason", "she asked")
    assert (said.status, "never published" in said.err) == (0, True)
    said = desk.run("release", "change", release, "s3", "--reason", "x")
    assert "0 lives" in said.err
    assert desk.run("release", "withdraw", release, "--reason", "all").status == 0
    for command in (("check", release), ("approve", release), ("withdraw", release, "--reason", "x")):
        said = desk.run("release", *command)
        assert (said.status, "withdrawn" in said.err) == (2, True), command
    assert document(desk.run("release", "list", "--json"))[0]["withdrawn"]


@pytest.mark.parametrize(
    "command",
    [
        ("draft", " "),
        ("draft", "First", "Nobody"),
        ("check", "nothing"),
        ("change", "ID", "s9", "--reason", "x"),
        ("change", "ID", "s1", "--column", "about", "--to", "X", "--reason", "x"),
        ("change", "ID", "s1", "--column", "when", "--to", "spring", "--reason", "x"),
        ("change", "ID", "s1", "--to", "2018", "--reason", "x"),
        ("change", "ID", "s1", "--reason", " "),
        ("let", "ID", "", "--reason", "x"),
        ("mend", "ID", "ffff", "--reason", "x"),
        ("check", "ID", "--list", "nowhere.csv"),
        ("withdraw", "ID", "Nobody", "--reason", "x"),
    ],
)
def test_what_cannot_be_followed_is_told_and_nothing_is_written(desk: Desk, command: tuple[str, ...]) -> None:
    """No such release, person, statement, finding, column; cells that do not fit; an empty reason."""
    release = done(desk.run("release", "draft", "First"))
    said = desk.run("release", *(release if word == "ID" else word for word in command))
    assert said.status == 2
    assert "inside Estelik" not in said.err
    assert len(document(desk.run("release", "list", "--json"))) == 1


def test_who_left_the_office_has_no_say_in_what_is_let_stand(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two let a finding stand; when one of them has left, it takes another one again."""
    book = str(desk.folder / "casebook")
    words = document(desk.run("member", "list", "--json"))["office"]
    passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
    Casebook.join(desk.folder / "hers", passphrase, words, cost=CHEAP).close()
    (desk.folder / "stick").mkdir()

    def at(folder: str, *command: str) -> Said:
        monkeypatch.setenv("ESTELIK_CASEBOOK", folder)
        return desk.run(*command)

    hers = str(desk.folder / "hers")
    asked = document(at(hers, "device", "request", "request.txt", "--json"))["words"]
    release = done(at(book, "release", "draft", "First"))
    one = next(each["finding"] for each in checked(desk, release)["findings"])
    holds = ("--compartment", "testimony", "--compartment", "source")
    done(at(book, "member", "admit", "request.txt", "--name", "Aigul", *holds, "--words", asked))
    for folder in (book, hers):
        at(folder, "carrier", "add", "stick", "stick")
        assert at(folder, "sync").status == 0
    assert at(hers, "release", "let", release, one, "--reason", "she wants it so").status == 0
    assert "was not looked for" in at(hers, "release", "check", release).err
    assert "was not looked for" not in at(book, "release", "check", release).err
    assert at(hers, "sync").status == 0
    assert at(book, "sync").status == 0
    said = at(book, "release", "let", release, one, "--reason", "she wants it so")
    assert "let stand" in said.err.lower()

    def state() -> str:
        return next(
            str(each["state"]) for each in checked(desk, release)["findings"] if each["finding"] == one
        )

    assert state() == "let stand"
    assert at(book, "member", "withdraw", "Aigul", "--json").status == 0
    assert state() == "one member lets it stand; it takes a second"
