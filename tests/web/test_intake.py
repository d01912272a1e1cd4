"""The intake in a browser: consent first, one line after the other, nothing of others, nothing lost."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving, spoken, violations

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.vault import drafts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

#: The most that Saule's case may take (two testimonies, one person, four events).
CLICKS, KEYS = 20, 350


class Hand:
    """Somebody at the keyboard, whose keys and clicks are counted. A letter is one key, whatever it takes on
    some keyboards; Enter, Tab, arrows and function keys are one each."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.clicks = page, 0, 0

    def type(self, words: str) -> None:
        """Types words."""
        self.keys += len(words)
        self.page.keyboard.type(words)

    def press(self, *keys: str) -> None:
        """Presses keys one after the other."""
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def line(self, words: str) -> None:
        """Types a line and keeps it; the next may be typed at once."""
        self.type(words)
        self.press("Enter")


def begin(hand: Hand, source: str, about: str, *, known: str = "") -> None:
    """A visitor comes in. ``known``: what is pressed on to choose who told before, and of whom."""
    page = hand.page
    hand.press("y")
    page.wait_for_selector("#source")
    hand.type(source)
    if known:
        page.wait_for_selector("#source-found button")
        hand.press("ArrowDown", "Enter")
        page.wait_for_selector("#about-found button")
        hand.press("ArrowDown", "Enter")
    else:
        hand.press("Tab")
        hand.type(about)
    hand.press("F8")
    page.wait_for_selector("#line")


def kept(page: Page, count: int) -> None:
    """Waits until so many lines are kept."""
    page.wait_for_function(
        "n => document.querySelectorAll('#part-kept ol[aria-labelledby=kept] li').length === n", arg=count
    )


def leave(hand: Hand) -> None:
    """The visitor has left; what was told is entered."""
    hand.press("F8")
    hand.page.wait_for_selector("#passphrase")
    hand.type(PASSPHRASE)
    hand.press("Enter")
    hand.page.wait_for_selector("h1:text('What was told is entered')")


def at_intake(page: Page, served: Served) -> Hand:
    """Somebody before the first question."""
    page.goto(f"{served.address}intake")
    return Hand(page)


@contextmanager
def visited(browser: Browser, served: Served, **context: Any) -> Iterator[Hand]:
    """A new visitor who tells of her brother, and leaves nothing at the end."""
    with opened(browser, served, **context) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        try:
            yield hand
        finally:
            keep_nothing(page, served)


