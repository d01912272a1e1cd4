"""The lock of the desk is heard whatever the desk does, by nobody who was not told its name; and its token is
sent to nobody else."""

from __future__ import annotations

import http.client
import os
import signal
import threading
import time
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving

from estelik.web.bell import Bell, hung

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Served]:
    """A desk of one test."""
    with serving(made(tmp_path / "casebook")) as found:
        yield found


@contextmanager
def listening() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """Another program at a port of this computer, with a page that has a picture: its port, and what it was
    asked for, with which cookie."""
    asked: list[tuple[str, str]] = []

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("Cookie", "")))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>x</title><img src='/picture.png'><p>Here.")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, asked
        server.shutdown()


def rung(bell: str, host: str = "", path: str = "/lock", method: str = "POST", **headers: str) -> int:
    """What is answered there."""
    connection = http.client.HTTPConnection("127.0.0.1", int(bell.partition(":")[2]), timeout=20)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, None, {"Host": host or bell} | given)
    return connection.getresponse().status


def gone(process: int, seconds: float) -> bool:
    """Whether a process is gone within so many seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if not Path(f"/proc/{process}").exists():
            return True
        time.sleep(0.02)
    return False


def test_another_program_of_this_computer_is_not_sent_the_token(browser: Browser, desk: Served) -> None:
    """Not with its page, its pictures or its icon, at whichever address of this computer: cookies know no
    ports, so the desk has a name of its own."""
    with listening() as (port, asked), opened(browser, desk) as page:
        other = page.context.new_page()
        for host in ("127.0.0.1", "localhost", "desk.localhost", "127.0.0.2"):
            with suppress(Exception):
                other.goto(f"http://{host}:{port}/")
                other.click("p")
                other.reload()
        assert {path for path, _ in asked} >= {"/", "/picture.png"}
        assert {cookie for _, cookie in asked} == {""}
        page.reload()
        assert page.url == desk.address


def test_two_desks_do_not_sign_each_other_out(browser: Browser, desk: Served, tmp_path: Path) -> None:
    """In one browser, beside each other."""
    with serving(made(tmp_path / "other")) as second, opened(browser, desk) as page:
        other = page.context.new_page()
        other.goto(second.address)
        other.fill("#passphrase", PASSPHRASE)
        other.keyboard.press("Enter")
        other.wait_for_url(second.address)
        page.reload()
        assert (page.url, other.url) == (desk.address, second.address)
        assert urlsplit(desk.address).hostname != urlsplit(second.address).hostname


def test_the_lock_does_not_wait_for_the_desk(desk: Served) -> None:
    """With every thread at work, and more waiting than it takes: the process is gone at once."""
    cookie = desk.signed_in()
    bell, process = desk.bell, desk.children()[0]

    def ask() -> None:
        with suppress(OSError, http.client.HTTPException):
            form = {"words": "Гульбахар Gulbahar " * 24}
            desk.asked("POST", "/people", form, Origin=desk.origin, Cookie=cookie)

    many = [threading.Thread(target=ask, daemon=True) for _ in range(240)]
    for one in many:
        one.start()
    time.sleep(1.0)
    begun = time.monotonic()
    assert rung(bell) == 204
    assert not Path(f"/proc/{process}").exists()
    assert time.monotonic() - begun < 5.0


def test_a_process_that_holds_still_is_killed_all_the_same(browser: Browser, desk: Served) -> None:
    """Even one that answers nobody any more."""
    with opened(browser, desk) as page:
        process = desk.children()[0]
        os.kill(process, signal.SIGSTOP)
        page.keyboard.press("F9")
        assert gone(process, 20.0)
        page.wait_for_url(f"{desk.address}sign-in")


@pytest.mark.parametrize(
    ("host", "headers"),
    [
        ("127.0.0.1:PORT", {}),
        ("localhost:PORT", {}),
        ("desk.localhost:PORT", {}),
        ("", {"Sec_Fetch_Site": "cross-site"}),
    ],
)
def test_who_was_not_told_the_name_locks_nobody_out(desk: Served, host: str, headers: dict[str, str]) -> None:
    """And no page from elsewhere."""
    bell, process = desk.bell, desk.children()[0]
    assert rung(bell, host.replace("PORT", bell.partition(":")[2]), **headers) == 404
    assert desk.children() == [process]


@pytest.mark.parametrize("held", ["Shift+F9", "Control+F9", "Alt+F9", "Control+Shift+F9"])
def test_the_lock_key_locks_with_whatever_is_held(browser: Browser, desk: Served, held: str) -> None:
    with opened(browser, desk) as page:
        process = desk.children()[0]
        page.goto(f"{desk.address}people")
        page.focus("#words")
        page.keyboard.press(held)
        page.wait_for_url(f"{desk.address}sign-in")
        assert not Path(f"/proc/{process}").exists()


def test_the_lock_key_locks_while_letters_are_composed(browser: Browser, desk: Served) -> None:
    """As an input method for Chinese or Uyghur does."""
    with opened(browser, desk) as page:
        process = desk.children()[0]
        page.goto(f"{desk.address}people")
        page.focus("#words")
        spoken = page.context.new_cdp_session(page)
        spoken.send("Input.imeSetComposition", {"text": "sha", "selectionStart": 3, "selectionEnd": 3})
        page.keyboard.press("F9")
        page.wait_for_url(f"{desk.address}sign-in")
        assert not Path(f"/proc/{process}").exists()


def test_the_lock_key_that_is_held_down_locks_once(browser: Browser, desk: Served) -> None:
    """The door that comes up is not locked again and again."""
    with opened(browser, desk) as page:
        before = desk.children()
        until, seen = time.monotonic() + 6, set(before)
        while time.monotonic() < until:
            # Each ``down`` without an ``up`` is a repeat.
            page.keyboard.down("F9")
            seen |= set(desk.children())
            time.sleep(0.05)
        page.wait_for_url(f"{desk.address}sign-in")
        page.wait_for_selector("#passphrase")
        assert len(seen) == 2


def test_a_desk_that_is_locked_again_and_again_stays(desk: Served) -> None:
    bell = desk.bell
    for _ in range(8):
        assert rung(bell) == 204
        time.sleep(0.2)
    assert desk.signed_in()


def test_a_lock_does_not_let_guess_anew(desk: Served) -> None:
    """How often a passphrase was wrong outlives the process that counted."""
    bell = desk.bell
    for number in range(3):
        desk.asked("POST", "/sign-in", {"passphrase": f"guess {number}"}, Origin=desk.origin)
        assert rung(bell) == 204
    # By then the wait may be over: one more wrong one, and the next is not looked at.
    desk.asked("POST", "/sign-in", {"passphrase": "one more"}, Origin=desk.origin)
    assert desk.asked("POST", "/sign-in", {"passphrase": PASSPHRASE}, Origin=desk.origin)[0] == 429


def test_the_entry_leads_to_the_desk_once() -> None:
    """What stands on the command line of a browser is read by everybody on this computer."""
    bell = Bell("desk-x.localhost", 1, "c", lambda: None)
    with hung(bell, "127.0.0.1"):
        entry = urlsplit(bell.entry)
        assert "desk-x" not in bell.entry
        statuses = [rung(entry.netloc, path=one, method="GET") for one in ("/x", entry.path, entry.path)]
        assert statuses == [404, 303, 404]
