"""Every page of the desk in a browser: read by everybody, in every language, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.web.conftest import Served, opened, spoken

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def visit(page: Page, served: Served, name: str) -> None:
    """Goes to a page by its name, as somebody would."""
    if name == "life":
        page.goto(f"{served.address}people")
        page.fill("#words", "Сауле")
        page.click("#found a")
        page.wait_for_selector("article.person")
    else:
        page.goto(served.address + name)


def test_a_name_in_another_script_is_found_as_it_is_typed_and_stands_in_no_address(
    browser: Browser, served: Served
) -> None:
    with opened(browser, served) as page:
        visit(page, served, "life")
        assert "Saule" in page.inner_text("h1")
        assert "aule" not in page.url
        assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_a_language_is_changed_by_one_click_and_leads_back_to_the_same_page(
    browser: Browser, served: Served
) -> None:
    with opened(browser, served) as page:
        page.goto(f"{served.address}people")
        spoken(page, "ug")
        assert page.url == f"{served.address}people"
        assert page.get_attribute("html", "dir") == "rtl"


def test_nobody_is_found_is_said(browser: Browser, served: Served) -> None:
    with opened(browser, served) as page:
        page.goto(f"{served.address}people")
        page.fill("#words", "Qwxyz Zzzzgh")
        page.keyboard.press("Enter")
        page.wait_for_selector("#found >> text=Nobody by this name")
