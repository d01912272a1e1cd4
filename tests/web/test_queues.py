"""The queue of contradictions: both sides of one, what would follow, a statement set aside and taken back."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Final

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.test_review import looked
from tests.web.test_seats import OTHER, at_seat

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

HERE: Final = "review/contradictions"
#: Medical: it makes a contradiction, and adds to another one.
HIDDEN: Final = (
    Statement("m1", "Ajar", source="Dr. Omar", told="2023-01-04", event="arrest", when="2001", place="LEAKED",
              compartment="medical"),
    Statement("m2", "Ajar", source="Dr. Omar", told="2023-01-04", event="release", when="1999",
              compartment="medical"),
    Statement("m3", "Erlan Aqboranuly", source="Dr. Omar", told="2023-01-04", event="release", when="1999",
              quote="LEAKED-QUOTE", compartment="medical"),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    """A desk on the demonstration's people, one of whom cannot be true as told."""
    folder = made(tmp_path / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(
            [
                Statement("d1", "Ōmirbek", source="sister", told="2024", event="birth", when="1970"),
                Statement("d2", "Ōmirbek", source="list", told="2019", event="birth", when="1980"),
                Statement("d3", "Serik", source="a guard", told="2021", event="death", when="2019-05"),
            ]
        )
    with serving(folder) as found:
        yield found


def aside(desk: Served) -> list[tuple[str, str]]:
    """Which statements are set aside, and why."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        judgements = casebook.judgements()
    gone = {one.withdraws for one in judgements}
    return [
        (one.statement, one.reason)
        for one in judgements
        if one.decision == "set-aside" and one.id not in gone
    ]


def test_a_statement_is_set_aside_by_keys_alone_and_taken_back(browser: Browser, desk: Served) -> None:
    """What would follow is shown before it is recorded, and nothing is recorded without a reason."""
    with opened(browser, desk) as page:
        looked(page, desk, HERE)
        assert page.evaluate("document.activeElement.value") == "yes"
        assert page.locator(".side").count() == 2
        assert "these cannot both be true" in page.inner_text("article")
        assert "Erlan's cellmate, who saw it, 20 April 2023" in page.inner_text(".sides")
        assert "Set aside" in page.inner_text(".repairs")
        says = page.inner_text(".disputed li:first-child .read")
        page.keyboard.press("1")
        page.wait_for_selector("#reason:focus")
        assert says in page.inner_text("main")
        assert "All the rest can be true." in page.inner_text("main")
        assert aside(desk) == []
        page.fill("#reason", "She counted again.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#last")
        assert [why for _, why in aside(desk)] == ["She counted again."]
        assert says in page.inner_text("section[aria-labelledby=last]")
        page.keyboard.press("z")
        page.wait_for_selector("#last", state="detached")
        assert aside(desk) == []


def test_what_is_put_off_comes_last_and_what_is_settled_not_again(browser: Browser, desk: Served) -> None:
    with opened(browser, desk) as page:
        looked(page, desk, HERE)
        first = page.inner_text("h1")
        page.keyboard.press("l")
        page.wait_for_function("name => document.querySelector('h1').innerText != name", arg=first)
        settled = []
        while (name := page.inner_text("h1")) != first:
            assert name not in settled
            settled.append(name)
            page.keyboard.press("1")
            page.wait_for_selector("#reason:focus")
            page.keyboard.type("One of the two.")
            page.keyboard.press("Enter")
            page.wait_for_function("name => document.querySelector('h1').innerText != name", arg=name)
        assert len(settled) == 2


def test_nothing_is_set_aside_that_is_not_in_dispute_nor_without_an_address(desk: Served) -> None:
    cookie = desk.signed_in()
    for form in (
        {"life": "x", "statement": "y", "reason": "because"},
        {"life": "", "later": "yes"},
        {"statement": "d1", "reason": "because"},
    ):
        status, _, _ = desk.asked("POST", f"/{HERE}", form, Cookie=cookie, Origin=desk.origin)
        assert status == 404
    form = {"judgement": "A" * 60}
    assert desk.asked("POST", f"/{HERE}/undo", form, Cookie=cookie, Origin=desk.origin)[0] == 404
    assert aside(desk) == []


def test_two_who_set_the_same_aside_do_it_once(desk: Served) -> None:
    """The second is told that it was decided meanwhile."""
    one, other = desk.signed_in(), desk.signed_in()
    text = waited(desk, one, f"/{HERE}")
    form = {
        "life": re.search(r'name="life" value="([\w-]+)"', text)[1],  # type: ignore[index]
        "statement": re.search(r'name="statement" value="([\w-]+)"', text)[1],  # type: ignore[index]
        "reason": "because",
    }
    answers = [
        desk.asked("POST", f"/{HERE}", form, Cookie=cookie, Origin=desk.origin)[0] for cookie in (one, other)
    ]
    assert answers == [303, 404]
    assert len(aside(desk)) == 1


def waited(desk: Served, cookie: str, path: str) -> str:
    """A page once everything was looked through."""
    for _ in range(600):
        text = desk.asked("GET", path, Cookie=cookie)[2]
        if "still looking" not in text:
            return text
        time.sleep(0.1)
    raise AssertionError(path)


def test_what_a_member_does_not_hold_changes_not_a_byte_of_her_queues(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is it shown, nor counted, nor does a contradiction appear because of it."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    seen = []
    for hidden in (True, False):
        folder = made(tmp_path / f"{hidden}" / "casebook")
        with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
            casebook.add_statements(HIDDEN if hidden else ())
            casebook.seats.add("Ana", OTHER.encode(), ("testimony", "source"))
        with serving(folder) as desk:
            owner, cookie = desk.signed_in(), at_seat(desk)
            texts = [
                waited(desk, cookie, path)
                for path in (f"/{HERE}", "/review", "/review/releases", "/review/verification")
            ]
            seen.append(
                [re.sub(r'nonce="[^"]*"|(value=|/life/|href=)"?[\w/-]{20,}', "", one) for one in texts]
            )
            if hidden:
                both = waited(desk, owner, f"/{HERE}")
                life = re.search(r'name="life" value="([\w-]+)"', both)[1]  # type: ignore[index]
                form = {"life": life, "later": "yes"}
                desk.asked("POST", f"/{HERE}", form, Cookie=owner, Origin=desk.origin)
                assert "LEAKED" in both + waited(desk, owner, f"/{HERE}")
    assert "LEAKED" not in "".join(seen[0])
    assert seen[0] == seen[1]


def test_beside_a_visitor_no_queue_answers(desk: Served) -> None:
    cookie = desk.signed_in()
    desk.visited(cookie, "Qarlyghash", "Asqar")
    for path in ("/review/contradictions", "/review/releases", "/registry"):
        status, said, _ = desk.asked("GET", path, Cookie=cookie)
        assert (status, said["location"]) == (303, "/intake")
    for path in ("/review/contradictions", "/registry/lists", "/registry/export", "/registry/export/look"):
        status, said, _ = desk.asked("POST", path, {}, Cookie=cookie, Origin=desk.origin)
        assert (status, said["location"]) == (303, "/intake")


def judged(desk: Served) -> list[tuple[str, str, str]]:
    """Decisions on statements that hold: which, on which statement, and why."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        judgements = casebook.judgements()
    gone = {one.withdraws for one in judgements}
    return [
        (one.decision, one.statement, one.reason)
        for one in judgements
        if one.statement and one.id not in gone
    ]


def test_a_statement_on_which_alone_a_state_rests_is_verified_by_keys_and_taken_back(
    browser: Browser, tmp_path: Path
) -> None:
    """What was graded, what others tell too, and what opens no state that is certain is not asked for."""
    folder = tmp_path / "casebook"
    with Casebook.create(folder, PASSPHRASE.encode(), name="Aigerim", cost=CHEAP) as casebook:
        casebook.add_statements(
            [
                Statement("v1", "Serik", source="a guard", told="2021", event="death", when="2019-05"),
                Statement("v2", "Nurlan", source="a", told="2021", event="death", when="2019", grade="B2"),
                Statement("v3", "Marat", source="a", told="2021", event="death", when="2019"),
                Statement("v4", "Marat", source="b", told="2022", event="death", when="2019-03"),
                Statement("v5", "Asel", source="a", told="2021", event="arrest", when="2019"),
                Statement(
                    "v6", "Zhanar", source="a", told="2020", event="death", when="2018", quote="Qaitys boldy."
                ),
            ]
        )
    with serving(folder) as desk, opened(browser, desk) as page:
        looked(page, desk, "review/verification")
        assert page.inner_text("h1") == "Serik"
        page.keyboard.press("l")
        page.wait_for_selector("h1:has-text('Zhanar')")
        assert "Qaitys boldy." in page.inner_text(".due-statement")
        page.keyboard.press("x")
        page.wait_for_selector("#reason:focus")
        assert judged(desk) == []
        page.keyboard.type("The recording, minute 12.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#last")
        assert judged(desk) == [("verified", "v6", "The recording, minute 12.")]
        page.wait_for_selector("h1:has-text('Serik')")
        page.keyboard.press("z")
        page.wait_for_selector("h1:has-text('Zhanar')")
        page.wait_for_selector("#last", state="detached")
        assert judged(desk) == []
        page.keyboard.press("n")
        page.wait_for_selector("#reason:focus")
        page.keyboard.type("He was seen since.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#last")
        assert judged(desk) == [("set-aside", "v6", "He was seen since.")]
        page.keyboard.press("x")
        page.wait_for_selector("#reason:focus")
        page.keyboard.type("My notes of the day.")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Nothing waits for you.")
        assert ("verified", "v1", "My notes of the day.") in judged(desk)
