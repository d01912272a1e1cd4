"""Whoever means harm: what is typed as text stays text, and what is sent as a request stays one."""

from __future__ import annotations

import re
import socket
import time
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any, Final

import pytest
from litestar.exceptions import HTTPException
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.program import Program, token_for
from tests.web.trickle import trickled

from estelik.casebook import Casebook
from estelik.records import Statement
from estelik.web import boundary, connection

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

#: In each script a name, so that whatever is done for that script is done; one has a mark of direction.
NAMES: Final = ("Saule", "Сауле", "ساۋلە\u200f", "沙吾列")
#: What would run, or ask for something, if text became markup, an attribute, an address or a template.
PAYLOADS: Final = (
    "<script>leak()</script>",
    "</script><script>leak()</script>",
    "<img src=x onerror=leak()>",
    "</textarea></title></select><svg onload=leak()>",
    '"><b hx-post=/lock hx-trigger=load>b</b>',
    "' onfocus=leak() autofocus x='",
    '" hx-on:load="leak()" hx-get="/lock" hx-trigger="load',
    "javascript:leak()",
    "jAvAsCrIpT:leak()//",
    "data:text/html,<script>leak()</script>",
    "{{ 7 * 191 }}{% include 'x' %}${7*191}",
    "&lt;script&gt;leak()&lt;/script&gt;",
    "<style>@import '//elsewhere.example'</style>",
    "]]><!--<script>leak()</script>",
)
#: Each in two scripts, and each script with half of them.
TEXTS: Final = tuple(
    f"{NAMES[(number + turn) % len(NAMES)]} {payload}"
    for turn in (0, 2)
    for number, payload in enumerate(PAYLOADS)
)
_ADDRESSES: Final = frozenset(
    {"href", "src", "action", "formaction", "xlink:href", "poster", "data", "hx-get", "hx-post"}
)


class Markup(HTMLParser):
    """What of a page is markup: forms with their fields, and what should not be there."""

    def __init__(self, nonce: str) -> None:
        super().__init__()
        self.nonce = nonce
        self.wrong: list[str] = []
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Looks at an element as a browser would."""
        given = {name: value or "" for name, value in attrs}
        active = [name for name in given if name.startswith("hx-")]
        if tag in {"script", "style"} or active:
            own = given.get("hx-nonce") if active else given.get("nonce")
            if own != self.nonce:
                self.wrong.append(f"{tag} without the nonce")
        self.wrong += [f"{tag} {name}" for name in given if name.startswith(("on", "hx-on"))]
        for name in _ADDRESSES & given.keys():
            if not re.match(r"(/|#|\?|$)", given[name]) or given[name].startswith("//"):
                self.wrong.append(f"{tag} leads elsewhere")
        if tag in {"iframe", "object", "embed", "base", "img", "foreignobject"}:
            self.wrong.append(tag)
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        if self.forms and tag in {"input", "textarea", "select"} and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("type", "text") if tag == "input" else tag


def markup(desk: Served, method: str, path: str, form: dict[str, str] | None, cookie: str) -> Markup:
    """What of an answer is markup."""
    status, said, text = desk.asked(method, path, form, Origin=desk.origin, Cookie=cookie)
    assert status < 500, path
    found = re.search(r"'nonce-([^']+)'", said["content-security-policy"])
    assert found is not None
    page = Markup(found[1])
    page.feed(text)
    page.close()
    assert "1337" not in text, "a template was filled in that nobody has written"
    return page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook in which every text that somebody can enter is hostile, in every script."""
    folder = made(tmp_path_factory.mktemp("office") / "casebook")
    said = []
    for number, text in enumerate(TEXTS):
        label = text.replace("\u200f", "")
        more: dict[str, Any] = {"source": f"{label} s", "told": "2023-01-04", "testimony": f"{label} t"}
        said += [
            Statement(f"{label} 1", label, event=f"arrest#{label}", when="2018-03", place=f"{label} p",
                      by=f"{label} by", quote=text, note=text, via=f"{label} v", language="kk", **more),
            Statement(f"{label} 2", label, event="release", after=f"arrest#{label}", gap="P1Y", quote=text,
                      **more),
            Statement(f"{label} 3", label, fact=f"name:{label}", value=f"{label} n", **more),
            Statement(f"{label} 4", label, fact="ethnicity", value=f"{label} e", **more),
            Statement(f"{label} 5", label, event="arrest", when="2019", source=f"{label} o", told="2023"),
            Statement(f"{label} 6", label, event="arrest", when="2017", source=f"{label} q", told="2022"),
            Statement(f"{label} 7", f"{label} {number % 2}", event="arrest", when="2018", **more),
        ]  # fmt: skip
    with Casebook.open(folder, PASSPHRASE.encode()) as casebook:
        casebook.add_statements(said)
    return folder


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[Served]:
    """Its desk, once everybody was looked at."""
    with serving(folder) as found:
        cookie = found.signed_in()
        for _ in range(6000):
            if "still looking" not in found.asked("GET", "/", Cookie=cookie)[2]:
                break
            time.sleep(0.1)
        yield found


