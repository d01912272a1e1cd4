"""What a browser keeps of the desk on its own disk, once it was closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.chromium import ARGUMENTS, WHOLE
from tests.web.conftest import PASSPHRASE, made, serving

if TYPE_CHECKING:
    from pathlib import Path

#: Of a life, of who told of it, of what is typed to find it.
_WORDS = ("Saule", "Aqboranuly", "Qarlyghash", "Tansholpan", "guessed wrongly", PASSPHRASE)


def test_a_browser_keeps_no_name_of_anybody_whose_page_was_open(tmp_path: Path) -> None:
    """Not in its history, not in what it needs to open its windows again, not among what was typed: neither
    as UTF-8 nor as UTF-16, in any file of its profile."""
    playwright = pytest.importorskip("playwright.sync_api")
    profile = tmp_path / "profile"
    with serving(made(tmp_path / "casebook")) as desk, playwright.sync_playwright() as started:
        around = started.chromium.launch_persistent_context(
            profile, executable_path=WHOLE, args=ARGUMENTS, viewport={"width": 1280, "height": 800}
        )
        page = around.pages[0]
        page.goto(desk.address)
        page.fill("#passphrase", "guessed wrongly")
        page.keyboard.press("Enter")
        page.wait_for_selector("[role=alert]")
        page.fill("#passphrase", PASSPHRASE)
        page.keyboard.press("Enter")
        page.wait_for_url(desk.address)
        for name in ("Saule", "Erlan Aqboranuly"):
            page.goto(f"{desk.address}people")
            page.fill("#words", name)
            page.keyboard.press("Enter")
            page.click("main a[href^='/life/']")
            page.wait_for_selector("main h1")
            assert name.partition(" ")[0] in page.inner_text("main h1")
            page.goto(f"{page.url}/near")
            page.wait_for_selector("main h1")
        # What an act draws: who tells, with a name too long; it is asked for once more.
        page.goto(f"{desk.address}intake")
        page.keyboard.press("y")
        page.wait_for_selector("#source")
        page.fill("#source", "Qarlyghash")
        page.fill("#about", "Tansholpan" * 100)
        page.keyboard.press("F8")
        page.wait_for_selector("[role=alert]")
        page.keyboard.press("F9")
        page.wait_for_url(f"{desk.address}sign-in")
        # It writes its history down after some seconds, and at its end.
        around.close()
    every = [(one, one.read_bytes()) for one in profile.rglob("*") if one.is_file()]
    assert any(one.name == "History" and b"Estelik" in data for one, data in every)
    found = [
        (str(one.relative_to(profile)), word)
        for one, data in every
        for word in _WORDS
        if word.encode() in data or word.encode("utf-16-le") in data
    ]
    assert found == []