def keep_nothing(page: Page, served: Served) -> None:
    """The visitor has left, and nothing that she told is kept."""
    page.goto(f"{served.address}visitor/left")
    page.fill("#passphrase", PASSPHRASE)
    page.click("button[value=nothing]")
    page.wait_for_selector("h1:text('Nothing is kept')")


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A casebook of nobody."""
    from tests.cheap import CHEAP

    Casebook.create(tmp_path / "casebook", PASSPHRASE.encode(), name="Aigerim", cost=CHEAP).close()
    return tmp_path / "casebook"


def everything(folder: Path) -> tuple[list[Statement], int, int]:
    """What a casebook holds: statements, how many consents and drafts."""
    with Casebook.open(folder, PASSPHRASE.encode()) as found:
        return found.statements(), len(found.consents().given), len(drafts.drafts(found.vault.store))


def test_a_no_to_being_recorded_leaves_nothing(browser: Browser, empty: Path) -> None:
    with serving(empty) as served, opened(browser, served) as page:
        at_intake(page, served).press("n")
        page.wait_for_selector("h1:text('Nothing is kept')")
    assert everything(empty) == ([], 0, 0)


def test_saules_case_takes_few_keys_and_invents_no_date(browser: Browser, empty: Path) -> None:
    """Two testimonies that contradict each other, one person, four events: "aged 76", "after one year and
    nine months". All keys are counted but those of signing in, with the passphrase at the end of each
    visit."""
    with serving(empty) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Saule", "Saule")
        hand.line("born 1942")
        hand.line("taken to the camp aged 76")
        hand.line("released after one year and nine months")
        kept(page, 3)
        leave(hand)
        page.goto(f"{served.address}intake")
        hand.clicks += 1
        begin(hand, "her son", "Saule")
        hand.line("taken to the camp in spring 2016")
        hand.line("released 2017")
        hand.line("came home after release")
        kept(page, 3)
        leave(hand)
        counted = hand.clicks, hand.keys
    print(f"\nSaule's case: {counted[0]} clicks, {counted[1]} keys")  # noqa: T201 (the figure that is asked for)
    assert counted[0] <= CLICKS
    assert counted[1] <= KEYS
    told, _, _ = everything(empty)
    assert {one.event for one in told} == {"birth", "camp-entry", "release", "return"}
    assert {one.when for one in told} == {"", "1942", "2016-21", "2017"}
    assert {one.age for one in told} == {"", "76"}
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        from estelik.chronology.timeline import solve

        assert not solve(casebook.statements())[0].consistent


def test_a_tenth_visit_takes_fewer_keys_than_a_spreadsheet(browser: Browser, tmp_path: Path) -> None:
    """Find her, three statements, one correction.

    The spreadsheet is counted kindly to it: it is open, the row begins by itself, a cell that stands above is
    completed after its first three letters (and taken by Tab), a repeated cell (source, testimony, day told,
    about) by one key (fill down); cells that stay blank in between cost the Tab that passes them, and that
    only up to the last one that is filled. What is corrected is found by Ctrl+F. On neither side the
    passphrase is counted with which the casebook is opened, or the visit ended.
    """
    folder = made(tmp_path / "casebook")
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(
            Statement(
                f"k{visit}", "Asqar", f"visit {visit}", "Qarlyghash", f"{2016 + visit}-03-01",
                event="arrest" if visit == 9 else f"letter#{visit}",
                when="2017-10" if visit == 9 else f"{2016 + visit}",
            )
            for visit in range(1, 10)
        )  # fmt: skip
    with serving(folder) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarl", "", known="both")
        assert "Visit 10" in page.inner_text("main")
        hand.line("released 2019")
        hand.line("house arrest 7m after release")
        hand.line("letters stopped 2021")
        kept(page, 3)
        # Up to the line of the ninth visit, past the three of today.
        hand.press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "Enter")
        page.wait_for_selector("#part-state span")
        hand.line("arrested autumn 2017")
        kept(page, 4)
        leave(hand)
        typed = hand.keys - len(PASSPHRASE) - 1
    sheet = _in_a_sheet()
    print(f"\nTenth visit: {hand.clicks} clicks, {typed} keys here, {sheet} in a sheet")  # noqa: T201
    assert typed < sheet
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        told = [one for one in casebook.statements() if one.told > "2026-01"]
        assert [one.corrects for one in told] == ["", "", "", "k9"]


def _in_a_sheet() -> int:
    """The keys of the same in the statement sheet, with its columns in their order, as counted above."""
    from estelik.exchange.columns import NAMES

    rows: list[dict[str, str]] = [
        {"event": "release", "when": "2019"},
        {"event": "house-arrest", "after": "release", "gap": "P7M"},
        {"event": "contact-lost", "when": "2021"},
        {"event": "arrest", "when": "2017-23", "corrects": "k9"},
    ]
    keys = len("Qarlyghash") + 2  # Ctrl+F, her name, Enter: to find what she told
    keys += 2 + len("k9")  # Ctrl+F once more, for the id of what is corrected
    above = {"release"}
    for number, row in enumerate(rows):
        cells = {
            "testimony": "visit 10",
            "source": "Qarlyghash",
            "told": "2026-11-23",
            "about": "Asqar",
        } | row
        last = max(NAMES.index(name) for name in cells)
        for name in NAMES[: last + 1]:
            word = cells.get(name, "")
            if name in ("testimony", "source", "told", "about"):
                # The first row's day and testimony are new; all else is filled down.
                keys += len(word) if number == 0 and name in ("testimony", "told") else 1
            elif word:
                keys += min(len(word), 3) if word in above else len(word)
                above.add(word)
            keys += 1  # Tab, or Enter at the end
    return keys


def test_what_was_typed_is_there_after_the_desk_was_killed_in_mid_sentence(
    browser: Browser, tmp_path: Path
) -> None:
    """The kept line and the unfinished one; and whoever signs in again sees them first, since the visitor may
    still sit there: no page of others before the member says that she has left."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as served:
        with opened(browser, served) as page:
            hand = at_intake(page, served)
            begin(hand, "Qarlyghash", "Asqar")
            hand.line("arrested in autumn 2017")
            kept(page, 1)
            hand.type("released a year and nine mo")
            page.wait_for_function("document.getElementById('part-back').innerText.includes('Draft kept')")
            page.wait_for_timeout(600)
            _killed(served)
        with opened(browser, served, landing="intake") as page:
            assert "Visitor present" in page.inner_text("header")
            assert page.input_value("#line") == "released a year and nine mo"
            kept(page, 1)
            page.goto(f"{served.address}people")
            assert page.url == f"{served.address}intake"
    assert everything(folder)[2] == 1


