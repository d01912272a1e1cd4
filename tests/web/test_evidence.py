"""Files of evidence at the desk: taken in as they come, with nothing of them on a disk but sealed."""

from __future__ import annotations

import hashlib
import re
import shutil
import socket
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from litestar.exceptions import HTTPException
from tests.media import files
from tests.web.conftest import PASSPHRASE, Served, made, opened, serving
from tests.web.program import Program, token_for
from tests.web.test_person import at_life, life, statements
from tests.web.trickle import trickled

from estelik.casebook import Casebook
from estelik.errors import CasebookError
from estelik.evidence import coming
from estelik.evidence.coming import Coming
from estelik.index import evidence as index
from estelik.web import boundary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from estelik.index.evidence import Exhibit

_EDGE: Final = "edge-of-a-part"
#: Nobody else writes this anywhere.
_PHRASE: Final = b"They were seven in the yard, and the apricots were ripe."
_SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><text>\xd0\xa1\xd0\xb0\xd1\x83</text></svg>'
_NAME: Final = "\u0633\u0627\u06cb\u0644\u06d5 <img src=x onerror=leak()>.svg"


def form(*brought: tuple[str, bytes], **said: str) -> bytes:
    """A form with files, as a browser sends it."""
    fields = {"source": "", "brought": "", "note": "", "compartment": "testimony"} | said
    parts = [
        f'--{_EDGE}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, data in brought:
        head = f'--{_EDGE}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: image/png\r\n\r\n".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{_EDGE}--\r\n".encode()


@contextmanager
def sending(desk: Served, cookie: str, path: str, length: int) -> Iterator[socket.socket]:
    """A connection on which the head of a form has been sent."""
    with socket.create_connection(("127.0.0.1", int(desk.host.partition(":")[2])), timeout=60) as there:
        there.sendall(
            f"POST {path} HTTP/1.1\r\nHost: {desk.host}\r\nCookie: {cookie}\r\nOrigin: {desk.origin}\r\n"
            f"Content-Type: multipart/form-data; boundary={_EDGE}\r\nContent-Length: {length}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        yield there


def answer(there: socket.socket) -> str:
    """What is answered, to its end."""
    found = b""
    while piece := there.recv(65536):
        found += piece
    return found.decode(errors="replace")


def send(desk: Served, cookie: str, path: str, data: bytes) -> str:
    """The answer to a form."""
    with sending(desk, cookie, path, len(data)) as there:
        there.sendall(data)
        return answer(there)


def where(desk: Served, cookie: str, name: str = "Saule") -> str:
    """Where files are added that bear on somebody."""
    return life(desk, cookie, name).replace("/life/", "/evidence/of/")


def kept(desk: Served) -> list[Exhibit]:
    """All evidence that is there."""
    with Casebook.open(desk.folder, PASSPHRASE.encode()) as casebook:
        return index.every(casebook.vault.store)


def sealed(desk: Served) -> set[str]:
    """The sealed files that lie there, whole or half, by their names."""
    return {one.name for one in desk.folder.rglob("blob/*")}


def none_left(desk: Served, before: list[Exhibit], files_: set[str]) -> None:
    """Nothing is there that was not there before."""
    end = time.monotonic() + 30
    while sealed(desk) != files_ and time.monotonic() < end:
        time.sleep(0.1)
    assert sealed(desk) == files_
    assert [one.id for one in kept(desk)] == [one.id for one in before]


def test_files_are_added_by_keys_and_a_working_copy_is_handed_over(browser: Browser, served: Served) -> None:
    """A name is text on the page and no more; a drawing with a script in it comes back as it was brought, as
    a file that no browser opens as a page, and it is noted for what."""
    brought: list[Any] = [
        {"name": _NAME, "mimeType": "image/png", "buffer": _SVG},
        {"name": "letter.txt", "mimeType": "text/plain", "buffer": b"They took him from the yard."},
    ]
    with opened(browser, served) as page:
        at_life(page, served)
        page.keyboard.press("f")
        page.wait_for_selector("#bring")
        page.focus("#source")
        page.keyboard.type("A neighbour")
        page.keyboard.press("Tab")
        page.keyboard.type("2023-02")
        page.set_input_files("#files", brought)
        page.focus("#brought")
        page.keyboard.press("Enter")
        page.wait_for_url("**/life/**")
        section = page.locator("section", has=page.locator("#p1-evidence"))
        text = section.inner_text()
        assert "\u0633\u0627\u06cb\u0644\u06d5 <img src=x onerror=leak()>.svg" in text
        assert "image/svg+xml" in text
        assert "A neighbour" in text
        assert section.locator("img, script, svg").count() == 0
        one = section.locator("li", has_text="onerror")
        one.locator("summary").click()
        one.locator("input").fill("to translate it")
        with page.expect_download() as got:
            page.keyboard.press("Enter")
        assert Path(got.value.path()).read_bytes() == _SVG
        assert re.fullmatch(r"evidence-\w{8}\.svg", got.value.suggested_filename)
        page.reload()
        assert "1 working copy was given out" in page.inner_text("main")
    (copied,) = [made for one in kept(served) for made in one.derivations]
    assert copied.reason == "to translate it"
    # The same once more, as it is answered to whoever asks without a browser.
    cookie = served.signed_in()
    text = served.asked("GET", life(served, cookie), Cookie=cookie)[2]
    path = re.findall(r'action="(/evidence/copy/[\w-]+)"', text)[0]
    status, said, _ = served.asked("POST", path, {"reason": "x"}, Cookie=cookie, Origin=served.origin)
    assert status == 200
    assert said["content-type"] == "application/octet-stream"
    assert said["x-content-type-options"] == "nosniff"
    assert "sandbox" in said["content-security-policy"]
    assert served.asked("POST", path, {}, Cookie=cookie, Origin=served.origin)[0] == 422


def test_a_refusal_is_read_on_the_page_and_nothing_is_kept(browser: Browser, served: Served) -> None:
    """With what was filled in still there."""
    before, files_ = kept(served), sealed(served)
    with opened(browser, served, refused=True) as page:
        at_life(page, served)
        page.keyboard.press("f")
        page.fill("#brought", "in the spring")
        page.set_input_files(
            "#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"x" * 3_000_000}
        )
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".fault")
        assert "This is no date." in page.inner_text(".fault")
        assert page.input_value("#brought") == "in the spring"
        page.fill("#brought", "")
        page.set_input_files("#files", {"name": "a.txt", "mimeType": "text/plain", "buffer": b""})
        page.click("#bring button")
        page.locator(".fault", has_text="empty").wait_for()
    none_left(served, before, files_)


def _in_plain(desk: Served, since: float) -> list[str]:
    """Where the phrase lies in plain: in the casebook, in what was written since to where temporary files go,
    in what the desk has open that has no name any more."""
    roots = [desk.folder, Path(tempfile.gettempdir()), Path("/tmp"), Path("/dev/shm"), Path("/var/tmp")]  # noqa: S108 (looked through)
    found = []
    for root in dict.fromkeys(roots):
        for one in root.iterdir() if root != desk.folder else root.rglob("*"):
            try:
                if one.is_file() and one.stat().st_mtime >= since and _PHRASE in one.read_bytes():
                    found.append(str(one))
            except OSError:
                continue
    for number in desk.children():
        for handle in Path(f"/proc/{number}/fd").iterdir():
            try:
                name = str(handle.readlink())
            except OSError:
                continue
            if "(deleted)" in name and "memfd:" not in name:
                found.append(name)
    return found


def _in_memory(desk: Served) -> int:
    """How many bytes the nameless files have that the desk keeps in memory."""
    found = 0
    for number in desk.children():
        for handle in Path(f"/proc/{number}/fd").iterdir():
            try:
                if "memfd:file" in str(handle.readlink()):
                    found += handle.stat().st_blocks * 512
            except OSError:
                continue
    return found


def _peak(desk: Served) -> int:
    """The most memory that the desk has had so far, in bytes."""
    (number,) = desk.children()
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{number}/status").read_text())
    assert found is not None
    return int(found[1]) * 1024


def test_a_large_file_is_nowhere_in_plain_and_not_in_memory(served: Served) -> None:
    """In the middle of it, and at its end; it is kept as it was sent."""
    cookie = served.signed_in()
    path, since = where(served, cookie), time.time() - 1
    send(served, cookie, path, form(("small.txt", b"so that all is loaded")))
    served.asked("GET", path.replace("/evidence/of/", "/life/"), Cookie=cookie)
    before = _peak(served)
    block = _PHRASE + bytes(range(256)) * 16
    film = block * (50_000_000 // len(block))
    data = form(("film.bin", film))
    with sending(served, cookie, path, len(data)) as there:
        there.sendall(data[: len(data) // 2])
        time.sleep(0.5)
        assert _in_plain(served, since) == []
        there.sendall(data[len(data) // 2 : -100])
        time.sleep(0.5)
        assert 0 < _in_memory(served) <= 32 << 20
        there.sendall(data[-100:])
        said = answer(there)
    assert said.startswith("HTTP/1.1 303"), said[:300]
    assert _in_plain(served, since) == []
    assert _peak(served) - before < 40_000_000
    one = kept(served)[-1].evidence
    assert (one.bytes, one.sha256) == (len(film), hashlib.sha256(film).hexdigest())


def test_what_breaks_off_leaves_nothing_and_holds_up_nobody(served: Served) -> None:
    """In the middle of a file, whoever ends it: he who sends, or what is said of its length."""
    cookie = served.signed_in()
    path, before, files_ = where(served, cookie), kept(served), sealed(served)
    data = form(("film.bin", _PHRASE * 100_000))
    with sending(served, cookie, path, len(data)) as there:
        there.sendall(data[: len(data) // 2])
        time.sleep(0.3)
        begun = time.monotonic()
        assert served.asked("GET", "/people", Cookie=cookie)[0] == 200
        assert time.monotonic() - begun < 3
        # Somebody else's is taken in meanwhile, to its end.
        assert send(served, cookie, path, form(("other.txt", b"meanwhile"))).startswith("HTTP/1.1 303")
    end = time.monotonic() + 30
    while len(sealed(served)) > len(files_) + 1 and time.monotonic() < end:
        time.sleep(0.1)
    assert [one.accessions[0].file for one in kept(served)[len(before) :]] == ["other.txt"]
    before, files_ = kept(served), sealed(served)
    # Longer than it was said to be: what is too much is nobody's.
    with sending(served, cookie, path, len(data) // 2) as there:
        there.sendall(data[: len(data) // 2])
        found = answer(there)
    assert found.startswith("HTTP/1.1 422")
    assert "It did not come whole." in found
    for broken in (data.replace(_EDGE.encode(), b"another"), b"", form(), b"\0" * 100_000):
        assert send(served, cookie, path, broken).startswith("HTTP/1.1 422")
    none_left(served, before, files_)


def test_a_lock_in_the_middle_leaves_nothing(served: Served) -> None:
    """Every key is gone at once, and what was half sealed with the next who signs in."""
    cookie = served.signed_in()
    path, before, files_ = where(served, cookie), kept(served), sealed(served)
    data = form(("film.bin", _PHRASE * 200_000))
    with sending(served, cookie, path, len(data)) as there:
        there.sendall(data[: len(data) // 2])
        end = time.monotonic() + 20
        while sealed(served) == files_ and time.monotonic() < end:
            time.sleep(0.05)
        assert sealed(served) != files_
        there_before = served.children()
        served.asked("POST", "/lock", {}, Cookie=cookie, Origin=served.origin)
        # It is killed while somebody still sends.
        while served.children() == there_before and time.monotonic() < end:
            time.sleep(0.05)
    assert sealed(served) != files_
    served.signed_in()
    none_left(served, before, files_)


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "C:\\\\Users\\\\x\\\\passwd", "/etc/passwd", "..%2fpasswd", "pass\u202ewd"],
)
def test_a_name_is_no_path(name: str, tmp_path: Path) -> None:
    """Nothing is written by it, and nothing of a folder is kept."""
    with Coming(name, lambda: b"", tmp_path) as one:
        assert one.name in {"passwd", "..%2fpasswd"}
    assert list(tmp_path.iterdir()) == []


def test_files_of_a_statement_and_two_at_once(served: Served) -> None:
    """Both are kept whole; what bears on a statement is on the page of the life."""
    cookie = served.signed_in()
    found = statements(served, cookie, life(served, cookie))[0]
    path = found.replace("/life/", "/evidence/of/").replace("/statement/", "/")
    assert served.asked("GET", path, Cookie=cookie)[0] == 200
    contents = [bytes([number]) * 3_000_000 for number in (65, 66, 67)]
    with ThreadPoolExecutor(3) as together:
        said = list(
            together.map(lambda one: send(served, cookie, path, form((f"{one[0]}.txt", one))), contents)
        )
    assert [one[:12] for one in said] == ["HTTP/1.1 303"] * 3
    there = {one.evidence.sha256: one for one in kept(served)}
    for one in contents:
        assert there[hashlib.sha256(one).hexdigest()].relations[0].statement
    assert "65.txt" in served.asked("GET", life(served, cookie), Cookie=cookie)[2]


def test_a_program_adds_a_file(served: Served) -> None:
    """What is said of it is looked at before any of it comes; then it is taken in once, as it is."""
    served.signed_in()
    program = Program(served, token_for(served.folder, "files", ("testimony", "source")))
    data = files.photograph()
    with Casebook.open(served.folder, PASSPHRASE.encode()) as casebook:
        about = next(one.about for one in casebook.statements() if one.about.startswith("Saule"))
    said = {"name": "../photo.jpg", "source": "A neighbour", "brought": "2023-02", "about": [about]}
    assert program.ask("POST", "/api/evidence", said | {"about": ["Nobody"]}).status == 404
    assert program.ask("POST", "/api/evidence", said | {"brought": "yesterday"}).status == 422
    assert program.ask("POST", "/api/evidence", said | {"compartment": "medical"}).status == 409
    raw = {"Content_Type": "application/octet-stream"}
    path = f"/api/evidence/{program.ask('POST', '/api/evidence', said).said['address']}"
    assert program.ask("POST", path, data).status == 415
    found = program.ask("POST", path, data, **raw)
    assert found.status == 200
    assert found.said["sha256"] == hashlib.sha256(data).hexdigest()
    assert (found.said["type"], found.said["known"]) == ("image/jpeg", False)
    # Once: what was said is of one file.
    assert program.ask("POST", path, data, **raw).status == 404
    assert kept(served)[-1].accessions[0].file == "photo.jpg"
    assert kept(served)[-1].evidence.capture.width > 0
    path = f"/api/evidence/{program.ask('POST', '/api/evidence', said).said['address']}"
    assert program.ask("POST", path, b"", **raw).status == 422
    text_only = Program(served, token_for(served.folder, "no sources", ("testimony",)))
    assert text_only.ask("POST", "/api/evidence", said).status == 403


def test_a_file_that_does_not_flow_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However large it is; time in which nobody asks for it does not count."""
    monkeypatch.setattr(boundary, "SLOWEST", 0.3)
    monkeypatch.setattr(boundary, "STEP", 1000)
    seen: list[int] = []

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        try:
            for _ in range(40):
                await receive()
        except HTTPException as error:
            seen.append(error.status_code)
        else:
            seen.append(200)

    for piece, pause in ((b"x", 0.02), (b"", 3600.0), (b"x" * 1000, 0.01)):
        trickled(app, "/evidence/of/x", piece, pause)
    assert seen == [408, 408, 200]


def test_of_what_is_too_long_to_be_held_no_metadata_is_guessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is kept, and says why nothing was read; its type is told all the same."""
    whole = files.photograph()
    monkeypatch.setattr(coming, "BEGINNING", 64)

    def looked(data: bytes) -> Any:
        pieces = iter([data[start : start + 50] for start in range(0, len(data), 50)])
        with Coming("x", lambda: next(pieces, b""), tmp_path) as one:
            while one.read(7):
                pass
            return one.looked()

    sort, found = looked(whole)
    assert (sort, found.capture.unread, found.capture.width) == ("image/jpeg", "large", 0)
    monkeypatch.setattr(coming, "BEGINNING", 1 << 20)
    assert looked(whole)[1].capture.width > 0


def test_what_has_no_room_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Before it comes, and while it does."""
    full = shutil.disk_usage(tmp_path)._replace(free=coming.SPARE)
    coming.check_room(tmp_path, 10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with pytest.raises(CasebookError, match="disk is full"):
        coming.check_room(tmp_path, 10)
    full = full._replace(free=0)
    with Coming("x", lambda: b"x", tmp_path) as one, pytest.raises(CasebookError, match="disk is full"):
        one.read(10)


def test_what_takes_longer_than_the_session_ends_with_it(tmp_path: Path) -> None:
    """Bytes that come are nobody at the keyboard: the desk is locked, and nothing is kept."""
    with serving(made(tmp_path / "casebook"), "--idle", "4s") as desk:
        cookie = desk.signed_in()
        data = form(("film.bin", _PHRASE * 300_000))
        path = where(desk, cookie)
        with sending(desk, cookie, path, len(data)) as there:
            try:
                for start in range(0, len(data), 200_000):
                    there.sendall(data[start : start + 200_000])
                    time.sleep(0.25)
            except OSError:
                pass
        assert desk.asked("GET", "/", Cookie=cookie)[0] == 303
        none_left(desk, [], set())
