"""Publishing, by the commands: what was approved leaves whole; what was withdrawn is in no byte of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.cli.test_consent_commands import agree, document, done

from estelik.casebook import Casebook
from estelik.index import consents, releases
from estelik.publication import dataset, site
from estelik.records import Statement
from estelik.records.consent import Withdrawal
from estelik.records.release import Publication

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Desk


SHEET = """\
statement,testimony,source,told,about,event,fact,value,when,place,quote,note
s1,t1,Aigul,2021-07-03,Aigul,arrest,,,2018-02,Tekes,It was cold that day.,ask Gulnar at the desk
s2,t1,Aigul,2021-07-03,Aigul,release,,,2019-06,,,
s3,t2,Camila,2022-01-05,Camila,arrest,,,2017,Ghulja,,
s4,t3,Zarina,2022-01-05,Aigul,camp-entry,,,2018-05,,Only Zarina knows.,
"""


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook of which Aigul and Camila let out what they told of themselves; Zarina said nothing."""
    out = new_desk(SHEET)
    agree(out, "Aigul", "--identity", "named", "--consent", "aigul", "--media", "words")
    agree(out, "Camila", "--identity", "named", "--consent", "camila")
    return out


def approved(desk: Desk) -> str:
    release = done(desk.run("release", "draft", "A registry"))
    assert desk.run("release", "check", release).status == 0
    assert desk.run("release", "approve", release).status == 0
    return release


def every_byte(folder: Path) -> str:
    return "\n".join(
        f"{path.relative_to(folder)}\n{path.read_bytes().decode('utf-8', 'replace')}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def test_what_was_approved_is_published_and_what_is_hidden_is_in_no_byte(desk: Desk) -> None:
    """Pages and data name those who said yes; another's word, a note, the day of a telling are nowhere."""
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    text = every_byte(desk.folder / "site")
    assert "Aigul" in text
    assert "It was cold that day." in text
    assert (desk.folder / "site" / "data" / "datapackage.json").is_file()
    assert "Zarina" not in text
    assert "Gulnar" not in text
    assert document(desk.run("release", "list", "--json"))[0]["published"]


def test_who_withdraws_is_gone_at_the_next_build(desk: Desk) -> None:
    """From pages, lists, search, feed and data; and what cannot be undone is said."""
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    said = desk.run("release", "withdraw", release, "Camila", "--reason", "she asked")
    assert "It left on" in said.out
    stale = desk.run("release", "publish", release, "-o", "site")
    assert (stale.status, "not what was approved" in stale.err) == (2, True)
    assert "Camila" in every_byte(desk.folder / "site")
    assert desk.run("release", "approve", release).status == 0
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    text = every_byte(desk.folder / "site")
    assert "Camila" not in text
    assert "Ghulja" not in text
    assert "Aigul" in text


def test_a_consent_that_is_withdrawn_while_a_build_runs_stops_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is published, nothing is noted as published, and what was there before stays as it was."""
    release = approved(desk)
    whole = dataset.build

    def meanwhile(*given: Any, **more: Any) -> Any:
        passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
        with Casebook.open(desk.folder / "casebook", passphrase) as other:
            act = Withdrawal("w", "camila", "2024-06-01", "her brother was visited")
            consents.enter(other.vault.store, [act])
        return whole(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(dataset, "build", meanwhile)
        said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "while it was built" in said.err) == (2, True)
    assert not (desk.folder / "site").exists()
    assert not [path for path in desk.folder.iterdir() if path.name.startswith(".site")]
    assert not document(desk.run("release", "list", "--json"))[0]["published"]


def test_a_folder_that_somebody_edited_or_that_is_not_ours_is_left_alone(desk: Desk) -> None:
    """One letter more, one file more, one file less, or somebody's own files."""
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    site = desk.folder / "site"
    index = (site / "index.html").read_bytes()
    for edited in ("index.html", "more.html", ""):
        if edited:
            (site / edited).write_bytes(index + b" ")
        else:
            (site / "index.html").unlink()
        before = every_byte(site)
        said = desk.run("release", "publish", release, "-o", "site")
        assert (said.status, "edited" in said.err) == (2, True), edited
        assert every_byte(site) == before
        (site / "more.html").unlink(missing_ok=True)
        (site / "index.html").write_bytes(index)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    (desk.folder / "mine").mkdir()
    (desk.folder / "mine" / "letter.txt").write_text("mine")
    assert desk.run("release", "publish", release, "-o", "mine").status == 2
    assert every_byte(desk.folder / "mine") == "letter.txt\nmine"


def test_nothing_is_published_that_was_not_approved(desk: Desk) -> None:
    """A draft, a consent that came later, a withdrawn release, an address that is none."""
    release = done(desk.run("release", "draft", "A registry"))
    said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "not approved" in said.err) == (2, True)
    assert desk.run("release", "approve", release).status == 0
    assert desk.run("release", "publish", release, "-o", "site", "--address", "ours.org").status == 2
    assert desk.run("consent", "withdraw", "camila", "--reason", "no").status == 0
    said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "not what was approved" in said.err) == (2, True)
    assert not (desk.folder / "site").exists()


