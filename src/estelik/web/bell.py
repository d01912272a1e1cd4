"""Bell: the lock of a desk, in the process that has no keys and no other work.

The process with the keys may reckon for half a minute, hold its interpreter, or have as many connections as
it takes. So F9 is heard here, at a port of its own, and the process with the keys is killed from outside.
"""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Seconds that somebody has to ask.
_PATIENCE: Final = 2.0
#: Whom browsers name where a page of the desk asks, whose port is another; a program names nobody.
_OURS: Final = (None, "same-site", "same-origin")


class Bell:
    """``name``: by which the desk is asked, which nobody knows who was not told; ``port``: this one's;
    ``cookie``: the name of that in which a browser keeps its token."""

    def __init__(self, name: str, desk: int, cookie: str, kill: Callable[[], None]) -> None:
        self._name, self._desk, self._cookie, self._kill = name, desk, cookie, kill
        self._entry: str | None = secrets.token_urlsafe(18)
        self._once = threading.Lock()
        self.port = 0

    @property
    def entry(self) -> str:
        """An address for the command line of a browser, which others on this computer can read: it leads to
        the desk once, and nowhere after that."""
        return f"http://127.0.0.1:{self.port}/{self._entry}"

    @property
    def desk(self) -> str:
        """The address of the desk."""
        return f"http://{self._name}:{self._desk}/"

    def entered(self, host: str, path: str) -> bool:
        """Whether this is the entry, for the first time."""
        with self._once:
            known = self._entry
            if known is None or host != f"127.0.0.1:{self.port}":
                return False
            if not secrets.compare_digest(path.encode(), f"/{known}".encode()):
                return False
            self._entry = None
        return True

    def rung(self, host: str, site: str | None) -> bool:
        """Kills, where somebody asks who knows the name, and no page from elsewhere."""
        if host != f"{self._name}:{self.port}" or site not in _OURS:
            return False
        self._kill()
        return True

    @property
    def forgotten(self) -> str:
        """What has a browser forget its token: cookies know no ports."""
        return f"{self._cookie}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict"


@contextmanager
def hung(bell: Bell, host: str) -> Iterator[None]:
    """Listens until the end."""

    class Asked(BaseHTTPRequestHandler):
        """One who asks."""

        timeout = _PATIENCE

        def do_POST(self) -> None:
            """The lock."""
            rung = bell.rung(self.headers.get("Host", ""), self.headers.get("Sec-Fetch-Site"))
            if not rung:
                self._say(HTTPStatus.NOT_FOUND)
            elif self.headers.get("Sec-Fetch-Mode") == "navigate":
                self._say(HTTPStatus.SEE_OTHER, {"Location": bell.desk, "Set-Cookie": bell.forgotten})
            else:
                self._say(HTTPStatus.NO_CONTENT, {"Set-Cookie": bell.forgotten})

        def do_GET(self) -> None:
            """The entry."""
            if bell.entered(self.headers.get("Host", ""), self.path):
                self._say(HTTPStatus.SEE_OTHER, {"Location": bell.desk})
            else:
                self._say(HTTPStatus.NOT_FOUND)

        def _say(self, status: HTTPStatus, headers: dict[str, str] | None = None) -> None:
            self.send_response_only(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.send_header("Cache-Control", "no-store")
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing of what is asked is written anywhere."""

    class Listening(ThreadingHTTPServer):
        """Each who asks has a thread: one who is slow keeps nobody waiting."""

        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Whoever hangs up is not told of."""

    with Listening((host, 0), Asked) as listening:
        bell.port = listening.server_port
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        try:
            yield
        finally:
            listening.shutdown()
            thread.join()
