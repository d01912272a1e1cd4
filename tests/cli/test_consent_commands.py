"""Consents, pseudonyms and risks, by the commands: what is entered, refused and explained, and what
follows."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from estelik.casebook import Casebook
from estelik.daily.handing import let_out
from estelik.errors import ConsentError
from estelik.protection.permission import Asked

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Desk, Said

CELLS: Final = (
    *("consent", "giver", "scope", "of", "answer", "audience", "purpose", "identity", "given", "basis"),
    *("by", "note", "condition", "concerns", "until", "from"),
)
SHEET: Final = """\
statement,testimony,source,told,about,event,fact,value,when,quote
s1,t1,Bolat,2021-07-03,Aigul,arrest,,,2018-03,I saw it.
s2,t1,Bolat,2021-07-03,Aigul,,relation:sister,Camila,,
s3,,Aigul,2022-01-05,Aigul,release,,,2019-06,
s4,t3,Camila,2023,Aigul,,illness,asthma,,
"""
TO_ALL: Final = ("--for", "public", "--purpose", "publication")
YES: Final = ("--scope", "all", "--given", "2024-01-01", "--audience", "public", "--purpose", "publication")


@pytest.fixture
def desk(new_desk: Callable[[str], Desk]) -> Desk:
    """A casebook with four statements."""
    return new_desk(SHEET)


def done(said: Said) -> str:
    assert said.status == 0, said
    return said.out.strip()


def document(said: Said) -> Any:
    return json.loads(done(said))


def agree(desk: Desk, who: str, *more: str) -> str:
    return done(desk.run("consent", "add", "--giver", who, *YES, *more))


def report(desk: Desk) -> str:
    """The page for everybody as the gate lets it out, before anybody looks through it; "" where nothing may
    be shown."""
    passphrase = (desk.folder / "passphrase.txt").read_bytes().strip()
    today = date.today()  # noqa: DTZ011 (the user's own day)
    with Casebook.open(desk.folder / "casebook", passphrase) as book:
        try:
            asked = Asked("public", "publication", today.toordinal())
            return let_out(book, (), asked, today=today)[0]
        except ConsentError:
            return ""


def test_nothing_leaves_until_both_said_yes(desk: Desk) -> None:
    """The teller's yes alone opens nothing; with hers too the page shows it, and the sister stays unnamed."""
    assert report(desk) == ""
    agree(desk, "Bolat", "--identity", "named")
    assert report(desk) == ""
    agree(desk, "Aigul", "--identity", "named")
    page = report(desk)
    assert "Aigul" in page
    assert "Bolat" in page
    assert "Camila" not in page
    assert "asthma" not in page
    assert "I saw it." not in page


def test_a_condition_that_is_met_opens_nothing_and_asks_for_a_renewal(desk: Desk) -> None:
    """Only her renewed yes opens anything."""
    agree(desk, "Bolat", "--identity", "named")
    one = agree(
        desk, "Aigul", "--identity", "named", "--condition", "When all my children are here",
        "--concerns", "Camila",
    )  # fmt: skip
    assert report(desk) == ""
    assert [each["need"] for each in document(desk.run("consent", "due", "--json"))["due"]] == ["waits"]
    assert desk.run("consent", "met", one, "--reason", "Camila came home.").status == 0
    assert report(desk) == ""
    assert [each["need"] for each in document(desk.run("consent", "due", "--json"))["due"]] == ["ask again"]
    agree(desk, "Aigul", "--identity", "named", "--renews", one)
    assert "Aigul" in report(desk)
    assert document(desk.run("consent", "due", "--json"))["due"] == []


def test_a_withdrawal_is_a_refusal_that_only_a_renewal_lifts(desk: Desk) -> None:
    """Another yes of hers does not undo it, and the explanation says so."""
    agree(desk, "Bolat", "--identity", "named")
    one = agree(desk, "Aigul", "--identity", "named")
    assert report(desk)
    assert desk.run("consent", "withdraw", one, "--reason", "Her brother was visited.").status == 0
    assert report(desk) == ""
    agree(desk, "Aigul", "--identity", "named", "--media", "face")
    said = desk.run("consent", "why", "s1", *TO_ALL)
    assert said.status == 1
    assert "refused, or withdrew" in said.out
    assert "Only she can change that" in said.out
    assert document(desk.run("consent", "due", "--json"))["stricter"]
    older = agree(desk, "Aigul", "--identity", "named", "--renews", one)
    assert report(desk) == ""
    today = date.today().isoformat()  # noqa: DTZ011 (the user's own day)
    agree(desk, "Aigul", "--identity", "named", "--renews", older, "--given", today)
    assert report(desk)
    again = desk.run("consent", "withdraw", one, "--reason", "once more")
    assert (again.status, "before" in again.err) == (2, True)


