"""Lists at the desk: saved under a name, taken back, and handed over through the gate."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.test_queues import waited
from tests.web.test_review import looked
from tests.web.test_seats import OTHER, at_seat

from estelik.casebook import Casebook
from estelik.daily import lists
from estelik.daily.handing import let_out
from estelik.daily.releasing import said
from estelik.errors import UsageError
from estelik.ids import new_id
from estelik.index import consents
from estelik.protection.permission import Asked
from estelik.records import Statement
from estelik.records.consent import Consent
from estelik.records.release import Publication
from estelik.vault import keys
from estelik.views.registry import Filter
from estelik.web import export, releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from estelik.records.consent import Audience, Purpose

TOLD: Final = (
    Statement("b1", "Baqyt", source="list", told="2020", event="arrest", when="2017", place="Tekes"),
    Statement("b2", "Baqyt", source="sister", told="2021", fact="ethnicity", value="Kazakh"),
    Statement("b3", "Marat", source="list", told="2020", event="arrest", when="2018", place="Tekes"),
    Statement("b4", "Serik", source="list", told="2020", event="arrest", when="2018", place="Ürümqi"),
)
#: What somebody without the medical compartment may not know of: a place, a people.
HIDDEN: Final = (
    Statement("m1", "Marat", source="Dr. Omar", told="2023", event="transfer", when="2019",
              place="LEAKED Clinic", compartment="medical"),
    Statement("m2", "Serik", source="Dr. Omar", told="2023", fact="ethnicity", value="LEAKED",
              compartment="medical"),
)  # fmt: skip


def agree(casebook: Casebook, giver: str, audience: Audience, purpose: Purpose) -> None:
    """Somebody allows that all she told, and all that is told of her, is shown, with her name."""
    given = Consent(new_id(), giver, "all", "2024-01-01", (audience,), (purpose,), identity="named",
                    media=("words",), made="2024-01-01T00:00:00Z", device=casebook.vault.device)  # fmt: skip
    consents.enter(casebook.vault.store, [given])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    """A desk on which Baqyt may be shown to a court, and to everybody by what the list says."""
    folder = made(tmp_path / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(TOLD)
        for giver in ("Baqyt", "list", "sister"):
            agree(casebook, giver, "court", "legal")
    with serving(folder) as found:
        yield found


def saved(desk: Served) -> list[str]:
    """The names of the lists that hold, as they lie in the casebook."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return [one.list.name for one in lists.saved(casebook)]


