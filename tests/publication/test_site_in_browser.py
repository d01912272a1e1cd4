"""The site in a browser, from a disk: read in any language, searched in any script, asking nobody."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest
from tests.depth import DEPTH
from tests.publication.site_specimen import KEY, TODAY, projection, told, yes

from estelik.language.reader import languages
from estelik.publication import site
from estelik.publication.site_counts import Earlier
from estelik.records.consent import Consents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PAGES = ("index.html", "list.html", "list/l1.html", "map.html", "statistics.html", "about.html", "e")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was built."""
    folder = tmp_path_factory.mktemp("published") / "site"
    site.build(
        projection(), folder, title="A registry", address="https://registry.example/r", today=TODAY, key=KEY
    )
    return folder


def path(folder: Path, name: str) -> Path:
    """A page by its name; of the entries the largest."""
    return max((folder / "e").iterdir(), key=lambda one: one.stat().st_size) if name == "e" else folder / name


@pytest.fixture
def opened(browser: Browser, folder: Path) -> Iterator[Any]:
    """Opens pages, and looks that nothing but files is asked for, and nothing goes wrong."""
    found: list[str] = []
    wrong: list[str] = []
    pages: list[Page] = []

    def open_(name: str, fragment: str = "", width: int = 1280, **options: Any) -> Page:
        page = browser.new_page(viewport={"width": width, "height": 800}, **options)
        page.on("request", lambda request: found.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        page.goto(path(folder, name).as_uri() + fragment)
        if options.get("java_script_enabled", True):
            page.wait_for_selector("html[data-read]")
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
    assert wrong == []
    assert found
    assert {url.split(":")[0] for url in found} == {"file"}


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    ("fragment", "scheme", "width"),
    [("", "light", 1280), ("", "dark", 1280), ("#ug", "light", 1280), ("#ug", "dark", 360)],
)
def test_axe_finds_nothing(
    browser: Browser, folder: Path, axe: str, name: str, fragment: str, scheme: Any, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    page.goto(path(folder, name).as_uri() + fragment)
    page.wait_for_selector("html[data-read]")
    page.add_script_tag(content=axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.close()
    assert [(one["id"], [node["target"] for node in one["nodes"]][:3]) for one in found["violations"]] == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(("fragment", "width"), [("", 320), ("#ug", 360), ("", 800), ("#ug", 1280)])
def test_nothing_is_wider_than_the_screen(opened: Any, name: str, fragment: str, width: int) -> None:
    assert opened(name, fragment, width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    "asked", ["Сәуле", "Saule", "saule", "ساۋلە", "萨吾列", "Sawle", "Saulle", "Сауле", "tailor saule", "sau"]
)
def test_a_name_is_found_in_any_script(opened: Any, asked: str) -> None:
    """Also with a letter too many, and while it is still being typed; she comes first."""
    page = opened("index.html")
    page.fill("#q", asked)
    page.wait_for_selector(f".results[data-found='{asked}']")
    assert page.text_content(".results li:first-child a") == "Saule"
    page.click(".results li:first-child a")
    page.wait_for_selector("article")
    assert page.text_content("h1") == "Saule"


def test_who_is_not_there_is_said_not_to_be(opened: Any) -> None:
    page = opened("index.html")
    page.fill("#q", "Bartholomew")
    page.wait_for_selector("[data-none]:visible")
    assert page.is_visible("[data-none]")
    assert page.query_selector(".results li") is None


def test_one_click_turns_the_page_to_another_language_and_back(opened: Any) -> None:
    """Words, direction and drawings; names and quotations stay; links take the language along; the page as it
    was built comes back letter for letter."""
    page = opened("e")
    before = page.inner_text("main")
    quotes = page.evaluate("[...document.querySelectorAll('q, h1 bdi')].map(one => one.textContent)")
    page.click(".tongues [data-language=ug]")
    page.wait_for_selector("html[data-read=ug]")
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ug", "rtl"]
    assert page.is_visible("[data-drafted]")
    words = page.inner_text("main")
    left = set(re.findall(r"[A-Za-z]{4,}", words)) - set(re.findall(r"[A-Za-z]{4,}", " ".join(quotes)))
    assert left <= {"Saule", "Marat", "Tekes", "Mongolk", "Kazakhstan", "Rovadi", "female", "tailor"}
    assert page.evaluate("[...document.querySelectorAll('q, h1 bdi')].map(one => one.textContent)") == quotes
    assert page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.bars')).transform).a") == -1
    assert page.evaluate("document.querySelector('.home').hash") == "#ug"
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    page.click(".tongues [data-language=en]")
    page.wait_for_selector("html[data-read=en]")
    assert page.inner_text("main") == before


@pytest.mark.parametrize("tag", languages() if DEPTH > 1 else ("fr", "ug"))
def test_a_page_that_is_turned_reads_as_one_that_was_built_so(
    opened: Any, folder: Path, browser: Browser, tmp_path: Path, tag: str
) -> None:
    """To the letter: articles, ordinals, capitals and signs that stand apart are those of the language."""
    site.build(projection(), tmp_path / tag, title="x", language=tag, today=TODAY, key=KEY)
    built = browser.new_page()
    built.goto((tmp_path / tag / "e" / path(folder, "e").name).as_uri())
    built.wait_for_selector(f"html[data-read={tag}]")
    turned = opened("e", f"#{tag}")
    turned.wait_for_selector(f"html[data-read={tag}]")
    words = built.evaluate("document.querySelector('main').textContent")
    assert "Saule" in words
    assert turned.evaluate("document.querySelector('main').textContent") == words
    built.close()


def test_a_number_leads_to_its_source_in_any_language(opened: Any) -> None:
    page = opened("e", "#ug")
    page.click(".summary sup a")
    page.wait_for_selector(".sources .found")
    assert page.evaluate("location.hash") == "#ug.s1"
    assert page.evaluate("document.documentElement.lang") == "ug"


def test_without_scripts_the_page_is_whole(opened: Any) -> None:
    page = opened("e", java_script_enabled=False)
    assert "Held in a camp for one year and nine months" in page.inner_text("main")
    assert "these cannot all be true" in page.inner_text("main")


def test_a_site_may_be_built_in_a_language_that_is_read_from_the_right(
    browser: Browser, tmp_path: Path
) -> None:
    """And be turned to English."""
    site.build(projection(), tmp_path / "ug", title="x", language="ug", today=TODAY, key=KEY)
    page = browser.new_page()
    page.goto(path(tmp_path / "ug", "e").as_uri())
    assert page.evaluate("[document.documentElement.lang, document.documentElement.dir]") == ["ug", "rtl"]
    page.click(".tongues [data-language=en]")
    page.wait_for_selector("html[data-read=en]")
    assert "Held in a camp for one year and nine months" in page.inner_text("main")
    page.close()


def test_each_language_has_all_the_strings_of_the_site(folder: Path) -> None:
    """As many messages in each, every one that a page names, and its drafted ones said to be so."""
    named = set()
    for file in folder.rglob("*.html"):
        named |= set(re.findall(r'data-m="(\w+)"', file.read_text(encoding="utf-8")))
    for tag in languages():
        text = (folder / "strings" / f"{tag}.js").read_text(encoding="utf-8")
        found = json.loads(text[text.index(",...") + 4 : text.rindex("});")])
        assert named <= set(found["messages"])
        assert bool(found["drafted"]) == (tag != "en")


def test_feed_and_addresses_are_what_their_readers_expect(folder: Path) -> None:
    """Atom with an id, a day and a title an entry; a map of addresses; data of leaves in each page."""
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.parse(folder / "feed.xml").getroot()  # noqa: S314 - our own file
    for one in (feed, *feed.findall(f"{atom}entry")):
        assert all(one.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))
    assert len(feed.findall(f"{atom}entry")) == 5
    addresses = re.findall("<loc>(.*?)</loc>", (folder / "sitemap-1.xml").read_text(encoding="utf-8"))
    for address in addresses:
        assert (folder / address.removeprefix("https://registry.example/r/")).is_file()
    assert len([one for one in addresses if "/e/" in one]) == 5
    for file in (folder / "e").iterdir():
        text = file.read_text(encoding="utf-8")
        data = json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])  # type: ignore[index] # it is there
        assert data["mainEntity"]["@type"] == "Person"
        assert data["mainEntity"]["identifier"] == file.stem


