"""Home: who comes in, what to ask her, and rows that lead to what is to be done."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.cheap import CHEAP
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.hand import at_intake, begin
from tests.web.test_seats import OTHER, at_seat, office

from estelik.casebook import Casebook
from estelik.daily import coming
from estelik.index.kept import Kept
from estelik.index.visits import every
from estelik.records.visit import VISIT, End, Visit
from estelik.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

TODAY = date.today()  # noqa: DTZ011 (the user's own day)


def soon(days: int) -> str:
    """A day from today on, in ISO."""
    return (TODAY + timedelta(days=days)).isoformat()


def teller(casebook: Casebook) -> tuple[str, str]:
    """Somebody who could be asked more, and of whom."""
    for one in casebook.statements():
        if one.source == one.about:
            continue
        visit = Visit("v", one.source, soon(0), about=one.about)
        if coming.prepare(casebook, visit).questions:
            return one.source, one.about
    raise AssertionError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A casebook of the demonstration."""
    return made(tmp_path / "casebook")


@pytest.fixture
def desk(folder: Path) -> Iterator[Served]:
    """Its desk."""
    with serving(folder) as found:
        yield found


def looked(desk: Served, cookie: str, path: str = "/") -> str:
    """A page, once what it shows was looked for."""
    for _ in range(600):
        text = desk.asked("GET", path, Cookie=cookie)[2]
        if "still looking" not in text:
            break
        time.sleep(0.1)
    return re.sub(r'nonce="[^"]*"', "", text)


def planned(desk: Served, cookie: str, **form: str) -> int:
    """Puts a visit down; the status of the answer."""
    return desk.asked("POST", "/visits", form, Cookie=cookie, Origin=desk.origin)[0]


def test_who_comes_today_is_shown_with_how_many_questions_are_ready(desk: Served, folder: Path) -> None:
    """And who comes this week stands at the side; a row leads to the questions."""
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        who, about = teller(casebook)
    cookie = desk.signed_in()
    assert "Coming in today" not in looked(desk, cookie)
    assert planned(desk, cookie, source=who, about=about, day=soon(0), time="10:00", note="by bus") == 303
    assert planned(desk, cookie, source="Nurgul", day=soon(3)) == 303
    assert planned(desk, cookie, source="Far away", day=soon(30)) == 303
    text = looked(desk, cookie)
    today, _, week = text.partition("This week")
    assert "10:00" in today
    assert who in today
    assert re.search(r"\d+ questions? (is|are) ready", today)
    assert "She has told" in today
    assert "Nurgul" in week
    assert "Nurgul" not in today
    assert "Far away" not in text
    (visit,) = re.findall(r'/visit/[\w-]+"', today)
    page = looked(desk, cookie, visit.rstrip('"'))
    assert "What to ask next" in page
    assert about in page
    assert "It would" in page


def test_a_visit_that_cannot_be_is_not_put_down(desk: Served, folder: Path) -> None:
    """What was typed stays."""
    cookie = desk.signed_in()
    for form in (
        {"source": "", "day": soon(1)},
        {"source": "Nurgul", "day": soon(-1)},
        {"source": "Nurgul", "day": "tomorrow"},
        {"source": "Nurgul", "day": soon(1), "time": "25:00"},
        {"source": "N" * 501, "day": soon(1)},
        {"source": "Nur\u202egul", "day": soon(1)},
    ):
        assert planned(desk, cookie, **form) == 422
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        assert every(casebook.vault.store, Kept(VISIT)) == ()


def test_she_is_here_and_the_intake_knows_of_whom_she_tells(browser: Browser, desk: Served) -> None:
    """With the telling the visit is over; nobody puts that down."""
    with opened(browser, desk) as page:
        page.goto(f"{desk.address}visits")
        page.fill("#source", "Qarlyghash")
        page.fill("#about", "Asqar")
        page.click("text=Put it down")
        page.click("a:has-text('Prepare')")
        page.wait_for_url("**/visit/*")
        page.keyboard.press("F8")
        page.wait_for_selector(".consent")
        page.keyboard.press("y")
        page.wait_for_selector("#source")
        assert page.input_value("#source") == "Qarlyghash"
        assert page.input_value("#about") == "Asqar"
        page.keyboard.press("F8")
        page.wait_for_selector("#line")
        page.goto(f"{desk.address}visitor/left")
        page.fill("#passphrase", PASSPHRASE)
        page.click("button[value=nothing]")
        page.wait_for_selector("h1[data-kept=nothing]")
        page.goto(f"{desk.address}visits")
        assert "Nobody is expected." in page.inner_text("main")


