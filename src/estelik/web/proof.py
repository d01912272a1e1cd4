"""Proof: the passphrase once more, before what cannot be undone; and then the act that was asked for.

What a form had brought waits with the session meanwhile. It is not sent to the browser again: it may hold
somebody's name, or a passphrase.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final

from estelik.errors import EstelikError
from estelik.web.entrance import desk_of, session_of
from estelik.web.page import page

if TYPE_CHECKING:
    from litestar import Request, Response

    from estelik.web.session import Session

#: The fields of the page that asks: the passphrase, and which act waits.
PASSPHRASE: Final = "proof"  # noqa: S105 (the name of a field)
WAITS: Final = "waits"


def proven(request: Request[Any, Any, Any], data: dict[str, str]) -> dict[str, str] | Response[Any]:
    """What the form of an act has brought, where its member has just given her passphrase; otherwise the page
    that asks for it, from which she comes back to the same act."""
    session, path = session_of(request), request.url.path
    given, token = data.get(PASSPHRASE), data.get(WAITS, "")
    if token:
        waiting = session.waiting
        if waiting is None or waiting[:2] != (path, token):
            # Another act was asked for since, in another window of hers.
            return _page(request, session, "")
        data = waiting[2]
    if given:
        try:
            desk_of(request).prove(session, given.encode())
        except EstelikError as error:
            return _page(request, session, _kept(session, path, data), error)
    if not session.fresh:
        return _page(request, session, _kept(session, path, data))
    session.waiting = None
    return {name: value for name, value in data.items() if name not in (PASSPHRASE, WAITS)}


def _kept(session: Session, path: str, data: dict[str, str]) -> str:
    """Keeps what an act has brought; what it waits under."""
    token = secrets.token_urlsafe(16)
    session.waiting = path, token, {name: value for name, value in data.items() if name != PASSPHRASE}
    return token


def _page(
    request: Request[Any, Any, Any], session: Session, token: str, trouble: EstelikError | None = None
) -> Response[Any]:
    status = 422 if trouble else 403
    return page(request, "prove.html.j2", session=session, status=status, waits=token, trouble=trouble)
