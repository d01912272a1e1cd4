"""The door of the desk: who gets in, how long a session lasts, and what a lock leaves."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving

from estelik.vault import running
from estelik.web import desk

if TYPE_CHECKING:
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
    with serving(made(tmp_path / "casebook"), "--idle", "3s") as desk:
        cookie = desk.signed_in()
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 200
        time.sleep(3.3)
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 303


def test_the_lock_key_forgets_every_session_and_the_desk_is_there_again(
    browser: Browser, tmp_path: Path
) -> None:
    """From within a field too. The process that had the keys is gone; another, locked, answers."""
    with serving(made(tmp_path / "casebook"), anew=True) as desk:
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


def memory_of(process: int) -> bytes:
    """All that a process has in its memory, as root may read it."""
    parts = []
    there = Path(f"/proc/{process}")
    with (there / "maps").open() as maps, (there / "mem").open("rb", 0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            if rights.startswith("rw"):
                first, last = (int(one, 16) for one in span.split("-"))
                try:
                    memory.seek(first)
                    parts.append(memory.read(last - first))
                except (OSError, ValueError):
                    continue
    return b"".join(parts)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root reads the memory of such a process")
def test_nothing_is_left_in_memory_once_all_have_signed_out(tmp_path: Path) -> None:
    """Neither the passphrase nor a name: what has them has ended, and another waits at the door."""
    with serving(made(tmp_path / "casebook"), anew=True) as desk:
        (before,) = desk.children()
        cookie = desk.signed_in()
        words = "Qarlyghash"
        assert words in desk.asked("POST", "/people", {"words": words}, Origin=desk.origin, Cookie=cookie)[2]
        there = memory_of(before)
        assert all(one.encode() in there for one in (PASSPHRASE, words))
        desk.asked("POST", "/sign-out", {}, Origin=desk.origin, Cookie=cookie)
        until = time.monotonic() + 30
        while desk.children() == [before] and time.monotonic() < until:
            time.sleep(0.1)
        assert desk.asked("GET", "/sign-in")[0] == 200
        (after,) = desk.children()
        assert after != before
        there = memory_of(after)
        assert len(there) > 1 << 20
        assert all(one.encode() not in there for one in (PASSPHRASE, words))
        status = Path(f"/proc/{after}/status").read_text()
        assert int(status.partition("VmRSS:")[2].split()[0]) < 250 * 1024


@pytest.mark.skipif(os.geteuid() != 0, reason="others may lock only a little")
def test_nothing_of_the_process_with_the_keys_reaches_the_swap_space(served: Served) -> None:
    """Where it may lock as much as it likes, all of it is locked, also what it takes later."""
    served.signed_in()
    status = Path(f"/proc/{served.children()[0]}/status").read_text()
    locked, held = (int(status.partition(f"{one}:")[2].split()[0]) for one in ("VmLck", "VmRSS"))
    assert locked > held * 0.9


def test_a_page_that_is_not_there_has_the_rooms_and_the_lock(served: Served) -> None:
    """For who has signed in; for nobody else."""
    cookie = served.signed_in()
    status, _, text = served.asked("GET", "/nowhere", Cookie=cookie)
    assert (status, 'href="/people"' in text, 'id="lock"' in text) == (404, True, True)
    assert 'href="/people"' not in served.asked("GET", "/nowhere")[2]
