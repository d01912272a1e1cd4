"""Somebody at the keyboard of the intake, whose keys are counted."""

from __future__ import annotations

import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.web.conftest import PASSPHRASE, Served, opened

from estelik.casebook import Casebook
from estelik.vault import drafts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from estelik.records import Statement


class Hand:
    """Somebody at the keyboard, whose keys and clicks are counted. A letter is one key, whatever it takes on
    some keyboards; Enter, Tab, arrows and function keys are one each."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.clicks = page, 0, 0

    def type(self, words: str) -> None:
        """Types words."""
        self.keys += len(words)
        self.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def line(self, words: str) -> None:
        """Types a line and keeps it; the next may be typed at once."""
        self.type(words)
        self.press("Enter")


def begin(hand: Hand, source: str, about: str, *, known: str = "") -> None:
    """A visitor comes in. ``known``: what is pressed on to choose who told before, and of whom."""
    page = hand.page
    hand.press("y")
    page.wait_for_selector("#source")
    hand.type(source)
    if known:
        page.wait_for_selector("#source-found button")
        hand.press("ArrowDown", "Enter")
        page.wait_for_selector("#about-found button")
        hand.press("ArrowDown", "Enter")
    else:
        hand.press("Tab")
        hand.type(about)
    hand.press("F8")
    page.wait_for_selector("#line")


def kept(page: Page, count: int) -> None:
    """Waits until so many lines are kept."""
    page.wait_for_function(
        "n => document.querySelectorAll('#part-kept ol[aria-labelledby=kept] li').length === n", arg=count
    )


def leave(hand: Hand) -> None:
    """The visitor has left; what was told is entered."""
    hand.press("F8")
    hand.page.wait_for_selector("#passphrase")
    hand.type(PASSPHRASE)
    hand.press("Enter")
    hand.page.wait_for_selector("h1:text('What was told is entered')")


def at_intake(page: Page, served: Served) -> Hand:
    """Somebody before the first question."""
    page.goto(f"{served.address}intake")
    return Hand(page)


@contextmanager
def visited(browser: Browser, served: Served, **context: Any) -> Iterator[Hand]:
    """A new visitor who tells of her brother, and leaves nothing at the end."""
    with opened(browser, served, **context) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        try:
            yield hand
        finally:
            keep_nothing(page, served)


def keep_nothing(page: Page, served: Served) -> None:
    """The visitor has left, and nothing that she told is kept."""
    page.goto(f"{served.address}visitor/left")
    page.fill("#passphrase", PASSPHRASE)
    page.click("button[value=nothing]")
    page.wait_for_selector("h1[data-kept=nothing]")


def everything(folder: Path) -> tuple[list[Statement], int, int]:
    """What a casebook holds: statements, how many consents and drafts."""
    with Casebook.open(folder, PASSPHRASE.encode()) as found:
        return found.statements(), len(found.consents().given), len(drafts.drafts(found.vault.store))


def killed(served: Served) -> None:
    """Kills the process that holds the keys; what began it begins another."""
    os.kill(served.children()[0], signal.SIGKILL)
    for _ in range(100):
        time.sleep(0.1)
        try:
            if served.asked("GET", "/sign-in")[0] == 200:
                return
        except OSError:
            continue
    raise AssertionError
