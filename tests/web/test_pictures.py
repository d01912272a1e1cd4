"""Every page of the desk as a picture: light, dark, and from the right; those that are shown in docs/. What
axe finds on it, and what is wider than a screen.

`make pictures` writes them anew into docs/pictures. Elsewhere they are only taken, and what is looked at is
whether there is one for each page in docs/, and whether something is on it.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving, spoken, violations
from tests.web.hand import Hand, begin, keep_nothing, kept
from tests.web.test_lists import agree
from tests.web.test_release_check import TOLD as RELEASED
from tests.web.test_review import TOLD, looked

from estelik.casebook import Casebook
from estelik.daily import coming
from estelik.daily.today import today

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

#: Where those that are shown lie.
SHOWN: Final = Path(__file__).resolve().parents[2] / "docs" / "pictures"
#: What pictures of pages in a language are called: there are those of days and of nights.
VARIANTS: Final = {"en": ("light", "dark"), "ug": ("uyghur",)}
#: Longer pages are cut off there.
_HIGH: Final = 1800
_COLOURS: Final = 48
#: How much of what is hidden is there to be seen.
_UNHIDDEN: Final = "[...document.querySelectorAll('[hidden]')].filter((one) => one.checkVisibility()).length"
#: How many bytes a page has, without the script that looks for violations.
_SIZE: Final = """() => {
    const copy = document.documentElement.cloneNode(true);
    copy.querySelectorAll("script:not([src])").forEach((one) => one.remove());
    return new Blob([copy.outerHTML]).size;
}"""
#: Bytes of a page at most.
_LARGEST: Final = 150_000


def _at(path: str) -> Callable[[Page, Served], None]:
    def go(page: Page, served: Served) -> None:
        looked(page, served, path)

    return go


def _found(page: Page, served: Served) -> None:
    page.goto(f"{served.address}people")
    page.fill("#words", "Сауле")
    page.wait_for_selector("#found a")


def _life(page: Page, served: Served) -> None:
    _found(page, served)
    page.click("#found a")
    page.wait_for_selector("article.person")


def _reason(page: Page, served: Served) -> None:
    looked(page, served, "review")
    page.keyboard.press("x")
    page.wait_for_selector("#reason:focus")


def _decide(page: Page, served: Served) -> None:
    _life(page, served)
    page.click("[data-decide]")
    page.wait_for_selector("main form")


def _would(page: Page, _: Served) -> None:
    page.fill("#reason", "She said later that it was another camp.")
    page.keyboard.press("Enter")
    page.wait_for_selector("#would")


def _state(page: Page, served: Served) -> None:
    _life(page, served)
    page.keyboard.press("d")
    page.wait_for_selector("#time:focus")
    page.keyboard.type("2019-03")
    page.keyboard.press("Enter")
    page.wait_for_selector("#state .state-time")


def _ask(page: Page, _: Served) -> None:
    page.goto(f"{page.url.partition('#')[0].removesuffix('/state')}/ask")


def _bring(page: Page, served: Served) -> None:
    _life(page, served)
    page.keyboard.press("f")
    page.wait_for_selector("#bring")


def _near(page: Page, served: Served) -> None:
    _life(page, served)
    page.goto(f"{page.url.partition('#')[0]}/near/0")


def _following(room: str, link: str) -> Callable[[Page, Served], None]:
    """A page that another leads to."""

    def go(page: Page, served: Served) -> None:
        page.goto(f"{served.address}{room}")
        page.click(f"main a[href^='{link}']")
        page.wait_for_url(f"**{link}**")

    return go


def _aside(page: Page, served: Served) -> None:
    looked(page, served, "review/contradictions")
    page.click(".disputed button")
    page.wait_for_selector("#reason:focus")


def _less(page: Page, _: Served) -> None:
    page.keyboard.press("s")
    page.wait_for_selector("#cell:focus")


def _fields(page: Page, _: Served) -> None:
    page.keyboard.press("Tab")
    page.wait_for_selector(".small-fields")
    page.keyboard.press("F2")
    page.wait_for_selector("#behind h2")


def _consents(page: Page, served: Served) -> None:
    _life(page, served)
    page.keyboard.press("c")
    page.wait_for_url("**/consents")


def _handed(page: Page, served: Served) -> None:
    looked(page, served, "registry")
    page.click(".hand-list button")
    page.wait_for_selector("#recipient")
    page.fill("#recipient", "The court")


def _may_leave(page: Page, _: Served) -> None:
    page.select_option("#audience", "court")
    page.select_option("#purpose", "legal")
    page.click("main .acts button.main")
    page.wait_for_selector("form[action$='/take']", timeout=120_000)


def _proof(page: Page, served: Served) -> None:
    page.goto(f"{served.address}office/seats")
    # Her passphrase was given just now: it is asked for where she gives another.
    page.evaluate("""() => {
        const form = document.createElement("form"), field = document.createElement("input");
        Object.assign(form, {method: "post", action: "/office/seats"});
        Object.assign(field, {type: "hidden", name: "proof", value: "another"});
        form.append(field);
        document.body.append(form);
        form.submit();
    }""")
    page.wait_for_selector("main input[name=proof]:not([type=hidden])")


def _refused(path: str) -> Callable[[Page, Served], None]:
    def go(page: Page, served: Served) -> None:
        page.goto(f"{served.address}{path}")
        page.wait_for_selector("main .fault, main h1")

    return go


def _release(page: Page, served: Served) -> None:
    page.goto(f"{served.address}review/releases")
    if page.query_selector("main a[href^='/review/releases/']"):
        page.click("main a[href^='/review/releases/']")
    else:
        page.fill("#title", "The first registry")
        page.keyboard.press("Enter")
    page.wait_for_selector("section.finding, form[action$='/approve']", timeout=120_000)


def _begun(page: Page, served: Served) -> None:
    page.goto(f"{served.address}intake")
    page.keyboard.press("y")
    page.wait_for_selector("#source")


def _line(page: Page, served: Served) -> None:
    page.goto(f"{served.address}intake")
    hand = Hand(page)
    begin(hand, "Qarlyghash", "Asqar")
    hand.line("arrested in autumn 2017")
    hand.line("taken to the camp 2m after arrest")
    kept(page, 2)
    hand.type("released after one year and nine months")
    page.wait_for_selector("#part-back strong")
    page.wait_for_timeout(600)


def _account(page: Page, _: Served) -> None:
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("F4")
    page.wait_for_selector("#pasted:focus")
    page.keyboard.insert_text("They took him after the harvest. Nobody said why. His wife was ill then.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("#passages")


def _again(page: Page, served: Served) -> None:
    page.goto(f"{served.address}intake")
    # Somebody else stays: with the last who leaves the process ends that answers.
    served.signed_in()
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    served.asked("POST", "/sign-out", {}, Cookie=cookie, Origin=served.origin)
    page.keyboard.type(" then")
    page.wait_for_selector("#again:not([hidden])")
    page.fill("#again-passphrase", "another sentence")
    page.keyboard.press("Enter")
    page.wait_for_selector("#again-not:not([hidden])")


def _back(page: Page, served: Served) -> None:
    page.fill("#again-passphrase", PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_selector("#again", state="hidden")
    page.goto(f"{served.address}intake/read-back")


def _left(page: Page, served: Served) -> None:
    page.goto(f"{served.address}visitor/left")


def _after(page: Page, served: Served) -> None:
    keep_nothing(page, served)


def _out(page: Page, served: Served) -> None:
    page.goto(served.address)
    page.click("form[action='/sign-out'] button")
    page.wait_for_selector("#passphrase")


#: How one comes to each page, in this order; each goes on from where the one before was.
PAGES: Final[dict[str, Callable[[Page, Served], None]]] = {
    "home": _at(""),
    "people": _found,
    "person": _life,
    "person-state": _state,
    "person-ask": _ask,
    "evidence": _bring,
    "person-decide": _decide,
    "person-decide-would": _would,
    "person-consents": _consents,
    "person-near": _near,
    "registry": _at("registry"),
    "export": _handed,
    "export-look": _may_leave,
    "proof": _proof,
    "error": _refused("life/nobody"),
    "missing": _refused("nothing"),
    "review": _at("review"),
    "review-reason": _reason,
    "contradictions": _at("review/contradictions"),
    "contradictions-reason": _aside,
    "verification": _at("review/verification"),
    "release": _release,
    "release-less": _less,
    "releases": _at("review/releases"),
    "visits": _at("visits"),
    "visit": _following("visits", "/visit/"),
    "office": _at("office"),
    "office-member": _following("office", "/office/member/"),
    "office-devices": _at("office/devices"),
    "office-device": _following("office/devices", "/office/device/"),
    "office-compartments": _at("office/compartments"),
    "office-seats": _at("office/seats"),
    "office-copies": _at("office/copies"),
    "office-custody": _at("office/custody"),
    "office-log": _at("office/log"),
    "visitor": _at("intake"),
    "visitor-who": _begun,
    "intake": _line,
    "intake-fields": _fields,
    "intake-account": _account,
    "intake-again": _again,
    "intake-read-back": _back,
    "visitor-left": _left,
    "visitor-nothing": _after,
    "door": _out,
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The desk of the demonstration, with two people who may be one, and some of whom a release may tell."""
    folder = made(tmp_path_factory.mktemp("office") / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements([*TOLD, *RELEASED])
        for giver in ("Aigul", "Bolat"):
            agree(casebook, giver, "public", "publication")
            agree(casebook, giver, "court", "legal")
        coming.plan(casebook, "Bolat", today().isoformat(), time="10:00", about="Aigul")
        coming.plan(casebook, "Nurgul", (today() + timedelta(days=2)).isoformat())
    with serving(folder) as found:
        yield found


@pytest.mark.parametrize("language", VARIANTS)
def test_every_page_is_a_picture_in_docs(
    browser: Browser, desk: Served, tmp_path: Path, language: str
) -> None:
    """A page of a day is that of a night in other colours, and nothing else."""
    folder = Path(os.environ.get("ESTELIK_TEST_PICTURES") or tmp_path)
    names, troubles = set(), list[str]()
    with opened(browser, desk, refused=True, bypass_csp=True, color_scheme="light", locale=language) as page:
        if page.get_attribute("html", "lang") != language:
            spoken(page, language)
        for name, go in PAGES.items():
            go(page, desk)
            page.wait_for_load_state("networkidle")
            for variant in VARIANTS[language]:
                with _at_night(page, variant):
                    names.add(_taken(page, folder / f"{name}-{variant}.png"))
            if page.evaluate(_SIZE) > _LARGEST:
                troubles.append(f"{name}: larger than {_LARGEST}")
            page.evaluate(
                "document.querySelectorAll('details:not(.tongues)').forEach(one => one.open = true)"
            )
            if page.evaluate(_UNHIDDEN):
                troubles.append(f"{name}: what is hidden is shown")
            for variant in VARIANTS[language]:
                # Colours alone are others at night.
                rules = ("color-contrast",) if variant == "dark" else ()
                with _at_night(page, variant):
                    troubles += [f"{name}-{variant}: {one}" for one in violations(page, *rules)]
            troubles += [f"{name}: wider than {width}" for width in _too_narrow(page)]
    assert troubles == []
    shown = {one.name for variant in VARIANTS[language] for one in SHOWN.glob(f"*-{variant}.png")}
    assert names == shown, "make pictures"


@contextmanager
def _at_night(page: Page, variant: str) -> Iterator[None]:
    """A page as it is where the day is over, if that is what pictures are of."""
    if variant == "dark":
        page.emulate_media(color_scheme="dark")
    yield
    if variant == "dark":
        page.emulate_media(color_scheme="light")


def _too_narrow(page: Page) -> list[int]:
    """The screens that what is on a page is wider than."""
    found = []
    for width in (320, 3840, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(width)
    return found


def _taken(page: Page, file: Path) -> str:
    from PIL import Image

    high = min(_HIGH, page.evaluate("document.documentElement.scrollHeight"))
    wide = page.viewport_size["width"] if page.viewport_size else 0
    data = page.screenshot(full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": max(high, 300)})
    with Image.open(io.BytesIO(data)) as picture:
        # None: there are more.
        assert picture.convert("RGB").getcolors(_COLOURS) is None, file.name
        if "ESTELIK_TEST_PICTURES" in os.environ:
            # Few colours are on it: it is small so.
            picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    return file.name


def test_every_picture_is_shown_in_docs() -> None:
    page = (SHOWN.parent / "pictures.md").read_text(encoding="utf-8")
    files = {f"{name}-{variant}.png" for name in PAGES for every in VARIANTS.values() for variant in every}
    assert {one.name for one in SHOWN.iterdir()} == files
    assert all(f"(pictures/{name})" in page for name in files)
