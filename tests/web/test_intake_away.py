"""The visitor stays the visitor: whatever ends, whoever sits with her, whichever window is open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.hand import at_intake, begin, keep_nothing, kept, killed
from tests.web.test_seats import OTHER, at_seat, office

from estelik.casebook import Casebook
from estelik.daily import ending

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from playwright.sync_api import Browser, Page


def test_both_who_sit_with_her_are_led_back_to_her(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a loss of power; and whoever has said that she has left is not."""
    with serving(office(tmp_path / "casebook", monkeypatch, hidden=False)) as desk:
        one: dict[str, Any] = {"Cookie": desk.signed_in(), "Origin": desk.origin}
        named = desk.visited(one["Cookie"])
        other: dict[str, Any] = {"Cookie": at_seat(desk), "Origin": desk.origin}
        found = desk.asked("GET", "/intake", **other)[2]
        telling = found.partition('name="telling" value="')[2].partition('"')[0]
        assert desk.asked("POST", "/intake/go-on", {"telling": telling}, **other)[0] == 303
        killed(desk)
        one["Cookie"], other["Cookie"] = desk.signed_in(), at_seat(desk)
        for each in (one, other):
            status, said, _ = desk.asked("GET", "/registry", **each)
            assert (status, said.get("location")) == (303, "/intake")
        gone = {"passphrase": OTHER, "what": "draft"} | named
        assert desk.asked("POST", "/visitor/left", gone, **other)[0] == 200
        killed(desk)
        one["Cookie"], other["Cookie"] = desk.signed_in(), at_seat(desk)
        assert desk.asked("GET", "/registry", **one)[0] == 303
        assert desk.asked("GET", "/registry", **other)[0] == 200


def test_nobody_else_signs_in_where_a_visitor_sits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the browser of the member who sits with her: the visit goes on, whatever the passphrase. She
    herself may, and is led back to her visitor."""
    with serving(office(tmp_path / "casebook", monkeypatch, hidden=False)) as desk:
        mine: dict[str, Any] = {"Cookie": desk.signed_in(), "Origin": desk.origin}
        named = desk.visited(mine["Cookie"])
        for passphrase in (OTHER, "a guess"):
            form = {"seat": "1", "passphrase": passphrase}
            status, said, text = desk.asked("POST", "/sign-in", form, **mine)
            assert (status, "set-cookie" in said) == (422, False)
            assert "A visitor is present" in text
        assert desk.telling(mine["Cookie"]) == named
        status, said, _ = desk.asked("POST", "/sign-in", {"passphrase": PASSPHRASE}, **mine)
        assert status == 303
        again = said["set-cookie"].partition(";")[0]
        assert desk.telling(again) == named


def test_what_is_sent_in_any_other_form_after_a_long_silence_is_done_after_the_passphrase(
    browser: Browser, tmp_path: Path
) -> None:
    """What she says of each use, an account, another line taken up: none of it is lost at the door."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as desk, opened(browser, desk) as page:
        # The desk goes on when she is signed out.
        desk.signed_in()
        hand = at_intake(page, desk)
        begin(hand, "Qarlyghash", "Asqar")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        page.goto(f"{desk.address}intake/read-back")
        page.check("input[name=press-answer][value=no]")
        page.check("input[name=un-answer][value=yes]")
        page.fill("#until", "2031-12-31")
        _signed_out(page, desk)
        page.click(".uses button.main")
        _in_again(page)
        page.wait_for_selector("#line")
        page.click("[data-key=F4]")
        page.fill("#pasted", "They came at night. Nobody spoke.")
        _signed_out(page, desk)
        page.click("#behind button")
        _in_again(page)
        page.wait_for_selector("#passages")
        page.click("#passages .sentence >> nth=1")
        page.wait_for_selector(".sentence.chosen")
        hand.press("Escape")
        page.wait_for_selector(".sentence:not(.chosen) >> nth=1")
        page.goto(f"{desk.address}visitor/left")
        page.fill("#passphrase", PASSPHRASE)
        page.click("button[value=draft]")
        page.wait_for_selector("h1:text('Kept as a draft')")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        (told,) = ending.waiting(casebook)
    assert {(one.use, one.answer) for one in told.uses} == {("press", "no"), ("un", "yes")}
    assert told.terms.until == "2031-12-31"
    assert told.account == "They came at night. Nobody spoke."


def _signed_out(page: Page, desk: Served) -> None:
    """As after a long silence."""
    assert desk.asked("POST", "/sign-out", {}, Cookie=_cookie(page), Origin=desk.origin)[0] == 303


def _in_again(page: Page) -> None:
    """Gives the passphrase, where she is asked for it on the page."""
    page.wait_for_selector("#again:not([hidden])")
    page.fill("#again-passphrase", PASSPHRASE)
    page.keyboard.press("Enter")


def _cookie(page: Page) -> str:
    return "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())


