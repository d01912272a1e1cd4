"""Near: a page in a crowded place shows a few of the others there, is small, and leads to all of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving, spoken, violations

from estelik.casebook import Casebook
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CROWD: Final = 60
PLACE: Final = "Boztal camp 3"


def _one(number: int) -> str:
    return f"Person{chr(97 + number // 26)}{chr(97 + number % 26)}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk whose casebook has a crowded camp, and one who is told to have been there out of sight."""
    folder = made(tmp_path_factory.mktemp("office") / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        names = [*map(_one, range(CROWD)), "Hidden"]
        casebook.add_statements(
            Statement(f"n{number}", name, source="list", told="2020", event="camp-entry",
                      when=str(2015 + number % 3), place=PLACE)
            for number, name in enumerate(names)
        )  # fmt: skip
        closure = casebook.decisions.closure("subject", "Hidden")
        casebook.decisions.restrict(closure, "She asked for it.")
    with serving(folder) as found:
        yield found


def _life(desk: Served, cookie: str, name: str) -> str:
    _, _, text = desk.asked("POST", "/people", {"words": name}, Cookie=cookie, Origin=desk.origin)
    found = re.search(rf'<a href="(/life/[^"]+)"[^>]*><bdi>{name}</bdi>', text)
    assert found is not None
    return found[1]


def test_a_page_shows_a_few_and_says_how_many_more_there_are(desk: Served) -> None:
    """Of whoever is kept out of sight it says nothing, and counts nobody."""
    cookie = desk.signed_in()
    _, _, text = desk.asked("GET", _life(desk, cookie, _one(0)), Cookie=cookie)
    assert text.count(PLACE) >= 8
    assert f"{CROWD - 1 - 8} more people are told of in the same places" in text
    assert "Hidden" not in text
    assert len(text.encode()) < 60_000


def test_all_of_them_are_there_page_by_page_each_once(desk: Served) -> None:
    cookie = desk.signed_in()
    address = _life(desk, cookie, _one(0))
    found: list[str] = []
    for number in range(1, CROWD // 12 + 2):
        status, _, text = desk.asked("GET", f"{address}/near/{number}", Cookie=cookie)
        assert status == 200
        found += re.findall(r'<li class="row"><div><a href="[^"]+">(?:<bdi>)?(\w+)', text)
    assert sorted(found) == sorted(map(_one, range(1, CROWD)))


def test_a_page_that_is_not_there_is_empty_and_an_address_of_nobody_is_not_found(desk: Served) -> None:
    cookie = desk.signed_in()
    address = _life(desk, cookie, _one(0))
    status, _, text = desk.asked("GET", f"{address}/near/99", Cookie=cookie)
    assert status == 200
    assert "Nobody is known who was at the same place at the same time." in text
    assert desk.asked("GET", "/life/nobody/near/1", Cookie=cookie)[0] in (404, 422)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ug"])
def test_it_is_read_by_keys_in_every_light(
    browser: Browser, desk: Served, scheme: str, language: str
) -> None:
    with opened(browser, desk, color_scheme=scheme, bypass_csp=True) as page:
        if language != "en":
            spoken(page, language)
        _near(page, desk)
        assert page.locator("ul.rows li").count() == 12
        page.keyboard.press("j")
        page.wait_for_url("**/near/2")
        page.keyboard.press("k")
        page.wait_for_url("**/near/1")
        assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def _near(page: Page, desk: Served) -> None:
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    page.goto(desk.address.rstrip("/") + _life(desk, cookie, _one(0)))
    page.click('a[href$="/near/1"]')
    page.wait_for_url("**/near/1")