def test_a_card_is_of_somebody_in_the_release(desk: Desk) -> None:
    """A PDF, noted as handed out; not of somebody else, not over a file that is there."""
    release = approved(desk)
    assert desk.run("release", "card", release, "Aigul", "-o", "card.pdf").status == 0
    assert (desk.folder / "card.pdf").read_bytes().startswith(b"%PDF-")
    assert desk.run("release", "card", release, "Aigul", "-o", "card.pdf").status == 2
    assert desk.run("release", "card", release, "Zarina", "-o", "other.pdf").status == 2
    assert not (desk.folder / "other.pdf").exists()
    said = desk.run("release", "withdraw", release, "Aigul", "--reason", "she asked")
    assert "whoever has the card" in said.out


def left(desk: Desk) -> list[Publication]:
    """What is noted as having left."""
    passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
    with Casebook.open(desk.folder / "casebook", passphrase) as book:
        said = releases.every(book.vault.store, book.vault.registrar)
        return [each.record for each in said if isinstance(each.record, Publication)]


def test_a_report_for_others_is_noted_with_who_took_it(desk: Desk) -> None:
    """What was handed over counts as known from then on."""
    more = ("--for", "public", "--purpose", "publication", "--recipient", "A newspaper")
    assert desk.run("report", "Camila", "-o", "page.html", *more).status == 0
    (one,) = left(desk)
    assert (one.recipient, len(one.statements), len(one.people)) == ("A newspaper", 1, 1)
    assert "Camila" not in str(one)


OTHERS = ("--for", "un", "--purpose", "advocacy")


