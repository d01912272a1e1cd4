"""A life with hundreds of statements: no page of it is large, and each number leads to its statement."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest
from tests.cheap import CHEAP
from tests.views.test_parts import told
from tests.web.conftest import PASSPHRASE, Served, opened, serving, spoken, violations
from tests.web.test_lists import agree

from estelik.casebook import Casebook
from estelik.daily import coming
from estelik.daily.today import today
from estelik.records import Statement
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAME: Final = "Gulnar"
LARGEST: Final = 150_000
_SEAT: Final = "seat of the listener"
#: What is another each time that a page is made.
_ONCE: Final = re.compile(r'nonce="[^"]*"')


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk with one long life, somebody who has her for a sister, a seat that holds what is told and by
    whom and nothing else; and more visits and consents than a page has."""
    folder = tmp_path_factory.mktemp("office") / "casebook"
    with (
        pytest.MonkeyPatch.context() as patched,
        Casebook.create(folder, PASSPHRASE.encode(), name="Aigerim", cost=CHEAP) as casebook,
    ):
        patched.setattr(keys, "STANDARD", CHEAP)
        rows = [
            *told(30),
            Statement("h", "Bolat", source="aunt", told="2024", fact="relation:sister", value=NAME),
        ]
        casebook.add_statements(rows)
        casebook.seats.add("Listener", _SEAT.encode(), ("testimony", "source"))
        for number in range(14):
            agree(casebook, f"teller {number}", "public", "publication")
        for number in range(70):
            coming.plan(casebook, f"teller {number}", today().isoformat())
    with serving(folder) as found:
        yield found


def signed_in(desk: Served) -> str:
    """The cookie of whoever has the seat."""
    form = {"passphrase": _SEAT, "seat": "1"}
    status, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
    assert status == 303
    return said["set-cookie"].partition(";")[0]


def path(desk: Served, cookie: str, name: str = NAME) -> str:
    """The path of a life."""
    text = desk.asked("POST", "/people", {"words": name}, Cookie=cookie, Origin=desk.origin)[2]
    found = re.search(rf'<a href="(/life/[^"]+)"[^>]*><bdi>{name}</bdi>', text)
    assert found is not None
    return found[1]


def every(desk: Served, cookie: str, first: str) -> dict[str, str]:
    """All pages of a life, by path: the first, and each that leads on from another."""
    found: dict[str, str] = {}
    waiting = [first]
    while waiting:
        one = waiting.pop(0)
        status, _, text = desk.asked("GET", one, Cookie=cookie)
        assert status == 200, one
        found[one] = _ONCE.sub("", text)
        waiting += list(map(unescape, re.findall(r'href="([^"]+)" rel="next"', text)))
    return found


def test_no_page_is_large_and_together_they_have_all_that_the_page_to_print_has(desk: Served) -> None:
    """In whichever language; each statement stands on one page, and each number that is cited leads there."""
    cookie = desk.signed_in()
    first = path(desk, cookie)
    whole = desk.asked("GET", f"{first}/whole", Cookie=cookie)[2]
    for language in ("en", "ru", "ug"):
        desk.asked(
            "POST", "/language", {"language": language, "here": "/"}, Cookie=cookie, Origin=desk.origin
        )
        pages = every(desk, cookie, first)
        assert len(pages) > 8
        assert {one: len(text.encode()) for one, text in pages.items() if len(text.encode()) > LARGEST} == {}
    there = {one: set(re.findall(r'<tr id="(p1-s\d+)"', text)) for one, text in pages.items()}
    rows = [one for found in there.values() for one in found]
    assert sorted(rows) == sorted(re.findall(r'<tr id="(p1-s\d+)"', whole))
    assert len(rows) == len({*rows}) == 180
    for one, text in pages.items():
        for link in re.findall(r'href="([^"]*#p1-s\d+)"', text):
            found = urlsplit(unescape(link))
            assert found.fragment in there[found.path or one], (one, link)
        sums = re.findall(r'href="#(p1-w\d+)"', text)
        assert all(f'id="{anchor}"' in text for anchor in sums)
    for mark in ("Gulnar 29", "charge 29"):
        assert any(mark in text for text in pages.values())


def test_what_a_member_may_not_open_changes_no_byte_of_any_part(desk: Served) -> None:
    """Nor how many parts there are: what was told to a doctor stands on no page of hers."""
    cookie = signed_in(desk)
    first = path(desk, cookie)
    before = every(desk, cookie, first)
    hidden = [
        Statement(f"m{k}", NAME, source=f"teller {k}", told="2022-03-03", event=f"arrest #{k + 1}",
                  when=str(2001 + k), place=f"Hidden {k}", compartment="medical")
        for k in range(30)
    ]  # fmt: skip
    kin = Statement("mk", "Marat", source="aunt", told="2024", fact="relation:sister", value=NAME,
                    compartment="medical")  # fmt: skip
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements([*hidden, kin])
    assert every(desk, cookie, first) == before
    open_to_all = desk.signed_in()
    everything = every(desk, open_to_all, path(desk, open_to_all))
    assert any("Marat" in text for text in everything.values())
    assert any("Hidden 29" in text for text in everything.values())


