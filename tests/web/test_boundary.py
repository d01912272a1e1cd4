"""What is let in from a browser, and what every answer carries."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.conftest import Served


@pytest.mark.parametrize("path", ["/sign-in", "/static/desk.css", "/nowhere", "/"])
def test_every_answer_carries_what_keeps_a_page_to_itself(served: Served, path: str) -> None:
    _, said, _ = served.asked("GET", path)
    policy = said["content-security-policy"]
    for part in ("default-src 'none'", "require-trusted-types-for 'script'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert said["x-content-type-options"] == "nosniff"
    assert said["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in said
    assert said["cache-control"] == "no-store" or path.startswith("/static/")


def test_no_two_answers_have_the_same_nonce(served: Served) -> None:
    policies = {served.asked("GET", "/sign-in")[1]["content-security-policy"] for _ in range(5)}
    assert len(policies) == 5


@pytest.mark.parametrize(
    "host",
    [
        "elsewhere.example",
        "127.0.0.1",
        "localhost:1",
        "[::1]",
        "127.0.0.1:PORT",
        "localhost:PORT",
        "desk.localhost:PORT",
    ],
)
def test_a_name_that_was_made_to_lead_here_gets_nothing(served: Served, host: str) -> None:
    port = served.host.partition(":")[2]
    status, _, text = served.asked("GET", "/sign-in", Host=host.replace("PORT", port))
    assert (status, "passphrase" in text) == (421, False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {},
    ],
)
def test_another_page_can_have_nothing_done(served: Served, headers: dict[str, str]) -> None:
    """Also not by a browser that says nothing of where it comes from, where it sends a cookie."""
    cookie = served.signed_in()
    assert served.asked("POST", "/sign-out", {}, Cookie=cookie, **headers)[0] == 403
    assert served.asked("GET", "/", Cookie=cookie)[0] == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "OPTIONS", "PATCH"])
def test_only_looking_and_doing_are_known(served: Served, method: str) -> None:
    assert served.asked(method, "/")[0] == 405


def test_what_is_too_large_is_not_read(served: Served) -> None:
    """Neither by what it announces, nor by what comes."""
    cookie = served.signed_in()
    headers = {"Cookie": cookie, "Origin": served.origin}
    assert served.asked("POST", "/people", {"words": "x" * (600 * 1024)}, **headers)[0] == 413
    with socket.create_connection(("127.0.0.1", int(served.host.partition(":")[2])), timeout=20) as raw:
        head = (
            f"POST /people HTTP/1.1\r\nHost: {served.host}\r\nCookie: {cookie}\r\nOrigin: {served.origin}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        raw.sendall(head.encode())
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        try:
            for _ in range(20):
                raw.sendall(piece)
        except OSError:
            return
        assert raw.recv(64).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/fonts/../../desk.py"],
)
def test_no_path_leads_out_of_what_is_static(served: Served, path: str) -> None:
    status, _, text = served.asked("GET", path)
    assert status in {303, 404}
    assert "import" not in text
    assert "root:" not in text


def test_longer_words_than_anybody_says_are_not_looked_for(served: Served) -> None:
    """They would keep the desk busy for seconds."""
    cookie = served.signed_in()
    form = {"words": "ж" * 50_000}
    text = served.asked("POST", "/people", form, Cookie=cookie, Origin=served.origin)[2]
    assert ("ж" * 500 in text, "ж" * 501 in text) == (True, False)
