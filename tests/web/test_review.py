"""Review at the desk: a pair at a time, by keys, each decision with its reason and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving

from estelik.casebook import Casebook
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

TOLD = (
    Statement("k1", "Қайрат Нұрланұлы", source="sister", told="2024-05-03", event="birth", when="1968-21"),
    Statement("k2", "Қайрат Нұрланұлы", source="sister", told="2024-05-03", fact="sex", value="male"),
    Statement("h1", "海拉提·努尔兰", source="list", told="2017-07", event="birth", when="1969-02-11"),
    Statement("h2", "海拉提·努尔兰", source="list", told="2017-07", event="arrest", when="2017-07-03"),
)


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk on whose casebook two people may be one, with births that do not meet."""
    folder = made(tmp_path_factory.mktemp("office") / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(TOLD)
    with serving(folder) as found:
        yield found


def looked(page: Page, desk: Served, name: str) -> None:
    """Goes to a page once everything was looked through."""
    page.goto(desk.address + name)
    for _ in range(600):
        if not page.query_selector("[data-looking]"):
            return
        page.wait_for_timeout(100)
        page.reload()


def verdicts(desk: Served) -> list[tuple[str, str]]:
    """Decisions that hold, and their reasons."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return [(one.decision, one.reason) for one in casebook.lives.verdicts()]


def test_a_pair_is_judged_by_keys_alone_and_the_decision_taken_back(browser: Browser, desk: Served) -> None:
    """What joining them would contradict is shown before it is recorded."""
    with opened(browser, desk) as page:
        looked(page, desk, "review")
        assert "Қайрат Нұрланұлы" in page.inner_text(".pair")
        assert "cannot both be true" in page.inner_text(".pair")
        assert "Joining them would make a contradiction" in page.inner_text("main")
        page.keyboard.press("x")
        page.wait_for_selector("#reason:focus")
        page.fill("#reason", "One passport number.")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Record it all the same")
        assert verdicts(desk) == []
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Your last decisions")
        assert verdicts(desk) == [("same", "One passport number.")]
        page.keyboard.press("z")
        page.wait_for_selector("#last", state="detached")
        assert verdicts(desk) == []


def test_a_reason_that_is_offered_speaks_for_its_decision_and_gives_way_to_another(
    browser: Browser, desk: Served
) -> None:
    """Not to be one is not reasoned with what speaks for it; what is typed stands alone."""
    with opened(browser, desk) as page:
        looked(page, desk, "review")
        page.keyboard.press("x")
        page.wait_for_selector("#reason:focus")
        alike = page.input_value("#reason")
        assert alike
        assert "birth" not in alike
        page.keyboard.press("Escape")
        page.wait_for_selector("button[value=different]")
        page.keyboard.press("n")
        page.wait_for_selector("#reason:focus")
        assert page.input_value("#reason") == "birth ranges do not meet"
        page.keyboard.type("mother and son")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Your last decisions")
    assert verdicts(desk) == [("different", "mother and son")]


def test_what_is_put_off_comes_last(browser: Browser, desk: Served) -> None:
    with opened(browser, desk) as page:
        looked(page, desk, "review")
        first = page.inner_text(".pair thead")
        page.keyboard.press("l")
        page.wait_for_load_state()
        page.wait_for_function("text => document.querySelector('.pair thead').innerText != text", arg=first)
        assert verdicts(desk) == []


def test_a_decision_without_a_reason_is_none(desk: Served) -> None:
    """Nor is one on a pair that nobody proposed, or by a decision that is unknown."""
    cookie = desk.signed_in()
    for form in (
        {"pair": "x", "decision": "same", "reason": "because"},
        {"pair": "", "decision": "same"},
        {"decision": "same", "pair": "A" * 9000},
    ):
        status, _, _ = desk.asked("POST", "/review", form, Cookie=cookie, Origin=desk.origin)
        assert status == 404
    assert verdicts(desk) == []


def test_home_leads_to_what_cannot_be_true_and_says_that_there_is_one_copy(
    browser: Browser, desk: Served
) -> None:
    with opened(browser, desk) as page:
        looked(page, desk, "")
        said = page.inner_text("main")
        assert "Erlan Aqboranuly" in said
        assert "This computer has the only copy." in said
        page.click("section.apart li:has-text('Erlan Aqboranuly') a")
        page.wait_for_selector("article.person")
        assert "cannot both be true" in page.inner_text("main")