def test_what_is_public_already_waits_for_somebody_to_look(desk: Desk) -> None:
    """Neither by itself nor after somebody saw harm, only after the last who looked found it safe."""
    agree(desk, "Bolat", "--identity", "named")
    one = agree(
        desk, "Aigul", "--identity", "named", "--basis", "already-public", "--url", "https://example.org/a",
        "--since", "2020-01-01",
    )  # fmt: skip
    assert report(desk) == ""
    day = date.today() - timedelta(days=1)  # noqa: DTZ011 (the user's own day)
    assert desk.run("consent", "check", one, "--safe", "--on", str(day), "--reason", "quiet").status == 0
    assert report(desk)
    assert desk.run("consent", "check", one, "--harm", "--reason", "Police came.").status == 0
    assert report(desk) == ""


def test_a_pseudonym_has_nothing_of_her_own_name(desk: Desk) -> None:
    """No part of it in another script, no initials; spaces and capitals make no other pseudonym."""
    sheet = "statement,about,source,event\nm1,Mira Uly,Mira Uly,arrest\n"
    (desk.folder / "more.csv").write_text(sheet)
    assert desk.run("import", "more.csv").status == 0
    for hers in ("М. Улы", "M.U. from Ghulja", "MU", "Witness M", "Уля Улы", "ᴍira", " "):
        said = desk.run("pseudonym", "set", "Mira Uly", "--for", "press", "--as", hers)
        assert said.status == 2, hers
    assert done(desk.run("pseudonym", "set", "Mira Uly", "--for", "press", "--as", "Witness 1"))
    said = desk.run("pseudonym", "set", "Mira Uly", "--for", "un", "--as", "witness  1 ")
    assert (said.status, "used before" in said.err) == (2, True)
    assert document(desk.run("consent", "due", "--json"))["borne"] == []
    (desk.folder / "late.csv").write_text("statement,about,source,event\nw1,witness 1,Bolat,arrest\n")
    assert desk.run("import", "late.csv").status == 0
    (late,) = document(desk.run("consent", "due", "--json"))["borne"]
    assert (late["who"], late["name"]) == ("Mira Uly", "Witness 1")
    assert "is called as she is before press" in done(desk.run("consent", "due"))


def test_a_pseudonym_is_nobodys_name_and_never_used_twice(desk: Desk) -> None:
    """One like a name in the casebook is refused, in another script too; so is one that was used."""
    for real in ("Camila", "Камила", "bolat"):
        said = desk.run("pseudonym", "set", "Aigul", "--for", "public", "--as", real)
        assert (said.status, "like, a name" in said.err) == (2, True), real
    drawn = done(desk.run("pseudonym", "set", "Aigul", "--for", "public"))
    for same in (drawn.upper(), f"{drawn} ", drawn.replace("-", "\uff0d")):
        said = desk.run("pseudonym", "set", "Bolat", "--for", "un", "--as", same)
        assert (said.status, "used before" in said.err) == (2, True), same
    said = desk.run("pseudonym", "set", "Aigul", "--for", "public")
    assert (said.status, "already" in said.err) == (2, True)
    other = done(desk.run("pseudonym", "set", "Aigul", "--for", "press"))
    assert other != drawn
    agree(desk, "Bolat", "--identity", "named")
    agree(desk, "Aigul", "--identity", "pseudonym")
    page = report(desk)
    assert drawn in page
    assert "Aigul" not in page
    assert other not in page


@pytest.mark.parametrize(
    "same",
    [
        "W\u0456llow-22",
        "WIllow-22",
        "Wil1ow-22",
        "Wi\u200bllow 22",
        "w\u0456LLow22",
        "\uff37illow-22",
        "Виллов-22",
        "Willow-٢٢",
    ],
)
def test_a_pseudonym_that_looks_or_reads_like_one_that_was_used_is_refused(desk: Desk, same: str) -> None:
    """Two people, one name to the eye: letters of another alphabet, strokes for letters, marks that nobody
    sees, another script."""
    done(desk.run("pseudonym", "set", "Aigul", "--for", "press", "--as", "Willow-22"))
    said = desk.run("pseudonym", "set", "Bolat", "--for", "press", "--as", same)
    assert (said.status, "used before" in said.err) == (2, True), said
    assert done(desk.run("pseudonym", "set", "Bolat", "--for", "press", "--as", "Willow-23"))


