"""The visitor stays the visitor: whatever ends, whoever sits with her, whichever window is open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from tests.web.conftest import PASSPHRASE, made, opened, serving
from tests.web.hand import at_intake, begin, keep_nothing, kept, killed
from tests.web.test_seats import OTHER, at_seat, office

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from playwright.sync_api import Browser

_BEGUN = {"agreed": "2026-11-23T10:00", "source": "Q", "about": "A", "language": "kk"}


def test_both_who_sit_with_her_are_led_back_to_her(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a loss of power; and whoever has said that she has left is not."""
    with serving(office(tmp_path / "casebook", monkeypatch, hidden=False)) as desk:
        one: dict[str, Any] = {"Cookie": desk.signed_in(), "Origin": desk.origin}
        assert desk.asked("POST", "/intake/begin", _BEGUN, **one)[0] == 303
        other: dict[str, Any] = {"Cookie": at_seat(desk), "Origin": desk.origin}
        found = desk.asked("GET", "/intake", **other)[2]
        telling = found.partition('name="telling" value="')[2].partition('"')[0]
        assert desk.asked("POST", "/intake/go-on", {"telling": telling}, **other)[0] == 303
        killed(desk)
        one["Cookie"], other["Cookie"] = desk.signed_in(), at_seat(desk)
        for each in (one, other):
            status, said, _ = desk.asked("GET", "/registry", **each)
            assert (status, said.get("location")) == (303, "/intake")
        gone = {"passphrase": OTHER, "what": "draft"}
        assert desk.asked("POST", "/visitor/left", gone, **other)[0] == 200
        killed(desk)
        one["Cookie"], other["Cookie"] = desk.signed_in(), at_seat(desk)
        assert desk.asked("GET", "/registry", **one)[0] == 303
        assert desk.asked("GET", "/registry", **other)[0] == 200


def test_what_is_typed_after_a_long_silence_is_kept(browser: Browser, tmp_path: Path) -> None:
    """She weeps, and nothing is typed until the member was signed out; what she says then is not lost."""
    with (
        serving(made(tmp_path / "casebook"), "--idle", "8s") as desk,
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
        keep_nothing(page, desk)


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