@pytest.fixture
def witness(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook whose only teller names somebody who said nothing, in words that may leave."""
    out = new_desk(
        "statement,source,told,about,event,when,quote,grade\n"
        "s1,Bolat,2021-07-03,Bolat,arrest,2018-03,Zarina was there.,B2\n"
        "s2,Zarina,2021-07-03,Zarina,arrest,2018-03,,\n"
    )
    agree(
        out, "Bolat", "--identity", "named", "--consent", "bolat", "--media", "words",
        "--audience", "public;press;un", "--purpose", "publication;advocacy",
    )  # fmt: skip
    return out


@pytest.mark.parametrize("audience", ["public", "press"])
def test_nothing_is_reported_to_the_press_and_the_public_while_anything_is_found(
    witness: Desk, audience: str
) -> None:
    """No reason of one member is enough: it takes a release, and two. Nothing is written or noted."""
    more = ("--for", audience, "--purpose", "publication", "-o", "page.html")
    for anyway in ((), ("--anyway", "they have it already")):
        said = witness.run("report", *more, *anyway)
        assert (said.status, "estelik release" in said.err) == (2, True)
        assert "Zarina" in said.out
    assert not (witness.folder / "page.html").exists()
    assert left(witness) == []


def test_a_report_with_findings_is_handed_to_others_only_for_a_reason(witness: Desk) -> None:
    """The reason is kept, with what was found; what left so excuses nothing in a release."""
    said = witness.run("report", *OTHERS, "-o", "page.html")
    assert (said.status, "--anyway" in said.err, "Zarina" in said.out) == (2, True, True)
    assert not (witness.folder / "page.html").exists()
    said = witness.run("report", *OTHERS, "-o", "page.html", "--anyway", "The working group knows her.")
    assert said.status == 0, said
    (one,) = left(witness)
    assert (one.anyway, one.recipient, len(one.findings)) == ("The working group knows her.", "un", 1)
    release = done(witness.run("release", "draft", "A registry"))
    found = json.loads(witness.run("release", "check", release, "--json").out)
    assert [each["do"] for each in found["findings"]] == ["reword"]


def test_a_report_for_others_has_nothing_that_is_for_members(witness: Desk) -> None:
    """No questions, no word that nobody was met, no grades; a member's own page has them."""
    more = ("-o", "page.html", "--anyway", "The working group knows her.")
    assert witness.run("report", *OTHERS, *more).status == 0
    page = (witness.folder / "page.html").read_text()
    assert witness.run("report", "Bolat", "-o", "own.html").status == 0
    own = (witness.folder / "own.html").read_text()
    for words in (
        "Nothing was dropped",
        "Ask next",
        "Nobody is known",
        "usually reliable",
        "Source, chain, grade",
    ):
        assert words not in page, words
        assert words in own, words


def test_what_is_allowed_is_asked_of_the_real_day(desk: Desk) -> None:
    """A drawing may end on any day; a consent that is withdrawn today is withdrawn."""
    assert desk.run("consent", "withdraw", "camila", "--reason", "no").status == 0
    more = ("--for", "public", "--purpose", "publication", "-o", "page.html")
    for day in ("2024-06-01", "2100-01-01"):
        said = desk.run("report", "Camila", *more, "--today", day)
        assert (said.status, "Nothing of this may be shown" in said.err) == (2, True), day
    assert not (desk.folder / "page.html").exists()


def test_the_last_who_withdraws_leaves_an_empty_site(desk: Desk) -> None:
    """An empty site takes the place; and the withdrawal of a consent says what has left before."""
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    for consent in ("aigul", "camila"):
        said = desk.run("consent", "withdraw", consent, "--reason", "she asked")
        assert "It left on" in said.out
    assert document(desk.run("release", "list", "--json"))[0]["differs"]
    assert desk.run("release", "approve", release).status == 0
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    text = every_byte(desk.folder / "site")
    assert "Aigul" not in text
    assert "Camila" not in text
    assert not document(desk.run("release", "list", "--json"))[0]["differs"]


def test_a_release_that_was_withdrawn_is_taken_off_its_folder_and_another_takes_the_place(desk: Desk) -> None:
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    assert desk.run("release", "withdraw", release, "--reason", "a fault").status == 0
    said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "empty now" in said.err) == (0, True)
    text = every_byte(desk.folder / "site")
    assert "Aigul" not in text
    assert "A registry" not in text
    other = approved(desk)
    assert desk.run("release", "publish", other, "-o", "site").status == 0
    assert "Aigul" in every_byte(desk.folder / "site")


def test_no_address_leads_from_a_name_to_the_pseudonym() -> None:
    """Who goes by another name from today on has another page; who is numbered keeps hers."""
    address = site._address
    assert address("life", "Camila", b"key") == address("life", "Camila", b"key")
    assert address("life", "Camila", b"key") != address("life", "Tarelo-22", b"key")
    assert address("life", "?1", b"key") == address("life", "?2", b"key")


