"""How a statement is known is said on its page: its grade, and through whom it came to its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving, violations
from tests.web.test_person import at_life, life, seen, statements

from estelik.casebook import Casebook
from estelik.daily import judging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from estelik.records import Statement

FORM = {"source": "B", "says": "2", "role": "told", "via": "a cousin > a guard", "reason": "She says so now."}


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk of its own for each test."""
    with serving(made(tmp_path_factory.mktemp("office") / "casebook")) as found:
        yield found


def every(desk: Served) -> list[Statement]:
    """All statements of the casebook."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return casebook.statements()


def test_a_statement_is_graded_by_keys_alone_and_shown_with_what_it_was(
    browser: Browser, desk: Served
) -> None:
    """The row as it was stays on the page, corrected; the one in its place has grade, chain and reason."""
    with opened(browser, desk, bypass_csp=True) as page:
        at_life(page, desk)
        page.keyboard.press("j")
        page.wait_for_selector("tr:nth-child(1) a[data-decide] kbd")
        page.keyboard.press("s")
        page.wait_for_selector("#reason:focus")
        assert violations(page) == []
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "g-source":
                break
        page.keyboard.type("B")
        page.keyboard.press("Tab")
        page.keyboard.type("2")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("a cousin > a guard")
        page.keyboard.press("Tab")
        page.keyboard.type("She says so now.")
        page.keyboard.press("Enter")
        page.wait_for_selector("tr:target >> text=B2, usually reliable, probably true")
        assert "a guard" in page.inner_text("tr:target .source")
        assert "She says so now." in page.inner_text("tr:target")
        assert "Corrected by" in page.inner_text("table.statements")
    (last,) = [one for one in every(desk) if one.note.endswith("She says so now.")]
    assert (last.grade, last.via) == ("B2", "a cousin > a guard")
    assert last.corrects


def test_what_cannot_be_said_is_told_and_what_was_filled_in_is_kept(desk: Served) -> None:
    """Nothing is entered; neither over a decision that she has not seen."""
    cookie = desk.signed_in()
    which = statements(desk, cookie, life(desk, cookie))[0]
    before, mark = every(desk), seen(desk, cookie, which)
    for wrong, said in (
        ({"reason": " "}, "The reason is empty."),
        ({"source": "G"}, "This is not a grade."),
        ({"via": "a > > b"}, "A link of the chain is blank."),
    ):
        form = FORM | {"seen": mark} | wrong
        status, _, text = desk.asked("POST", f"{which}/grade", form, Cookie=cookie, Origin=desk.origin)
        assert (status, said in text) == (422, True), said
        assert "She says so now." in text or "reason" in wrong
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        made_ = judging.set_aside(casebook, before[0].statement, "no")
        judging.take_back(casebook, made_.id, "yes")
    form = FORM | {"seen": "another"}
    status, _, text = desk.asked("POST", f"{which}/grade", form, Cookie=cookie, Origin=desk.origin)
    assert (status, "Somebody has decided on this meanwhile." in text) == (422, True)
    assert every(desk) == before
