"""Home: what needs its member today."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response

from estelik.web.entrance import session_of
from estelik.web.page import page
from estelik.web.route import shows


@shows("/")
def today(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The page that a day begins with."""
    session = session_of(request)
    now = date.today().toordinal()  # noqa: DTZ011 (the user's own day)
    return page(request, "home.html.j2", session=session, room="today", today=now)