def handed(desk: Served) -> list[Publication]:
    """What was handed over, as the casebook knows."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return [one.record for one in said(casebook) if isinstance(one.record, Publication)]


def at_tekes(page: Page, desk: Served) -> None:
    """Looks at those who were at Tekes."""
    looked(page, desk, "registry")
    page.select_option("#place", "Tekes")
    page.click(".go button")
    page.wait_for_function("document.querySelector('.count').innerText.startsWith('2 ')")


def test_a_list_is_saved_under_a_name_opened_again_and_taken_back(browser: Browser, desk: Served) -> None:
    """It keeps what it is of: who is on it is worked out each time."""
    with opened(browser, desk) as page:
        at_tekes(page, desk)
        page.fill("#list-name", "Тексте ұсталғандар")
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Тексте ұсталғандар')")
        assert saved(desk) == ["Тексте ұсталғандар"]
        page.goto(f"{desk.address}registry")
        assert "Tekes" in page.inner_text(".lists")
        assert "Aigerim" in page.inner_text(".lists")
        page.click(".lists button:has-text('Тексте ұсталғандар')")
        page.wait_for_selector("h1:has-text('Тексте ұсталғандар')")
        assert page.inner_text(".list tbody").count("detained") == 0 or "Baqyt" in page.inner_text(".list")
        assert "Serik" not in page.inner_text(".list")
        page.click(".lists button:has-text('Take back')")
        page.wait_for_selector(".lists", state="detached")
        assert saved(desk) == []


def test_a_list_needs_a_name_that_no_other_has(desk: Served) -> None:
    cookie = desk.signed_in()
    waited(desk, cookie, "/registry")
    answers = [
        desk.asked(
            "POST", "/registry/lists", {"place": "Tekes", "name": name}, Cookie=cookie, Origin=desk.origin
        )[0]
        for name in ("At Tekes", " At  Tekes ", "", "x" * 300)
    ]
    assert answers == [200, 422, 422, 422]
    assert saved(desk) == ["At Tekes"]


def test_a_list_lies_where_all_that_it_names_is_known(tmp_path: Path) -> None:
    """A place that only the medical compartment knows is named nowhere else; where no compartment knows all
    of it, it is not saved."""
    with Casebook.open(made(tmp_path / "casebook"), PASSPHRASE.encode()) as casebook:
        from estelik.daily.overview import Watch

        casebook.add_statements([*TOLD, *HIDDEN])
        watch = Watch(casebook)
        assert watch.looked().whole
        listing = watch.listing
        for name, wanted in (
            ("states", Filter(state="detained")),
            ("open", Filter(place="Tekes", ethnicity="Kazakh")),
            ("closed", Filter(place="LEAKED Clinic")),
            ("people", Filter(ethnicity="LEAKED")),
        ):
            lists.save(casebook, listing, name, wanted)
        with pytest.raises(UsageError):
            lists.save(casebook, listing, "both", Filter(place="Tekes", ethnicity="LEAKED"))
        assert [(one.list.name, one.compartment) for one in lists.saved(casebook)] == [
            ("states", "testimony"),
            ("open", "testimony"),
            ("closed", "medical"),
            ("people", "medical"),
        ]
        watch.end()


def test_a_list_that_a_member_may_not_open_changes_not_a_byte_of_her_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    seen = []
    for hidden in (True, False):
        folder = made(tmp_path / f"{hidden}" / "casebook")
        with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
            casebook.add_statements([*TOLD, *(HIDDEN if hidden else ())])
            casebook.seats.add("Ana", OTHER.encode(), ("testimony", "source"))
        with serving(folder) as desk:
            owner, cookie = desk.signed_in(), at_seat(desk)
            waited(desk, owner, "/registry")
            form = {"place": "LEAKED Clinic" if hidden else "", "name": "LEAKED name"}
            if hidden:
                answer = desk.asked("POST", "/registry/lists", form, Cookie=owner, Origin=desk.origin)
                assert answer[0] == 200, answer[2]
                assert "LEAKED name" in waited(desk, owner, "/registry")
            texts = [waited(desk, cookie, "/registry")]
            seen.append([re.sub(r'nonce="[^"]*"|/life/[\w-]+', "", one) for one in texts])
    assert "LEAKED" not in "".join(seen[0])
    assert seen[0] == seen[1]


def test_a_list_is_handed_over_and_it_is_noted_who_took_it(browser: Browser, desk: Served) -> None:
    """The file is the report for that audience, letter for letter; nothing leaves before it is noted."""
    with opened(browser, desk) as page:
        at_tekes(page, desk)
        page.click("text=Hand this list over")
        page.wait_for_selector("#audience:focus")
        page.select_option("#audience", "court")
        page.select_option("#purpose", "legal")
        page.fill("#recipient", "The court at Almaty")
        page.keyboard.press("Enter")
        page.wait_for_selector("form[action$='/take']")
        assert handed(desk) == []
        assert "1 life may be shown." in page.inner_text("main")
        findings = page.query_selector("#anyway") is not None
        if findings:
            page.fill("#anyway", "She asked for it herself.")
        with page.expect_download() as waiting:
            page.click("form[action$='/take'] button")
        file = Path(waiting.value.path()).read_text(encoding="utf-8")
        assert waiting.value.suggested_filename == "report.html"
    (noted,) = handed(desk)
    assert (noted.recipient, noted.release) == ("The court at Almaty", "")
    assert bool(noted.findings) is findings
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        asked = Asked("court", "legal", date.today().toordinal())  # noqa: DTZ011 (the user's own day)
        page_, lives, _ = let_out(casebook, ("Baqyt", "Marat"), asked, today=date.today())  # noqa: DTZ011 (likewise)
    assert lives == 1
    assert file == page_


def test_what_nobody_allowed_is_not_handed_over(desk: Served) -> None:
    """Nor anything of which it is not said who takes it, or for whom and what for."""
    cookie = desk.signed_in()
    waited(desk, cookie, "/registry")
    form = {"place": "Tekes", "audience": "family", "purpose": "tracing", "recipient": "her sister"}
    status, there, _ = desk.asked("POST", "/registry/export/look", form, Cookie=cookie, Origin=desk.origin)
    assert status == 303
    for _ in range(600):
        status, _, text = desk.asked("GET", there["location"], Cookie=cookie)
        if "still looking" not in text:
            break
        time.sleep(0.1)
    assert (status, "Nothing of this may be shown to them" in text) == (422, True)
    for wrong in ({"recipient": " "}, {"audience": "x"}, {"purpose": ""}, {"place": "Nowhere at all"}):
        answer = desk.asked("POST", "/registry/export/look", form | wrong, Cookie=cookie, Origin=desk.origin)
        assert answer[0] in {404, 422}
    take = desk.asked("POST", f"{there['location']}/take", {}, Cookie=cookie, Origin=desk.origin)
    assert take[0] == 404
    assert handed(desk) == []


def test_what_was_looked_through_before_something_was_withdrawn_is_not_handed_over(desk: Served) -> None:
    cookie = desk.signed_in()
    waited(desk, cookie, "/registry")
    form = {"place": "Tekes", "audience": "court", "purpose": "legal", "recipient": "The court"}
    there = desk.asked("POST", "/registry/export/look", form, Cookie=cookie, Origin=desk.origin)[1][
        "location"
    ]
    waited(desk, cookie, there)
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        agree(casebook, "somebody else", "court", "legal")
    status, _, text = desk.asked("POST", f"{there}/take", {"anyway": "x"}, Cookie=cookie, Origin=desk.origin)
    assert (status, "since it was looked through" in text) == (422, True)
    assert handed(desk) == []


def test_what_leaves_needs_a_passphrase_given_just_now() -> None:
    for handler in (export.look, export.take, releases.approve):
        assert handler.opt["fresh"] is True