PAGES: Final = ("/", "/people", "/registry", "/review", "/intake", "/sign-in")


def test_what_is_recorded_stays_text_on_every_page(desk: Served) -> None:
    """Of every life, in every list."""
    cookie, wrong = desk.signed_in(), {}
    lives: dict[str, None] = {}
    for number in range(1, 4):
        listed = desk.asked("POST", "/registry", {"page": str(number)}, Origin=desk.origin, Cookie=cookie)[2]
        lives |= dict.fromkeys(re.findall(r"/life/[\w-]+", listed))
    assert len(lives) > len(TEXTS)
    for path in (*PAGES, *list(lives)[:: max(1, len(lives) // 14)]):
        wrong[path] = markup(desk, "GET", path, None, cookie).wrong
    assert {path: found for path, found in wrong.items() if found} == {}


def test_what_is_sent_in_any_field_of_any_form_stays_text(desk: Served) -> None:
    """Every field of every form of every page; also those that are none of text: anybody can send that."""
    cookie = desk.signed_in()
    forms: dict[str, dict[str, str]] = {}
    for path in PAGES:
        page = markup(desk, "GET", path, None, cookie)
        forms |= {action or path: fields for action, fields in page.forms if action != "/sign-out"}
    assert {"/people", "/registry", "/review", "/intake/agreed"} <= forms.keys()
    wrong = []
    for action, fields in forms.items():
        if action.endswith("/lock") or action in {"/sign-in", "/language"}:
            continue
        for text in TEXTS[:: 4 if len(fields) > 3 else 2]:
            found = markup(desk, "POST", action, dict.fromkeys(fields, text), cookie)
            wrong += [f"{action}: {one}" for one in found.wrong]
    assert wrong == []


def test_what_is_told_beside_a_visitor_stays_text(folder: Path) -> None:
    """Lines, small fields, accounts, names, terms: each act of the intake, with each field that it knows."""
    acts = {
        "/intake/line": ("typed",), "/intake/keep": ("typed",), "/intake/about": ("about",),
        "/intake/account": ("account",),
        "/intake/fields": ("typed", "event", "value", "place", "quote", "note"),
        "/intake/read-back": ("until", "condition", "concerns"), "/intake/next": (), "/intake/differs": (),
    }  # fmt: skip
    wrong = []
    with serving(folder) as desk:
        cookie = desk.signed_in()
        name = " ".join(PAYLOADS[2:5])
        named = desk.visited(cookie, f"Visitor {name}", f"Cousin {name}")
        for action, fields in acts.items():
            for text in TEXTS[::3] if fields else TEXTS[:1]:
                found = markup(desk, "POST", action, dict.fromkeys(fields, text) | named, cookie)
                wrong += [f"{action}: {one}" for one in found.wrong]
        for path in ("/intake", "/intake/read-back", "/visitor/left"):
            wrong += [f"{path}: {one}" for one in markup(desk, "GET", path, None, cookie).wrong]
        form = {"passphrase": PASSPHRASE, "what": "nothing"} | named
        assert desk.asked("POST", "/visitor/left", form, Origin=desk.origin, Cookie=cookie)[0] == 200
    assert wrong == []


def test_nothing_of_it_runs_in_a_browser(browser: Browser, desk: Served) -> None:
    """No page runs it, asks elsewhere, or is told by its policy that it tried."""
    with opened(browser, desk) as page:
        page.add_init_script("window.leaked = 0; window.leak = () => { window.leaked += 1; };")
        for path in ("", "people", "registry", "review"):
            page.goto(desk.address + path)
            assert page.evaluate("window.leaked") == 0
        page.goto(f"{desk.address}people")
        for text in TEXTS[::9]:
            page.fill("#words", text)
            # It is looked for as it is typed.
            page.wait_for_timeout(600)
        page.goto(f"{desk.address}registry", wait_until="load")
        page.locator("main a[href^='/life/']", has_text="leak()").first.click()
        page.wait_for_url(f"{desk.address}life/*")
        page.wait_for_timeout(300)
        assert page.evaluate("window.leaked") == 0
        assert (
            page.locator("main script, main img, main [onload], main [onerror], main b[hx-post]").count() == 0
        )


def test_a_program_is_given_text_and_never_a_page(desk: Served, folder: Path) -> None:
    """What it enters and what it is told is JSON, and no browser takes it for markup."""
    program = Program(desk, token_for(folder, "hostile", ("testimony", "source")))
    for text in TEXTS[::4]:
        for path, body in (
            ("/api/names", {"words": text}),
            ("/api/words", {"words": text}),
            ("/api/statements", {"rows": [{"about": text, "event": text, "when": text}]}),
        ):
            answer = program.ask("POST", path, body)
            assert answer.status < 500
            assert answer.headers["content-type"] in {"application/json", "application/problem+json"}
            assert answer.headers["x-content-type-options"] == "nosniff"
            if answer.status >= 400:
                assert "leak" not in answer.data.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/life/..%2f..%2f..%2fetc%2fpasswd",
        "/life/../../etc/passwd",
        "/life/%00",
        "/life/" + "A" * 9000,
        "/static/%2e%2e%2f%2e%2e%2fdesk.py",
        "/static/..\\..\\desk.py",
        "/static/fonts/..%00/desk.css",
        "/api/lives/..%2f..%2fetc%2fpasswd",
        "/api/../people",
        "/api/openapi.json/../../people",
        "//people",
        "/people/",
        "/%70eople%2f..",
    ],
)
def test_no_path_leads_round_a_guard(desk: Served, path: str) -> None:
    """Nobody is shown anything by writing a path in another way."""
    answer = raw(desk, f"GET {path} HTTP/1.1\r\nHost: {desk.host}\r\nConnection: close\r\n\r\n".encode())
    assert re.match(rb"HTTP/1\.1 (303|307|308|400|401|404|405|414|431) ", answer), answer[:80]
    assert b"root:" not in answer
    assert b"import " not in answer
    assert b"<main" not in answer or b"/sign-in" in answer or b"There is no such page" in answer


def raw(desk: Served, data: bytes, *, patience: float = 20.0) -> bytes:
    """What is answered to these bytes, until the connection ends."""
    with socket.create_connection(("127.0.0.1", int(desk.host.partition(":")[2])), timeout=patience) as there:
        there.sendall(data)
        found = b""
        while piece := there.recv(65536):
            found += piece
    return found


@pytest.mark.parametrize(
    "more",
    [
        "Host: elsewhere.example\r\n",
        "X-Forwarded-Host: elsewhere.example\r\nX-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n",
        "X-HTTP-Method-Override: POST\r\nX-Original-URL: /sign-in\r\nX-Rewrite-URL: /sign-in\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 0\r\nContent-Length: 700000\r\n",
        "Content-Length: -1\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Cookie: estelik=\r\nCookie: estelik=x; estelik=y\r\n",
        "Cookie: " + "estelik=x; " * 900 + "\r\n",
        "Authorization: Bearer " + "x" * 9000 + "\r\n",
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n",
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQ\r\n",
        "Range: bytes=0-\r\nExpect: 100-continue\r\n",
        "X-Long: " + "x" * 70_000 + "\r\n",
    ],
)
def test_no_header_leads_round_a_guard(desk: Served, more: str) -> None:
    """Whatever is claimed beside the request: nobody is nobody, and there is one answer."""
    head = f"GET /people HTTP/1.1\r\nHost: {desk.host}\r\n{more}Connection: close\r\n\r\n"
    answer = raw(desk, head.encode())
    assert not re.match(rb"HTTP/1\.1 (200|5\d\d) ", answer), answer[:200]
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"Saule" not in answer
    assert b"elsewhere.example" not in answer
    assert desk.asked("GET", "/sign-in")[0] == 200


def test_a_request_smuggled_in_a_body_is_none(desk: Served) -> None:
    """What follows a body of a length that is told twice is not another request of somebody else's."""
    inner = f"GET /static/desk.css HTTP/1.1\r\nHost: {desk.host}\r\n\r\n"
    outer = (
        f"POST /sign-in HTTP/1.1\r\nHost: {desk.host}\r\nContent-Length: {len(inner)}\r\n"
        f"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n{inner}"
    )
    answer = raw(desk, outer.encode())
    assert answer.count(b"HTTP/1.1 ") <= 1
    assert b"text/css" not in answer


def test_who_does_not_go_on_with_a_request_is_cut_off(desk: Served) -> None:
    """Others are answered meanwhile, and no place stays taken: neither by silence nor a letter at a time."""
    port, begun = int(desk.host.partition(":")[2]), time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", port), timeout=30) for _ in range(40)]
    try:
        for number, one in enumerate(slow[:30]):
            one.sendall(f"GET /people HTTP/1.1\r\nHost: {desk.host}\r\nX-{number}: ".encode())
        end = time.monotonic() + connection.HEAD - 2
        while time.monotonic() < end:
            for one in slow[:10]:
                one.sendall(b"x")
            before = time.monotonic()
            assert desk.asked("GET", "/sign-in")[0] == 200
            # Long before those are cut off.
            assert time.monotonic() - before < connection.HEAD - 2
            time.sleep(0.5)
        for one in slow:
            assert one.recv(100) == b""
        assert time.monotonic() - begun < connection.HEAD + 10
    finally:
        for one in slow:
            one.close()


def test_a_second_request_that_is_not_gone_on_with_is_cut_off_too(desk: Served) -> None:
    """On a connection that was used before."""
    with socket.create_connection(("127.0.0.1", int(desk.host.partition(":")[2])), timeout=30) as there:
        there.sendall(f"GET /static/desk.css HTTP/1.1\r\nHost: {desk.host}\r\n\r\nGET /sta".encode())
        begun, found = time.monotonic(), b""
        while piece := there.recv(65536):
            found += piece
        assert found.startswith(b"HTTP/1.1 200")
        assert time.monotonic() - begun < connection.HEAD + 6


@pytest.mark.parametrize("path", ["/people", "/api/names"])
def test_a_body_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """However it trickles: there is one limit for all of it, in time and in bytes."""
    monkeypatch.setattr(boundary, "SLOWEST", 0.3)
    monkeypatch.setattr(boundary, "LARGEST", 1000)
    ended: list[int] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        try:
            while True:
                await receive()
        except HTTPException as error:
            ended.append(error.status_code)

    begun = time.monotonic()
    for piece, pause in ((b"x", 0.05), (b"", 3600.0), (b"x" * 400, 0.0)):
        trickled(app, path, piece, pause)
    assert ended == [408, 408, 413]
    assert time.monotonic() - begun < 15