def test_what_lies_beside_and_is_not_ours_stays(desk: Desk) -> None:
    """A folder that has the name of one of ours is not taken away; a link is not followed."""
    release = approved(desk)
    foreign = desk.folder / ".site.new"
    foreign.mkdir()
    (foreign / "precious.txt").write_text("mine")
    said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "did not make" in said.err) == (2, True)
    assert (foreign / "precious.txt").read_text() == "mine"
    foreign.rename(desk.folder / "away")
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    (desk.folder / "site" / "more").symlink_to(desk.folder / "away")
    assert "edited" in desk.run("release", "publish", release, "-o", "site").err


@pytest.mark.parametrize("address", ['https://x"><script>', "https://", "javascript:alert(1)", "https://a b"])
def test_what_is_no_address_is_refused(desk: Desk, address: str) -> None:
    release = approved(desk)
    said = desk.run("release", "publish", release, "-o", "site", "--address", address)
    assert (said.status, "not a web address" in said.err) == (2, True)


def test_who_took_what_is_shown(desk: Desk) -> None:
    """A site, a card, a report: when, who took it, for what, who let it out and about whom; of one person
    alone what was about her."""
    assert document(desk.run("release", "taken", "--json")) == []
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    assert desk.run("release", "card", release, "Aigul", "-o", "card.pdf").status == 0
    more = ("--for", "public", "--purpose", "publication", "--recipient", "A newspaper")
    assert desk.run("report", "Camila", "-o", "page.html", *more).status == 0
    found = document(desk.run("release", "taken", "--json"))
    assert [one["recipient"] for one in found] == ["", "whoever has the card", "A newspaper"]
    assert [one["people"] for one in found] == [["Aigul", "Camila"], ["Aigul"], ["Camila"]]
    assert [one["title"] for one in found] == ["A registry", "A registry", ""]
    assert {(one["audience"], one["purpose"]) for one in found} == {("public", "publication")}
    assert all(one["by"] for one in found)
    hers = document(desk.run("release", "taken", "Camila", "--json"))
    assert [one["recipient"] for one in hers] == ["", "A newspaper"]
    text = done(desk.run("release", "taken", "Camila"))
    assert "A newspaper (public, publication): a report, let out by" in text
    assert desk.run("release", "taken", "Nobody").status == 2


def test_what_is_said_of_others_is_not_ignored_for_members(desk: Desk) -> None:
    """A reason, a recipient, a list without an audience: nothing is written."""
    (desk.folder / "list.csv").write_text("x")
    for more in (("--anyway", "They know."), ("--recipient", "X"), ("--list", "list.csv")):
        said = desk.run("report", "-o", "page.html", *more)
        assert (said.status, "--for" in said.err) == (2, True), more
    assert not (desk.folder / "page.html").exists()


def test_what_members_see_is_written_for_its_owner_alone(desk: Desk) -> None:
    """A report, a card, a sheet: mode 0600; what is there stays, through no link anything is written; with
    --force a new file takes the place of an old one, with the mode of a new one."""
    release = approved(desk)
    for name, command in (
        ("page.html", ("report", "-o")),
        ("open.html", ("report", "Camila", "--for", "public", "--purpose", "publication", "-o")),
        ("card.pdf", ("release", "card", release, "Aigul", "-o")),
        ("rows.csv", ("export",)),
    ):
        path, noted = desk.folder / name, len(left(desk))
        path.write_text("mine")
        path.chmod(0o644)
        said = desk.run(*command, name)
        assert (said.status, "--force" in said.err, path.read_text()) == (2, True, "mine"), name
        assert len(left(desk)) == noted
        assert desk.run(*command, name, "--force").status == 0
        assert (path.stat().st_mode & 0o777, path.read_bytes() != b"mine") == (0o600, True), name
        path.unlink()
        path.symlink_to(desk.folder / "elsewhere")
        for force in ((), ("--force",)):
            assert desk.run(*command, name, *force).status == 2, name
        assert not (desk.folder / "elsewhere").exists()
        path.unlink()
        assert desk.run(*command, name).status == 0
        assert path.stat().st_mode & 0o777 == 0o600
        assert not [one for one in desk.folder.iterdir() if one.name.endswith(".part")]


