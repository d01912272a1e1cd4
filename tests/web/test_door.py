"""The door of the desk: who gets in, how long a session lasts, and what a lock leaves."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving

from estelik.vault import running
from estelik.web import desk

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

PAGES = ("/", "/people")


@pytest.mark.parametrize("path", [*PAGES, "/life/x", "/nowhere"])
def test_nobody_sees_a_page_without_having_signed_in(served: Served, path: str) -> None:
    status, said, text = served.asked("GET", path)
    assert (status, said.get("location", "")) in {(303, "/sign-in"), (404, "")}
    assert "Saule" not in text


def test_a_token_that_was_left_in_a_browser_is_not_taken_on(served: Served) -> None:
    """Neither before nor after somebody signs in with it: each sign-in makes a new one."""
    planted = "estelik=chosen-by-somebody-else"
    status, said, _ = served.asked(
        "POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=served.origin, Cookie=planted
    )
    assert status == 303
    given = said["set-cookie"].partition(";")[0]
    assert given != planted
    assert served.asked("GET", "/", Cookie=planted)[0] == 303
    assert served.asked("GET", "/", Cookie=given)[0] == 200


def test_a_second_sign_in_ends_the_session_before(served: Served) -> None:
    first = served.signed_in()
    status, said, _ = served.asked(
        "POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=served.origin, Cookie=first
    )
    assert status == 303
    assert served.asked("GET", "/", Cookie=first)[0] == 303
    assert served.asked("GET", "/", Cookie=said["set-cookie"].partition(";")[0])[0] == 200


def test_the_cookie_is_read_by_no_script_and_sent_to_nobody_else(served: Served) -> None:
    _, said, _ = served.asked("POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=served.origin)
    words = said["set-cookie"].lower()
    assert "httponly" in words
    assert "samesite=strict" in words
    assert "max-age" not in words
    assert "domain" not in words


def test_signing_out_ends_this_session_alone(served: Served) -> None:
    one, other = served.signed_in(), served.signed_in()
    assert served.asked("POST", "/sign-out", {}, Origin=served.origin, Cookie=one)[0] == 303
    assert served.asked("GET", "/", Cookie=one)[0] == 303
    assert served.asked("GET", "/", Cookie=other)[0] == 200


def test_whoever_guesses_waits(tmp_path: Path) -> None:
    """The fourth wrong passphrase in a row is not even looked at, and neither is a right one until then."""
    with serving(made(tmp_path / "casebook")) as desk:
        answers = [
            desk.asked("POST", "/sign-in", {"passphrase": f"guess {number}"}, Origin=desk.origin)[0]
            for number in range(3)
        ]
        assert answers == [422, 422, 422]
        assert desk.asked("POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=desk.origin)[0] == 429
        time.sleep(1.2)
        assert desk.signed_in()


def test_a_session_that_nobody_uses_ends(tmp_path: Path) -> None:
    with serving(made(tmp_path / "casebook"), "--idle", "2s") as desk:
        cookie = desk.signed_in()
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 200
        time.sleep(2.3)
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 303


def test_the_lock_key_forgets_every_session_and_the_desk_is_there_again(
    browser: Browser, tmp_path: Path
) -> None:
    """From within a field too. The process that had the keys is gone; another, locked, answers."""
    with serving(made(tmp_path / "casebook")) as desk:
        other = desk.signed_in()
        with opened(browser, desk) as page:
            page.goto(f"{desk.address}people")
            page.fill("#words", "Saule")
            page.keyboard.press("F9")
            page.wait_for_url(f"{desk.address}sign-in")
            assert "Saule" not in page.content()
            page.go_back()
            page.wait_for_url(f"{desk.address}sign-in")
            assert "Saule" not in page.content()
        assert desk.asked("GET", "/", Cookie=other)[0] == 303
        assert desk.signed_in()


def test_the_command_that_locks_reaches_the_desk(tmp_path: Path) -> None:
    folder = made(tmp_path / "casebook")
    with serving(folder) as desk:
        cookie = desk.signed_in()
        ended = running.end(folder)
        assert (ended.commands, ended.left) == (1, 0)
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 303


def test_keys_are_forgotten_with_the_last_session(tmp_path: Path) -> None:
    """A lock finds nobody who has keys: the process is there, and holds none."""
    folder = made(tmp_path / "casebook")
    with serving(folder) as desk:
        cookie = desk.signed_in()
        desk.asked("POST", "/sign-out", {}, Origin=desk.origin, Cookie=cookie)
        assert running.end(folder).commands == 0
        assert desk.signed_in()


@pytest.mark.parametrize(("few", "begun"), [(100, 1), (2_000, 0)])
def test_what_compares_many_names_is_loaded_where_there_are_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, begun: int
) -> None:
    """It takes memory that a small casebook does without."""
    loaded: list[int] = []
    monkeypatch.setattr(desk, "_prepare", lambda: loaded.append(1))
    monkeypatch.setattr(desk, "_FEW", few)
    there = desk.Desk(made(tmp_path / "casebook"), idle=60, end=60)
    there.sign_out(there.sign_in(0, PASSPHRASE.encode(), "en"))
    if there._preparing is not None:
        there._preparing.join()
    assert len(loaded) == begun
