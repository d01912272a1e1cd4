"""The line at a desk in any language: what is read back is what was said, and in which language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import Served, opened, spoken
from tests.web.hand import Hand, at_intake, begin, keep_nothing, kept, visited

if TYPE_CHECKING:
    from playwright.sync_api import Browser

LINES = {
    "arrested in the spring of 2018": "read as English",
    "2018 жылдың көктемінде ұсталды": "read as Kazakh",
    "освобождена весной 2018 года": "read as Russian",
    "звільнили навесні 2018 року": "read as Ukrainian",
    "2018年春天被释放": "read as Chinese",
}


def _back(hand: Hand, words: str) -> str:
    """Types a line in place of what stands there, and waits for what is read back."""
    page = hand.page
    page.fill("#line", "")
    page.wait_for_function("() => !document.getElementById('part-back').innerText.includes('ead as')")
    hand.type(words)
    page.wait_for_function("() => document.getElementById('part-back').innerText.includes('ead as')")
    return page.inner_text("#part-back")


def test_a_line_in_any_language_is_read_back_and_says_in_which(browser: Browser, served: Served) -> None:
    """The desk is English."""
    with visited(browser, served) as hand:
        for line, language in LINES.items():
            back = _back(hand, line)
            assert language in back
            assert "spring 2018" in back
            assert "Not understood" not in back


@pytest.mark.parametrize("desk", ["fr", "ug"])
def test_at_a_desk_without_a_table_lines_are_understood(browser: Browser, served: Served, desk: str) -> None:
    """A Uyghur or French desk: each line is kept as a statement, not as words alone."""
    with opened(browser, served) as page:
        spoken(page, desk)
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        try:
            for number, line in enumerate(LINES, start=1):
                hand.line(line)
                kept(page, number)
            assert page.locator("#part-kept .alone").count() == 0
            words = page.locator("#part-kept ol[aria-labelledby=kept] li").all_inner_texts()
            assert all("2018" in one for one in words)
        finally:
            keep_nothing(page, served)


def test_nothing_is_read_back_that_nobody_said(browser: Browser, served: Served) -> None:
    """Words that were not understood are said first; no event that was told before is read into them; and no
    time that others of her words leave stands under the date that she has just said."""
    with visited(browser, served) as hand:
        page = hand.page
        hand.line("arrested in autumn 2019")
        hand.line("released two years after arrest")
        kept(page, 2)
        hand.type("they bundled him off in the spring of 2018")
        page.wait_for_selector("#part-back:has-text('Not understood')")
        back = page.inner_text("#part-back")
        assert "eleased" not in back
        assert "That is" not in back
        assert "Say what happened" in back
        page.fill("#line", "")
        hand.type("released in spring 2018")
        page.wait_for_selector("#part-back:has-text('Released in spring 2018')")
        assert "That is" not in page.inner_text("#part-back")
        page.fill("#line", "")
        hand.type("arrested 31 April 2018")
        page.wait_for_selector("#part-back:has-text('There is no such day')")
