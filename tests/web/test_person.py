"""The page of a life acts: statements are set aside and taken back, questions allowed, states asked for."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving

from estelik.casebook import Casebook
from estelik.chronology.lives import retired
from estelik.daily import judging

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk of its own for each test."""
    with serving(made(tmp_path_factory.mktemp("office") / "casebook")) as found:
        yield found


def at_life(page: Page, desk: Served, name: str = "Saule") -> None:
    """Goes to the page of somebody."""
    page.goto(f"{desk.address}people")
    page.fill("#words", name)
    page.click("#found a")
    page.wait_for_selector("article.person")


def life(desk: Served, cookie: str, name: str = "Saule") -> str:
    """The path of somebody's page."""
    found = desk.asked("POST", "/people", {"words": name}, Cookie=cookie, Origin=desk.origin)[2]
    (first, *_) = re.findall(r"/life/[\w-]+", found)
    return str(first)


def statements(desk: Served, cookie: str, path: str) -> list[str]:
    """The paths of the statements of a life, in the order of their numbers."""
    return re.findall(rf'href="({path}/statement/[\w-]+)"', desk.asked("GET", path, Cookie=cookie)[2])


def seen(desk: Served, cookie: str, path: str) -> str:
    """What a page says that has been seen of decisions."""
    (mark,) = set(re.findall(r'name="seen" value="(\w+)"', desk.asked("GET", path, Cookie=cookie)[2]))
    return str(mark)


