"""The release check at the desk: each finding decided, by two where it is to stand, and what is approved."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, opened, serving
from tests.web.test_lists import agree
from tests.web.test_queues import waited
from tests.web.test_seats import OTHER, at_seat

from estelik.casebook import Casebook
from estelik.daily.releasing import every_release, said
from estelik.records import Statement
from estelik.records.release import Ruling
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from estelik.records.release import Release

HERE: Final = "review/releases"
TOLD: Final = (
    Statement("s1", "Aigul", source="Bolat", told="2021-07-03", event="arrest", when="2018-02", place="Tekes",
              quote="Камила видела это.", language="ru", role="perceived"),
    Statement("s2", "Aigul", source="Bolat", told="2021-07-03", fact="occupation", value="teacher"),
    Statement("s3", "Камила", source="Камила", told="2022-01-05", event="arrest", when="2018"),
)  # fmt: skip
#: What Ana may not open: it changes nothing of what she is shown.
HIDDEN: Final = Statement("m1", "Aigul", source="Dr. Omar", told="2023", fact="illness", value="LEAKED",
                          compartment="medical")  # fmt: skip


def office(folder: Path, *, hidden: bool = False) -> Path:
    """A casebook with a seat for Ana, in which Aigul and Bolat may be shown to everybody."""
    with Casebook.create(folder, PASSPHRASE.encode(), name="Aigerim", cost=CHEAP) as casebook:
        casebook.add_statements([*TOLD, *([HIDDEN] if hidden else ())])
        for giver in ("Aigul", "Bolat"):
            agree(casebook, giver, "public", "publication")
        casebook.seats.add("Ana", OTHER.encode(), ("testimony", "source"))
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A desk at which two members have a seat."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    with serving(office(tmp_path / "casebook")) as found:
        yield found


def known(desk: Served) -> Release:
    """The only release, as it lies in the casebook."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        (found,) = every_release(casebook)
    return found


def drafted(desk: Served, cookie: str, title: str = "First") -> str:
    """The path of a release that was drafted."""
    form = {"title": title, "audience": "public", "purpose": "publication"}
    status, there, _ = desk.asked("POST", f"/{HERE}", form, Cookie=cookie, Origin=desk.origin)
    assert status == 303
    return there["location"]


def decided(desk: Served, cookie: str, path: str, **form: str) -> tuple[int, str]:
    """What is answered to a decision on the finding that comes first."""
    text = waited(desk, cookie, path)
    found = re.search(r'name="finding" value="(\w+)"', text)
    assert found is not None, text
    status, _, answer = desk.asked(
        "POST", path, {"finding": found[1], **form}, Cookie=cookie, Origin=desk.origin
    )
    return status, answer


def test_a_release_is_drafted_mended_by_keys_and_approved(browser: Browser, desk: Served) -> None:
    """Each finding is in words, with what would mend it; nothing is approved while one is open."""
    with opened(browser, desk) as page:
        page.goto(desk.address + HERE)
        page.fill("#title", "A registry")
        page.keyboard.press("Enter")
        page.wait_for_selector("section.finding")
        assert "Камила" in page.inner_text(".finding")
        assert "1 life would be in it today." in page.inner_text("main")
        assert page.query_selector("form[action$='/approve']") is None
        for _ in range(8):
            if page.query_selector("section.finding") is None:
                break
            before = page.inner_text("#finding")
            page.keyboard.press("x")
            page.wait_for_selector("#reason:focus")
            page.keyboard.type("Her words name somebody.")
            page.keyboard.press("Enter")
            page.wait_for_function(
                "was => { const now = document.querySelector('#finding'); "
                "return now ? now.innerText != was : !!document.querySelector('.main'); }",
                arg=before,
            )
        page.wait_for_selector("form[action$='/approve'] button:focus")
        assert known(desk).changes
        assert not known(desk).approvals
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Approved as it is today.")
        assert "estelik release publish" in page.inner_text(".command")
    assert len(known(desk).approvals) == 1