def _killed(served: Served) -> None:
    """Kills the process that holds the keys; what began it begins another."""
    import os
    import signal
    import time
    from pathlib import Path

    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    for _ in range(100):
        time.sleep(0.1)
        try:
            if served.asked("GET", "/sign-in")[0] == 200:
                return
        except OSError:
            continue
    raise AssertionError


#: What a page has that is another at each request, or at each minute.
_CHANGING: Final = re.compile(r'nonce="[^"]*"|\d\d:\d\d|name="line" value="\w{26}"')


def test_what_others_told_changes_no_byte_of_what_a_visitor_sees(tmp_path: Path) -> None:
    """The same visit beside a casebook in which others tell of the same person and contradict her, are judged
    to be the same, and have what they say preferred: every page and part is the same."""
    seen = []
    for number, planted in enumerate((False, True)):
        folder = made(tmp_path / str(number) / "casebook")
        with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
            mine = [
                Statement("m1", "Asqar", "visit 1", "Qarlyghash", "2024-03-01", event="arrest", when="2017"),
                Statement("m2", "Asqar", "visit 2", "Qarlyghash", "2025-03-01", event="arrest", when="2018"),
                Statement("m3", "Asqar", "visit 2", "Qarlyghash", "2025-03-01", event="release"),
            ]
            casebook.add_statements(mine)
            if planted:
                _plant(casebook)
        with serving(folder) as served:
            seen.append(_seen(served))
    for (path, one), (_, other) in zip(*seen, strict=True):
        assert one == other, path
    whole = "".join(text for _, text in seen[1])
    assert "Asqar" in whole
    for word in ("Daulet", "Tekes", "Асқар"):
        assert word not in whole


def _plant(casebook: Casebook) -> None:
    """What others told of the same person, and judgements because of it."""
    from estelik.daily import judging

    casebook.add_statements(
        [
            Statement(
                "d1", "Asqar", "other", "Daulet", "2025-05-01", event="arrest", when="2020", place="Tekes"
            ),
            Statement("d2", "Asqar", "other", "Daulet", "2025-05-01", event="release", when="2021"),
            Statement("d3", "Asqar", "other", "Daulet", "2025-05-01", event="birth", when="1980"),
            Statement("d4", "Asqar", "other", "Daulet", "2025-05-01", event="death", when="2022"),
            Statement("d5", "Асқар", "third", "Daulet", "2025-06-01", event="transfer", place="Tekes"),
        ]
    )
    weighed = judging.weigh(casebook, "same", ("Asqar", "Асқар"), "one person")
    judging.record(casebook, weighed)
    aside = judging.decided(casebook, "set-aside", "others know better", statement="m1")
    with casebook.entering():
        casebook.add_judgement(aside)