def test_no_pseudonym_of_somebody_leads_to_another_of_hers(desk: Desk) -> None:
    """Neither by its word, nor by one that is like it, nor by its number."""
    done(desk.run("pseudonym", "set", "Aigul", "--for", "public", "--as", "Mukana-50"))
    for near in ("Mukana-51", "Mukano-51", "Lopise-50", "Мукана 7", "M\u0443k\u0430na", "The Mukana"):
        said = desk.run("pseudonym", "set", "Aigul", "--for", "press", "--as", near)
        assert (said.status, "lead to the other" in said.err) == (2, True), (near, said)
    assert done(desk.run("pseudonym", "set", "Aigul", "--for", "press", "--as", "Witness 12"))
    assert done(desk.run("pseudonym", "set", "Aigul", "--for", "un", "--as", "Witness 13"))


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("c,Nobody,all,,yes,public,publication,,2024-01-01,,,,,,", "giver", "Nobody of this label"),
        ("c,Aigul,all,,yes,public,publication,,2999-01-01,,,,,,", "given", "future"),
        ("c,Aigul,all,,yes,public,publication,,2024-13-01,,,,,,", "given", "not a day"),
        ("c,Aigul,all,,yes,,publication,,2024-01-01,,,,,,", "audience", "says to whom"),
        ("c,Aigul,all,,yes,everybody,publication,,2024-01-01,,,,,,", "audience", "some of: partner"),
        ("c,Aigul,all,,no,,,named,2024-01-01,,,,,,", "identity", "no allows nothing"),
        ("c,Aigul,all,t1,yes,public,publication,,2024-01-01,,,,,,", "of", "yet for one thing"),
        ("c,Aigul,testimony,t9,yes,public,publication,,2024-01-01,,,,,,", "of", "no such telling"),
        ("c,Aigul,person,Nobody,yes,public,publication,,2024-01-01,,,,,,", "of", "Nobody of this label"),
        ("c,Aigul,all,,yes,public,publication,,2024-01-01,,,,one day,,", "concerns", "names nobody"),
        ("c,Aigul,all,,yes,public,publication,,2024-01-01,,,,one day,X Y,", "concerns", "Nobody of this"),
        ("c,Aigul,all,,yes,public,publication,,2024-01-01,guardian,,,,,", "by", "who spoke"),
        ("c,Aigul,all,,yes,public,publication,,2024-01-01,best-interest,Z,,,,", "note", "best interest"),
        ("c,Aigul,all,,yes,public,publication,,2024-01-01,,,,,,2023-01-01,2024-06-01", "until", "before"),
        ("c,=cmd,all,,yes,public,publication,,2024-01-01,,,,,,", "giver", "Nobody of this label"),
    ],
)
def test_a_row_that_is_wrong_is_told_and_nothing_is_written(
    desk: Desk, row: str, column: str, words: str
) -> None:
    """Row, column, what to do; never what stands in the cell; and a good row beside it stays out, too."""
    good = "ok,Aigul,all,,yes,public,publication,named,2024-01-01,,,,,,,"
    row += "," * (good.count(",") - row.count(","))
    (desk.folder / "consents.csv").write_text(f"{','.join(CELLS)}\n{good}\n{row}\n")
    before = desk.prints()
    said = desk.run("consent", "import", "consents.csv")
    assert said.status == 2
    assert f"consents.csv, row 3, column {column}" in said.err
    assert words in said.err
    assert "Nothing was written." in said.err
    for cell in ("=cmd", "X Y", "everybody", "2999"):
        assert cell not in said.err
    assert desk.prints() == before


