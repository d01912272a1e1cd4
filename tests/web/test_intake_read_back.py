"""What is kept is what was read back, and what she allowed covers nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, opened, serving
from tests.web.hand import at_intake, begin, everything, kept, leave, visited

from estelik.casebook import Casebook

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser
    from tests.web.hand import Hand

_KEPT = "ol[aria-labelledby=kept] li:last-child"


def _read_back(hand: Hand, words: str, shown: str) -> str:
    """Types a line and waits until it is read back so; the sentence."""
    hand.type(words)
    hand.page.wait_for_selector(f"#part-back p:has-text('{shown}')")
    return hand.page.inner_text("#part-back p:nth-of-type(2)").split("\n")[0]


def test_enter_keeps_the_reading_that_is_read_back_and_no_other(browser: Browser, served: Served) -> None:
    """Also when whoever types waits for it, and other readings are offered beneath."""
    with visited(browser, served) as hand:
        hand.line("arrested in autumn 2017")
        hand.line("taken to the camp 2 months after arrest")
        kept(hand.page, 2)
        said = _read_back(hand, "released after one year and nine months", "Or:")
        assert "after being taken to the camp" in said
        hand.press("Enter")
        kept(hand.page, 3)
        assert "after being taken to the camp" in hand.page.inner_text(_KEPT)
        said = _read_back(hand, "she was 76", "Or:")
        hand.press("Enter")
        kept(hand.page, 4)
        assert said in hand.page.inner_text(_KEPT)


def test_another_reading_is_kept_where_it_is_pressed(browser: Browser, served: Served) -> None:
    with visited(browser, served) as hand:
        hand.line("arrested in autumn 2017")
        hand.line("taken to the camp 2 months after arrest")
        kept(hand.page, 2)
        _read_back(hand, "released after one year and nine months", "Or:")
        hand.page.focus("[data-pick] >> nth=0")
        hand.press("Enter")
        kept(hand.page, 3)
        assert "after the arrest" in hand.page.inner_text(_KEPT)


def test_two_things_in_one_line_are_kept_as_two_lines(browser: Browser, served: Served) -> None:
    """One Enter; each as it was read back, in its own words, and each can be changed by itself; a month
    without a year is that of the line before, and that is said."""
    with visited(browser, served) as hand:
        said = _read_back(hand, "arrested in March 2018 and released in June", "line of its own")
        assert said == "Arrested in March 2018. Released in June 2018."
        assert "No year was said" in hand.page.inner_text("#part-back")
        hand.press("Enter")
        kept(hand.page, 2)
        rows = hand.page.locator("ol[aria-labelledby=kept] li").all_inner_texts()
        assert ["Arrested in March 2018." in one for one in rows] == [True, False]
        assert ["Released in June 2018." in one for one in rows] == [False, True]
        _read_back(hand, "taken to the camp in May", "Which year?")
        hand.page.fill("#line", "")
        _read_back(hand, "came home in September", "September 2018")
        hand.press("Enter")
        kept(hand.page, 3)
        hand.press("ArrowUp", "ArrowUp", "Enter")
        hand.page.wait_for_function("() => document.getElementById('line').value === 'released in June'")


def test_a_line_that_says_something_else_by_now_is_read_back_anew(browser: Browser, served: Served) -> None:
    """Two write down one telling: what the one keeps changes what the line of the other means."""
    with visited(browser, served) as hand:
        hand.line("arrested in autumn 2017")
        kept(hand.page, 1)
        said = _read_back(hand, "in the spring of 2018", "spring 2018")
        hand.page.evaluate(
            "fetch('/intake/keep', {method: 'POST', body: new URLSearchParams({line: 'released in 2019', "
            "telling: document.body.dataset.telling})})"
        )
        hand.page.wait_for_timeout(1500)
        hand.press("Enter")
        hand.page.wait_for_selector("#part-back p:nth-of-type(2):has-text('Released')")
        assert said.startswith("Arrested")
        assert hand.page.input_value("#line") == "in the spring of 2018"


def test_what_was_kept_after_the_read_back_is_said_and_what_she_allowed_is_not_entered_with_it(
    browser: Browser, empty: Path
) -> None:
    with serving(empty) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        _allowed(hand)
        hand.line("my cousin Bolat in house 14 hid me")
        kept(page, 2)
        hand.press("F8")
        page.wait_for_selector("#passphrase")
        words = page.inner_text("main")
        assert "It was read back." not in words
        assert "my cousin Bolat" in words
        assert "What she allowed is not entered with it" in words
        page.goto(f"{served.address}intake")
        leave(hand)
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        assert [one.audiences for one in casebook.consents().given] == [()]


def test_read_back_once_more_what_she_allowed_is_entered(browser: Browser, empty: Path) -> None:
    with serving(empty) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        _allowed(hand)
        hand.line("released in 2019")
        kept(page, 2)
        hand.press("F6")
        page.wait_for_selector(".fault[role=alert]")
        assert "Not read back yet." in page.inner_text(".lines li:last-child")
        page.focus(".uses button.main")
        hand.press("Enter")
        page.wait_for_selector("#line")
        leave(hand)
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        assert [one.audiences for one in casebook.consents().given] == [(), ("public",)]


def test_what_was_typed_last_is_kept_as_words_when_another_line_is_taken_up(
    browser: Browser, served: Served
) -> None:
    """Also where no time was left to put it down as a draft."""
    with visited(browser, served) as hand:
        hand.line("arrested in autumn 2017")
        kept(hand.page, 1)
        hand.type("my cousin hid me")
        hand.press("ArrowUp", "Enter")
        kept(hand.page, 2)
        assert "my cousin hid me" in hand.page.inner_text(_KEPT)
        assert hand.page.input_value("#line") == "arrested in autumn 2017"


def _allowed(hand: Hand) -> None:
    hand.press("F6")
    hand.page.wait_for_selector(".uses")
    hand.page.check("input[name=public-answer][value=yes]")
    hand.page.focus(".uses button.main")
    hand.press("Enter")
    hand.page.wait_for_selector("#line")


@pytest.mark.parametrize("small", [False, True], ids=["a line taken up", "small fields"])
def test_what_is_left_unkept_at_the_end_is_shown_and_kept_as_words(
    browser: Browser, empty: Path, small: bool
) -> None:
    with serving(empty) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        if small:
            hand.press("Tab")
            page.wait_for_selector("#c-event:focus")
            hand.type("release")
            page.fill("#c-when", "2019")
            page.fill("#c-quote", "He came in the snow")
        else:
            hand.line("arrested in autumn 2017")
            kept(page, 1)
            hand.press("ArrowUp", "Enter")
            page.wait_for_selector("#part-state span")
            hand.type(", or the winter after")
        hand.press("F8")
        page.wait_for_selector("#passphrase")
        assert "2019" in page.inner_text("main") or "winter after" in page.inner_text("main")
        page.goto(f"{served.address}intake")
        leave(hand)
    told = everything(empty)[0]
    if small:
        assert [(one.value, one.quote) for one in told] == [
            ("event: release; when: 2019", "He came in the snow")
        ]
    else:
        assert [(one.event, one.value) for one in told] == [
            ("arrest", ""),
            ("", "arrested in autumn 2017, or the winter after"),
        ]
