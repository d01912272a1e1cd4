"""Who tells, and of whom: chosen before she sees the screen, in any script and language, or not offered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from tests.web.cast import cast, passphrase_of, seat_of
from tests.web.conftest import PASSPHRASE, Served, opened, serving, spoken
from tests.web.hand import at_intake, everything, keep_nothing

from estelik.daily import lines

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

BEGUN = {"source": "Qarlyghash", "about": "Asqar", "language": "kk", "agreed": "2024-02-03T10:00+06:00"}
#: Names as they are written, with a joiner or a non-joiner within.
JOINED = ("نۇر\u200dگۈل", "می\u200cخواهم")


def test_another_language_of_the_desk_keeps_who_was_chosen_and_that_she_agreed(
    browser: Browser, served: Served
) -> None:
    """Also when the page is asked for again; and the visit begins from there."""
    with opened(browser, served) as page:
        hand = at_intake(page, served)
        hand.press("y")
        page.wait_for_selector("#source")
        hand.type("Qarlyghash")
        hand.press("Tab")
        hand.type("Asqar")
        page.select_option("#language", "ug")
        spoken(page, "ru")
        page.wait_for_selector("html[lang=ru] #source")
        page.reload()
        assert page.input_value("#source") == "Qarlyghash"
        assert page.input_value("#about") == "Asqar"
        assert page.input_value("#language") == "ug"
        hand.press("F8")
        page.wait_for_selector("#line")
        keep_nothing(page, served)
        page.goto(f"{served.address}intake/who")
        page.wait_for_selector("button[name=agreed]")


def test_another_language_on_a_page_that_an_act_has_drawn_leads_to_its_room(
    browser: Browser, served: Served
) -> None:
    with opened(browser, served) as page:
        hand = at_intake(page, served)
        hand.press("n")
        page.wait_for_url(f"{served.address}drawn/**")
        spoken(page, "ru")
        page.wait_for_url(f"{served.address}intake")


def test_whoever_was_not_asked_has_not_agreed(served: Served) -> None:
    """Whatever a form says of when she did."""
    cookie = served.signed_in()
    for agreed in ("", "x", "2024-13-01T00:00", "2024-02-03T10:00+06:00"):
        status, _, text = served.asked(
            "POST", "/intake/begin", BEGUN | {"agreed": agreed}, Cookie=cookie, Origin=served.origin
        )
        assert status == 422
        assert "Ask her first." in text
    assert served.asked("GET", "/intake", Cookie=cookie)[0] == 200


def test_words_typed_over_a_line_that_is_taken_out_stay_in_the_field(empty: Path) -> None:
    """They are another line by then; where nothing was typed over it the field is empty."""
    with serving(empty) as desk:
        heads: dict[str, Any] = {"Cookie": desk.signed_in(), "Origin": desk.origin}
        named = desk.visited(heads["Cookie"])
        for count, typed in enumerate(("arrested by OUTWORDS men", ""), 1):
            desk.asked("POST", "/intake/keep", named | {"line": "arrested in 2017"}, **heads)
            here = desk.asked("GET", "/intake", **heads)[2]
            line = re.findall(r'name="line" value="(\w{26})"', here)[-1]
            desk.asked("POST", "/intake/change", named | {"line": line}, **heads)
            if typed:
                desk.asked("POST", "/intake/line", named | {"line": typed}, **heads)
            desk.asked("POST", "/intake/out", named | {"line": line}, **heads)
            here = desk.asked("GET", "/intake", **heads)[2]
            assert (
                f'id="line" name="line" dir="auto" spellcheck="false" autocomplete="off" value="{typed}"'
                in here
            )
            assert here.count("Change line") == count
            assert "Changing line" not in here
            desk.asked("POST", "/intake/leave", named, **heads)


@pytest.mark.parametrize("name", JOINED)
def test_names_with_joiners_are_names(empty: Path, name: str) -> None:
    """From the first page to the records, with what she allows."""
    with serving(empty) as served:
        heads = {"Cookie": served.signed_in(), "Origin": served.origin}
        named = served.visited(heads["Cookie"], name, name)
        for path, form in (
            ("/intake/keep", {"line": "arrested in 2017"}),
            ("/intake/read-back", {"press-answer": "no"}),
        ):
            assert served.asked("POST", path, form | named, **heads)[0] == 303, path
        left = {"passphrase": PASSPHRASE, "what": "enter"} | named
        assert "is entered" in served.asked("POST", "/visitor/left", left, **heads)[2]
    told, consents, _ = everything(empty)
    assert [(one.source, one.about) for one in told] == [(name, name)]
    assert consents == 2


def test_a_name_copied_from_a_text_loses_what_no_label_has() -> None:
    """Soft hyphens and marks of direction; what is nothing else is no name."""
    assert lines.called("Qarly\u00adghash\u200f \u202bAsqar\u202c\n") == "Qarlyghash Asqar"
    assert not any(map(lines.is_label, ("\u200d", "\u200c\u200d", "a\u200b", "a\u00ad", "")))
    assert all(map(lines.is_label, JOINED))


def test_whoever_may_not_know_who_tells_is_offered_no_visitor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said at the beginning, before anybody is asked or anything typed."""
    there = cast(tmp_path / "casebook", monkeypatch)
    with serving(there.folder) as desk:
        form = {"seat": str(seat_of("listener")), "passphrase": passphrase_of("listener")}
        _, said, _ = desk.asked("POST", "/sign-in", form, Origin=desk.origin)
        cookie = said["set-cookie"].partition(";")[0]
        assert "/intake" not in desk.asked("GET", "/", Cookie=cookie)[2]
        status, _, text = desk.asked("GET", "/intake", Cookie=cookie)
        assert status == 422
        assert "the names of sources are not open to you" in text
        heads = {"Cookie": cookie, "Origin": desk.origin}
        assert desk.asked("POST", "/intake/agreed", {"agreed": "yes"}, **heads)[0] == 422
