"""The intake in a browser: consent first, one line after the other, nothing of others, nothing lost."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.hand import at_intake, begin, everything, keep_nothing, kept, killed, leave, visited

from estelik.casebook import Casebook
from estelik.vault import drafts

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser


def test_a_no_to_being_recorded_leaves_nothing(browser: Browser, empty: Path) -> None:
    with serving(empty) as served, opened(browser, served) as page:
        at_intake(page, served).press("n")
        page.wait_for_selector("h1:text('Nothing is kept')")
    assert everything(empty) == ([], 0, 0)


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
            killed(served)
        with opened(browser, served, landing="intake") as page:
            assert "Visitor present" in page.inner_text("header")
            assert page.input_value("#line") == "released a year and nine mo"
            kept(page, 1)
            page.goto(f"{served.address}people")
            assert page.url == f"{served.address}intake"
    assert everything(folder)[2] == 1


PAGES: Final = ("line", "read-back", "left", "begin", "who")


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


def test_what_she_says_of_each_use_is_entered_with_what_she_told(browser: Browser, empty: Path) -> None:
    """Read back, then asked: yes to the United Nations under another name, no to the press; by keyboard."""
    with serving(empty) as served, opened(browser, served) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        hand.line("arrested in autumn 2017")
        hand.press("F6")
        page.wait_for_selector(".uses")
        assert "autumn 2017" in page.inner_text(".lines")
        page.focus("input[name=un-answer]")
        hand.press("ArrowRight", "ArrowRight", "Tab", "ArrowDown")
        page.focus("input[name=press-answer]")
        hand.press("ArrowRight")
        page.focus(".uses button.main")
        hand.press("Enter")
        page.wait_for_selector("#line")
        leave(hand)
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        said = {(one.audiences, one.answer, one.identity) for one in casebook.consents().given}
    assert said == {((), "yes", "none"), (("un",), "yes", "pseudonym"), (("press",), "no", "none")}


def test_two_who_write_down_one_telling_at_once_lose_nothing(tmp_path: Path) -> None:
    """Two browsers, twelve lines each, at the same time: all of them are entered."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as served:
        heads: list[dict[str, Any]] = [
            {"Cookie": served.signed_in(), "Origin": served.origin} for _ in range(2)
        ]
        named = served.visited(heads[0]["Cookie"])
        with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
            (id_,) = drafts.drafts(casebook.vault.store)
        assert served.asked("POST", "/intake/go-on", {"telling": id_}, **heads[1])[0] == 303

        def write(number: int) -> None:
            for count in range(12):
                words = {"line": f"arrest#{number}{count} when=2017"} | named
                assert served.asked("POST", "/intake/keep", words, **heads[number])[0] == 303

        threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        left = {"passphrase": PASSPHRASE, "what": "enter"} | named
        assert served.asked("POST", "/visitor/left", left, **heads[0])[0] == 200
        # The other one is told that it was ended, and what she types then is not lost in silence.
        status, _, text = served.asked("POST", "/intake/keep", {"line": "more"} | named, **heads[1])
        assert (status, "not being written down any more" in text) == (404, True)
        assert served.asked("POST", "/visitor/left", left, **heads[1])[0] == 200
        assert served.asked("GET", "/people", **heads[1])[0] == 200
    told = [one for one in everything(folder)[0] if one.source == "Q"]
    assert {one.event for one in told} == {f"arrest#{n}{count}" for n in range(2) for count in range(12)}


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
    """In names, lines and an account: whatever the script, nothing of it runs."""
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
        # All of it can be entered: nothing that a line held keeps the telling from its end.
        leave(hand)


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
        wrong = {"passphrase": "x", "what": "enter"} | served.visited(cookie["Cookie"])
        status, _, text = served.asked("POST", "/visitor/left", wrong, **cookie)
        assert status == 422
        assert "Visitor present" in text
        assert served.asked("GET", "/people", **cookie)[0] == 303


def test_a_folder_that_is_gone_is_said_where_the_line_is_read_back(browser: Browser, tmp_path: Path) -> None:
    """In its own words, with what to do, and the line is where it was typed; so at F8. An account that could
    not be kept is there to be sent again. When the folder is back, all goes on: nothing is lost."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as served, opened(browser, served, refused=True) as page:
        hand = at_intake(page, served)
        begin(hand, "Qarlyghash", "Asqar")
        hand.line("arrested in autumn 2017")
        kept(page, 1)
        folder.rename(tmp_path / "elsewhere")
        hand.line("released in 2019")
        page.wait_for_selector("#part-back .fault")
        words = page.inner_text("#part-back")
        assert "is not where it was" in words
        assert "Put it back" in words
        assert "did not answer" not in words
        assert page.input_value("#line") == "released in 2019"
        page.goto(f"{served.address}visitor/left")
        assert "is not where it was" in page.inner_text("main")
        named = {"telling": page.get_attribute("body", "data-telling") or ""}
        cookie = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
        pasted = named | {"account": "They came at night."}
        heads: dict[str, Any] = {"Cookie": cookie, "Origin": served.origin}
        status, _, text = served.asked("POST", "/intake/account", pasted, **heads)
        assert (status, "They came at night." in text, "Put it back" in text) == (422, True, True)
        (tmp_path / "elsewhere").rename(folder)
        page.goto(f"{served.address}intake")
        kept(page, 1)
        hand.line("released in 2019")
        kept(page, 2)
        keep_nothing(page, served)