def test_to_let_a_finding_stand_takes_a_second_members_own_signature(desk: Served) -> None:
    """One member's yes twice is one; the other signs at her own seat."""
    owner, ana = desk.signed_in(), at_seat(desk)
    path = drafted(desk, owner)
    status, asked = decided(desk, owner, path, decision="let")
    assert (status, 'id="reason"' in asked) == (200, True)
    assert not known(desk).rulings
    count = 0
    while 'name="finding"' in waited(desk, owner, path):
        assert decided(desk, owner, path, decision="let", reason="He asked for it.")[0] == 303
        count += 1
        assert count < 10
    assert "it takes a second member" in waited(desk, owner, path)
    approve = desk.asked("POST", f"{path}/approve", {}, Cookie=owner, Origin=desk.origin)
    assert approve[0] == 303
    for _ in range(600):
        status, _, text = desk.asked("GET", path, Cookie=owner)
        if "still looking" not in text:
            break
        time.sleep(0.1)
    assert (status, known(desk).approvals) == (422, ())
    # Her own address of the same release.
    listed = desk.asked("GET", f"/{HERE}", Cookie=ana)[2]
    hers = re.search(rf'href="(/{HERE}/[\w-]+)"', listed)[1]  # type: ignore[index]
    for _ in range(count):
        assert decided(desk, ana, hers, decision="let", reason="She did.")[0] == 303
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        members = {one.member for one in said(casebook) if isinstance(one.record, Ruling)}
    assert len(members) == 2
    # She cannot look for who is known in another compartment alone: the page says so beforehand.
    text = waited(desk, ana, hers)
    assert "/approve" not in text
    said_ = re.sub(r"<[^>]+>|[\u2068\u2069]", "", text)
    assert "not all is open to you: casework, medical and public." in said_
    assert "approves and publishes it: Aigerim." in said_
    assert "/approve" in waited(desk, owner, path)
    assert "not all is open to you" not in waited(desk, owner, path)


def test_one_cell_is_made_to_say_less_and_nothing_more(desk: Served) -> None:
    """What would say something else is refused, and nothing is changed."""
    cookie = desk.signed_in()
    path = drafted(desk, cookie)
    form = {"decision": "less", "cell": "0 quote", "reason": "She is named."}
    assert decided(desk, cookie, path, **form, to="Кто-то видел это.")[0] == 303
    for _ in range(600):
        status, _, text = desk.asked("GET", path, Cookie=cookie)
        if "still looking" not in text:
            break
        time.sleep(0.1)
    assert (status, "That would not say less." in text) == (422, True)
    assert not known(desk).changes
    assert decided(desk, cookie, path, **form, to="видела это.")[0] == 303
    waited(desk, cookie, path)
    assert [(one.column, one.to) for one in known(desk).changes] == [("quote", "видела это.")]


def test_what_is_not_a_decision_is_refused(desk: Served) -> None:
    cookie = desk.signed_in()
    path = drafted(desk, cookie)
    waited(desk, cookie, path)
    for form in (
        {"finding": "x", "decision": "let", "reason": "y"},
        {"decision": "mend", "reason": "y"},
    ):
        assert desk.asked("POST", path, form, Cookie=cookie, Origin=desk.origin)[0] == 404
    assert decided(desk, cookie, path, decision="burn", reason="y")[0] == 404
    assert decided(desk, cookie, path, decision="less", reason="y", cell="99 quote")[0] == 404
    assert desk.asked("GET", f"/{HERE}/nothing", Cookie=cookie)[0] == 404
    bad = {"title": " ", "audience": "public", "purpose": "publication"}
    assert desk.asked("POST", f"/{HERE}", bad, Cookie=cookie, Origin=desk.origin)[0] == 422
    bad = {"title": "x", "audience": "public", "purpose": "publication", "people": "Nobody at all"}
    assert desk.asked("POST", f"/{HERE}", bad, Cookie=cookie, Origin=desk.origin)[0] == 404
    assert not known(desk).changes
    assert not known(desk).rulings


def test_what_a_member_does_not_hold_changes_not_a_byte_of_her_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    seen = []
    for hidden in (True, False):
        with serving(office(tmp_path / f"{hidden}" / "casebook", hidden=hidden)) as desk:
            cookie = at_seat(desk)
            path = drafted(desk, cookie)
            text = waited(desk, cookie, path)
            seen.append(re.sub(r'nonce="[^"]*"|/[\w-]{20,}|value="\w{32}"', "", text))
    assert "LEAKED" not in seen[0]
    assert "1 life would be in it today." in seen[0]
    assert seen[0] == seen[1]


def test_other_pages_answer_while_a_release_is_looked_through(desk: Served) -> None:
    """It is looked through beside the day's work: the page says so, and holds nobody up."""
    cookie = desk.signed_in()
    path = drafted(desk, cookie)
    text = desk.asked("GET", path, Cookie=cookie)[2]
    assert "still looking" in text or 'id="finding"' in text
    assert desk.asked("GET", "/people", Cookie=cookie)[0] == 200
    assert desk.asked("GET", f"{path}/state", Cookie=cookie, HX_Request="true")[0] in {200, 204}
    waited(desk, cookie, path)
    status, said_, _ = desk.asked("GET", f"{path}/state", Cookie=cookie, HX_Request="true")
    assert (status, said_["hx-redirect"]) == (200, path)
