"""A desk as it is served: another process, a real browser, a casebook of invented people."""

from __future__ import annotations

import atexit
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from functools import cache
from importlib.resources import as_file
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

import pytest
from tests import chromium, warm
from tests.cheap import CHEAP

from estelik import demo
from estelik.casebook import Casebook
from estelik.exchange import sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

PASSPHRASE: Final = "what the children called the dog"  # noqa: S105 (of invented people)
MEMBER: Final = "Aigerim"
AXE: Final = Path(__file__).resolve().parents[2] / ".node" / "node_modules" / "axe-core" / "axe.min.js"
_REFUSED: Final = "the server responded with a status of 4"
_BELL: Final = re.compile(r"http://(desk-[0-9a-f]+\.localhost:\d+)/lock")


class Served:
    """A desk that is served at an address."""

    def __init__(self, process: subprocess.Popen[str] | warm.Process, address: str, folder: Path) -> None:
        self.process, self.address, self.folder = process, address, folder
        self.host = urlsplit(address).netloc

    def asked(
        self, method: str, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[int, dict[str, str], str]:
        """An answer: status, headers (names in small letters), text. Without a browser: only the headers
        that are given."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.host.partition(":")[2]), timeout=90)
        given = {"Host": self.host} | {name.replace("_", "-"): value for name, value in headers.items()}
        if form is not None:
            given.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, None if form is None else urlencode(form), given)
        answer = connection.getresponse()
        said = {name.lower(): value for name, value in answer.getheaders()}
        text = answer.read().decode(errors="replace")
        # Where it is locked is another with each desk, and pages of two desks are held beside each other.
        return answer.status, said, _BELL.sub("/lock", text)

    @property
    def bell(self) -> str:
        """Where the desk is locked, as its pages say: name and port."""
        connection = http.client.HTTPConnection("127.0.0.1", int(self.host.partition(":")[2]), timeout=90)
        connection.request("GET", "/sign-in", None, {"Host": self.host})
        found = _BELL.search(connection.getresponse().read().decode())
        assert found is not None
        return found[1]

    def signed_in(self, passphrase: str = PASSPHRASE) -> str:
        """The cookie of a new session."""
        status, said, _ = self.asked("POST", "/sign-in", {"passphrase": passphrase}, Origin=self.origin)
        assert status == 303, status
        return said["set-cookie"].partition(";")[0]

    def visited(self, cookie: str, source: str = "Q", about: str = "A") -> dict[str, str]:
        """Somebody has agreed, and tells of somebody: what each form of her telling's pages names it by."""
        heads: dict[str, Any] = {"Cookie": cookie, "Origin": self.origin}
        for path, form in (
            ("/intake/agreed", {"agreed": "yes"}),
            ("/intake/begin", {"source": source, "about": about, "language": "kk"}),
        ):
            status, _, text = self.asked("POST", path, form, **heads)
            assert status == 303, text
        return self.telling(cookie)

    def telling(self, cookie: str) -> dict[str, str]:
        """What the forms of her telling's pages name it by."""
        found = re.search(
            r'name="telling" value="(\w+)"', self.asked("GET", "/visitor/left", Cookie=cookie)[2]
        )
        assert found is not None
        return {"telling": found[1]}

    def children(self) -> list[int]:
        """The processes that this one has begun, by number: that with the keys."""
        found: list[int] = []
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            # A thread may end meanwhile.
            with suppress(FileNotFoundError, ProcessLookupError):
                found += map(int, (task / "children").read_text().split())
        return found

    @property
    def origin(self) -> str:
        """What a browser says of a page of ours."""
        return self.address.rstrip("/")


@contextmanager
def serving(folder: Path, *options: str, anew: bool = False) -> Iterator[Served]:
    """Serves the desk of a casebook until the end. ``anew``: by a command that Python is begun for, as users
    begin it, and not by a process that has read the program already (``warm``)."""
    arguments = ["serve", "--no-browser", "--casebook", str(folder), *options]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process: subprocess.Popen[str] | warm.Process
    if anew:
        process = subprocess.Popen(
            [sys.executable, "-m", "estelik", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    else:
        process = warm.begun("desk", warm.Task(arguments, environment, str(Path.cwd())))
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found is not None
        yield Served(process, found[0], folder)
    finally:
        process.terminate()
        process.communicate(timeout=60)


def made(folder: Path) -> Path:
    """A casebook of the demonstration's people that opens at once: a copy of one that is made once."""
    shutil.copytree(_original(), folder)
    return folder


@cache
def _original() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="estelik-tests-"))
    atexit.register(shutil.rmtree, folder)
    with (
        Casebook.create(folder / "casebook", PASSPHRASE.encode(), name=MEMBER, cost=CHEAP) as casebook,
        as_file(demo.sheet()) as path,
    ):
        casebook.add_statements(sheet.read((path,), known=casebook.known(), key=casebook.statement_key))
    return folder / "casebook"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A casebook of nobody."""
    Casebook.create(tmp_path / "casebook", PASSPHRASE.encode(), name="Aigerim", cost=CHEAP).close()
    return tmp_path / "casebook"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk for all tests of a module."""
    with serving(made(tmp_path_factory.mktemp("office") / "casebook")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium of the system."""
    with chromium.started() as found:
        yield found


@contextmanager
def opened(
    browser: Browser, served: Served, *, landing: str = "", refused: bool = False, **context: Any
) -> Iterator[Page]:
    """A page of the desk in a browser of its own, signed in; what its console complains of fails the test.
    ``landing``: the page that is led to; ``refused``: pages are among it that say no."""
    troubles: list[str] = []
    # The lock is at another port of the same name.
    name = urlsplit(served.address).hostname
    around = browser.new_context(**{"viewport": {"width": 1280, "height": 800}} | context)
    page = around.new_page()
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda said: (
            troubles.append(said.text)
            if said.type == "error" and not (refused and _REFUSED in said.text)
            else None
        ),
    )
    page.on(
        "request",
        lambda asked: troubles.append(asked.url) if urlsplit(asked.url).hostname != name else None,
    )
    page.goto(served.address)
    page.fill("#passphrase", PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_url(served.address + landing)
    yield page
    around.close()
    assert troubles == []


def violations(page: Page, *rules: str) -> list[str]:
    """What keeps people from reading a page, as axe says by these of its rules, or by all (the page's context
    has to bypass its policy)."""
    if not AXE.is_file():
        pytest.skip("needs axe-core in .node: make .node/.installed")
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    asked = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = page.evaluate("asked => axe.run(document, asked)", asked)
    return [
        f"{one['id']}: {json.dumps([node['html'] for node in one['nodes']])[:300]}"
        for one in found["violations"]
    ]


def spoken(page: Page, language: str) -> None:
    """Has the desk speak another language from now on."""
    page.evaluate("document.querySelector('.tongues').open = true")
    page.click(f'.tongues button[value="{language}"]')
    page.wait_for_load_state()