def test_there_is_no_part_beyond_the_last_nor_of_a_list_that_is_none(desk: Served) -> None:
    cookie = desk.signed_in()
    first = path(desk, cookie)
    for one in ("statements/0", "statements/99", "names/99", "evidence/2", "decisions/2", "whole/1", "x/1"):
        assert desk.asked("GET", f"{first}/part/{one}", Cookie=cookie)[0] == 404, one
    assert desk.asked("GET", "/life/nobody/part/statements/1", Cookie=cookie)[0] == 404
    assert desk.asked("GET", "/life/nobody/whole", Cookie=cookie)[0] == 404


def test_what_is_decided_on_a_further_part_leads_back_to_it(desk: Served) -> None:
    cookie = desk.signed_in()
    first = path(desk, cookie)
    part = f"{first}/part/statements/2"
    text = desk.asked("GET", part, Cookie=cookie)[2]
    found = re.search(rf'<tr id="(p1-s\d+)".*?href="({first}/statement/[^"]+)"', text, re.DOTALL)
    assert found is not None
    anchor, which = found[1], found[2]
    said = desk.asked("GET", which, Cookie=cookie)[2]
    assert f'href="{part}#{anchor}"' in said
    seen = re.search(r'name="seen" value="(\w+)"', said)
    assert seen is not None
    form = {"reason": "A slip.", "record": "yes", "seen": seen[1]}
    status, headers, _ = desk.asked("POST", which, form, Cookie=cookie, Origin=desk.origin)
    assert (status, headers["location"]) == (303, f"{part}#{anchor}")
    assert "A slip." in desk.asked("GET", part, Cookie=cookie)[2]


def test_a_queue_shows_some_of_many_contradictions_at_once(desk: Served) -> None:
    """Those that are decided make room for the next."""
    cookie = desk.signed_in()
    for _ in range(600):
        text = desk.asked("GET", "/review/contradictions", Cookie=cookie)[2]
        if "data-looking" not in text:
            break
        time.sleep(0.1)
    assert 'class="rows disputed"' in text
    assert len(text.encode()) < LARGEST
    first = path(desk, cookie)
    rows = {*re.findall(r'id="(p1-s\d+)"', text)}
    assert 2 < len(rows) < 30
    for link in re.findall(r'href="([^"]*#p1-s\d+)"', text):
        found = urlsplit(unescape(link))
        assert found.path.startswith(first) if found.path else found.fragment in rows


def test_visits_consents_and_home_are_bounded(desk: Served) -> None:
    cookie = desk.signed_in()
    first = path(desk, cookie)
    home = desk.asked("GET", "/", Cookie=cookie)[2]
    assert home.count('href="/visit/') <= 40
    for begin, mark, count in (
        ("/visits", "/visit/", 70),
        (f"{first}/consents", '<section class="part giver"', 30),
    ):
        pages = every(desk, cookie, begin)
        assert len(pages) > 1
        assert max(len(text.encode()) for text in pages.values()) < LARGEST
        assert sum(text.count(mark) for text in pages.values()) == count
        assert desk.asked("GET", f"{begin}/99", Cookie=cookie)[0] == 404


@pytest.mark.parametrize("language", ["en", "ug"])
def test_one_goes_from_part_to_part_by_keys(browser: Browser, desk: Served, language: str) -> None:
    """From statement to statement beyond the end of a part, page by page elsewhere, and back to the life."""
    with opened(browser, desk, bypass_csp=True) as page:
        if language != "en":
            spoken(page, language)
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        first = path(desk, cookie)
        page.goto(desk.address.rstrip("/") + first)
        rows = page.locator("table.statements tbody tr")
        rows.last.locator("a.n").focus()
        page.keyboard.press("j")
        page.wait_for_url("**/part/statements/2")
        _well(page)
        rows.first.locator("a.n").focus()
        page.keyboard.press("k")
        page.wait_for_url(f"**{first}#p1-said")
        page.goto(f"{desk.address.rstrip('/')}{first}/part/timeline/2")
        page.keyboard.press("j")
        page.wait_for_url("**/part/timeline/3")
        page.keyboard.press("k")
        page.wait_for_url("**/part/timeline/2")
        _well(page)
        page.keyboard.press("Escape")
        page.wait_for_url(f"**{first}")
        _well(page)


def _well(page: Page) -> None:
    """Nothing keeps people from reading it, also where the screen is narrow."""
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 800})
