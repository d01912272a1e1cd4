"""Two whole accounts as others wrote them down: pasted, marked by keys, and nothing of them lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.conftest import PASSPHRASE, opened, serving, spoken
from tests.web.hand import Hand, at_intake, begin, kept, killed

from estelik.casebook import Casebook
from estelik.index import evidence

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

#: What is made of the passages, one after the other: whose words they are counts here, not what they tell.
LINES = (
    "arrested in autumn 2017",
    "trial 7m after arrest",
    "sentence after trial",
    "release ?",
    "letters stopped 2021",
    "home visit aged 40",
)


@pytest.mark.parametrize("language", ["en", "ug"])
def test_whole_accounts_are_entered_though_the_desk_is_killed_in_mid_sentence(
    browser: Browser, empty: Path, shared: Path, language: str
) -> None:
    """By keys alone: paste, go to a sentence, take it, say what it tells. What was marked, kept and begun is
    there when the desk is; each statement has the very words, and the account is kept, sealed, as evidence of
    those statements."""
    accounts = [file.read_text(encoding="utf-8").strip() for file in sorted(shared.glob("sources/*.txt"))]
    assert len(accounts) == 2
    with serving(empty) as served:
        for number, account in enumerate(accounts):
            with opened(browser, served) as page:
                if language != "en":
                    spoken(page, language)
                hand = at_intake(page, served)
                begin(hand, f"Qarlyghash {number}", "Asqar")
                hand.press("F4")
                page.wait_for_selector("#pasted:focus")
                page.keyboard.insert_text(account)
                hand.press("Tab", "Enter")
                page.wait_for_selector("#passages")
                for count, line in enumerate(LINES[:3], 1):
                    _take(hand, 10 * count)
                    hand.line(line)
                    kept(page, count)
                _take(hand, 40)
                hand.type(LINES[3][:4])
                page.wait_for_timeout(1000)
                killed(served)
            with opened(browser, served, landing="intake") as page:
                hand = Hand(page)
                kept(page, 3)
                assert page.input_value("#line") == LINES[3][:4]
                page.focus("#line")
                hand.press("End")
                hand.line(LINES[3][4:])
                kept(page, 4)
                hand.press("F4")
                page.wait_for_selector("#pasted:focus")
                hand.press("Tab", "Enter")
                page.wait_for_selector("#pasted", state="detached")
                page.wait_for_selector("#passages")
                for count, line in enumerate(LINES[4:], 5):
                    _take(hand, 10 * count)
                    hand.line(line)
                    kept(page, count)
                hand.press("F8")
                page.wait_for_selector("#passphrase")
                hand.type(PASSPHRASE)
                hand.press("Enter")
                page.wait_for_selector("[data-kept]")
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        told = casebook.statements()
        exhibits = evidence.every(casebook.vault.store)
        assert len(exhibits) == len(accounts)
        for number, account in enumerate(accounts):
            own = [one for one in told if one.source == f"Qarlyghash {number}"]
            assert len(own) == len(LINES)
            assert all(one.quote and one.quote in account for one in own)
            (kept_,) = [one for one in exhibits if one.evidence.sha256 == _hash(account)]
            assert {one.statement for one in kept_.relations} - {""} == {one.statement for one in own}
            assert list(kept_.sources) == [f"Qarlyghash {number}"]
    for file in empty.rglob("*"):
        if file.is_file():
            found = file.read_bytes()
            assert not any(words.encode() in found for words in re.findall(r"\w{12,}", accounts[0]))


def test_a_second_account_takes_the_place_of_none(empty: Path) -> None:
    """Both are on the page and behind F4, F8 says that they are kept, and they are evidence, though no line
    was made of them; one that does not belong here is taken out again."""
    with serving(empty) as desk:
        heads: dict[str, Any] = {"Cookie": desk.signed_in(), "Origin": desk.origin}
        named = desk.visited(heads["Cookie"])
        for account in ("They came at night.", "It was autumn.", "A shopping list."):
            assert desk.asked("POST", "/intake/account", named | {"account": account}, **heads)[0] == 303
        here = desk.asked("GET", "/intake", **heads)[2]
        (out,) = re.findall(r'name="out" value="(\d+)"', here.partition("A shopping list.")[2])
        desk.asked("POST", "/intake/account", named | {"out": out}, **heads)
        for text in (
            desk.asked("GET", "/intake", **heads)[2],
            desk.asked("POST", "/intake/pasting", named, **heads)[2],
        ):
            assert ["They came" in text, "It was autumn" in text, "A shopping" in text] == [True, True, False]
        assert "2 pasted accounts are kept with it" in desk.asked("GET", "/visitor/left", **heads)[2]
        left = named | {"passphrase": PASSPHRASE, "what": "enter"}
        assert "2 pasted accounts are kept, sealed" in desk.asked("POST", "/visitor/left", left, **heads)[2]
    with Casebook.open(empty, PASSPHRASE.encode()) as casebook:
        found = {one.evidence.sha256 for one in evidence.every(casebook.vault.store)}
    assert found == {_hash("They came at night."), _hash("It was autumn.")}


def _hash(account: str) -> str:
    import hashlib

    return hashlib.sha256(account.encode()).hexdigest()


def _take(hand: Hand, number: int) -> None:
    """Goes to a sentence of the account and takes it."""
    hand.page.locator(".sentence").nth(number).focus()
    hand.press("Enter")
    hand.page.wait_for_selector(".sentence.chosen")
    hand.page.focus("#line")