def _seen(served: Served) -> list[tuple[str, str]]:
    """Every page and part that a visitor can bring onto the screen."""
    cookie = served.signed_in()
    heads: dict[str, Any] = {"Cookie": cookie, "Origin": served.origin}

    def asked(method: str, path: str, form: dict[str, str] | None = None) -> str:
        return _CHANGING.sub("", served.asked(method, path, form, **heads)[2])

    agreed = served.asked("POST", "/intake/agreed", {"agreed": "yes"}, **heads)[2]
    when = re.search(r'name="agreed" value="([^"]+)"', agreed)
    assert when is not None
    begun = {"agreed": when[1], "source": "Qarlyghash", "about": "Asqar", "language": "kk"}
    assert served.asked("POST", "/intake/begin", begun, **heads)[0] == 303
    found = []
    for method, path, form in (
        ("GET", "/intake", None),
        ("POST", "/intake/line", {"line": "released after arrest"}),
        ("POST", "/intake/line", {"line": "he was 40"}),
        ("POST", "/intake/line", {"line": "returned a year after death"}),
        ("POST", "/intake/keep", {"line": "released a year after arrest"}),
        ("POST", "/intake/fields", {"line": "where"}),
        ("POST", "/intake/next", {}),
        ("POST", "/intake/differs", {}),
        ("POST", "/intake/pasting", {}),
        ("POST", "/intake/correct", {"visit": "2", "line": "1"}),
        ("GET", "/intake", None),
        ("POST", "/intake/about", {"about": "Her sister"}),
        ("GET", "/intake", None),
        ("GET", "/intake/read-back", None),
        ("GET", "/visitor/left", None),
        *(("GET", path, None) for path in ("/", "/people", "/life/x", "/nowhere")),
        ("POST", "/people", {"words": "Daulet"}),
        ("POST", "/intake/who", {"source": "Daulet"}),
        ("POST", "/intake/whom", {"about": "Asqar", "source": "Daulet"}),
    ):
        found.append((f"{method} {path}", asked(method, path, form)))
    return found


PAGES: Final = ("line", "read-back", "left", "begin", "who")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ug"])
def test_axe_finds_nothing_in_the_intake(
    browser: Browser, served: Served, language: str, scheme: Any
) -> None:
    with opened(browser, served, bypass_csp=True, color_scheme=scheme) as page:
        if language != "en":
            spoken(page, language)
        hand = at_intake(page, served)
        found = {"begin": violations(page)}
        hand.press("y")
        page.wait_for_selector("#source")
        hand.type("Сауле")
        page.wait_for_selector("#source-found button")
        found["who"] = violations(page)
        hand.press("ArrowDown", "Enter")
        page.wait_for_selector("#about-found button")
        hand.press("ArrowDown", "Enter", "F8")
        page.wait_for_selector("#line")
        hand.line("camp-entry when=2018-21")
        kept(page, 1)
        hand.type("release when=2021")
        page.wait_for_timeout(800)
        hand.press("Tab")
        page.wait_for_selector(".small-fields")
        hand.press("F2")
        page.wait_for_selector("#behind h2")
        found["line"] = violations(page)
        page.goto(f"{served.address}intake/read-back")
        found["read-back"] = violations(page)
        page.goto(f"{served.address}visitor/left")
        found["left"] = violations(page)
        keep_nothing(page, served)
    assert found == {name: [] for name in PAGES}


@pytest.mark.parametrize("width", [320, 1280, 3840])
def test_nothing_of_the_intake_is_wider_than_the_screen(browser: Browser, served: Served, width: int) -> None:
    with visited(browser, served, viewport={"width": width, "height": 800}) as hand:
        hand.line("arrested in autumn 2017")
        hand.line("x" * 300)
        kept(hand.page, 2)
        for path in ("intake", "intake/read-back", "visitor/left"):
            hand.page.goto(served.address + path)
            assert hand.page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_what_is_typed_is_read_back_and_moves_the_drawing(browser: Browser, served: Served) -> None:
    with visited(browser, served) as hand:
        page = hand.page
        hand.line("arrested in autumn 2017")
        hand.line("released after arrest")
        kept(page, 2)
        assert "before this line" not in page.inner_text("#part-life")
        hand.type("released two years after arrest")
        page.wait_for_selector("#part-back p:has-text('two years after')")
        assert "before this line" in page.inner_text("#part-life")
        hand.press("Escape")
        page.wait_for_selector("#line:focus")
        page.wait_for_function("document.getElementById('line').value === ''")