def test_a_number_that_was_published_is_compared_with(new_desk: Callable[[str], Desk]) -> None:
    """Nine in spring, seven later: the second site tells neither of the two numbers that it was not told."""
    people = [f"Person{number}" for number in range(9)]
    rows = "".join(f"s{n},t{n},{one},2021-07-03,{one},arrest,2018\n" for n, one in enumerate(people))
    desk = new_desk("statement,testimony,source,told,about,event,when\n" + rows)
    for one in people:
        agree(desk, one, "--identity", "named", "--consent", one.lower())
    release = approved(desk)
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    assert "has <span data-v=" in (desk.folder / "site" / "statistics.html").read_text()
    for one in ("Person7", "Person8"):
        assert desk.run("release", "withdraw", release, one, "--reason", "she asked").status == 0
    assert desk.run("release", "approve", release).status == 0
    assert desk.run("release", "publish", release, "-o", "site").status == 0
    text = re.sub(r"<[^>]+>", "", (desk.folder / "site" / "statistics.html").read_text())
    assert "This registry counts whom it tells of" in text
    assert re.search(r"2018\s*9 on", text)


def test_what_is_cited_of_others_is_looked_through_and_noted(new_desk: Callable[[str], Desk]) -> None:
    """A day that rests on another's arrest brings what he told into the file: nobody reads past it."""
    desk = new_desk(
        "statement,source,told,about,event,when,after,gap,quote\n"
        "s1,Aisulu,2023-05-06,Aisulu,arrest,,Daulet/arrest,P3D,\n"
        "s2,Daulet,2023-05-06,Daulet,arrest,2017-04-11,,,Nurlan Seitkali wept when they took me.\n"
        "s3,Daulet,2023-05-06,Daulet,release,2019-04-11,,,That is nobody's business here.\n"
        "s4,Nurlan Seitkali,2023-05-06,Nurlan Seitkali,arrest,2018,,,\n"
        "s5,Sholpan,2023-05-06,Sholpan,arrest,2018,,,\n"
    )
    # Under a pseudonym, and in none of these pages.
    agree(desk, "Sholpan", "--identity", "pseudonym", "--audience", "un", "--purpose", "advocacy")
    for audience in ("public", "un"):
        done(desk.run("pseudonym", "set", "Sholpan", "--for", audience))
    for who in ("Aisulu", "Daulet"):
        more = ("--audience", "public;un", "--purpose", "publication;advocacy")
        agree(desk, who, "--identity", "named", "--media", "words", *more)
    to_all = ("--for", "public", "--purpose", "publication", "-o", "page.html")
    said = desk.run("report", "Aisulu", *to_all)
    assert (said.status, "Nurlan Seitkali" in said.out) == (2, True)
    assert not (desk.folder / "page.html").exists()
    anyway = ("--anyway", "They know him.")
    assert desk.run("report", "Aisulu", *OTHERS, "-o", "un.html", *anyway).status == 0
    page = (desk.folder / "un.html").read_text()
    assert "Nurlan Seitkali wept" in page
    assert "business" not in page
    (one,) = left(desk)
    assert (len(one.statements), len(one.people), len(one.named)) == (2, 2, 2)
    assert "They know him." in desk.run("release", "taken", "Daulet").out


