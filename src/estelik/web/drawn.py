"""Drawn: a page that an act has drawn has a path of its own, and a browser is led there.

A browser that shows the answer to a form keeps what the form has sent, on its disk too, to be able to send it
again: names, words, reasons. Led on, it keeps a path that says nothing; and the page can be loaded again,
gone back to and read in another language. The page itself is kept here, in memory, with its session.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from litestar import Request

    from estelik.web.session import Session

#: Pages that are kept of a session, those that were drawn last.
_KEPT: Final = 8
_PATH: Final = "/drawn/"


class Drawn(NamedTuple):
    """``status`` and ``text`` of a page, the ``nonce`` that its scripts are named by, and whether it was
    drawn beside a ``visitor``."""

    status: int
    text: str
    nonce: str
    visitor: bool

    def named(self, nonce: str) -> bytes:
        """The page, with its scripts named anew: each answer has a name of its own for them."""
        return self.text.replace(self.nonce, nonce).encode()


class Pages:
    """The pages of one session."""

    def __init__(self) -> None:
        self._found: OrderedDict[str, Drawn] = OrderedDict()

    def keep(self, token: str, page: Drawn) -> None:
        """Keeps a page."""
        self._found[token] = page
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)

    def of(self, token: str, *, visitor: bool) -> Drawn | None:
        """The page that is kept so, if it may be seen: what was drawn before a visitor came is not shown
        beside her."""
        found = self._found.get(token)
        return None if found is None or found.visitor != visitor else found

    def forget(self) -> None:
        """Keeps none: what one visitor has seen is not shown beside the next."""
        self._found.clear()


def keeps(request: Request[Any, Any, Any], session: Session | None) -> str:
    """What the page that answers this request is to be kept by; "" where it is shown at once: to programs, in
    a part of a page, and where nothing was sent."""
    navigates = request.headers.get("sec-fetch-mode") == "navigate"
    return secrets.token_urlsafe(12) if session and navigates and request.method == "POST" else ""


def path(token: str) -> str:
    """Where it is shown."""
    return _PATH + token