def test_what_does_not_go_together_is_said_on_a_key_alone(browser: Browser, served: Served) -> None:
    """Nothing on the page doubts her; F3 shows both, with the same dignity."""
    with visited(browser, served) as hand:
        page = hand.page
        for words in ("arrested in 2017", "released two years after arrest", "released in 2021"):
            hand.line(words)
        kept(page, 3)
        words = page.inner_text("main").casefold()
        assert "cannot" not in words
        assert "account is kept" not in words
        hand.press("F3")
        page.wait_for_selector("#behind h2")
        assert "2021" in page.inner_text("#behind")


def test_could_not_and_would_not_say_are_one_key(browser: Browser, served: Served) -> None:
    with visited(browser, served) as hand:
        hand.line("arrested in autumn 2017")
        hand.line("where ?")
        hand.line("who told –")
        kept(hand.page, 3)
        words = hand.page.inner_text("ol[aria-labelledby=kept]")
        assert "could not say" in words
        assert "would not say" in words


def test_a_pasted_account_becomes_lines_with_its_own_words(browser: Browser, served: Served) -> None:
    with visited(browser, served) as hand:
        page = hand.page
        hand.press("F4")
        page.wait_for_selector("#pasted:focus")
        page.fill("#pasted", "They took him after the harvest. Nobody said why.\nНикто не знает.")
        page.click("#behind button")
        page.wait_for_selector("#passages")
        page.click(".sentence:has-text('harvest')")
        page.wait_for_selector(".sentence.chosen")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        assert "after the harvest" in page.inner_text("ol[aria-labelledby=kept]")
        assert page.inner_text(".sentence.used").startswith("They took him")


#: What would run, or turn a line around, if it were taken for more than text.
HOSTILE: Final = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }} ${7*7} =1+1",
    "\u202eдетсера\u202c 被捕 تۇتۇلدى",
    "</textarea><svg onload=alert(1)>",
)


def test_what_is_typed_stays_text(browser: Browser, served: Served) -> None:
    """In names, lines, small fields and an account: whatever the script, nothing of it runs."""
    with opened(browser, served) as page:
        hand = at_intake(page, served)
        hand.press("y")
        page.wait_for_selector("#source")
        for field in ("source", "about", "interpreter"):
            page.fill(f"#{field}", " ".join(words for words in HOSTILE if words.isprintable()))
        page.click("button[data-key=F8]")
        page.wait_for_selector("#line")
        for words in HOSTILE:
            hand.line(words)
            hand.line(f"arrest place={words}")
        kept(page, 2 * len(HOSTILE))
        hand.press("F4")
        page.wait_for_selector("#pasted:focus")
        page.fill("#pasted", "\n".join(HOSTILE))
        page.click("#behind form button")
        page.wait_for_selector("#passages")
        for path in ("intake", "intake/read-back"):
            page.goto(served.address + path)
            assert page.locator("main script, main img, main [onload]").count() == 0
        keep_nothing(page, served)


def test_nothing_of_a_telling_stands_in_an_address_or_in_the_browser(
    browser: Browser, served: Served
) -> None:
    with visited(browser, served) as hand:
        page = hand.page
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        hand.press("ArrowUp", "Enter")
        page.wait_for_selector("#part-state span")
        assert page.url == f"{served.address}intake"
        assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0


def test_a_wrong_passphrase_leaves_the_visitor_present(tmp_path: Path) -> None:
    with serving(made(tmp_path / "casebook")) as served:
        cookie: dict[str, Any] = {"Cookie": served.signed_in(), "Origin": served.origin}
        begun = {"agreed": "2026-11-23T10:00", "source": "Q", "about": "A", "language": "kk"}
        assert served.asked("POST", "/intake/begin", begun, **cookie)[0] == 303
        status, _, text = served.asked(
            "POST", "/visitor/left", {"passphrase": "x", "what": "enter"}, **cookie
        )
        assert status == 422
        assert "Visitor present" in text
        assert served.asked("GET", "/people", **cookie)[0] == 303