def test_every_link_leads_somewhere(folder: Path) -> None:
    for file in folder.rglob("*.html"):
        text = file.read_text(encoding="utf-8")
        ids = set(re.findall(r' id="([^"]+)"', text))
        for link in re.findall(r' (?:href|src)="([^"]+)"', text):
            target, _, anchor = html.unescape(link).partition("#")
            if target.startswith("http"):
                continue
            if target:
                there = file.parent / target
                assert there.is_file(), link
                assert not anchor or f'id="{anchor}"' in there.read_text(encoding="utf-8"), link
            else:
                assert anchor in ids | {"hatch", *languages()}, link


@pytest.mark.parametrize("width", [1280, 390])
def test_a_number_and_its_day_are_on_one_line(browser: Browser, tmp_path: Path, width: int) -> None:
    """And the title of a table is read out once."""
    names = [f"P{number}" for number in range(9)]
    rows = [told(one, one, int(one[1:]), event="arrest", when="2018") for one in names]
    site.build(
        projection(rows, Consents(tuple(yes(one) for one in names), (), ())),
        tmp_path / "site",
        title="x",
        today=TODAY,
        key=KEY,
        before={"year": [Earlier("2026-11-23", {"2018": 10}, frozenset({"2018"}))]},
    )
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((tmp_path / "site" / "statistics.html").as_uri())
    cell = page.locator(".counts td", has_text="10 on 23 November 2026")
    one_line = page.locator(".counts tbody td:not(.bar)").first.evaluate(
        "cell => parseFloat(getComputedStyle(cell).lineHeight) + 18"
    )
    assert cell.bounding_box()["height"] < one_line  # type: ignore[index]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    title = page.locator("h2#year").inner_text()
    assert page.locator("main").evaluate("main => main.textContent").count(title) == 1
    page.close()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="reads what is printed with poppler")
@pytest.mark.parametrize("name", ["e", "about.html"])
def test_what_is_printed_keeps_from_the_edge(opened: Any, tmp_path: Path, name: str) -> None:
    """Also where the browser is told of no margins: no printer reaches the edge of a sheet."""
    opened(name).pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
    box = subprocess.run(
        ["pdftotext", "-bbox", "page.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    words = [float(one) for one in re.findall(r'<word xMin="([\d.]+)"', box)]
    tops = [float(one) for one in re.findall(r'<word xMin="[\d.]+" yMin="([\d.]+)"', box)]
    assert min(words) > 40
    assert min(tops) > 40


@pytest.mark.parametrize("fragment", ["#%", "#ug.%E0%A4%A", "#%.s1"])
def test_an_address_that_was_cut_off_opens_the_page(opened: Any, fragment: str) -> None:
    """Whatever stands behind the #: nothing goes wrong."""
    assert opened("e", fragment).inner_text("h1") == "Saule"