def test_what_is_typed_after_a_long_silence_is_kept(browser: Browser, tmp_path: Path) -> None:
    """She weeps, and nothing is typed until the member was signed out; what she says then is not lost."""
    # (Under a lock it is: that forgets whatever was not acknowledged.)
    with (
        serving(made(tmp_path / "casebook"), "--idle", "10s") as desk,
        opened(browser, desk, refused=True) as page,
    ):
        hand = at_intake(page, desk)
        begin(hand, "Qarlyghash", "Asqar")
        assert not page.is_visible("#again")
        (before,) = desk.children()
        until = time.monotonic() + 60
        # With its last member the process with the keys has ended.
        while desk.children() == [before] and time.monotonic() < until:
            time.sleep(0.2)
        hand.line("arrested in autumn 2017")
        page.wait_for_selector("#again:not([hidden])")
        assert page.url == f"{desk.address}intake"
        # It is seen meanwhile, and whoever would leave the page is asked first.
        assert "arrested in autumn 2017" in page.inner_text("#again")
        with page.expect_event("dialog") as asked:
            page.evaluate("void setTimeout(() => location.reload(), 0)")
        assert asked.value.type == "beforeunload"
        asked.value.dismiss()
        # Another passphrase opens nothing, says so, and leaves the line where it is; it can be given anew.
        page.fill("#again-passphrase", "another sentence")
        page.keyboard.press("Enter")
        page.wait_for_selector("#again-not:not([hidden])")
        assert page.is_visible("#again")
        assert page.input_value("#again-passphrase") == ""
        assert page.evaluate("document.activeElement.id") == "again-passphrase"
        assert page.locator("#part-kept li").count() == 0
        page.fill("#again-passphrase", PASSPHRASE)
        page.keyboard.press("Enter")
        kept(page, 1)
        assert "autumn 2017" in page.inner_text("#part-kept")
        page.goto(f"{desk.address}intake")
        kept(page, 1)
        # A lock asks nothing.
        desk.signed_in()
        _signed_out(page, desk)
        hand.line("released in 2019")
        page.wait_for_selector("#again:not([hidden])")
        page.keyboard.press("F9")
        page.wait_for_url(f"{desk.address}sign-in")


def test_other_windows_show_nobody_else_once_a_visitor_is_here(browser: Browser, tmp_path: Path) -> None:
    """Without being touched; and after a lock they show the door."""
    with serving(made(tmp_path / "casebook")) as desk, opened(browser, desk) as page:
        other = page.context.new_page()
        other.goto(f"{desk.address}people")
        other.fill("#words", "Saule")
        other.keyboard.press("Enter")
        other.click("main a[href^='/life/']")
        other.wait_for_selector("main h1")
        hand = at_intake(page, desk)
        begin(hand, "Qarlyghash", "Asqar")
        other.wait_for_url(f"{desk.address}intake")
        assert "Saule" not in other.content()
        page.keyboard.press("F9")
        other.wait_for_url(f"{desk.address}sign-in")


def test_a_window_of_one_visit_shows_and_does_nothing_of_the_next(browser: Browser, tmp_path: Path) -> None:
    """It is blanked without being touched, when the visitor has left and when the next is here; what is sent
    from it all the same, by whoever hears of nothing, is answered with nothing of anybody."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as desk, opened(browser, desk) as page:
        deaf = page.context.new_page()
        deaf.add_init_script("window.BroadcastChannel = class extends EventTarget { postMessage() {} };")
        hand = at_intake(page, desk)
        begin(hand, "Sister X", "Brother X")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        before = desk.telling(_cookie(page))
        heard = page.context.new_page()
        for window in (deaf, heard):
            window.goto(f"{desk.address}intake")
        page.goto(f"{desk.address}visitor/left")
        page.fill("#passphrase", PASSPHRASE)
        page.click("button[value=draft]")
        page.wait_for_selector("h1:text('Kept as a draft')")
        heard.wait_for_url(f"{desk.address}intake/cleared")
        assert "Brother X" not in heard.content()
        begin(at_intake(page, desk), "VISITORTWO", "PERSONTWO")
        assert deaf.inner_text("h1") == "Brother X"
        deaf.fill("#line", "died in 2019")
        deaf.wait_for_url(f"{desk.address}intake/cleared")
        words = deaf.inner_text("body")
        assert "of another visit" in words
        assert "X" not in words
        assert "TWO" not in words
        cookie = _cookie(page)
        heads: dict[str, Any] = {"Cookie": cookie, "Origin": desk.origin}
        acts = (
            *(
                "line",
                "keep",
                "fields",
                "change",
                "out",
                "correct",
                "leave",
                "about",
                "next",
                "ask",
                "differs",
            ),
            *("account", "pasting", "passage", "read-back"),
        )
        form = {"line": "DIED", "about": "Z", "account": "Z", "passphrase": PASSPHRASE, "what": "nothing"}
        for path in (*(f"/intake/{one}" for one in acts), "/visitor/left"):
            for given in (form, form | before):
                status, said, text = desk.asked("POST", path, given, **heads)
                assert (status, said.get("location"), text) == (303, "/intake/cleared", ""), path
        keep_nothing(page, desk)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        (told,) = ending.waiting(casebook)
    assert [(one.source, len(one.lines)) for one in (told,)] == [("Sister X", 1)]
