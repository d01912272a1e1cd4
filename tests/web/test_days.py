"""A day of each who works at the desk, by keys alone: a documenter, an editor, a coordinator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, opened, serving, spoken
from tests.web.hand import Hand, begin, everything, kept
from tests.web.test_release_check import known, office
from tests.web.test_review import TOLD, looked, verdicts

from estelik.casebook import Casebook
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

#: Controls that are passed on the way to one, at most.
_FAR = 120


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A desk at which something waits for everybody."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    folder = office(tmp_path / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(TOLD)
    with serving(folder) as found:
        yield found


def at(page: Page, selector: str) -> None:
    """Goes to a control by Tab, from wherever one is."""
    for _ in range(_FAR):
        if page.evaluate("s => !!document.activeElement && document.activeElement.matches(s)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(selector)


def to(page: Page, selector: str, there: str) -> None:
    """Goes to a control by Tab, presses it, and waits for what is ``there`` then."""
    at(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_selector(there)


@pytest.mark.parametrize("language", ["en", "ug"])
def test_a_documenters_day(browser: Browser, desk: Served, language: str) -> None:
    """Who tells, of whom; three lines; read back; a yes to one use; the visitor has left; her life."""
    with opened(browser, desk) as page:
        if language != "en":
            spoken(page, language)
        hand = Hand(page)
        to(page, "header a[href='/intake']", "form [data-key=Y], [data-key=y]")
        begin(hand, "Qarlyghash", "Asqar")
        for line in ("arrested in autumn 2017", "taken to the camp 2m after arrest", "letters stopped ?"):
            hand.line(line)
        kept(page, 3)
        hand.press("F6")
        page.wait_for_selector("fieldset.use")
        at(page, "fieldset.use input[type=radio]")
        hand.press("ArrowRight", "ArrowRight", "Enter")
        page.wait_for_selector("#line")
        hand.press("F8")
        page.wait_for_selector("#passphrase:focus")
        hand.type(PASSPHRASE)
        hand.press("Enter")
        page.wait_for_selector("h1[data-kept=all]")
        to(page, "header a[href='/people']", "#words:focus")
        hand.type("Асқар")
        page.wait_for_selector("#found a")
        to(page, "#found a", "article.person")
    told, consents, drafts = everything(desk.folder)
    hers = [one for one in told if one.source == "Qarlyghash"]
    # English lines are understood, whichever language the desk speaks.
    assert sorted(one.event for one in hers) == ["arrest", "camp-entry", "contact-lost"]
    assert (consents > 2, drafts) == (True, 0)


@pytest.mark.parametrize("language", ["en", "ug"])
def test_an_editors_day(browser: Browser, desk: Served, language: str) -> None:
    """Two are judged to be others, with a reason; a release is drafted, mended, approved."""
    with opened(browser, desk) as page:
        if language != "en":
            spoken(page, language)
        looked(page, desk, "review")
        page.keyboard.press("n")
        page.wait_for_selector("#reason:focus")
        page.keyboard.type("Other fathers.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#last")
        to(page, "main a[href='/review/releases']", "#title")
        at(page, "#title")
        page.keyboard.type("A registry")
        page.keyboard.press("Enter")
        page.wait_for_selector("section.finding")
        while page.query_selector("section.finding") is not None:
            before = page.inner_text("#finding")
            page.keyboard.press("x")
            page.wait_for_selector("#reason:focus")
            page.keyboard.type("Her words name somebody.")
            page.keyboard.press("Enter")
            page.wait_for_function(
                "was => { const now = document.querySelector('#finding'); "
                "return now ? now.innerText != was : !!document.querySelector('[action$=approve]'); }",
                arg=before,
            )
        to(page, "form[action$='/approve'] button", ".command")
    assert [decision for decision, _ in verdicts(desk)] == ["different"]
    assert len(known(desk).approvals) == 1


@pytest.mark.parametrize("language", ["en", "ug"])
def test_a_coordinators_day(browser: Browser, desk: Served, tmp_path: Path, language: str) -> None:
    """A copy on a stick, synced; who did what; and everything locked."""
    stick = tmp_path / "stick"
    stick.mkdir()
    with opened(browser, desk) as page:
        if language != "en":
            spoken(page, language)
        to(page, "header a[href='/office']", "main a[href='/office/copies']")
        to(page, "main a[href='/office/copies']", "#address")
        at(page, "#name")
        page.keyboard.type("stick")
        page.keyboard.press("Tab")
        page.keyboard.type(str(stick))
        page.keyboard.press("Enter")
        page.wait_for_selector("li.copy")
        page.keyboard.press("s")
        page.wait_for_selector("li.copy:not(:has(.due))", timeout=60_000)
        to(page, "main a[href='/office/log']", "table")
        page.keyboard.press("F9")
        page.wait_for_url("**/sign-in")
    assert any(stick.rglob("*"))
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        assert casebook.vault.health().nowhere == 0