def test_a_sheet_of_consents_can_come_again_and_never_changes_what_is_there(desk: Desk) -> None:
    """Unchanged rows are counted; a changed one is a fault; a row without an id gets the same one again."""
    head = "consent,giver,scope,audience,purpose,given"
    rows = "a,Aigul,all,public,publication,2024-01-01\n,Bolat,all,public; press,advocacy,2024-01-02\n"
    (desk.folder / "consents.csv").write_text(f"{head}\n{rows}")
    assert document(desk.run("consent", "import", "consents.csv", "--dry-run", "--json"))["imported"] == 2
    assert document(desk.run("consent", "import", "consents.csv", "--json"))["imported"] == 2
    again = document(desk.run("consent", "import", "consents.csv", "--json"))
    assert (again["imported"], again["unchanged"]) == (0, 2)
    other = rows.replace("advocacy", "legal").replace("a,A", "b,A", 1)
    (desk.folder / "consents.csv").write_text(f"{head}\n{other}")
    assert document(desk.run("consent", "import", "consents.csv", "--json"))["imported"] == 2
    (desk.folder / "consents.csv").write_text(f"{head}\na,Aigul,all,press,publication,2024-01-01\n")
    said = desk.run("consent", "import", "consents.csv")
    assert (said.status, "never changed" in said.err) == (2, True)
    (desk.folder / "consents.csv").write_text("consent,whom\n")
    said = desk.run("consent", "import", "consents.csv")
    assert said.status == 2
    assert "A column is missing: giver." in said.err
    assert "There is no such column" in said.err


def test_only_who_gave_a_consent_renews_it(desk: Desk) -> None:
    """A renewal by somebody else, of what is nowhere, or from before, is refused."""
    one = agree(desk, "Aigul", "--identity", "named")
    wrong = (("Bolat", one, "2024-02-01"), ("Aigul", "x", "2024-02-01"), ("Aigul", one, "2023-12-01"))
    for who, renews, given in wrong:
        said = desk.run(
            "consent", "add", "--giver", who, "--scope", "all", "--given", given, "--audience", "public",
            "--purpose", "publication", "--renews", renews,
        )  # fmt: skip
        assert (said.status, "--renews: It renews" in said.err) == (2, True)


def test_acts_about_what_is_not_there_are_refused(desk: Desk) -> None:
    """No consent of that id, no condition to be met, no public page to look at, a day before it was given."""
    one = agree(desk, "Aigul")
    before = document(desk.run("consent", "list", "--json"))
    for act in (
        ("withdraw", "nothing"),
        ("met", one),
        ("check", one, "--safe"),
        ("withdraw", one, "--on", "2023-01-01"),
        ("withdraw", one, "--on", "2999-01-01"),
        ("withdraw", one, "--on", "yesterday"),
    ):
        assert desk.run("consent", *act, "--reason", "because").status == 2, act
    assert desk.run("consent", "withdraw", one, "--reason", " ").status == 2
    assert document(desk.run("consent", "list", "--json")) == before


def test_a_risk_is_looked_at_again_until_it_is_over(desk: Desk) -> None:
    """A risk that nobody looked at in time is due; who looked says until when, or that it is over."""
    more = ("--kind", "relative", "--reached", "Camila", "--review", "2024-01-01")
    one = done(desk.run("risk", "add", "Aigul", *more))
    assert [each["need"] for each in document(desk.run("consent", "due", "--json"))["due"]] == ["risk"]
    assert desk.run("risk", "review", one, "--reason", "still there", "--review", "2999-01-01").status == 0
    assert document(desk.run("consent", "due", "--json"))["due"] == []
    assert document(desk.run("risk", "list", "Aigul", "--json"))[0]["review"] == "2999-01-01"
    assert desk.run("risk", "review", one, "--reason", "she left", "--over").status == 0
    assert document(desk.run("risk", "list", "--json"))[0]["over"]
    for wrong in (
        ("add", "Nobody", "--kind", "threat", "--review", "2030-01-01"),
        ("add", "Aigul", "--kind", "relative", "--review", "2030-01-01"),
        ("add", "Aigul", "--kind", "threat", "--review", "soon"),
        ("review", one, "--reason", "both", "--over", "--review", "2030-01-01"),
        ("review", "nothing", "--reason", "x", "--over"),
    ):
        assert desk.run("risk", *wrong).status == 2, wrong


def test_erasing_somebody_takes_her_consents_and_risks_along(desk: Desk) -> None:
    """After it nothing has her name, and another's consents are there."""
    agree(desk, "Bolat", "--identity", "named")
    one = agree(desk, "Aigul", "--identity", "named")
    done(desk.run("consent", "withdraw", one, "--reason", "no more"))
    done(desk.run("pseudonym", "set", "Aigul", "--for", "public"))
    done(desk.run("risk", "add", "Aigul", "--kind", "threat", "--review", "2030-01-01"))
    assert desk.run("erase", "subject", "Aigul", "--reason", "asked for it", "--yes").status == 0
    assert [each["giver"] for each in document(desk.run("consent", "list", "--json"))] == ["Bolat"]
    assert document(desk.run("pseudonym", "list", "--json")) == []
    assert document(desk.run("risk", "list", "--json")) == []