def test_who_stands_on_the_card_of_another_is_noted(new_desk: Callable[[str], Desk]) -> None:
    """Her day rests on his arrest, and he is named as who told it; nobody else of the release is on it."""
    desk = new_desk(
        "statement,source,told,about,event,when,after,gap\n"
        "s1,Aisulu,2023-05-06,Aisulu,arrest,,Daulet/arrest,P3D\n"
        "s2,Daulet,2023-05-06,Daulet,arrest,2017-04-11,,\n"
        "s3,Camila,2023-05-06,Camila,arrest,2017-04-11,,\n"
    )
    for who in ("Aisulu", "Daulet", "Camila"):
        agree(desk, who, "--identity", "named")
    release = approved(desk)
    assert desk.run("release", "card", release, "Aisulu", "-o", "card.pdf").status == 0
    (one,) = left(desk)
    assert (len(one.people), len(one.named)) == (2, 2)
    assert "whoever has the card" in desk.run("release", "taken", "Daulet").out
    assert "whoever has the card" not in desk.run("release", "taken", "Camila").out


def test_what_was_approved_is_looked_through_again_on_the_day_it_leaves(desk: Desk) -> None:
    """Somebody who came into the casebook since is found in words that were approved before."""
    done(desk.run("release", "draft", "Another"))
    release = approved(desk)
    sheet = "statement,source,told,about,event,when\nn1,Cold Day,2023,Cold Day,arrest,2018\n"
    (desk.folder / "late.csv").write_text(sheet)
    assert desk.run("import", "late.csv").status == 0
    for command in (("publish", release), ("card", release, "Aigul")):
        said = desk.run("release", *command, "-o", "out")
        assert (said.status, "findings are open" in said.err) == (2, True), said
    assert not (desk.folder / "out").exists()
    assert not document(desk.run("release", "list", "--json"))[1]["published"]


def test_who_comes_while_a_build_runs_is_found(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The print of what leaves is the same, and yet it names her."""
    release = approved(desk)
    whole = dataset.build

    def meanwhile(*given: Any, **more: Any) -> Any:
        passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
        with Casebook.open(desk.folder / "casebook", passphrase) as other:
            other.add_statements([Statement("n1", "Cold Day", source="Cold Day", event="arrest")])
        return whole(*given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(dataset, "build", meanwhile)
        said = desk.run("release", "publish", release, "-o", "site")
    assert (said.status, "findings are open" in said.err) == (2, True), said
    assert not (desk.folder / "site").exists()
    assert left(desk) == []


def test_two_releases_that_tell_her_from_all_others_only_together(new_desk: Callable[[str], Desk]) -> None:
    """Each alone is approved; the one that is to leave second does not, and the first may leave again."""
    others = [("Tekes", "baker")] * 6 + [("Ghulja", "driver")] * 6
    rows = ["statement,source,told,about,event,fact,value,when,place"]
    for number, (place, work) in enumerate([("Ghulja", "baker"), *others]):
        who = "Sholpan" if not number else f"Person {chr(64 + number)}"
        rows.append(f"a{number},{who},2023-05-06,{who},,occupation,{work},,")
        rows.append(f"b{number},{who},2023-05-06,{who},arrest,,,2018,{place}")
    desk = new_desk("\n".join([*rows, ""]))
    agree(desk, "Sholpan", "--identity", "pseudonym")
    done(desk.run("pseudonym", "set", "Sholpan", "--for", "public"))
    drafts = []
    for title, row in (("Work", "b0"), ("Place", "a0")):
        one = done(desk.run("release", "draft", title))
        assert desk.run("release", "change", one, row, "--reason", "too much together").status == 0
        assert desk.run("release", "check", one).status == 0
        assert desk.run("release", "approve", one).status == 0
        drafts.append(one)
    assert desk.run("release", "publish", drafts[0], "-o", "first").status == 0
    said = desk.run("release", "publish", drafts[1], "-o", "second")
    assert (said.status, "findings are open" in said.err) == (2, True), said
    assert not (desk.folder / "second").exists()
    assert desk.run("release", "publish", drafts[0], "-o", "first").status == 0
