"""Lists: filters of the registry that are kept under a name, opened and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response
from litestar.response import Redirect

from estelik.daily import lists
from estelik.errors import NotFoundError
from estelik.web.entrance import AnyRequest, session_of
from estelik.web.registry import listed, wanted
from estelik.web.route import does
from estelik.web.signin import Form

if TYPE_CHECKING:
    from estelik.web.session import Session


@does("/registry/lists")
def save(request: AnyRequest, data: Form) -> Response[Any]:
    """Keeps what a list is of under a name."""
    session, asked = session_of(request), wanted(data)
    made = lists.save(session.casebook, session.watch.listing, data.get("name", ""), asked)
    return listed(request, asked, 1, made.name)


@does("/registry/list")
def opened(request: AnyRequest, data: Form) -> Response[bytes]:
    """A list that was saved, as it is today."""
    session = session_of(request)
    found = lists.found(session.casebook, _asked(session, data)).list
    return listed(request, lists.of(found), 1, found.name)


@does("/registry/lists/back")
def take_back(request: AnyRequest, data: Form) -> Response[Any]:
    """Takes a list back."""
    session = session_of(request)
    lists.take_back(session.casebook, _asked(session, data))
    return Redirect("/registry", status_code=303)


def _asked(session: Session, data: dict[str, str]) -> str:
    id_ = session.addresses.read("list", data.get("list", ""))
    if id_ is None:
        raise NotFoundError("There is no such list.", safe="", do="Look at the lists again.")
    return id_


HANDLERS = (save, opened, take_back)