def judgements(desk: Served) -> list[tuple[str, str]]:
    """All decisions and their reasons, in order of entry."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return [(one.decision, one.reason) for one in casebook.judgements()]


def test_a_statement_is_set_aside_by_keys_alone_and_taken_back(browser: Browser, desk: Served) -> None:
    """What would follow is shown before anything is recorded; the page then shows it struck through, with the
    reason, and undoes it on a key."""
    with opened(browser, desk) as page:
        at_life(page, desk)
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.wait_for_selector("tr:nth-child(2) a[data-decide] kbd")
        page.keyboard.press("s")
        page.wait_for_selector("#reason:focus")
        page.keyboard.type("She mixed up the years.")
        page.keyboard.press("Enter")
        page.wait_for_selector("#would")
        assert judgements(desk) == []
        page.keyboard.press("Enter")
        page.wait_for_selector("tr:target .struck")
        assert "She mixed up the years." in page.inner_text("tr:target")
        assert "Aigerim" in page.inner_text(".decisions")
        assert judgements(desk) == [("set-aside", "She mixed up the years.")]
        page.keyboard.press("z")
        page.wait_for_selector("tr:target >> css=.read:not(.struck)")
        assert [decision for decision, _ in judgements(desk)] == ["set-aside", "withdrawn"]
        assert "Taken back" in page.inner_text(".decisions")


def test_what_would_follow_is_what_follows(desk: Served) -> None:
    """The dates that are shown beforehand are those of the page afterwards."""
    cookie = desk.signed_in()
    path = life(desk, cookie)
    changed = 0
    for one in statements(desk, cookie, path):
        form = {"reason": "why", "seen": seen(desk, cookie, one)}
        said = desk.asked("POST", one, form, Cookie=cookie, Origin=desk.origin)[2]
        would = re.findall(r"<td>([^<]*)</td></tr>", said[said.index("would") :]) if "would" in said else []
        status, _, _ = desk.asked("POST", one, form | {"record": "yes"}, Cookie=cookie, Origin=desk.origin)
        assert status == 303
        then = re.sub(r"<[^>]+>", "", desk.asked("GET", path, Cookie=cookie)[2])
        changed += len(would)
        for words in would:
            days = re.findall(r"\d{1,2} \w+ \d{4}", words)
            assert all(day in then for day in days)
        with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
            last = casebook.judgements()[-1]
            judging.take_back(casebook, last.id, "test")
    assert changed


def test_who_comes_second_sees_what_the_first_did_before_she_records(desk: Served) -> None:
    """Two members at one statement: no decision is made over another that was not seen."""
    one, other = desk.signed_in(), desk.signed_in()
    path = life(desk, one)
    which = statements(desk, one, path)[1]
    before = seen(desk, one, which)
    first = {"reason": "The first one's reason.", "seen": before, "record": "yes"}
    assert desk.asked("POST", which, first, Cookie=one, Origin=desk.origin)[0] == 303
    for form in (
        {"reason": "mine", "seen": before},
        {"reason": "mine", "seen": before, "record": "yes"},
        {"reason": "mine", "seen": "", "record": "yes"},
    ):
        status, _, said = desk.asked("POST", which, form, Cookie=other, Origin=desk.origin)
        assert status == 422
        assert "Somebody has decided on this meanwhile." in said
        assert "The first one&#39;s reason." in said
    # Set aside and taken back: it stands as before, and yet she is told.
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        judging.take_back(casebook, casebook.judgements()[0].id, "It was right.")
    form = {"reason": "mine", "seen": before, "record": "yes"}
    status, _, said = desk.asked("POST", which, form, Cookie=other, Origin=desk.origin)
    assert status == 422
    assert "It was right." in said
    again = {"reason": "mine", "seen": seen(desk, other, which), "record": "yes"}
    assert desk.asked("POST", which, again, Cookie=other, Origin=desk.origin)[0] == 303
    assert [decision for decision, _ in judgements(desk)] == ["set-aside", "withdrawn", "set-aside"]


def test_of_two_who_record_at_once_one_is_told_of_the_other(desk: Served) -> None:
    """Each has seen that nothing was decided; one of the two decisions is recorded."""
    cookies = [desk.signed_in(), desk.signed_in()]
    path = life(desk, cookies[0])
    for which in statements(desk, cookies[0], path):
        before = len(judgements(desk))
        form = {"seen": seen(desk, cookies[0], which), "record": "yes"}

        def record(number: int, which: str = which, form: dict[str, str] = form) -> int:
            given = form | {"reason": f"of {number}"}
            return desk.asked("POST", which, given, Cookie=cookies[number], Origin=desk.origin)[0]

        with ThreadPoolExecutor(2) as both:
            assert sorted(both.map(record, range(2))) == [303, 422]
        assert len(judgements(desk)) == before + 1


def test_nothing_is_decided_without_a_reason_nor_at_an_address_that_is_none(desk: Served) -> None:
    """Nor on the statement of one life under the address of another."""
    cookie = desk.signed_in()
    path, another = life(desk, cookie), life(desk, cookie, "Erlan")
    which = statements(desk, cookie, path)[0]
    mark = seen(desk, cookie, which)
    record = {"seen": mark, "record": "yes"}
    assert desk.asked("POST", which, record, Cookie=cookie, Origin=desk.origin)[0] == 200
    for where in (f"{path}/statement/x", f"{path}/statement/{path[6:]}", which.replace(path, another)):
        status, _, _ = desk.asked("POST", where, record | {"reason": "x"}, Cookie=cookie, Origin=desk.origin)
        assert status in {404, 422}
    for form in ({"judgement": "x", "reason": "x"}, {"judgement": which[-60:], "reason": "x"}, {}):
        assert desk.asked("POST", f"{path}/take-back", form, Cookie=cookie, Origin=desk.origin)[0] == 404
    assert judgements(desk) == []


def test_a_decision_of_another_day_is_taken_back_only_with_a_reason(desk: Served) -> None:
    """One's own of this session at once."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        (one, *_) = casebook.statements(["Saule"])
        judging.set_aside(casebook, one.statement, "An earlier day.")
    cookie = desk.signed_in()
    path = life(desk, cookie)
    said = desk.asked("GET", path, Cookie=cookie)[2]
    (which,) = re.findall(r'name="judgement" value="([\w-]+)"', said)
    form = {"judgement": which}
    assert desk.asked("POST", f"{path}/take-back", form, Cookie=cookie, Origin=desk.origin)[0] == 422
    assert (
        desk.asked("POST", f"{path}/take-back", form | {"reason": "So."}, Cookie=cookie, Origin=desk.origin)[
            0
        ]
        == 303
    )
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        assert retired((), casebook.judgements()) == set()