def test_who_did_not_come_is_asked_after_until_somebody_says_so(desk: Served, folder: Path) -> None:
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        from estelik.index import visits

        for days, who in ((2, "Nurgul"), (60, "Long ago")):
            visits.enter(casebook.vault.store, Visit(who, who, soon(-days)))
    cookie = desk.signed_in()
    text = looked(desk, cookie)
    assert "Did she come?" in text
    assert "Long ago" not in text
    (path,) = re.findall(r"/visit/[\w-]+", text)
    for outcome, status in (("perhaps", 404), ("stayed-away", 303), ("off", 404)):
        assert desk.asked("POST", path, {"outcome": outcome}, Cookie=cookie, Origin=desk.origin)[0] == status
    assert "Did she come?" not in looked(desk, cookie)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        ends = [one for one in every(casebook.vault.store, Kept(VISIT)) if isinstance(one, End)]
    assert [(one.visit, one.outcome) for one in ends] == [("Nurgul", "stayed-away")]


def test_who_may_not_know_who_tells_sees_nothing_of_a_visit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a byte of her pages is another, and there is no such page."""
    monkeypatch.setattr(keys, "STANDARD", CHEAP)
    folder = office(tmp_path / "casebook", monkeypatch, hidden=False)
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.seats.add("Dana", OTHER.encode(), ("testimony",))
    with serving(folder) as desk:
        form = {"seat": "2", "passphrase": OTHER}
        _, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
        dana = said["set-cookie"].partition(";")[0]
        before = looked(desk, dana)
        assert planned(desk, at_seat(desk), source="Nurgul-X", day=soon(0)) == 303
        assert "Nurgul-X" in looked(desk, at_seat(desk))
        assert looked(desk, dana) == before
        for path in ("/visits", "/visit/x", "/visits/of/x"):
            assert desk.asked("GET", path, Cookie=dana)[0] == 404
        assert planned(desk, dana, source="Nurgul-Y", day=soon(0)) == 404
        assert "Nurgul-Y" not in looked(desk, at_seat(desk))


def test_a_visit_is_erased_with_whom_it_names(folder: Path) -> None:
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        who, about = teller(casebook)
        made_ = coming.plan(casebook, who, soon(0), about=about)
        coming.end(casebook, (made_,), made_.id, "off")
        coming.plan(casebook, who, soon(1))
        coming.plan(casebook, "Nurgul", soon(1), about=about)
        coming.plan(casebook, "Nurgul", soon(2))
        decisions = casebook.decisions
        decisions.erase(decisions.closure("source", who), "She asked for it.")
        left = every(casebook.vault.store, Kept(VISIT))
        assert [(one.who, one.about) for one in left if isinstance(one, Visit)] == [
            ("Nurgul", about),
            ("Nurgul", ""),
        ]
        assert not [one for one in left if isinstance(one, End)]
        decisions.restrict(decisions.closure("source", "Nurgul"), "She is afraid.")
        assert coming.Coming(casebook).visits() == ()


def test_an_old_copy_leads_to_where_it_is_renewed(browser: Browser, desk: Served) -> None:
    with opened(browser, desk) as page:
        page.click("section[aria-labelledby=copies] a")
        page.wait_for_url("**/office/copies")


def test_a_visitor_who_was_expected_changes_nothing_on_the_screen_beside_another(
    browser: Browser, desk: Served
) -> None:
    """While somebody is present, who else comes is not shown."""
    cookie = desk.signed_in()
    assert planned(desk, cookie, source="Nurgul-X", day=soon(0)) == 303
    with opened(browser, desk) as page:
        begin(at_intake(page, desk), "Qarlyghash", "Asqar")
        assert "Nurgul-X" not in page.content()
        page.goto(f"{desk.address}visits")
        page.wait_for_url("**/intake")
        assert "Nurgul-X" not in page.content()
