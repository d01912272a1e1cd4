"""The registry at the desk: everybody, filtered and counted, with no name in any address."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Final

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.test_review import looked

from estelik.casebook import Casebook
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


def _name(number: int) -> str:
    """A name that is like no other: many that are alike would have to be compared."""
    digits = hashlib.sha256(str(number).encode()).hexdigest()
    letters = "".join("bcdfghjklmnprstz"[int(one, 16)] + "aeiou"[at % 5] for at, one in enumerate(digits[:8]))
    return f"{letters[:8]} {letters[8:]}".title()


NAMES: Final = sorted(_name(number) for number in range(70))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk whose casebook has more people than a page has lines."""
    folder = made(tmp_path_factory.mktemp("office") / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(
            Statement(f"m{number}", NAMES[number], source="list", told="2020", event="arrest",
                      when=str(2014 + number % 4), place="Tekes" if number % 2 else "Ürümqi")
            for number in range(70)
        )  # fmt: skip
    with serving(folder) as found:
        yield found


def test_a_filter_a_next_page_and_back_by_keys(browser: Browser, desk: Served) -> None:
    with opened(browser, desk) as page:
        looked(page, desk, "registry")
        page.select_option("#state", "detained")
        page.fill("#since", "2016")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.count').innerText.startsWith('34')")
        # What was asked for stands in no address.
        assert page.url.startswith(f"{desk.address}drawn/")
        assert "2016" not in page.url
        page.click("text=Everybody")
        looked(page, desk, "registry")
        page.keyboard.press("j")
        page.wait_for_selector("text=Page 2 of 2")
        assert NAMES[-1] in page.inner_text(".list")
        page.keyboard.press("k")
        page.wait_for_selector("text=Page 1 of 2")


def test_nobody_fits_is_said(desk: Served) -> None:
    cookie = desk.signed_in()
    form = {"state": "dead", "place": "Tekes", "since": "2030"}
    for _ in range(600):
        status, _, text = desk.asked("POST", "/registry", form, Cookie=cookie, Origin=desk.origin)
        if "still looking" not in text:
            break
        time.sleep(0.1)
    assert status == 200
    assert "Nobody here fits all of this." in text


@pytest.mark.parametrize(
    "form",
    [
        {"state": "<script>", "lacks": "x", "kind": "y", "since": "-5", "until": "9999999", "page": "0"},
        {"page": "10000", "place": "'; DROP TABLE", "ethnicity": "\u202e" * 50},
        {"since": "²", "until": "1e9", "page": "²"},
    ],
)
def test_whatever_is_asked_is_answered(desk: Served, form: dict[str, str]) -> None:
    status, _, text = desk.asked("POST", "/registry", form, Cookie=desk.signed_in(), Origin=desk.origin)
    assert status == 200
    assert "<script>" not in text


def test_somebody_unnamed_has_a_page_of_her_own_with_its_acts(browser: Browser, served: Served) -> None:
    """Of two who share a label each is led to, and what can be decided on her page is hers."""
    with opened(browser, served) as page:
        looked(page, served, "registry")
        names = page.locator(".list a", has_text="elderly woman")
        assert names.count() == 2
        seen = set()
        for number in range(2):
            names.nth(number).click()
            page.wait_for_selector("article.person")
            assert page.locator("article.person").count() == 1
            seen.add(page.inner_text("article.person"))
            page.click("[data-decide]")
            page.wait_for_selector("main form")
            page.keyboard.press("Escape")
            page.wait_for_selector("article.person")
            page.keyboard.press("c")
            page.wait_for_url("**/consents")
            looked(page, served, "registry")
        assert len(seen) == 2