def test_a_question_is_allowed_with_a_reason_and_stands_among_the_decisions(desk: Served) -> None:
    cookie = desk.signed_in()
    path = life(desk, cookie)
    said = desk.asked("GET", f"{path}/ask", Cookie=cookie)[2]
    event = re.findall(r'<option value="([^"]+)"', said)[0]
    source = re.findall(r"<option>([^<]+)</option>", said)[0]
    form = {
        "event": event,
        "source": source,
        "reason": "She wants to.",
        "seen": seen(desk, cookie, f"{path}/ask"),
    }
    assert (
        desk.asked("POST", f"{path}/ask", form | {"reason": ""}, Cookie=cookie, Origin=desk.origin)[0] == 422
    )
    assert desk.asked("POST", f"{path}/ask", form, Cookie=cookie, Origin=desk.origin)[0] == 303
    assert "She wants to." in desk.asked("GET", path, Cookie=cookie)[2]
    assert judgements(desk) == [("allow-question", "She wants to.")]


def test_the_state_in_a_month_is_said_with_its_statements(browser: Browser, desk: Served) -> None:
    """By its key, in the words of the intake or as a date; what cannot be read says so."""
    with opened(browser, desk) as page:
        at_life(page, desk)
        page.keyboard.press("d")
        page.wait_for_selector("#time:focus")
        page.keyboard.type("in March 2019")
        page.keyboard.press("Enter")
        page.wait_for_selector("#state .state-time")
        said = page.inner_text("#state")
        assert "In March 2019" in said
        assert page.query_selector("#state a.n[href*='#p1-s']")
        page.fill("#time", "gibberish")
        page.keyboard.press("Enter")
        page.wait_for_selector("#state >> text=This time cannot be read.")


def test_a_date_leads_to_why_it_is_so(browser: Browser, desk: Served) -> None:
    """By a click, and by its key from the date that has the focus."""
    with opened(browser, desk) as page:
        at_life(page, desk)
        assert not page.is_visible(".ledger")
        page.click(".events td a >> nth=0")
        page.wait_for_selector(".ledger:focus")
        page.reload()
        page.goto(page.url.partition("#")[0])
        page.focus(".events td a >> nth=1")
        page.keyboard.press("w")
        page.wait_for_selector(".ledger:target")


def test_add_leads_to_the_intake_of_this_person(browser: Browser, desk: Served) -> None:
    """Consent to record is asked first."""
    with opened(browser, desk) as page:
        at_life(page, desk)
        page.keyboard.press("a")
        page.wait_for_selector("text=Somebody has come to tell")
        page.keyboard.press("y")
        page.wait_for_selector("#about")
        assert page.input_value("#about") == "Saule"


def test_relatives_stand_on_the_page_of_a_life_and_lead_to_their_own(browser: Browser, desk: Served) -> None:
    """Who is told of leads to her page, who is only named does not; each with the statements that say so, and
    in the language of the desk."""
    with opened(browser, desk) as page:
        at_life(page, desk, "Erlan Aqboranuly")
        kin = page.locator("section:has(> [id$=-kin])")
        assert "Tansholpan Aqboranqyzy" in kin.inner_text()
        assert "sister" in kin.inner_text()
        assert kin.locator("li:has-text('father') a[href^='/life/']").count() == 0
        kin.locator("a[href^='/life/']").click()
        page.wait_for_selector("h1:has-text('Tansholpan Aqboranqyzy')")
        assert "brother" in page.inner_text("section:has(> [id$=-kin])")
